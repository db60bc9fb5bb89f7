"""Whether every source fares as its past leads to expect; the operator is told where one does not."""

from monitor import alerting
from monitor.app import App
from monitor.delivery.alarms import source_line
from monitor.edges.metrics import Metrics
from monitor.edges.store import Store
from monitor.health import diagnose


async def watch(app: App, store: Store, metrics: Metrics) -> None:
    """Look at every source, and at what waits to be posted; only what changed since the last look is written."""
    now, watched, told = app.clock(), {source.name for source in app.sources}, store.alerts.open()
    fares = [(one, diagnose(one, now)) for one in store.standing.health(now) if one.source in watched]
    for one, found in fares:
        line = source_line(one.source, found.condition, found.detail, one.failures) if found.alarming else ""
        if line != told.get(f"source:{one.source}", ""):
            alerting.source_stands(app, store, one.source, line)
    metrics.sources_stand([(one, found.condition) for one, found in fares])
    last = store.editions.last()
    closed = store.shelf.closed([last])[last].timestamp() if last else None
    metrics.published(len(store.outbox.waiting()), closed)
