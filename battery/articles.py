"""Thousands of mangled article pages: no crash, none slow, no growth; the gate never turns one away that is kept.

DIEMBAO_MANGLED sets how many (default 10,000), DIEMBAO_SEED the dice.
"""

from datetime import UTC, datetime
from pathlib import Path

from battery.mangled import survey
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
    """Print the figures; returns whether every promise was kept."""
    return survey("article pages", [Page(SITE, path.read_bytes()) for path in sorted(SAVED.glob("*/*.html"))], read)
