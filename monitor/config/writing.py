"""A new source written into sources.yaml: everything else in the file stays as it was, letter by letter."""

import io
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from monitor.config.mistakes import words_for
from monitor.config.reading import load
from monitor.config.sections import Config, SourceSection
from monitor.errors import ConfigError, UsageError

_BEGINNING = "# The sources that are watched. docs/sources.md tells every key; indent with spaces, not with Tabs.\n"


def check_options(entry: Mapping[str, str]) -> None:
    """Raise UsageError, by the option of the same name, for a value that sources.yaml would refuse."""
    try:
        SourceSection.model_validate(entry)
    except ValidationError as fault:
        raise UsageError("; ".join(f"--{one['loc'][0]}: {words_for(one)}" for one in fault.errors())) from None


def add_source(path: Path, entry: Mapping[str, str]) -> Config:
    """Add an entry behind the last source of a file, checked as a whole before it takes the file's place.

    A file that is not there is begun. Returns the configuration with it. Raises ConfigError when the
    file would not be right; it is then as it was.
    """
    if not path.exists():
        lines = [f"{_BEGINNING}sources:", *_block(entry, 2), ""]
        return _replace(path.resolve(), "\n".join(lines).encode("utf-8"))
    content = path.read_bytes()
    text = with_entry(content.decode("utf-8-sig"), entry)
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    return _replace(path.resolve(), mark + text.encode("utf-8"))


def with_entry(text: str, entry: Mapping[str, str]) -> str:
    """Return the text of a sources.yaml with one more source, in the way the others are written."""
    root = YAML().compose(text)
    listed = _sources(root)
    if listed is None or not listed.value or listed.flow_style:
        return _rewritten(text, entry)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    end = _last_line(listed.value[-1], lines)
    start = listed.value[-1].start_mark.line
    spaced = len(listed.value) > 1 and not _above(lines, start).strip()
    block = _block(entry, listed.start_mark.column)
    return newline.join([*lines[: end + 1], *([""] if spaced else []), *block, *lines[end + 1 :]]) + newline


def _sources(root: Node | None) -> SequenceNode | None:
    """Return the list under `sources`."""
    pairs = root.value if isinstance(root, MappingNode) else []
    found = next((value for key, value in pairs if key.value == "sources"), None)
    return found if isinstance(found, SequenceNode) else None


def _last_line(node: Node, lines: list[str]) -> int:
    """Return the last line of a node's own text; comments and blank lines behind it are not its own."""
    while not isinstance(node, ScalarNode) and node.value and not getattr(node, "flow_style", False):
        node = node.value[-1][1] if isinstance(node, MappingNode) else node.value[-1]
    mark = node.end_mark
    line: int = mark.line if mark.column else mark.line - 1
    line = min(line, len(lines) - 1)
    while line > node.start_mark.line and (not lines[line].strip() or lines[line].lstrip().startswith("#")):
        line -= 1
    return line


def _above(lines: list[str], start: int) -> str:
    """Return the line above an entry and the comments that belong to it."""
    above = start - 1
    while above > 0 and lines[above].lstrip().startswith("#"):
        above -= 1
    return lines[above] if above >= 0 else ""


def _block(entry: Mapping[str, str], column: int) -> list[str]:
    """Return an entry's lines, its dash in a given column."""
    written = io.StringIO()
    yaml = _yaml()
    yaml.dump(dict(entry), written)
    first, *rest = written.getvalue().splitlines()
    return [f"{' ' * column}- {first}", *(f"{' ' * column}  {line}" for line in rest)]


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 100_000
    yaml.allow_unicode = True
    return yaml


def _rewritten(text: str, entry: Mapping[str, str]) -> str:
    """Return a file whose sources stand in brackets with one more, written anew with its comments kept."""
    yaml = _yaml()
    data = yaml.load(text)
    if not isinstance(data.get("sources"), list):
        raise ConfigError(["sources.yaml: it has no list of `sources` to add to"])
    data["sources"].append(dict(entry))
    written = io.StringIO()
    yaml.dump(data, written)
    return written.getvalue()


def _replace(path: Path, content: bytes) -> Config:
    """Put a file in place atomically, once it was read and found right."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        config = load(beside)
        beside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        beside.replace(path)
    except ConfigError as fault:
        raise ConfigError([one.replace(beside.name, path.name) for one in fault.mistakes]) from None
    except OSError as fault:
        raise ConfigError([f"{path}: cannot be written: {fault.strerror}"]) from fault
    finally:
        beside.unlink(missing_ok=True)
    return config
