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
from monitor.posting.doubt import delete_twins, resolve
from monitor.posting.office import Office, hold
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
            await _work(Office(app, store, channel, app.chat))
    except MovedError as fault:
        store.chats.moved(app.chat, fault.number)
        await deliver(app, store)
    except DeliveryError as fault:
        _not_let_in(app, store, fault, hold(app, store, app.chat, fault))
        if isinstance(fault, RefusedError):  # the bot itself is not let in
            store.alerts.add("telegram:rights", f"⛔ Telegram từ chối bot: {in_vietnamese(str(fault))}.", app.clock())


async def _work(office: Office) -> None:
    """Send what waits, edit what should read differently, delete what came twice."""
    await _send_all(office)
    for item in office.store.outbox.to_edit(office.name):
        await corrections.edit(office, item)
    await _sweep(office)


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


async def _send_all(office: Office) -> None:
    """Bring each edition's messages in order; one that does not arrive holds back those behind it, no other edition."""
    waiting = [item for item in office.store.outbox.waiting() if item.channel == office.name]
    for day, parts in groupby(waiting, key=lambda item: item.edition):
        items = list(parts)
        if await _known_there(office, items):
            items = [item for item in office.store.outbox.of(day) if item.state is not Delivery.SENT]
        for item in items:
            if not (_is_due(item, office.app, office.now) and await _bring(office, item)):
                break


async def _known_there(office: Office, items: list[Message]) -> bool:
    """Look before anything is sent: a store put back from a copy forgot what it had posted since."""
    first = items[0]
    if first.state is not Delivery.PENDING or not _is_due(first, office.app, office.now):
        return False
    last = office.chat.last_id
    able = usable(office)
    ways = [way for way in able if way == PREVIEW] or [way for way in able if way == FORWARD and last]
    views = await look(office, ways, last)
    there = already_there([one.part for one in office.store.outbox.of(first.edition)], views)
    known = [item for item in items if item.part.number in there]
    for item in known:
        office.store.outbox.sent(item, there[item.part.number], office.now, "was in the channel already")
    if known:
        office.alert("outbox:known", f"ℹ️ Bản tin {first.edition:%d/%m/%Y} đã có trên kênh nên không đăng lại.")
    return bool(known)


async def _bring(office: Office, item: Message) -> bool:
    """Settle a message that is in doubt, send one that is not there; returns whether it stands in the channel."""
    if item.state is Delivery.UNKNOWN:
        standing = await resolve(office, item)
        if standing is not Delivery.PENDING:
            return standing is Delivery.SENT
        item = _again(office.store, item)
    return await _send(office, item)


def _again(store: Store, item: Message) -> Message:
    """Return a message as it stands now."""
    return next(one for one in store.outbox.of(item.edition) if one.part.number == item.part.number)


async def _send(office: Office, item: Message) -> bool:
    """Send one message in one request and write down how it went; returns whether it arrived.

    Raises NotSentError when Telegram is not reached or says to wait, MovedError when the chat has another number.
    """
    store, part = office.store, item.part
    await office.turn()
    if not store.outbox.begin(item, office.now):
        return False
    try:
        picture = archive.read(office.app.digests, item.edition, "png") if part.photo else None
        number = await office.channel.post(part, picture)
    except NotSentError as fault:
        until = office.now + timedelta(seconds=fault.retry_after or 0)
        store.outbox.unsent(item, Delivery.PENDING, office.now, str(fault), until)
        raise
    except MovedError as fault:
        store.outbox.unsent(item, Delivery.PENDING, office.now, str(fault))
        raise
    except RefusedError as fault:
        return await _refused(office, item, fault)
    except UnknownError as fault:
        store.outbox.unsent(item, Delivery.UNKNOWN, office.now, str(fault))
        return False
    store.outbox.sent(item, number, office.now)
    store.alerts.clear("telegram:rights", office.now)
    office.got_through()
    return True


async def _refused(office: Office, item: Message, fault: RefusedError) -> bool:
    """Send a text that Telegram does not take without its markup; anything else is for the operator to mend."""
    day = f"{item.edition:%d/%m/%Y}"
    bare = plain(item.part.html)
    if isinstance(fault, MalformedError) and bare != item.part.html:
        office.store.outbox.rewrite(item, bare, office.now, str(fault))
        office.alert("telegram:markup", f"⚠️ Bản tin {day} được đăng dạng chữ thường: {in_vietnamese(str(fault))}.")
        return await _send(office, _again(office.store, item))
    office.store.outbox.unsent(item, Delivery.REFUSED, office.now, str(fault), office.now + office.app.pace.refused)
    office.alert("telegram:rights", f"⛔ Telegram từ chối đăng bản tin {day}: {in_vietnamese(str(fault))}.")
    return False


def _to_sweep(app: App, store: Store, name: str, now: datetime) -> list[Message]:
    sweeps = app.pace.sweeps
    sent = store.outbox.swept_less(name, len(sweeps))
    return [item for item in sent if item.sent_at + sweeps[item.sweeps] <= now]


async def _sweep(office: Office) -> None:
    """Look for further copies of what was posted, left by a request that was carried out late, and delete them."""
    due = _to_sweep(office.app, office.store, office.name, office.now)
    if not due:
        return
    doubted = any(item.attempts > 1 or item.reason for item in due)  # else there was one request, and no test message
    ways = [way for way in usable(office) if way != FORWARD or doubted]
    views = await look(office, ways, min(item.floor for item in due))
    for item in due:
        ids = place(read(item.part.html), item.floor, views).ids
        own = item.message_id if item.message_id in ids else min(ids, default=None)
        await delete_twins(office, item, tuple(number for number in ids if number != own))
    await tidy(office, views)
    office.store.outbox.swept(due, office.now)
