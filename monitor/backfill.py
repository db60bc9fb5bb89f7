"""Back in time: the older pages of a listing, the older sitemaps of an index, to a given day."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime

from monitor import urls
from monitor.edges.store import Store
from monitor.errors import FetchError, UnreadableError
from monitor.gather import SITEMAPS, Visitor, read
from monitor.models import Link, Listing, Source
from monitor.scrape.discover.shapes import day_of
from monitor.scrape.discover.sitemaps import begins

_MOST = 300  # pages of one source
_AT_ONCE = 200  # links of one page that are handed over together


@dataclass
class Past:
    """The walk back through one source to `since`.

    `reached` says in a few words how far it came; `faults` takes, a line each, what could not be read.
    """

    visitor: Visitor
    store: Store
    source: Source
    since: datetime
    clock: Callable[[], datetime]
    reached: str = "looking back"
    faults: list[str] = field(default_factory=list)

    async def pages(self, first: Listing) -> AsyncIterator[tuple[Link, ...]]:
        """Return the links of a listing and of what is older, page by page, those before `since` left out.

        Paging ends with a page on which every article whose day is known is older: the days of
        articles that were read between two pages count, so it also ends on sites whose listings
        tell none. Sitemaps are all read, because their order is only guessed.
        """
        async for page in self.walk(first):
            wanted = [link for link in page if (day_of_link(link) or self.since) >= self.since]
            for start in range(0, len(wanted), _AT_ONCE):
                yield tuple(wanted[start : start + _AT_ONCE])
            days = self.store.links.days(page)
            known = [at for link in page if (at := days.get(urls.key(link.url)) or day_of_link(link))]
            if known:
                self.reached = f"back to {min(known):%d/%m/%Y}"
            if not first.sitemaps and known and len(known) * 2 >= len(page) and max(known) < self.since:
                return

    async def walk(self, first: Listing) -> AsyncGenerator[tuple[Link, ...], None]:
        """Return page after page, each with only the links that no page before it held.

        A page that brings nothing new ends the paging, so paging that leads in a circle ends too.
        """
        yield first.links
        seen = {urls.key(link.url) for link in first.links}
        waiting = [one.url for one in first.sitemaps[SITEMAPS:] if not _ended(one, first.sitemaps, self.since)]
        waiting += [first.older] if first.older else []
        asked = {urls.key(self.source.url)}
        while waiting and len(asked) < _MOST:
            address = waiting.pop(0)
            listing = None if urls.key(address) in asked else await self._read(address)
            asked.add(urls.key(address))
            fresh = tuple(link for link in listing.links if urls.key(link.url) not in seen) if listing else ()
            seen |= {urls.key(link.url) for link in fresh}
            waiting += [listing.older] if listing and listing.older and fresh else []
            if fresh:
                yield fresh

    async def _read(self, address: str) -> Listing | None:
        """Return an older page; None behind the last one, which is gone or empty, and when it fails."""
        try:
            return await read(self.visitor, self.source, address, self.clock())
        except FetchError as fault:
            self.faults += [] if fault.gone else [f"{address}: {fault}"]
        except UnreadableError as fault:
            self.faults += [] if "holds no article links" in str(fault) else [f"{address}: {fault}"]
        return None


def day_of_link(link: Link) -> datetime | None:
    """Return when an article was published as far as its listing or its address tells: at the latest then."""
    return link.published or day_of(link.url) or link.modified


def _ended(one: Link, all_of_them: tuple[Link, ...], since: datetime) -> bool:
    """Tell whether a sitemap ended before a day: by its last change, or by the month that its name says.

    A month in a name begins it; it may reach to the beginning of the next one that is named.
    """
    if one.modified:
        return one.modified < since
    start = begins(one)
    later = [other for sitemap in all_of_them if start and (other := begins(sitemap)) and other > start]
    return bool(start and later and min(later) <= since)
