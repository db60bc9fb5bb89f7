"""What is told on which day, in which order. Pure: the same facts give the same edition."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor import urls
from monitor.digest.rank import central, notability, notable
from monitor.digest.summary import line
from monitor.models import Edition, Report, Review, Round, SourceDay, State, Story, Telling
from monitor.reasons import NOT_VISITED
from monitor.vietnamese import sort_key

_NATIONAL = 3  # a story of so many provinces is told of the whole country
_CAPITAL = ("Hà Nội",)  # where the central level meets; what it does there is no story of the city


def closing(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment at which the edition of a local date closes."""
    return datetime.combine(day, at, tzinfo=zone)


def next_closing(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """Return the first moment after `now` at which an edition closes."""
    day = now.astimezone(zone).date()
    moments = (closing(day + timedelta(days=ahead), at, zone).astimezone(UTC) for ahead in (-1, 0, 1, 2))
    return next(moment for moment in moments if moment > now)


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
    day: date,
    name: str,
    reports: Iterable[Report],
    rounds: Sequence[Round],
    sources: Sequence[str],
    late: Iterable[Report] = (),
    hosts: Container[str] | None = None,
) -> Edition:
    """Make the edition of a date from the reports to be told and the rounds made in its time.

    `late` are reports published long before; one whose story is told anyway joins it. `hosts`
    (`urls.site`) are those that may be linked to; all when None. Reviews are added by the caller.
    """
    stories, told_late = _grouped(reports), _grouped(late)
    for number in [number for number in told_late if number in stories]:
        stories[number] += told_late.pop(number)
    made = sorted((_story(group, hosts) for group in stories.values()), key=lambda pair: _order(pair[0]))
    first = notable([score for _, score in made])
    ordered = [made[place][0] for place in first]
    ordered += [story for place, (story, _) in enumerate(made) if place not in first]
    old = sorted((_story(group, hosts)[0] for group in told_late.values()), key=_newest_first)
    days = tuple(source_days(rounds, sources))
    return Edition(day, name, tuple(ordered), days, notable=len(first), late=tuple(old))


def retold(edition: Edition, lines: Iterable[tuple[int, str]]) -> Edition:
    """Return the edition with other lines for some stories, given by story."""
    by_story = dict(lines)
    stories = tuple(replace(story, summary=by_story.get(story.id, story.summary)) for story in edition.stories)
    return replace(edition, stories=stories)


def reviewed(edition: Edition, reviews: Iterable[Review]) -> Edition:
    """Return the edition with these looks back."""
    return replace(edition, reviews=tuple(reviews))


def _grouped(reports: Iterable[Report]) -> dict[int, list[Report]]:
    grouped: dict[int, list[Report]] = {}
    for report in reports:
        grouped.setdefault(report.story, []).append(report)
    return grouped


def _story(reports: list[Report], hosts: Container[str] | None) -> tuple[Story, float]:
    """Tell one event, the origin first, then who else had it, the earliest first; and how notable it is."""
    ordered = sorted(reports, key=lambda report: (bool(report.copy_of), report.dated, report.id))
    origin = ordered[0]
    provinces = origin.article.provinces_now or tuple(filter(None, [origin.source_province]))
    nationwide = len(provinces) >= _NATIONAL or (provinces == _CAPITAL and central(origin.article))
    story = Story(
        id=origin.story,
        title=origin.article.title,
        summary=line(origin.article),
        provinces=() if nationwide else provinces,
        articles=tuple(_telling(report, hosts) for report in ordered),
    )
    return story, notability(ordered, len(provinces))


def _telling(report: Report, hosts: Container[str] | None) -> Telling:
    article = report.article
    return Telling(
        article.url,
        report.source,
        article.title,
        article.published,
        bool(report.copy_of),
        article.agency,
        linkable(article.url, hosts),
    )


_FEED_HOST = re.compile(r"^(?:rss|feeds?)\.(?=[^.]+\.)")


def site(address: str) -> str:
    """Return the host for which an address of sources.yaml vouches: rss.bao.vn vouches for bao.vn."""
    return _FEED_HOST.sub("", urls.site(address))


def linkable(address: str, hosts: Container[str] | None) -> bool:
    """Tell whether an address may become a link: http(s), and to one of these hosts or below one."""
    if not urls.clean(address):
        return False
    names = urls.site(address).split(".")
    return hosts is None or any(".".join(names[n:]) in hosts for n in range(len(names)))


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


def _newest_first(story: Story) -> tuple[object, ...]:
    """Return the place of a late story: by when it was published."""
    published = story.articles[0].published
    return (-published.timestamp() if published else 0.0, sort_key(story.title), story.id)


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
