"""sources.yaml read and checked as a whole; every mistake comes at once, with its line."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor import urls
from monitor.config import quick
from monitor.config.mistakes import Place, line_of, mistake, told
from monitor.config.sections import Config
from monitor.errors import ConfigError
from monitor.vietnamese import fold

_LARGEST = 2_000_000  # bytes; ten thousand sources fit
_NOTHING = (
    'nothing is written here; write a value or remove the key (a value that begins with # needs quotes: "#abody")'
)


def load(path: Path) -> Config:
    """Read and check sources.yaml; raises ConfigError with every mistake and its line."""
    text = _text(path)
    with suppress(ConfigError):
        if data := quick.mapping(text):
            return _checked(data, path.name)
    from monitor.config import careful  # noqa: PLC0415 - a tenth of a command's time, for a file with a mistake

    return _checked(careful.mapping(text, path.name), path.name)


def _checked(data: dict[str, object], name: str) -> Config:
    """Return the configuration that a file holds; raises ConfigError."""
    empty = list(_empty(data))
    mistakes = [told(name, data, place, _NOTHING) for place in empty]
    mistakes += [*_twins(data, name), *_taken_aliases(data, name)]
    try:
        config = Config.model_validate(data)
    except ValidationError as fault:
        mistakes += [mistake(name, data, e) for e in fault.errors() if e["loc"] not in empty]
    if mistakes:
        raise ConfigError(sorted(set(mistakes), key=lambda one: (_number(one), one)))
    return config


def _number(said: str) -> int:
    """Return the number of the line that a mistake names."""
    number = said.split(":", 2)[1]
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


def _empty(data: object, place: Place = ()) -> Iterator[Place]:
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
                first = line_of(data, ("sources", seen[same], field))
                yield told(name, data, ("sources", number, field), f"stands already on line {first}; keep one")
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
                said = f"{alias!r} is the name of a source already; only one may have its history"
                yield told(name, data, ("sources", number, "aliases"), said)
            taken.add(fold(alias))
