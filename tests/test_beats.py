"""Whether the service is at work can be asked without a port: of the sign of life it leaves in the store."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.app import App
from monitor.edges.store import Store
from monitor.edges.store.sqlite import Sqlite
from monitor.models import Beat
from monitor.models.beats import STUCK
from monitor.service import Service
from monitor.service.guard import Guard
from tests.commands import ended
from tests.conftest import Run, environment, in_sqlite, write_config
from tests.test_service import started, until

AppFor = Callable[..., App]
SOURCE = ("Báo Mẫu", "http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("ago", "held", "trouble"),
    [
        (0.0, "", ""),
        (STUCK, "", ""),
        (STUCK + 1, "", "no beat for 121 s"),
        (STUCK + 1, "the disk is full", "no beat for 121 s"),
        (1.0, "the disk is full", "the disk is full"),
        (-STUCK - 1, "", "its last beat lies in the future"),
    ],
)
def test_a_process_is_well_while_its_heart_beats_and_it_can_store(
    ago: float, held: str, trouble: str, now: datetime
) -> None:
    assert Beat("máy", now - timedelta(seconds=ago), held).trouble(now) == trouble


def test_the_last_sign_of_life_is_kept_for_each_host_until_it_is_stopped(store: Store, now: datetime) -> None:
    assert store.beats.last() is None
    with store.database.write() as db:
        db.execute("INSERT INTO beat VALUES ('máy khác', ?, '')", (int((now.timestamp() - 60) * 1000),))
    assert (store.beats.last() is None) is not isinstance(store.database, Sqlite), "a file has one process"
    for minutes, held in ((0, "the disk is full"), (1, "")):
        store.beats.beat(now + timedelta(minutes=minutes), held)
        found = store.beats.last()
        assert found
        assert (found.at, found.held) == (now + timedelta(minutes=minutes), held)
    assert store.beats.last() == store.beats.last(anywhere=True)
    store.beats.end()
    assert store.beats.last() is None
    store.beats.beat(now + timedelta(days=31))
    assert len(store.database.read("SELECT * FROM beat")) == 1, "hosts that are no more are forgotten"


async def test_a_running_service_leaves_signs_of_life_and_takes_them_back_when_it_stops(
    store: Store, app_for: AppFor
) -> None:
    guard = Guard()
    running = asyncio.create_task(Service(app_for(SOURCE), store, guard).work())
    async with asyncio.timeout(60):
        while not (beat := store.beats.last()):  # noqa: ASYNC110 - the store has no event
            await asyncio.sleep(0.02)
    assert beat.trouble(datetime.now(UTC)) == ""
    guard.stopping.set()
    await running
    assert store.beats.last() is None


def test_health_is_an_exit_code_and_a_line_whatever_stands_in_sources_yaml(
    store: Store, monitor: Run, tmp_path: Path
) -> None:
    write_config(tmp_path, SOURCE).write_text("sources: broken, and refused by the service that runs\n")
    never = monitor("health")
    assert (never.returncode, never.stderr) == (1, "monitor: no service is at work here\n")
    store.beats.beat(datetime.now(UTC))
    well = monitor("health")
    assert (well.returncode, well.stderr) == (0, "")
    assert re.search(r"was at work \d+ s ago", well.stdout)
    store.beats.beat(datetime.now(UTC) - timedelta(minutes=5))
    stuck = monitor("health")
    assert (stuck.returncode, stuck.stdout) == (1, "")
    assert stuck.stderr.startswith("monitor: no beat for 3")
    assert len(stuck.stderr.splitlines()) == 1
    store.beats.beat(datetime.now(UTC), "the disk is full")
    held = monitor("health", "--json")
    assert held.returncode == 1
    said = json.loads(held.stdout)
    assert (said["ok"], said["trouble"]) == (False, "the disk is full")
    assert datetime.fromisoformat(said["last_beat"]).utcoffset() == timedelta(0)


@in_sqlite("on a server the workers are told of instead")
def test_status_says_whether_the_service_is_at_work(store: Store, monitor: Run, tmp_path: Path) -> None:
    write_config(tmp_path, SOURCE)
    assert "Service: not running" in monitor("status").stdout
    store.beats.beat(datetime.now(UTC))
    assert "Service: at work on" in monitor("status").stdout
    store.beats.beat(datetime.now(UTC), "the disk is full")
    assert "Service: the disk is full." in monitor("status").stdout
    assert json.loads(monitor("status", "--json").stdout)["service"]["trouble"] == "the disk is full"


def test_without_a_store_nothing_is_at_work(monitor: Run, tmp_path: Path) -> None:
    write_config(tmp_path, SOURCE)
    done = monitor("health", "--json")
    assert done.returncode == 1
    assert "no database yet" in json.loads(done.stdout)["trouble"]


def test_a_process_that_is_stuck_ends_itself_and_says_where_it_stood() -> None:
    script = "from monitor.service.guard import Guard; import time; Guard(0.2).alive(); time.sleep(30)"
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(), capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 1
    assert "Timeout" in done.stderr
    assert 'File "<string>", line 1' in done.stderr


def test_a_process_whose_work_came_to_its_end_may_take_its_time() -> None:
    script = (
        "from monitor.service.guard import Guard; import time; g = Guard(0.2); g.alive(); g.rest(); time.sleep(0.6)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(), capture_output=True, text=True, timeout=20, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_worker_leaves_signs_of_life_until_it_is_stopped(server_database: str, tmp_path: Path, monitor: Run) -> None:
    write_config(tmp_path, SOURCE)
    there = {"MONITOR_DATABASE": server_database}
    with started(tmp_path, "worker", env=there) as process:
        until(lambda: monitor("health", env=there).returncode == 0)
        process.terminate()
        assert ended(process) == 0
    assert monitor("health", "--any", env=there).returncode == 1
