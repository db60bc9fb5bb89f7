"""Vietnamese for what an edition counts and says of its sources; used in message and pages."""

from datetime import date

from monitor.models import Edition, SourceDay, State, Story
from monitor.provinces import CENTRAL

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_STATES = {
    State.ON_TOPIC: "có tin",
    State.OFF_TOPIC: "không có tin về chủ đề",
    State.SILENT: "không đăng gì mới",
    State.UNREADABLE: "không đọc được",
}


def long_date(day: date) -> str:
    """Return "Thứ Bảy, 21/11/2026"."""
    return f"{_WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}"


def heading(story: Story) -> str:
    """Return under which heading a story is told: its first province, or the central level."""
    return story.provinces[0] if story.provinces else CENTRAL


def overview(edition: Edition) -> str:
    """Return the counts of an edition: "15 tin · 9 địa phương · 6 báo"."""
    if not edition.stories:
        return "Hôm nay chưa có tin nào về chủ đề này."
    places = {province for story in edition.stories for province in story.provinces}
    papers = {article.source for story in edition.stories for article in story.articles}
    where = f" · {len(places)} địa phương" if places else ""
    return f"{len(edition.stories)} tin{where} · {len(papers)} báo"


def origin(story: Story) -> str:
    """Return who told it: "Báo Lai Châu (TTXVN); đăng lại: 2 báo" or "…; cùng đưa tin: Báo B"."""
    first, *others = story.articles
    said = first.source if not first.agency or first.agency in first.source else f"{first.source} ({first.agency})"
    copies = list(dict.fromkeys(a.source for a in others if a.copy and a.source != first.source))
    reports = list(dict.fromkeys(a.source for a in others if not a.copy and a.source != first.source))
    if copies:
        said += f"; đăng lại: {copies[0] if len(copies) == 1 else f'{len(copies)} báo'}"
    if reports:
        said += f"; cùng đưa tin: {', '.join(reports)}"
    return said


def source_line(days: tuple[SourceDay, ...]) -> str:
    """Return the four-state line, each unreadable source named."""
    counts = {state: [day for day in days if day.state is state] for state in State}
    said = [f"{len(counts[state])} {_STATES[state]}" for state in State if counts[state]]
    unread = ", ".join(day.source for day in counts[State.UNREADABLE])
    return f"{len(days)} nguồn: {'; '.join(said)}" + (f" ({unread})" if unread else "") + "."
