"""sources.yaml read with the lines of its keys, and every mistake said in words with its line."""

import difflib
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from monitor import urls
from monitor.config import quick
from monitor.config.sections import Config, Section
from monitor.errors import ConfigError
from monitor.vietnamese import fold

_LARGEST = 2_000_000  # bytes; ten thousand sources fit


def load(path: Path) -> Config:
    """Read and check sources.yaml; raises ConfigError with every mistake and its line."""
    text = _text(path)
    with suppress(ConfigError):
        if data := quick.mapping(text):
            return _checked(data, path.name)
    return _checked(_mapping(text, path.name), path.name)  # knows the line of each mistake


def _checked(data: dict[str, object], name: str) -> Config:
    """Return the configuration that a file holds; raises ConfigError."""
    empty = list(_empty(data))
    mistakes = [f"{name}:{_line(data, place)}: {_where(place)}: {_NOTHING}" for place in empty]
    mistakes += [*_twins(data, name), *_taken_aliases(data, name)]
    try:
        config = Config.model_validate(data)
    except ValidationError as fault:
        mistakes += [_mistake(name, data, e) for e in fault.errors() if e["loc"] not in empty]
    if mistakes:
        raise ConfigError(sorted(set(mistakes), key=lambda one: (_line_of(one), one)))
    return config


def _line_of(mistake: str) -> int:
    number = mistake.split(":", 2)[1]
    return int(number) if number.isdigit() else 0


