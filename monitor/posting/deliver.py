"""One look at the outbox: what waits is sent, what is in doubt is settled, what should read differently is edited.

A message is `pending`, `sending`, `sent`, `refused` or `unknown`. Each step is written down before and after
it is taken, so a process that dies anywhere goes on where it stopped. Only what is certainly not in the channel
is sent again; what may be there is looked for first. docs/telegram.md says what is promised.
"""

from datetime import datetime, timedelta
from itertools import groupby

from monitor.app import App
from monitor.delivery.finding import already_there, place
from monitor.delivery.mark import read
from monitor.delivery.plain import plain
from monitor.edges import archive
from monitor.edges.store import Delivery, Message, Store
from monitor.errors import DeliveryError, MalformedError, MovedError, NotSentError, RefusedError, UnknownError
from monitor.posting import corrections
from monitor.posting.desk import Desk, hold
from monitor.posting.doubt import delete_twins, resolve
from monitor.posting.readback import FORWARD, PREVIEW, listen, look, tidy, usable
from monitor.reasons import in_vietnamese

_WRONG_CLOCK = timedelta(days=1)  # a longer wait was set by a clock that was wrong
_LISTENS = timedelta(minutes=10)  # Telegram keeps what the second bot is to be told for a day


async def deliver(app: App, store: Store) -> None:
    """Do what is due for the channel; what cannot be done waits, ever longer while Telegram is out of reach.

    Call it as often as you like, but not twice at once: what stands as `sending` is taken for left behind.
    """
    if app.chat is None:
        return
    store.outbox.settle(app.clock())
    corrections.note(app, store)
    chat = store.chats.get(app.chat)
    if app.clock() >= chat.listened_at + _LISTENS:
        await listen(app, store)
    resting = app.clock() + app.pace.between < chat.free_at < app.clock() + _WRONG_CLOCK
    channel = app.channel(chat.address) if not resting and _anything_due(app, store, app.chat) else None
    if channel is None:
        return
    try:
        async with channel:
            await _work(Desk(app, store, channel, app.chat))
    except MovedError as fault:
        store.chats.moved(app.chat, fault.number)
        await deliver(app, store)
    except DeliveryError as fault:
        _not_let_in(app, store, fault, hold(app, store, app.chat, fault))
        if isinstance(fault, RefusedError):  # the bot itself is not let in
            store.alerts.add("telegram:rights", f"⛔ Telegram từ chối bot: {in_vietnamese(str(fault))}.", app.clock())


async def _work(desk: Desk) -> None:
    """Send what waits, edit what should read differently, delete what came twice."""
    await _send_all(desk)
    for item in desk.store.outbox.to_edit(desk.name):
        await corrections.edit(desk, item)
    await _sweep(desk)


def at_once(app: App, store: Store) -> None:
    """Let what waits be tried at the next look, for the operator asks for it; a pause that Telegram asked for stays."""
    if app.chat is None:
        return
    store.outbox.hurry(app.chat, app.clock())
    if store.chats.get(app.chat).failures:
        store.chats.hold(app.chat, app.clock())


def _anything_due(app: App, store: Store, name: str) -> bool:
    now = app.clock()
    waits = any(one.channel == name and _is_due(one, app, now) for one in store.outbox.waiting())
    return waits or bool(store.outbox.to_edit(name) or _to_sweep(app, store, name, now))


def _is_due(item: Message, app: App, now: datetime) -> bool:
    """Tell whether a message may be sent, or looked for if it is in doubt."""
    settled = item.started_at + app.pace.settle if item.state is Delivery.UNKNOWN else item.not_before
    return not now < max(item.not_before, settled) <= now + _WRONG_CLOCK


def _not_let_in(app: App, store: Store, fault: DeliveryError, until: datetime) -> None:
    """Note with each message that waits why it does."""
    for item in store.outbox.waiting():
        if item.channel == app.chat and item.state is Delivery.PENDING and item.not_before <= app.clock():
            store.outbox.unsent(item, Delivery.PENDING, app.clock(), str(fault), until)


async def _send_all(desk: Desk) -> None:
    """Bring each edition's messages in order; one that does not arrive holds back those behind it, no other edition."""
    waiting = [item for item in desk.store.outbox.waiting() if item.channel == desk.name]
    for day, parts in groupby(waiting, key=lambda item: item.edition):
        items = list(parts)
        if await _known_there(desk, items):
            items = [item for item in desk.store.outbox.of(day) if item.state is not Delivery.SENT]
        for item in items:
            if not (_is_due(item, desk.app, desk.now) and await _bring(desk, item)):
                break


