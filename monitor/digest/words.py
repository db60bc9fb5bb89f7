"""Vietnamese for what an edition counts and says of its sources; used in message and pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from monitor.models import VIETNAM, Edition, Note, Review, SourceDay, State, Story
from monitor.provinces import current
from monitor.reasons import NOT_VISITED
from monitor.vietnamese import grouped

REPUBLISHED = "Được nhiều báo đăng nhất"
"""The heading of the stories that most papers carried."""
NATIONWIDE = "Trung ương, cả nước"
"""The heading of what belongs to no single province."""
NOTABLE = "Nổi bật"
"""The heading of the day's most notable stories."""
LATE = "Tin đến muộn"
"""The heading of stories found long after they were published."""

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_STATES = {
    State.ON_TOPIC: "có tin",
    State.OFF_TOPIC: "không có tin về chủ đề",
    State.SILENT: "không có bài mới",
    State.UNREADABLE: "không đọc được",
}
_NAMED = 5  # sources by name in the source line
_PLACES = 8  # provinces by name in a review


def weekday(day: date) -> str:
    """Return "Thứ Bảy", "Chủ nhật"."""
    return _WEEKDAYS[day.weekday()]


def heading(story: Story) -> str:
    """Return under which heading a story is told: its first province, or the whole country."""
    return story.provinces[0] if story.provinces else NATIONWIDE


@dataclass(frozen=True, slots=True)
class Section:
    """Stories under one heading; `slug` names it in an address and is the province's own where it is one."""

    heading: str
    slug: str
    stories: tuple[Story, ...]


def sections(edition: Edition) -> list[Section]:
    """Return an edition's stories under their headings: the notable, the country, provinces; late ones apart."""
    found = [Section(NOTABLE, "noi-bat", edition.stories[: edition.notable])] if edition.notable else []
    for name, stories in groupby(edition.stories[edition.notable :], key=heading):
        province = current().get(name)
        found.append(Section(name, province.slug if province else "ca-nuoc", tuple(stories)))
    return found


def overview(edition: Edition) -> str:
    """Return the counts of an edition: "15 tin · 9 địa phương · 6 nguồn"."""
    if not edition.stories and not edition.late:
        unread = edition.sources and all(day.state is State.UNREADABLE for day in edition.sources)
        return "Không đọc được nguồn nào nên chưa có tin." if unread else "Không có tin mới về chủ đề này."
    stories = edition.told
    places = {province for story in stories for province in story.provinces}
    sources = {article.source for story in stories for article in story.articles}
    where = f" · {len(places)} địa phương" if places else ""
    return f"{grouped(len(stories))} tin{where} · {grouped(len(sources))} nguồn"


def teller(story: Story) -> str:
    """Return who told it first: "Báo Lai Châu – theo TTXVN"."""
    first = story.articles[0]
    return first.source if not first.agency or first.agency in first.source else f"{first.source} – theo {first.agency}"


def others(story: Story) -> int:
    """Return how many other sources told it or printed it again."""
    return len({article.source for article in story.articles} - {story.articles[0].source})


def origin(story: Story) -> str:
    """Return who told it: "Báo Lai Châu – theo TTXVN; đăng lại: Báo A, Báo B và 3 nguồn khác"."""
    first, *further = story.articles
    said = teller(story)
    for verb, copies in (("đăng lại", True), ("cùng đưa tin", False)):
        sources = dict.fromkeys(a.source for a in further if a.copy is copies and a.source != first.source)
        if sources:
            said += f"; {verb}: {_named(list(sources), 2, ' và {} nguồn khác')}"
    return said


def late_origin(story: Story) -> str:
    """Return who told a late story and when: "Báo Lai Châu, 12/11/2026"."""
    first = story.articles[0]
    day = f", {local_day(first.published):%d/%m/%Y}" if first.published else ""
    return f"{first.source}{day}"


def _named(names: list[str], most: int, more: str) -> str:
    """Return names with commas, those beyond `most` as a number (never one alone)."""
    if len(names) <= most + 1:
        return ", ".join(names)
    return ", ".join(names[:most]) + more.format(len(names) - most)


def state(of: State) -> str:
    """Return one of the four states of a source: "không có bài mới"."""
    return _STATES[of]


def source_line(days: Iterable[SourceDay]) -> str:
    """Return the four-state line, unreadable sources by name; "" when none was visited."""
    days = list(days)
    if all(day.reason == NOT_VISITED for day in days):
        return ""
    states = {state: [day for day in days if day.state is state] for state in State}
    present = [state for state in State if states[state]]
    unread = _named([day.source for day in states[State.UNREADABLE]], _NAMED, " và {} nguồn khác")
    named = f" ({unread})" if unread else ""
    if len(days) == 1:
        return f"{days[0].source}: {_STATES[days[0].state]}."
    if len(present) == 1:
        return f"Cả {len(days)} nguồn đều {_STATES[present[0]]}{named}."
    said = ", ".join(f"{len(states[state])} {_STATES[state]}" for state in present)
    return f"{len(days)} nguồn: {said}{named}."


def long_date(day: date) -> str:
    """Return "Thứ Bảy, 21/11/2026"."""
    return f"{weekday(day)}, {day:%d/%m/%Y}"


def local_day(moment: datetime) -> date:
    """Return the date on which something happened in Vietnam."""
    return moment.astimezone(VIETNAM).date()


def note(found: Note) -> str:
    """Return a dated note without its link: what became known after the edition."""
    day = f"{local_day(found.at):%d/%m/%Y}"
    if found.line:
        return f"Đính chính {day}: {found.source} đã sửa bài, nay viết: “{found.line}”"
    return f"Bổ sung {day}: {found.source} {'đăng lại' if found.copy else 'cũng đưa tin'}"


def review_title(found: Review) -> str:
    """Return "Nhìn lại tuần 16/11 – 22/11/2026" or "Nhìn lại tháng 11/2026"."""
    if found.kind == "month":
        return f"Nhìn lại tháng {found.first:%m/%Y}"
    return f"Nhìn lại tuần {found.first:%d/%m} – {found.last:%d/%m/%Y}"


def review_lines(found: Review) -> list[str]:
    """Return a review as sentences: how much, where most, what was republished, who came back, who was silent."""
    span = "tháng" if found.kind == "month" else "tuần"
    if not found.stories:
        return [f"Không có tin nào trong {span}."]
    places = f" ở {len(found.provinces)} địa phương" if found.provinces else ""
    before = f" ({span} trước: {grouped(found.before)} tin)" if found.before else ""
    said = [f"{grouped(found.stories)} tin{places}, từ {grouped(found.papers)} nguồn{before}."]
    if found.provinces:
        said.append("Nhiều tin nhất: " + ", ".join(f"{name} ({count})" for name, count in found.provinces[:5]) + ".")
    if found.weeks:
        weeks = (f"{monday:%d/%m}: {count}" for monday, count in found.weeks)
        said.append("Theo từng tuần (tính từ thứ Hai): " + ", ".join(weeks) + ".")
    if found.returned:
        said.append(f"Có tin trở lại: {_named(list(found.returned), _PLACES, ' và {} nơi khác')}.")
    if found.silent:
        said.append(f"{span.capitalize()} này chưa có tin: {_named(list(found.silent), _PLACES, ' và {} nơi khác')}.")
    return said
