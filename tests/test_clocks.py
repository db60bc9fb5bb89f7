"""Each local date has one digest, in every zone and when the clock is set; the batteries walk further."""

import random
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.clocks import faults, jumps, walk
from monitor.digest.edition import closing, due, next_closing

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
EVENING = time(18)
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # an hour after the closing in Vietnam


@pytest.mark.parametrize(
    "name", ["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Africa/Cairo"]
)
def test_every_date_of_a_year_has_its_digest_once(name: str) -> None:
    zone = ZoneInfo(name)
    made, _ = walk(zone, time(2, 30), 370, random.Random(1))
    assert faults(zone, made, 370) == Counter({"twice": 0, "left out": 0, "never existed": 0})


def test_a_clock_that_is_set_back_or_forward_makes_no_digest_twice() -> None:
    assert not any(jumps(random.Random(1), 6).values())


def test_set_back_two_hours_nothing_is_made_again_and_set_forward_a_year_one_is_made() -> None:
    today, since = NOW.date(), NOW - timedelta(days=30)
    assert due(NOW - timedelta(hours=2), EVENING, VIETNAM, today, since, timedelta(hours=24)) is None
    year_on = NOW + timedelta(days=365)
    made = due(year_on, EVENING, VIETNAM, today, since, timedelta(hours=24))
    assert made == year_on.date()
    assert due(year_on, EVENING, VIETNAM, made, since, timedelta(hours=24)) is None


@given(
    st.integers(1_600_000_000, 2_500_000_000),
    st.sampled_from(sorted(available_timezones())),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_the_next_closing_lies_ahead_and_none_lies_between(stamp: int, name: str, at: time) -> None:
    now, zone = datetime.fromtimestamp(stamp, UTC), ZoneInfo(name)
    found = next_closing(now, at, zone)
    assert now < found <= now + timedelta(days=2)
    near = (closing((now + timedelta(days=n)).astimezone(zone).date(), at, zone).astimezone(UTC) for n in (-1, 0, 1))
    assert not [one for one in near if now < one < found]