async def _known_there(desk: Desk, items: list[Message]) -> bool:
    """Look before anything is sent: a store put back from a copy forgot what it had posted since."""
    first = items[0]
    if first.state is not Delivery.PENDING or not _is_due(first, desk.app, desk.now):
        return False
    last = desk.chat.last_id
    ways = [way for way in usable(desk) if way == PREVIEW] or [way for way in usable(desk) if way == FORWARD and last]
    views = await look(desk, ways, last)
    there = already_there([one.part for one in desk.store.outbox.of(first.edition)], views)
    known = [item for item in items if item.part.number in there]
    for item in known:
        desk.store.outbox.sent(item, there[item.part.number], desk.now, "was in the channel already")
    if known:
        desk.alert("outbox:known", f"ℹ️ Bản tin {first.edition:%d/%m/%Y} đã có trên kênh nên không đăng lại.")
    return bool(known)


async def _bring(desk: Desk, item: Message) -> bool:
    """Settle a message that is in doubt, send one that is not there; returns whether it stands in the channel."""
    if item.state is Delivery.UNKNOWN:
        standing = await resolve(desk, item)
        if standing is not Delivery.PENDING:
            return standing is Delivery.SENT
        item = _again(desk.store, item)
    return await _send(desk, item)


def _again(store: Store, item: Message) -> Message:
    """Return a message as it stands now."""
    return next(one for one in store.outbox.of(item.edition) if one.part.number == item.part.number)


async def _send(desk: Desk, item: Message) -> bool:
    """Send one message in one request and write down how it went; returns whether it arrived.

    Raises NotSentError when Telegram is not reached or says to wait, MovedError when the chat has another number.
    """
    store, part = desk.store, item.part
    await desk.turn()
    if not store.outbox.begin(item, desk.now):
        return False
    try:
        picture = archive.read(desk.app.digests, item.edition, "png") if part.photo else None
        number = await desk.channel.post(part, picture)
    except NotSentError as fault:
        until = desk.now + timedelta(seconds=fault.retry_after or 0)
        store.outbox.unsent(item, Delivery.PENDING, desk.now, str(fault), until)
        raise
    except MovedError as fault:
        store.outbox.unsent(item, Delivery.PENDING, desk.now, str(fault))
        raise
    except RefusedError as fault:
        return await _refused(desk, item, fault)
    except UnknownError as fault:
        store.outbox.unsent(item, Delivery.UNKNOWN, desk.now, str(fault))
        return False
    store.outbox.sent(item, number, desk.now)
    store.alerts.clear("telegram:rights", desk.now)
    desk.got_through()
    return True


async def _refused(desk: Desk, item: Message, fault: RefusedError) -> bool:
    """Send a text that Telegram does not take without its markup; anything else is for the operator to mend."""
    day = f"{item.edition:%d/%m/%Y}"
    bare = plain(item.part.html)
    if isinstance(fault, MalformedError) and bare != item.part.html:
        desk.store.outbox.rewrite(item, bare, desk.now, str(fault))
        desk.alert("telegram:markup", f"⚠️ Bản tin {day} được đăng dạng chữ thường: {in_vietnamese(str(fault))}.")
        return await _send(desk, _again(desk.store, item))
    desk.store.outbox.unsent(item, Delivery.REFUSED, desk.now, str(fault), desk.now + desk.app.pace.refused)
    desk.alert("telegram:rights", f"⛔ Telegram từ chối đăng bản tin {day}: {in_vietnamese(str(fault))}.")
    return False


def _to_sweep(app: App, store: Store, name: str, now: datetime) -> list[Message]:
    sweeps = app.pace.sweeps
    sent = store.outbox.swept_less(name, len(sweeps))
    return [item for item in sent if item.sent_at + sweeps[item.sweeps] <= now]


async def _sweep(desk: Desk) -> None:
    """Look for further copies of what was posted, left by a request that was carried out late, and delete them."""
    due = _to_sweep(desk.app, desk.store, desk.name, desk.now)
    if not due:
        return
    doubted = any(item.attempts > 1 or item.reason for item in due)  # else there was one request, and no test message
    ways = [way for way in usable(desk) if way != FORWARD or doubted]
    views = await look(desk, ways, min(item.floor for item in due))
    for item in due:
        ids = place(read(item.part.html), item.floor, views).ids
        own = item.message_id if item.message_id in ids else min(ids, default=None)
        await delete_twins(desk, item, tuple(number for number in ids if number != own))
    await tidy(desk, views)
    desk.store.outbox.swept(due, desk.now)
