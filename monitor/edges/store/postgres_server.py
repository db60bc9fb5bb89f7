"""A PostgreSQL server: how it is reached, who writes there, and whether our tables are of today."""

import os
import socket
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import dict_row
from psycopg.types.numeric import IntDumper
from psycopg.types.string import StrDumper

from monitor.edges.store import dialect
from monitor.edges.store.database import migrations
from monitor.edges.store.leases import HERE, LOCKS, MIGRATING, WRITING
from monitor.errors import StoreError

Connection = psycopg.Connection[dict[str, Any]]

SCHEMA = "diembao"
# a frozen process must not hold what the others wait for; a name that does not answer is no server
_SETTINGS = "-c idle_in_transaction_session_timeout=30s -c lock_timeout=60s -c client_min_messages=warning"
# a server that vanished without a word is given up after half a minute; the operator's address may say otherwise
_PATIENCE = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
             "tcp_user_timeout": 30_000}  # fmt: skip


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


def connect(address: str) -> Connection:
    """Return a new connection to a `postgresql://` address, its name told to the others; raises psycopg.Error."""
    connection = psycopg.connect(
        patient(address),
        autocommit=True,
        application_name=f"monitor {socket.gethostname()}:{os.getpid()}",
        options=f"-c search_path={SCHEMA} {_SETTINGS}",
        cursor_factory=psycopg.ClientCursor,
        row_factory=dict_row,
    )
    connection.adapters.register_dumper(bool, _Flag)
    connection.adapters.register_dumper(str, _Text)
    return connection


def lock(connection: Connection, *, shared: bool) -> bool:
    """Take the right to write, alone or `shared` with others who say so; returns whether it was had."""
    how = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
    row = connection.execute(f"SELECT {how}(%s, %s) AS taken", (LOCKS, WRITING)).fetchone()
    return bool(row and row["taken"])


def was_cut(connection: Connection) -> bool:
    """Look, without asking the server, whether it has ended a connection since it was last used."""
    try:
        for _ in range(2):  # its last words, then the end
            connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return True
    return connection.closed


def schema_version(connection: Connection) -> int | None:
    """Return how many migrations a database has been through, None when there are no tables of ours."""
    found = connection.execute("SELECT to_regclass(%s) AS found", (f"{SCHEMA}.schema_version",)).fetchone()
    if not found or found["found"] is None:
        return None
    row = connection.execute("SELECT max(version) AS version FROM schema_version").fetchone()
    return int(row["version"]) if row else None


def migrate(connection: Connection) -> None:
    """Bring the tables up to date; of several workers that start at once one does it."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCKS, MIGRATING))
        version = schema_version(connection)
        if version is None:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            connection.execute("CREATE TABLE schema_version (version BIGINT NOT NULL)")
            connection.execute("INSERT INTO schema_version VALUES (0)")
        for migration in migrations()[version or 0 :]:
            for statement in dialect.script(migration):
                connection.execute(dialect.statement(statement))
        connection.execute("UPDATE schema_version SET version = %s", (len(migrations()),))


def holder(connection: Connection) -> str:
    """Say which process holds the lock, and where."""
    row = connection.execute(
        "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)"  # noqa: S608 - a constant
        f" WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND granted AND {HERE}"
        " AND pid != pg_backend_pid()",
        (LOCKS, WRITING),
    ).fetchone()
    where = row["application_name"].removeprefix("monitor ") if row else "unknown"
    return f"another monitor (process {where.rpartition(':')[2]} on {where.rpartition(':')[0] or 'some host'})"


def without_password(address: str) -> str:
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


def in_a_line(fault: psycopg.Error) -> str:
    """Return what the server or the library said."""
    return " ".join(str(fault).split()) or type(fault).__name__
