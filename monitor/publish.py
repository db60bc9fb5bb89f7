"""One edition: load, compose, archive, deliver once.

An edition is frozen in the store, with its messages, before any file or message leaves: both can
be made again from what is stored, and are the same. So a process that dies anywhere in between
goes on where it stopped (`resume`).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from monitor import joining
from monitor.app import App
from monitor.digest import edition as editions
from monitor.digest import pages
from monitor.digest.message import render
from monitor.edges import archive
from monitor.edges.store import Delivery, Message, Store
from monitor.errors import NotSentError, RefusedError, TooEarlyError, UnknownError, UsageError
from monitor.models import Edition, Part, Report

if TYPE_CHECKING:
    from monitor.edges.telegram import Channel

_BACKOFF = timedelta(minutes=1)
_LOOK_BACK = 7  # editions whose files are looked after
_FIRST_YEAR = 1997


@dataclass(frozen=True, slots=True)
class Published:
    """An edition and what became of it.

    `told` are the ids of the articles it tells, when this call composed it (`fresh`); `files`
    those written by this call; `messages` its part of the outbox, empty without a channel.
    """

    edition: Edition
    parts: tuple[Part, ...]
    fresh: bool
    told: tuple[int, ...] = ()
    files: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()


async def publish(app: App, store: Store, day: date, now: datetime) -> Published:
    """Make the edition of a local date unless it stands already; archive and deliver it.

    An edition made before there was a channel is posted when it is asked for again. Raises
    UsageError for a date to come or of which nothing is known, StoreError and ArchiveError; what
    Telegram answered is written to each message.
    """
    archive.check(app.digests)
    if not store.editions.get(day):
        joining.tidy(store, _untold(app, store, day, now), app.phrases, now)
    made = preview(app, store, day, now)
    if made.fresh:
        store.editions.add(made.edition, made.told, now, app.chat, made.parts)
    elif app.chat and not store.editions.messages(day):
        store.editions.address(made.edition, app.chat, made.parts, now)
    files = _archive(app, made)
    await deliver(app, store)
    messages = tuple(store.editions.messages(day))
    return Published(made.edition, made.parts, made.fresh, made.told, tuple(files), messages)


async def resume(app: App, store: Store) -> None:
    """Finish what was left undone: files of the last editions, messages that wait."""
    for edition in store.editions.recent(_LOOK_BACK):
        if archive.missing(app.digests, edition.date, ("md", "json")):
            _archive(app, Published(edition, _parts(store, edition), fresh=False))
    await deliver(app, store)


def _parts(store: Store, edition: Edition) -> tuple[Part, ...]:
    """Return an edition's messages as they were frozen; without a channel, as they would be."""
    return tuple(message.part for message in store.editions.messages(edition.date)) or render(edition)


def preview(app: App, store: Store, day: date, now: datetime) -> Published:
    """Return the stored edition of a date, or what it would be if it were made now; changes nothing.

    Raises UsageError for a date to come, TooEarlyError when nothing was visited in its time.
    """
    if stored := store.editions.get(day):
        return Published(stored, _parts(store, stored), fresh=False)
    reports = joining.tidied(store, _untold(app, store, day, now), app.phrases)
    _, until = _span(app, day, now)
    day_before = until - timedelta(days=1)
    since = min(store.editions.closed_before(day) or day_before, day_before)
    today = day == now.astimezone(app.config.digest.timezone).date()
    rounds = store.sources.rounds(since, now if today else until)
    if not reports and not rounds:
        hint = "`monitor poll` does it" if today else "nothing is known of that day"
        raise TooEarlyError(f"{day:%Y-%m-%d}: no source was visited in that time; {hint}")
    names = [source.name for source in app.sources]
    edition = editions.compose(day, app.config.campaign.heading, reports, rounds, names)
    return Published(edition, render(edition), fresh=True, told=tuple(report.id for report in reports))


def _untold(app: App, store: Store, day: date, now: datetime) -> list[Report]:
    """Return what may stand in the edition of a date; raises UsageError as `_span` does."""
    return store.articles.untold(*_span(app, day, now), mentions=app.config.campaign.mentions)


def _span(app: App, day: date, now: datetime) -> tuple[datetime, datetime]:
    """Return after when and until when an article may be dated to stand in an edition.

    Raises UsageError for a date to come and for one before there was news on the web.
    """
    digest = app.config.digest
    today = now.astimezone(digest.timezone).date()
    if day > today:
        raise UsageError(f"{day:%Y-%m-%d} lies in the future; today is {today:%Y-%m-%d} in {digest.timezone}")
    if day.year < _FIRST_YEAR:
        raise UsageError(f"{day.isoformat()}: there was no news on the web yet")
    return editions.span(day, now, digest.at, digest.timezone, digest.max_age)


def _archive(app: App, made: Published) -> list[str]:
    """Write the edition's files; returns the paths of those that were not there so."""
    texts = {"md": pages.markdown(made.edition), "json": pages.as_json(made.edition, made.parts)}
    return [str(path) for path in archive.write(app.digests, made.edition.date, texts)]


async def deliver(app: App, store: Store) -> None:
    """Send what waits in the outbox, each edition's parts in order, each at most once.

    A part that does not arrive holds back the parts behind it, never another edition.
    """
    store.editions.settle(app.clock())
    outbox = [item for item in store.editions.outbox() if item.channel == app.chat]
    ready = [item for item in outbox if item.state is Delivery.PENDING and _is_due(item, app.clock())]
    channel = app.channel() if ready else None
    if channel is None:
        return
    try:
        async with channel:
            for _, parts in groupby(outbox, key=lambda item: item.edition):
                for item in parts:
                    if not (item in ready and await _send(app, store, channel, item)):
                        break
    except (NotSentError, RefusedError) as fault:  # the bot itself was not let in
        later = app.clock() + _BACKOFF
        for item in ready:
            store.editions.mark(item, Delivery.PENDING, app.clock(), reason=str(fault), not_before=later)


def _is_due(item: Message, now: datetime) -> bool:
    """Tell whether a message may go; a wait of more than a day was set by a clock that was wrong."""
    return item.not_before <= now or item.not_before > now + timedelta(days=1)


async def _send(app: App, store: Store, channel: "Channel", item: Message) -> bool:
    """Send one message in one request and write down how it went; returns whether it arrived."""
    store.editions.mark(item, Delivery.SENDING, app.clock())
    try:
        number = await channel.post(item.part)
    except NotSentError as fault:
        again = app.clock() + (timedelta(seconds=fault.retry_after) if fault.retry_after else _BACKOFF)
        store.editions.mark(item, Delivery.PENDING, app.clock(), reason=str(fault), not_before=again)
        return False
    except (RefusedError, UnknownError) as fault:
        state = Delivery.REFUSED if isinstance(fault, RefusedError) else Delivery.UNKNOWN
        store.editions.mark(item, state, app.clock(), reason=str(fault))
        return False
    store.editions.mark(item, Delivery.SENT, app.clock(), message_id=number)
    return True
