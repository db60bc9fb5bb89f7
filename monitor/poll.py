"""One round of one source: gather, decide, keep → Round.

Read `poll_source` from top to bottom: what the source offers is remembered first, then every
link is followed and its outcome kept, and only then the listing's validators, so that a process
that dies in between looks again.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor import health, joining, schedule, urls
from monitor.app import App
from monitor.backfill import Past, elsewhere
from monitor.dedup import copies
from monitor.dedup.texts import fingerprint
from monitor.digest.edition import next_closing
from monitor.edges.fetch import Web
from monitor.edges.store import Store
from monitor.errors import FetchError, StoreError, TooHardError, UnreadableError
from monitor.gather import Gathered, Visitor, gather
from monitor.health import Impressions
from monitor.models import (
    Article,
    Label,
    Link,
    Match,
    Memory,
    Outcome,
    Page,
    Progress,
    Report,
    Round,
    Source,
    Specimen,
    State,
)
from monitor.reading import read
from monitor.scrape.gate import Gate, gate

_LINKS = 200  # of one listing, the newest; followed in one round
_DELAY = timedelta(days=1)  # by which an article may be listed after its date
_TRIES = 6  # fetches of a page that fails, over half a day
AT_ONCE = 16  # sources polled side by side; hosts are visited one request at a time anyway

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Visit:
    """What one round of one source works with."""

    app: App
    store: Store
    web: Web
    source: Source
    progress: Progress
    gate: Gate | None
    impressions: Impressions

    @property
    def visitor(self) -> Visitor:
        return Visitor(self.web, self.app.parsing)

    def now(self) -> datetime:
        return self.app.clock()


@dataclass(frozen=True, slots=True)
class _Followed:
    """What came of one link; `rests` when its whole host is to be left alone for this round."""

    outcome: Outcome
    kept: Report | None = None
    copy: bool = False
    revised: bool = False
    fault: str = ""
    rests: bool = False


async def poll(
    app: App, store: Store, web: Web, sources: Sequence[Source], progress: Progress, since: datetime | None = None
) -> list[Round]:
    """Visit several sources side by side; one that fails never stops another. Raises StoreError.

    With `since`, older pages of each listing are walked back to that moment too.
    """
    enlist(app, store, sources)
    places = asyncio.Semaphore(AT_ONCE)

    async def one(source: Source) -> Round:
        async with places:
            return await poll_source(app, store, web, source, progress, since)

    return list(await asyncio.gather(*(one(source) for source in sources)))


def enlist(app: App, store: Store, sources: Sequence[Source]) -> None:
    """Make sources known to the store, with their history under earlier names and at earlier addresses."""
    store.sources.enrol([source.name for source in sources], app.clock())
    store.sources.follow_moves(sources)


async def poll_source(
    app: App, store: Store, web: Web, source: Source, progress: Progress, since: datetime | None = None
) -> Round:
    """Make one round of one source and write it down; faults become the round's state."""
    door = None if since else gate(app.words.anchors)  # on the way back every page may tell its day
    known, began = store.sources.memory(source.name), time.monotonic()
    visit = _Visit(app, store, web, source, progress, door, Impressions(known.pages))
    progress(source.name, "looking")
    looked = await _look(visit, Memory(kind=known.kind) if since else known)
    memory = _remembered(source, looked, known)  # what its listing was; below, what its pages were
    gap = since is None and schedule.is_gap(memory.items, known.items)
    back = known.good_at - _DELAY if gap and known.good_at else since
    links, new, followed, notes = 0, 0, list[_Followed](), list[str]()
    async with aclosing(_pages(visit, looked, back, notes, gap=gap)) as pages:
        async for offered in pages:
            found = store.sources.remember(source.name, offered, visit.now(), backlog=since is not None)
            links, new = links + len(offered), new + found
            followed += await _follow_waiting(visit)
            if gap and found < len(offered):  # here it meets what was seen before
                break
    seconds = round(time.monotonic() - began, 2)
    done = replace(_round(source, looked, followed, notes), links=links, new=new, gap=gap, seconds=seconds)
    memory = replace(memory, pages=visit.impressions.kept)
    due = _next(visit.now(), source, looked, known, memory)
    if source.every is None and not looked.fault:
        digest = app.config.digest
        closing = next_closing(visit.now(), digest.at, digest.timezone)
        due = schedule.by_closing(due, visit.now(), source.name, closing)
    store.sources.end_round(done, memory, visit.now(), due, _specimens(visit))
    progress(source.name, "done")
    return done


def _specimens(visit: _Visit) -> list[Specimen]:
    """Return the pages of a round that are kept for comparison."""
    seen, now = visit.impressions, visit.now()
    pages = ((seen.good, True), (seen.bad, False))
    return [Specimen(page, good, now) for page, good in pages if page]


