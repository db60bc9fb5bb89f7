"""The commands that change something: demo, run, poll, digest."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from monitor import demo as demonstration
from monitor.app import App, build
from monitor.cli import screens
from monitor.cli.options import (
    DEFAULT,
    Config,
    Json,
    chosen,
    err,
    fail,
    local_date,
    log_to_terminal,
    out,
    print_json,
    progress,
)
from monitor.digest.pages import as_data
from monitor.edges.archive import place
from monitor.edges.store import Delivery
from monitor.errors import UsageError
from monitor.models import Round, Source, State
from monitor.poll import poll as poll_sources
from monitor.publish import Published, preview, publish, rebuild


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


def worker(
    jobs: Annotated[int, typer.Option(min=1, max=200, help="Hosts visited at a time.")] = 16,
    metrics_port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Where this worker tells its figures, instead of metrics.port; 0: any."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--log-json", help="Write the log as one JSON object a line.")] = False,
    config: Config = DEFAULT,
) -> None:
    """Take part in the work of many machines that share a PostgreSQL database, until stopped."""
    try:
        from monitor import cluster  # noqa: PLC0415 - its libraries are an extra
    except ImportError:
        fail("workers need more than is installed: pip install 'diembao[cluster]'")
    log_to_terminal(logging.INFO, as_json=as_json)
    asyncio.run(cluster.work(build(config), jobs, metrics_port))


def run(
    as_json: Annotated[bool, typer.Option("--log-json", help="Write the log as one JSON object a line.")] = False,
    config: Config = DEFAULT,
) -> None:
    """Poll, digest and post until stopped: the service."""
    from monitor.service import run as run_service  # noqa: PLC0415 - the scheduler, only where it is needed

    log_to_terminal(logging.INFO, as_json=as_json)
    asyncio.run(run_service(build(config)))


def poll(
    source: Annotated[list[str] | None, typer.Argument(help="Names of sources; all when none is given.")] = None,
    since: Annotated[str | None, typer.Option(help="Also walk older pages back to this local date.")] = None,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Make one round of every source now, and show what each gave."""
    log_to_terminal(logging.WARNING)
    app = build(config)
    sources = chosen(app, source or [])
    day = local_date(since, "--since")
    back = datetime.combine(day, time(), app.config.digest.timezone) if day else None
    if back and back > app.clock():
        raise UsageError(f"--since: {since} lies in the future")
    done = asyncio.run(_poll(app, sources, back))
    if as_json:
        print_json(screens.rounds_data(done))
    else:
        out.print(screens.rounds(done))
        out.print(_verdict(done))
    if any(one.messages for one in done):
        raise typer.Exit(1)


def _verdict(done: Sequence[Round]) -> str:
    """Return what the rounds come to, in a line."""
    if total := sum(one.kept for one in done):
        return f"{total} articles kept. `monitor digest --dry-run` shows what they would become."
    if all(one.state is State.UNREADABLE for one in done):
        return "No source could be read."
    return "Nothing new about the campaign."


async def _poll(app: App, sources: Sequence[Source], since: datetime | None) -> list[Round]:
    with app.store() as store:
        async with app.web(store) as web:
            with progress(len(sources)) as told:
                return await poll_sources(app, store, web, sources, told, since)


def digest(
    day: Annotated[str | None, typer.Option("--date", help="The local date, 2026-11-21; default: today.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show it; change and send nothing.")] = False,
    again: Annotated[
        bool, typer.Option("--rebuild", help="Compose an archived edition again and hold it against its hash.")
    ] = False,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Compose one edition, archive it and post it, once."""
    log_to_terminal(logging.WARNING)
    app = build(config)
    now = app.clock()
    on = local_date(day, "--date") or now.astimezone(app.config.digest.timezone).date()
    if again:
        if dry_run:
            raise UsageError("--rebuild and --dry-run: name one of them")
        _rebuild(app, on, as_json=as_json)
        return
    with app.store(read_only=dry_run) as store:
        made = preview(app, store, on, now) if dry_run else asyncio.run(publish(app, store, on, now))
    if as_json:
        print_json(as_data(made.edition, made.parts))
    else:
        out.print(screens.message(made.parts))
        if not dry_run:
            _say_where(app, made)
    stuck = [m for m in made.messages if m.state is not Delivery.SENT]
    if stuck and not dry_run:
        fail(f"{len(stuck)} of {len(made.messages)} messages not confirmed by Telegram: {stuck[0].reason or 'waiting'}")


def _rebuild(app: App, day: date, *, as_json: bool) -> None:
    """Prove that an archived edition can be made again; say which of its files were put right."""
    with app.store() as store:
        done = rebuild(app, store, day)
    if as_json:
        print_json(
            {"date": day.isoformat(), "same": done.same, "archived_hash": done.archived_hash,
             "rebuilt_hash": done.rebuilt_hash, "restored": list(done.restored)}
        )  # fmt: skip
    if not done.same:
        fail(
            f"{day:%Y-%m-%d}: composed again it is another edition: {done.rebuilt_hash[:12]}, archived as"
            f" {done.archived_hash[:12]} by version {done.basis.made_by}; nothing was changed"
        )
    if not as_json:
        files = f"; put right: {', '.join(done.restored)}" if done.restored else "; its files are whole"
        out.print(f"{day:%Y-%m-%d}: the same bytes again (sha256 {done.archived_hash[:12]}…){files}", soft_wrap=True)


def _say_where(app: App, made: Published) -> None:
    """Say whether the edition is new, where it is archived and how far its messages came."""
    if not made.fresh:
        err.print(f"The edition of {made.edition.date:%d/%m/%Y} stands already; nothing is told or posted again.")
    err.print(f"Archived: {place(app.digests, made.edition.date, 'html')}", soft_wrap=True, markup=False)
    if made.messages:
        err.print(screens.deliveries(made.messages))
    elif app.channel() is None:
        err.print("Not posted: set TELEGRAM_BOT_TOKEN and TELEGRAM_CHANNEL to post it to a channel.")
