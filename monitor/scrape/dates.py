"""Publication dates as Vietnamese sites write them: day first, always; +07:00 unless said.

The forms are those counted on 228 provincial pages (docs/vietnamese.md), and English ones for the
English editions. Impossible dates, dates to come and dates before there were news sites are none.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import islice

from monitor.models import VIETNAM

_OLDEST = 1997  # Vietnam's first newspaper on the web
SKEW = timedelta(days=1)  # a clock that runs ahead, a zone that was forgotten

_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_MONTH = rf"(?P<{{}}>{'|'.join(_MONTHS)})[a-z]*\.?"
# "26 Tháng Ba, 2025", as WordPress prints it in Vietnamese; the longer names first
_MONTH_WORDS = dict(zip(
    ("mười hai", "mười một", "giêng", "một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "chạp"),
    (12, 11, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12), strict=True,
))  # fmt: skip
_DAY = re.compile(
    rf"(?<![\d/.-])(?:(?P<d>\d{{1,2}})(?:\s*+[/.–-]\s*+(?P<m>\d{{1,2}})\s*+[/.–-]|"
    rf"(?:\s*+,)?\s++(?:tháng|thg)\s++(?P<m2>\d{{1,2}}|{'|'.join(_MONTH_WORDS)})(?:\s++năm|,)?)"
    r"\s*+(?P<y>\d{4})(?![\d/])|"
    rf"\b{_MONTH.format('m3')}\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>\d{{4}})\b|"
    rf"(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH.format('m4')},?[\s-]+(?P<y4>\d{{4}})\b|"
    r"(?P<y5>\d{4})(?P<mark>[/-])(?P<m5>\d{1,2})(?P=mark)(?P<d5>\d{1,2})(?!\d|[/-]))",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d/.:+])(?P<h>\d{1,2})\s*(?:[:hg]\s*(?P<min>\d{2})(?::(?P<sec>\d{2}))?'?(?!\d)|"
    r"giờ(?:\s*(?P<min2>\d{1,2}))?(?!\w))"
    r"\s*(?P<half>SA|CH|sáng|trưa|chiều|tối|a\.?m|p\.?m)?\b",
    re.IGNORECASE,
)
# "05/07/26 14:05": two digits are a year only beside a time of day
_SHORT_YEAR = re.compile(r"(?<![\d/.-])(\d{1,2}([/.-])\d{1,2}\2)(\d{2})(?![\d/.-])")
_ZONE = re.compile(r"\b(?:(?P<standard>[ECMP])(?P<kind>[SD]?)T|(?P<zero>GMT|UTC)(?!\s*[+-]?\d))\b")
_HOURS = {"E": -5, "C": -6, "M": -7, "P": -8}
_YEARLESS = re.compile(
    r"(?:\b(?:ngày|sáng|trưa|chiều|tối|đêm)(?:\s++ngày)?|\b(?:nay|qua)\s*+,?\s*+\(?(?:ngày\s++)?)\s*+"
    r"(?:\d{1,2}\s*+(?:,|và|đến|[-–])\s*+(?:ngày\s++)?){0,3}"
    r"(?P<d>\d{1,2})(?:\s*+[/.-]\s*+|\s++tháng\s++)(?P<m>\d{1,2})(?![\d/.-]*\d)(?!\s+năm)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|T[2-7]|CN|ngày đăng|ngày|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_ENGLISH_DAY = re.compile(r"^\s*(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_CHANGED = re.compile(
    r"(?:sửa|chỉnh sửa|cập nhật|thay đổi)(?: lần)? (?:lần )?(?:cuối|mới nhất)|\b(?:updated|modified)\b", re.IGNORECASE
)
_UPDATED = re.compile(r"[(]?\b(?:ngày |lần )?(?:cập nhật|chỉnh sửa|sửa)\b", re.IGNORECASE)
_POSTED = re.compile(r"\b(?:(?:ngày|đã) )?(?:đăng|xuất bản|tạo)\b", re.IGNORECASE)
_LABEL = re.compile(r"\b(?:ngày (?:đăng|cập nhật|xuất bản|phát hành)|cập nhật|xuất bản|đăng lúc)\b", re.IGNORECASE)
_AGO = re.compile(r"\b\d{1,3} (?:phút|giờ|ngày|tuần|tháng) trước\b|\b\d{1,3} phút đọc\b", re.IGNORECASE)
# beside a headline: "Thứ Sáu, 20/11 - 07:15", "07:15, 20/11"
_THIS_YEAR = re.compile(
    r"(?:(?:thứ \w{2,4}|chủ nhật|T[2-7]|CN)\s*+,?\s*+)?(?:ngày\s++)?"
    r"(?:(?P<h>\d{1,2}[:h]\d{2})\s*+[-–|,]?\s*+(?:ngày\s++)?)?"
    r"(?P<day>\d{1,2}/\d{1,2}|hôm (?P<near>nay|qua))(?(h)|\s*+[-–|,]?\s*+(?:lúc\s++)?(?P<h2>\d{1,2}[:h]\d{2}))",
    re.IGNORECASE,
)
_LONGEST = 90  # letters of a date line
_SENTENCE = re.compile(r"(?<![^\W\d])[^\W\d]{2,}[.!?…]$")  # ends as a sentence does: "…, cầu đã thông xe."
_OPENING = 120  # letters of a paragraph within which its date line stands


def possible(moment: datetime | None, now: datetime) -> datetime | None:
    """Return `moment` unless it lies in the future or before there were news sites."""
    if moment is None or moment.year < _OLDEST or moment > now + SKEW:
        return None
    return moment


def line(text: str, now: datetime) -> datetime | None:
    """Read a printed date line ("Cập nhật, 22:21, Thứ Hai, 12/06/2023 (GMT+7)"); None if none.

    Without a time of day it is midnight. SA and CH are the halves of a 12-hour clock.
    """
    text = _with_long_year(text)
    day = _DAY.search(text)
    if not day:
        return _of_this_year(text, now)
    hour, minute, second, half = _time_beside(text, day)
    number = int(day["d"] or day["d3"] or day["d4"] or day["d5"])
    month = _month(day["m"] or day["m2"] or day["m3"] or day["m4"] or day["m5"])
    if half in {"AM", "PM"} and number <= 12 < month:  # "11/28/2016 04:23 pm": can only be American
        number, month = month, number
    try:
        year = int(day["y"] or day["y3"] or day["y4"] or day["y5"])
        moment = datetime(year, month, number, hour, minute, second, tzinfo=_zone(text, half))
    except ValueError:
        return None
    return possible(moment, now)


def _of_this_year(text: str, now: datetime) -> datetime | None:
    """Read a date line without a year, also "Hôm qua, 07:15": the last such moment by `now`."""
    bare = _THIS_YEAR.fullmatch(text.strip())
    if not bare:
        return None
    near = now.astimezone(VIETNAM) - timedelta(days=bare["near"] == "qua") if bare["near"] else None
    days = (f"{near:%d/%m/%Y}",) if near else (f"{bare['day']}/{year}" for year in (now.year, now.year - 1))
    told = (line(f"{day} {bare['h'] or bare['h2']}", now) for day in days)
    return next((moment for moment in told if moment), None)


def is_ago(text: str) -> bool:
    """Tell whether a text is a time before the visit: "2 ngày trước"."""
    return bool(_AGO.fullmatch(text.strip()))


def _with_long_year(text: str) -> str:
    if _DAY.search(text) or not _TIME.search(text):
        return text
    return _SHORT_YEAR.sub(r"\g<1>20\3", text, count=1)


def _zone(text: str, half: str) -> tzinfo:
    """Return the zone an English line names ("1:55pm EST", "14:47 GMT"), else Vietnam's."""
    zone = _ZONE.search(text)
    if zone and zone["zero"]:
        return UTC
    if zone and half in {"AM", "PM"}:
        return timezone(timedelta(hours=_HOURS[zone["standard"]] + (zone["kind"] == "D")))
    return VIETNAM


