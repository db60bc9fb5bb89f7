"""Sitemap, news sitemap or sitemap index (sitemaps.org) → links, or the sitemaps below it."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar
from urllib.parse import urlsplit

from lxml import etree

from monitor import urls
from monitor.errors import UnreadableError
from monitor.models import VIETNAM, Kind, Link, Listing, Page
from monitor.scrape import timestamps
from monitor.scrape.discover.tidy import MOST, OLDEST, tidy
from monitor.scrape.repair import xml
from monitor.vietnamese import clean

T = TypeVar("T")
_OF_ARTICLES = re.compile(r"news|post(?!er)|article|tin-?(?:tuc|bai)|bai-?viet", re.IGNORECASE)
_OF_OTHERS = re.compile(
    r"categor|taxonom|tags?\b|author|users?\b|pages?\b|images?\b|videos?\b|product|sections?\b|event|topic",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_/]?(1[0-2]|0?[1-9])(?:[-_/]?(3[01]|[12]\d|0?[1-9]))?(?!\d)")


def sitemap(content: bytes, page: Page, now: datetime) -> Listing:
    """Read a sitemap or an index; entities stay unresolved.

    A sitemap whose name says that it lists articles, and a news sitemap, are believed; of others
    only addresses with the shape of an article's are taken. Where no entry has a date of its own,
    the newest stand at one end: both ends come first.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    root = etree.fromstring(xml(content, page.content_type), parser)
    if root is None:
        raise UnreadableError("broken XML: no sitemap can be read")
    maps = [
        Link(urls.clean(_child(e, "loc"), page.url), modified=_changed(e, now))
        for e in islice(root.iter("{*}sitemap"), MOST)
    ]
    entries = sorted(_by_end(list(root.iter("{*}url"))), key=lambda entry: _child(entry, "lastmod"), reverse=True)
    believed = bool(_OF_ARTICLES.search(_name(page.url)))
    links = [
        Link(address, clean(_child(e, "title")), timestamps.read(_child(e, "publication_date"), now), _changed(e, now))
        for e in entries[:MOST]
        if (address := urls.clean(_child(e, "loc"), page.url))
        and (urls.is_article(address) or ((believed or _is_news(e)) and _may_be_article(address)))
    ]
    return tidy(Kind.SITEMAP, links, newest_first([one for one in maps if one.url]))


def newest_first(maps: Sequence[Link]) -> tuple[Link, ...]:
    """Return the sitemaps of an index with those first that hold the newest articles.

    What changed last counts, then the month in the name; where neither tells, the newest stand at
    one end of the index, so both ends come first. Sitemaps of sections, tags and pages come last.
    """
    told = len({one.modified for one in maps}) > 1
    dated = sorted(
        _by_end(maps), key=lambda one: ((one.modified if told else None) or OLDEST, begins(one) or OLDEST), reverse=True
    )
    return tuple(sorted(dated, key=lambda one: bool(_OF_OTHERS.search(_name(one.url)))))


def _by_end(listed: Sequence[T]) -> list[T]:
    """Return what is listed from both ends inwards: first, last, second, last but one."""
    last = len(listed) - 1
    return [listed[place] for place in sorted(range(len(listed)), key=lambda one: min(2 * one, 2 * (last - one) + 1))]


def begins(one: Link) -> datetime | None:
    """Return the day with which a sitemap's name says it begins ("sitemap-2026-11.xml"); None if it does not."""
    found = _MONTH.search(_name(one.url))
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3] or 1), tzinfo=VIETNAM) if found else None
    except ValueError:
        return None


def _name(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def _may_be_article(address: str) -> bool:
    return not urls.is_other(address) and (len(urls.slug(address)) >= 3 or any(map(str.isdigit, address)))


def _is_news(entry: etree._Element) -> bool:
    return next(entry.iter("{*}publication_date"), None) is not None


def _changed(entry: etree._Element, now: datetime) -> datetime | None:
    return timestamps.read(_child(entry, "lastmod"), now)


def _child(entry: etree._Element, name: str) -> str:
    """Return the text of an entry's descendant, "" if there is none."""
    found = next(entry.iter(f"{{*}}{name}"), None)
    return str(found.text or "").strip() if found is not None else ""
