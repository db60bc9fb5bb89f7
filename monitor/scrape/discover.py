"""Feed, sitemap or listing page → links to articles, without any configuration.

Which of the three an address holds is read off the answer itself. `discover` picks the reader
from a table; each reader is one function of the text.
"""

import io
import json
import re
from calendar import timegm
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate
from itertools import islice
from urllib.parse import urlsplit

import feedparser
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from lxml import etree

from monitor import urls
from monitor.errors import UnreadableError
from monitor.models import Kind, Link, Listing, Page, Select
from monitor.scrape import dates
from monitor.scrape.blocks import words_of
from monitor.scrape.repair import decode, decompress, plain, xml
from monitor.vietnamese import clean

_FEED_ADDRESS = re.compile(r"(?:\.(?:rss|atom|rdf)|/(?:rss|feed|atom)(?:/[^?]*)?|\.xml)$", re.IGNORECASE)
_AMERICAN = re.compile(r"^\s*(\d{1,2})/(\d{1,2})/(\d{4} \d{1,2}:\d{2}(?::\d{2})? [AP]M)\s*$")  # feeds of chinhphu.vn
_ZONE = re.compile(r"(?:Z|UTC?|GMT|[+-]\d{2}:?\d{2}|\b[A-Z]{3,4})\s*$")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_MOST = 2000  # entries of one listing that are looked at
_MENU = re.compile(r"(?:^|[-_ ])(?:menu|navbar|footer|breadcrumbs?)(?=$|[-_ ])", re.IGNORECASE)
_OLDEST = datetime(1970, 1, 1, tzinfo=UTC)
_FAULTS = (ValueError, LookupError, TypeError, SyntaxError, RecursionError, AssertionError, OverflowError)
_SITEMAPS_FOLLOWED = 3  # the newest of an index: a month's news stands in one or two


def _sniff(content: bytes, url: str) -> str:
    """Return the name of the reader for an answer, judged by how it begins."""
    start = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"{"):
        return "json feed"
    markup = re.search(rb"<(?:\w+:)?(rss|feed|rdf|urlset|sitemapindex|html|body|head|!doctype html)\b", start)
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
    kind = _sniff(content, page.url)
    if kind == "unknown":
        raise UnreadableError(f"neither feed, sitemap nor web page ({page.content_type or 'no content type'})")
    if kind == "not a feed":
        raise UnreadableError("the address of a feed answered with a web page")
    try:
        listing = _READERS[kind](content, page, now, select or Select())
    except _FAULTS as fault:  # of the parsers beneath, on what no parser expects
        raise UnreadableError(f"the {kind} cannot be read ({type(fault).__name__})") from fault
    if not listing.links and not listing.sitemaps:
        raise UnreadableError(f"0 items: the {listing.kind} holds no article links")
    return listing


def _tidy(kind: Kind, links: list[Link], sitemaps: tuple[str, ...] = ()) -> Listing:
    """Return links once each by key, newest first; undated ones keep their order."""
    unique: dict[str, Link] = {}
    for link in links:
        if link.url:
            unique.setdefault(urls.key(link.url), link)
    newest_first = sorted(unique.values(), key=lambda link: link.published or link.modified or _OLDEST, reverse=True)
    return Listing(kind, tuple(newest_first), sitemaps)


def _feed(content: bytes, page: Page, now: datetime, _select: Select) -> Listing:
    """Read RSS or Atom; a broken feed gives what stands before the break."""
    parsed = feedparser.parse(
        io.BytesIO(xml(content, page.content_type)),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": page.url},
        sanitize_html=False,
    )
    links = [
        Link(
            url=_address(entry.get("link") or entry.get("id"), page),
            title=plain(clean(_TAG.sub(" ", str(entry.get("title", ""))))),
            published=_moment(entry, "published", now),
            modified=_moment(entry, "updated", now),
        )
        for entry in parsed.entries[:_MOST]
    ]
    return _tidy(Kind.FEED, links)


def _address(said: object, page: Page) -> str:
    """Return an item's address, "" when it has none: it never stands for the feed itself."""
    address = urls.clean(said, page.url) if isinstance(said, str) and said.strip() else ""
    return "" if urls.key(address) == urls.key(page.url) else address


