"""Dates that pages, feeds and sitemaps give for machines, in whatever form their program writes them."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from monitor.models import VIETNAM
from monitor.scrape import dates

_ISO = re.compile(r"^\s*\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?$")
_STAMP = re.compile(r"^(20\d{2}|19\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(?:\d{2})?)?(?:Z|[+-]\d{2}:?\d{2})?$")
_MAIL = re.compile(r"^(?:[a-z]{3},\s+)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}", re.IGNORECASE)
# .NET in its own language: "9/26/2026 9:20:00 AM", where Vietnamese pages have SA and CH
_MONTH_FIRST = re.compile(r"^\s*(\d{1,2})/(\d{1,2})/(\d{4})\s+(\d{1,2}:\d{2}):\d{2}\s*(AM|PM)\s*$", re.IGNORECASE)
_EPOCH = re.compile(r"^(?:/Date\()?(1\d{9})(?:\d{3})?(?:\)/)?$")  # seconds, or thousandths of them
_REGION = re.compile(r"\[[\w/]+\]$")  # "…Z[Asia/Ho_Chi_Minh]"
_JAVA = re.compile(r"^[a-z]{3} ([a-z]{3} \d{2}) (\d{2}:\d{2}):\d{2} [a-z]{3,4} (\d{4})$", re.IGNORECASE)


def read(text: str, now: datetime) -> datetime | None:
    """Read a date meant for machines (ISO 8601, e-mail, .NET), minutes and offset kept; None if it is none.

    "2026-03-07T00:01:00", "…Z", "…+07:00", "… +0700" and seven-digit fractions are met.
    """
    text = _JAVA.sub(r"\1 \3 \2", _REGION.sub("", text.strip()))
    try:
        return dates.possible(_moment(text), now) or (None if _ISO.match(text) else dates.line(text, now))
    except (ValueError, OverflowError):  # a day that does not exist, an offset of a year
        return None


def _moment(text: str) -> datetime | None:
    if epoch := _EPOCH.match(text):
        return datetime.fromtimestamp(int(epoch[1]), tz=VIETNAM)
    if turned := _MONTH_FIRST.match(text):
        month, day, year, clock, half = turned.groups()
        return datetime.strptime(f"{year}-{month}-{day} {clock} {half}", "%Y-%m-%d %I:%M %p").replace(tzinfo=VIETNAM)
    if _MAIL.match(text):
        moment = parsedate_to_datetime(text)
    elif _ISO.match(text):
        text = re.sub(r"\.\d+", "", re.sub(r"(?<!\s)\s+([+-])", r"\1", text))
        text = re.sub(r" (\d{2}:\d{2})$", r"+\1", text) if "T" in text else text  # the plus was read as a space
        moment = datetime.fromisoformat(re.sub(r"([+-])(\d?\d):?(\d{2})$", _offset, text))
    elif stamp := _STAMP.match(text):
        moment = datetime(*(int(part or 0) for part in stamp.groups()))  # type: ignore[arg-type] # noqa: DTZ001
        moment = moment.replace(tzinfo=UTC) if text.endswith("Z") else moment
    else:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _offset(found: re.Match[str]) -> str:
    sign, hours, minutes = found.groups()
    return f"{sign}{hours:0>2}:{minutes}"
