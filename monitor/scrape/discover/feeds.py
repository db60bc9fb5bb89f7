"""RSS, Atom and JSON Feed → links; a broken feed gives what stands before the break."""

import io
import json
import re
from calendar import timegm
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

import feedparser

from monitor import urls
from monitor.errors import UnreadableError
from monitor.models import Kind, Link, Listing, Page
from monitor.scrape import dates, timestamps
from monitor.scrape.discover.numeric import Order, are_the_visit, order_of
from monitor.scrape.discover.tidy import tidy
from monitor.scrape.discover.wishes import wishes
from monitor.scrape.repair import decode, plain, xml
from monitor.vietnamese import clean

_ZONE = re.compile(r"(?:Z|UTC?|GMT|[+-]\d{2}:?\d{2}|\b[A-Z]{3,4})\s*$")
_ITEM = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)[\s>]")
_MOST = 1000  # entries of a feed that are read
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def feed(content: bytes, page: Page, now: datetime) -> Listing:
    """Read RSS 0.9x, 1.0, 2.0 or Atom."""
    parsed = feedparser.parse(
        io.BytesIO(_beginning(xml(content, page.content_type))),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": page.url},
        sanitize_html=False,
    )
    entries = parsed.entries[:_MOST]
    published, modified = _moments(entries, "published", now), _moments(entries, "updated", now)
    if parsed.version.startswith("rss") and not any(published):  # dc:date of RSS 1.0
        published, modified = modified, [None] * len(entries)
    links = [
        Link(_address(entry.get("link") or entry.get("id"), page), title(str(entry.get("title", ""))), first, last)
        for entry, first, last in zip(entries, published, modified, strict=True)
    ]
    said = any(dict.get(entry, name) for entry in entries for name in ("published", "updated"))
    misdated = said and not any(published) and not any(modified)
    listing = tidy(Kind.FEED, links, older=_older(parsed.feed, page))
    return replace(listing, misdated=misdated, wishes=wishes(parsed.feed, content))


def _beginning(content: bytes) -> bytes:
    """Return a feed up to its thousandth item: the library's time grows with all that stands there."""
    beyond = next(islice(_ITEM.finditer(content), _MOST, None), None)
    return content[: beyond.start()] if beyond else content


def json_feed(content: bytes, page: Page, now: datetime) -> Listing:
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
            title=title(str(item.get("title") or "")),
            published=timestamps.read(str(item.get("date_published") or ""), now),
            modified=timestamps.read(str(item.get("date_modified") or ""), now),
        )
        for item in items[:_MOST]
        if isinstance(item, dict)
    ]
    return tidy(Kind.FEED, links, older=_address(data.get("next_url"), page))


def title(text: str) -> str:
    """Return a headline as a person reads it: no markup, no letters escaped once too often."""
    return plain(clean(_TAG.sub(" ", plain(text) if "&lt;" in text else text)))


def _address(said: object, page: Page) -> str:
    """Return an item's address, "" when it has none: it never stands for the feed itself."""
    address = urls.clean(said, page.url) if isinstance(said, str) and said.strip() else ""
    return "" if urls.key(address) == urls.key(page.url) else address


def _older(channel: feedparser.FeedParserDict, page: Page) -> str:
    """Return where older entries stand: the next page (RFC 5005), WordPress's, or the section's own page."""
    links = [one for one in channel.get("links", ()) if one.get("rel") == "next"]
    if links and (address := _address(links[0].get("href"), page)):
        return address
    parts = urlsplit(page.url)
    if "wordpress" in str(channel.get("generator", "")).lower():
        query = dict(parse_qsl(parts.query))
        query["paged"] = str(int(query["paged"]) + 1 if query.get("paged", "").isdecimal() else 2)
        return parts._replace(query=urlencode(query)).geturl()
    section = _address(channel.get("link"), page)
    return section if urls.site(section) == urls.site(page.url) and len(urlsplit(section).path) > 1 else ""


def _moments(entries: Sequence[feedparser.FeedParserDict], name: str, now: datetime) -> list[datetime | None]:
    """Return the entries' dates of one name; none when all are the moment of the visit."""
    # dict.get: the library's own look-up answers `updated` with `published` where there is none
    texts = [str(dict.get(entry, name) or "") for entry in entries]
    order = order_of(texts, now)
    found = [
        order.read(text, now) if order.fits(text) else _moment(text, dict.get(entry, f"{name}_parsed"), order, now)
        for text, entry in zip(texts, entries, strict=True)
    ]
    return [None] * len(found) if are_the_visit(found) else found


def _moment(text: str, parsed: object, order: Order, now: datetime) -> datetime | None:
    """Return a feed's date; one without a zone is Vietnamese, though the library takes it for UTC."""
    if not isinstance(parsed, tuple) or not _ZONE.search(text):
        plainly = re.sub(r"(?<!\s)\s*GMT\+0?7(?::?00)?$", "", text)
        naive = parsedate(plainly)
        written = "{}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*naive[:6]) if naive else plainly
        return timestamps.read(written, now) or order.read(text, now)
    try:
        moment = datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year > 1996 and moment <= now + dates.SKEW else None