def _month(text: str) -> int:
    word = text.lower()
    return int(text) if text.isdigit() else _MONTH_WORDS.get(word) or _MONTHS[word[:3]]


def _time_beside(text: str, day: re.Match[str]) -> tuple[int, int, int, str]:
    """Return hour, minute, second and half of the day of the time after, else before, a day; midnight if none."""
    after = _TIME.search(text, day.end(), day.end() + 30)
    before = list(_TIME.finditer(text, max(0, day.start() - 40), day.start()))
    time = after or (before[-1] if before else None)
    if time is None:
        return 0, 0, 0, ""
    half = (time["half"] or "").upper().replace(".", "")
    hour, minute, second = int(time["h"]), int(time["min"] or time["min2"] or 0), int(time["sec"] or 0)
    if half in {"CH", "PM", "CHIỀU", "TỐI"} and hour < 12:
        hour += 12
    if half in {"SA", "AM", "SÁNG"} and hour == 12:
        hour = 0
    return (hour, minute, second, half) if hour < 24 and max(minute, second) < 60 else (0, 0, 0, half)


def is_line(text: str) -> bool:
    """Tell whether a short text is a date line rather than a sentence with a date in it."""
    if len(text) > _LONGEST or _SENTENCE.search(text):
        return False
    if not _DAY.search(_with_long_year(text)):
        return bool(_THIS_YEAR.fullmatch(text.strip()))
    return not re.search(r"\b(?:tổ chức|ban hành|dự)\b", text)


