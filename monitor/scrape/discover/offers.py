"""What a page and its site say of better listings: feeds in its head, campaign sections, sitemaps."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from monitor import urls
from monitor.scrape.discover.anchors import anchors, start_of
from monitor.scrape.markup import parse
from monitor.scrape.repair import decode, plain
from monitor.vietnamese import clean

_FEED_TYPE = re.compile(r"application/(?:rss|atom|feed|rdf)\+(?:xml|json)|application/json\+feed", re.IGNORECASE)
_OF_COMMENTS = re.compile(r"comments?|binh-luan|phản hồi|bình luận", re.IGNORECASE)
_OUTLET = re.compile(
    r"^(?:báo|cổng|đài|trang(?! chủ)|tạp chí|sở|ban|hội|thư viện|công an|tỉnh|thành|huyện|ủy ban|ubnd|bảo tàng)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Offers:
    """What a web page names: its own feeds, sections as (address, name), and how its site is called."""

    feeds: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]
    site_name: str


def offers(content: bytes, url: str, content_type: str = "") -> Offers:
    """Read a web page for what it names; sections are links with a short name that are no articles."""
    root = parse(decode(content, content_type))
    sections = {
        urls.key(one.address): (one.address, one.text)
        for one in reversed(anchors(root, url))
        if 1 <= one.says <= 16 and not urls.is_article(one.address) and not urls.is_other(one.address)
    }
    return Offers(tuple(dict.fromkeys(_feeds(root, url))), tuple(reversed(sections.values())), _site_name(root))


def _feeds(root: HtmlElement, url: str) -> Iterator[str]:
    origin = start_of(root, url)
    for one in root.iter("link"):
        said = f"{one.get('title') or ''} {one.get('href') or ''}"
        alternate = "alternate" in (one.get("rel") or "").lower().split()
        if alternate and _FEED_TYPE.match(one.get("type") or "") and not _OF_COMMENTS.search(said):
            address = urls.clean(one.get("href") or "", origin)
            if address and urls.site(address) == urls.site(url):
                yield address


def _site_name(root: HtmlElement) -> str:
    """Return how a site calls itself: its metadata, else the part of its title that names an outlet."""
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        said = clean(plain(meta.get("content") or ""))[:80]
        if said and name in {"og:site_name", "application-name"}:
            return said
    title = next(root.iter("title"), None)
    text = clean(plain(" ".join(islice(title.itertext(), 5)))) if title is not None else ""
    parts = [part for part in re.split(r"(?<!\s)\s+[-|–—•»:]+\s+", text) if part]
    return next((one for one in parts if _OUTLET.match(one)), parts[-1] if parts else "")[:80]


def sitemaps_of(robots: Iterable[str]) -> list[str]:
    """Return the sitemaps that a robots.txt names, cleaned, those of news first."""
    named = [address for found in robots if (address := urls.clean(found))]
    return sorted(dict.fromkeys(named), key=lambda one: "news" not in one.lower())


def is_web_page(content: bytes) -> bool:
    """Tell whether an answer is a web page rather than a feed, a sitemap or a file."""
    start = content[:8000].lower()
    return b"<html" in start or b"<!doctype html" in start or b"<body" in start


def is_front(url: str) -> bool:
    """Tell whether an address is a site's front page rather than one of its sections."""
    return re.fullmatch(r"/?(?:vi/?|(?:index|home|default|trang-chu)(?:\.\w{2,5})?/?)?", urlsplit(url).path) is not None


def concerns(feed: str, page: str) -> bool:
    """Tell whether a feed is that of one section: the last part of the section's path stands in it."""
    last = re.sub(r"\.\w{2,5}$", "", urlsplit(page).path.rstrip("/").rsplit("/", 1)[-1]).lower()
    return bool(last) and last in feed.lower()
