"""The command that makes a round of every source: poll."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Annotated

import typer

from monitor.app import App, build
from monitor.cli import screens
from monitor.cli.live import log_to_terminal, progress
from monitor.cli.options import DEFAULT, Config, Json, chosen, local_date, out, print_json
from monitor.errors import UsageError
from monitor.models import Round, Source, State
from monitor.poll import poll as poll_sources
from monitor.reach import unreached


def poll(
    source: Annotated[list[str] | None, typer.Argument(help="Names of sources; all when none is given.")] = None,
    since: Annotated[str | None, typer.Option(help="Also walk older pages back to this local date.")] = None,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Make one round of every source now, and show what each gave."""
    log_to_terminal(logging.WARNING)
    app = build(config)
    sources = chosen(app.sources, source or [])
    day = local_date(since, "--since")
    back = datetime.combine(day, time(), app.config.digest.timezone) if day else None
    if back and back > app.clock():
        raise UsageError(f"--since: {since} lies in the future")
    done = asyncio.run(_poll(app, sources, back))
    if as_json:
        print_json(screens.rounds_data(done))
    else:
        out.print(screens.rounds([replace(one, messages=()) for one in done] if _unmet(done) else done))
        out.print(_verdict(done))
    if any(one.messages for one in done):
        raise typer.Exit(1)


def _verdict(done: Sequence[Round]) -> str:
    """Return what the rounds come to, in a line."""
    if total := sum(one.kept for one in done):
        return f"Articles kept: {total}. `monitor digest --dry-run` shows what they would become."
    if _unmet(done):
        return f"No source was met ({done[0].reason}, …). Look at this machine's connection and name server."
    if all(one.state is State.UNREADABLE for one in done):
        return "No source could be read."
    return "Nothing new about the campaign."


def _unmet(done: Sequence[Round]) -> bool:
    """Tell whether the fault is likely here: of several sources none was met."""
    return len(done) > 1 and all(unreached(one.reason) for one in done)


async def _poll(app: App, sources: Sequence[Source], since: datetime | None) -> list[Round]:
    with app.store() as store:
        async with app.web(store) as web:
            with progress(len(sources)) as told:
                return await poll_sources(app, store, web, sources, told, since)
