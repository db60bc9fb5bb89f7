"""What people type: commands and days. Pure."""

import re
from datetime import date

from monitor.vietnamese import clean

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:\s+(.*))?")
_FIGURES = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})(?:[/.-]([0-9]{4}))?")


def command(text: str) -> tuple[str, str] | None:
    """Return a command's name in small letters and what stands behind it; None when the text is no command."""
    found = _COMMAND.fullmatch(clean(text))
    return (found[1].lower(), found[2] or "") if found else None


def day(text: str, today: date) -> date | None:
    """Return the day written 2026-11-20, 20/11/2026 or 20/11 (the last such day up to today); None when it is none."""
    try:
        if found := _FIGURES.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY_FIRST.fullmatch(text):
            named = date(int(found[3] or today.year), int(found[2]), int(found[1]))
            return named if found[3] or named <= today else named.replace(year=today.year - 1)
    except ValueError:
        return None
    return None
