"""What a feed asks of those who read it: how often to come (`ttl`, `sy:updatePeriod`), when not to (`skipHours`)."""

import re
from collections.abc import Mapping
from datetime import timedelta

from monitor.models import Wishes

_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}  # hours
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST = timedelta(days=1)  # whatever is written there
_HEAD = 20_000  # bytes, in which a channel says such things
_BLOCK = rb"<skip%s>(.{0,4000}?)</skip%s>"
_SKIPPED_HOURS = re.compile(_BLOCK % (b"Hours", b"Hours"), re.DOTALL)
_SKIPPED_DAYS = re.compile(_BLOCK % (b"Days", b"Days"), re.DOTALL)
_HOUR = re.compile(rb"<hour>\s{0,9}(\d{1,2})\s{0,9}</hour>")
_DAY = re.compile(rb"<day>\s{0,9}([A-Za-z]{1,12})\s{0,9}</day>")


def wishes(channel: Mapping[str, object], content: bytes) -> Wishes:
    """Return what a feed's channel, read by feedparser, and its bytes say; what makes no sense is passed over.

    Hours are those of RSS 2.0: 0 to 23 in UTC (24, as RSS 0.91 had it, is midnight), on every day.
    """
    minutes = _number(channel.get("ttl"))
    period = _PERIODS.get(str(channel.get("sy_updateperiod", "")).strip().lower(), 0)
    times = max(1, _number(channel.get("sy_updatefrequency")))
    pause = max(timedelta(minutes=minutes), timedelta(hours=period) / times)
    hours = {int(found) % 24 for found in _in(_SKIPPED_HOURS, _HOUR, content) if int(found) <= 24}
    days = {found.decode().lower() for found in _in(_SKIPPED_DAYS, _DAY, content)}
    quiet = {
        24 * number + hour for number, day in enumerate(_DAYS) for hour in range(24) if day in days or hour in hours
    }
    return Wishes(min(pause, _LONGEST), frozenset(quiet))


def _number(said: object) -> int:
    text = str(said or "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0


def _in(block: re.Pattern[bytes], one: re.Pattern[bytes], content: bytes) -> list[bytes]:
    found = block.search(content[:_HEAD])
    return one.findall(found[1]) if found else []
