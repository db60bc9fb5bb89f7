"""The same stories as jobs on many machines: any number of workers share one PostgreSQL (procrastinate).

The queue is only a way to spread work; the truth is `source.next_poll_at` and the leases. `dispatch`
queues a job for each host that has something due and no job yet; the job claims the host's lease and
visits its due sources, one after the other. What goes wrong leaves no trace in the queue: a job is
never repeated, put off or kept, a dead worker's jobs are deleted, and the next `dispatch` sees what is
still due. Every write is fenced by the lease it was begun under, so a worker that was frozen and
comes back changes nothing.
"""

import asyncio
import logging
import signal
from contextlib import suppress
from functools import partial
from importlib.metadata import version

import procrastinate
from procrastinate.jobs import DeleteJobCondition
from psycopg import sql

from monitor.app import App
from monitor.cluster.jobs import CHORES, POLLS, STALLED, Worker
from monitor.edges import archive
from monitor.edges.store import Store
from monitor.errors import StoreError, UsageError
from monitor.housekeeping import why_not_store
from monitor.poll import enlist
from monitor.service import STUCK, TICK
from monitor.service.guard import Guard
from monitor.service.heartbeat import beating, every

__all__ = ["QUEUE", "Worker", "connect", "prepare", "work"]

QUEUE = f"queue_{version('procrastinate').replace('.', '_')}"
"""The schema of the queue's tables: a worker with another version of the library has another queue, and the
leases keep the two apart."""
_HEARTBEAT = 5  # seconds between a worker's signs of life
_PATIENCE = 8  # seconds that jobs under way are given when the worker is told to stop
_AGAIN = 3  # seconds until a worker that lost its queue tries again

_log = logging.getLogger(__name__)


async def work(app: App, places: int) -> None:
    """Take jobs until SIGTERM or SIGINT, `places` hosts at a time; raises UsageError without PostgreSQL."""
    if not isinstance(app.database, str):
        raise UsageError("workers share a PostgreSQL database: set MONITOR_DATABASE=postgresql://…")
    archive.check(app.digests)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it tells of every job, the rounds are told here
    guard = Guard(STUCK)
    asyncio.get_running_loop().set_exception_handler(_told)
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, guard.stopping.set)
    with Store(app.database, shared=True) as store:
        enlist(app, store, app.sources)
        connector = connect(app.database)
        queue = procrastinate.App(connector=connector)
        worker = Worker(app, store, app.web(store), queue, guard)
        worker.register()
        async with queue.open_async(), beating({partial(_beat, app, store, guard): every(TICK)}):
            await prepare(connector, queue)
            _log.info("worker for %d sources, %d hosts at a time", len(app.sources), places)
            await asyncio.gather(*(_serve(queue, *one, guard.stopping) for one in ((POLLS, places), (CHORES, 6))))
        with suppress(StoreError):
            store.beats.end()
    _log.info("stopped")


async def _beat(app: App, store: Store, guard: Guard) -> None:
    """Leave a sign of life, by which `monitor health` knows that this worker is well."""
    if why := why_not_store(app, store):
        _log.error("beat: %s", why)
    guard.alive()


def _told(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """Log in a line what a task of the queue's ended with, such as a job that was deleted under it."""
    _log.warning("%s %s", context.get("message"), " ".join(str(context.get("exception") or "").split()))


def connect(address: str) -> procrastinate.PsycopgConnector:
    """Return the queue's way to its tables, in the database of the store."""
    options = f"-c search_path={QUEUE} -c client_min_messages=warning"
    return procrastinate.PsycopgConnector(conninfo=address, min_size=2, max_size=6, kwargs={"options": options})


async def prepare(connector: procrastinate.PsycopgConnector, queue: procrastinate.App) -> None:
    """Make the queue's tables unless they are there; of workers that start together one does it."""
    async with connector.pool.connection() as db:
        await db.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [QUEUE])
        found = await (await db.execute("SELECT to_regclass(%s)", [f"{QUEUE}.procrastinate_jobs"])).fetchone()
        if found and found[0] is None:
            await db.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(QUEUE)))
            await db.execute(queue.schema_manager.get_schema())


async def _serve(queue: procrastinate.App, name: str, places: int, stopping: asyncio.Event) -> None:
    """Take jobs of one queue; a queue that does not answer, or took this worker for dead, is joined again."""
    while not stopping.is_set():
        serving = asyncio.create_task(
            queue.run_worker_async(
                queues=[name],
                concurrency=places,
                install_signal_handlers=False,
                delete_jobs=DeleteJobCondition.ALWAYS,
                shutdown_graceful_timeout=_PATIENCE,
                update_heartbeat_interval=_HEARTBEAT,
                stalled_worker_timeout=STALLED,
            )
        )
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait([serving, told], return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        serving.cancel()  # takes no more jobs, and waits for those under way
        fault = (await asyncio.gather(serving, return_exceptions=True))[0]
        if not stopping.is_set():
            _log.error("the queue %s was lost: %s", name, fault or "its connection ended")
            await asyncio.sleep(_AGAIN)
