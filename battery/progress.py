"""Where a long battery or measurement stands, on standard error: the figures alone go to standard output.

On a terminal a live bar, elsewhere a plain line every half minute, also while nothing moves: a
battery that hangs can be told from one that is slow.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

EVERY = 30.0  # seconds between two plain lines
One = TypeVar("One")


@contextmanager
def progress(what: str, total: int, every: float = EVERY) -> Iterator[Callable[[], None]]:
    """Tell of a work of `total` steps until the block ends; gives the function to call after each step.

    Any thread may call it. A process that is started for a part of the work has nothing to tell: its parent counts.
    """
    console = Console(stderr=True, highlight=False)
    live = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        # what is printed meanwhile goes to the bar's console: right only where both are one terminal
        redirect_stdout=sys.stdout.isatty(),
        speed_estimate_period=3600,
        disable=not console.is_terminal,
    )
    number = live.add_task(what, total=total)
    ended = Event()
    teller = Thread(target=_tell, args=(live.tasks[0], every, ended), daemon=True)
    with live:
        if live.disable:
            teller.start()
        try:
            yield lambda: live.advance(number)
        finally:
            ended.set()


def stepped(what: str, items: Sequence[One]) -> Iterator[One]:
    """Give each of the items; each is a step, done when the next one is asked for."""
    with progress(what, len(items)) as step:
        for item in items:
            yield item
            step()


def _tell(task: Task, every: float, ended: Event) -> None:
    """Write a line now and then until the work has ended."""
    while not ended.wait(every):
        print(_line(task), file=sys.stderr, flush=True)


def _line(task: Task) -> str:
    """Return how far a work has come: "SIGKILL: 120 of 500 after 2 min 10 s, 6 min 52 s to go"."""
    passed, left = task.elapsed or 0.0, task.time_remaining
    to_go = "" if left is None else f", {_spoken(left)} to go"
    return f"{task.description}: {task.completed:.0f} of {task.total or 0:.0f} after {_spoken(passed)}{to_go}"


def _spoken(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
