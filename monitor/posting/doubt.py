"""A message of which nobody knows whether it was posted: looked for, and only then settled."""

from datetime import date, datetime, timedelta

from monitor.delivery.finding import Finding, Presence, place
from monitor.delivery.mark import read
from monitor.edges.store import Delivery, Message, Store
from monitor.models import Choice
from monitor.posting.office import Office
from monitor.posting.readback import FORWARD, WITNESS, look, test_message, tidy, usable

_TESTS = 3  # looks for which a test message is posted; one of them tells, or none will
_REMEMBERED = timedelta(hours=23)  # what a bot did not ask for within a day, Telegram no longer tells it
_DELETABLE = timedelta(hours=47)  # Telegram lets a bot delete for 48


async def resolve(office: Office, item: Message) -> Delivery:
    """Look for a message that may have been posted; returns how it stands now.

    Found, it counts as sent and its twins are deleted; proved absent, it is pending again; else
    the operator is asked, and after `digest.in_doubt_after` sources.yaml decides.
    """
    found = await _find(office, item)
    if found.presence is Presence.FOUND:
        office.store.outbox.sent(item, found.ids[0], office.now, "found in the channel")
        office.store.alerts.clear(_topic(item), office.now)
        await delete_twins(office, item, found.ids[1:])
        return Delivery.SENT
    if found.presence is Presence.ABSENT or _policy_says_again(office, item):
        office.store.outbox.unsent(item, Delivery.PENDING, office.now, "looked for and not found")
        office.store.alerts.clear(_topic(item), office.now)
        return Delivery.PENDING
    _ask(office, item)
    return Delivery.UNKNOWN


async def _find(office: Office, item: Message) -> Finding:
    """Look where nothing is posted for it; if that does not tell, post a test message and look everywhere."""
    mark, ways = read(item.part.html), usable(office)
    quiet = [way for way in ways if way != FORWARD]
    views = await look(office, quiet, item.floor)
    await tidy(office, views)
    found = place(mark, item.floor, views)
    if found.presence is not Presence.UNCLEAR or item.looks >= _TESTS:
        return found
    if office.now > item.started_at + _REMEMBERED:
        ways = tuple(way for way in ways if way != WITNESS)
    async with test_message(office) as test:
        found = place(mark, item.floor, [], test)
        if found.presence is Presence.UNCLEAR:
            views = await look(office, ways, item.floor, test)
            found = place(mark, item.floor, views, test)
    await tidy(office, views)
    return found


async def delete_twins(office: Office, item: Message, ids: tuple[int, ...]) -> None:
    """Delete further copies of a message."""
    if office.now > item.started_at + _DELETABLE:
        return
    gone = [await office.delete(number) for number in ids]
    if any(gone):
        office.alert(_topic(item), f"🧹 {_called(item)} lên kênh {sum(gone) + 1} lần; đã xoá bản thừa.")


def _policy_says_again(office: Office, item: Message) -> bool:
    digest = office.app.config.digest
    return digest.in_doubt == "repost" and office.now >= item.started_at + digest.in_doubt_after


def _ask(office: Office, item: Message) -> None:
    """Ask the operator, and look again later."""
    key = f"{item.edition.isoformat()}:{item.part.number}"
    office.alert(
        _topic(item),
        f"❓ Không rõ {_called(item)} đã lên kênh hay chưa. Xin xem kênh rồi chọn:",
        (Choice("Đã thấy, không đăng lại", f"seen:{key}"), Choice("Chưa có, đăng lại", f"again:{key}")),
    )
    until = office.now + office.app.pace.pause(item.looks)
    office.store.outbox.unsent(item, Delivery.UNKNOWN, office.now, item.reason, until)


def answer(store: Store, asked: str, now: datetime, *, seen: bool) -> str:
    """Carry out what the operator said of a message ("2026-11-21:2"): seen in the channel, or not; returns a reply."""
    day, _, number = asked.partition(":")
    try:
        messages = store.outbox.of(date.fromisoformat(day))
        item = next(one for one in messages if str(one.part.number) == number)
    except (ValueError, StopIteration):
        return "Không còn tin này trong hàng đợi."
    if item.state is not Delivery.UNKNOWN:
        return f"Không còn phải chờ trả lời về {_called(item)}."
    store.alerts.clear(_topic(item), now)
    if seen:
        store.outbox.sent(item, None, now, "seen by the operator")
        return f"Đã ghi nhận: {_called(item)} đã lên kênh."
    store.outbox.unsent(item, Delivery.PENDING, now, "the operator did not see it")
    return f"Sẽ đăng lại {_called(item)}."


def _called(item: Message) -> str:
    part = f"phần {item.part.number}/{item.part.of} của " if item.part.of > 1 else ""
    return f"{part}bản tin {item.edition:%d/%m/%Y}"


def _topic(item: Message) -> str:
    return f"outbox:{item.edition.isoformat()}:{item.part.number}"
