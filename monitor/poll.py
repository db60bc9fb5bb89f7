"""One round of one source: gather, decide, keep → Round.

Read `poll_source` from top to bottom: what the source offers is remembered first, then every
link is followed and its outcome kept, and only then the listing's validators, so that a process
that dies in between looks again.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor import urls
from monitor.app import App
from monitor.campaign import cited, decide
from monitor.dedup import copies
from monitor.edges.fetch import Web
from monitor.edges.store import Store
from monitor.errors import FetchError, StoreError, UnreadableError
from monitor.models import (
    Article,
    Label,
    Link,
    Listing,
    Memory,
    Outcome,
    Page,
    Progress,
    Report,
    Round,
    Source,
    State,
)
from monitor.scrape.discover import discover
from monitor.scrape.extract import extract
from monitor.scrape.repair import decode

_LINKS = 200  # of one listing, the newest; followed in one round
_TRIES = 6  # fetches of a page that fails, over half a day
AT_ONCE = 16  # sources polled side by side; hosts are visited one request at a time anyway
_LONGEST_WAIT = timedelta(hours=6)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Followed:
    """What came of one link."""

    outcome: Outcome
    kept: Report | None = None
    copy: bool = False
    revised: bool = False
    fault: str = ""


async def poll(app: App, store: Store, web: Web, sources: Sequence[Source], progress: Progress) -> list[Round]:
    """Visit several sources side by side; one that fails never stops another."""
    store.sources.enrol([source.name for source in sources], app.clock())
    places = asyncio.Semaphore(AT_ONCE)

    async def one(source: Source) -> Round:
        async with places:
            return await poll_source(app, store, web, source, progress)

    return list(await asyncio.gather(*(one(source) for source in sources)))


async def poll_source(app: App, store: Store, web: Web, source: Source, progress: Progress) -> Round:
    """Make one round of one source and write it down; faults become the round's state."""
    began = time.monotonic()
    memory = store.sources.memory(source.name)
    found, new, fault = 0, 0, ""
    notes: tuple[str, ...] = ()
    progress(source.name, "looking")
    try:
        listing, memory, notes = await _look(web, source, memory, app.clock())
        if listing:
            found = len(listing.links)
            new = store.sources.remember(source.name, listing.links[:_LINKS], app.clock())
    except (FetchError, UnreadableError) as reason:
        fault = str(reason)
    except StoreError:
        raise
    except Exception as reason:  # noqa: BLE001 - one site must not stop the others, nor be asked for ever
        fault = _unexpected(reason, source.url)
    links = store.sources.to_follow(source.name, app.clock(), _LINKS)
    followed = []
    for number, link in enumerate(links, start=1):
        progress(source.name, f"page {number} of {len(links)}")
        followed.append(await _follow(app, store, web, source, link))
    done = replace(
        _round(source, followed, fault, notes), links=found, new=new, seconds=round(time.monotonic() - began, 2)
    )
    memory = replace(memory, failures=memory.failures + 1 if fault else 0)
    store.sources.end_round(done, memory, app.clock(), _next(app.clock(), source, memory))
    progress(source.name, "done")
    return done


def _unexpected(fault: Exception, url: str) -> str:
    """Log a fault that nobody foresaw, and say it in a line."""
    _log.error("%s: unexpected fault", url, exc_info=fault)
    return f"unexpected fault ({type(fault).__name__})"


async def _look(
    web: Web, source: Source, memory: Memory, now: datetime
) -> tuple[Listing | None, Memory, tuple[str, ...]]:
    """Fetch and read a source's listing; None when it has not changed since the last good round.

    Returns the memory to keep once all links are stored, and the faults of single sitemaps. An
    index of sitemaps says nothing of what changed below it, and is never taken for unchanged.
    """
    page = await web.get(source.url, memory)
    if page is None:
        return None, memory, ()
    seen = hashlib.sha256(page.content).hexdigest()
    after = replace(memory, etag=page.etag, last_modified=page.last_modified, listing_hash=seen)
    if seen == memory.listing_hash:
        return None, after, ()
    listing = discover(page, now, source.select)
    if not listing.sitemaps:
        return listing, replace(after, kind=listing.kind), ()
    links, notes = await _below(web, source, listing, now)
    if not links:
        raise UnreadableError(notes[0] if notes else "0 items: its sitemaps hold no article links")
    return replace(listing, links=links), Memory(kind=listing.kind), notes


async def _below(web: Web, source: Source, listing: Listing, now: datetime) -> tuple[tuple[Link, ...], tuple[str, ...]]:
    """Return a listing's links with those of the sitemaps it points to, and what could not be read."""
    links, notes = listing.links, []
    for address in listing.sitemaps:
        try:
            page = await web.get(address)
            links += discover(page, now, source.select).links if page else ()
        except (FetchError, UnreadableError) as reason:  # one of several: the others may do
            notes.append(f"{address}: {reason}")
    return links, tuple(notes)


