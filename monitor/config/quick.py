"""YAML as sources.yaml is nearly always written, read fifty times as fast as by the reader that knows every mistake.

A worker starts, and a command answers, without waiting for the careful one: three thousand sources take it
seconds. Whatever the two might understand differently is left to the careful one.
"""

import re
from collections.abc import Iterator

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# a Tab, other ends of a line and marks of byte order are told apart by some readers; %: a directive
_ODD = re.compile("[\t\r\x85\u2028\u2029\ufeff]|^(%|---|\\.\\.\\.)", re.MULTILINE)
_WORD = re.compile(r"\.?[^\W\d_][^\n]*")
_FIGURES_AND_LETTERS = re.compile(r"\d{1,3}[smhdw]|\d\d:\d\d|\d{1,3}-[^\W\d_][^\n]*")
_NUMBER = re.compile(r"0|[1-9]\d{0,8}")
_FRACTION = re.compile(r"(0|[1-9]\d{0,8})\.\d{1,8}")
_TRUTH = {"true": True, "false": False}
_NOT_PLAIN = re.compile(r"true|false|null|yes|no|on|off|y|n|\.inf|\.nan", re.IGNORECASE)

_Events = Iterator[yaml.Event]


class _OddError(Exception):
    """Something that only the careful reader may judge."""


def mapping(text: str) -> dict[str, object] | None:
    """Return the mapping that a text is, None where the careful reader has to look: it may be a mistake."""
    if _ODD.search(text):
        return None
    try:
        events = yaml.parse(text, Loader=_LOADER)
        found = _document(events)
    except (yaml.YAMLError, _OddError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _document(events: _Events) -> object:
    """Return what the only document of a stream holds."""
    begun = next(events), next(events)
    if not isinstance(begun[1], yaml.DocumentStartEvent):
        raise _OddError
    found = _node(next(events), events)
    next(events)
    if not isinstance(next(events), yaml.StreamEndEvent):
        raise _OddError
    return found


def _node(event: yaml.Event, events: _Events) -> object:
    """Return the value that begins with an event."""
    if getattr(event, "anchor", None) or getattr(event, "tag", None):
        raise _OddError
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(events)
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(events)
    raise _OddError


def _sequence(events: _Events) -> list[object]:
    found = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        found.append(_node(event, events))
    return found


def _mapping(events: _Events) -> dict[str, object]:
    found: dict[str, object] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events)
        if not isinstance(key, str) or key in found:
            raise _OddError
        found[key] = _node(next(events), events)
    return found


def _scalar(event: yaml.ScalarEvent) -> object:
    """Return a single value: what nobody takes for anything else than a text, a number or a truth."""
    value = event.value
    if event.style in {"'", '"'}:
        return value
    if event.style:
        raise _OddError
    if value in _TRUTH:
        return _TRUTH[value]
    if _NUMBER.fullmatch(value):
        return int(value)
    if _FRACTION.fullmatch(value):
        return float(value)
    if (_WORD.fullmatch(value) and not _NOT_PLAIN.fullmatch(value)) or _FIGURES_AND_LETTERS.fullmatch(value):
        return value
    raise _OddError
