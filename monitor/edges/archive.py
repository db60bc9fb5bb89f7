"""Files under digests/, each written whole or not at all."""

import os
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from monitor.errors import ArchiveError


def place(folder: Path, day: date, ending: str) -> Path:
    """Return where an edition's file stands: digests/2026/11/2026-11-21.md."""
    return folder / f"{day:%Y}" / f"{day:%m}" / f"{day.isoformat()}.{ending}"


def missing(folder: Path, day: date, endings: Iterable[str]) -> bool:
    """Tell whether a file of an edition is not there."""
    return not all(place(folder, day, ending).exists() for ending in endings)


def check(folder: Path) -> None:
    """Make the folder if it is absent; raises ArchiveError when nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as fault:
        raise ArchiveError(f"{folder}: the archive cannot be written: {fault.strerror}") from fault


def write(folder: Path, day: date, files: Mapping[str, str | bytes]) -> list[Path]:
    """Write an edition's files, given by ending; returns those that were not there so.

    A file that already holds its content is left alone. Raises ArchiveError.
    """
    return _write({place(folder, day, ending): content for ending, content in files.items()}, folder, lasting=True)


def write_pages(folder: Path, pages: Mapping[str, str | bytes]) -> list[Path]:
    """Write pages that can be made again at any time, given by path below `folder`; as `write`.

    They are put in place whole, but not forced to the disk one by one. Raises ArchiveError.
    """
    return _write({folder / path: content for path, content in pages.items()}, folder, lasting=False)


def has(folder: Path, path: str) -> bool:
    """Tell whether a page stands below the archive's folder."""
    return (folder / path).exists()


def read(folder: Path, day: date, ending: str) -> bytes | None:
    """Return what an edition's file holds, None when it is not there."""
    path = place(folder, day, ending)
    return path.read_bytes() if path.is_file() else None


def _write(files: Mapping[Path, str | bytes], folder: Path, *, lasting: bool) -> list[Path]:
    try:
        return [
            path
            for path, content in files.items()
            if _replace(path, content.encode() if isinstance(content, str) else content, lasting=lasting)
        ]
    except OSError as fault:
        raise ArchiveError(f"{folder}: the archive cannot be written: {fault.strerror}") from fault


def _replace(path: Path, content: bytes, *, lasting: bool) -> bool:
    """Put a file in place atomically: a reader sees the old one or the new one, also after a crash."""
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".{path.name}.new")  # what a killed process left under this name is written over
    try:
        with made.open("wb") as file:
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        made.chmod(0o644)
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    if lasting:
        _sync_folder(path.parent)
    return True


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
