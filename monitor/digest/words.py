"""Vietnamese for what an edition counts and says of its sources; used in message and pages."""

import re
from collections.abc import Iterable
from datetime import date

from monitor.models import Edition, SourceDay, State, Story

NATIONWIDE = "Cả nước"
"""The heading of what belongs to no single province."""
NOT_VISITED = "not visited"
"""The reason of a source to which no round was made in an edition's time."""

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_STATES = {
    State.ON_TOPIC: "có tin",
    State.OFF_TOPIC: "không có tin về chủ đề",
    State.SILENT: "không có bài mới",
    State.UNREADABLE: "không đọc được",
}
_NAMED = 5  # sources by name in the source line
_REASONS = (
    (r"^404\b|^410\b", "lỗi {0}: không còn trang này"),
    (r"^(?:4|5)\d\d\b", "lỗi {0} của máy chủ"),
    (r"connection refused|no connection|broke off", "không kết nối được"),
    (r"no complete answer|no answer", "không trả lời kịp"),
    (r"host name .* not known|no address", "không tìm thấy máy chủ"),
    (r"certificate", "chứng thư bảo mật không hợp lệ"),
    (r"^0 items", "trang không có bài nào"),
    (r"answered with a web page", "nguồn cấp tin trả về một trang web"),
    (r"answer is empty|cut short|broken", "nội dung nhận được bị hỏng hoặc trống"),
    (r"larger than", "trang quá lớn"),
    (NOT_VISITED, "chưa đọc lượt nào"),
)


def weekday(day: date) -> str:
    """Return "Thứ Bảy", "Chủ nhật"."""
    return _WEEKDAYS[day.weekday()]


def heading(story: Story) -> str:
    """Return under which heading a story is told: its first province, or the whole country."""
    return story.provinces[0] if story.provinces else NATIONWIDE


def overview(edition: Edition) -> str:
    """Return the counts of an edition: "15 tin · 9 địa phương · 6 nguồn"."""
    if not edition.stories:
        unread = edition.sources and all(day.state is State.UNREADABLE for day in edition.sources)
        return "Không đọc được nguồn nào nên chưa có tin." if unread else "Không có tin mới về chủ đề này."
    places = {province for story in edition.stories for province in story.provinces}
    sources = {article.source for story in edition.stories for article in story.articles}
    where = f" · {len(places)} địa phương" if places else ""
    return f"{len(edition.stories)} tin{where} · {len(sources)} nguồn"


def origin(story: Story) -> str:
    """Return who told it: "Báo Lai Châu – theo TTXVN; đăng lại: Báo A, Báo B và 3 nguồn khác"."""
    first, *others = story.articles
    said = first.source if not first.agency or first.agency in first.source else f"{first.source} – theo {first.agency}"
    for verb, copies in (("đăng lại", True), ("cùng đưa tin", False)):
        sources = dict.fromkeys(a.source for a in others if a.copy is copies and a.source != first.source)
        if sources:
            said += f"; {verb}: {_named(list(sources), 2, ' và {} nguồn khác')}"
    return said


def _named(names: list[str], most: int, more: str) -> str:
    """Return names with commas, those beyond `most` as a number (never one alone)."""
    if len(names) <= most + 1:
        return ", ".join(names)
    return ", ".join(names[:most]) + more.format(len(names) - most)


def source_line(days: Iterable[SourceDay]) -> str:
    """Return the four-state line, unreadable sources by name; "" when none was visited."""
    days = list(days)
    if all(day.reason == NOT_VISITED for day in days):
        return ""
    states = {state: [day for day in days if day.state is state] for state in State}
    present = [state for state in State if states[state]]
    unread = _named([day.source for day in states[State.UNREADABLE]], _NAMED, " và {} nguồn khác")
    named = f" ({unread})" if unread else ""
    if len(present) == 1 and len(days) > 1:
        return f"Cả {len(days)} nguồn đều {_STATES[present[0]]}{named}."
    said = ", ".join(f"{len(states[state])} {_STATES[state]}" for state in present)
    return f"{len(days)} nguồn: {said}{named}."


def reason(text: str) -> str:
    """Return why a source could not be read in a reader's words; other reasons stay as they are."""
    for pattern, words in _REASONS:
        if found := re.search(pattern, text):
            return words.format(found[0])
    return text
