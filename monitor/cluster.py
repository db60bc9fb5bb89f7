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
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from typing import ParamSpec

import procrastinate
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Job, Status
from psycopg import sql

from monitor import alerting, urls
from monitor.app import App
from monitor.edges import archive
from monitor.edges.fetch import Web
from monitor.edges.store import Store
from monitor.edges.store.leases import Lease, Leases
from monitor.errors import LeaseLostError, StoreError, UsageError
from monitor.housekeeping import keep_house
from monitor.models import Source
from monitor.poll import enlist, poll_source
from monitor.service import publish_due
from monitor.service.guard import Guard
from monitor.service.rounds import LONGEST_INTERVAL, tell

QUEUE = f"queue_{version('procrastinate').replace('.', '_')}"
"""The schema of the queue's tables: a worker with another version of the library has another queue, and the
leases keep the two apart."""
_POLLS, _CHORES = "polls", "chores"
_LEASE = timedelta(seconds=45)
_HELD = 35  # seconds after which a worker that could not renew its lease stops, well before others may begin
_HEARTBEAT, _STALLED = 5, 20  # seconds between a worker's signs of life; without one it is taken for dead
_PATIENCE = 8  # seconds that jobs under way are given when the worker is told to stop
_QUEUED = 2000  # hosts waiting in the queue at most; the others stay due
_AGAIN = 3  # seconds until a worker that lost its queue tries again

_log = logging.getLogger(__name__)
P = ParamSpec("P")


async def work(app: App, places: int) -> None:
    """Take jobs until SIGTERM or SIGINT, `places` hosts at a time; raises UsageError without PostgreSQL."""
    if not isinstance(app.database, str):
        raise UsageError("workers share a PostgreSQL database: set MONITOR_DATABASE=postgresql://…")
    archive.check(app.digests)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it tells of every job, the rounds are told here
    guard = Guard()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, guard.stopping.set)
    with Store(app.database, shared=True) as store:
        enlist(app, store, app.sources)
        connector = connect(app.database)
        queue = procrastinate.App(connector=connector)
        worker = Worker(app, store, app.web(store), queue, guard)
        worker.register()
        async with queue.open_async():
            await prepare(connector, queue)
            _log.info("worker for %d sources, %d hosts at a time", len(app.sources), places)
            await asyncio.gather(*(_serve(queue, *one, guard.stopping) for one in ((_POLLS, places), (_CHORES, 4))))
    _log.info("stopped")


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
                stalled_worker_timeout=_STALLED,
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


@dataclass
class Worker:
    """The jobs, and what they work with."""

    app: App
    store: Store
    web: Web
    queue: procrastinate.App
    guard: Guard
    hosts: dict[str, dict[str, Source]] = field(default_factory=dict)

    def register(self) -> None:
        """Tell the queue which jobs there are, and when those that come by themselves do."""
        for source in self.app.sources:
            self.hosts.setdefault(urls.site(source.url), {})[source.name] = source
        self.queue.task(name="poll_host", queue=_POLLS)(self._logged(self.poll_host))
        often = {self.dispatch: 5, self.reap: 10, self.publish: 15, self.alert: 30, self.keep: 59}
        for chore, seconds in often.items():
            name = chore.__name__
            task = self.queue.task(name=name, queue=_CHORES, queueing_lock=name)(self._logged(chore))
            self.queue.periodic(cron=f"* * * * * */{seconds}")(task)

    def _logged(self, job: Callable[P, Awaitable[None]]) -> Callable[P, Coroutine[None, None, None]]:
        """Return a job whose fault is a line in the log: to the queue it is done, to the store it is still due."""

        async def logged(*args: P.args, **kwargs: P.kwargs) -> None:
            await self.guard.run(job(*args, **kwargs), getattr(job, "__name__", "job"))

        return logged

    async def dispatch(self, timestamp: int) -> None:
        """Queue a job for each host with a source that is due, unless it has one."""
        del timestamp
        queued = await self._queued()
        by_name = {name: host for host, sources in self.hosts.items() for name in sources}
        due = self.store.sources.due(by_name, self.app.clock(), LONGEST_INTERVAL)
        hosts = [host for host in dict.fromkeys(by_name[name] for name in due) if host not in queued]
        await self._defer(hosts[: max(0, _QUEUED - len(queued))])

    async def _queued(self) -> set[str]:
        jobs = await self.queue.job_manager.list_jobs_async(queue=_POLLS)
        return {job.lock for job in jobs if job.lock and job.status in {Status.TODO.value, Status.DOING.value}}

    async def _defer(self, hosts: Iterable[str]) -> None:
        jobs = [
            Job(queue=_POLLS, lock=host, queueing_lock=None, task_name="poll_host", task_kwargs={"host": host})
            for host in hosts
        ]
        if jobs:
            await self.queue.job_manager.batch_defer_jobs_async(jobs)

    async def poll_host(self, host: str) -> None:
        """Visit the sources of one host that are due, one after the other."""
        async with self._leased(f"host:{host}") as store:
            if store is None:
                return
            sources = self.hosts.get(host, {})
            for name in store.sources.due(sources, self.app.clock(), LONGEST_INTERVAL):
                tell(await poll_source(self.app, store, self.web, sources[name], lambda *_: None))

    async def reap(self, timestamp: int) -> None:
        """Delete the jobs of workers that died: what they left undone is still due."""
        del timestamp
        manager = self.queue.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED):
            if job.id is not None:
                _log.warning("%s: its worker died", job.call_string)
                with suppress(ConnectorException):  # another worker was quicker
                    await manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)

    async def publish(self, timestamp: int) -> None:
        """Make the edition whose hour has come, or finish what was left undone."""
        del timestamp
        await self._one_of_us("edition", publish_due)

    async def alert(self, timestamp: int) -> None:
        """Tell the operator what went wrong."""
        del timestamp
        await self._one_of_us("alerts", alerting.send)

    async def keep(self, timestamp: int) -> None:
        """Look after the store."""
        del timestamp
        await self._one_of_us("store", keep_house)

    async def _one_of_us(self, name: str, chore: Callable[[App, Store], Awaitable[None]]) -> None:
        """Do a chore unless another worker is at it."""
        async with self._leased(name) as store:
            if store:
                await chore(self.app, store)

    @asynccontextmanager
    async def _leased(self, name: str) -> AsyncIterator[Store | None]:
        """Hold a lease while a block runs: returns the store, fenced by it, or None when another worker has it.

        A block whose lease could not be renewed in time is cancelled: LeaseLostError.
        """
        leases = Leases(self.store.database)
        lease = leases.claim(name, _LEASE)
        if lease is None:
            yield None
            return
        try:
            async with asyncio.timeout(_HELD) as limit:
                renewing = asyncio.create_task(_renew(leases, lease, limit))
                try:
                    yield self.store.fenced(lease)
                finally:
                    renewing.cancel()
        except TimeoutError as fault:
            raise LeaseLostError(f"{name}: this worker was away for too long; another one goes on") from fault
        finally:
            leases.release(lease)


async def _renew(leases: Leases, lease: Lease, limit: asyncio.Timeout) -> None:
    """Put the end of a lease and of the work under it off, until the lease is lost."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(_HELD / 3)
        try:
            leases.renew(lease, _LEASE)
        except LeaseLostError:
            limit.reschedule(loop.time())
            return
        except StoreError:
            continue  # the server is away: it may come back before the end
        limit.reschedule(loop.time() + _HELD)
