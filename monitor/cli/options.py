"""What the commands share: their common options, the two consoles, the way they end."""

import difflib
import json
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pythonjsonlogger.json import JsonFormatter
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from monitor.app import App
from monitor.errors import UsageError
from monitor.models import Progress as Told
from monitor.models import Source
from monitor.redaction import RedactToken
from monitor.vietnamese import fold

Config = Annotated[Path, typer.Option("--config", "-c", help="The list of sources.", show_default=True)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
_JSON = "{levelname}{name}{message}"  # beside the time, and what a record brings of its own
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


def log_to_terminal(level: int, *, as_json: bool = False) -> None:
    """Send log records to standard error, secrets taken out; one JSON object a line when `as_json`."""
    handler: logging.Handler
    if as_json:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonFormatter(_JSON, style="{", timestamp="time", json_ensure_ascii=False))
    elif err.is_terminal:
        handler = RichHandler(console=err, show_path=False, rich_tracebacks=False, markup=False)
        handler.setFormatter(logging.Formatter("%(message)s", datefmt="%H:%M:%S"))
    else:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(RedactToken())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "apscheduler"):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))
    # every fault of which the library tells is raised too, and said in a line
    logging.getLogger("telegram").setLevel(logging.CRITICAL)


@contextmanager
def progress(total: int) -> Iterator[Told]:
    """Show a bar on a terminal while sources are polled; give the function that moves it."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=total)

        def told(source: str, what: str) -> None:
            bar.update(task, description=f"{source}: {what}", advance=1 if what == "done" else 0)

        yield told


def chosen(app: App, names: Sequence[str]) -> list[Source]:
    """Return the sources of these names (all when there are none), marks and case aside."""
    if not names:
        return list(app.sources)
    by_name = {fold(source.name): source for source in app.sources}
    unknown = [name for name in names if fold(name) not in by_name]
    if unknown:
        raise UsageError("; ".join(f"no source is called {name!r}{_hint(name, by_name.values())}" for name in unknown))
    return [by_name[fold(name)] for name in names]


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
