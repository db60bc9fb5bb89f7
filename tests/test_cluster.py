"""Workers on one PostgreSQL: due hosts get one job each, leases keep workers apart and writes out."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import procrastinate
import pytest

from monitor import cluster, urls
from monitor.app import App
from monitor.cluster import Worker
from monitor.cluster.jobs import STALLED
from monitor.edges import archive
from monitor.edges.fetch import Rules, Web
from monitor.edges.store import Store
from monitor.edges.store.leases import Leases, crew
from monitor.errors import AwayError, BusyError, LeaseLostError, UsageError
from monitor.models import Label, Link, Memory, Round, State
from monitor.poll import enlist
from monitor.service.footing import Footing
from monitor.service.guard import Guard
from tests import postgres as postgresql
from tests.conftest import write_config
from tests.loopback import Answer, Loopback
from tests.newsroom import publish
from tests.postgres import Server

NAME = "Báo Mẫu"
MINUTE = timedelta(minutes=1)
NEVER = timedelta(0)
PAUSE = 0.3  # seconds


@pytest.fixture
def shared(server_database: str) -> Iterator[Store]:
    """A store as a worker opens it."""
    with Store(server_database, shared=True) as opened:
        yield opened


@asynccontextmanager
async def hired(app: App, store: Store, port: int | None = None) -> AsyncIterator[Worker]:
    """Return a worker with its queue, which takes no jobs by itself."""
    assert isinstance(app.database, str)
    connector = cluster.connect(app.database)
    queue = procrastinate.App(connector=connector)
    archive.check(app.digests)
    guard = Guard()
    worker = Worker(Footing(app, store, guard, port), store, queue, guard)
    worker.register()
    enlist(app, store, app.sources)
    async with queue.open_async():
        await cluster.prepare(connector, queue)
        yield worker


def app_on(app: App, database: str) -> App:
    return replace(app, database=database)


def patient(app: App) -> App:
    """Return an app that waits for slow answers."""
    fetch = app.config.fetch.model_copy(update={"timeout": MINUTE})
    return replace(app, config=app.config.model_copy(update={"fetch": fetch}))


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
        told = crew(shared.database, NEVER)
        assert (len(told.workers), told.waiting, told.under_way) == (1, 2, 0)


async def test_a_job_is_had_at_once_also_from_a_queue_of_two_thousand(
    app_for: Callable[..., App], server_database: str, shared: Store
) -> None:
    """With a lock of the queue's in each job, one took a tenth of a second."""
    hosts = [(f"Báo {n}", f"http://127.0.{n // 200}.{n % 200 + 1}:9/") for n in range(2000)]
    async with hired(app_on(app_for(*hosts), server_database), shared) as worker:
        await worker.dispatch(0)
        manager = worker.queue.job_manager
        hand = await manager.register_worker()
        began = time.monotonic()
        taken = [await manager.fetch_job(["polls"], hand) for _ in range(20)]
        assert time.monotonic() - began < 1
        assert len({str(job.task_kwargs["host"]) for job in taken if job}) == 20


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
        shared.fenced(lost).links.remember(NAME, link, now)
    with pytest.raises(LeaseLostError), shared.fenced(lost).alone():
        raise AssertionError
    assert shared.fenced(kept).links.remember(NAME, link, now) == 1
    shared.fenced(kept).sources.end_round(Round(NAME, State.SILENT), Memory(), now, now + MINUTE)
    assert shared.fenced(lost).sources.newest_round() == now


async def test_a_worker_frozen_while_it_is_alone_holds_the_others_for_seconds_only(
    server_database: str, now: datetime
) -> None:
    with Store(server_database, shared=True) as frozen, Store(server_database, shared=True) as other:

        async def freeze() -> None:
            with frozen.alone(1) as db:
                await other.in_turn(lambda: other.sources.enrol([NAME], now))
                db.execute("UPDATE source SET failures = 9")

        began = time.monotonic()
        with pytest.raises(AwayError):
            await freeze()
        assert time.monotonic() - began < 5
        assert other.sources.memory(NAME).failures == 0
        with frozen.alone():
            frozen.sources.enrol(["Báo Hai"], now)


