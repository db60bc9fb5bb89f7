"""Whether every source fares as its past leads to expect; the operator is told where one does not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from monitor import alerting, schedule
from monitor.app import App
from monitor.delivery.alarms import NETWORK, network_line, source_line
from monitor.edges.metrics import Metrics
from monitor.edges.store import Store
from monitor.health import Diagnosis, diagnose
from monitor.models import Health
from monitor.reach import cut_off, is_lost

_SOON = timedelta(minutes=5)  # over which sources are looked for when the network is back
_NEVER = datetime.min.replace(tzinfo=UTC)

Fares = Sequence[tuple[Health, Diagnosis]]


async def watch(app: App, store: Store, metrics: Metrics) -> None:
    """Look at every source, and at what waits to be posted; only what changed since the last look is written.

    Sources that were not met while nothing was met are told in one line; they are looked for at once
    when the network is back, and only what fails then is their own.
    """
    fares, told = _fares(app, store), store.alerts.open()
    back = _network(app, store, [health for health, _ in fares], told.get(NETWORK, ""))
    for one, found in fares:
        line = source_line(one.source, found.condition, found.detail, one.failures) if found.alarming else ""
        if is_lost(one) and one.last_poll_at and one.last_poll_at <= back:
            continue
        if line != told.get(f"source:{one.source}", ""):
            alerting.source_stands(app, store, one.source, line)
    _measure(store, fares, metrics)


def _network(app: App, store: Store, fares: Sequence[Health], told: str) -> datetime:
    """Tell whether anything on the network is met; returns until when a source may have failed for that alone."""
    now = app.clock()
    if since := cut_off(fares, now):
        alerting.network_stands(app, store, told or network_line(since.astimezone(app.config.digest.timezone)))
        return now
    if told:
        alerting.network_stands(app, store, "")
        lost = [one.source for one in fares if is_lost(one)]
        store.visits.put_off({name: schedule.spread(now, name, _SOON) for name in lost})
    return store.alerts.raised(f"{NETWORK}:over") or _NEVER


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
