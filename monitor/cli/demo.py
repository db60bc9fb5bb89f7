"""The command that shows the whole line without any set-up: demo."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from monitor import demo as demonstration
from monitor.cli import screens
from monitor.cli.live import log_to_terminal, progress
from monitor.cli.options import out
from monitor.models import Round
from monitor.publish import Published


def demo(
    folder: Annotated[Path | None, typer.Option(help="Where the demonstration keeps its own files.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65000, help="First port of its papers; 0: any free ones.")] = 0,
    stay: Annotated[bool, typer.Option("--stay", help="Leave the papers open afterwards, until Ctrl-C.")] = False,
) -> None:
    """Run the whole line against a small news site of the project's own."""
    log_to_terminal(logging.WARNING)
    asyncio.run(demonstration.show(folder, port, _Stage(), stay=stay))


class _Stage:
    """The demonstration as it is told on a terminal."""

    def step(self, text: str) -> None:
        """Announce what comes next."""
        out.print("\n[bold]▶[/] ", end="")
        out.print(text, markup=False)

    def polled(self, done: Sequence[Round]) -> None:
        """Show what each paper gave."""
        out.print(screens.rounds(done))

    def published(self, made: Published) -> None:
        """Show the digest as a subscriber sees it."""
        out.print(screens.message(made.parts))

    def note(self, text: str) -> None:
        """Say something in a line."""
        out.print(text, soft_wrap=True, markup=False)

    def end(self, text: str) -> None:
        """Close with what to do next."""
        out.print("\n[bold]What next[/]")
        out.print(text, markup=False, soft_wrap=True)

    progress = staticmethod(progress)
