"""What a source offers now: its listing, and the newest of the sitemaps below it.

Only listings are fetched here; what their links lead to is the business of poll.py and survey.py.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.edges.fetch import Web
from monitor.errors import FetchError, UnreadableError
from monitor.models import Link, Listing, Memory, Source
from monitor.scrape.discover import discover
from monitor.scrape.discover.gist import gist

SITEMAPS = 3  # of an index, the newest: a month's news stands in one or two


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a source's address held: no listing when nothing changed since `memory` was kept.

    `memory` is to be kept once all links are stored; `notes` are the faults of single sitemaps.
    """

    listing: Listing | None
    memory: Memory
    notes: tuple[str, ...] = ()
    fault: str = ""

    @property
    def links(self) -> tuple[Link, ...]:
        """Its links, none when nothing changed."""
        return self.listing.links if self.listing else ()


async def gather(web: Web, source: Source, memory: Memory, now: datetime) -> Gathered:
    """Return a source's listing with the links of the newest sitemaps it points to.

    A listing whose items or links are the same as before is not parsed. An index of sitemaps says
    nothing of what changed below it: it is never taken for unchanged. Raises FetchError and
    UnreadableError.
    """
    page = await web.get(source.url, memory)
    if page is None:
        return Gathered(None, memory)
    seen = hashlib.sha256(gist(page.content)).hexdigest()
    after = replace(memory, etag=page.etag, last_modified=page.last_modified, listing_hash=seen)
    if seen == memory.listing_hash:
        return Gathered(None, after)
    listing = discover(page, now, source.select)
    if not listing.sitemaps:
        return Gathered(listing, replace(after, kind=listing.kind))
    notes: list[str] = []
    listing = await below(web, source, listing, now, notes)
    return Gathered(listing, Memory(kind=listing.kind), tuple(notes))


async def below(web: Web, source: Source, listing: Listing, now: datetime, notes: list[str] | None = None) -> Listing:
    """Return a listing with the links of the newest sitemaps it points to; `notes` takes what single ones failed with.

    Raises UnreadableError when none of them holds anything.
    """
    links, faults = listing.links, notes if notes is not None else []
    for one in listing.sitemaps[:SITEMAPS]:
        try:
            links += (await read(web, source, one.url, now)).links
        except (FetchError, UnreadableError) as fault:  # one of several: the others may do
            faults.append(f"{one.url}: {fault}")
    if not links:
        raise UnreadableError(faults[0] if faults else "0 items: its sitemaps hold no article links")
    return replace(listing, links=links)


async def read(web: Web, source: Source, address: str, now: datetime) -> Listing:
    """Return the listing at an address; raises FetchError and UnreadableError."""
    page = await web.get(address)
    if page is None:
        raise FetchError("no answer")
    return discover(page, now, source.select)
