"""Thousands of mangled article pages: no crash, none slow, no growth; the gate never turns one away that is kept.

DIEMBAO_MANGLED sets how many (default 10,000), DIEMBAO_SEED the dice.
"""

import os
import random
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from battery.mangled import GROWTH, SLOW, mangle, memory
from monitor.campaign import builtin, decide
from monitor.errors import UnreadableError
from monitor.models import Label, Page
from monitor.scrape.extract import extract
from monitor.scrape.gate import gate
from monitor.scrape.repair import decode

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SAVED = Path(__file__).parents[1] / "tests" / "pages"
SITE = "https://baobanmuong.vn/xa-vung-cao-doi-moi-a12.html"


def read(page: Page) -> str:
    """Read a page as a poll does; returns what came of it, "LOST" when the gate would have kept it from being read."""
    passes = gate(builtin().anchors).passes(page.content)
    try:
        article = extract(decode(page.content, page.content_type), page.url, NOW)
    except UnreadableError as fault:
        return "unreadable: " + str(fault).partition("(")[0].strip()
    label = decide(article).label
    return "LOST" if label is not Label.NOT and not passes else f"article, {label}"


def main() -> bool:
    """Print what came of the pages, the slowest, and how much memory grew; returns whether all promises held."""
    count, seed = int(os.environ.get("DIEMBAO_MANGLED", "10000")), int(os.environ.get("DIEMBAO_SEED", "1"))
    dice = random.Random(seed)  # noqa: S311 - dice
    pages = [Page(SITE, path.read_bytes()) for path in sorted(SAVED.glob("*/*.html"))]
    came: Counter[str] = Counter()
    slowest, settled = 0.0, 0
    for number in range(count):
        page = mangle(dice.choice(pages), dice)
        began = time.process_time()
        came[read(page)] += 1
        slowest = max(slowest, time.process_time() - began)
        if number == count // 10:
            settled = memory()
    grown = memory() - settled
    print(f"{count} mangled article pages, seed {seed}: slowest {slowest:.2f} s, memory +{grown} kB")
    for what, number in came.most_common():
        print(f"  {what:70}{number:6}")
    return slowest < SLOW and grown < GROWTH and not came["LOST"]
