"""What only the operator may ask, in the admin chat: how things stand, pausing a source and letting it go."""

from monitor import posting
from monitor.bot.asking import Asking
from monitor.delivery.alarms import network_line, source_line
from monitor.digest import words
from monitor.digest.packing import Block, Size, pack
from monitor.digest.pieces import text
from monitor.edges.store import Delivery
from monitor.health import diagnose
from monitor.models import Answer, Health, Reply, Source, SourceDay, State
from monitor.reach import cut_off, is_lost
from monitor.reasons import in_vietnamese
from monitor.vietnamese import fold

_SHOWN = 15  # sources in trouble by name


def standing(asking: Asking, _: str) -> list[Reply]:
    """Show how the sources, the last edition and the outbox stand, in as few messages as hold it."""
    watched = {source.name for source in asking.app.sources}
    fares = [one for one in asking.store.standing.health(asking.now) if one.source in watched]
    working = [one for one in fares if not one.paused_at]
    lines = [f"🩺 <b>Tình trạng lúc {asking.local(asking.now):%H:%M %d/%m/%Y}</b>"]
    seen = [SourceDay(one.source, one.state) for one in working if one.state]
    lines += [f"📡 {text(words.source_line(seen), 900)}"] if seen else ["📡 Chưa đọc nguồn nào."]
    since = cut_off(fares, asking.now)
    lines += [network_line(asking.local(since))] if since else []
    own = [one for one in working if one.state is State.UNREADABLE and not (since and is_lost(one))]
    lines += _some([_trouble(asking, one) for one in own])
    lines += _some([line for one in working if (line := _odd(asking, one))])
    lines += _some([f"⏸ {text(one.source, 100)}: tạm dừng" for one in fares if one.paused_at])
    return [Answer(page) for page in pack(map(Block, [*lines, _last(asking), _outbox(asking)]), Size(), Size())]


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - _SHOWN
    return lines[:_SHOWN] + ([f"… và {more} nguồn khác."] if more > 0 else [])


def _trouble(asking: Asking, one: Health) -> str:
    good = f", lần đọc được gần nhất {asking.local(one.last_good_at):%H:%M %d/%m}" if one.last_good_at else ""
    times = f" ({one.failures} lần liên tiếp{good})" if one.failures > 1 else ""
    return f"⚠️ {text(one.source, 100)}: {text(in_vietnamese(one.reason), 150)}{times}"


def _odd(asking: Asking, one: Health) -> str:
    """Return the line about a source that can be read and yet wants looking after; "" for any other."""
    found = diagnose(one, asking.now)
    if one.state is State.UNREADABLE or not found.alarming:
        return ""
    return text(source_line(one.source, found.condition, found.detail, one.failures), 300)


def _last(asking: Asking) -> str:
    """Return the line about the last edition."""
    day = asking.store.editions.last(asking.today)
    if day is None:
        return "🗞 Chưa có bản điểm báo nào."
    messages = asking.store.outbox.of(day)
    sent = sum(one.state is Delivery.SENT for one in messages)
    posted = f"đã đăng {sent}/{len(messages)} tin nhắn" if messages else "không đăng lên kênh"
    return f"🗞 Bản gần nhất: {day:%d/%m/%Y}, {posted}."


def _outbox(asking: Asking) -> str:
    """Return the line about what is not in the channel yet."""
    waiting = asking.store.outbox.waiting()
    doubtful = sum(one.state is Delivery.UNKNOWN for one in waiting)
    doubt = f", {doubtful} chưa rõ đã đăng hay chưa" if doubtful else ""
    return f"📮 Chờ đăng: {len(waiting)} tin nhắn{doubt}." if waiting else "📮 Không có tin nhắn nào chờ đăng."


def pause(asking: Asking, typed: str) -> list[Reply]:
    """Leave a source out of the rounds."""
    found = _meant(asking, typed, "/tamdung Báo Lai Châu")
    if isinstance(found, Answer):
        return [found]
    asking.store.sources.enrol([found.name], asking.now)
    done = asking.store.visits.pause(found.name, asking.now)
    said = "đã tạm dừng; cho đọc lại bằng lệnh /chaylai" if done else "đang tạm dừng từ trước"
    return [Answer(f"⏸ {text(found.name, 100)}: {said}.")]


def resume(asking: Asking, typed: str) -> list[Reply]:
    """Let a paused source be visited again, at once."""
    found = _meant(asking, typed, "/chaylai Báo Lai Châu")
    if isinstance(found, Answer):
        return [found]
    done = asking.store.visits.unpause(found.name)
    said = "sẽ được đọc lại ngay" if done else "không bị tạm dừng"
    return [Answer(f"▶️ {text(found.name, 100)}: {said}.")]


def _meant(asking: Asking, typed: str, example: str) -> Source | Answer:
    """Return the one source whose name is typed, with or without marks, or in part; an answer where it is not one."""
    wanted = fold(typed)
    if not wanted:
        paused = [one.source for one in asking.store.standing.health(asking.now) if one.paused_at]
        said = f"\nĐang tạm dừng: {text(', '.join(paused), 900)}." if paused else ""
        return Answer(f"Xin ghi tên nguồn sau lệnh, ví dụ: {example}{said}")
    exact = [source for source in asking.app.sources if fold(source.name) == wanted]
    found = exact or [source for source in asking.app.sources if wanted in fold(source.name)]
    if len(found) == 1:
        return found[0]
    if not found:
        return Answer(f"Không có nguồn nào tên là “{text(typed, 60)}”. Danh sách nguồn: /nguon")
    names = "\n".join(f"▫️ {text(source.name, 100)}" for source in found[:_SHOWN])
    return Answer(f"Có {len(found)} nguồn giống tên ấy, xin ghi rõ hơn:\n{names}")


def seen(asking: Asking, asked: str) -> list[Reply]:
    """Take it from the operator that a message stands in the channel."""
    return [Answer(posting.answer(asking.store, asked, asking.now, seen=True))]


def again(asking: Asking, asked: str) -> list[Reply]:
    """Take it from the operator that a message does not stand in the channel: it is posted again."""
    return [Answer(posting.answer(asking.store, asked, asking.now, seen=False))]
