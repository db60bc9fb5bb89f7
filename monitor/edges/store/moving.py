"""A store goes from one database to another: every row, counted and summed up on both sides."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from monitor.edges.store.database import Database
from monitor.edges.store.postgres import Postgres
from monitor.edges.store.sqlite import Sqlite
from monitor.errors import StoreError
from monitor.models import Progress


def tables(source: Sqlite) -> list[str]:
    """Return the tables of a store, each after those its rows name."""
    found = [
        row["name"]
        for row in source.read(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE 'article_text_%'"
        )
    ]
    names = {name: {r["table"] for r in source.read(f"PRAGMA foreign_key_list({name})")} - {name} for name in found}
    ordered: list[str] = []
    while len(ordered) < len(found):
        ordered += sorted(name for name in found if name not in ordered and names[name] <= set(ordered))
    return ordered


def move_store(file: Path, address: str, progress: Progress) -> dict[str, int]:
    """Copy the store in a file to the PostgreSQL database at an address; see `move`."""
    with closing(Sqlite(file)) as source, closing(Postgres(address)) as target:
        return move(source, target, progress)


def move(source: Sqlite, target: Postgres, progress: Progress) -> dict[str, int]:
    """Copy all rows into a store that holds none, in one transaction; returns how many, by table.

    Raises StoreError when the target holds something, or a table is not the same afterwards.
    """
    order = tables(source)
    held = [name for name in order if target.read(f"SELECT 1 AS one FROM {name} LIMIT 1")]  # noqa: S608 - our names
    if held:
        raise StoreError(f"{target.name}: holds something already ({', '.join(held)}); name an empty database")
    with target.write() as db:
        db.execute("SET CONSTRAINTS ALL DEFERRED")  # an article may name one that comes after it
        return {name: _copy(source, target, name, progress) for name in order}


def _copy(source: Sqlite, target: Postgres, table: str, progress: Progress) -> int:
    """Copy one table and hold both against each other; returns its number of rows."""
    columns = _columns(source, table)
    progress(table, "copying")
    target.load(table, columns, rows(source, table, columns))
    progress(table, "checking")
    before, after = (checksum(rows(database, table, columns)) for database in (source, target))
    if before != after:
        raise StoreError(f"{target.name}: {table} is not what it was; nothing was kept")
    progress(table, "done")
    return before[0]


def rows(database: Database, table: str, columns: Sequence[str]) -> Iterator[list[object]]:
    """Return the rows of a table, without the NULs that PostgreSQL's text does not know."""
    for row in database.each(f"SELECT {', '.join(columns)} FROM {table}"):  # noqa: S608 - our names
        values = (row[name] for name in columns)
        yield [value.replace("\0", "") if isinstance(value, str) else value for value in values]


def checksum(found: Iterable[Sequence[object]]) -> tuple[int, str]:
    """Return the number of rows, and a sum of them that their order does not change."""
    number, total = 0, 0
    for row in found:
        number += 1
        total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest(), "big")
    return number, f"{total % 2**256:064x}"


def _columns(source: Sqlite, table: str) -> list[str]:
    own = [row["name"] for row in source.read(f"PRAGMA table_info({table})")]
    return ["rowid", *own] if table == "article_text" else own
