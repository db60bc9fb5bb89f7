"""A PostgreSQL database in the place of the SQLite file: the same tables, in a schema of their own.

Either one process writes, or any number of workers do (`shared`): an advisory lock that the server
lets go of with the connection keeps the two apart. A connection that was cut is made anew by the next
call; what was under way when it was cut raises AwayError.
"""

import os
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import dict_row
from psycopg.types.numeric import IntDumper
from psycopg.types.string import StrDumper

from monitor.edges.store import dialect
from monitor.edges.store.database import PROMPT, Row, Values, migrations
from monitor.edges.store.leases import ALONE, HERE, LOCKS, MIGRATING, WRITING
from monitor.errors import AwayError, BusyError, StoreError, TakenError

SCHEMA = "diembao"
# a frozen process must not hold what the others wait for; a name that does not answer is no server
_SETTINGS = "-c idle_in_transaction_session_timeout=30s -c lock_timeout=60s -c client_min_messages=warning"
# a server that vanished without a word is given up after half a minute; the operator's address may say otherwise
_PATIENCE = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
             "tcp_user_timeout": 30_000}  # fmt: skip
_MOMENT = "300ms"  # that a turn is waited for: while it is, the process does nothing else
_AWAY = ("08", "57P", "25006")  # SQLSTATE: no connection, shut down or starting, became a copy that is only read
_HELD = "55P03"  # SQLSTATE: what another transaction holds was not had within lock_timeout


def patient(address: str) -> str:
    """Return an address with how long a server is waited for; raises psycopg.ProgrammingError when it is none."""
    return make_conninfo(**(_PATIENCE | conninfo_to_dict(address)))  # type: ignore[arg-type] # its own answer


class _Flag(IntDumper):
    """True and False are 1 and 0, as in the tables."""

    def dump(self, obj: object) -> bytes:
        return b"1" if obj else b"0"


class _Text(StrDumper):
    """PostgreSQL's text has no NUL."""

    def dump(self, obj: str) -> Any:  # noqa: ANN401 - psycopg's Buffer | None
        return super().dump(obj.replace("\0", ""))


class Writer:
    """A transaction under way, for statements in the store's own spelling."""

    def __init__(self, connection: "psycopg.Connection[dict[str, Any]]") -> None:
        self._connection = connection

    def execute(self, sql: str, values: Values | Sequence[object] = (), /) -> "psycopg.Cursor[dict[str, Any]]":
        """Run one statement."""
        return self._connection.execute(dialect.statement(sql), values)

    def executemany(self, sql: str, rows: Iterable[Sequence[object]], /) -> None:
        """Run one statement for each row of values."""
        with self._connection.cursor() as cursor:
            cursor.executemany(dialect.statement(sql), rows)


