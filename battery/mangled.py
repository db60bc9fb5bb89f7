"""Thousands of mangled feeds, sitemaps and listings: no crash, none slow, no growth.

DIEMBAO_MANGLED sets how many (default 10,000), DIEMBAO_SEED the dice.
"""

import gzip
import os
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from battery.progress import stepped
from bench.discovery import cases
from bench.feeds import CASES as FEEDS
from bench.feeds import LONG
from monitor.errors import UnreadableError
from monitor.models import Page
from monitor.scrape.discover import discover
from monitor.scrape.discover.gist import gist
from monitor.scrape.discover.offers import offers

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SLOW = 2.0  # seconds of CPU that one page may take
GROWTH = 60_000  # kB that memory may grow by after the first tenth
_TOKENS = [
    b"<", b">", b"</", b"/>", b"&", b"&#", b"&#x110000;", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE ",
    b'"', b"'", b"\x00", b"\xff\xfe", b"\xc3", b"\xf0\x9f", b"<a href=", b"<base href='//[::1'>", b"http://[", b"%zz",
    b"<item>", b"</item>", b"<link>", b"<loc>", b"javascript:", b"\x1f\x8b", b"{", b"[" * 50, b"<div>" * 300,
    b"a" * 3000, b"<b><i>" * 60, b"<h3><a href='/a-b-c-d-e-f-1.html'>", b"<time datetime='9999-99-99'>", b"31/02/2026",
    b"<?xml ", b"-" * 2000, b"<urlset>", b"<rss>", b"<html>", b"charset=utf-16", b"&amp;" * 400, b"<font><p>" * 100,
    b"<table><tr><td>" * 40, b"<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;'>", b"&b;" * 500,
]  # fmt: skip


def seeds() -> list[Page]:
    """Return one page of every structure: our listings, nasty feeds, sitemaps, an index, JSON, packed ones."""
    site = "https://baobanmuong.vn"
    entries = b"".join(
        b"<url><loc>%s/bai-so-%d-cua-bao-ban-muong-a1.html</loc><lastmod>2026-11-20</lastmod></url>"
        % (site.encode(), n)
        for n in range(60)
    )
    sitemap = b"<?xml version='1.0'?><urlset>" + entries + b"</urlset>"
    index = (
        sitemap.replace(b"urlset", b"sitemapindex").replace(b"<url>", b"<sitemap>").replace(b"</url>", b"</sitemap>")
    )
    items = b",".join(
        b'{"url": "/tin-%d.html", "title": "Tin", "date_published": "2026-11-20T08:00:00Z"}' % n for n in range(40)
    )
    data = [
        *(content for content, _ in FEEDS.values()),
        LONG,
        sitemap,
        index,
        gzip.compress(sitemap),
        b'{"items": [' + items + b"]}",
    ]
    return [*(case.page for case in cases()), *(Page(f"{site}/rss/tin", content) for content in data)]


def bomb() -> bytes:
    """Return a feed whose entities would grow to a billion letters."""
    named = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else 'ha'}'>" for n in range(10))
    return f"<?xml version='1.0'?><!DOCTYPE rss [{named}]><rss><channel><item><title>&e9;</title></item>".encode()


def _flip(content: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randrange(1, 20)):
        content[dice.randrange(len(content))] = dice.randrange(256)


def _insert(content: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randrange(1, 8)):
        at = dice.randrange(len(content) + 1)
        content[at:at] = dice.choice(_TOKENS)


def _cut(content: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(content))
    del content[at : at + dice.randrange(1, 1 + len(content) // 2)]


def _repeat(content: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(content))
    part = bytes(content[at : at + dice.randrange(1, 400)])
    content[at:at] = part * dice.randrange(2, 60)


def _swap(content: bytearray, dice: random.Random) -> None:
    one, other = dice.choice(_TOKENS), dice.choice(_TOKENS)
    content[:] = bytes(content).replace(one, other, dice.randrange(1, 200))[:1_000_000] or b" "


_WAYS: list[Callable[[bytearray, random.Random], None]] = [_flip, _insert, _cut, _repeat, _swap]


def mangle(page: Page, dice: random.Random) -> Page:
    """Return a page some of whose bytes were changed, cut, repeated or replaced."""
    content = bytearray(page.content)
    for _ in range(dice.randrange(1, 4)):
        if content:
            dice.choice(_WAYS)(content, dice)
    url = dice.choice([page.url, page.url, page.url, f"{page.url}?page=2", "https://baobanmuong.vn/rss/tin.rss"])
    kind = dice.choice([page.content_type, "text/xml; charset=utf-16", "text/html; charset=x", ""])
    return Page(url, bytes(content), kind)


def read(page: Page) -> str:
    """Read a page in every way the monitor reads listings; returns what came of it."""
    gist(page.content)
    try:
        offers(page.content, page.url, page.content_type)
        found = discover(page, NOW)
    except UnreadableError as fault:
        return "unreadable" if "cannot be read" not in str(fault) else str(fault)
    return found.kind


def main() -> bool:
    """Print the figures; returns whether every promise was kept."""
    return survey("feeds, sitemaps and listings", seeds(), read)


def survey(what: str, pages: Sequence[Page], reader: Callable[[Page], str]) -> bool:
    """Mangle and read pages; print what came of them, the slowest, and how much memory grew.

    Returns whether none was slow, memory did not grow, and `reader` never said "LOST".
    """
    count, seed = int(os.environ.get("DIEMBAO_MANGLED", "10000")), int(os.environ.get("DIEMBAO_SEED", "1"))
    dice = random.Random(seed)  # noqa: S311 - dice
    came: Counter[str] = Counter()
    slowest, settled = 0.0, 0
    for number in stepped(what, range(count)):
        page = mangle(dice.choice(pages), dice)
        began = time.process_time()
        came[reader(page)] += 1
        slowest = max(slowest, time.process_time() - began)
        if number == count // 10:
            settled = _memory()
    grown = _memory() - settled
    print(f"{count} mangled {what}, seed {seed}: slowest {slowest:.2f} s, memory +{grown} kB")
    for outcome, number in came.most_common():
        print(f"  {outcome:70}{number:6}")
    return slowest < SLOW and grown < GROWTH and not came["LOST"]


def _memory() -> int:
    """Return the most memory this process ever held, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
