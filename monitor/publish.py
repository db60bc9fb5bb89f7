"""One edition: load, compose, archive, deliver once.

An edition is frozen in the store, with its messages, before any file or message leaves: both can
be made again from what is stored, and are the same. So a process that dies anywhere in between
goes on where it stopped (`resume`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from monitor import archiving, joining
from monitor.app import App
from monitor.archiving import Rebuilt
from monitor.delivery.mark import signed
from monitor.digest.message import Layout, render
from monitor.drafting import compose, rewritten, waiting
from monitor.edges import archive
from monitor.edges.store import Message, Store
from monitor.models import Edition, Part
from monitor.posting import at_once, deliver

_LOOK_BACK = 7  # editions whose files are looked after


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


async def publish(app: App, store: Store, day: date, now: datetime, *, asked: bool = False) -> Published:
    """Make the edition of a local date unless it stands already; archive and deliver it.

    An edition made before there was a channel is posted when it is asked for again; when a person has
    `asked` for it, messages that were put off are tried at once. Raises UsageError for a date to come
    or of which nothing is known, StoreError and ArchiveError; what Telegram answered is written to each
    message.
    """
    archive.check(app.digests)
    told: tuple[int, ...] = ()
    stored = edition = store.editions.get(day)
    if edition is not None:
        if app.chat and not store.outbox.of(day):
            store.outbox.address(day, app.chat, _posted(app, edition), now)
    else:
        await joining.tidy(store, lambda: waiting(app, store, day, now).reports, app.phrases, now)
        draft = await rewritten(app, compose(app, store, day, now, waiting(app, store, day, now)))
        edition, told = draft.edition, tuple(placed.id for placed in draft.basis.placed)
        store.editions.add(edition, told, now, app.chat, _posted(app, edition), draft.basis)
    if asked:
        at_once(app, store)
    done = {name: await output(app, store, day) for name, output in OUTPUTS.items()}
    messages = tuple(store.outbox.of(day))
    return Published(edition, parts_of(app, store, edition), stored is None, told, done["archive"], messages)


async def resume(app: App, store: Store) -> None:
    """Finish what was left undone: files of the last editions, notes to told stories, messages that wait."""
    for output in OUTPUTS.values():
        await output(app, store, None)


async def _to_archive(app: App, store: Store, day: date | None) -> tuple[str, ...]:
    """Write the files that are not there, of one date's edition or of the last ones; then what needs a new note."""
    asked = store.editions.get(day) if day else None
    written = []
    for edition in [asked] if asked else store.editions.recent(_LOOK_BACK):
        if lost := archiving.lost(app, store, edition.date):
            written += archiving.shelve(app, store, edition, parts_of(app, store, edition), lost)
    for overtaken in store.shelf.overtaken():
        if edition_then := store.editions.get(overtaken):
            written += archiving.annotate(app, store, edition_then, parts_of(app, store, edition_then))
    return tuple(written)


async def _to_telegram(app: App, store: Store, _: date | None) -> tuple[str, ...]:
    await deliver(app, store)
    return ()


OUTPUTS: dict[str, Callable[[App, Store, date | None], Awaitable[tuple[str, ...]]]] = {
    "archive": _to_archive,
    "telegram": _to_telegram,
}
"""Where an edition goes, in this order. Each brings what is not there yet, of one date (None: of the last ones),
and may be called again at any time; it returns the paths it wrote. Another way out is a file and a row here."""


def rebuild(app: App, store: Store, day: date) -> Rebuilt:
    """Prove that an archived edition can be made again from the stored facts; put its files right."""
    stored = store.editions.get(day)
    return archiving.rebuild(app, store, day, parts_of(app, store, stored) if stored else ())


def parts_of(app: App, store: Store, edition: Edition) -> tuple[Part, ...]:
    """Return an edition's messages as they were frozen; without a channel, as they would be."""
    return tuple(message.part for message in store.outbox.of(edition.date)) or _rendered(app, edition)


def _rendered(app: App, edition: Edition) -> tuple[Part, ...]:
    """Return an edition's messages in the layout that sources.yaml asks for."""
    usual: Literal["preview", "cover"] = "preview" if app.address else "cover"
    parts = render(edition, Layout(app.config.digest.picture or usual, app.address))
    return tuple(signed(edition.date, part) for part in parts)


def preview(app: App, store: Store, day: date, now: datetime) -> Published:
    """Return the stored edition of a date, or what it would be if it were made now; changes nothing.

    Raises UsageError for a date to come, TooEarlyError when nothing was visited in its time.
    """
    if stored := store.editions.get(day):
        return Published(stored, parts_of(app, store, stored), fresh=False)
    found = waiting(app, store, day, now)
    settled = joining.tidied(store, found.reports, app.phrases)
    draft = compose(app, store, day, now, found.holding(settled))
    told = tuple(placed.id for placed in draft.basis.placed)
    return Published(draft.edition, _rendered(app, draft.edition), fresh=True, told=told)


def _posted(app: App, edition: Edition) -> tuple[Part, ...]:
    """Return the messages of an edition; none for an empty one if sources.yaml says `empty: skip`."""
    told = edition.stories or edition.late or edition.reviews
    return _rendered(app, edition) if told or app.config.digest.empty == "post" else ()
