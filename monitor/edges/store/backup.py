"""Copies of an SQLite store: made while it is written, thinned out with time, put back.

A store on PostgreSQL is copied by that database's own tools.
"""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitor.edges.store import sqlite_file
from monitor.edges.store.database import migrations, moment
from monitor.edges.store.sqlite import APPLICATION
from monitor.errors import StoreError

_NAME = "diembao-%Y%m%dT%H%M%SZ.sqlite3"  # UTC; sorted by name is sorted by time


@dataclass(frozen=True, slots=True)
class Copy:
    """A whole copy of a store: where, how many bytes, the number of its schema, and what it holds."""

    path: Path
    size: int
    schema: int
    articles: int
    editions: int
    newest: datetime | None


def name_at(now: datetime) -> str:
    """Return the file name of a copy made at a time."""
    return now.astimezone(UTC).strftime(_NAME)


def made_at(path: Path) -> datetime | None:
    """Return when a copy was made by its name; None for any other file."""
    try:
        return datetime.strptime(path.name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


def copies(folder: Path) -> dict[Path, datetime]:
    """Return the copies of a folder that are named by their time, oldest first; other files are not looked at."""
    found = {path: at for path in sorted(folder.glob("*.sqlite3")) if (at := made_at(path))}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def surplus(made: Iterable[datetime], keep: int, weekly: int) -> list[datetime]:
    """Return which copies may go: kept are the newest `keep`, and of `weekly` weeks before them the newest each."""
    newest_first = sorted(made, reverse=True)
    kept, older = newest_first[:keep], newest_first[keep:]
    weeks = {at.isocalendar()[:2] for at in kept}
    gone = []
    for at in older:
        week = at.isocalendar()[:2]
        if week not in weeks and weekly > 0:
            weeks.add(week)
            weekly -= 1
        else:
            gone.append(at)
    return gone


def thin_out(folder: Path, keep: int, weekly: int) -> list[Path]:
    """Remove the copies that `surplus` names, and what a killed process left half done; returns them.

    Raises StoreError.
    """
    found = copies(folder)
    gone = set(surplus(found.values(), keep, weekly))
    half = [path for path in folder.glob(".*.new") if made_at(Path(path.name[1:-4]))]
    removed = [path for path, at in found.items() if at in gone] + half
    try:
        for path in removed:
            path.unlink()
    except OSError as fault:
        raise StoreError(f"{folder}: an old backup cannot be removed: {fault.strerror}") from fault
    return removed


def back_up(database: Path, target: Path, stopped: sqlite_file.Stopped | None = None) -> Copy:
    """Copy a store to a new file while it may be written; the store and the copy are checked whole.

    When `stopped` says so it is broken off and leaves nothing behind.

    Raises StoreError when there is nothing to copy, something is damaged or there is no room.
    """
    if not database.exists():
        raise StoreError(f"{database}: no database yet; `monitor poll` makes it")
    if target.exists():
        raise StoreError(f"{target}: is there already; name another file")
    try:
        with closing(sqlite_file.reader(database, stopped)) as db:
            sqlite_file.copy(database, db, target, stopped)
        with closing(sqlite_file.reader(target)) as made:
            return _inspect(target, made)
    except sqlite3.Error as fault:
        raise sqlite_file.failed(database, "cannot be copied", fault) from fault


def inspect(path: Path) -> Copy:
    """Read what a copy holds; raises StoreError unless it is a whole store that this version can open."""
    if not path.is_file():
        raise StoreError(f"{path}: no such file")
    try:
        with closing(sqlite_file.reader(path)) as db:
            found = _inspect(path, db)
            sqlite_file.check(path, db)
    except sqlite3.Error as fault:
        raise sqlite_file.failed(path, "not a backup of this program", fault) from fault
    return found


def _inspect(path: Path, db: sqlite3.Connection) -> Copy:
    schema = db.execute("PRAGMA user_version").fetchone()[0]
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise StoreError(f"{path}: not a backup of this program")
    if schema > len(migrations()):
        raise StoreError(f"{path}: made by a newer version of this program (schema {schema}); update it first")
    articles, editions, newest = db.execute(
        "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM edition), (SELECT max(ended_at) FROM round)"
    ).fetchone()
    return Copy(path, path.stat().st_size, schema, articles, editions, moment(newest) if newest else None)


def restore(copy: Path, database: Path, now: datetime) -> Path | None:
    """Put a copy in the store's place; returns where the replaced store stands, None if there was none.

    The copy is checked first and left as it is. Raises BusyError while another process writes, else
    StoreError; the old store is then still in its place.
    """
    inspect(copy)
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        lock = sqlite_file.take_lock(database)
    except OSError as fault:
        raise sqlite_file.failed(database, "nothing can be put there", fault) from fault
    fresh = database.with_name(f".{database.name}.restored")
    try:
        with closing(sqlite_file.reader(copy)) as db:
            sqlite_file.copy(copy, db, fresh)
        return _replace(fresh, database, now)
    except OSError as fault:
        raise sqlite_file.failed(database, "nothing can be put there", fault) from fault
    finally:
        os.close(lock)


def _replace(fresh: Path, database: Path, now: datetime) -> Path | None:
    """Give the old store a second name, then the first one to the new file: there is a store at any moment.

    The old one's log goes with it first; beside the new file SQLite would take it for its own.
    """
    aside = database.with_name(f"{database.name}.replaced-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    there = database.exists()
    if there:
        aside.hardlink_to(database)
    for ending in ("-wal", "-shm"):
        if (log := database.with_name(database.name + ending)).exists():
            log.rename(aside.with_name(aside.name + ending))
    sqlite_file.put(fresh, database)
    return aside if there else None
