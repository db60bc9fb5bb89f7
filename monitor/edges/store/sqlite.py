"""One SQLite file: opened with care, one writer, numbered migrations.

WAL with `synchronous=FULL` keeps what was told also through a power cut. Exactly one connection
writes (SQLite before 3.51.3 can lose commits with two in WAL mode), held by a lock on a file
beside the database; readers open it read-only.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from monitor.edges.store import sqlite_file
from monitor.edges.store.database import PROMPT, Row, Values, migrations
from monitor.errors import StoreError

APPLICATION = 0x6469656D  # "diem" in the file's header
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA journal_size_limit = 67108864",
)

sqlite3.register_adapter(list, json.dumps)  # a list is one value of a statement, read there by json_each


class Sqlite:
    """A connection to one file, and transactions on it."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open `path`; raises StoreError when it is absent (reading), locked, unwritable or newer."""
        self.path, self.name = path, str(path)
        self._closing = ExitStack()
        try:
            self._open(path, read_only=read_only)
        except (sqlite3.Error, OSError, ValueError) as fault:
            self.close()
            raise sqlite_file.failed(path, "the database cannot be used", fault) from fault
        except StoreError:
            self.close()
            raise

    def _open(self, path: Path, *, read_only: bool) -> None:
        if read_only and not path.exists():
            raise StoreError(f"{path}: no database yet; `monitor poll` makes it")
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._closing.callback(os.close, sqlite_file.take_lock(path))
        address = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
        self.connection = sqlite3.connect(address, uri=True, isolation_level=None)
        self._closing.callback(self.connection.close)
        self.connection.row_factory = sqlite3.Row
        self._prepare(read_only=read_only)

    def _prepare(self, *, read_only: bool) -> None:
        self._refuse_others()
        if read_only:
            self._refuse_older()
            self.connection.execute("PRAGMA query_only = ON")
            return
        for pragma in _PRAGMAS:
            self.connection.execute(pragma)
        if 0 < self.version < len(migrations()):
            before = self.path.with_name(f"{self.path.name}.schema-{self.version}")
            sqlite_file.copy(self.path, self.connection, before)
        for number in range(self.version, len(migrations())):
            script = migrations()[number]
            self.connection.executescript(
                f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number + 1};"
                f"PRAGMA application_id = {APPLICATION}; COMMIT"
            )

    @property
    def version(self) -> int:
        """The number of migrations this file has been through."""
        return int(self.connection.execute("PRAGMA user_version").fetchone()[0])

    def _refuse_others(self) -> None:
        """Raise StoreError for a newer schema, and for a database that another program made."""
        if self.version > len(migrations()):
            raise StoreError(f"{self.path}: made by a newer version of this program; update it first")
        ours = self.connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION
        tables = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and not ours:
            raise StoreError(f"{self.path}: a database of another program; name another file in MONITOR_DATABASE")

    def _refuse_older(self) -> None:
        """Raise StoreError for an older schema, which only a writer brings up to date."""
        if 0 < self.version < len(migrations()):
            raise StoreError(
                f"{self.path}: made by an older version; `monitor poll` or `monitor run` converts it first"
            )

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction, or a part of the one under way: all of it is kept, or nothing; raises StoreError."""
        part_of_another = self.connection.in_transaction
        if part_of_another:
            yield self.connection
            return
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as fault:
            raise sqlite_file.failed(self.path, "cannot be written", fault) from fault

    def alone(self, seconds: int = PROMPT) -> AbstractContextManager[sqlite3.Connection]:
        """One transaction; one process writes, in one thread: each is alone, and nobody waits for its `seconds`."""
        del seconds
        return self.write()

    def each(self, sql: str, values: Values | None = None) -> Iterator[Row]:
        """Return the rows of one query as they are found."""
        try:
            yield from self.connection.execute(sql, values or {})
        except sqlite3.Error as fault:
            raise sqlite_file.failed(self.path, "cannot be read", fault) from fault

    def read(self, sql: str, values: Values | None = None) -> list[Row]:
        """Return the rows of one query."""
        return list(self.each(sql, values))

    @staticmethod
    def holding(phrases: Sequence[str]) -> tuple[str, dict[str, object]]:
        """Return the condition under which an article's words hold all `phrases`, and its values."""
        return "article_text MATCH :query", {"query": " ".join(f'"{phrase}"' for phrase in phrases)}

    def check(self) -> None:
        """Look through the whole file, a second for each gigabyte or two; raises DamagedError."""
        sqlite_file.check(self.path, self.connection, quick=True)

    def close(self) -> None:
        """Close the file and let go of the lock."""
        self._closing.close()
