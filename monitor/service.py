"""When poll and publish happen: APScheduler is only a heartbeat, *due* is asked of the database.

The scheduler drops a job that is one second late unless told otherwise, and knows nothing after a
restart; so it only wakes two jobs, and both ask the store what is to be done.
"""

import asyncio
import logging
import signal
from collections.abc import Coroutine
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor import alerting
from monitor.app import App
from monitor.digest.edition import due
from monitor.edges import archive
from monitor.edges.fetch import Web
from monitor.edges.store import Store
from monitor.errors import DamagedError, DiemBaoError, TooEarlyError
from monitor.housekeeping import keep_house, tell_held, why_not_store
from monitor.models import Source
from monitor.poll import AT_ONCE, poll
from monitor.publish import publish, resume

_TICK = 15  # seconds between two looks for due sources
_DIGEST_TICK = 30
_HOUSE_TICK = 600
_LONGEST_INTERVAL = timedelta(days=8)  # a visit due later than that was set by a wrong clock
_PATIENCE = 8  # seconds that a message under way is given when the service is told to stop

_log = logging.getLogger(__name__)


async def run(app: App) -> None:
    """Poll and publish until SIGTERM or SIGINT; raises when it cannot begin."""
    archive.check(app.digests)
    with app.store() as store:
        store.check()
        store.sources.enrol([source.name for source in app.sources], app.clock())
        async with app.web(store) as web:
            _log.info(
                "watching %d sources; digest at %s",
                len(app.sources),
                f"{app.config.digest.at:%H:%M}",
            )
            await Service(app, store, web).until_stopped()
    _log.info("stopped")


class Service:
    """The heartbeat, and the work it has begun."""

    def __init__(self, app: App, store: Store, web: Web) -> None:
        self._app, self._store, self._web = app, store, web
        self._places = asyncio.Semaphore(AT_ONCE)
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._digest: asyncio.Task[None] | None = None
        self._alerts: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._held = ""  # why nothing is polled
        self._damage: DamagedError | None = None

    async def until_stopped(self) -> None:
        """Beat until a signal comes; polls are then dropped, a message under way is finished.

        Raises DamagedError as soon as the store is found damaged.
        """
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, self._stopping.set)
        scheduler = AsyncIOScheduler(
            timezone=self._app.config.digest.timezone,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        now = datetime.now(self._app.config.digest.timezone)
        scheduler.add_job(self.begin_polls, "interval", seconds=_TICK, next_run_time=now)
        scheduler.add_job(self.begin_digest, "interval", seconds=_DIGEST_TICK, next_run_time=now)
        scheduler.add_job(self.begin_alerts, "interval", seconds=_DIGEST_TICK, next_run_time=now)
        scheduler.add_job(self.keep_house, "interval", seconds=_HOUSE_TICK, next_run_time=now)
        scheduler.start()
        await self._stopping.wait()
        scheduler.shutdown(wait=False)
        await self._finish()
        if self._damage:
            raise self._damage

    async def keep_house(self) -> None:
        """Look after the store."""
        await self._logged(keep_house(self._app, self._store), "store")

    async def begin_polls(self) -> None:
        """Start a round of every source that is due and not being polled, unless nothing can be stored."""
        await self._logged(self._begin_polls(), "store")

    async def _begin_polls(self) -> None:
        why = why_not_store(self._app, self._store)
        if why != self._held:
            tell_held(self._app, self._store, why)
        self._held = why
        if why:
            return
        by_name = {source.name: source for source in self._app.sources}
        for name in self._store.sources.due(by_name, self._app.clock(), _LONGEST_INTERVAL):
            if name not in self._polls:
                task = asyncio.create_task(self._logged(self._poll(by_name[name]), name))
                self._polls[name] = task
                task.add_done_callback(partial(self._forget, name))

    def _forget(self, name: str, _done: asyncio.Task[None]) -> None:
        self._polls.pop(name, None)

    async def _poll(self, source: Source) -> None:
        async with self._places:
            rounds = await poll(self._app, self._store, self._web, [source], lambda *_: None)
        for done in rounds:
            _log.info(
                "%s: %s, %d new, %d kept, %.1f s%s",
                done.source, done.state, done.new, done.kept, done.seconds, f": {done.reason}" if done.reason else "",
            )  # fmt: skip

    async def begin_digest(self) -> None:
        """Start making the edition whose hour has come, and sending what still waits."""
        if self._digest is None or self._digest.done():
            self._digest = asyncio.create_task(self._logged(publish_due(self._app, self._store), "digest"))

    async def begin_alerts(self) -> None:
        """Start telling the operator what went wrong; the digest never waits for it."""
        if self._alerts is None or self._alerts.done():
            self._alerts = asyncio.create_task(self._logged(alerting.send(self._app, self._store), "alerts"))

    async def _finish(self) -> None:
        for task in list(self._polls.values()):
            task.cancel()
        under_way = [task for task in (*self._polls.values(), self._digest, self._alerts) if task]
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=_PATIENCE)
            for task in late:
                task.cancel()

    async def _logged(self, work: Coroutine[None, None, None], what: str) -> None:
        """Run one piece of work; its fault is logged and the heartbeat goes on, unless the store is damaged."""
        try:
            await work
        except DamagedError as fault:
            self._damage = fault
            self._stopping.set()
        except DiemBaoError as fault:
            _log.error("%s: %s", what, fault)
        except Exception:  # noqa: BLE001 - a fault in one job must not stop the heartbeat
            _log.exception("%s: unexpected fault", what)


async def publish_due(app: App, store: Store) -> None:
    """Make the edition whose hour has come; otherwise finish what was left undone."""
    digest = app.config.digest
    now = app.clock()
    since = store.sources.first_seen() or now
    last = store.editions.last(now.astimezone(digest.timezone).date())
    day = due(now, digest.at, digest.timezone, last, since, digest.catch_up)
    if day is None:
        await resume(app, store)
        return
    try:
        made = await publish(app, store, day, now)
    except TooEarlyError:
        _log.info("edition of %s: waits for the first round", day)
        return
    _log.info("edition of %s: %d stories in %d messages", day, len(made.edition.stories), len(made.parts))
