"""What a channel shows, read back: by a second bot in it, from its public page, by forwarding post after post.

A bot is never told of its own posts in a channel. So before a message that may have been posted is sent
again, it is looked for by every way that is set up and that was not found to fail.
"""

import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from monitor.app import App
from monitor.delivery.finding import TEST, View, left_over
from monitor.edges.store import Store
from monitor.errors import DeliveryError, UnknownError
from monitor.models import Post
from monitor.posting.office import Office

WITNESS, PREVIEW, FORWARD = "witness", "preview", "forward"
_MISSES = 10  # ids in a row that hold nothing: the channel goes no further
_FARTHEST = 150  # posts that are forwarded at most

_log = logging.getLogger(__name__)


def set_up(app: App) -> tuple[str, ...]:
    """Return the ways to read the channel that the settings allow: a second bot, a public name, an admin chat."""
    settings = app.settings
    ways = {
        WITNESS: settings.telegram_witness_token is not None,
        PREVIEW: (app.chat or "").startswith("@"),
        FORWARD: bool(settings.telegram_admin_chat),
    }
    return tuple(way for way, there in ways.items() if there)


def usable(office: Office) -> tuple[str, ...]:
    """Return the ways that are set up and that no test found to fail."""
    chat = office.chat
    return tuple(way for way in set_up(office.app) if not chat.tested or way in chat.ways)


async def look(office: Office, ways: Iterable[str], above: int, test: int | None = None) -> list[View]:
    """Return what each of these ways shows of the posts above an id; one that fails shows nothing.

    `test` is the id of a message just posted: a way that shows it shows all before it too.
    """
    views = []
    for way in ways:
        if way == WITNESS:
            await listen(office.app, office.store)
            views.append(_view(way, office.store.chats.sightings(office.name, above), test))
        elif way == PREVIEW:
            views.append(await _page(office, above, test))
        else:
            views.append(await _forwarded(office, above, test))
    last = max((post.id for view in views for post in view.posts), default=0)
    if last > office.chat.last_id:
        office.store.chats.saw(office.name, last)
    return views


async def listen(app: App, store: Store) -> None:
    """Keep what the second bot was told since it was asked last; it is told again until that is kept."""
    witness, name = app.witness(), app.chat
    if witness is None or name is None:
        return
    try:
        async with witness:
            more = True
            while more:
                chat = store.chats.get(name)
                posts, following, more = await witness.updates(chat.address, chat.next_update)
                store.chats.seen_by_witness(name, posts, following, app.clock())
    except DeliveryError as fault:
        _log.warning("the second bot hears nothing: %s", fault)


async def _page(office: Office, above: int, test: int | None) -> View:
    """Return what the channel's public page shows."""
    from monitor.edges.telegram import preview  # noqa: PLC0415 - as in app

    settings = office.app.settings
    name = office.name.removeprefix("@")
    try:
        posts, whole = await preview.posts(settings.telegram_preview_url, name, above, settings.telegram_proxy)
    except UnknownError as fault:
        _log.warning("%s", fault)
        return View(PREVIEW, ())
    return _view(PREVIEW, posts, test if whole else None)


async def _forwarded(office: Office, above: int, test: int | None) -> View:
    """Forward the posts above an id to the admin chat, up to `test` or until ten ids in a row hold nothing."""
    admin = office.store.chats.get(office.app.settings.telegram_admin_chat or "").address
    first = max(above + 1, (test or 0) - _FARTHEST)
    posts: list[Post] = []
    misses = 0
    try:
        for number in range(first, (test or above + _FARTHEST) + 1):
            post = await office.channel.forward(number, admin)
            posts += [post] if post else []
            misses = 0 if post else misses + 1
            if misses == _MISSES and not test:
                break
    except DeliveryError as fault:
        _log.warning("posts cannot be forwarded to the admin chat: %s", fault)
        return View(FORWARD, tuple(posts))
    return _view(FORWARD, posts, test if first == above + 1 else None)


def _view(way: str, posts: list[Post], test: int | None) -> View:
    """Return a view; a way that shows a later message shows all before it."""
    last = max((post.id for post in posts), default=0)
    return View(way, tuple(posts), test if test and last >= test else 0)


@asynccontextmanager
async def test_message(office: Office) -> AsyncIterator[int]:
    """Post a silent message that says nothing, and delete it at the end; gives its id, the channel's newest."""
    await office.turn()
    number = await office.channel.say(TEST, silent=True)
    office.got_through()
    office.store.chats.saw(office.name, number)
    try:
        yield number
    finally:
        await office.delete(number)


async def tidy(office: Office, views: list[View]) -> None:
    """Delete test messages that stayed when a process died, or nobody knew whether they had been posted."""
    for number in left_over(views):
        await office.delete(number)


async def try_ways(app: App, store: Store) -> dict[str, bool]:
    """Find out by a test message, deleted again, which of the ways that are set up work, and keep it.

    Raises DeliveryError when that message cannot be posted; without a channel there is nothing to try.
    """
    name = app.chat
    channel = app.channel(store.chats.get(name).address) if name else None
    if channel is None or name is None:
        return {}
    async with channel:
        office = Office(app, store, channel, name)
        async with test_message(office) as number:
            views = await look(office, set_up(app), number - 1, number)
    works = {view.way: view.through >= number for view in views}
    store.chats.tested(name, sorted(way for way, good in works.items() if good), app.clock())
    return works
