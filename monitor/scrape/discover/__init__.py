"""Feed, sitemap or listing page → links to articles, without any configuration.

Which of them an address holds is read off the answer itself. `discover` picks the reader from a
table; each reader is one function of the answer.
"""

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from monitor.errors import UnreadableError
from monitor.models import Listing, Page, Select
from monitor.scrape.discover.feeds import feed, json_feed
from monitor.scrape.discover.listings import listing
from monitor.scrape.discover.sitemaps import sitemap
from monitor.scrape.discover.walls import wall
from monitor.scrape.markup import parse
from monitor.scrape.repair import decode, decompress

_FEED_ADDRESS = re.compile(r"(?:\.(?:rss|atom|rdf)|/(?:rss|feed|atom)(?:/[^?]*)?|\.xml)$", re.IGNORECASE)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_FAULTS = (ValueError, LookupError, TypeError, SyntaxError, RecursionError, AssertionError, OverflowError)
_MARKUP = re.compile(rb"<(?:\w+:)?(rss|feed|rdf|urlset|sitemapindex|html|body|head|!doctype html)\b")


def _sniff(content: bytes, url: str) -> str:
    """Return the name of the reader for an answer, judged by how it begins."""
    start = content[:8000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"{"):
        return "json feed"
    markup = _MARKUP.search(start)
    if markup is None:
        return "listing" if b"<a " in content[:200_000].lower() else "unknown"
    name = markup[1].decode("ascii")
    if name in {"rss", "feed", "rdf"}:
        return "feed"
    if name in {"urlset", "sitemapindex"}:
        return "sitemap"
    return "not a feed" if _FEED_ADDRESS.search(urlsplit(url).path) else "listing"


def discover(page: Page, now: datetime, select: Select | None = None) -> Listing:
    """Return the article links of a source's page; `now` refuses dates in the future.

    Raises UnreadableError when the answer is empty, of no known kind, a web page where the
    address promises a feed, or holds not one article link.
    """
    content = decompress(page.content)
    if not content.strip():
        raise UnreadableError("the answer is empty", passing=True)
    if content.startswith(_UTF_16):
        content = decode(content).encode()
    kind = _sniff(content, page.url)
    if kind == "unknown":
        raise UnreadableError(f"neither feed, sitemap nor web page ({page.content_type or 'no content type'})")
    if kind == "not a feed":
        told = wall(parse(decode(content, page.content_type)), page.url)
        raise UnreadableError("the address of a feed answered with a web page" + (f": {told}" if told else ""))
    try:
        found = _READERS[kind](content, page, now, select or Select())
    except _FAULTS as fault:  # of the parsers beneath, on what no parser expects
        raise UnreadableError(f"the {kind} cannot be read ({type(fault).__name__})") from fault
    if not found.links and not found.sitemaps:
        raise UnreadableError(f"0 items: the {found.kind} holds no article links")
    return found


_READERS: dict[str, Callable[[bytes, Page, datetime, Select], Listing]] = {
    "feed": lambda content, page, now, _select: feed(content, page, now),
    "json feed": lambda content, page, now, _select: json_feed(content, page, now),
    "sitemap": lambda content, page, now, _select: sitemap(content, page, now),
    "listing": listing,
}
