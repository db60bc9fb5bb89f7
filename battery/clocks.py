"""Every time zone over years, asked at odd moments, and a clock that is set: each local date has one digest.

DIEMBAO_YEARS sets how many years (default 3) of all zones are walked; the clock is asked at each closing
and at a few odd moments between, so that the walk stays short.
"""

import os
import random
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo, available_timezones

from battery.progress import stepped
from monitor.digest.edition import closing, due, next_closing

_CATCH_UP = timedelta(hours=24)
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def walk(zone: ZoneInfo, at: clock, days: int, dice: random.Random) -> tuple[list[date], int]:
    """Let a service live through some days of a zone; returns the dates it made, and how often it asked."""
    now, made, asked = _BEGIN, list[date](), 0
    end = now + timedelta(days=days)
    while now < end:
        asked += 1
        if day := due(now, at, zone, made[-1] if made else None, _BEGIN, _CATCH_UP):
            made.append(day)
        step = timedelta(seconds=dice.uniform(20, 40)) if dice.random() < 0.3 else timedelta(hours=dice.uniform(1, 9))
        now = min(now + step, max(next_closing(now, at, zone), now + timedelta(seconds=1)))
    return made, asked


def faults(zone: ZoneInfo, made: list[date], days: int) -> Counter[str]:
    """Return how many dates of a walk were made twice, and how many were left out."""
    found = Counter({"twice": len(made) - len(set(made))})
    first = _BEGIN.astimezone(zone).date()
    expected = {first + timedelta(days=n) for n in range(1, days - 1)}
    exist = {day for day in expected if _exists(day, zone)}
    found["left out"] = len(exist - set(made))
    found["never existed"] = len(expected - exist)
    return found


def _exists(day: date, zone: ZoneInfo) -> bool:
    """Tell whether a zone has this date: some were skipped when it crossed the date line."""
    noon = datetime.combine(day, clock(12), zone)
    return noon.astimezone(UTC).astimezone(zone).date() == day


def jumps(dice: random.Random, tries: int) -> Counter[str]:
    """Set the clock while a service lives through a week: back, forward, by years; returns what went wrong."""
    found: Counter[str] = Counter()
    zone, at = ZoneInfo("Asia/Ho_Chi_Minh"), clock(18)
    for _ in stepped("clocks set", range(tries)):
        now, made = _BEGIN, list[date]()
        jump = timedelta(hours=dice.choice([-2, -72, 2, 26, 24 * 9, 24 * 365]))
        when = dice.uniform(0, 7 * 86400)
        steady, farthest = 0.0, now
        while steady < 9 * 86400:
            today, farthest = now.astimezone(zone).date(), max(farthest, now)
            last = max((day for day in made if day <= today), default=None)
            if day := due(now, at, zone, last, _BEGIN, _CATCH_UP):
                found["twice"] += day in made
                made.append(day)
            step = dice.uniform(30, 3000)
            set_now = steady <= when < steady + step
            steady, now = steady + step, now + timedelta(seconds=step) + (jump if set_now else timedelta())
        if jump < timedelta(days=1):  # every date was lived through, so every date has its edition
            days = (_BEGIN.astimezone(zone).date() + timedelta(days=n) for n in range(12))
            lived = {day for day in days if closing(day, at, zone) < farthest - timedelta(hours=1)}
            found["left out"] += len(lived - set(made))
    return found


def main() -> bool:
    """Print the figures; returns whether every promise was kept."""
    days, dice = 365 * int(os.environ.get("DIEMBAO_YEARS", "3")), random.Random(1)  # noqa: S311 - dice
    began, came, total, asks = time.monotonic(), Counter[str](), 0, 0
    zones = sorted(available_timezones())
    for name in stepped("time zones", zones):
        zone, at = ZoneInfo(name), clock(dice.randrange(24), dice.choice([0, 30, 59]))
        made, asked = walk(zone, at, days, dice)
        came += faults(zone, made, days)
        total, asks = total + len(made), asks + asked
    print(
        f"{len(zones)} zones, {days} days each: {total} editions, asked {asks} times, {time.monotonic() - began:.0f} s"
    )
    for what in ("twice", "left out", "never existed"):
        print(f"  {what:14}{came[what]:6}")
    set_clocks = jumps(dice, 300)
    print("the clock set 300 times, by -72 h to +365 days")
    for what in ("twice", "left out"):
        print(f"  {what:14}{set_clocks[what]:6}")
    return not (came["twice"] or came["left out"] or set_clocks["twice"] or set_clocks["left out"])


if __name__ == "__main__":
    raise SystemExit(not main())