async def _look(visit: _Visit, memory: Memory) -> Gathered:
    """Fetch and read a source's listing; what is wrong with it comes back as `fault`."""
    try:
        found = await gather(visit.visitor, visit.source, memory, visit.now())
    except (FetchError, UnreadableError) as fault:
        lasting = fault.gone if isinstance(fault, FetchError) else not fault.passing
        asked = fault.retry_after if isinstance(fault, FetchError) else None
        return Gathered(None, memory, fault=str(fault), lasting=lasting, retry_after=asked)
    except Exception as fault:  # noqa: BLE001 - one site must not stop the others, nor be asked for ever
        return Gathered(None, memory, fault=_unexpected(fault, visit.source.url))
    _remember_host(visit, visit.source.url, found.landed)
    return found


async def _pages(
    visit: _Visit, looked: Gathered, since: datetime | None, notes: list[str], *, gap: bool
) -> AsyncGenerator[tuple[Link, ...], None]:
    """Return what a source offers, to be remembered and followed page by page; `notes` takes what fails."""
    first = looked.links[:_LINKS] if gap or since is None else ()
    yield first
    if since is None or looked.listing is None:
        return
    past = Past(visit.visitor, visit.store, visit.source, since, visit.app.clock)
    try:
        async for page in past.pages(looked.listing):
            yield tuple(link for link in page if link not in first)
            visit.progress(visit.source.name, past.reached)
    except StoreError:
        raise
    except Exception as fault:  # noqa: BLE001 - what was found so far stays
        notes.append(f"older pages: {_unexpected(fault, visit.source.url)}")
    notes += past.faults
    if gap and not (looked.listing.older or looked.listing.sitemaps):
        yield await elsewhere(visit.visitor, visit.source, since, visit.now())


async def _follow_waiting(visit: _Visit) -> list[_Followed]:
    """Follow the source's links that wait, the newest first; those of a host that asks for time go on waiting."""
    followed, resting = list[_Followed](), set[str]()
    waiting = visit.store.sources.to_follow(visit.source.name, visit.now(), _LINKS)
    for number, link in enumerate(waiting, start=1):
        if urls.host(link.url) in resting:
            continue
        visit.progress(visit.source.name, f"page {number} of {len(waiting)}")
        followed.append(await _follow(visit, link))
        resting |= {urls.host(link.url)} if followed[-1].rests else set()
    return followed


async def _follow(visit: _Visit, link: Link) -> _Followed:
    """Fetch one link and keep what it holds, together with the link's outcome."""
    page = None
    try:
        page = await visit.web.get(link.url)
        _remember_host(visit, link.url, page.url if page else "")
        return await _keep(visit, link, page) if page else _Followed(Outcome.SAME)
    except FetchError as fault:
        if fault.gone:
            return _close(visit, link, Outcome.GONE, str(fault))
        return replace(_postpone(visit, link, str(fault)), rests=fault.retry_after is not None)
    except TooHardError as fault:
        return replace(_postpone(visit, link, str(fault)), rests=True)
    except UnreadableError as fault:
        if fault.passing:
            return _postpone(visit, link, str(fault))
        if page:
            visit.impressions.note(page, health.mask(None))
        return _close(visit, link, Outcome.NOT_ARTICLE, str(fault))
    except StoreError:
        raise
    except Exception as fault:  # noqa: BLE001 - a page that trips the reader must not stop the round
        reason = _unexpected(fault, link.url)
        return replace(_close(visit, link, Outcome.NOT_ARTICLE, reason), fault=f"{link.url}: {reason}")


def _remember_host(visit: _Visit, asked: str, landed: str) -> None:
    """Write down to which other host a fetch was led: the archive may link to it."""
    if landed and urls.site(asked) != urls.site(landed):
        visit.store.sources.led(urls.site(asked), urls.site(landed))


def _close(visit: _Visit, link: Link, outcome: Outcome, detail: str) -> _Followed:
    """Write down that a link gave no article, for ever."""
    visit.store.sources.close(link, outcome, detail)
    return _Followed(outcome)


def _postpone(visit: _Visit, link: Link, detail: str) -> _Followed:
    """Put a link off: what it leads to may be there another time."""
    outcome = visit.store.sources.postpone(link, detail, visit.now(), _TRIES)
    return _Followed(outcome, fault=f"{link.url}: {detail}")


def _unexpected(fault: Exception, url: str) -> str:
    """Log a fault that nobody foresaw, and say it in a line."""
    _log.error("%s: unexpected fault", url, exc_info=fault)
    return f"unexpected fault ({type(fault).__name__})"


