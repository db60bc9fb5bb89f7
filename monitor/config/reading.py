"""sources.yaml read with the lines of its keys, and every mistake said in words with its line."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from monitor import urls
from monitor.config.sections import (
    CampaignSection,
    Config,
    DigestSection,
    FetchSection,
    Section,
    SelectSection,
    SourceSection,
)
from monitor.errors import ConfigError

_LARGEST = 2_000_000  # bytes; ten thousand sources fit
_SECTIONS: dict[str, type[Section]] = {
    "campaign": CampaignSection,
    "digest": DigestSection,
    "fetch": FetchSection,
    "sources": SourceSection,
    "select": SelectSection,
}


def load(path: Path) -> Config:
    """Read and check sources.yaml; raises ConfigError with every mistake and its line."""
    data = _mapping(_text(path), path.name)
    mistakes = list(_twins(data, path.name))
    try:
        config = Config.model_validate(data)
    except ValidationError as fault:
        mistakes += [_mistake(path.name, data, e) for e in fault.errors()]
    if mistakes:
        raise ConfigError(sorted(set(mistakes), key=_line_of))
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
        hint = "name one with --config, or begin with the one of this project"
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
        if any(getattr(token, "id", "") == "<alias>" for token in YAML().scan(text)):
            raise ConfigError([f"{name}: aliases (*name) are not supported; write the value out"])
        data = YAML().load(text)
    except DuplicateKeyError as fault:
        raise ConfigError([f"{name}:{_mark(fault)}: {_first_line(fault.problem)}; keep one"]) from None
    except MarkedYAMLError as fault:
        raise ConfigError([f"{name}:{_mark(fault)}: not YAML: {_first_line(fault.problem)}"]) from None
    except ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        raise ConfigError(
            [f"{name}:{line}: not YAML: a character that no text holds (U+{fault.character:04X})"]
        ) from None
    except (YAMLError, ValueError, RecursionError) as fault:
        raise ConfigError([f"{name}: not YAML: {_first_line(str(fault))}"]) from None
    if data is None:
        raise ConfigError([f"{name}: the file is empty; it needs at least `sources:` with one entry"])
    if not isinstance(data, dict):
        raise ConfigError([f"{name}:1: not a mapping; it begins with keys such as `sources:`"])
    return data


def _first_line(text: str | None) -> str:
    return (text or "unreadable").strip().splitlines()[0]


def _mark(fault: MarkedYAMLError) -> int:
    mark = fault.problem_mark or fault.context_mark
    return mark.line + 1 if mark else 1


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


def words_for(error: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    """Return a pydantic message as an operator would say it."""
    if error["type"] == "missing":
        return "this key is missing"
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] in {"model_type", "dict_type"}:
        return "here belong keys with values, not a single value"
    if error["type"] == "list_type":
        return "here belongs a list, each entry beginning with '- '"
    return message[0].lower() + message[1:]


def _mistake(name: str, data: object, error: Any) -> str:  # noqa: ANN401
    location = tuple(part for part in error["loc"] if not isinstance(part, str) or "[" not in part)
    unknown = error["type"] == "extra_forbidden"
    said = f"unknown key{_did_you_mean(location)}" if unknown else words_for(error)
    return f"{name}:{_line(data, location)}: {_where(location)}: {said}"


def _did_you_mean(location: tuple[int | str, ...]) -> str:
    """Return a suggestion for an unknown key, or the list of the known ones."""
    parents = [part for part in location[:-1] if isinstance(part, str)]
    known = list((_SECTIONS[parents[-1]] if parents else Config).model_fields)
    close = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; known here: {', '.join(known)}"


def _twins(data: Any, name: str) -> Iterator[str]:  # noqa: ANN401
    """Return a mistake for each source whose name or address stands there already."""
    entries = data.get("sources")
    for field in ("name", "url") if isinstance(entries, list) else ():
        seen: dict[str, int] = {}
        for number, entry in enumerate(entries):
            value = entry.get(field) if isinstance(entry, dict) else None
            if not isinstance(value, str):
                continue
            same = urls.key(urls.clean(value)) if field == "url" else value.strip().lower()
            if same and same in seen:
                line = _line(data, ("sources", number, field))
                first = _line(data, ("sources", seen[same], field))
                yield f"{name}:{line}: sources[{number + 1}].{field}: stands already on line {first}"
            seen.setdefault(same, number)
