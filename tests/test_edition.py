from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.edition import closing, compose, due, source_days, span
from monitor.models import Article, Label, Match, Report, Round, SourceDay, State
from monitor.reasons import NOT_VISITED
from tests.judge import SEARCH

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
ZONES = [
    ZoneInfo(name)
    for name in ("Asia/Ho_Chi_Minh", "UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati",
                 "Australia/Lord_Howe", "America/Los_Angeles", "Asia/Kathmandu")
]  # fmt: skip
AT = time(18, 0)
DAY = date(2026, 11, 20)
CLOSED = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)  # 18:00 in Hà Nội

zones = st.sampled_from(ZONES)
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


# --- when ---------------------------------------------------------------------------------------


def test_an_edition_is_due_from_its_closing_hour_on() -> None:
    since, long = CLOSED - timedelta(days=9), timedelta(hours=12)
    assert due(CLOSED - timedelta(seconds=1), AT, HANOI, DAY - timedelta(days=1), since, long) is None
    assert due(CLOSED, AT, HANOI, DAY - timedelta(days=1), since, long) == DAY
    assert due(CLOSED, AT, HANOI, DAY, since, long) is None


def test_an_edition_missed_is_made_up_for_within_the_set_time_and_not_after() -> None:
    since, long = CLOSED - timedelta(days=9), timedelta(hours=12)
    assert due(CLOSED + long, AT, HANOI, None, since, long) == DAY
    assert due(CLOSED + long + timedelta(seconds=1), AT, HANOI, None, since, long) is None


def test_nothing_is_due_for_a_time_before_the_program_first_ran() -> None:
    assert due(CLOSED + timedelta(hours=1), AT, HANOI, None, CLOSED + timedelta(minutes=1), timedelta(days=1)) is None


@SEARCH
@given(
    zones, times, moments, st.lists(st.integers(1, 60 * 60), min_size=1, max_size=60),
    st.timedeltas(timedelta(0), timedelta(days=2)), st.booleans(),
)  # fmt: skip
def test_each_local_date_is_made_at_most_once_after_closing_and_within_the_time_to_catch_up(
    zone: ZoneInfo, at: time, start: datetime, steps: list[int], catch_up: timedelta, local: bool
) -> None:
    now, last, made = start, None, list[date]()
    for minutes in steps:
        now += timedelta(minutes=minutes)
        day = due(now.astimezone(zone) if local else now, at, zone, last, start, catch_up)
        if day is None:
            continue
        closed = closing(day, at, zone).astimezone(UTC)
        assert start < closed <= now <= closed + catch_up
        made.append(day)
        last = day
    assert made == sorted(set(made))


@SEARCH
@given(zones, times, moments, st.lists(st.integers(1, 360), min_size=10, max_size=80))
def test_whoever_asks_often_enough_misses_no_date(zone: ZoneInfo, at: time, start: datetime, steps: list[int]) -> None:
    now, last, made = start, None, list[date]()
    for minutes in steps:
        now += timedelta(minutes=minutes)
        if day := due(now, at, zone, last, start, timedelta(hours=6)):
            made.append(day)
            last = day
    first = start.astimezone(zone).date() - timedelta(days=1)
    days = [first + timedelta(days=n) for n in range((now - start).days + 4)]
    assert made == [day for day in days if start < closing(day, at, zone) <= now]


@SEARCH
@given(zones, times, st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_an_edition_closes_at_its_hour_of_its_own_date(zone: ZoneInfo, at: time, day: date) -> None:
    closed = closing(day, at, zone)
    assert (closed.date(), closed.time()) == (day, at)
    assert closed.utcoffset() is not None


AGE = timedelta(hours=48)


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (DAY, CLOSED - timedelta(hours=2)),
        (DAY - timedelta(days=1), CLOSED - timedelta(days=1)),
        (DAY - timedelta(days=30), CLOSED - timedelta(days=30)),
    ],
)
def test_an_early_edition_takes_what_there_is_and_a_past_one_what_there_was(day: date, until: datetime) -> None:
    now = CLOSED - timedelta(hours=2)
    assert span(day, now, AT, HANOI, AGE) == (closing(day, AT, HANOI) - AGE, until)


def test_an_edition_made_the_next_day_takes_what_there_was_at_closing() -> None:
    assert span(DAY, CLOSED + timedelta(hours=9), AT, HANOI, AGE) == (CLOSED - AGE, CLOSED)


@SEARCH
@given(zones, times, moments, st.integers(-3, 40))
def test_the_time_of_an_edition_never_reaches_into_the_future(
    zone: ZoneInfo, at: time, now: datetime, ago: int
) -> None:
    day = now.astimezone(zone).date() - timedelta(days=ago)
    after, until = span(day, now, at, zone, AGE)
    assert until <= now
    assert after == closing(day, at, zone) - AGE


# --- what ---------------------------------------------------------------------------------------


def report(
    number: int, story: int, provinces: tuple[str, ...] = ("Lai Châu",), *, hours: float = 0, copy: bool = False,
    site: str | None = None, title: str = "", dated: bool = True,
) -> Report:  # fmt: skip
    article = Article(
        url=f"https://bao{number}.vn/tin-a{number}.html",
        title=title or f"Chuyện số {number}",
        lead=f"Sáng nay, hơn {number + 100} người cùng nhau làm việc thứ {number} ở bản.",
        published=CLOSED + timedelta(hours=hours) if dated else None,
        provinces_now=provinces,
    )
    origin = "https://bao0.vn/tin-a0.html" if copy else ""
    seen = CLOSED + timedelta(hours=hours)
    return Report(number, story, f"Báo {number}", site, article, Match(Label.CAMPAIGN, 3.0), seen, origin)