def _moment(entry: feedparser.FeedParserDict, name: str, now: datetime) -> datetime | None:
    """Return a feed's date; one without a zone is Vietnamese, one with AM or PM is month first.

    The library would take a date without a zone for UTC.
    """
    # dict.get: the library's own look-up answers `updated` with `published` where there is none
    text, parsed = str(dict.get(entry, name) or ""), dict.get(entry, f"{name}_parsed")
    if american := _AMERICAN.match(text):
        month, day, rest = american.groups()
        return dates.line(f"{day}/{month}/{rest}", now)
    if not parsed or not _ZONE.search(text):
        plainly = re.sub(r"\s*GMT\+0?7(?::?00)?$", "", text)
        naive = parsedate(plainly)
        return dates.machine("{}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*naive[:6]) if naive else plainly, now)
    try:
        moment = datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year > 1996 and moment <= now + dates.SKEW else None


def _json_feed(content: bytes, page: Page, now: datetime, _select: Select) -> Listing:
    """Read a JSON Feed (jsonfeed.org, version 1)."""
    try:
        data = json.loads(decode(content))
    except (ValueError, RecursionError) as fault:
        raise UnreadableError(f"broken JSON: {fault}") from fault
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise UnreadableError("JSON, but no JSON Feed: it has no list of items")
    links = [
        Link(
            url=_address(item.get("url") or item.get("id"), page),
            title=plain(clean(str(item.get("title") or ""))),
            published=dates.machine(str(item.get("date_published") or ""), now),
            modified=dates.machine(str(item.get("date_modified") or ""), now),
        )
        for item in items[:_MOST]
        if isinstance(item, dict)
    ]
    return _tidy(Kind.FEED, links)


def _sitemap(content: bytes, page: Page, now: datetime, _select: Select) -> Listing:
    """Read a sitemap, news sitemap or sitemap index (sitemaps.org); entities stay unresolved."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    root = etree.fromstring(xml(content, page.content_type), parser)
    if root is None:
        raise UnreadableError("broken XML: no sitemap can be read")
    maps = [(_changed(e, now), urls.clean(_child(e, "loc"), page.url)) for e in islice(root.iter("{*}sitemap"), _MOST)]
    newest = sorted(maps, key=lambda pair: pair[0] or _OLDEST, reverse=True)
    entries = sorted(root.iter("{*}url"), key=lambda entry: _child(entry, "lastmod"), reverse=True)
    links = [
        Link(address, clean(_child(e, "title")), dates.machine(_child(e, "publication_date"), now), _changed(e, now))
        for e in entries[:_MOST]
        if urls.is_article(address := urls.clean(_child(e, "loc"), page.url))
    ]
    return _tidy(Kind.SITEMAP, links, tuple(address for _, address in newest[:_SITEMAPS_FOLLOWED] if address))


def _changed(entry: etree._Element, now: datetime) -> datetime | None:
    return dates.machine(_child(entry, "lastmod"), now)


def _child(entry: etree._Element, name: str) -> str:
    """Return the text of an entry's descendant, "" if there is none."""
    found = next(entry.iter(f"{{*}}{name}"), None)
    return str(found.text or "").strip() if found is not None else ""


def _listing(content: bytes, page: Page, _now: datetime, select: Select) -> Listing:
    """Read the article links off a web page: by the shape of the address and of its text."""
    soup = BeautifulSoup(decode(content, page.content_type), "lxml")
    base = soup.find("base", href=True)
    origin = urls.clean(str(base["href"]), page.url) if isinstance(base, Tag) else page.url
    anchors = soup.select(select.links) if select.links else soup.find_all("a", href=True)
    texts: dict[str, str] = {}
    menus: dict[int, bool] = {}
    for anchor in anchors[: _MOST * 2]:
        inner = anchor if anchor.name == "a" else anchor.find("a", href=True)
        if not isinstance(inner, Tag):
            continue
        address = urls.clean(str(inner.get("href") or ""), origin or page.url)
        if not address or urls.site(address) != urls.site(page.url) or urls.key(address) == urls.key(page.url):
            continue
        if select.links or (urls.is_article(address) and not _in_menu(inner, menus)):
            texts[address] = max(texts.get(address, ""), _text_of(inner), key=len)
    return _tidy(Kind.LISTING, [Link(address, title) for address, title in texts.items()])


def _text_of(anchor: Tag) -> str:
    """Return a link's text or title; of a link that holds half a page, its beginning."""
    strings = [part for part in islice(anchor.descendants, 60) if isinstance(part, NavigableString)]
    return plain(clean(" ".join(strings) or str(anchor.get("title") or "")))[:500]


def _in_menu(anchor: Tag, known: dict[int, bool]) -> bool:
    """Tell whether a link stands in the page's navigation or foot; `known` remembers what was asked."""
    line: list[Tag] = []
    found = False
    for parent in anchor.parents:
        if id(parent) in known:
            found = known[id(parent)]
            break
        line.append(parent)
        if parent.name in {"nav", "footer"} or _MENU.search(words_of(parent)):
            found = True
            break
    known.update((id(parent), found) for parent in line)
    return found


_READERS: dict[str, Callable[[bytes, Page, datetime, Select], Listing]] = {
    "feed": _feed,
    "json feed": _json_feed,
    "sitemap": _sitemap,
    "listing": _listing,
}
