"""The commands about the store as a file: backup, restore."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.app import build
from monitor.cli.live import progress
from monitor.cli.options import DEFAULT, Config, Json, fail, out, print_json
from monitor.edges.store import backup as copies
from monitor.edges.store.backup import Copy
from monitor.errors import UsageError


def backup(
    file: Annotated[Path | None, typer.Argument(help="The new file; default: one more in the backups' folder.")] = None,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Copy the store while the service goes on, and check that the copy is whole."""
    app = build(config)
    made = copies.back_up(app.file, file or app.backups / copies.name_at(app.clock()))
    if as_json:
        print_json(_data(made))
    else:
        out.print(f"Saved: {made.path} ({_told(made, app.config.digest.timezone)})", soft_wrap=True, markup=False)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `monitor backup` or the service made.")],
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Put a backup in the store's place; the replaced store is kept beside it."""
    app = build(config)
    found = copies.inspect(file)
    aside = copies.restore(file, app.file, app.clock())
    with app.store() as store:  # brings an older copy to today's schema
        store.chores.done("restore", app.clock())
    if as_json:
        print_json(_data(found) | {"replaced": str(aside) if aside else None})
        return
    out.print(f"Restored: {_told(found, app.config.digest.timezone)}", soft_wrap=True, markup=False)
    if aside:
        out.print(f"What was there before: {aside}", soft_wrap=True, markup=False)


def migrate_store(
    target: Annotated[str, typer.Argument(help="An empty PostgreSQL database: postgresql://user@host/name.")],
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Copy the SQLite store into an empty PostgreSQL database, and check every table."""
    app = build(config)
    if not target.startswith(("postgresql://", "postgres://")):
        raise UsageError(f"{target}: not a PostgreSQL database; write it as postgresql://user@host/name")
    try:
        from monitor.edges.store.moving import move_store  # noqa: PLC0415 - its library is an extra
    except ImportError:
        fail("PostgreSQL needs more than is installed: `make cluster` installs it (docs/scale.md)")
    with progress(0) as told:
        rows = move_store(app.file, target, told)
    if as_json:
        print_json(rows)
        return
    for table, number in rows.items():
        out.print(f"{number:9,}  {table}", markup=False)
    out.print("All rows are there, and the same. Set MONITOR_DATABASE to the new address.", markup=False)


def _told(copy: Copy, zone: ZoneInfo) -> str:
    """Return what a copy holds, in a line."""
    newest = f", last round {copy.newest.astimezone(zone):%Y-%m-%d %H:%M}" if copy.newest else ""
    return f"{copy.size / 1e6:.1f} MB, whole; articles: {copy.articles}, editions: {copy.editions}{newest}"


def _data(copy: Copy) -> dict[str, object]:
    return {
        "file": str(copy.path),
        "size": copy.size,
        "schema": copy.schema,
        "articles": copy.articles,
        "editions": copy.editions,
        "newest": copy.newest.isoformat() if copy.newest else None,
    }
