"""When a source is visited next, as laws over data and time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import schedule
from monitor.models import Wishes
from monitor.schedule import FASTEST, FIRST, SLOWEST, Trouble

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MOMENTS = st.integers(1_600_000_000, 3_700_000_000).map(lambda stamp: datetime.fromtimestamp(stamp, UTC))
INTERVALS = st.timedeltas(FASTEST, timedelta(days=7))
ITEMS = st.frozensets(st.integers(0, 40), max_size=30)


@given(st.timedeltas(FASTEST, SLOWEST), ITEMS, ITEMS)
def test_an_adapted_interval_stays_within_its_bounds(
    interval: timedelta, items: frozenset[int], before: frozenset[int]
) -> None:
    assert FASTEST <= schedule.adapted(interval, items, before) <= SLOWEST


def test_a_listing_that_turns_over_is_visited_more_often_and_one_that_stands_still_less() -> None:
    before = frozenset(range(20))
    assert schedule.adapted(FIRST, frozenset(range(50, 70)), before) == FIRST / 2
    assert schedule.adapted(FIRST, frozenset(range(15, 35)), before) < FIRST
    assert schedule.adapted(FIRST, frozenset(range(6, 26)), before) == FIRST
    assert schedule.adapted(FIRST, before, before) > FIRST
    assert schedule.adapted(FIRST, frozenset(), before) == FIRST


def test_only_a_listing_that_shares_nothing_with_the_last_one_may_have_lost_articles() -> None:
    assert schedule.is_gap({1, 2}, {3, 4})
    assert not schedule.is_gap({1, 2}, {2, 3})
    assert not schedule.is_gap({1, 2}, frozenset())
    assert not schedule.is_gap(frozenset(), {1, 2})


def test_a_listing_reaches_back_when_half_of_it_or_its_end_was_there_before() -> None:
    before = frozenset(range(10))
    assert schedule.reaches_back([12, 11, 10, 9, 8], before)
    assert schedule.reaches_back([9, 8, 12, 11], before)
    assert not schedule.reaches_back([13, 12, 11, 10, 9], before), "one may be kept there for weeks"
    assert not schedule.reaches_back([12, 11, 10], before)
    assert schedule.reaches_back([], before)
    assert schedule.reaches_back([1, 2], frozenset())


@given(MOMENTS, st.text(), INTERVALS)
def test_a_good_source_is_visited_within_a_fifth_of_its_interval(now: datetime, name: str, interval: timedelta) -> None:
    wait = schedule.next_visit(now, name, interval) - now
    assert interval * 0.79 <= wait <= interval * 1.21
    assert schedule.next_visit(now, name, interval) == schedule.next_visit(now, name, interval)


@given(
    MOMENTS,
    INTERVALS,
    st.builds(
        Trouble,
        st.integers(1, 10_000),
        st.booleans(),
        st.none() | st.floats(-1e30, 1e30, allow_nan=False, allow_infinity=False),
    ),
)
def test_a_failing_source_waits_longer_but_is_never_given_up(
    now: datetime, interval: timedelta, trouble: Trouble
) -> None:
    wait = schedule.next_visit(now, "Báo Mẫu", interval, trouble) - now
    assert interval <= wait <= max(interval, timedelta(days=1))


def test_a_wish_to_be_left_alone_is_heeded_up_to_a_day() -> None:
    assert schedule.next_visit(NOW, "a", FASTEST, Trouble(1, retry_after=7200)) >= NOW + timedelta(hours=2)
    assert schedule.next_visit(NOW, "a", FASTEST, Trouble(1, retry_after=10.0**20)) == NOW + timedelta(days=1)


def test_an_address_that_holds_nothing_is_soon_visited_daily() -> None:
    waits = [schedule.next_visit(NOW, "a", FIRST, Trouble(n, lasting=True)) - NOW for n in range(1, 9)]
    assert waits == sorted(waits)
    assert waits[0] < timedelta(hours=1)
    assert waits[-1] == timedelta(days=1)


@pytest.mark.parametrize("failures", [3, 6])
def test_sources_that_fail_together_do_not_come_back_together(failures: int) -> None:
    visits = {schedule.next_visit(NOW, f"Báo {n}", FIRST, Trouble(failures)) for n in range(100)}
    assert len(visits) > 50


def test_missed_visits_are_spread_evenly() -> None:
    places = [(schedule.spread(NOW, f"Báo {n}", timedelta(minutes=5)) - NOW).total_seconds() // 60 for n in range(1000)]
    assert set(places) == {0, 1, 2, 3, 4}
    assert all(150 < places.count(minute) < 250 for minute in range(5))


@given(MOMENTS, st.timedeltas(timedelta(), SLOWEST), st.timedeltas(timedelta(seconds=1), timedelta(days=1)))
def test_a_source_is_visited_in_the_half_hour_before_the_edition_closes(
    now: datetime, wait: timedelta, left: timedelta
) -> None:
    closing = now + left
    visit = schedule.by_closing(now + wait, now, "Báo Mẫu", closing)
    assert visit <= now + wait
    if left > timedelta(hours=1) and now + wait >= closing:
        assert closing - timedelta(minutes=30) <= visit < closing
    assert visit == now + wait or visit >= now + FASTEST


WISHES = st.builds(
    Wishes, st.timedeltas(timedelta(), timedelta(days=999)), st.frozensets(st.integers(0, 167), max_size=168)
)


@given(st.timedeltas(FASTEST, SLOWEST), WISHES, st.floats(0, 1e12), ITEMS, ITEMS)
def test_whatever_a_site_wishes_its_interval_stays_within_bounds_and_never_gets_shorter(
    interval: timedelta, wishes: Wishes, fresh_for: float, items: frozenset[int], before: frozenset[int]
) -> None:
    assert interval <= schedule.heeding(interval, wishes, fresh_for, items, before) <= SLOWEST


def test_a_wish_is_followed_while_half_of_the_listing_was_there_before() -> None:
    before, hour = frozenset(range(20)), timedelta(hours=1)
    assert schedule.heeding(FIRST, Wishes(pause=hour), 0, before, before) == hour
    assert schedule.heeding(FIRST, Wishes(pause=hour), 0, before, frozenset()) == hour
    assert schedule.heeding(FIRST, Wishes(pause=hour), 0, frozenset(range(11, 31)), before) == FIRST
    assert schedule.heeding(2 * hour, Wishes(pause=hour), 0, before, before) == 2 * hour
    assert schedule.heeding(FIRST, Wishes(), 1800, before, before) == timedelta(minutes=30)
    assert schedule.heeding(FIRST, Wishes(), 31_536_000, before, before) == hour


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=7)), WISHES)
def test_a_visit_leaves_quiet_hours_out_and_comes_within_six_hours_all_the_same(
    now: datetime, wait: timedelta, wishes: Wishes
) -> None:
    visit = schedule.outside(now + wait, wishes.quiet, now)
    assert now + wait <= visit <= max(now + wait, now + SLOWEST)
    assert visit.weekday() * 24 + visit.hour not in wishes.quiet or visit == max(now + wait, now + SLOWEST)
    if not wishes.quiet:
        assert visit == now + wait
