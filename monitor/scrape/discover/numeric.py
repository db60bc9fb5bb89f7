"""Dates written in figures, read over a whole feed: whether day or month is first, or all is one clock.

Vietnamese sites write the day first, but the feeds of some (chinhphu.vn) are written by a server
with American settings. One item alone does not tell 7/11 from 11/7; the feed does.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.models import VIETNAM
from monitor.scrape import dates

_NUMERIC = re.compile(
    r"^\s*(?P<before>\D{0,20}?)(?P<one>\d{1,2})[/.-](?P<two>\d{1,2})[/.-](?P<rest>\d{4}\b.*)$", re.DOTALL
)
_VIETNAMESE = re.compile(r"\b(?:thứ|chủ nhật|ngày|SA|CH)\b", re.IGNORECASE)
_HALF = re.compile(r"\b[AP]M\s*$", re.IGNORECASE)
_AN_INSTANT = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Order:
    """In which order a feed writes day and month."""

    month_first: bool

    def fits(self, text: str) -> bool:
        """Tell whether a date is written in figures, and so falls under this order."""
        return _NUMERIC.match(text) is not None

    def read(self, text: str, now: datetime) -> datetime | None:
        """Return a date written in figures, in Vietnamese time; None if it is none or impossible."""
        found = _NUMERIC.match(text)
        if not found:
            return None
        turned = self.month_first and not _VIETNAMESE.search(text)
        return dates.line(f"{found['two']}/{found['one']}/{found['rest']}" if turned else text, now)


_DAY_FIRST, _MONTH_FIRST = Order(month_first=False), Order(month_first=True)


def order_of(texts: Iterable[str], now: datetime) -> Order:
    """Return the order that all dates of a feed share.

    A figure above twelve proves it. Without proof: the order in which no date lies in the future,
    then the one in which the dates lie closer together, then the American one where the clock
    has AM and PM.
    """
    written = [found for text in texts if (found := _NUMERIC.match(text)) and not _VIETNAMESE.search(text)]
    day_proved = any(int(one["one"]) > 12 for one in written)
    month_proved = any(int(one["two"]) > 12 for one in written)
    if not written or day_proved or month_proved:
        return _MONTH_FIRST if month_proved and not day_proved else _DAY_FIRST
    lines = [one.string for one in written]
    readings = [[order.read(line, now) for line in lines] for order in (_DAY_FIRST, _MONTH_FIRST)]
    future = [sum(moment is None for moment in reading) for reading in readings]
    if future[0] != future[1]:
        return _MONTH_FIRST if future[1] < future[0] else _DAY_FIRST
    spans = [_span(reading) for reading in readings]
    if spans[0] != spans[1]:
        return _MONTH_FIRST if spans[1] < spans[0] else _DAY_FIRST
    return _MONTH_FIRST if any(_HALF.search(line) for line in lines) else _DAY_FIRST


def _span(moments: Iterable[datetime | None]) -> timedelta:
    known = [moment for moment in moments if moment]
    return max(known) - min(known) if known else timedelta()


def are_the_visit(moments: Sequence[datetime | None]) -> bool:
    """Tell whether a feed dates everything with the moment it was made: three or more, one instant.

    A day without its hour (midnight) is a date, however many articles share it.
    """
    known = [moment for moment in moments if moment]
    if len(known) < 3 or _span(known) > _AN_INSTANT:
        return False
    return any((local.hour, local.minute) != (0, 0) for local in (one.astimezone(VIETNAM) for one in known))
