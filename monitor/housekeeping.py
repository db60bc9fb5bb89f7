"""What the service does for its store beside polling: copies, forgetting, and a look whether it can still store.

Each is asked of the store itself (`chores`), so a restart neither skips nor repeats it.
"""

import asyncio
import logging
import shutil
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from monitor.app import App
from monitor.edges.store import Store, backup, ballast
from monitor.errors import AwayError, DamagedError, StoreError
from monitor.reasons import in_vietnamese

_DAILY = timedelta(days=1)
_AGAIN = timedelta(hours=1)  # after a backup that failed
_TOPIC = "store"
_LEAST_FREE = 32_000_000  # bytes; a round of many sources, an edition and its messages need less

_log = logging.getLogger(__name__)


async def keep_house(app: App, store: Store) -> None:
    """Do what is due: forget what may be forgotten, then copy the store and let old copies go.

    Raises DamagedError when the store is found damaged, StoreError when something could not be
    done; the last good copies then stay.
    """
    now, kept = app.clock(), app.config.store
    if store.chores.due("forget", _DAILY, now):
        await _forget(app, store, now)
    if not isinstance(app.database, Path):
        return  # a server's databases are copied by its own tools
    if _free(app.disk) > 2 * _LEAST_FREE:
        ballast.lay(app.database)
    if kept.backup and store.chores.due("backup", kept.backup, now) and store.chores.due("backup try", _AGAIN, now):
        store.chores.done("backup try", now)
        try:
            await _back_up(app, app.database, now)
        except StoreError as fault:
            store.alerts.stand("backup", f"Không sao lưu được kho dữ liệu: {in_vietnamese(str(fault))}.", "", now)
            raise
        store.chores.done("backup", now)
        store.alerts.stand("backup", "", "Đã sao lưu lại được kho dữ liệu.", now)


async def _back_up(app: App, database: Path, now: datetime) -> None:
    """Copy the store in a thread of its own, so that the service goes on; then let old copies go.

    A service that is told to stop breaks the copy off: one of gigabytes takes longer than it has.
    """
    stopping = threading.Event()
    try:
        target = app.backups / backup.name_at(now)
        made = await asyncio.to_thread(backup.back_up, database, target, stopping.is_set)
    finally:
        stopping.set()
    backup.thin_out(app.backups, app.config.store.keep, app.config.store.weekly)
    _log.info("backup: %s, %.1f MB, %d articles", made.path, made.size / 1e6, made.articles)


async def _forget(app: App, store: Store, now: datetime) -> None:
    """Let go what sources.yaml says may be forgotten, a little at a time: polls go on in between."""
    limits, retention = app.config.store.forget, store.retention
    ways = {
        "rejected articles": (limits.rejected, retention.rejected),
        "links' titles": (limits.rejected, retention.words),
        "rounds": (limits.rounds, retention.rounds),
        "earlier texts": (limits.revisions, retention.revisions),
    }
    for what, (age, forget) in ways.items():
        total = 0
        while age and (gone := forget(now - age)):
            total += gone
            await asyncio.sleep(0)
        if total:
            _log.info("forgotten: %d %s", total, what)
    for _ in retention.traces() if limits.rejected else ():
        await asyncio.sleep(0)
    store.machines.forget(now)
    store.chores.done("forget", now)


def why_not_store(app: App, store: Store) -> str:
    """Return why nothing more can be stored; "" when all is well, tried by a write: the sign of life.

    What cannot be stored must not be fetched: it would be fetched again, and its listing's
    validators must not be kept. Raises DamagedError, and AwayError while a server does not answer.
    """
    free = _free(app.disk)
    full = f"{app.disk}: {free / 1e6:.0f} MB free; polling goes on from {_LEAST_FREE / 1e6:.0f} MB on"
    why = full if free < _LEAST_FREE else ""
    try:
        store.beats.beat(app.clock(), why)
    except (DamagedError, AwayError):
        raise
    except StoreError as fault:
        return why or str(fault)
    return why


def tell_held(app: App, store: Store, why: str) -> None:
    """Tell log and operator that polling stops (`why`), or goes on ("")."""
    if not why:
        store.alerts.stand(_TOPIC, "", "Đã lưu lại được dữ liệu, việc đọc báo tiếp tục.", app.clock())
        _log.info("polling goes on")
        return
    _log.error("polling stops: %s", why)
    if isinstance(app.database, Path):
        ballast.give_up(app.database)
    with suppress(StoreError):  # where nothing can be written the log alone tells it
        line = f"Tạm dừng đọc báo vì không lưu được dữ liệu: {in_vietnamese(why)}."
        store.alerts.stand(_TOPIC, line, "", app.clock())


def _free(folder: Path) -> int:
    """Return the bytes that are free where a folder is, or will be."""
    return shutil.disk_usage(next(one for one in (folder, *folder.parents) if one.exists())).free
