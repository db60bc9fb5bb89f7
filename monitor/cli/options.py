"""What the commands share: their common options, the two consoles, the way they end."""

import difflib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from monitor.errors import UsageError
from monitor.models import Source
from monitor.vietnamese import fold

Config = Annotated[Path, typer.Option("--config", "-c", help="The list of sources.", show_default=True)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
DEFAULT = Path("sources.yaml")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def print_json(data: object) -> None:
    """Print data for a program."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def fail(message: str, code: int = 1) -> NoReturn:
    """End the command with one line on standard error."""
    err.print(f"monitor: {message}", style="red", markup=False, soft_wrap=True)
    raise typer.Exit(code)


def chosen(sources: Iterable[Source], names: Sequence[str]) -> list[Source]:
    """Return those of `sources` that are named (all when none is), marks and case aside; raises UsageError."""
    by_name = {fold(source.name): source for source in sources}
    unknown = [name for name in names if fold(name) not in by_name]
    if unknown:
        raise UsageError("; ".join(f"no source is called {name!r}{_hint(name, by_name.values())}" for name in unknown))
    return [by_name[fold(name)] for name in names] or list(by_name.values())


def _hint(name: str, known: Iterable[Source]) -> str:
    names = {fold(source.name): source.name for source in known}
    close = difflib.get_close_matches(fold(name), names, n=1, cutoff=0.5)
    return f"; did you mean {names[close[0]]!r}?" if close else "; `monitor sources list` shows them"


def local_date(text: str | None, option: str) -> date | None:
    """Read an option's date, written 2026-11-21 or 21/11/2026."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date() if text else None  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    raise UsageError(f"{option}: not a date: {text!r}; write it 2026-11-21")
