"""Room set aside on the store's disk: given up when it is full, so that what was sent and what is wrong can be kept."""

import os
from pathlib import Path

SIZE = 4_000_000  # bytes; the outbox of a day and its alerts need a tenth


def lay(database: Path) -> None:
    """Set the room aside if it is not; a disk that has none is no fault."""
    path = _place(database)
    if path.exists():
        return
    try:
        path.write_bytes(os.urandom(SIZE))  # not to be pressed together by the file system
    except OSError:
        path.unlink(missing_ok=True)


def give_up(database: Path) -> None:
    """Let the store have the room."""
    _place(database).unlink(missing_ok=True)


def _place(database: Path) -> Path:
    return database.with_name(f"{database.name}.ballast")
