"""The jobs of a worker: which hosts are due, one visit of a host, and the chores that one worker does for all."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ParamSpec

import procrastinate
import psycopg
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

from monitor import alerting, urls
from monitor.app import App
from monitor.bot import listening
from monitor.cluster.turns import Turns
from monitor.edges.store import Store
from monitor.edges.store.leases import Leases
from monitor.errors import AwayError
from monitor.housekeeping import keep_house
from monitor.models import Source
from monitor.poll import poll_source
from monitor.service import publish_due
from monitor.service.footing import Footing
from monitor.service.guard import Guard
from monitor.service.rounds import LONGEST_INTERVAL, tell
from monitor.service.watch import measure, watch

POLLS, CHORES = "polls", "chores"
"""The two queues: many visits never keep the chores waiting."""
STALLED = 20  # seconds without a sign of life after which a worker is taken for dead
_QUEUED = 2000  # hosts waiting in the queue at most; the others stay due

_log = logging.getLogger(__name__)
P = ParamSpec("P")


@dataclass
class Worker:
    """The jobs, and what they work with."""

    footing: Footing
    store: Store
    queue: procrastinate.App
    guard: Guard
    idle: dict[int, float] = field(default_factory=dict)
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    hosts: dict[str, dict[str, Source]] = field(init=False)
    turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        self.turns = Turns(self.store)
        self.hosts = _by_host(self.app.sources)

    @property
    def app(self) -> App:
        """The configuration of the moment."""
        return self.footing.app

    async def look(self) -> None:
        """See whether the database answers, and work by an edited sources.yaml from now on."""
        before = self.app
        if await self.footing.look():
            await self.guard.run(self._give_back(), "leases")
        if self.app is not before:
            self.hosts = _by_host(self.app.sources)

    async def measure(self) -> None:
        """Take in how the sources fare, whichever worker watches them."""
        await self.guard.run(measure(self.app, self.store, self.footing.metrics), "figures")

    async def _give_back(self) -> None:
        self.turns.give_back()

    def register(self) -> None:
        """Tell the queue which jobs there are, and when those that come by themselves do."""
        self.queue.task(name="poll_host", queue=POLLS)(self._logged(self.poll_host))
        often = {
            self.dispatch: 5,
            self.reap: 5,
            self.publish: 15,
            self.alert: 30,
            self.listen: 30,
            self.watch: 59,
            self.keep: 59,
        }
        for chore, seconds in often.items():
            name = chore.__name__
            task = self.queue.task(name=name, queue=CHORES, queueing_lock=name)(self._logged(chore))
            self.queue.periodic(cron=f"* * * * * */{seconds}")(task)

    def _logged(self, job: Callable[P, Awaitable[None]]) -> Callable[P, Coroutine[None, None, None]]:
        """Return a job whose fault is a line in the log: to the queue it is done, to the store it is still due."""

        async def logged(*args: P.args, **kwargs: P.kwargs) -> None:
            await self.guard.run(_answered(job(*args, **kwargs)), getattr(job, "__name__", "job"))

        return logged

    async def dispatch(self, timestamp: int) -> None:
        """Queue a job for each host with a source that is due, unless it has one.

        Of two that a host got from two workers at once, the second finds it visited, or nothing due.
        """
        del timestamp
        if not self.footing.holds:
            return
        queued = await self._queued()
        by_name = {name: host for host, sources in self.hosts.items() for name in sources}
        due = self.store.visits.due(by_name, self.app.clock(), LONGEST_INTERVAL)
        hosts = [host for host in dict.fromkeys(by_name[name] for name in due) if host not in queued]
        await self._defer(hosts[: max(0, _QUEUED - len(queued))])

    async def _queued(self) -> set[str]:
        jobs = await self.queue.job_manager.list_jobs_async(queue=POLLS)
        return {_host(job) for job in jobs if job.status in {Status.TODO.value, Status.DOING.value}}

    async def _defer(self, hosts: Iterable[str]) -> None:
        # without a lock of the queue's: it looks for one in all jobs, for each of them, whenever it hands one out
        jobs = [
            Job(queue=POLLS, lock=None, queueing_lock=None, task_name="poll_host", task_kwargs={"host": host})
            for host in hosts
        ]
        if jobs:
            await self.queue.job_manager.batch_defer_jobs_async(jobs)

    async def poll_host(self, host: str) -> None:
        """Visit the sources of one host that are due, one after the other."""
        async with self.turns.leased(f"host:{host}") as store:
            if store is None:
                return
            sources = self.hosts.get(host, {})
            for name in store.visits.due(sources, self.app.clock(), LONGEST_INTERVAL):
                done = await poll_source(self.app, store, self.footing.web, sources[name], lambda *_: None)
                self.footing.metrics.round_made(done)
                tell(done)

    async def reap(self, timestamp: int) -> None:
        """Delete the jobs at which nobody works, because their worker died: what they left undone is still due."""
        del timestamp
        manager = self.queue.job_manager
        stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED)
        for number, job in _numbered([*stalled, *await self._idle()]).items():
            with suppress(ConnectorException):  # another worker was quicker
                await manager.finish_job_by_id_async(number, Status.FAILED, delete_job=True)
                _log.warning("%s: its worker died", job.call_string)

    async def _idle(self) -> list[Job]:
        """Return the visits that have had no lease for some time: their end did not reach the queue."""
        doing = await self.queue.job_manager.list_jobs_async(queue=POLLS, status=Status.DOING.value)
        held = {lease.name for lease in Leases(self.store.database).held()}
        idle = _numbered(job for job in doing if f"host:{_host(job)}" not in held)
        now = asyncio.get_running_loop().time()
        self.idle = {number: self.idle.get(number, now) for number in idle}
        return [idle[number] for number, since in self.idle.items() if now - since > STALLED]

    async def publish(self, timestamp: int) -> None:
        """Make the edition whose hour has come, or finish what was left undone."""
        del timestamp
        await self._one_of_us("edition", publish_due)

    async def alert(self, timestamp: int) -> None:
        """Tell the operator what went wrong."""
        del timestamp
        await self._one_of_us("alerts", alerting.send)

    async def listen(self, timestamp: int) -> None:
        """Answer what people ask in Telegram: one worker, until it leaves the queue."""
        del timestamp
        async with self.turns.leased("bot") as store:
            if store:
                async with listening(lambda: self.app, store):
                    await self.leaving.wait()

    async def watch(self, timestamp: int) -> None:
        """Look whether every source fares as its past leads to expect."""
        del timestamp
        await self._one_of_us("watch", lambda app, store: watch(app, store, self.footing.metrics))

    async def keep(self, timestamp: int) -> None:
        """Look after the store."""
        del timestamp
        await self._one_of_us("store", keep_house)

    async def _one_of_us(self, name: str, chore: Callable[[App, Store], Awaitable[None]]) -> None:
        """Do a chore unless another worker is at it."""
        async with self.turns.leased(name) as store:
            if store:
                await chore(self.app, store)


def _by_host(sources: Iterable[Source]) -> dict[str, dict[str, Source]]:
    """Return the sources of each host by their names."""
    found: dict[str, dict[str, Source]] = {}
    for source in sources:
        found.setdefault(urls.site(source.url), {})[source.name] = source
    return found


def _host(job: Job) -> str:
    return str(job.task_kwargs["host"])


def _numbered(jobs: Iterable[Job]) -> dict[int, Job]:
    return {job.id: job for job in jobs if job.id is not None}


def why_away(fault: BaseException | None) -> str:
    """Return why the database does not answer, where that is what a fault of the queue comes from; else ""."""
    cause = fault.__cause__ if isinstance(fault, ConnectorException) else None
    return " ".join(str(cause).split()) if isinstance(cause, psycopg.OperationalError) else ""


async def _answered(work: Awaitable[None]) -> None:
    """Do a piece of work; raises AwayError also where it was the queue that got no answer."""
    try:
        await work
    except ConnectorException as fault:
        if why := why_away(fault):
            raise AwayError(why) from fault
        raise
