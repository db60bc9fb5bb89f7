"""One round of one source: gather, decide, keep → Round.

Read `poll_source` from top to bottom: what the source offers is remembered first, then every
link is followed and its outcome kept, and only then the listing's validators, so that a process
that dies in between looks again.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime

from monitor import schedule, urls
from monitor.app import App
from monitor.backfill import Past
from monitor.catching_up import CatchUp, catch_up
from monitor.digest.edition import next_closing
from monitor.edges.fetch import Web
from monitor.edges.store import Store
from monitor.errors import FetchError, StoreError, UnreadableError
from monitor.following import LINKS, Followed, Visit, follow_waiting, remember_host, unexpected
from monitor.gather import Gathered, gather
from monitor.impressions import Impressions
from monitor.models import (
    Label,
    Link,
    Memory,
    Outcome,
    Progress,
    Round,
    Source,
    Specimen,
    State,
    Wishes,
)
from monitor.reach import unreached
from monitor.scrape.gate import gate

AT_ONCE = 16  # sources polled side by side; hosts are visited one request at a time anyway


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
    visit = Visit(app, store, web, source, progress, door, Impressions(known.pages))
    progress(source.name, "looking")
    looked = await _look(visit, known.afresh if since or known.behind else known)
    items = [schedule.item(urls.key(link.url)) for link in looked.links[:LINKS]]
    memory = _remembered(source, looked, known, items)  # what its listing was; below, what its pages were
    way = Past(visit.visitor, store, source, since, app.clock) if since else catch_up(visit, known, looked, items)
    links, new, followed, notes = 0, 0, list[Followed](), list[str]()
    async with aclosing(_pages(visit, looked, way, notes)) as pages:
        async for offered in pages:
            new += store.links.remember(source.name, offered, visit.now(), backlog=since is not None)
            links += len(offered)
            followed += await follow_waiting(visit) if since else []  # the days of articles end the way back
    followed += await follow_waiting(visit)
    gap = since is None and schedule.is_gap(memory.items, known.items)
    behind, lost = way.end(visit.now()) if isinstance(way, CatchUp) else (known.behind, None)
    seconds = round(time.monotonic() - began, 2)
    done = _round(source, looked, followed, notes)
    done = replace(done, links=links, new=new, gap=gap, unfilled=lost, seconds=seconds)
    memory = replace(memory, pages=visit.impressions.kept, behind=behind)
    more = len(followed) >= LINKS and bool(store.links.to_follow(source.name, visit.now(), 1))
    due = _due(visit, looked, known, memory, more=more)
    store.sources.end_round(done, memory, visit.now(), due, _specimens(visit))
    progress(source.name, "done")
    return done


def _specimens(visit: Visit) -> list[Specimen]:
    """Return the pages of a round that are kept for comparison."""
    seen, now = visit.impressions, visit.now()
    pages = ((seen.good, True), (seen.bad, False))
    return [Specimen(page, good, now) for page, good in pages if page]


async def _look(visit: Visit, memory: Memory) -> Gathered:
    """Fetch and read a source's listing; what is wrong with it comes back as `fault`."""
    try:
        found = await gather(visit.visitor, visit.source, memory, visit.now())
    except (FetchError, UnreadableError) as fault:
        asked = fault.retry_after if isinstance(fault, FetchError) else None
        return Gathered(None, memory, fault=str(fault), lasting=not fault.passing, retry_after=asked)
    except Exception as fault:  # noqa: BLE001 - one site must not stop the others, nor be asked for ever
        return Gathered(None, memory, fault=unexpected(fault, visit.source.url))
    remember_host(visit, visit.source.url, found.landed)
    return found


async def _pages(
    visit: Visit, looked: Gathered, way: Past | CatchUp | None, notes: list[str]
) -> AsyncGenerator[tuple[Link, ...], None]:
    """Return what a source offers, to be remembered page by page; `notes` takes what fails."""
    first = () if isinstance(way, Past) else looked.links[:LINKS]
    yield first
    if way is None or looked.listing is None:
        return
    given = set(first)
    try:
        async for page in way.pages(looked.listing):
            yield tuple(link for link in page if link not in given)
            visit.progress(visit.source.name, way.reached)
    except StoreError:
        raise
    except Exception as fault:  # noqa: BLE001 - what was found so far stays
        notes.append(f"older pages: {unexpected(fault, visit.source.url)}")
    notes += way.faults


def _round(source: Source, looked: Gathered, followed: list[Followed], notes: list[str]) -> Round:
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


def _remembered(source: Source, looked: Gathered, known: Memory, listed: Iterable[int]) -> Memory:
    """Return what is kept of a source for its next round: what it listed, how it failed, its interval."""
    items = frozenset(listed) or known.items
    usual = source.every or known.interval or schedule.FIRST
    pace = usual
    if not source.every and not looked.fault:
        wishes = looked.listing.wishes if looked.listing else Wishes()
        suits = schedule.adapted(usual, items, known.items)
        pace = schedule.heeding(suits, wishes, looked.fresh_for, items, known.items)
    elsewhere = urls.site(looked.landed) if urls.site(looked.landed) != urls.site(source.url) else ""
    return replace(
        looked.memory,
        items=items,
        interval=pace,
        failures=known.failures + 1 if looked.fault else 0,
        landed=elsewhere if looked.landed else known.landed,
        misdated=looked.listing.misdated if looked.listing else known.misdated,
    )


def _due(visit: Visit, looked: Gathered, known: Memory, memory: Memory, *, more: bool) -> datetime:
    """Return when a source is visited again; after its first round at a place of its own in the interval.

    It is soon when `more` of its links wait than one round follows.
    """
    now, name, pace = visit.now(), visit.source.name, memory.interval or schedule.FIRST
    if looked.fault:
        missed = unreached(looked.fault)
        trouble = schedule.Trouble(memory.failures, looked.lasting, looked.retry_after, missed)
        due = schedule.next_visit(now, name, pace, trouble)
        return due if looked.lasting or looked.retry_after else _by_closing(visit, due)
    if more:
        return schedule.next_visit(now, name, schedule.FASTEST)
    if known.good_at is None:
        return schedule.spread(now + pace / 2, name, pace / 2)
    due = schedule.next_visit(now, name, pace)
    return due if visit.source.every else _by_closing(visit, schedule.outside(due, memory.quiet, now))


def _by_closing(visit: Visit, due: datetime) -> datetime:
    now, digest = visit.now(), visit.app.config.digest
    return schedule.by_closing(due, now, visit.source.name, next_closing(now, digest.at, digest.timezone))
