"""When poll and publish happen: APScheduler is only a heartbeat, *due* is asked of the database.

Restarts, missed ticks and clocks that jump need no special case: at each beat the store is asked
what is to be done.
"""

import asyncio
import logging
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

from monitor import alerting
from monitor.app import App
from monitor.bot import listening
from monitor.digest.edition import due, next_closing
from monitor.edges import archive
from monitor.edges.store import Store
from monitor.errors import ArchiveError, TooEarlyError
from monitor.housekeeping import keep_house
from monitor.poll import enlist
from monitor.publish import publish, resume
from monitor.reasons import in_vietnamese
from monitor.service.footing import Footing
from monitor.service.guard import Guard
from monitor.service.heartbeat import Job, When, beating, every
from monitor.service.rounds import Rounds
from monitor.service.watch import watch

TICK = timedelta(seconds=15)  # between two looks for due sources, and for an edited sources.yaml
_DIGEST_TICK = timedelta(seconds=30)  # between two looks for what still waits to be sent
WATCH_TICK = timedelta(minutes=5)
_HOUSE_TICK = timedelta(minutes=10)
_PATIENCE = 8  # seconds that a message under way is given when the service is told to stop
STUCK = 600.0  # seconds without a beat after which the service ends itself, to be started again

_log = logging.getLogger(__name__)


async def run(app: App) -> None:
    """Poll and publish until SIGTERM or SIGINT; raises when it cannot begin, or the store is found damaged."""
    archive.check(app.digests)
    guard = Guard(STUCK)
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, guard.stopping.set)
    with app.store() as store:
        store.check()
        await Service(app, store, guard).work()
    _log.info("stopped")


class Service:
    """The work of a running service; its configuration may be replaced while it runs."""

    def __init__(self, app: App, store: Store, guard: Guard, tick: timedelta = TICK) -> None:
        self._store, self._guard, self._tick = store, guard, tick
        self._footing = Footing(app, store, guard)
        self.metrics = self._footing.metrics
        self._rounds = Rounds(store, guard, self.metrics)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def _app(self) -> App:
        return self._footing.app

    async def work(self) -> None:
        """Beat until told to stop; rounds are then dropped, a message under way is finished.

        Raises DamagedError as soon as the store is found damaged.
        """
        self._begin()
        jobs: dict[Job, When] = {
            self.begin_rounds: every(self._tick),
            self.begin_digest: self._digest_beat,
            self.begin_alerts: every(_DIGEST_TICK),
            self.watch: every(WATCH_TICK),
            self.keep_house: every(_HOUSE_TICK),
        }
        async with AsyncExitStack() as leaving:
            leaving.push_async_callback(self._finish)
            leaving.enter_context(self._footing.open())
            await leaving.enter_async_context(beating(jobs))
            await leaving.enter_async_context(listening(lambda: self._app, self._store))
            await self._guard.stopping.wait()
        if self._guard.damage:
            raise self._guard.damage

    def _begin(self) -> None:
        enlist(self._app, self._store, self._app.sources)
        self._rounds.spread(self._app)
        digest = self._app.config.digest
        _log.info("watching %d sources; digest at %s", len(self._app.sources), f"{digest.at:%H:%M} {digest.timezone}")

    def _digest_beat(self, now: datetime) -> datetime:
        """Return when to look again for what is to be published: at the next closing to the moment."""
        digest = self._app.config.digest
        return min(now + _DIGEST_TICK, next_closing(now, digest.at, digest.timezone))

    async def begin_rounds(self) -> None:
        """Take up an edited configuration, then visit what is due, unless nothing can be stored."""
        if await self._footing.look():
            await self._guard.run(self._begin_rounds(), "store")

    async def _begin_rounds(self) -> None:
        self._rounds.begin(self._app, self._footing.web)

    async def begin_digest(self) -> None:
        """Start making the edition whose hour has come, and sending what still waits."""
        self._begin_once("digest", publish_due(self._app, self._store))

    async def begin_alerts(self) -> None:
        """Start telling the operator what went wrong; the digest never waits for it."""
        self._begin_once("alerts", alerting.send(self._app, self._store))

    async def watch(self) -> None:
        """Look how the sources fare."""
        await self._guard.run(watch(self._app, self._store, self.metrics), "sources")

    async def keep_house(self) -> None:
        """Look after the store."""
        await self._guard.run(keep_house(self._app, self._store), "store")

    def _begin_once(self, what: str, work: Coroutine[None, None, None]) -> None:
        """Start a piece of work unless the one before it is still under way."""
        before = self._tasks.get(what)
        if before is None or before.done():
            self._tasks[what] = asyncio.create_task(self._guard.run(work, what))
        else:
            work.close()

    async def _finish(self) -> None:
        under_way = [*self._rounds.stop(), *self._tasks.values()]
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=_PATIENCE)
            for task in late:
                task.cancel()


async def publish_due(app: App, store: Store) -> None:
    """Make the edition whose hour has come, or finish what was left undone; the operator hears what holds it up."""
    try:
        await _publish_due(app, store)
    except ArchiveError as fault:
        said = f"Bản điểm báo phải chờ vì không ghi được kho lưu trữ {app.digests}: {in_vietnamese(str(fault))}."
        store.alerts.stand("archive", said, "", app.clock())
        raise
    store.alerts.stand("archive", "", "Đã ghi lại được kho lưu trữ.", app.clock())


async def _publish_due(app: App, store: Store) -> None:
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