def is_time(text: str) -> bool:
    """Tell whether a text is a time of day and nothing else: "07:15", "7 giờ 15"."""
    return len(text) < _LONGEST and bool(_TIME.fullmatch(text.strip(" |-–,")))


def is_labelled(text: str) -> bool:
    """Tell whether a date line begins with what it dates: "Ngày xuất bản: 12/11/2026"."""
    return is_line(text) and bool(_LABEL.match(text))


def without(text: str) -> str:
    """Return a line without the time it ends with: "Mai Sương - 07:00, 04/12/2023", "Mai Sương · 2 giờ trước"."""
    patterns = (_WEEKDAY, _LABEL, _TIME, _DAY) if is_line(text) else (_AGO,) if len(text) < _LONGEST else ()
    begins = [found.start() for pattern in patterns if (found := pattern.search(text))]
    return text[: min(begins)].rstrip(" -–|,:•·") if begins else text


def halves(text: str) -> tuple[str, str]:
    """Part a line of two dates into when a page was posted and when it was changed; (text, "") where it has one."""
    days = list(islice(_DAY.finditer(text), 2)) if len(text) < 2 * _LONGEST else []
    found = _UPDATED.search(text) if len(days) > 1 else None
    if not found:
        return text, ""
    before, behind = text[: found.start()], text[found.start() :]
    if days[0].end() <= found.start():
        return before, behind
    posted = _POSTED.search(behind)
    return (behind[posted.start() :], behind[: posted.start()]) if posted else (text, "")


def is_posting(text: str) -> bool:
    """Tell whether a date line says by name when a page was posted: beside it an update is a change."""
    return is_line(text) and bool(_POSTED.match(text))


def change(text: str, *, posted: bool = False) -> str:
    """Return the part of a date line that says when a page was changed last; "" if none does.

    With `posted` another line says when it was posted, and a plain "Cập nhật: …" is a change too.
    """
    if later := halves(text)[1]:
        return later
    found = (_UPDATED if posted else _CHANGED).search(text) if is_line(text) else None
    return text[found.start() :] if found else ""


def is_clock(text: str, *, beside: bool = False) -> bool:
    """Tell whether a date line looks like the clock at the top of a page: seconds, or an English weekday alone.

    `beside` a headline only a clock names the day of the week and the seconds.
    """
    if beside and not _WEEKDAY.search(text):
        return False
    times = list(_TIME.finditer(text))
    return (not _LABEL.search(text) and any(time["sec"] for time in times)) or (
        not times and bool(_ENGLISH_DAY.match(text))
    )


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
