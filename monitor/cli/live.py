"""What a command says while it works, on standard error: log records, and a bar on a terminal."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pythonjsonlogger.json import JsonFormatter
from rich.logging import RichHandler
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from monitor.cli.options import err
from monitor.models import Progress as Told
from monitor.redaction import RedactToken

_JSON = "{levelname}{name}{message}"  # beside the time, and what a record brings of its own


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
