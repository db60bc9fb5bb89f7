"""The command that makes an edition, or proves one: digest."""

import asyncio
import logging
from datetime import date
from typing import Annotated

import typer

from monitor.app import App, build
from monitor.cli import screens
from monitor.cli.live import log_to_terminal
from monitor.cli.options import DEFAULT, Config, Json, err, fail, local_date, out, print_json
from monitor.digest.pages import as_data
from monitor.edges.archive import place
from monitor.edges.store import Delivery
from monitor.errors import UsageError
from monitor.publish import Published, preview, publish, rebuild


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
        made = preview(app, store, on, now) if dry_run else asyncio.run(publish(app, store, on, now, asked=True))
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
