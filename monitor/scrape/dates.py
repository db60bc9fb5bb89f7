"""Publication dates as Vietnamese sites write them: day first, always; +07:00 unless said.

The forms are those counted on 228 provincial pages (docs/vietnamese.md), and English ones for the
English editions. Impossible dates, dates to come and dates before there were news sites are none.
"""

import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.models import VIETNAM

_OLDEST = 1997  # Vietnam's first newspaper on the web
SKEW = timedelta(days=1)  # a clock that runs ahead, a zone that was forgotten

_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_MONTH = rf"(?P<{{}}>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = re.compile(
    r"(?<![\d/.-])(?:(?P<d>\d{1,2})\s*(?:[/.-]\s*(?P<m>\d{1,2})\s*[/.-]|,?\s+tháng\s+(?P<m2>\d{1,2})(?:\s+năm|,)?)"
    r"\s*(?P<y>\d{4})(?![\d/])|"
    rf"\b{_MONTH.format('m3')}\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>\d{{4}})\b|"
    rf"(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH.format('m4')},?\s+(?P<y4>\d{{4}})\b)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d/.:+])(?P<h>\d{1,2})\s*(?:[:hg]\s*(?P<min>\d{2})(?P<sec>:\d{2})?'?(?!\d)|giờ(?:\s*(?P<min2>\d{1,2}))?(?!\w))"
    r"\s*(?P<half>SA|CH|AM|PM)?\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"^\s*\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?$")
_STAMP = re.compile(r"^(20\d{2}|19\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(?:\d{2})?)?(?:Z|[+-]\d{2}:?\d{2})?$")
_MAIL = re.compile(r"^(?:[a-z]{3},\s+)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}", re.IGNORECASE)
# .NET in its own language: "9/26/2026 9:20:00 AM", where Vietnamese pages have SA and CH
_MONTH_FIRST = re.compile(r"^\s*(\d{1,2})/(\d{1,2})/(\d{4})\s+(\d{1,2}:\d{2}):\d{2}\s*(AM|PM)\s*$", re.IGNORECASE)
_YEARLESS = re.compile(
    r"(?:\b(?:ngày|sáng|trưa|chiều|tối|đêm)(?:\s+ngày)?|\b(?:nay|qua)\s*,?\s*\(?(?:ngày\s+)?)\s*"
    r"(?P<d>\d{1,2})\s*(?:[/.-]\s*|\s+tháng\s+)(?P<m>\d{1,2})(?![\d/.-]*\d)(?!\s+năm)",
    re.IGNORECASE,
)
_ENGLISH_DAY = re.compile(r"^\s*(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_OPENING = 120  # letters of a paragraph within which its date line stands


def _possible(moment: datetime | None, now: datetime) -> datetime | None:
    """Return `moment` unless it lies in the future or before there were news sites."""
    if moment is None or moment.year < _OLDEST or moment > now + SKEW:
        return None
    return moment


def machine(text: str, now: datetime) -> datetime | None:
    """Read a date meant for machines (ISO 8601, e-mail, .NET), minutes and offset kept; None if it is none.

    "2026-03-07T00:01:00", "…Z", "…+07:00", "… +0700" and seven-digit fractions are met.
    """
    text = text.strip()
    try:
        return _possible(_machine(text), now) or (None if _ISO.match(text) else line(text, now))
    except (ValueError, OverflowError):  # a day that does not exist, an offset of a year
        return None


def _machine(text: str) -> datetime | None:
    if turned := _MONTH_FIRST.match(text):
        month, day, year, clock, half = turned.groups()
        return datetime.strptime(f"{year}-{month}-{day} {clock} {half}", "%Y-%m-%d %I:%M %p").replace(tzinfo=VIETNAM)
    if _MAIL.match(text):
        moment = parsedate_to_datetime(text)
    elif _ISO.match(text):
        text = re.sub(r"\.\d+", "", re.sub(r"\s+([+-])", r"\1", text))
        moment = datetime.fromisoformat(re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", text))
    elif stamp := _STAMP.match(text):
        moment = datetime(*(int(part or 0) for part in stamp.groups()))  # type: ignore[arg-type] # noqa: DTZ001
    else:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def line(text: str, now: datetime) -> datetime | None:
    """Read a printed date line ("Cập nhật, 22:21, Thứ Hai, 12/06/2023 (GMT+7)"); None if none.

    Without a time of day it is midnight. SA and CH are the halves of a 12-hour clock.
    """
    day = _DAY.search(text)
    if not day:
        return None
    hour, minute = _time_beside(text, day)
    number = int(day["d"] or day["d3"] or day["d4"])
    month = int(day["m"] or day["m2"] or 0) or _MONTHS[(day["m3"] or day["m4"])[:3].lower()]
    try:
        moment = datetime(int(day["y"] or day["y3"] or day["y4"]), month, number, hour, minute, tzinfo=VIETNAM)
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
    hour, minute, half = int(time["h"]), int(time["min"] or time["min2"] or 0), (time["half"] or "").upper()
    if half in {"CH", "PM"} and hour < 12:
        hour += 12
    if half in {"SA", "AM"} and hour == 12:
        hour = 0
    return (hour, minute) if hour < 24 and minute < 60 else (0, 0)


def is_line(text: str) -> bool:
    """Tell whether a short text is a date line rather than a sentence with a date in it."""
    day = _DAY.search(text)
    return bool(day) and len(text) <= 90 and not re.search(r"\b(?:tổ chức|ban hành|dự)\b", text)


def is_clock(text: str) -> bool:
    """Tell whether a date line looks like the clock at the top of a page: seconds, or an English weekday alone."""
    times = list(_TIME.finditer(text))
    return any(time["sec"] for time in times) or (not times and bool(_ENGLISH_DAY.match(text)))


def yearless(text: str, now: datetime) -> datetime | None:
    """Read the day at the opening of a report ("Ngày 17/5, …", "Sáng nay (11/6), …"): the last such day by `now`.

    Only an opening counts: later in a text stand anniversaries and plans.
    """
    day = _YEARLESS.search(text[:_OPENING])
    if not day:
        return None
    for year in (now.year, now.year - 1):
        try:
            moment = datetime(year, int(day["m"]), int(day["d"]), tzinfo=VIETNAM)
        except ValueError:
            continue
        if moment <= now:
            return moment
    return None
