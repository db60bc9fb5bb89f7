"""Whether every source fares as its past leads to expect; the operator is told where one does not."""

from monitor import alerting
from monitor.app import App
from monitor.delivery.alarms import source_line
from monitor.edges.store import Store
from monitor.health import diagnose


async def watch(app: App, store: Store) -> None:
    """Look at every source once; only what changed since the last look is written."""
    now, watched, told = app.clock(), {source.name for source in app.sources}, store.alerts.open()
    for one in store.standing.health(now):
        if one.source not in watched:
            continue
        found = diagnose(one, now)
        line = source_line(one.source, found.condition, found.detail, one.failures) if found.alarming else ""
        if line != told.get(f"source:{one.source}", ""):
            alerting.source_stands(app, store, one.source, line)
