"""What a database of the store can do: the few calls that both of them, SQLite and PostgreSQL, answer alike.

Statements are written once, in what both understand, with `:name` or `?` for values; a list is one
value, read by `json_each(:name)`. dialect.py turns them into PostgreSQL's spelling.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

Values = Mapping[str, object]
PROMPT = 15  # seconds; an article among two hundred of one event reckons for some of them


def stamp(moment: datetime) -> int:
    """Return an aware time as milliseconds since 1970 in UTC."""
    return int(moment.timestamp() * 1000)


def moment(stamped: int) -> datetime:
    """Return milliseconds since 1970 as an aware UTC time."""
    return datetime.fromtimestamp(stamped / 1000, UTC)


def milliseconds(length: timedelta) -> int:
    """Return a length of time as it is stored."""
    return round(length.total_seconds() * 1000)


def stamp_or_none(time: datetime | None) -> int | None:
    """Return a moment as it is stored, NULL for none."""
    return None if time is None else stamp(time)


def moment_or_none(stamped: int | None) -> datetime | None:
    """Return a stored moment, None for NULL."""
    return None if stamped is None else moment(stamped)


@cache
def migrations() -> tuple[str, ...]:
    """Return the scripts that lead from an empty database to today's schema, in order."""
    folder = files("monitor.edges.store").joinpath("migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple(folder.joinpath(name).read_text(encoding="utf-8") for name in names)


class Row(Protocol):
    """A row of an answer: its values by column name."""

    def __getitem__(self, column: str, /) -> Any:  # noqa: ANN401 - whatever the column holds
        """Return the value of a column."""


class Answer(Protocol):
    """What a statement gave: how many rows it changed, and those it returns."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""

    def fetchall(self) -> Sequence[Row]:
        """Return the rows that are left."""

    def fetchone(self) -> Any:  # noqa: ANN401 - a Row, or None behind the last one
        """Return the next row, None behind the last one."""


class Transaction(Protocol):
    """Statements that are kept together or not at all."""

    def execute(self, sql: str, values: Values | Sequence[object] = (), /) -> Answer:
        """Run one statement."""

    def executemany(self, sql: str, rows: Iterable[Sequence[object]], /) -> object:
        """Run one statement for each row of values."""


class Database(Protocol):
    """An open database."""

    @property
    def name(self) -> str:
        """The file or the address, without a password."""

    @property
    def version(self) -> int:
        """The number of migrations it has been through."""

    def write(self) -> AbstractContextManager[Transaction]:
        """One transaction, or a part of the one under way; raises StoreError when it cannot be kept."""

    def alone(self, seconds: int = PROMPT) -> AbstractContextManager[Transaction]:
        """One transaction during which nobody else is in another one that is `alone`.

        Raises TakenError when another one is for longer than a moment. A server ends it when it hears nothing of it
        for so many `seconds`, its process being frozen: AwayError.
        """

    def each(self, sql: str, values: Values | None = None) -> Iterator[Row]:
        """Return the rows of one query as they are found; raises StoreError."""

    def read(self, sql: str, values: Values | None = None) -> list[Row]:
        """Return the rows of one query; raises StoreError."""

    def holding(self, phrases: Sequence[str]) -> tuple[str, dict[str, object]]:
        """Return the condition under which a row `article_text` holds all `phrases`, and its values.

        A phrase is one or more words, letters and figures without marks, that stand together.
        """

    def check(self) -> None:
        """Look whether the database is whole; raises DamagedError."""

    def close(self) -> None:
        """Let go of it."""
