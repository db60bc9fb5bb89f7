"""The outbox: the messages of editions, and how far each has come."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.edges.store.chats import saw
from monitor.edges.store.database import Database, Row, Transaction, moment, stamp
from monitor.models import Part


class Delivery(StrEnum):
    """How far a message has come; `unknown` is never sent again before it was looked for."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the outbox.

    `floor` is the highest id known in the channel before the first attempt: what came of one has a higher
    id. `started_at` is the last request, `looks` how often it was looked for in vain, `desired` what a message that
    arrived should read instead of its frozen text ("": just that), `shown` what it was last made to read.
    """

    edition: date
    channel: str
    part: Part
    state: Delivery
    attempts: int
    not_before: datetime
    message_id: int | None
    reason: str
    floor: int
    started_at: datetime
    sent_at: datetime
    looks: int
    sweeps: int
    desired: str
    shown: str


class Outbox:
    """Rows `message`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def address(self, day: date, channel: str, parts: tuple[Part, ...], now: datetime) -> None:
        """Put the messages of an edition that has none yet into the outbox."""
        with self._db.write() as db:
            freeze(db, day, channel, parts, now)

    def settle(self, now: datetime) -> None:
        """Turn `sending` into `unknown`: the process that sent it died before it heard the answer."""
        with self._db.write() as db:
            db.execute(
                "UPDATE message SET state = 'unknown', changed_at = ?, reason = 'stopped while sending'"
                " WHERE state = 'sending'",
                (stamp(now),),
            )

    def waiting(self) -> list[Message]:
        """Return the messages that are not yet in the channel, in the order of sending."""
        return self._messages("state != 'sent'", {})

    def of(self, day: date) -> list[Message]:
        """Return all messages of an edition."""
        return self._messages("edition = :day", {"day": day.isoformat()})

    def to_edit(self, channel: str) -> list[Message]:
        """Return the messages that do not yet read as they should."""
        there = "channel = :channel AND state = 'sent' AND message_id IS NOT NULL"
        return self._messages(f"{there} AND desired != '' AND shown != desired", {"channel": channel})

    def swept_less(self, channel: str, times: int) -> list[Message]:
        """Return the messages in the channel whose twins were looked for fewer times than this."""
        where = "channel = :channel AND state = 'sent' AND sweeps < :times"
        return self._messages(where, {"channel": channel, "times": times})

    def _messages(self, where: str, values: dict[str, object]) -> list[Message]:
        rows = self._db.read(f"SELECT * FROM message WHERE {where} ORDER BY edition, part", values)  # noqa: S608 - constants
        return [_message(row) for row in rows]

    def begin(self, message: Message, now: datetime) -> bool:
        """Write down that a request is about to be made; the first one also notes what the channel held before.

        Returns False when the message is no longer as it was read: another process is at it.
        """
        change = (
            "state = 'sending', attempts = attempts + 1, started_at = :now, floor_id = CASE WHEN attempts = 0"
            " THEN coalesce((SELECT last_id FROM chat WHERE name = message.channel), 0) ELSE floor_id END"
        )
        with self._db.write() as db:
            values = {"was": str(message.state), "tries": message.attempts}
            return _change(db, message, now, change, values, " AND state = :was AND attempts = :tries") == 1

    def sent(self, message: Message, message_id: int | None, now: datetime, reason: str = "") -> None:
        """Write down that a message stands in the channel; None: nobody knows under which id."""
        change = (
            "state = 'sent', message_id = :id, sent_at = :now, looks = 0, reason = :reason,"
            " started_at = CASE WHEN started_at = 0 THEN :now ELSE started_at END"
        )
        with self._db.write() as db:
            _change(db, message, now, change, {"id": message_id, "reason": reason})
            saw(db, message.channel, message_id or 0)

    def unsent(
        self, message: Message, state: Delivery, now: datetime, reason: str, not_before: datetime | None = None
    ) -> None:
        """Write down that a message is not known to be in the channel: `pending`, `refused` or `unknown`, and why.

        Nothing is done with it before `not_before`.
        """
        change = (
            "state = :state, reason = :reason, not_before = :until,"
            " looks = looks + CASE WHEN state = 'unknown' AND :state = 'unknown' THEN 1 ELSE 0 END"
        )
        until = stamp(not_before) if not_before else 0
        self._update(message, now, change, state=str(state), reason=reason, until=until)

    def hurry(self, channel: str, now: datetime) -> None:
        """Let messages that were put off, or refused, be sent again from `now` on; those in doubt stay."""
        with self._db.write() as db:
            db.execute(
                "UPDATE message SET not_before = 0, changed_at = :now"
                " WHERE channel = :channel AND state IN ('pending', 'refused') AND not_before > :now",
                {"channel": channel, "now": stamp(now)},
            )

    def rewrite(self, message: Message, html: str, now: datetime, reason: str) -> None:
        """Let a message that Telegram does not take go as `html`."""
        change = "state = 'pending', html = :html, reason = :reason, not_before = 0"
        self._update(message, now, change, html=html, reason=reason)

    def desire(self, day: date, channel: str, desired: Mapping[int, str], now: datetime) -> None:
        """Write down what the parts (by number) of an edition should read instead, the newest wish counts.

        All that was known of the edition's corrections until `now` is in it.
        """
        with self._db.write() as db:
            where = "WHERE edition = ? AND channel = ?"
            db.execute(f"UPDATE message SET noted_at = ? {where}", (stamp(now), day.isoformat(), channel))  # noqa: S608 - constants
            db.executemany(
                f"UPDATE message SET desired = ? {where} AND part = ?",  # noqa: S608 - constants
                [(html, day.isoformat(), channel, number) for number, html in desired.items()],
            )

    def edited(self, message: Message, now: datetime, reason: str = "") -> None:
        """Write down that a message reads as was desired, or never will and why."""
        self._update(message, now, "shown = :shown, reason = :reason", shown=message.desired, reason=reason)

    def swept(self, messages: Iterable[Message], now: datetime) -> None:
        """Write down that the twins of these messages were looked for once more."""
        with self._db.write() as db:
            for message in messages:
                _change(db, message, now, "sweeps = sweeps + 1", {})

    def to_correct(self, channel: str) -> list[date]:
        """Return the editions of whose told articles a text changed since their messages were last looked at."""
        rows = self._db.read(
            "SELECT DISTINCT message.edition AS day FROM message JOIN article ON article.edition = message.edition"
            " JOIN revision ON revision.article_id = article.id"
            " WHERE channel = :channel AND replaced_at > noted_at ORDER BY 1",
            {"channel": channel},
        )
        return [date.fromisoformat(row["day"]) for row in rows]

    def _update(self, message: Message, now: datetime, change: str, **values: object) -> None:
        with self._db.write() as db:
            _change(db, message, now, change, values)