async def _follow(app: App, store: Store, web: Web, source: Source, link: Link) -> _Followed:
    """Fetch one link and keep what it holds, together with the link's outcome."""
    try:
        page = await web.get(link.url)
        return _keep(app, store, source, link, page) if page else _Followed(Outcome.SAME)
    except FetchError as fault:
        if not fault.gone:
            return _later(app, store, source, link, str(fault))
        return _closed(store, link, Outcome.GONE, str(fault))
    except UnreadableError as fault:
        if fault.passing:
            return _later(app, store, source, link, str(fault))
        return _closed(store, link, Outcome.NOT_ARTICLE, str(fault))
    except StoreError:
        raise
    except Exception as fault:  # noqa: BLE001 - a page that trips the reader must not stop the round
        reason = _unexpected(fault, link.url)
        return replace(_closed(store, link, Outcome.NOT_ARTICLE, reason), fault=f"{source.name}: {link.url}: {reason}")


def _closed(store: Store, link: Link, outcome: Outcome, detail: str) -> _Followed:
    store.sources.close(link, outcome, detail)
    return _Followed(outcome)


def _later(app: App, store: Store, source: Source, link: Link, detail: str) -> _Followed:
    """Put a link off: what it leads to may be there another time."""
    outcome = store.sources.postpone(link, detail, app.clock(), _TRIES)
    return _Followed(outcome, fault=f"{source.name}: {link.url}: {detail}")


def _keep(app: App, store: Store, source: Source, link: Link, page: Page) -> _Followed:
    """Read a page, decide about it and store it with its place among its copies."""
    now = app.clock()
    article = extract(decode(page.content, page.content_type), page.url, now, source.select)
    article = replace(article, published=article.published or link.published, documents=cited(article, app.words))
    match = decide(article, app.words)
    print_ = copies.fingerprint(article)
    known = store.articles.find(article.url)
    if known and _is_other(known, article, print_) and urls.key(known.article.url) != urls.key(page.url):
        article = replace(article, url=urls.clean(page.url) or page.url)  # its canonical names another article
        known = store.articles.find(article.url)
    if known is not None:
        if (known.article.title, copies.fingerprint(known.article)) == (article.title, print_):
            store.articles.same(link, known)
            return _Followed(Outcome.SAME)
        store.articles.revise(link, known, article, match, print_, now)
        return _Followed(Outcome.KEPT, revised=True)
    twins = store.articles.twins(print_)
    found = Report(0, 0, source.name, source.province, article, match, seen_at=now)
    origin = copies.origin([*twins, found]) if twins else found
    kept = store.articles.keep(link, found, print_, twins, origin.id or None)
    return _Followed(Outcome.KEPT, kept=kept, copy=bool(twins))


def _is_other(known: Report, article: Article, print_: str) -> bool:
    """Tell whether neither headline nor text of a stored article agree with what was read now."""
    return known.article.title != article.title and copies.fingerprint(known.article) != print_


def _round(source: Source, followed: list[_Followed], fault: str, notes: tuple[str, ...]) -> Round:
    """Sum up what was followed, and say how the source stands."""
    new = [one for one in followed if one.kept and one.kept.match.label is Label.CAMPAIGN]
    kept = [one.kept for one in new if one.kept]
    faults = [one.fault for one in followed if one.fault]
    read = [
        one for one in followed if one.kept or (one.outcome in {Outcome.NOT_ARTICLE, Outcome.GONE} and not one.fault)
    ]
    state, reason = State.SILENT, ""
    if fault:
        state, reason = State.UNREADABLE, fault
    elif kept:
        state = State.ON_TOPIC
    elif read:
        state = State.OFF_TOPIC
    elif faults:
        state, reason = (
            State.UNREADABLE,
            f"none of its pages can be read: {faults[0].rsplit(': ', 1)[-1]}",
        )
    return Round(
        source=source.name,
        state=state,
        reason=reason,
        kept=len(kept),
        copies=sum(one.copy for one in new),
        revised=sum(one.revised for one in followed),
        messages=(*(f"{source.name}: {said}" for said in (fault, *notes) if said), *faults),
        stories=frozenset(report.story for report in kept),
    )


def _next(now: datetime, source: Source, memory: Memory) -> datetime:
    """Return when a source is visited again: later and later while it fails, never for good."""
    if not memory.failures:
        return now + source.every
    backoff = min(source.every * (1 << min(memory.failures, 10)), _LONGEST_WAIT)
    return now + max(source.every, backoff)
