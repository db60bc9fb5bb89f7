"""What is told on which day, in which order. Pure: the same facts give the same edition."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.digest.summary import line
from monitor.digest.words import NOT_VISITED
from monitor.models import Edition, Report, Round, SourceDay, State, Story, Telling
from monitor.vietnamese import sort_key

_NATIONAL = 3  # a story of so many provinces is told of the whole country


def closing(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment at which the edition of a local date closes."""
    return datetime.combine(day, at, tzinfo=zone)


def due(
    now: datetime, at: time, zone: ZoneInfo, last: date | None, since: datetime, catch_up: timedelta
) -> date | None:
    """Return the date whose edition is to be made now, None when there is none.

    It is the newest date that has closed, unless it was made already (`last`), closed before the
    program first ran (`since`), or lies back further than `catch_up`.
    """
    day = now.astimezone(zone).date()
    if closing(day, at, zone) > now:
        day -= timedelta(days=1)
    closed = closing(day, at, zone)
    made = last is not None and last >= day
    before = closed <= since <= now  # a first run in the future was dated by a wrong clock
    return None if made or before or now - closed > catch_up else day


def span(day: date, now: datetime, at: time, zone: ZoneInfo, max_age: timedelta) -> tuple[datetime, datetime]:
    """Return after when and until when an article may be dated to stand in an edition.

    Today's edition takes what there is by now, whether its hour has come or not; a past date's
    takes what was published by its closing.
    """
    closed = closing(day, at, zone)
    return closed - max_age, now if day >= now.astimezone(zone).date() else closed


def compose(
    day: date, name: str, reports: Iterable[Report], rounds: Sequence[Round], sources: Sequence[str]
) -> Edition:
    """Make the edition of a date from the reports to be told and the rounds made in its time."""
    grouped: defaultdict[int, list[Report]] = defaultdict(list)
    for report in reports:
        grouped[report.story].append(report)
    stories = sorted((_story(group) for group in grouped.values()), key=_order)
    return Edition(day, name, tuple(stories), tuple(source_days(rounds, sources)))


def _story(reports: list[Report]) -> Story:
    """Tell one event: the origin first, then who else had it, the earliest first."""
    ordered = sorted(reports, key=lambda report: (bool(report.copy_of), report.dated, report.id))
    origin = ordered[0]
    provinces = origin.article.provinces_now or tuple(filter(None, [origin.source_province]))
    return Story(
        id=origin.story,
        title=origin.article.title,
        summary=line(origin.article),
        provinces=provinces if len(provinces) < _NATIONAL else (),
        articles=tuple(_telling(report, copy=bool(report.copy_of)) for report in ordered),
    )


def _telling(report: Report, *, copy: bool) -> Telling:
    article = report.article
    return Telling(article.url, report.source, article.title, article.published, copy, article.agency)


def _order(story: Story) -> tuple[object, ...]:
    """Return the place of a story: what concerns the whole country first, then provinces as a dictionary has them.

    Within a province what most papers carried stands first.
    """
    where = story.provinces[:1]
    return (
        bool(where),
        sort_key(where[0]) if where else (),
        -len(story.articles),
        sort_key(story.title),
        story.id,
    )


def source_days(rounds: Sequence[Round], sources: Sequence[str]) -> list[SourceDay]:
    """Return for every source in which of the four states it was over these rounds.

    One good round outweighs failed ones; a source without any round was not read.
    """
    by_source: defaultdict[str, list[Round]] = defaultdict(list)
    for done in rounds:
        by_source[done.source].append(done)
    return [_source_day(source, by_source[source]) for source in sources]


def _source_day(source: str, rounds: list[Round]) -> SourceDay:
    states = {done.state for done in rounds}
    for state in (State.ON_TOPIC, State.OFF_TOPIC, State.SILENT):
        if state in states:
            return SourceDay(source, state)
    return SourceDay(source, State.UNREADABLE, rounds[-1].reason if rounds else NOT_VISITED)
