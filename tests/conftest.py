"""Real parts for the tests: a loopback site, a store on disk, the program itself as a process."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from monitor.app import DATABASE, App, build
from monitor.config import Settings
from monitor.delivery.pace import Pace
from monitor.edges.store import Store
from tests import bot_api, commands
from tests import postgres as postgresql
from tests.loopback import Loopback, serving

ROOT = Path(__file__).parent.parent
AT_ONCE = Pace(between=timedelta())
"""Posting without the pause between two calls: a test's clock stands still."""
Run = Callable[..., CompletedProcess[str]]


def pytest_xdist_auto_num_workers() -> int:
    """Run two workers a processor: tests also wait, for sockets and for processes."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture
def now() -> datetime:
    """A fixed time after most of what the tests publish."""
    return datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Loopback]:
    """A web server on loopback."""
    with serving() as opened:
        yield opened


@pytest.fixture
def telegram() -> Iterator[bot_api.BotApi]:
    """The far side of Telegram, on loopback."""
    with bot_api.serving() as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgresql.Server]:
    """A PostgreSQL server."""
    with postgresql.serving() as server:
        yield server


in_sqlite = pytest.mark.in_sqlite
"""For tests of files, and for slow ones whose promise has nothing to do with the database; it takes the reason."""
on_both = pytest.mark.usefixtures("database")
"""For tests whose store is opened by what they call: an app, a command, the service."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs a store on both databases; on SQLite alone what says why: `@in_sqlite("…")`."""
    alone = metafunc.definition.get_closest_marker("in_sqlite")
    assert not alone or alone.args, f"{metafunc.definition.nodeid}: in_sqlite takes the reason"
    kinds = ["sqlite"] if alone else ["sqlite", "postgresql"]
    for name in ("database", "lasting_database"):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, kinds, indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where the test's store is: what needs it runs on both databases."""
    if request.param == "sqlite":
        yield shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / DATABASE)
    else:
        server: postgresql.Server = request.getfixturevalue("postgres")
        with server.emptied_database() as address:
            yield address


@pytest.fixture
def another_database(database: Path | str, request: pytest.FixtureRequest) -> Iterator[Path | str]:
    """Where a second store may be, of the same kind as the first and empty."""
    if isinstance(database, Path):
        yield database.with_name(f"another-{DATABASE}")
    else:
        server: postgresql.Server = request.getfixturevalue("postgres")
        with server.database() as address:
            yield address


@pytest.fixture
def server_database(postgres: postgresql.Server) -> Iterator[str]:
    """A database of a test's own on the server, where its promise is about that one or about workers."""
    with postgres.database() as address:
        yield address


@pytest.fixture(scope="module")
def lasting_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | str]:
    """Where a store is that all tests of a module look into: what needs it runs on both databases."""
    if request.param == "sqlite":
        yield tmp_path_factory.mktemp("lasting") / DATABASE
    else:
        server: postgresql.Server = request.getfixturevalue("postgres")
        with server.database() as address:
            yield address


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables and none of their rows, to be copied: that costs less than making them."""
    path = tmp_path_factory.mktemp("migrated") / DATABASE
    with Store(path):
        return path


@pytest.fixture
def store(database: Path | str) -> Iterator[Store]:
    """A new store, on each of both databases."""
    with Store(database) as opened:
        yield opened


@pytest.fixture(autouse=True)
def file_is_asked_for(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a store in a file without having said that its promise is about one."""
    asks = request.fixturenames
    database = request.getfixturevalue("database") if "database" in asks else None
    may = isinstance(database, Path) or "postgres" in asks or request.node.get_closest_marker("in_sqlite")
    folder: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in asks else None
    yield
    made = [path.name for path in folder.rglob("*.sqlite3")] if folder and not may else []
    assert not made, f"{made}: ask for `store` or `database`, or mark the test `on_both` or `in_sqlite`"


def write_config(folder: Path, *sources: tuple[str, str], more: str = "") -> Path:
    """Write a sources.yaml of (name, address) without pauses; returns its path."""
    lines = ["fetch: {pause: 0s, timeout: 4s}", more, "sources:"]
    lines += [f'  - {{name: "{name}", url: "{url}"}}' for name, url in sources]
    path = folder / "sources.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def env(request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment of a process under test; it names the test's database, if the test asked for one."""
    if "database" not in request.fixturenames:
        return environment()
    return environment() | {"MONITOR_DATABASE": str(request.getfixturevalue("database"))}


@pytest.fixture
def app_for(tmp_path: Path, env: dict[str, str]) -> Callable[..., App]:
    """Build an App on a sources.yaml of (name, address), with a clock that the test sets, on the test's database."""

    def make(*sources: tuple[str, str], more: str = "", now: datetime | None = None, **settings: object) -> App:
        usual: dict[str, object] = {
            "monitor_allow_private_addresses": True,
            "monitor_database": env.get("MONITOR_DATABASE"),
        }
        path = write_config(tmp_path, *sources, more=more)
        built = build(path, settings=Settings(**(usual | settings)))
        return App(**{**vars(built), "clock": (lambda: now) if now else built.clock, "pace": AT_ONCE})

    return make


@pytest.fixture
def monitor(tmp_path: Path, env: dict[str, str]) -> Run:
    """Run the `monitor` command as a process of its own, in the test's folder and on its database."""
    usual = env

    def run(*words: str, env: dict[str, str] | None = None, timeout: float = 60) -> CompletedProcess[str]:
        return commands.run(words, tmp_path, usual | (env or {}), timeout)

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
