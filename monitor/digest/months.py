"""A month of editions as a calendar."""

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from monitor.digest import pictures


@dataclass(frozen=True, slots=True)
class _Day:
    date: date
    count: int | None
    shade: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month as a calendar: weeks of seven days, None where a day belongs to another month."""

    first: date
    weeks: tuple[tuple[_Day | None, ...], ...]
    stories: int

    @property
    def title(self) -> str:
        """Return "Tháng 11/2026"."""
        return f"Tháng {self.first:%m/%Y}"


def month_of(first: date, counts: Mapping[date, int]) -> Month:
    """Return the calendar of a month with the counts of its editions."""
    own = {day: count for day, count in counts.items() if (day.year, day.month) == (first.year, first.month)}
    limits = pictures.bounds(max(own.values(), default=0))
    weeks = []
    for week in Calendar().monthdatescalendar(first.year, first.month):
        row = []
        for day in week:
            count = own.get(day)
            shade = sum((count or 0) >= limit for limit in limits)
            row.append(_Day(day, count, shade) if day.month == first.month else None)
        weeks.append(tuple(row))
    return Month(first, tuple(weeks), sum(own.values()))
