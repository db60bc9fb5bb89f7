"""Values as an operator writes them: lengths of time, clocks, zones, provinces, addresses, selectors."""

import difflib
import re
from datetime import time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from monitor import provinces, urls
from monitor.campaign import document

_DURATION = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(s|m|h|d)\s*$")
_FEWEST_LETTERS = 2
_LONGEST = 3650 * 86400
_UNIT = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _duration(value: object) -> timedelta:
    """Read "5s", "30m", "2h" or "3d"."""
    if isinstance(value, timedelta):
        return value
    found = _DURATION.match(value) if isinstance(value, str) else None
    if not found:
        raise ValueError('a length of time is written "5s", "30m", "2h" or "3d"')
    seconds = float(found[1]) * _UNIT[found[2]]
    if seconds > _LONGEST:
        raise ValueError("longer than ten years")
    return timedelta(seconds=seconds)


def within(least: str, most: str = "3650d") -> AfterValidator:
    """Accept lengths of time between these two, both included."""

    def check(value: timedelta) -> timedelta:
        if not _duration(least) <= value <= _duration(most):
            raise ValueError(f"write a length of time from {least} to {most}")
        return value

    return AfterValidator(check)


def _clock(value: object) -> time:
    """Read "18:00"."""
    if isinstance(value, time):
        return value
    found = re.match(r"^([01]?\d|2[0-3]):([0-5]\d)$", value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f'a time of day is written "18:00", not {value!r}')
    return time(int(found[1]), int(found[2]))


def _zone(value: object) -> ZoneInfo:
    """Read the name of a time zone."""
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (KeyError, ValueError, OSError) as fault:
        raise ValueError(f"unknown time zone {value!r}; Vietnam's is Asia/Ho_Chi_Minh") from fault


def _province(value: str) -> str:
    """Accept a province by any of its names; return today's."""
    if name := provinces.now(value):
        return name
    close = difflib.get_close_matches(value, provinces.current(), n=1, cutoff=0.6)
    hint = f"; did you mean {close[0]!r}?" if close else "; leave it out for a national source"
    raise ValueError(f"unknown province {value!r}{hint}")


def _address(value: str) -> str:
    """Accept an http(s) address."""
    if cleaned := urls.clean(value):
        return cleaned
    if value.startswith(("http://", "https://")):
        raise ValueError(f"not a web address: {value!r}; its host name is not valid")
    raise ValueError(f"not a web address: {value!r}; it begins with https:// or http://")


def _selector(value: str) -> str:
    """Accept a CSS selector."""
    from soupsieve import SelectorSyntaxError, compile  # noqa: A004, PLC0415 - a twentieth of a second, and few have any

    if any(quote in value for quote in "“”‘’"):
        raise ValueError(f"not a CSS selector: {value!r}; use straight quotes")
    try:
        compile(value)
    except SelectorSyntaxError as fault:
        raise ValueError(f"not a CSS selector: {value!r} ({str(fault).splitlines()[0]})") from fault
    return value


def _phrase(value: str) -> str:
    """Accept words to look for; without two letters they would be found everywhere or nowhere."""
    if sum(c.isalpha() for c in value) < _FEWEST_LETTERS:
        raise ValueError(f"no phrase: {value!r}; write at least one word")
    return value


def _number(value: str) -> str:
    """Accept the number of a document, with type and issuer."""
    return document(value, {}).number


def _text(value: object) -> object:
    """Refuse what YAML made a number or yes/no of a name that lacked its quotes."""
    if isinstance(value, bool | int | float):
        raise ValueError(f'write it in quotes: "{value}"')  # noqa: TRY004 - pydantic collects ValueErrors
    return value


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": _DURATION.pattern}),
]
Clock = Annotated[time, BeforeValidator(_clock), WithJsonSchema({"type": "string", "pattern": r"^\d{1,2}:\d\d$"})]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone), WithJsonSchema({"type": "string"})]
Text = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=300)]
ProvinceName = Annotated[Text, AfterValidator(_province)]
Address = Annotated[Text, AfterValidator(_address)]
Phrase = Annotated[Text, AfterValidator(_phrase)]
Number = Annotated[Text, AfterValidator(_number)]
Selector = Annotated[Text, AfterValidator(_selector)]