def _text(path: Path) -> str:
    """Return the file's text."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        hint = "`monitor sources add https://…` begins one, --config names another"
        raise ConfigError([f"{path}: no such file; {hint}"]) from None
    except OSError as fault:
        raise ConfigError([f"{path}: cannot be read: {fault.strerror}"]) from fault
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise ConfigError([f"{path.name}:{line}: not UTF-8 text; save the file as UTF-8"]) from None
    if len(content) > _LARGEST:
        raise ConfigError([f"{path.name}: larger than {_LARGEST:,} bytes: this is no list of sources"])
    return text


def _mapping(text: str, name: str) -> dict[str, object]:
    """Return the text as YAML whose parts know their lines."""
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
_ODD_SPACE = "a space of another kind, copied from a document, stands before the first word; type plain spaces"
# what a line at fault looks like when something else is wrong with it than the parser can know
_SIGNS = (
    (
        re.compile("^[ -]*[\N{NO-BREAK SPACE}\u2000-\u200b\u202f\N{IDEOGRAPHIC SPACE}]"),
        _ODD_SPACE,
    ),
    (re.compile(r"^[ -]*\w+\s*："), "this ':' is a wide one; type a plain ':' with a space after it"),
    (re.compile(r"^ *-\w+:"), "a space is missing after '-'"),
    (re.compile(r"^[ -]*\w+:[^\s/]"), "a space is missing after ':'"),
    (re.compile(r"^(<{7}|={7}|>{7})"), "a mark that a merge left; keep one side and remove the marks"),
)


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


def _where(location: tuple[int | str, ...]) -> str:
    """Return a place as an operator writes it: sources[2].province, counted from 1."""
    words = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(words).lstrip(".")


def _line(data: Any, location: tuple[int | str, ...]) -> int:  # noqa: ANN401 - YAML is of any shape
    """Return the line, from 1, of the deepest key of `location` that stands in the file."""
    line = 1
    for part in location:
        try:
            line = (data.lc.item(part) if isinstance(part, int) else data.lc.key(part))[0] + 1
            data = data[part]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line


_WORDS = {
    "missing": "this key is missing",
    "dict_type": "here belong keys with values",
    "list_type": "here belongs a list, each entry beginning with '- '",
    "string_type": "one text belongs here",
    "too_short": "the list is empty; it needs at least one entry",
    "string_too_short": "is empty; write a value, or remove the key",
    "float_type": "here belongs a number, such as 2.4",
    "float_parsing": "here belongs a number, such as 2.4",
    "int_parsing": "here belongs a whole number",
    "int_type": "here belongs a whole number",
    "bool_parsing": "here belongs true or false",
    "bool_type": "here belongs true or false",
}


def words_for(error: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    """Return a pydantic message as an operator would say it."""
    if error["type"] == "model_type":
        is_list = isinstance(error["input"], list)
        return "here belong keys with values, " + ("without '- '" if is_list else "not a single value")
    if error["type"] == "too_short" and isinstance(error["input"], str):
        return _WORDS["string_too_short"]
    message = str(error["msg"]).removeprefix("Value error, ")
    return _WORDS.get(error["type"], message[0].lower() + message[1:])


def _mistake(name: str, data: object, error: Any) -> str:  # noqa: ANN401
    inner = ("function-", "json-or-python[", "union[", "nullable[")  # steps of the checker, not of the file
    location = tuple(part for part in error["loc"] if not str(part).startswith(inner))
    unknown = error["type"] == "extra_forbidden"
    said = f"unknown key{_did_you_mean(location)}" if unknown else words_for(error)
    if unknown and str(location[-1]) != str(location[-1]).strip():
        said = _ODD_SPACE
    return f"{name}:{_line(data, location)}: {_where(location)}: {said}"


def _did_you_mean(location: tuple[int | str, ...]) -> str:
    """Return a suggestion for an unknown key, or the list of the known ones."""
    known = list(_section(location[:-1]).model_fields)
    close = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; known here: {', '.join(known)}"


def _section(location: tuple[int | str, ...]) -> type[Section]:
    """Return the section at a place of the file."""
    found: type[Section] = Config
    for name in (part for part in location if isinstance(part, str)):
        waiting = [found.model_fields[name].annotation]
        while waiting:
            one = waiting.pop()
            waiting += get_args(one)
            found = one if isinstance(one, type) and issubclass(one, Section) else found
    return found


_NOTHING = (
    'nothing is written here; write a value or remove the key (a value that begins with # needs quotes: "#abody")'
)


def _empty(data: object, place: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    """Return the places of the keys without a value."""
    if data is None:
        yield place
    items: Iterable[tuple[Any, object]] = ()
    if isinstance(data, dict):
        items = data.items()
    elif isinstance(data, list):
        items = enumerate(data)
    for key, value in items:
        yield from _empty(value, (*place, key))


def _twins(data: Any, name: str) -> Iterator[str]:  # noqa: ANN401
    """Return a mistake for each source whose name or address stands there already."""
    entries = data.get("sources")
    for field in ("name", "url") if isinstance(entries, list) else ():
        seen: dict[str, int] = {}
        for number, entry in enumerate(entries):
            value = entry.get(field) if isinstance(entry, dict) else None
            if not isinstance(value, str):
                continue
            same = urls.key(urls.clean(value)) if field == "url" else fold(value)
            if same and same in seen:
                line = _line(data, ("sources", number, field))
                first = _line(data, ("sources", seen[same], field))
                yield f"{name}:{line}: sources[{number + 1}].{field}: stands already on line {first}; keep one"
            seen.setdefault(same, number)


def _taken_aliases(data: Any, name: str) -> Iterator[str]:  # noqa: ANN401
    """Return a mistake for each earlier name that a source bears today, or that two sources claim."""
    entries = data.get("sources")
    known = dict(enumerate(entries)) if isinstance(entries, list) else {}
    known = {number: entry for number, entry in known.items() if isinstance(entry, dict)}
    taken = {fold(entry["name"]) for entry in known.values() if isinstance(entry.get("name"), str)}
    for number, entry in known.items():
        aliases = entry.get("aliases")
        for alias in filter(lambda one: isinstance(one, str), aliases if isinstance(aliases, list) else ()):
            if fold(alias) in taken:
                where = f"{name}:{_line(data, ('sources', number, 'aliases'))}: sources[{number + 1}].aliases"
                yield f"{where}: {alias!r} is the name of a source already; only one may have its history"
            taken.add(fold(alias))
