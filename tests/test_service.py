"""The service: what is due is done, a kill loses nothing, a stop is quick, two do not run at once."""

import asyncio
import logging
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from monitor.app import App
from monitor.edges.store import Store
from monitor.models import Label
from monitor.service import Service
from monitor.service.guard import Guard
from tests import bot_api, commands
from tests.commands import ended
from tests.conftest import Run, environment, in_sqlite, on_both, write_config
from tests.loopback import Answer, Loopback
from tests.newsroom import publish

pytestmark = on_both
ARTICLES = 40


@contextmanager
def started(folder: Path, *words: str, env: dict[str, str] | None = None) -> Iterator[BaseProcess]:
    """Run the command in the background; it is killed at the end if it still runs."""
    log = folder / "log.txt"
    log.touch()
    with commands.started(words, folder, environment() | (env or {}), log, log) as process:
        yield process


def until(true: object, seconds: float = 90) -> None:
    """Wait until a condition (a function) holds; fail the test when it does not in time."""
    assert callable(true)
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def stored(database: Path | str) -> list[str]:
    """Return the addresses of all stored campaign articles."""
    with Store(database, read_only=True) as store:
        store.check()
        return [report.article.url for report in store.articles.export(None, None, [Label.CAMPAIGN])]


def test_killed_in_the_middle_of_a_poll_every_article_is_there_once_afterwards(
    site: Loopback, monitor: Run, tmp_path: Path, env: dict[str, str], database: Path | str
) -> None:
    urls = publish(site, ARTICLES, datetime.now(UTC))
    write_config(tmp_path, ("Báo Mẫu", site.url("/rss/home.rss")))
    dice = random.Random(1)
    for _ in range(3):
        seen = len(site.seen)
        with started(tmp_path, "poll", env=env) as process:
            until(lambda seen=seen: len(site.seen) > seen + dice.randint(1, ARTICLES // 3))
            process.kill()
            process.join()
    done = monitor("poll", "--json")
    assert done.returncode == 0, done.stderr
    assert sorted(stored(database)) == sorted(urls)


def test_the_service_polls_what_is_due_and_stops_within_seconds(
    site: Loopback, tmp_path: Path, env: dict[str, str], database: Path | str
) -> None:
    urls = publish(site, 3, datetime.now(UTC))
    write_config(tmp_path, ("Báo Mẫu", site.url("/rss/home.rss")))
    with started(tmp_path, "run", env=env) as process:
        until(lambda: len(site.seen) > 3)
        until(lambda: len(stored(database)) == len(urls))
        began = time.monotonic()
        process.terminate()
        assert ended(process) == 0
        assert time.monotonic() - began < 10
    log = (tmp_path / "log.txt").read_text()
    assert "watching 1 sources" in log
    assert "Báo Mẫu: on_topic, 3 new, 3 kept" in log
    assert "Traceback" not in log


def test_a_stop_does_not_wait_for_a_site_that_hangs(site: Loopback, tmp_path: Path, env: dict[str, str]) -> None:
    site.routes["/rss/home.rss"] = Answer(fault="hang")
    write_config(tmp_path, ("Báo Treo", site.url("/rss/home.rss")), more="")
    text = (tmp_path / "sources.yaml").read_text().replace("timeout: 2s", "timeout: 60s")
    (tmp_path / "sources.yaml").write_text(text)
    with started(tmp_path, "run", env=env) as process:
        until(lambda: site.seen)
        process.terminate()
        assert ended(process) == 0


def test_a_digest_missed_while_the_service_was_down_is_made_on_return_and_once(
    site: Loopback, tmp_path: Path, monitor: Run, env: dict[str, str], database: Path | str
) -> None:
    now = datetime.now(UTC)
    publish(site, 3, now - timedelta(hours=3))
    closed = (now - timedelta(minutes=2)).strftime("%H:%M")
    digest = f'digest: {{at: "{closed}", timezone: UTC}}'
    write_config(tmp_path, ("Báo Mẫu", site.url("/rss/home.rss")), more=digest)
    with Store(database) as store:
        store.sources.enrol(["Báo Mẫu"], now - timedelta(days=2))
    with bot_api.serving() as telegram:
        assert monitor("poll").returncode == 0
        for _ in range(2):
            with started(tmp_path, "run", env=env | telegram.environment()) as process:
                until(lambda: telegram.posts)
                time.sleep(1.5)
                process.terminate()
                ended(process)
        assert len(telegram.posts) == 1
    closed_on = (now - timedelta(minutes=2)).date()
    assert [path.name for path in sorted((tmp_path / "digests").rglob("*.md"))] == [f"{closed_on}.md"]
    log = (tmp_path / "log.txt").read_text()
    assert "3 stories" in log
    assert bot_api.TOKEN not in log


def test_a_second_process_on_the_same_store_says_so_and_ends_with_2(
    site: Loopback, monitor: Run, tmp_path: Path, env: dict[str, str]
) -> None:
    site.routes["/rss/home.rss"] = Answer(fault="hang")
    write_config(tmp_path, ("Báo Mẫu", site.url("/rss/home.rss")))
    with started(tmp_path, "run", env=env) as process:
        until(lambda: site.seen)
        for command in ("poll", "run"):
            second = monitor(command)
            assert second.returncode == 2
            assert f"another monitor (process {process.pid}" in second.stderr
            assert len(second.stderr.strip().splitlines()) == 1
        assert monitor("status").returncode == 0


async def test_an_edit_of_sources_yaml_counts_from_the_next_tick_and_a_broken_one_is_refused(
    site: Loopback, store: Store, app_for: Callable[..., App], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    publish(site, 1, datetime.now(UTC))
    site.routes["/rss/khac.rss"] = site.routes["/rss/home.rss"]
    app, guard = app_for(("Báo Mẫu", site.url("/rss/home.rss"))), Guard()
    running = asyncio.create_task(Service(app, store, guard, tick=timedelta(seconds=0.05)).work())
    await told(caplog, "Báo Mẫu: on_topic")
    app.path.write_text(app.path.read_text() + "  - {name: Báo Hỏng, ulr: x}\n")
    await told(caplog, "sources.yaml:5: sources[2].ulr: unknown key; did you mean 'url'?")
    assert "the configuration before it stays" in caplog.text
    first = store.alerts.waiting()
    assert first[0].text == (
        "Bản sửa sources.yaml có lỗi nên chưa được dùng, cấu hình trước vẫn giữ nguyên."
        " Lỗi: dòng 5, sources[2].ulr: không có khoá này, có phải “url”?; dòng 5, sources[2].url: thiếu khoá này."
    )
    store.alerts.said(first, app.clock())
    app.path.write_text(app.path.read_text().replace("ulr: x", "ulr: y, url: z"))
    await told(caplog, "sources[2].url: not a web address")
    app.path.write_text(app.path.read_text().replace(", url: z", ""))
    await told(caplog, "sources[2].ulr: unknown key", times=3)
    assert [(one.topic, one.text) for one in store.alerts.waiting()] == [(one.topic, one.text) for one in first]
    store.alerts.said(store.alerts.waiting(), app.clock())
    write_config(tmp_path, ("Báo Mẫu", site.url("/rss/home.rss")), ("Báo Khác", site.url("/rss/khac.rss")))
    await told(caplog, "Báo Khác: ")
    assert "watching 2 sources" in caplog.text
    mended = "sources.yaml đã đúng trở lại và được dùng: theo dõi 2 nguồn."
    assert [one.text for one in store.alerts.waiting()] == [mended]
    guard.stopping.set()
    await running


async def told(caplog: pytest.LogCaptureFixture, words: str, times: int = 1) -> None:
    """Wait until the log says something, so many times."""
    async with asyncio.timeout(60):
        while caplog.text.count(words) < times:  # noqa: ASYNC110 - the log has no event
            await asyncio.sleep(0.02)


@in_sqlite("the lock is a file")
def test_the_lock_of_a_dead_process_holds_nobody_up(site: Loopback, monitor: Run, tmp_path: Path) -> None:
    publish(site, 1, datetime.now(UTC))
    write_config(tmp_path, ("Báo Mẫu", site.url("/rss/home.rss")))
    (tmp_path / "diembao.sqlite3.lock").write_text(str(os.getpid()))
    assert monitor("poll").returncode == 0


def test_while_telegram_cannot_be_reached_the_service_polls_and_says_so_once(
    site: Loopback, tmp_path: Path, env: dict[str, str], database: Path | str
) -> None:
    urls = publish(site, 2, datetime.now(UTC))
    write_config(tmp_path, ("Báo Mẫu", site.url("/rss/home.rss")))
    dead = env | {"TELEGRAM_API_URL": "http://127.0.0.1:9/bot", "TELEGRAM_BOT_TOKEN": bot_api.TOKEN}
    with started(tmp_path, "run", env=dead) as process:
        until(lambda: "goes on trying" in (tmp_path / "log.txt").read_text())
        until(lambda: len(stored(database)) == len(urls))
        time.sleep(1.5)  # the next try
        process.terminate()
        assert ended(process) == 0
    log = (tmp_path / "log.txt").read_text()
    assert log.count("the bot hears nothing from Telegram") == 1
    assert "Traceback" not in log
