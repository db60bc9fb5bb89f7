"""Secrets handed over as files: named by NAME_FILE, or a credential of systemd (LoadCredential=)."""

import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from monitor.errors import ConfigError


def from_files(names: Iterable[str], said: Mapping[str, str | None]) -> dict[str, str]:
    """Return the secrets of `names` that files hold, by name; `said` is the environment.

    NAME_FILE names a file; without it, a credential called as the name in small letters counts where
    the environment says nothing else. Raises ConfigError with every file that everyone can read or
    nobody, and with names given in both ways.
    """
    folder = said.get("CREDENTIALS_DIRECTORY")
    found, mistakes = {}, []
    for name in names:
        path = said.get(f"{name}_FILE")
        if path and said.get(name):
            mistakes.append(f"environment: {name} and {name}_FILE: give one of them")
            continue
        try:
            if path:
                found[name] = _read(Path(path))
            elif folder and not said.get(name) and (credential := Path(folder, name.lower())).exists():
                found[name] = _read(credential)
        except ValueError as fault:
            mistakes.append(f"environment: {name}{'_FILE' if path else ''}: {fault}")
    if mistakes:
        raise ConfigError(mistakes)
    return found


def readable_by_others(path: Path) -> bool:
    """Tell whether a file is there that its owner's group or everyone can read."""
    try:
        return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
    except OSError:
        return False


def _read(path: Path) -> str:
    """Return what a secret's file holds; ValueError when everyone on this machine could, or nobody can, read it."""
    try:
        if path.stat().st_mode & stat.S_IROTH:
            raise ValueError(f"{path} can be read by everyone on this machine; run: chmod 600 {path}")
        return path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise ValueError(f"{path} holds no text") from None
    except OSError as fault:
        raise ValueError(f"{path}: cannot be read: {fault.strerror}") from fault