class Postgres:
    """A connection to one database, and transactions on it."""

    def __init__(self, address: str, *, read_only: bool = False, shared: bool = False) -> None:
        """Open a `postgresql://` address; raises StoreError when it cannot be used, BusyError when it is taken."""
        self.address, self._read_only, self._shared = address, read_only, shared
        self._under_way: Writer | None = None
        self.name = _without_password(address)
        try:
            self.connection = self._connect()
        except psycopg.Error as fault:
            raise StoreError(f"{self.name}: cannot be used: {_line(fault)}") from fault

    def _connect(self) -> "psycopg.Connection[dict[str, Any]]":
        connection = psycopg.connect(
            patient(self.address),
            autocommit=True,
            application_name=f"monitor {socket.gethostname()}:{os.getpid()}",
            options=f"-c search_path={SCHEMA} {_SETTINGS}",
            cursor_factory=psycopg.ClientCursor,
            row_factory=dict_row,
        )
        try:
            connection.adapters.register_dumper(bool, _Flag)
            connection.adapters.register_dumper(str, _Text)
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: "psycopg.Connection[dict[str, Any]]") -> None:
        version = _version(connection)
        if version is not None and version > len(migrations()):
            raise StoreError(f"{self.name}: made by a newer version of this program; update it first")
        if self._read_only:
            if not version:
                raise StoreError(f"{self.name}: no database yet; `monitor poll` makes it")
            if version < len(migrations()):
                raise StoreError(f"{self.name}: made by an older version; `monitor poll` or `monitor run` converts it")
            connection.execute("SET idle_in_transaction_session_timeout = 0")  # nobody waits for who reads an export
            connection.read_only = True
            return
        if not self._lock(connection):
            raise BusyError(f"{self.name}: {_holder(connection)} is writing here; stop it first")
        _migrate(connection)

    def _lock(self, connection: "psycopg.Connection[dict[str, Any]]") -> bool:
        how = "pg_try_advisory_lock_shared" if self._shared else "pg_try_advisory_lock"
        row = connection.execute(f"SELECT {how}(%s, %s) AS taken", (LOCKS, WRITING)).fetchone()
        return bool(row and row["taken"])

    @property
    def version(self) -> int:
        """The number of migrations this database has been through."""
        return _version(self._live()) or 0

    def _live(self) -> "psycopg.Connection[dict[str, Any]]":
        """Return a connection that was whole a moment ago; within a transaction always the same."""
        if not self._under_way and _was_cut(self.connection):
            self.connection.close()
            try:
                self.connection = self._connect()
            except psycopg.OperationalError as fault:
                raise AwayError(f"{self.name}: {_line(fault)}") from fault
        return self.connection

    def _failed(self, what: str, fault: psycopg.Error) -> StoreError:
        """Return what a failed call raises; a connection that the server ended is let go of."""
        state = fault.sqlstate or ""
        if self.connection.closed or state.startswith(_AWAY):
            self.connection.close()
            return AwayError(f"{self.name}: {_line(fault)}")
        if state == _HELD:
            return TakenError(f"{self.name}: {what}: {_line(fault)}")
        return StoreError(f"{self.name}: {what}: {_line(fault)}")

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """One transaction, or a part of the one under way: all of it is kept, or nothing; raises StoreError."""
        if self._under_way:
            yield self._under_way
            return
        try:
            connection = self._live()
            with connection.transaction():
                self._under_way = Writer(connection)
                yield self._under_way
        except psycopg.Error as fault:
            raise self._failed("cannot be written", fault) from fault
        finally:
            self._under_way = None

    @contextmanager
    def alone(self, seconds: int = PROMPT) -> Iterator[Writer]:
        """One transaction during which no other process is in one that is `alone`; it ends after idle `seconds`."""
        with self.write() as db:
            db.execute(
                "SELECT set_config('idle_in_transaction_session_timeout', ?, true),"
                " set_config('lock_timeout', ?, true)",
                (f"{seconds}s", _MOMENT),
            )
            db.execute("SELECT pg_advisory_xact_lock(?, ?)", (LOCKS, ALONE))
            yield db

    def each(self, sql: str, values: Values | None = None) -> Iterator[Row]:
        """Return the rows of one query, fetched from the server in portions."""
        try:
            connection = self._live()
            with connection.transaction():
                connection.execute(dialect.statement(f"DECLARE found NO SCROLL CURSOR FOR {sql}"), values or {})
                while rows := connection.execute("FETCH 500 FROM found").fetchall():
                    yield from rows
                connection.execute("CLOSE found")
        except psycopg.Error as fault:
            raise self._failed("cannot be read", fault) from fault

    def read(self, sql: str, values: Values | None = None) -> list[Row]:
        """Return the rows of one query."""
        try:
            return [*self._live().execute(dialect.statement(sql), values or {}).fetchall()]
        except psycopg.Error as fault:
            raise self._failed("cannot be read", fault) from fault

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Fill an empty table with rows that bring their own numbers, within a transaction; raises StoreError."""
        with self.write(), self.connection.cursor() as cursor:
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            if "id" in columns:
                highest = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
                cursor.execute(highest)

    @staticmethod
    def holding(phrases: Sequence[str]) -> tuple[str, dict[str, object]]:
        """Return the condition under which an article's words hold all `phrases`, and its values."""
        both = "' ' || article_text.title || ' ' LIKE :{0} OR ' ' || article_text.text || ' ' LIKE :{0}"
        values: dict[str, object] = {"words": [word for phrase in phrases for word in phrase.split()]}
        conditions = [f"{dialect.WORDS} @> CAST(:words AS text[])"]
        for number, phrase in enumerate(phrases):
            if " " in phrase:
                conditions.append(f"({both.format(f'phrase{number}')})")
                values[f"phrase{number}"] = f"% {phrase} %"
        return " AND ".join(conditions), values

    def check(self) -> None:
        """Look whether the server answers: it looks after its files itself."""
        self.read("SELECT 1 AS answer")

    def close(self) -> None:
        """Close the connection, and let go of the lock with it."""
        self.connection.close()


def _was_cut(connection: "psycopg.Connection[dict[str, Any]]") -> bool:
    """Look, without asking the server, whether it has ended a connection since it was last used."""
    try:
        for _ in range(2):  # its last words, then the end
            connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return True
    return connection.closed


def _version(connection: "psycopg.Connection[dict[str, Any]]") -> int | None:
    """Return how many migrations a database has been through, None when there are no tables of ours."""
    found = connection.execute("SELECT to_regclass(%s) AS found", (f"{SCHEMA}.schema_version",)).fetchone()
    if not found or found["found"] is None:
        return None
    row = connection.execute("SELECT max(version) AS version FROM schema_version").fetchone()
    return int(row["version"]) if row else None


def _migrate(connection: "psycopg.Connection[dict[str, Any]]") -> None:
    """Bring the tables up to date; of several workers that start at once one does it."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCKS, MIGRATING))
        version = _version(connection)
        if version is None:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            connection.execute("CREATE TABLE schema_version (version BIGINT NOT NULL)")
            connection.execute("INSERT INTO schema_version VALUES (0)")
        for migration in migrations()[version or 0 :]:
            for statement in dialect.script(migration):
                connection.execute(dialect.statement(statement))
        connection.execute("UPDATE schema_version SET version = %s", (len(migrations()),))


def _holder(connection: "psycopg.Connection[dict[str, Any]]") -> str:
    """Say which process holds the lock, and where."""
    row = connection.execute(
        "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)"  # noqa: S608 - a constant
        f" WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND granted AND {HERE}"
        " AND pid != pg_backend_pid()",
        (LOCKS, WRITING),
    ).fetchone()
    where = row["application_name"].removeprefix("monitor ") if row else "unknown"
    return f"another monitor (process {where.rpartition(':')[2]} on {where.rpartition(':')[0] or 'some host'})"


def _without_password(address: str) -> str:
    """Return an address without name and password; raises StoreError for one that cannot be read, parts of it untold.

    A password with "@" or "/" in it is taken for a host or a database, which the library would name.
    """
    try:
        parts = conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        parts = {}
    host, name = str(parts.get("host", "")), str(parts.get("dbname", ""))
    if not parts or "@" in host + name:
        raise StoreError(
            "the address of the database cannot be read; in a password @ is written %40, / %2F, % %25, a space %20"
        )
    return f"postgresql://{host}/{name}"


def _line(fault: psycopg.Error) -> str:
    return " ".join(str(fault).split()) or type(fault).__name__
