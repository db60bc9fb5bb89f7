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
from functools import partial
from importlib.metadata import version

import procrastinate
from procrastinate.jobs import DeleteJobCondition
from psycopg import sql

from monitor.app import App
from monitor.cluster.jobs import CHORES, POLLS, STALLED, Worker, why_away
from monitor.edges import archive
from monitor.edges.store import Store
from monitor.edges.store.postgres_server import patient
from monitor.errors import UsageError
from monitor.poll import enlist
from monitor.service import STUCK, TICK, WATCH_TICK
from monitor.service.footing import Footing
from monitor.service.guard import Guard
from monitor.service.heartbeat import Job, When, beating, every

__all__ = ["QUEUE", "Worker", "connect", "prepare", "work"]

QUEUE = f"queue_{version('procrastinate').replace('.', '_')}"
"""The schema of the queue's tables: a worker with another version of the library has another queue, and the
leases keep the two apart."""
_HEARTBEAT = 5  # seconds between a worker's signs of life
_PATIENCE = 8  # seconds that jobs under way are given when the worker is told to stop
_AGAIN = 1  # seconds until a worker that lost its queue, or the database, looks again
_ANSWER = 10  # seconds in which the queue's tables are to be reached

_log = logging.getLogger(__name__)


async def work(app: App, places: int, port: int | None = None) -> None:
    """Take jobs until SIGTERM or SIGINT, `places` hosts at a time; raises UsageError without PostgreSQL.

    `port` takes the place of that of `metrics` in sources.yaml: workers on one machine share the file, not the port.
    """
    if not isinstance(app.database, str):
        raise UsageError("workers share a PostgreSQL database: set MONITOR_DATABASE=postgresql://…")
    archive.check(app.digests)
    for library in ("procrastinate", "psycopg"):  # each fault of which they tell is raised too
        logging.getLogger(library).setLevel(logging.CRITICAL)
    guard = Guard(STUCK)
    asyncio.get_running_loop().set_exception_handler(partial(_told, guard))
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, guard.stopping.set)
    with Store(app.database, shared=True) as store:
        enlist(app, store, app.sources)
        connector = connect(app.database)
        queue = procrastinate.App(connector=connector)
        footing = Footing(app, store, guard, port)
        worker = Worker(footing, store, queue, guard)
        worker.register()
        beats: dict[Job, When] = {worker.look: every(TICK), worker.measure: every(WATCH_TICK)}
        with footing.open():
            async with queue.open_async(), beating(beats):
                await prepare(connector, queue)
                _log.info("worker for %d sources, %d hosts at a time", len(app.sources), places)
                await asyncio.gather(*(_serve(worker, *one) for one in ((POLLS, places), (CHORES, 6))))
    _log.info("stopped")


def _told(guard: Guard, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """Log in a line what a task of the queue's ended with, such as a job that was deleted under it."""
    fault = context.get("exception")
    if why := why_away(fault if isinstance(fault, Exception) else None):
        guard.lost(why)
    else:
        cause = fault.__cause__ if isinstance(fault, Exception) and fault.__cause__ else fault
        _log.warning("%s %s", context.get("message"), " ".join(str(cause or "").split()))


def connect(address: str) -> procrastinate.PsycopgConnector:
    """Return the queue's way to its tables, in the database of the store."""
    options = f"-c search_path={QUEUE} -c client_min_messages=warning"
    return procrastinate.PsycopgConnector(
        conninfo=patient(address),
        min_size=2,
        max_size=6,
        timeout=_ANSWER,
        reconnect_timeout=_ANSWER / 2,  # its tries grow rarer, a job's next question is a first one again
        kwargs={"options": options},
    )


async def prepare(connector: procrastinate.PsycopgConnector, queue: procrastinate.App) -> None:
    """Make the queue's tables unless they are there; of workers that start together one does it."""
    async with connector.pool.connection() as db:
        await db.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [QUEUE])
        found = await (await db.execute("SELECT to_regclass(%s)", [f"{QUEUE}.procrastinate_jobs"])).fetchone()
        if found and found[0] is None:
            await db.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(QUEUE)))
            await db.execute(queue.schema_manager.get_schema())


async def _serve(worker: Worker, name: str, places: int) -> None:
    """Take jobs of one queue; a queue that does not answer, or took this worker for dead, is joined again."""
    stopping = worker.guard.stopping
    while not stopping.is_set():
        worker.leaving.clear()
        serving = asyncio.create_task(
            worker.queue.run_worker_async(
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
        worker.leaving.set()
        serving.cancel()  # takes no more jobs, and waits for those under way
        fault = (await asyncio.gather(serving, return_exceptions=True))[0]
        if not stopping.is_set():
            await _recover(worker, name, fault)


async def _recover(worker: Worker, name: str, fault: BaseException | None) -> None:
    """Wait until the database answers, or the worker is told to stop, before a queue is joined again."""
    if fault and not why_away(fault):
        _log.error("the queue %s was lost: %s", name, fault)
    while not worker.guard.stopping.is_set():
        await asyncio.sleep(_AGAIN)
        await worker.look()
        if not worker.guard.away:
            _log.info("the queue %s is joined again", name)
            return
