"""APScheduler as a heartbeat: it wakes a few jobs, also when the clock on the wall is set.

It waits by that clock: set back two hours it would sleep for two hours, and set forward a year it
would count every beat missed since, for the better part of a minute. So a beat is asked for from
the present moment only, and a watch by the steady clock wakes all jobs when the two disagree.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

Job = Callable[[], Awaitable[None]]
When = Callable[[datetime], datetime]  # from the present moment to the next beat, both in UTC

_WATCH = timedelta(seconds=10)
_DISAGREE = timedelta(seconds=2)


class Beat(BaseTrigger):  # type: ignore[misc] # APScheduler has no types
    """Fires next when a function of the present moment says so; what was missed is not made up for."""

    def __init__(self, when: When) -> None:
        self._when = when

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Return the next beat after `now`."""
        return self._when(now)


def every(tick: timedelta) -> When:
    """Return a rhythm: `tick` after each beat."""
    return lambda now: now + tick


@asynccontextmanager
async def beating(jobs: Mapping[Job, When], watch: timedelta = _WATCH) -> AsyncIterator[None]:
    """Call each job at once and then at its times, never twice at a time, until the block ends.

    A job that raises is called again at its next time.
    """
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    for job, when in jobs.items():
        scheduler.add_job(job, Beat(when), next_run_time=datetime.now(UTC))
    scheduler.start()
    watching = asyncio.create_task(_watch_the_clock(scheduler, watch))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        scheduler.shutdown(wait=False)


async def _watch_the_clock(scheduler: AsyncIOScheduler, watch: timedelta) -> None:
    """Wake every job whenever the clock on the wall and the steady one went different ways."""
    loop = asyncio.get_running_loop()
    while True:
        wall, steady = datetime.now(UTC), loop.time()
        await asyncio.sleep(watch.total_seconds())
        passed = timedelta(seconds=loop.time() - steady)
        if abs(datetime.now(UTC) - wall - passed) > _DISAGREE:
            for job in scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))