async def test_who_waits_for_its_turn_goes_on_with_everything_else(server_database: str, now: datetime) -> None:
    with Store(server_database, shared=True) as first, Store(server_database, shared=True) as second:
        with first.alone():
            waiting = asyncio.create_task(second.in_turn(lambda: second.sources.enrol([NAME], now)))
            began, steps = time.monotonic(), 0
            while time.monotonic() - began < 1.5:
                await asyncio.sleep(0.01)
                steps += 1
            assert not waiting.done()
            assert steps > 40
        await waiting
        assert second.sources.memory(NAME).first_seen == now


def test_many_workers_share_a_database_that_a_service_may_not_enter(server_database: str, shared: Store) -> None:
    with Store(server_database, shared=True):
        pass
    with pytest.raises(BusyError, match="another monitor"):
        Store(server_database)
    assert shared.articles.count() == {}


async def test_workers_need_postgresql(app_for: Callable[..., App]) -> None:
    with pytest.raises(UsageError, match="postgresql://"):
        await cluster.work(app_for((NAME, "http://127.0.0.1:9/")), 1)


async def test_a_visit_whose_end_did_not_reach_the_queue_is_made_again(
    app_for: Callable[..., App], server_database: str, shared: Store
) -> None:
    app = app_on(app_for((NAME, "http://127.0.0.1:9/a")), server_database)
    async with hired(app, shared) as worker:
        jobs = worker.queue.job_manager
        await worker.dispatch(0)
        taken = await jobs.fetch_job(queues=["polls"], worker_id=await jobs.register_worker())
        assert taken
        assert taken.id
        for _ in range(2):
            await worker.reap(0)
            await worker.dispatch(0)
            assert [job.id for job in await jobs.list_jobs_async(queue="polls")] == [taken.id]
        worker.idle[taken.id] -= 2 * STALLED
        await worker.reap(0)
        await worker.dispatch(0)
        (again,) = await jobs.list_jobs_async(queue="polls")
        assert again.id != taken.id


async def test_an_edit_of_sources_yaml_counts_in_a_running_worker(
    app_for: Callable[..., App], server_database: str, shared: Store, site: Loopback, now: datetime, tmp_path: Path
) -> None:
    publish(site, 1, now)
    app = app_on(app_for((NAME, site.url("/rss/home.rss")), ("Báo Bỏ", "http://127.0.0.9:9/")), server_database)
    async with hired(app, shared) as worker:
        (host, left) = worker.hosts
        await worker.poll_host(host)
        write_config(tmp_path, ("Báo Mới", "http://127.0.0.8:9/"))
        renamed = f'  - {{name: Báo Tên Mới, url: "{site.url("/rss/home.rss")}", aliases: [{NAME}]}}\n'
        app.path.write_text(app.path.read_text() + renamed)
        await worker.look()
        await worker.dispatch(0)
        jobs = await worker.queue.job_manager.list_jobs_async(queue="polls")
        assert {job.task_kwargs["host"] for job in jobs} == {"127.0.0.8:9", host} == {*worker.hosts}
        assert left not in worker.hosts
        assert [one.source for one in shared.standing.health(now) if one.articles] == ["Báo Tên Mới"]


async def test_a_broken_edit_is_refused_by_every_worker_and_told_once(
    app_for: Callable[..., App], server_database: str, shared: Store, caplog: pytest.LogCaptureFixture
) -> None:
    app = app_on(app_for((NAME, "http://127.0.0.9:9/")), server_database)
    async with hired(app, shared) as one:
        with Store(server_database, shared=True) as another:
            second = Worker(Footing(app, another, Guard()), another, one.queue, Guard())
            app.path.write_text(app.path.read_text() + "  - {name: Báo Hỏng, ulr: x}\n")
            for worker in (one, second, one, second):
                await worker.look()
                assert list(worker.hosts) == ["127.0.0.9:9"]
    assert caplog.text.count("the configuration before it stays") == 2
    (alert,) = shared.alerts.waiting()
    assert "dòng 5, sources[2].ulr" in alert.text


