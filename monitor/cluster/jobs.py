"""The jobs of a worker: which hosts are due, one visit of a host, and the chores that one worker does for all."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ParamSpec

import procrastinate
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

from monitor import alerting, urls
from monitor.app import App
from monitor.bot import listening
from monitor.cluster.turns import leased
from monitor.edges.fetch import Web
from monitor.edges.metrics import Metrics
from monitor.edges.store import Store
from monitor.housekeeping import keep_house
from monitor.models import Source
from monitor.poll import poll_source
from monitor.service import publish_due
from monitor.service.guard import Guard
from monitor.service.rounds import LONGEST_INTERVAL, tell
from monitor.service.watch import watch

POLLS, CHORES = "polls", "chores"
"""The two queues: many visits never keep the chores waiting."""
STALLED = 20  # seconds without a sign of life after which a worker is taken for dead
_QUEUED = 2000  # hosts waiting in the queue at most; the others stay due

_log = logging.getLogger(__name__)
P = ParamSpec("P")


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
        self.queue.task(name="poll_host", queue=POLLS)(self._logged(self.poll_host))
        often = {
            self.dispatch: 5,
            self.reap: 10,
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
        jobs = await self.queue.job_manager.list_jobs_async(queue=POLLS)
        return {job.lock for job in jobs if job.lock and job.status in {Status.TODO.value, Status.DOING.value}}

    async def _defer(self, hosts: Iterable[str]) -> None:
        jobs = [
            Job(queue=POLLS, lock=host, queueing_lock=None, task_name="poll_host", task_kwargs={"host": host})
            for host in hosts
        ]
        if jobs:
            await self.queue.job_manager.batch_defer_jobs_async(jobs)

    async def poll_host(self, host: str) -> None:
        """Visit the sources of one host that are due, one after the other."""
        async with leased(self.store, f"host:{host}") as store:
            if store is None:
                return
            sources = self.hosts.get(host, {})
            for name in store.sources.due(sources, self.app.clock(), LONGEST_INTERVAL):
                tell(await poll_source(self.app, store, self.web, sources[name], lambda *_: None))

    async def reap(self, timestamp: int) -> None:
        """Delete the jobs of workers that died: what they left undone is still due."""
        del timestamp
        manager = self.queue.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
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

    async def listen(self, timestamp: int) -> None:
        """Answer what people ask in Telegram: one worker, until it stops."""
        del timestamp
        async with leased(self.store, "bot") as store:
            if store:
                async with listening(lambda: self.app, store):
                    await self.guard.stopping.wait()

    async def watch(self, timestamp: int) -> None:
        """Look whether every source fares as its past leads to expect."""
        del timestamp
        await self._one_of_us("watch", lambda app, store: watch(app, store, Metrics()))

    async def keep(self, timestamp: int) -> None:
        """Look after the store."""
        del timestamp
        await self._one_of_us("store", keep_house)

    async def _one_of_us(self, name: str, chore: Callable[[App, Store], Awaitable[None]]) -> None:
        """Do a chore unless another worker is at it."""
        async with leased(self.store, name) as store:
            if store:
                await chore(self.app, store)
