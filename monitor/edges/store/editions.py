"""Editions, and which articles they told."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from pydantic import TypeAdapter

from monitor.edges.store.database import Database, moment, stamp
from monitor.edges.store.outbox import freeze
from monitor.edges.store.shelf import list_headlines
from monitor.models import Basis, Edition, Part

_EDITION = TypeAdapter(Edition)
_BASIS: TypeAdapter[Basis | None] = TypeAdapter(Basis | None)


def hash_of(edition: Edition) -> str:
    """Return the SHA-256 of an edition as it is stored: equal for equal editions."""
    return hashlib.sha256(_EDITION.dump_json(edition)).hexdigest()


class Editions:
    """Rows `edition`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, day: date) -> Edition | None:
        """Return the edition of a local date, as it was composed."""
        rows = self._db.read("SELECT content FROM edition WHERE date = :day", {"day": day.isoformat()})
        return _EDITION.validate_json(rows[0]["content"]) if rows else None

    def last(self, not_after: date = date.max) -> date | None:
        """Return the date of the newest edition; those a wrong clock made for later days do not count."""
        rows = self._db.read("SELECT max(date) AS date FROM edition WHERE date <= :day", {"day": not_after.isoformat()})
        return date.fromisoformat(rows[0]["date"]) if rows[0]["date"] else None

    def recent(self, number: int) -> list[Edition]:
        """Return the newest editions."""
        rows = self._db.read("SELECT content FROM edition ORDER BY date DESC LIMIT :number", {"number": number})
        return [_EDITION.validate_json(row["content"]) for row in rows]

    def closed_before(self, day: date) -> datetime | None:
        """Return when the edition before `day` closed."""
        rows = self._db.read("SELECT max(closed_at) AS at FROM edition WHERE date < :day", {"day": day.isoformat()})
        return moment(rows[0]["at"]) if rows and rows[0]["at"] is not None else None

    def add(
        self,
        edition: Edition,
        told: Iterable[int],
        closed_at: datetime,
        channel: str | None,
        parts: tuple[Part, ...],
        basis: Basis | None = None,
    ) -> None:
        """Freeze an edition: itself, which articles (ids) it tells, its basis, and its messages if there is a channel.

        One transaction; a story told once is never told again, nor any copy of it.
        """
        content, day = _EDITION.dump_json(edition), edition.date.isoformat()
        with self._db.write() as db:
            db.execute(
                "INSERT INTO edition (date, closed_at, hash, content, basis) VALUES (?, ?, ?, ?, ?)",
                (day, stamp(closed_at), hash_of(edition), content.decode(), _BASIS.dump_json(basis).decode()),
            )
            list_headlines(db, edition)
            db.executemany(
                "UPDATE article SET edition = ? WHERE edition IS NULL"
                " AND story_id = (SELECT story_id FROM article WHERE id = ?)",
                [(day, number) for number in told],
            )
            if channel:
                freeze(db, edition.date, channel, parts, closed_at)

    def basis(self, day: date) -> tuple[Basis, datetime, str] | None:
        """Return what an edition was composed of, when it closed and its hash; None when that was not kept."""
        rows = self._db.read("SELECT basis, closed_at, hash FROM edition WHERE date = :day", {"day": day.isoformat()})
        found = _BASIS.validate_json(rows[0]["basis"] or "null") if rows else None
        return (found, moment(rows[0]["closed_at"]), rows[0]["hash"]) if found else None
