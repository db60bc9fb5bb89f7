"""Publication dates as Vietnamese sites write them: day first, always; +07:00 unless said.

The forms are those counted on 228 provincial pages (docs/vietnamese.md).
"""

import re
from datetime import datetime, timedelta

from monitor.models import VIETNAM

_OLDEST = 1997  # Vietnam's first newspaper on the web
SKEW = timedelta(days=1)  # a clock that runs ahead, a zone that was forgotten

_DAY = re.compile(
    r"(?<![\d/.-])(?P<d>\d{1,2})\s*(?:[/.-]\s*(?P<m>\d{1,2})\s*[/.-]|,?\s+tháng\s+(?P<m2>\d{1,2})(?:\s+năm|,)?)"
    r"\s*(?P<y>\d{4})(?![\d/])",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d/.:+])(?P<h>\d{1,2})\s*[:hg]\s*(?P<min>\d{2})(?::\d{2})?'?(?!\d)\s*(?P<half>SA|CH|AM|PM)?\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"^\s*\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?$")


def _possible(moment: datetime | None, now: datetime) -> datetime | None:
    """Return `moment` unless it lies in the future or before there were news sites."""
    if moment is None or moment.year < _OLDEST or moment > now + SKEW:
        return None
    return moment


def machine(text: str, now: datetime) -> datetime | None:
    """Read a date meant for machines (ISO 8601), minutes and offset kept; None if it is none.

    "2026-03-07T00:01:00", "…Z", "…+07:00", "… +0700" and seven-digit fractions are met.
    """
    text = text.strip()
    if not _ISO.match(text):
        return line(text, now)
    text = re.sub(r"\.\d+", "", re.sub(r"\s+([+-])", r"\1", text))
    text = re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    return _possible(moment, now)


def line(text: str, now: datetime) -> datetime | None:
    """Read a printed date line ("Cập nhật, 22:21, Thứ Hai, 12/06/2023 (GMT+7)"); None if none.

    Without a time of day it is midnight. SA and CH are the halves of a 12-hour clock.
    """
    day = _DAY.search(text)
    if not day:
        return None
    hour, minute = _time_beside(text, day)
    try:
        moment = datetime(int(day["y"]), int(day["m"] or day["m2"]), int(day["d"]), hour, minute, tzinfo=VIETNAM)
    except ValueError:
        return None
    return _possible(moment, now)


def _time_beside(text: str, day: re.Match[str]) -> tuple[int, int]:
    """Return hour and minute of the time after, else before, a day; midnight if there is none."""
    after = _TIME.search(text, day.end(), day.end() + 30)
    before = list(_TIME.finditer(text, max(0, day.start() - 40), day.start()))
    time = after or (before[-1] if before else None)
    if time is None:
        return 0, 0
    hour, minute, half = int(time["h"]), int(time["min"]), (time["half"] or "").upper()
    if half in {"CH", "PM"} and hour < 12:
        hour += 12
    if half in {"SA", "AM"} and hour == 12:
        hour = 0
    return (hour, minute) if hour < 24 and minute < 60 else (0, 0)


def is_line(text: str) -> bool:
    """Tell whether a short text is a date line rather than a sentence with a date in it."""
    day = _DAY.search(text)
    return bool(day) and len(text) <= 90 and not re.search(r"\b(?:tổ chức|ban hành|dự)\b", text)
