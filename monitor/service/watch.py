"""Whether every source fares as its past leads to expect; the operator is told where one does not."""

from collections.abc import Sequence

from monitor import alerting
from monitor.app import App
from monitor.delivery.alarms import source_line
from monitor.edges.metrics import Metrics
from monitor.edges.store import Store
from monitor.health import Diagnosis, diagnose
from monitor.models import Health

Fares = Sequence[tuple[Health, Diagnosis]]


async def watch(app: App, store: Store, metrics: Metrics) -> None:
    """Look at every source, and at what waits to be posted; only what changed since the last look is written."""
    fares, told = _fares(app, store), store.alerts.open()
    for one, found in fares:
        line = source_line(one.source, found.condition, found.detail, one.failures) if found.alarming else ""
        if line != told.get(f"source:{one.source}", ""):
            alerting.source_stands(app, store, one.source, line)
    _measure(store, fares, metrics)


async def measure(app: App, store: Store, metrics: Metrics) -> None:
    """Take into a process's figures what `watch` sees, where another process does the watching."""
    _measure(store, _fares(app, store), metrics)


def _fares(app: App, store: Store) -> Fares:
    now, watched = app.clock(), {source.name for source in app.sources}
    return [(one, diagnose(one, now)) for one in store.standing.health(now) if one.source in watched]


def _measure(store: Store, fares: Fares, metrics: Metrics) -> None:
    metrics.sources_stand([(one, found.condition) for one, found in fares])
    last = store.editions.last()
    closed = store.shelf.closed([last])[last].timestamp() if last else None
    metrics.published(len(store.outbox.waiting()), closed)
