"""An SQLite database as a file: one writer at a time, whole or damaged, copied while it is written."""

import fcntl
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from monitor.errors import BusyError, DamagedError, StoreError

Stopped = Callable[[], bool]
"""Whether a long work is to be broken off; asked in the thread that does it, some hundred times a second."""
_STEPS = 20_000  # of the database's machine between two such questions
_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
_SAID = {
    "SQLITE_CANTOPEN": "it cannot be opened; may this user read and write it and its folder?",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "the file, its folder or the disk is read-only",
    "SQLITE_IOERR": "the disk does not answer as it should",
}


def failed(path: Path, what: str, fault: Exception) -> StoreError:
    """Return the error for what SQLite or the system answered: in words, and told apart when the file is damaged."""
    name = "_".join(str(getattr(fault, "sqlite_errorname", "")).split("_")[:2])  # SQLITE_IOERR_WRITE: SQLITE_IOERR
    said = f"{path}: {what}: {_SAID.get(name) or getattr(fault, 'strerror', None) or fault}"
    if name in _DAMAGED:
        return DamagedError(f"{said}; `monitor restore` puts a backup in its place")
    return StoreError(said)


def take_lock(path: Path) -> int:
    """Lock `path`.lock for this process, which may then write; the system frees it when the process ends.

    Returns the open file; raises BusyError when another process holds it, OSError when it cannot be made.
    """
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(handle, 20).decode("ascii", "ignore").strip() or "unknown"
        os.close(handle)
        raise BusyError(f"{path}: another monitor (process {holder}) is writing here; stop it first") from None
    os.truncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)
    return handle


def reader(path: Path, stopped: Stopped | None = None) -> sqlite3.Connection:
    """Open a database only to look, for as long as it is not `stopped`; raises sqlite3.Error."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    db.set_progress_handler(stopped, _STEPS)
    return db


def check(path: Path, db: sqlite3.Connection, *, quick: bool = False) -> None:
    """Raise DamagedError unless all pages, rows and references are whole; `quick` does not compare the indexes."""
    try:
        said = db.execute(f"PRAGMA {'quick' if quick else 'integrity'}_check(1)").fetchone()[0]
        if said == "ok" and not quick and (lost := db.execute("PRAGMA foreign_key_check").fetchone()):
            said = f"a row of {lost[0]} names one of {lost[2]} that is not there"
    except sqlite3.Error as fault:
        raise failed(path, "cannot be checked", fault) from fault
    if said != "ok":
        raise DamagedError(f"{path}: damaged: {said.splitlines()[-1]}; `monitor restore` puts a backup in its place")


def copy(path: Path, db: sqlite3.Connection, target: Path, stopped: Stopped | None = None) -> None:
    """Write the database `db` (the file `path`) to `target`, as it is at this moment, while others may write to it.

    Both are checked; the copy is forced to the disk and put in place whole, readable by its owner alone.
    Raises StoreError; then `target` is as it was.
    """
    check(path, db)
    made = target.with_name(f".{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        made.unlink(missing_ok=True)
        os.close(os.open(made, os.O_CREAT | os.O_EXCL, 0o600))
        db.execute("VACUUM INTO ?", (str(made),))
        with closing(reader(made, stopped)) as copied:
            check(made, copied)
        put(made, target)
    except DamagedError as fault:
        raise StoreError(f"{target}: the copy did not come out whole; look at the disk it is on") from fault
    except (sqlite3.Error, OSError) as fault:
        raise failed(target, "no copy could be made", fault) from fault
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)


def put(made: Path, target: Path) -> None:
    """Give a finished file its name, in a way that survives a power cut; raises OSError."""
    _sync(made)
    made.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
