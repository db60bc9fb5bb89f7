"""When a source is visited next: functions of what was seen and `now`; nothing here waits.

What is measured is overlap: how much of a listing was on it at the last visit too. Where nothing
is shared, something may have come and gone unseen.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from monitor.models import Wishes

FIRST = timedelta(minutes=20)  # the interval of a source of which nothing is known
FASTEST, SLOWEST = timedelta(minutes=5), timedelta(hours=6)
_LONGEST_WAIT = timedelta(hours=6)  # while a source fails
_LONGEST_UNREACHED = timedelta(hours=1)  # while nobody is met at all: to look again is no burden to anybody
_A_DAY = timedelta(days=1)  # where an address holds nothing, or something else; the longest Retry-After heeded
_LONGEST_LIFE = timedelta(hours=1)  # of an answer, as far as it counts
_EVE = timedelta(minutes=30)  # before the edition closes
_FARTHEST = 10  # doublings
_STRAY = 0.2  # of an interval, to either side


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a source could not be read.

    `failures` counts the visits in a row; `lasting` is true when the address says that it holds
    nothing, or holds no listing; `retry_after` is the site's own wish in seconds; `unreached` is true when
    nobody was met: no such host, no connection. The fault may then be this machine's own.
    """

    failures: int
    lasting: bool = False
    retry_after: float | None = None
    unreached: bool = False


def is_gap(items: AbstractSet[int], before: AbstractSet[int]) -> bool:
    """Tell whether a listing may have lost articles unseen: it shares nothing with what it held before."""
    return bool(items and before and not items & before)


def reaches_back(items: Sequence[int], before: AbstractSet[int]) -> bool:
    """Tell whether a listing (newest first) still holds where it ended at the visit before.

    So it does when half of it stood there before, or the two items at its end: one alone may be
    an article that a site keeps there for weeks.
    """
    shared = sum(item in before for item in items)
    return not (items and before) or shared * 2 >= len(items) or all(item in before for item in items[-2:])


def adapted(interval: timedelta, items: AbstractSet[int], before: AbstractSet[int]) -> timedelta:
    """Return the interval that suits a source: shorter where its listing turns over, longer where it stands still.

    Half where nothing is shared with the visit before, two thirds where no more than half is; a
    quarter longer where nine in ten are the same.
    """
    if not items or not before:
        return interval
    shared = len(items & before) / len(items)
    factor = 0.5 if not shared else 2 / 3 if shared <= 0.5 else 1.25 if shared >= 0.9 else 1.0
    return min(SLOWEST, max(FASTEST, interval * factor))


def heeding(
    interval: timedelta, wishes: Wishes, fresh_for: float, items: AbstractSet[int], before: AbstractSet[int]
) -> timedelta:
    """Return an interval no shorter than a site wishes, by its feed or by how many seconds its answer may be kept.

    Never longer than SLOWEST by that, and an answer's life counts for an hour at most: many servers give one
    life to all they have. Where less than half of a listing was there before, the interval stays: a wish is
    followed as long as nothing is lost by it.
    """
    if items and before and len(items & before) * 2 < len(items):
        return interval
    kept = timedelta(seconds=min(fresh_for, _LONGEST_LIFE.total_seconds()))
    return max(interval, min(SLOWEST, max(wishes.pause, kept)))


def outside(visit: datetime, quiet: AbstractSet[int], now: datetime) -> datetime:
    """Return a visit outside of the quiet hours of the week (Wishes), put off to SLOWEST from `now` at most."""
    latest = max(visit, now + SLOWEST)
    while visit < latest and _hour_of_week(visit) in quiet:
        visit += timedelta(hours=1)
    return min(visit, latest)


def _hour_of_week(moment: datetime) -> int:
    utc = moment.astimezone(UTC)
    return utc.weekday() * 24 + utc.hour


def next_visit(now: datetime, name: str, interval: timedelta, trouble: Trouble | None = None) -> datetime:
    """Return when a source is visited again: around its interval; later and later while it fails, never for good.

    The wait of a source that fails is drawn from nought to twice as long each time ("full
    jitter"), but never shorter than its interval or than the site asked for. One that was not met is looked
    after some 10, 20, 40 minutes, then each hour, however long its interval.
    """
    draw = lot(f"{name} {now.timestamp():.0f}")
    if trouble and trouble.unreached:
        interval = min(_LONGEST_UNREACHED, min(interval, FASTEST) * (1 << min(trouble.failures, _FARTHEST)))
    if trouble is None or trouble.unreached:
        return now + interval * (1 - _STRAY + 2 * _STRAY * draw)
    longest = _A_DAY if trouble.lasting else max(interval, _LONGEST_WAIT)
    doubled = min(longest, interval * (1 << min(trouble.failures, _FARTHEST)))
    asked = timedelta(seconds=min(max(trouble.retry_after or 0.0, 0.0), _A_DAY.total_seconds()))
    return now + max(interval, asked, doubled if trouble.lasting else doubled * draw)


def by_closing(visit: datetime, now: datetime, name: str, closing: datetime) -> datetime:
    """Return a visit that comes before the edition closes: in the half hour before, where it would fall behind.

    What a calm source prints in the day is so told on the day.
    """
    eve = spread(closing - _EVE, name, _EVE * 0.8)
    return eve if now + FASTEST <= eve < visit else visit


def spread(now: datetime, name: str, width: timedelta) -> datetime:
    """Return a moment in `width` from now, always at the same place of it for the same source."""
    return now + width * lot(name)


def lot(text: str) -> float:
    """Return a number from 0 to 1 that looks drawn, the same for the same text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=7).digest(), "big") / (1 << 56)


def item(key: str) -> int:
    """Return a 32-bit hash by which an item of a listing is remembered."""
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest(), "big")
