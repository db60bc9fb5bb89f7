"""Editions, which articles they told, and the outbox of their messages."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pydantic import TypeAdapter

from monitor.edges.store.database import Database, Row, Transaction, moment, stamp
from monitor.edges.store.shelf import list_headlines
from monitor.models import Basis, Edition, Part

_EDITION = TypeAdapter(Edition)
_BASIS: TypeAdapter[Basis | None] = TypeAdapter(Basis | None)


def digest(edition: Edition) -> str:
    """Return the SHA-256 of an edition as it is stored: equal for equal editions."""
    return hashlib.sha256(_EDITION.dump_json(edition)).hexdigest()


class Delivery(StrEnum):
    """How far a message has come; `unknown` is never sent again without looking."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the outbox."""

    edition: date
    channel: str
    part: Part
    state: Delivery
    attempts: int
    not_before: datetime
    message_id: int | None
    reason: str


class Editions:
    """Rows `edition` and `message`."""

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
                (day, stamp(closed_at), digest(edition), content.decode(), _BASIS.dump_json(basis).decode()),
            )
            list_headlines(db, edition)
            db.executemany(
                "UPDATE article SET edition = ? WHERE edition IS NULL"
                " AND story_id = (SELECT story_id FROM article WHERE id = ?)",
                [(day, number) for number in told],
            )
            if channel:
                _freeze(db, day, channel, parts, closed_at)

    def basis(self, day: date) -> tuple[Basis, datetime, str] | None:
        """Return what an edition was composed of, when it closed and its hash; None when that was not kept."""
        rows = self._db.read("SELECT basis, closed_at, hash FROM edition WHERE date = :day", {"day": day.isoformat()})
        found = _BASIS.validate_json(rows[0]["basis"] or "null") if rows else None
        return (found, moment(rows[0]["closed_at"]), rows[0]["hash"]) if found else None

    def address(self, edition: Edition, channel: str, parts: tuple[Part, ...], now: datetime) -> None:
        """Put the messages of an edition that has none yet into the outbox."""
        with self._db.write() as db:
            _freeze(db, edition.date.isoformat(), channel, parts, now)

    def settle(self, now: datetime) -> None:
        """Turn `sending` into `unknown`: the process that sent it died before it heard the answer."""
        with self._db.write() as db:
            db.execute(
                "UPDATE message SET state = 'unknown', changed_at = ?, reason = 'stopped while sending'"
                " WHERE state = 'sending'",
                (stamp(now),),
            )

    def outbox(self) -> list[Message]:
        """Return the messages that are not yet in the channel, in the order of sending."""
        return [
            _message(row) for row in self._db.read("SELECT * FROM message WHERE state != 'sent' ORDER BY edition, part")
        ]

    def messages(self, day: date) -> list[Message]:
        """Return all messages of an edition."""
        rows = self._db.read("SELECT * FROM message WHERE edition = :day ORDER BY part", {"day": day.isoformat()})
        return [_message(row) for row in rows]

    def mark(
        self,
        message: Message,
        state: Delivery,
        now: datetime,
        *,
        message_id: int | None = None,
        reason: str = "",
        not_before: datetime | None = None,
    ) -> None:
        """Write down how far a message has come; entering `sending` counts an attempt."""
        with self._db.write() as db:
            db.execute(
                "UPDATE message SET state = :state, changed_at = :now, reason = :reason,"
                " attempts = attempts + CASE WHEN :state = 'sending' THEN 1 ELSE 0 END,"
                " message_id = coalesce(:message_id, message_id),"
                " not_before = :not_before WHERE edition = :day AND channel = :channel AND part = :part",
                {
                    **_key(message),
                    "state": state,
                    "now": stamp(now),
                    "reason": reason,
                    "message_id": message_id,
                    "not_before": stamp(not_before) if not_before else 0,
                },
            )


def _freeze(db: Transaction, day: str, channel: str, parts: tuple[Part, ...], now: datetime) -> None:
    db.executemany(
        "INSERT INTO message (edition, channel, part, parts, html, preview, photo, hash, state, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?)",
        [
            (day, channel, part.number, part.of, part.html, part.preview, int(part.photo),
             hashlib.sha256(part.html.encode()).hexdigest(), stamp(now))
            for part in parts
        ],
    )  # fmt: skip


def _key(message: Message) -> dict[str, object]:
    return {
        "day": message.edition.isoformat(),
        "channel": message.channel,
        "part": message.part.number,
    }


def _message(row: Row) -> Message:
    return Message(
        edition=date.fromisoformat(row["edition"]),
        channel=row["channel"],
        part=Part(row["part"], row["parts"], row["html"], row["preview"], bool(row["photo"])),
        state=Delivery(row["state"]),
        attempts=row["attempts"],
        not_before=moment(row["not_before"]),
        message_id=row["message_id"],
        reason=row["reason"],
    )
