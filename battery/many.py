"""A thousand sources on as many loopback hosts, one process: CPU a source, memory, and how late the digest begins.

DIEMBAO_SOURCES sets how many (default 1,000). What is promised: an unchanged round costs 6 ms of CPU a
source, memory stays under 150 MB, and the digest begins within a second of its time under that load.
"""

import asyncio
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from battery.progress import progress
from battery.server import ITEMS
from monitor.app import App, build
from monitor.config import Settings
from monitor.edges.metrics import Metrics
from monitor.edges.store import Store
from monitor.poll import enlist
from monitor.service import Service
from monitor.service.guard import Guard
from monitor.service.rounds import Rounds

CPU, MEMORY, LATE = 6.0, 150.0, 1.0  # ms a source, MB, seconds
_LEAD = 8  # seconds before its time from which on all sources are due


@contextmanager
def sites() -> Iterator[int]:
    """Run the server of all sites as a process of its own; gives its port."""
    command = [sys.executable, "-m", "battery.server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        try:
            yield int(process.stdout.readline() if process.stdout else 0)
        finally:
            process.terminate()


def host(number: int) -> str:
    """Return a loopback address of its own for each source."""
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}"


def configure(folder: Path, port: int, count: int, closing: datetime) -> App:
    """Write a sources.yaml of so many sources, whose digest closes at a UTC minute."""
    lines = ["fetch: {pause: 0s, timeout: 20s}", f'digest: {{at: "{closing:%H:%M}", timezone: UTC}}', "sources:"]
    lines += [f'  - {{name: "Báo {n}", url: "http://{host(n)}:{port}/rss/home.rss"}}' for n in range(count)]
    (folder / "sources.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return build(folder / "sources.yaml", settings=Settings(monitor_allow_private_addresses=True))


async def full_round(app: App, store: Store, what: str) -> tuple[float, float]:
    """Visit every source once as the service does; returns milliseconds of CPU a source, and seconds in all."""
    store.visits.put_off({source.name: app.clock() for source in app.sources})
    rounds, web = Rounds(store, Guard(), Metrics()), app.web(store)
    began, used = time.monotonic(), time.process_time()
    rounds.begin(app, web)
    with progress(what, len(rounds.under_way)) as step:
        for task in rounds.under_way.values():
            task.add_done_callback(lambda _: step())
        while rounds.under_way:
            await asyncio.wait(rounds.under_way.values())
    return (time.process_time() - used) * 1000 / len(app.sources), time.monotonic() - began


async def digest_under_load(app: App, store: Store, closing: datetime) -> float:
    """Run the service over a closing at which every source is due; returns how many seconds late the edition closed."""
    guard = Guard()
    running = asyncio.create_task(Service(app, store, guard, tick=timedelta(seconds=1)).work())
    await asyncio.sleep(max(0.0, (closing - datetime.now(UTC)).total_seconds() - _LEAD))
    store.visits.put_off({source.name: app.clock() for source in app.sources})
    while store.editions.last() is None:
        await asyncio.sleep(0.05)
        if datetime.now(UTC) > closing + timedelta(seconds=60):
            break
    guard.stopping.set()
    await running
    day = store.editions.last()
    return (store.shelf.closed([day])[day] - closing).total_seconds() if day else float("inf")


def memory() -> float:
    """Return how many MB this process holds."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.split("VmRSS:")[1].split()[0]) / 1000


async def _battery(folder: Path, port: int, count: int) -> bool:
    closing = (datetime.now(UTC) + timedelta(days=1)).replace(second=0, microsecond=0)
    app = configure(folder, port, count, closing)
    with app.store() as store:
        enlist(app, store, app.sources)
        first, seconds = await full_round(app, store, "sources read for the first time")
        print(f"  {ITEMS} links each  {first:6.2f} ms of CPU a source, {seconds:5.1f} s, {memory():5.0f} MB")
        cost, seconds = min([await full_round(app, store, "unchanged sources") for _ in range(2)])
        print(f"  unchanged      {cost:6.2f} ms of CPU a source, {seconds:5.1f} s, {memory():5.0f} MB")
        store.visits.put_off({source.name: app.clock() + timedelta(hours=1) for source in app.sources})
        closing = (datetime.now(UTC) + timedelta(seconds=60 + _LEAD)).replace(second=0, microsecond=0)
        digest = app.config.digest.model_copy(update={"at": closing.time()})
        app = replace(app, config=app.config.model_copy(update={"digest": digest}))
        late = await digest_under_load(app, store, closing)
        held = memory()
        print(f"  digest         {late:6.2f} s late under that load, {held:5.0f} MB")
    return cost <= CPU and held <= MEMORY and late <= LATE


def main() -> bool:
    """Print the figures; returns whether every promise was kept."""
    count = int(os.environ.get("DIEMBAO_SOURCES", "1000"))
    logging.basicConfig(level=logging.CRITICAL)
    print(f"{count} sources on as many hosts, one process")
    with tempfile.TemporaryDirectory() as name, sites() as port:
        return asyncio.run(_battery(Path(name), port, count))