async def test_a_worker_tells_its_figures_and_whether_it_is_well(
    app_for: Callable[..., App], server_database: str, shared: Store, site: Loopback, now: datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.INFO)
    publish(site, 3, now)
    app = app_on(app_for((NAME, site.url("/rss/home.rss"))), server_database)
    async with hired(app, shared, port=0) as worker:
        with worker.footing.open():
            await worker.look()
            await worker.poll_host(next(iter(worker.hosts)))
            await worker.measure()
            address = caplog.text.split("figures at ")[1].split("/metrics")[0]
            async with httpx.AsyncClient(base_url=address) as client:
                told = (await client.get("/metrics")).text
                assert 'diembao_rounds_total{state="on_topic"} 1.0' in told
                assert 'diembao_sources{condition="well"} 1.0' in told
                assert (await client.get("/health")).json() == {"ok": True, "trouble": ""}
                worker.guard.lost("no answer")
                worker.footing.metrics.beat(held=worker.guard.away)
                assert (await client.get("/health")).json() == {"ok": False, "trouble": "no answer"}


async def test_visits_of_several_workers_to_one_machine_keep_the_pause_between_them(
    server_database: str, shared: Store, site: Loopback
) -> None:
    site.routes["/"] = Answer("a page")
    asked = list[float]()
    site.before = lambda _path: asked.append(time.monotonic())
    rules = Rules(unasked=frozenset({urls.site(site.url("/"))}))

    async def visit(store: Store) -> None:
        async with Web(
            pause=PAUSE, timeout=9, largest=99, allow_private=True, rules=rules, machines=store.machines
        ) as web:
            await asyncio.gather(web.get(site.url("/")), web.get(site.url("/")))

    with Store(server_database, shared=True) as another:
        began = time.monotonic()
        await asyncio.gather(visit(shared), visit(another))
    assert len(asked) == 4
    assert asked[-1] - began >= 3 * PAUSE


async def test_a_worker_goes_on_with_the_server_that_takes_over_and_finds_there_what_was_stored(
    app_for: Callable[..., App], site: Loopback, now: datetime
) -> None:
    addresses = publish(site, 3, now)
    with postgresql.serving() as server:
        server.stand_by()
        with server.database() as address, Store(address, shared=True) as store:
            app = app_on(app_for((NAME, site.url("/rss/home.rss"))), address)
            async with hired(app, store) as worker:
                (host,) = worker.hosts
                await worker.poll_host(host)
                server.fail_over()
                kept = store.articles.export(None, None, [Label.CAMPAIGN])
                assert {report.article.url for report in kept} == set(addresses)
                store.visits.put_off({NAME: now})
                await worker.dispatch(0)
                (job,) = await worker.queue.job_manager.list_jobs_async(queue="polls")
                await worker.poll_host(str(job.task_kwargs["host"]))
                assert len(store.database.read("SELECT id FROM round")) == 2


def test_each_machine_has_its_own_free_instants(shared: Store, now: datetime) -> None:
    waits = [shared.machines.reserve("192.0.2.1:443", 60) for _ in range(3)]
    assert waits == [pytest.approx(number * 60, abs=5) for number in range(3)]
    assert shared.machines.reserve("192.0.2.2:443", 60) == pytest.approx(0, abs=1)
    shared.machines.forget(now + timedelta(days=9999))
    assert shared.machines.reserve("192.0.2.1:443", 60) == pytest.approx(0, abs=1)


async def test_a_server_that_is_started_anew_in_the_middle_of_a_visit_costs_nothing_but_the_time(
    app_for: Callable[..., App],
    postgres: Server,
    server_database: str,
    site: Loopback,
    now: datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    addresses = publish(site, 3, now)
    app = patient(app_on(app_for((NAME, site.url("/rss/home.rss"))), server_database))
    stopped = threading.Event()

    def stop_once(path: str) -> None:
        if path.startswith("/tin-") and not stopped.is_set():
            stopped.set()
            postgres.stop()

    site.before = stop_once
    working = asyncio.create_task(cluster.work(app, 4))
    async with asyncio.timeout(240):  # usually 16 s; a job cut off at a bad moment waits for a later dispatch
        while "the database is away" not in caplog.text:  # noqa: ASYNC110 - the log has no event
            await asyncio.sleep(0.05)
        postgres.start()
        while not all(said in caplog.text for said in ("3 kept", "answers again")):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    os.kill(os.getpid(), signal.SIGTERM)
    await working
    with Store(server_database, read_only=True) as store:
        kept = [report.article.url for report in store.articles.export(None, None, [Label.CAMPAIGN])]
        assert sorted(kept) == sorted(addresses)
        assert Leases(store.database).held() == []
    assert caplog.text.count("the database is away, work waits for it") == 1
    assert caplog.text.count("the database answers again") == 1
    assert "Traceback" not in caplog.text
