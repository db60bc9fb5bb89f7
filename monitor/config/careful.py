"""YAML read so that every key knows its line, and what is no YAML is said in words with what to do about it."""

import re

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from monitor.config.mistakes import ODD_SPACE
from monitor.errors import ConfigError

_REMEDIES = (
    ("'\\t'", "a Tab stands here; indent with spaces"),
    (
        "mapping values are not allowed",
        "a second ':' on this line needs quotes round the value, or a line is indented wrongly",
    ),
    ("end of stream", "the quote that is opened here is not closed"),
    ("<stream end>", "a { or [ is not closed; a value with # in it needs quotes"),
    ("cannot start any token", "put the value in quotes"),
    ("could not find expected ':'", "a ':' with a space after it is missing, or a line is indented wrongly"),
    ("expected <block end>", "this line or the one above is indented wrongly, or a '- ' is missing"),
    ("another document", "a file holds one list: remove the line '---'"),
)
# what a line at fault looks like when something else is wrong with it than the parser can know
_SIGNS = (
    (
        re.compile("^[ -]*[\N{NO-BREAK SPACE}\u2000-\u200b\u202f\N{IDEOGRAPHIC SPACE}]"),
        ODD_SPACE,
    ),
    (re.compile(r"^[ -]*\w+\s*："), "this ':' is a wide one; type a plain ':' with a space after it"),
    (re.compile(r"^ *-\w+:"), "a space is missing after '-'"),
    (re.compile(r"^[ -]*\w+:[^\s/]"), "a space is missing after ':'"),
    (re.compile(r"^(<{7}|={7}|>{7})"), "a mark that a merge left; keep one side and remove the marks"),
)


def mapping(text: str, name: str) -> dict[str, object]:
    """Return the mapping that the text of the file `name` is, its parts knowing their lines; raises ConfigError."""
    try:
        _refuse_aliases(text, name)
        data = YAML().load(text)
    except DuplicateKeyError as fault:
        raise ConfigError([f"{name}:{_mark(fault)}: {_first_line(fault.problem)}; keep one"]) from None
    except MarkedYAMLError as fault:
        line, said = _sign(text, _mark(fault)) or (_mark(fault), _remedy(fault))
        raise ConfigError([f"{name}:{line}: not YAML: {said}"]) from None
    except ReaderError as fault:
        line, code = text.count("\n", 0, fault.position) + 1, f"U+{fault.character:04X}"
        raise ConfigError([f"{name}:{line}: not YAML: a character that no text holds ({code}); remove it"]) from None
    except ConfigError:
        raise
    except Exception as fault:  # noqa: BLE001 - the parser lets faults of its constructors through
        raise ConfigError([f"{name}: not YAML: {_first_line(str(fault))}"]) from None
    if data is None:
        raise ConfigError([f"{name}: the file is empty; it needs at least `sources:` with one entry"])
    if not isinstance(data, dict):
        raise ConfigError([f"{name}:1: not a mapping; it begins with keys such as `sources:`"])
    return data


def _refuse_aliases(text: str, name: str) -> None:
    """Raise ConfigError for a YAML alias: a value that begins with *, or one that could grow without end."""
    for token in YAML().scan(text):
        if getattr(token, "id", "") == "<alias>":
            line = token.start_mark.line + 1
            raise ConfigError(
                [f"{name}:{line}: aliases (*name) are not supported; a value that begins with * needs quotes"]
            )


def _first_line(text: str | None) -> str:
    return (text or "unreadable").strip().splitlines()[0]


def _mark(fault: MarkedYAMLError) -> int:
    """Return the line of a fault: where something was opened, if it is never closed."""
    opened = fault.context_mark if "end" in (fault.problem or "") else None
    mark = opened or fault.problem_mark or fault.context_mark
    return mark.line + 1 if mark else 1


def _sign(text: str, at: int) -> tuple[int, str] | None:
    """Return what can be seen on the line of a fault, or the one above, as (line, what to do)."""
    lines = text.splitlines()
    near = [line for line in (at, at - 1) if 0 < line <= len(lines)]
    return next(
        ((line, remedy) for line in near for sign, remedy in _SIGNS if sign.search(lines[line - 1])),
        None,
    )


def _remedy(fault: MarkedYAMLError) -> str:
    """Return a fault of YAML with what to do about it."""
    problem = _first_line(fault.problem)
    return next((f"{problem}; {remedy}" for sign, remedy in _REMEDIES if sign in problem), problem)
