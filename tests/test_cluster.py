"""Workers on one PostgreSQL: due hosts get one job each, leases keep workers apart and writes out."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import procrastinate
import pytest

from monitor import cluster
from monitor.app import App
from monitor.cluster import Worker
from monitor.edges.store import Store
from monitor.edges.store.leases import Leases
from monitor.errors import BusyError, LeaseLostError, UsageError
from monitor.models import Link, Memory, Round, State
from monitor.poll import enlist
from monitor.service.guard import Guard
from tests.loopback import Loopback
from tests.newsroom import publish
from tests.postgres import Server

NAME = "Báo Mẫu"
MINUTE = timedelta(minutes=1)
NEVER = timedelta(0)


@pytest.fixture
def server_database(postgres: Server) -> Iterator[str]:
    """A database in which a cluster may work."""
    with postgres.database() as made:
        yield made


@pytest.fixture
def shared(server_database: str) -> Iterator[Store]:
    """A store as a worker opens it."""
    with Store(server_database, shared=True) as opened:
        yield opened


@asynccontextmanager
async def hired(app: App, store: Store) -> AsyncIterator[Worker]:
    """Return a worker with its queue, which takes no jobs by itself."""
    assert isinstance(app.database, str)
    connector = cluster.connect(app.database)
    queue = procrastinate.App(connector=connector)
    worker = Worker(app, store, app.web(store), queue, Guard())
    worker.register()
    enlist(app, store, app.sources)
    async with queue.open_async():
        await cluster.prepare(connector, queue)
        yield worker


def app_on(app: App, database: str) -> App:
    return replace(app, database=database)


async def test_a_due_host_has_one_job_however_often_it_is_looked_for(
    app_for: Callable[..., App], server_database: str, shared: Store
) -> None:
    app = app_on(
        app_for((NAME, "http://127.0.0.1:9/a"), ("Báo Hai", "http://127.0.0.1:9/b"), ("Ba", "http://127.0.0.2:9/")),
        server_database,
    )
    async with hired(app, shared) as worker:
        for _ in range(3):
            await worker.dispatch(0)
        jobs = await worker.queue.job_manager.list_jobs_async(queue="polls")
        assert sorted(str(job.task_kwargs["host"]) for job in jobs) == sorted(worker.hosts)
        assert len(worker.hosts) == 2


async def test_a_host_is_visited_by_one_worker_and_then_no_longer_due(
    app_for: Callable[..., App], server_database: str, shared: Store, site: Loopback, now: datetime
) -> None:
    addresses = publish(site, 3, now)
    app = app_on(app_for((NAME, site.url("/rss/home.rss"))), server_database)
    async with hired(app, shared) as worker:
        (host,) = worker.hosts
        held = Leases(shared.database).claim(f"host:{host}", MINUTE)
        assert held
        await worker.poll_host(host)
        assert shared.sources.newest_round() is None
        Leases(shared.database).release(held)
        await worker.poll_host(host)
        assert {one.article.url for one in shared.articles.untold(now - 9 * MINUTE, now)} == set(addresses)
        await worker.dispatch(0)
        assert not list(await worker.queue.job_manager.list_jobs_async(queue="polls"))


async def test_a_worker_whose_lease_was_taken_over_stores_nothing_more(
    app_for: Callable[..., App], server_database: str, shared: Store, site: Loopback, now: datetime
) -> None:
    publish(site, 3, now)
    app = app_on(app_for((NAME, site.url("/rss/home.rss"))), server_database)
    async with hired(app, shared) as worker:
        (host,) = worker.hosts

        def take_over(path: str) -> None:
            if path.startswith("/tin-"):
                with shared.database.write() as db:
                    db.execute("UPDATE lease SET holder = 'another', until = until + 99999")

        site.before = take_over
        with pytest.raises(LeaseLostError):
            await worker.poll_host(host)
    assert shared.articles.count() == {}
    assert shared.sources.newest_round() is None
    assert [lease.holder for lease in Leases(shared.database).held()] == ["another"]


def test_a_lease_is_one_workers_until_it_ends_or_is_given_back(shared: Store) -> None:
    leases = Leases(shared.database)
    first = leases.claim("edition", MINUTE)
    assert first
    assert leases.claim("edition", MINUTE) is None
    assert leases.claim("store", MINUTE)
    leases.release(first)
    second = leases.claim("edition", NEVER)
    assert second
    third = leases.claim("edition", MINUTE)
    assert third
    with pytest.raises(LeaseLostError):
        leases.renew(second, MINUTE)
    leases.release(second)
    leases.renew(third, MINUTE)


def test_of_what_is_written_under_a_lost_lease_nothing_stays(shared: Store, now: datetime) -> None:
    shared.sources.enrol([NAME], now)
    leases = Leases(shared.database)
    lost = leases.claim("host:a", NEVER)
    kept = leases.claim("host:a", MINUTE)
    assert lost
    assert kept
    link = [Link("https://bao.example/tin-1.html")]
    with pytest.raises(LeaseLostError):
        shared.fenced(lost).sources.remember(NAME, link, now)
    with pytest.raises(LeaseLostError), shared.fenced(lost).alone():
        raise AssertionError
    assert shared.fenced(kept).sources.remember(NAME, link, now) == 1
    shared.fenced(kept).sources.end_round(Round(NAME, State.SILENT), Memory(), now, now + MINUTE)
    assert shared.fenced(lost).sources.newest_round() == now


def test_many_workers_share_a_database_that_a_service_may_not_enter(server_database: str, shared: Store) -> None:
    with Store(server_database, shared=True):
        pass
    with pytest.raises(BusyError, match="another monitor"):
        Store(server_database)
    assert shared.articles.count() == {}


async def test_workers_need_postgresql(app_for: Callable[..., App]) -> None:
    with pytest.raises(UsageError, match="postgresql://"):
        await cluster.work(app_for((NAME, "http://127.0.0.1:9/")), 1)
