"""The only door to SQL: what the program remembers, in one SQLite file or a PostgreSQL database.

Each method is one fact in one transaction. Calls are short and made from one thread.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Self, TypeVar

from monitor.edges.store.alerts import Alerts
from monitor.edges.store.articles import Articles
from monitor.edges.store.beats import Beats
from monitor.edges.store.chats import Chat, Chats
from monitor.edges.store.chores import Chores
from monitor.edges.store.database import PROMPT, Database, Transaction
from monitor.edges.store.editions import Editions, hash_of
from monitor.edges.store.leases import Fenced, Lease
from monitor.edges.store.links import Links
from monitor.edges.store.machines import Machines
from monitor.edges.store.outbox import Delivery, Message, Outbox
from monitor.edges.store.redirects import Redirects
from monitor.edges.store.retention import Retention
from monitor.edges.store.robots import RobotsTexts
from monitor.edges.store.shelf import Shelf
from monitor.edges.store.sources import Sources
from monitor.edges.store.sqlite import Sqlite
from monitor.edges.store.standing import Standing
from monitor.edges.store.traces import Traces
from monitor.edges.store.visits import Visits
from monitor.errors import StoreError, TakenError

__all__ = ["Chat", "Delivery", "Message", "Store", "hash_of"]

_AGAIN = 0.5  # seconds until a turn that others held is asked for again
T = TypeVar("T")


class Store:
    """The database, opened; each of its rooms keeps some of its tables."""

    def __init__(self, address: Path | str | Database, *, read_only: bool = False, shared: bool = False) -> None:
        """Open or make the database at a path or a `postgresql://` address; raises StoreError.

        `shared` lets other processes that say so write too; only PostgreSQL does.
        """
        self.shared = shared
        self._turn = asyncio.Lock()
        self.database = _open(address, read_only=read_only, shared=shared)
        self.sources = Sources(self.database)
        self.visits = Visits(self.database)
        self.redirects = Redirects(self.database)
        self.links = Links(self.database)
        self.standing = Standing(self.database)
        self.articles = Articles(self.database)
        self.traces = Traces(self.database)
        self.editions = Editions(self.database)
        self.outbox = Outbox(self.database)
        self.shelf = Shelf(self.database)
        self.alerts = Alerts(self.database)
        self.chats = Chats(self.database)
        self.chores = Chores(self.database)
        self.beats = Beats(self.database)
        self.retention = Retention(self.database)
        self.robots = RobotsTexts(self.database)
        self.machines = Machines(self.database)

    def fenced(self, lease: Lease) -> "Store":
        """Return this store as one that is written only while a lease is held; see leases.py."""
        fenced = Store(Fenced(self.database, lease))
        fenced._turn = self._turn
        return fenced

    async def in_turn(self, work: Callable[[], T], seconds: int = PROMPT) -> T:
        """Do a piece of work that is one fact, while no other process does one of this kind; returns its answer.

        While others are at theirs, everything else of this process goes on. On a server work that reckons for
        more than so many `seconds` at a time is undone: AwayError.
        """
        async with self._turn:
            while True:
                with suppress(TakenError), self.alone(seconds):
                    return work()
                await asyncio.sleep(_AGAIN)

    def alone(self, seconds: int = PROMPT) -> AbstractContextManager[Transaction]:
        """All that is read and written in the block is one fact, and no other process is in such a block.

        Raises TakenError when another one is for longer than a moment; AwayError as `in_turn`.
        """
        return self.database.alone(seconds)

    def check(self) -> None:
        """Look whether the database is whole, in a file a second for each gigabyte or two; raises DamagedError."""
        self.database.check()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()


def _open(address: Path | str | Database, *, read_only: bool, shared: bool) -> Database:
    if not isinstance(address, Path | str):
        return address
    if isinstance(address, Path):
        return Sqlite(address, read_only=read_only)
    try:
        from monitor.edges.store.postgres import Postgres  # noqa: PLC0415 - its library is an extra
    except ImportError:
        raise StoreError(
            "PostgreSQL needs more than is installed: `make cluster` installs it (docs/scale.md)"
        ) from None
    return Postgres(address, read_only=read_only, shared=shared)