reports = st.lists(
    st.builds(
        lambda number, story, provinces, hours, copy, dated: report(
            number, story, tuple(provinces), hours=hours, copy=copy, dated=dated
        ),
        st.integers(1, 500),
        st.integers(1, 12),
        st.lists(st.sampled_from(["Lai Châu", "Cà Mau", "Đắk Lắk", "Huế"]), max_size=4, unique=True),
        st.integers(-30, 0),
        st.booleans(),
        st.booleans(),
    ),
    max_size=25,
    unique_by=lambda one: one.id,
)


@SEARCH
@given(reports, st.randoms(use_true_random=False))
def test_an_edition_tells_every_report_once_whatever_their_order(found: list[Report], random: Random) -> None:
    edition = compose(DAY, "Tên", found, [], [])
    told = [telling.url for story in edition.stories for telling in story.articles]
    assert sorted(told) == sorted(one.article.url for one in found)
    assert {story.id for story in edition.stories} == {one.story for one in found}
    assert len(edition.stories) == len({story.id for story in edition.stories})
    shuffled = found[:]
    random.shuffle(shuffled)
    assert compose(DAY, "Tên", shuffled, [], []) == edition


@SEARCH
@given(reports)
def test_a_story_begins_with_its_earliest_report_that_is_no_copy(found: list[Report]) -> None:
    for story in compose(DAY, "Tên", found, [], []).stories:
        own = [one for one in found if one.story == story.id]
        originals = [one for one in own if not one.copy_of] or own
        first = min(originals, key=lambda one: (one.dated, one.id))
        assert (story.articles[0].url, story.title) == (first.article.url, first.article.title)
        marks = [telling.copy for telling in story.articles]
        assert marks == sorted(marks)


def test_provinces_stand_as_in_a_dictionary_after_the_whole_country() -> None:
    places = ["Đồng Nai", "Cà Mau", "An Giang", "Cao Bằng", "Điện Biên", "Hà Nội", "Đà Nẵng"]
    found = [report(n, n, (place,)) for n, place in enumerate(places, start=1)] + [report(99, 99, ())]
    edition = compose(DAY, "Tên", found, [], [])
    expected = [(), ("An Giang",), ("Cà Mau",), ("Cao Bằng",), ("Đà Nẵng",), ("Điện Biên",), ("Đồng Nai",), ("Hà Nội",)]
    assert [story.provinces for story in edition.stories] == expected


def test_within_a_province_what_most_papers_carried_stands_first_then_the_dictionary_decides() -> None:
    found = [
        report(1, 1, title="Bản Đông"),
        report(2, 2, title="Bản Cao"),
        report(3, 3, title="Bản Xa"),
        report(4, 3),
        report(5, 4, title="Bản An"),
    ]
    titles = [story.title for story in compose(DAY, "Tên", found, [], []).stories]
    assert titles == ["Bản Xa", "Bản An", "Bản Cao", "Bản Đông"]


def test_a_story_of_three_provinces_is_told_of_the_whole_country() -> None:
    found = [report(1, 1, ("Huế", "Cà Mau")), report(2, 2, ("Huế", "Cà Mau", "Hà Nội"))]
    assert {story.id: story.provinces for story in compose(DAY, "Tên", found, [], []).stories} == {
        1: ("Huế", "Cà Mau"),
        2: (),
    }


def test_a_text_that_names_no_province_is_told_under_that_of_its_paper() -> None:
    found = [report(1, 1, (), site="Cà Mau"), report(2, 2, ("Huế",), site="Cà Mau"), report(3, 3, ())]
    told = {story.id: story.provinces for story in compose(DAY, "Tên", found, [], []).stories}
    assert told == {1: ("Cà Mau",), 2: ("Huế",), 3: ()}


def test_a_telling_keeps_paper_headline_time_agency_and_whether_it_is_a_copy() -> None:
    first = report(1, 1)
    first = replace(first, article=replace(first.article, agency="TTXVN"))
    (story,) = compose(DAY, "Tên", [report(2, 1, copy=True, dated=False), first], [], []).stories
    assert [(t.source, t.title, t.published, t.agency, t.copy) for t in story.articles] == [
        ("Báo 1", "Chuyện số 1", CLOSED, "TTXVN", False),
        ("Báo 2", "Chuyện số 2", None, "", True),
    ]


def test_an_empty_day_is_an_edition_too() -> None:
    edition = compose(DAY, "Tên", [], [], ["Báo A"])
    assert (edition.date, edition.name, edition.stories) == (DAY, "Tên", ())
    assert edition.sources == (SourceDay("Báo A", State.UNREADABLE, NOT_VISITED),)


@pytest.mark.parametrize(
    ("states", "state", "reason"),
    [
        ([State.ON_TOPIC, State.UNREADABLE, State.SILENT], State.ON_TOPIC, ""),
        ([State.SILENT, State.OFF_TOPIC], State.OFF_TOPIC, ""),
        ([State.UNREADABLE, State.SILENT], State.SILENT, ""),
        ([State.UNREADABLE, State.UNREADABLE], State.UNREADABLE, "fault 1"),
        ([], State.UNREADABLE, NOT_VISITED),
    ],
)
def test_every_source_is_in_one_of_four_states_and_one_good_round_outweighs_failed_ones(
    states: list[State], state: State, reason: str
) -> None:
    rounds = [Round("Báo A", one, f"fault {n}" if one is State.UNREADABLE else "") for n, one in enumerate(states)]
    others = [Round("Báo B", State.SILENT)]
    assert source_days([*others, *rounds], ["Báo A", "Báo B"]) == [
        SourceDay("Báo A", state, reason),
        SourceDay("Báo B", State.SILENT),
    ]
