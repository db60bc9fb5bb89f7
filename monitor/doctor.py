"""What can be checked before anything goes wrong: configuration, store, archive, clock, channel."""

import asyncio
import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.app import App, build
from monitor.edges.store import backup
from monitor.errors import BusyError, ConfigError, DeliveryError, StoreError
from monitor.posting import try_ways

_BUILT = datetime(2026, 11, 1, tzinfo=UTC)  # no clock that is right shows an earlier time
_FIRST_WAL = (3, 7, 0)
_MENDED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))  # sqlite.org/wal.html#walresetbug; the last one for all that follow
_WITHDRAWN = (3, 52, 0)  # by its makers, within a week


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is well, and what to know or do.

    `warns` of what is well only as long as something else holds.
    """

    name: str
    ok: bool
    says: str
    warns: bool = False


def examine(path: Path, now: datetime) -> list[Finding]:
    """Make every check that can be made; the first faults may keep later ones from being made."""
    try:
        app = build(path)
    except ConfigError as fault:
        return [Finding("configuration", ok=False, says=str(fault)), _clock(now, None)]
    digest = app.config.digest
    told = f"sources: {len(app.sources)}; digest at {digest.at:%H:%M} {digest.timezone}"
    return [
        Finding("configuration", ok=True, says=told),
        _secrets(app),
        *_store(app, now),
        *_backups(app, now),
        _archive(app),
        *_telegram(app),
    ]


def _secrets(app: App) -> Finding:
    """Look whether others on this machine can read the secrets in `.env`."""
    fault = app.exposed
    return Finding("secrets", ok=not fault, says=fault or "no file with secrets is open to others")


def _store(app: App, now: datetime) -> list[Finding]:
    """Look whether the database can be read and is whole; one that is not there yet is no fault."""
    newest = None
    if isinstance(app.database, Path) and not app.database.exists():
        finding = Finding("database", ok=True, says=f"{app.database}: not there yet; the first poll makes it")
    else:
        try:
            with app.store(read_only=True) as store:
                store.check()
                newest = store.sources.newest_round()
            finding = Finding("database", ok=True, says=f"{store.database.name}: whole")
        except StoreError as fault:
            finding = Finding("database", ok=False, says=str(fault))
    if not isinstance(app.database, Path):
        return [finding, _clock(now, newest)]
    return [finding, sqlite(sqlite3.sqlite_version_info), _clock(now, newest)]


def sqlite(version: tuple[int, int, int]) -> Finding:
    """Say whether a version of SQLite is one that is known to lose or damage what it holds."""
    number = ".".join(map(str, version))
    mended = version >= _MENDED[-1] or any(version[:2] == one[:2] and version >= one for one in _MENDED)
    if version == _WITHDRAWN:
        return Finding("SQLite", ok=True, says=f"{number}: withdrawn by its makers; take another version", warns=True)
    if version < _FIRST_WAL or mended:
        return Finding("SQLite", ok=True, says=number)
    says = (
        f"{number}: has the WAL-reset bug, by which two writing processes can damage a database (mended in 3.51.3,"
        " 3.50.7 and 3.44.6); this program lets one alone write, so let no other program write to it"
    )
    return Finding("SQLite", ok=True, says=says, warns=True)


def _backups(app: App, now: datetime) -> list[Finding]:
    """Look when the database was last copied; a server's databases are copied by its own tools."""
    every = app.config.store.backup
    if not isinstance(app.database, Path) or not app.database.exists() or not every:
        return []
    made = backup.copies(app.backups)
    if not made:
        return [
            Finding("backups", ok=True, says=f"{app.backups}: none yet; `monitor run` makes them, or `monitor backup`")
        ]
    newest = max(made.values())
    says = f"{app.backups}: {len(made)}, the newest of {newest:%Y-%m-%d %H:%M} UTC"
    return [Finding("backups", ok=now < newest + 2 * every + timedelta(days=1), says=says)]


def _clock(now: datetime, newest: datetime | None) -> Finding:
    """Hold the clock against the time this was made and the newest thing in the store."""
    if now < _BUILT:
        return Finding("clock", ok=False, says=f"{now:%Y-%m-%d %H:%M} UTC is long past; set the system's clock")
    if newest and newest > now + timedelta(minutes=5):
        return Finding(
            "clock",
            ok=False,
            says=f"{now:%Y-%m-%d %H:%M} UTC is before the last poll ({newest:%Y-%m-%d %H:%M})",
        )
    return Finding("clock", ok=True, says=f"{now:%Y-%m-%d %H:%M} UTC")


def _archive(app: App) -> Finding:
    """Look whether digests can be written, without making anything."""
    folder = next(one for one in (app.digests, *app.digests.parents) if one.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return Finding("archive", ok=False, says=f"{folder}: nothing can be written there")
    return Finding("archive", ok=True, says=str(app.digests))


def _telegram(app: App) -> list[Finding]:
    """Look whether the channel can be posted to and read back, by a test message that is deleted at once."""
    settings = app.settings
    if bool(settings.telegram_bot_token) != bool(settings.telegram_channel):
        missing = "TELEGRAM_CHANNEL" if settings.telegram_bot_token else "TELEGRAM_BOT_TOKEN"
        return [Finding("Telegram", ok=False, says=f"{missing} is not set; digests are archived, not posted")]
    if app.chat is None:
        return [Finding("Telegram", ok=True, says="not set up: digests are archived, not posted")]
    try:
        with app.store() as store:
            works = asyncio.run(try_ways(app, store))
    except BusyError:
        return [_tried_before(app, app.chat)]
    except (DeliveryError, StoreError) as fault:
        return [Finding("Telegram", ok=False, says=f"{app.chat}: no test message could be posted: {fault}")]
    return [Finding("Telegram", ok=True, says=f"posts to {app.chat}"), *_read_back(works)]


def _tried_before(app: App, name: str) -> Finding:
    """Say what was found when the channel was last tried; the service that works now keeps it from being tried."""
    with app.store(read_only=True) as store:
        chat = store.chats.get(name)
    when = f"{chat.tested_at:%Y-%m-%d}: {', '.join(chat.ways) or 'none'}" if chat.tested else "never"
    return Finding("Telegram", ok=True, says=f"posts to {name}; not tried, the service is working (ways found {when})")


def _read_back(works: Mapping[str, bool]) -> list[Finding]:
    """Say by which ways the channel can be read, so that what may have been posted is looked for."""
    if not works:
        says = "no way to read the channel: when an answer is lost, nobody can tell whether it was posted"
        return [Finding("read-back", ok=True, says=f"{says}; docs/telegram.md names three")]
    return [
        Finding(f"read-back, {way}", ok=good, says="works" if good else _ADVICE.get(way, "shows nothing"))
        for way, good in works.items()
    ]


_ADVICE = {
    "witness": "sees nothing; make the bot of TELEGRAM_WITNESS_TOKEN an administrator of the channel",
    "preview": "shows nothing; is the channel public, and TELEGRAM_PREVIEW_URL reachable from here?",
    "forward": "shows nothing: may the bot write to TELEGRAM_ADMIN_CHAT (send it /start)? Is the content protected?",
}
