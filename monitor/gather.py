"""What a source offers now: its listing, and the newest of the sitemaps below it.

Only listings are fetched here; what their links lead to is the business of poll.py and survey/.
"""

import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from monitor import urls
from monitor.edges.fetch import Web
from monitor.edges.parsing.pool import Parsing
from monitor.errors import FetchError, TooHardError, UnreadableError
from monitor.models import Link, Listing, Memory, Page, Source
from monitor.scrape.discover import discover
from monitor.scrape.discover.gist import gist
from monitor.scrape.discover.offers import concerns, is_front, is_web_page, offers, sitemaps_of

_ELSEWHERE = 2  # feeds and sitemaps that are tried in a page's stead
SITEMAPS = 3  # of an index, the newest: a month's news stands in one or two


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who fetches pages, and has them read outside this process."""

    web: Web
    parsing: Parsing


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a source's address held: no listing when nothing changed since `memory` was kept.

    `memory` is to be kept once all links are stored; `notes` are the faults of single sitemaps;
    `via` is the feed or sitemap that was read because the address itself could not be; `landed`
    is where the source's address led at last. A `fault` that is `lasting` says that the address
    holds no listing; `retry_after` is how many seconds the site asked to be left alone,
    `fresh_for` how many its answer may be kept.
    """

    listing: Listing | None
    memory: Memory
    notes: tuple[str, ...] = ()
    fault: str = ""
    via: str = ""
    landed: str = ""
    lasting: bool = False
    retry_after: float | None = None
    fresh_for: int = 0

    @property
    def links(self) -> tuple[Link, ...]:
        """Its links, none when nothing changed."""
        return self.listing.links if self.listing else ()


async def gather(visitor: Visitor, source: Source, memory: Memory, now: datetime) -> Gathered:
    """Return a source's listing with the links of the newest sitemaps it points to.

    A listing whose items or links are the same as before is not parsed. An index of sitemaps says
    nothing of what changed below it, a page that is read elsewhere nothing of what changed there:
    they are never taken for unchanged. Raises FetchError and UnreadableError.
    """
    page = await visitor.web.get(source.url, memory)
    if page is None:
        return Gathered(None, memory)
    seen = hashlib.sha256(gist(page.content)).hexdigest()
    after = replace(memory, etag=page.etag, last_modified=page.last_modified, listing_hash=seen)
    if seen == memory.listing_hash:
        return Gathered(None, after, landed=page.url)
    notes: list[str] = []
    try:
        listing = await visitor.parsing.call(discover, page, now, source.select)
        if not listing.sitemaps:
            kept = replace(after, kind=listing.kind, quiet=listing.wishes.quiet)
            return Gathered(listing, kept, landed=page.url, fresh_for=page.fresh_for)
        listing, via = await below(visitor, source, listing, now, notes), ""
    except TooHardError:
        raise
    except UnreadableError:
        found = await _elsewhere(visitor, source, page, now)
        if found is None:
            raise
        listing, via = found
    unsure = replace(memory.afresh, kind=listing.kind)  # what stands below the address may change without it
    return Gathered(listing, unsure, tuple(notes), via=via, landed=page.url)


async def below(
    visitor: Visitor, source: Source, listing: Listing, now: datetime, notes: list[str] | None = None
) -> Listing:
    """Return a listing with the links of the newest sitemaps it points to; `notes` takes the faults of single ones.

    Raises UnreadableError when none of them holds anything.
    """
    links, faults = listing.links, notes if notes is not None else []
    for one in listing.sitemaps[:SITEMAPS]:
        try:
            links += (await read(visitor, source, one.url, now)).links
        except (FetchError, UnreadableError) as fault:  # one of several: the others may do
            faults.append(f"{one.url}: {fault}")
    if not links:
        raise UnreadableError(faults[0] if faults else "0 items: its sitemaps hold no article links")
    return replace(listing, links=links)


async def read(visitor: Visitor, source: Source, address: str, now: datetime) -> Listing:
    """Return the listing at an address; raises FetchError and UnreadableError."""
    return await visitor.parsing.call(discover, await fetched(visitor.web, address), now, source.select)


async def fetched(web: Web, address: str) -> Page:
    """Return the page at an address; raises FetchError."""
    page = await web.get(address)
    if page is None:
        raise FetchError("no answer")
    return page


async def existing(web: Web, addresses: Iterable[str]) -> AsyncIterator[Page]:
    """Return the pages of some addresses; those that do not answer are passed over."""
    for address in addresses:
        try:
            yield await fetched(web, address)
        except FetchError:
            continue


async def sitemaps(web: Web, url: str) -> list[str]:
    """Return the sitemaps that a site's robots.txt names, those of news first."""
    try:
        named = sitemaps_of(await web.sitemaps(url))
    except FetchError:
        return []
    return [one for one in named if urls.site(one) == urls.site(url)][:_ELSEWHERE]


async def _elsewhere(visitor: Visitor, source: Source, page: Page, now: datetime) -> tuple[Listing, str] | None:
    """Return what stands in a web page's stead, and where: its own feed, a front page's sitemap."""
    if not is_web_page(page.content):
        return None
    front = is_front(page.url)
    feeds = (await visitor.parsing.call(offers, page.content, page.url, page.content_type)).feeds
    own = [feed for feed in feeds if front or concerns(feed, page.url)][:_ELSEWHERE]
    for address in (*own, *(await sitemaps(visitor.web, page.url) if front else ())):
        try:
            return await below(visitor, source, await read(visitor, source, address, now), now), address
        except (FetchError, UnreadableError):
            continue
    return None
