"""What a source printed while nobody could read it, found again where its site still shows it.

A listing that no longer reaches back to the visit before may have lost articles unseen. They are
looked for in its older pages, then in the site's sitemaps, at each visit until what was found
reaches back, or nothing more is shown.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor import schedule
from monitor.backfill import Past, day_of_link
from monitor.errors import FetchError, UnreadableError
from monitor.following import Visit
from monitor.gather import Gathered, below, read, sitemaps
from monitor.models import Kind, Link, Listing, Memory

_A_DAY = timedelta(days=1)
_DELAY = _A_DAY  # by which an article may be listed after its date
_FARTHEST = 50  # pages back
_NOT_FAR = 3  # for a day after that led nowhere: a listing may be new at each visit for other reasons
_MOST = 2000  # links of one sitemap: some tell the day of their making as that of each article
_TOGETHER = 200  # links that are judged and handed over together
_HOPE = timedelta(days=2)  # for which pages that fail are asked again


def catch_up(visit: Visit, known: Memory, looked: Gathered, items: Sequence[int]) -> "CatchUp | None":
    """Return the way back through a source that may have printed what was never seen; None when it has not.

    `items` are the hashes of its listing. That it is behind is written down before anything that
    it lists is kept: a process killed meanwhile looks again.
    """
    if looked.listing is None:
        return None
    sources, name = visit.store.sources, visit.source.name
    behind = known.behind or _since_when(known, looked.listing.kind, items, sources.last_news(name))
    if behind is None:
        return None
    if known.behind is None:
        sources.fall_behind(name, behind, visit.now())
    sure = known.behind is not None or schedule.is_gap(set(items), known.items)
    in_vain = known.unfilled_at is not None and visit.now() - known.unfilled_at < _A_DAY
    tried_since = known.gap_at if known.behind else None
    return CatchUp(visit, behind, sure, _NOT_FAR if in_vain else _FARTHEST, tried_since)


def _since_when(known: Memory, kind: Kind, items: Sequence[int], news: datetime | None) -> datetime | None:
    """Return since when a source may have printed what was never seen.

    `news` is when it last brought anything: a listing that stood still for days before it moved on
    was read well all that time.
    """
    if known.good_at is None:  # all that it can have printed unseen is what came since its first visit failed
        return known.first_seen if known.failures and kind is not Kind.LISTING else None
    if schedule.reaches_back(items, known.items):
        return None
    return min(known.good_at, news or known.good_at)


@dataclass
class CatchUp:
    """The way back through one source to `behind`; `met` when what was found joins what was known then.

    It is `sure` that something was missed when its listing shared nothing with the visit before.
    No more than `farthest` older pages are read.
    `faults` takes, a line each, what could not be read; `passing` is true when it may be another
    time, which is hoped for a while from `tried_since` on.
    """

    visit: Visit
    behind: datetime
    sure: bool
    farthest: int
    tried_since: datetime | None = None
    met: bool = False
    passing: bool = False
    reached: str = "looking for what was missed"
    faults: list[str] = field(default_factory=list)

    async def pages(self, first: Listing) -> AsyncIterator[tuple[Link, ...]]:
        """Return the links of a listing and of what is older, then those of the site's sitemaps."""
        visit = self.visit
        past = Past(visit.visitor, visit.store, visit.source, self.behind - _DELAY, visit.app.clock)
        walked = 0
        async with aclosing(past.walk(first)) as pages:
            async for page in pages:
                for start in range(0, len(page), _TOGETHER):
                    together = page[start : start + _TOGETHER]
                    yield together
                    self.met = self._joins(together)
                    if self.met:
                        return
                walked += 1
                if walked > self.farthest:
                    break
        self.faults += past.faults
        self.passing = bool(past.faults)
        for address in await sitemaps(visit.web, visit.source.url):
            yield await self._sitemap(address)

    async def _sitemap(self, address: str) -> tuple[Link, ...]:
        """Return what a sitemap lists of the time since; links without a day are left out.

        It may name everything the site ever printed.
        """
        visit = self.visit
        try:
            listing = await read(visit.visitor, visit.source, address, visit.now())
            listing = await below(visit.visitor, visit.source, listing, visit.now(), self.faults)
        except (FetchError, UnreadableError) as fault:
            self.passing |= fault.passing
            self.faults += [f"{address}: {fault}"] if fault.passing else []
            return ()
        days = [(link, day) for link in listing.links if (day := day_of_link(link))]
        found = tuple(link for link, day in days if day >= self.behind - _DELAY)
        ended = (
            any(day < self.behind for _, day in days) or self.visit.store.links.found_by(listing.links, self.behind) > 0
        )
        self.met |= ended and len(found) <= _MOST
        return found[:_MOST]

    def _joins(self, page: Sequence[Link]) -> bool:
        """Tell whether half of a page was known, or printed, before."""
        later = [link for link in page if (day_of_link(link) or self.behind) >= self.behind]
        known = self.visit.store.links.found_by(later, self.behind)
        return (len(page) - len(later) + known) * 2 >= len(page)

    def end(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """Return since when the source is behind still, and since when articles are missing for good; None if not."""
        if self.met:
            return None, None
        if self.passing and (self.tried_since is None or now < self.tried_since + _HOPE):
            return self.behind, None
        return None, self.behind if self.sure else None
