"""A PostgreSQL database in the place of the SQLite file: the same tables, in a schema of their own.

Either one process writes, or any number of workers do (`shared`): an advisory lock that the server
lets go of with the connection keeps the two apart. A connection that was cut is made anew by the next
call; what was under way when it was cut raises AwayError.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from monitor.edges.store import dialect
from monitor.edges.store import postgres_server as server
from monitor.edges.store.database import PROMPT, Row, Values, migrations
from monitor.edges.store.leases import ALONE, LOCKS
from monitor.edges.store.postgres_server import Connection
from monitor.errors import AwayError, BusyError, StoreError, TakenError

_MOMENT = "300ms"  # that a turn is waited for: while it is, the process does nothing else
_AWAY = ("08", "57P", "25006")  # SQLSTATE: no connection, shut down or starting, became a copy that is only read
_HELD = "55P03"  # SQLSTATE: what another transaction holds was not had within lock_timeout


class Writer:
    """A transaction under way, for statements in the store's own spelling."""

    def __init__(self, connection: Connection) -> None:
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
        self.name = server.without_password(address)
        try:
            self.connection = self._connect()
        except psycopg.Error as fault:
            raise StoreError(f"{self.name}: cannot be used: {server.in_a_line(fault)}") from fault

    def _connect(self) -> Connection:
        connection = server.connect(self.address)
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: Connection) -> None:
        version = server.schema_version(connection)
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
        if not server.lock(connection, shared=self._shared):
            raise BusyError(f"{self.name}: {server.holder(connection)} is writing here; stop it first")
        server.migrate(connection)

    @property
    def version(self) -> int:
        """The number of migrations this database has been through."""
        return server.schema_version(self._live()) or 0

    def _live(self) -> Connection:
        """Return a connection that was whole a moment ago; within a transaction always the same."""
        if not self._under_way and server.was_cut(self.connection):
            self.connection.close()
            try:
                self.connection = self._connect()
            except psycopg.OperationalError as fault:
                raise AwayError(f"{self.name}: {server.in_a_line(fault)}") from fault
        return self.connection

    def _failed(self, what: str, fault: psycopg.Error) -> StoreError:
        """Return what a failed call raises; a connection that the server ended is let go of."""
        state = fault.sqlstate or ""
        if self.connection.closed or state.startswith(_AWAY):
            self.connection.close()
            return AwayError(f"{self.name}: {server.in_a_line(fault)}")
        if state == _HELD:
            return TakenError(f"{self.name}: {what}: {server.in_a_line(fault)}")
        return StoreError(f"{self.name}: {what}: {server.in_a_line(fault)}")

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
