"""What people type: commands and days. Pure."""

import re
from datetime import date, timedelta

from monitor.vietnamese import clean, fold

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:\s+(.*))?")
_FIGURES = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})(?:[/.-](20[0-9]{2}|[0-9]{2}))?")
_IN_WORDS = re.compile(r"([0-9]{1,2}) thang ([0-9]{1,2})(?: nam (20[0-9]{2}))?")
_BEFORE = frozenset({"diem bao", "ban tin", "tin tuc", "tin o", "tin", "ban"})
_AGO = {"hom nay": 0, "hom qua": 1, "hom kia": 2}


def command(text: str) -> tuple[str, str] | None:
    """Return a command's name in small letters and what stands behind it; None when the text is no command."""
    found = _COMMAND.fullmatch(clean(text))
    return (found[1].lower(), found[2] or "") if found else None


def matter(text: str) -> str:
    """Return what is asked for without what people put before it: "tin Lai Châu" gives "Lai Châu"."""
    words = text.split()
    size = next((size for size in (2, 1) if fold(" ".join(words[:size])) in _BEFORE), 0)
    return " ".join(words[size:])


def day(text: str, today: date) -> date | None:
    """Return the day meant by 2026-11-20, 20/11/2026, 20/11 (the last such day up to today), words; None for others.

    Words are "20 tháng 11 (năm 2026)", "hôm nay", "hôm qua", "hôm kia", with or without marks and "ngày".
    """
    said = fold(text).removeprefix("ngay ")
    try:
        if said in _AGO:
            return today - timedelta(days=_AGO[said])
        if found := _FIGURES.fullmatch(said):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY_FIRST.fullmatch(said) or _IN_WORDS.fullmatch(said):
            year = f"20{found[3][-2:]}" if found[3] else today.year
            named = date(int(year), int(found[2]), int(found[1]))
            return named if found[3] or named <= today else named.replace(year=today.year - 1)
    except ValueError:
        return None
    return None