def freeze(db: Transaction, day: date, channel: str, parts: tuple[Part, ...], now: datetime) -> None:
    """Put an edition's messages into the outbox within the caller's transaction."""
    db.executemany(
        "INSERT INTO message (edition, channel, part, parts, html, preview, photo, hash, state, changed_at, noted_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)",
        [
            (day.isoformat(), channel, part.number, part.of, part.html, part.preview, int(part.photo),
             hashlib.sha256(part.html.encode()).hexdigest(), stamp(now), stamp(now))
            for part in parts
        ],
    )  # fmt: skip


def _change(
    db: Transaction, message: Message, now: datetime, change: str, values: Mapping[str, object], only: str = ""
) -> int:
    """Change a message's row within the caller's transaction, `only` if it is so; returns how many rows changed."""
    mine = "edition = :day AND channel = :channel AND part = :part"
    done = db.execute(
        f"UPDATE message SET {change}, changed_at = :now WHERE {mine}{only}",  # noqa: S608 - constants of this file
        {
            **values,
            "now": stamp(now),
            "day": message.edition.isoformat(),
            "channel": message.channel,
            "part": message.part.number,
        },
    )
    return done.rowcount


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
        floor=row["floor_id"],
        started_at=moment(row["started_at"]),
        sent_at=moment(row["sent_at"]),
        looks=row["looks"],
        sweeps=row["sweeps"],
        desired=row["desired"],
        shown=row["shown"],
    )