async def _keep(visit: _Visit, link: Link, page: Page) -> _Followed:
    """Read a page, decide about it and store it with its place among its copies.

    A page without a word of the campaign is turned away unread, unless it was stored before.
    """
    store = visit.store
    if visit.gate and not visit.gate.passes(page.content) and not store.articles.find(urls.clean(page.url)):
        return _close(visit, link, Outcome.REJECTED, "no word of the campaign on the page")
    article, match = await visit.app.parsing.call(
        read, page, visit.now(), visit.app.words, visit.source.select, link.published
    )
    visit.impressions.note(page, health.mask(article))
    with store.alone():  # two workers must not both find that a text is new
        return _place(visit, link, page, article, match)


def _place(visit: _Visit, link: Link, page: Page, article: Article, match: Match) -> _Followed:
    """Store an article that was read: as a new one, as a new text of a known one, or not again."""
    store = visit.store
    article, known = _known(visit, article, page)
    found = Report(0, 0, visit.source.name, visit.source.province, article, match, seen_at=visit.now())
    known = known or joining.known(store, found)
    if known is None:
        kept, copy = joining.keep(store, link, found, visit.app.phrases)
        return _Followed(Outcome.KEPT, kept=kept, copy=copy)
    if copies.reads_as(known.article, article):
        store.articles.same(link, known)
        return _Followed(Outcome.SAME)
    joining.revise(store, link, known, article, match, visit.app.phrases, visit.now())
    return _Followed(Outcome.KEPT, revised=True)


def _known(visit: _Visit, article: Article, page: Page) -> tuple[Article, Report | None]:
    """Return the stored article of the same address, if there is one.

    A page whose canonical address names an article with another headline and another text is an
    article of its own, under the address it was fetched from.
    """
    known = visit.store.articles.find(article.url)
    if known is None or urls.key(article.url) == urls.key(page.url):
        return article, known
    if known.article.title == article.title or fingerprint(known.article) == fingerprint(article):
        return article, known
    own = replace(article, url=urls.clean(page.url) or page.url)
    return own, visit.store.articles.find(own.url)


def _round(source: Source, looked: Gathered, followed: list[_Followed], notes: list[str]) -> Round:
    """Sum up what was followed, and say how the source stands."""
    told = [one for one in followed if one.kept and one.kept.match.label is Label.CAMPAIGN]
    faults = [one.fault for one in followed if one.fault]
    read = {Outcome.KEPT, Outcome.REJECTED, Outcome.NOT_ARTICLE, Outcome.GONE}
    fresh = [one for one in followed if one.outcome in read and not one.fault and not one.revised]
    state, reason = State.SILENT, ""
    if looked.fault:
        state, reason = State.UNREADABLE, looked.fault
    elif told:
        state = State.ON_TOPIC
    elif fresh:
        state = State.OFF_TOPIC
    elif faults:
        state, reason = State.UNREADABLE, f"none of its pages can be read: {faults[0].rsplit(': ', 1)[-1]}"
    said = (looked.fault, *looked.notes, *notes, *faults)
    return Round(
        source=source.name,
        state=state,
        reason=reason,
        kept=len(told),
        copies=sum(one.copy for one in told),
        revised=sum(one.revised for one in followed),
        messages=tuple(f"{source.name}: {fault}" for fault in said if fault),
        stories=frozenset(one.kept.story for one in told if one.kept),
    )


def _remembered(source: Source, looked: Gathered, known: Memory) -> Memory:
    """Return what is kept of a source for its next round: what it listed, how it failed, its interval."""
    items = frozenset(schedule.item(urls.key(link.url)) for link in looked.links[:_LINKS]) or known.items
    usual = source.every or known.interval or schedule.FIRST
    pace = usual if source.every or looked.fault else schedule.adapted(usual, items, known.items)
    elsewhere = urls.site(looked.landed) if urls.site(looked.landed) != urls.site(source.url) else ""
    return replace(
        looked.memory,
        items=items,
        interval=pace,
        failures=known.failures + 1 if looked.fault else 0,
        landed=elsewhere if looked.landed else known.landed,
        misdated=looked.listing.misdated if looked.listing else known.misdated,
    )


def _next(now: datetime, source: Source, looked: Gathered, known: Memory, memory: Memory) -> datetime:
    """Return when a source is visited again; after its first round at a place of its own in the interval."""
    pace = memory.interval or schedule.FIRST
    if looked.fault:
        return schedule.next_visit(
            now, source.name, pace, schedule.Trouble(memory.failures, looked.lasting, looked.retry_after)
        )
    if known.good_at is None:
        return schedule.spread(now + pace / 2, source.name, pace / 2)
    return schedule.next_visit(now, source.name, pace)
