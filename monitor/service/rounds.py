"""The rounds under way: what is due is begun, a fault ends one round, a stop ends them all."""

import asyncio
import logging
from datetime import timedelta
from functools import partial

from monitor import schedule
from monitor.app import App
from monitor.edges.fetch import Web
from monitor.edges.metrics import Metrics
from monitor.edges.store import Store
from monitor.models import Round, Source
from monitor.poll import poll_source
from monitor.service.guard import Guard

PLACES = 200  # rounds side by side: nearly all of them wait, for an answer or for a pause to end
LONGEST_INTERVAL = timedelta(days=9)  # a visit due later than that was set by a wrong clock
_CATCH_UP = timedelta(minutes=5)  # over which visits missed while the service was down are spread

_FIELDS = ("source", "state", "reason", "links", "new", "kept", "copies", "revised", "gap", "seconds")

_log = logging.getLogger(__name__)


class Rounds:
    """The sources that are being visited; `begin` may be called at any time."""

    def __init__(self, store: Store, guard: Guard, metrics: Metrics) -> None:
        self._store, self._guard, self._metrics = store, guard, metrics
        self._places = asyncio.Semaphore(PLACES)
        self.under_way: dict[str, asyncio.Task[None]] = {}

    def spread(self, app: App) -> None:
        """Put visits that were missed at places of their own in the next minutes, when they are many.

        A source never visited is not put off.
        """
        now = app.clock()
        late = self._store.visits.overdue([source.name for source in app.sources], now)
        if len(late) > PLACES:
            self._store.visits.put_off({name: schedule.spread(now, name, _CATCH_UP) for name in late})

    def begin(self, app: App, web: Web) -> None:
        """Start a round of every source that is due and not being visited."""
        by_name = {source.name: source for source in app.sources}
        for name in self._store.visits.due(by_name, app.clock(), LONGEST_INTERVAL):
            if name not in self.under_way:
                task = asyncio.create_task(self._guard.run(self._round(app, web, by_name[name]), name))
                self.under_way[name] = task
                task.add_done_callback(partial(self._forget, name))

    def _forget(self, name: str, _done: asyncio.Task[None]) -> None:
        self.under_way.pop(name, None)

    async def _round(self, app: App, web: Web, source: Source) -> None:
        async with self._places:
            done = await poll_source(app, self._store, web, source, lambda *_: None)
        self._metrics.round_made(done)
        tell(done)

    def stop(self) -> list[asyncio.Task[None]]:
        """Tell all rounds to end where they are; what they hold waits in the store. Returns them."""
        for task in self.under_way.values():
            task.cancel()
        return list(self.under_way.values())


def tell(done: Round) -> None:
    """Write a round's line into the log."""
    gap = (", possible gap" if done.gap else "") + (", not filled" if done.unfilled else "")
    reason = f": {done.reason}" if done.reason else ""
    _log.info(
        "%s: %s, %d new, %d kept%s, %.1f s%s",
        done.source, done.state, done.new, done.kept, gap, done.seconds, reason,
        extra={name: getattr(done, name) for name in _FIELDS},
    )  # fmt: skip
