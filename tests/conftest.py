"""Real parts for the tests: a loopback site, a store on disk, the program itself as a process."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from monitor.app import App, build
from monitor.config import Settings
from monitor.delivery.pace import Pace
from monitor.edges.store import Store
from tests import commands
from tests import postgres as postgresql
from tests.loopback import Loopback, serving

ROOT = Path(__file__).parent.parent
AT_ONCE = Pace(between=timedelta())
"""Posting without the pause between two calls: a test's clock stands still."""
Run = Callable[..., CompletedProcess[str]]


def pytest_xdist_auto_num_workers() -> int:
    """Run half as many workers again as there are processors: tests also wait, for sockets and for processes."""
    return -(-3 * (os.cpu_count() or 1) // 2)


@pytest.fixture
def now() -> datetime:
    """A fixed time after most of what the tests publish."""
    return datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Loopback]:
    """A web server on loopback."""
    with serving() as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgresql.Server]:
    """A PostgreSQL server."""
    with postgresql.serving() as server:
        yield server


in_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For tests of files, and for slow ones whose promise has nothing to do with the database."""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where a new store is to be: what needs it runs on both databases."""
    if request.param == "sqlite":
        yield tmp_path / "diembao.sqlite3"
    else:
        server: postgresql.Server = request.getfixturevalue("postgres")
        with server.database() as made:
            yield made


@pytest.fixture
def store(database: Path | str) -> Iterator[Store]:
    """A new store, on each of both databases."""
    with Store(database) as opened:
        yield opened


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """A new store in a file, where the promise is about files."""
    with Store(tmp_path / "diembao.sqlite3") as opened:
        yield opened


def write_config(folder: Path, *sources: tuple[str, str], more: str = "") -> Path:
    """Write a sources.yaml of (name, address) without pauses; returns its path."""
    lines = ["fetch: {pause: 0s, timeout: 2s}", more, "sources:"]
    lines += [f'  - {{name: "{name}", url: "{url}"}}' for name, url in sources]
    path = folder / "sources.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def app_for(tmp_path: Path) -> Callable[..., App]:
    """Build an App on a sources.yaml of (name, address), with a clock that the test sets."""

    def make(*sources: tuple[str, str], more: str = "", now: datetime | None = None, **settings: object) -> App:
        usual: dict[str, object] = {
            "monitor_allow_private_addresses": True,
        }
        path = write_config(tmp_path, *sources, more=more)
        built = build(path, settings=Settings(**(usual | settings)))
        return App(**{**vars(built), "clock": (lambda: now) if now else built.clock, "pace": AT_ONCE})

    return make


@pytest.fixture
def monitor(tmp_path: Path) -> Run:
    """Run the `monitor` command as a process of its own, in the test's folder."""

    def run(*words: str, env: dict[str, str] | None = None, timeout: float = 60) -> CompletedProcess[str]:
        return commands.run(words, tmp_path, environment() | (env or {}), timeout)

    return run


def environment() -> dict[str, str]:
    """Return the environment of a process under test: nothing of the operator's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TELEGRAM_", "MONITOR_"))}
    return kept | {
        "MONITOR_ALLOW_PRIVATE_ADDRESSES": "1",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "160",
        "NO_COLOR": "1",
        "PYTHONWARNINGS": "default",
    }
