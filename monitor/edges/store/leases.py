"""Leases: of many workers one at a time does a piece of work, and one that was frozen changes nothing.

A lease has an end, so that a worker that died stands in nobody's way. Who comes back after its end
finds at the next write that the lease is another's, and the write is not kept. All times are the
server's: clocks of machines differ.
"""

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from monitor.edges.store.database import PROMPT, Database, Row, Transaction, Values, milliseconds
from monitor.errors import LeaseLostError

NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
"""The server's time in milliseconds since 1970, when a statement comes to it."""

LOCKS = 0x6469656D  # "diem": the first half of the numbers of the advisory locks
WRITING, MIGRATING, ALONE = 1, 2, 3  # the second half
HERE = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
"""Which of a server's locks are of this database: `pg_locks` shows them all."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works on a database at this moment ("host:process"), and how many hosts' jobs wait or are under way.

    `behind` is since when the source that waits longest is due.
    """

    workers: tuple[str, ...]
    waiting: int
    under_way: int
    behind: timedelta


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do what `name` says; `holder` is never given out twice."""

    name: str
    holder: str


class Leases:
    """Rows `lease`; of PostgreSQL only, in a file one process does everything."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def claim(self, name: str, length: timedelta) -> Lease | None:
        """Take a lease that is free or has ended; None when another worker has it. Never waits."""
        lease = Lease(name, f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:12]}")
        with self._db.write() as db:
            db.execute("INSERT INTO lease (name, holder, until) VALUES (?, '', 0) ON CONFLICT DO NOTHING", (name,))
            taken = db.execute(
                f"UPDATE lease SET holder = :holder, until = {NOW} + :length WHERE name ="  # noqa: S608 - a constant
                f" (SELECT name FROM lease WHERE name = :name AND until <= {NOW} FOR UPDATE SKIP LOCKED)",
                {"name": name, "holder": lease.holder, "length": milliseconds(length)},
            )
        return lease if taken.rowcount else None

    def renew(self, lease: Lease, length: timedelta) -> None:
        """Put a lease's end off; raises LeaseLostError when another worker has taken it."""
        with self._db.write() as db:
            kept = db.execute(
                f"UPDATE lease SET until = {NOW} + ? WHERE name = ? AND holder = ?",  # noqa: S608 - a constant
                (milliseconds(length), lease.name, lease.holder),
            )
            if not kept.rowcount:
                raise _lost(lease)

    def release(self, lease: Lease) -> None:
        """Give a lease back; one that was lost stays with whoever has it."""
        with self._db.write() as db:
            db.execute("DELETE FROM lease WHERE name = ? AND holder = ?", (lease.name, lease.holder))

    def held(self) -> list[Lease]:
        """Return the leases that have not ended."""
        rows = self._db.read(f"SELECT name, holder FROM lease WHERE until > {NOW} ORDER BY name")  # noqa: S608
        return [Lease(row["name"], row["holder"]) for row in rows]


def crew(database: Database, behind: timedelta) -> Crew:
    """Return who works on a PostgreSQL database; the queue is looked for by the name of its schema."""
    workers = database.read(
        "SELECT DISTINCT application_name AS name FROM pg_stat_activity JOIN pg_locks USING (pid)"  # noqa: S608 - a constant
        f" WHERE locktype = 'advisory' AND classid = :locks AND objid = :writing AND granted AND {HERE} ORDER BY name",
        {"locks": LOCKS, "writing": WRITING},
    )
    queues = database.read("SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'queue_%'")
    jobs = {"todo": 0, "doing": 0}
    for queue in queues:
        for row in database.read(
            "SELECT CAST(status AS text) AS status, count(*) AS number"  # noqa: S608 - a schema of our own
            f" FROM {queue['name']}.procrastinate_jobs WHERE queue_name = 'polls' GROUP BY status"
        ):
            jobs[row["status"]] = jobs.get(row["status"], 0) + row["number"]
    return Crew(tuple(row["name"].removeprefix("monitor ") for row in workers), jobs["todo"], jobs["doing"], behind)


class Fenced:
    """A database that is written only while a lease is held: each transaction looks first."""

    def __init__(self, database: Database, lease: Lease) -> None:
        self._db, self._lease = database, lease
        self.name, self.holding, self.close = database.name, database.holding, database.close

    @property
    def version(self) -> int:
        """The number of migrations the database has been through."""
        return self._db.version

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One transaction; raises LeaseLostError, and StoreError when it cannot be kept."""
        with self._db.write() as db:
            self._look(db)
            yield db

    @contextmanager
    def alone(self, seconds: int = PROMPT) -> Iterator[Transaction]:
        """One transaction that is alone; raises LeaseLostError, and StoreError when it cannot be kept."""
        with self._db.alone(seconds) as db:
            self._look(db)
            yield db

    def _look(self, db: Transaction) -> None:
        mine = "SELECT 1 AS mine FROM lease WHERE name = ? AND holder = ? FOR SHARE"
        if db.execute(mine, (self._lease.name, self._lease.holder)).fetchone() is None:
            raise _lost(self._lease)

    def each(self, sql: str, values: Values | None = None) -> Iterator[Row]:
        """Return the rows of one query as they are found; raises StoreError."""
        return self._db.each(sql, values)

    def read(self, sql: str, values: Values | None = None) -> list[Row]:
        """Return the rows of one query; raises StoreError."""
        return self._db.read(sql, values)

    def check(self) -> None:
        """Look whether the database is whole; raises StoreError."""
        self._db.check()


def _lost(lease: Lease) -> LeaseLostError:
    return LeaseLostError(f"{lease.name}: another worker has taken this over")
