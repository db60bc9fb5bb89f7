"""What the operator is to be told: lines that wait for the admin chat."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from monitor.edges.store.database import Database, moment_or_none, stamp
from monitor.models import Alert, Choice

_AGAIN = timedelta(days=1)  # the same line of the same topic is not said more often
_KEPT = timedelta(days=30)
_LONGEST = 500  # letters: a line is a part of the key, of which PostgreSQL indexes some 2,700 bytes
_CHOICES = TypeAdapter(tuple[Choice, ...])


class Alerts:
    """Rows `alert`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, topic: str, text: str, now: datetime, choices: tuple[Choice, ...] = ()) -> None:
        """Queue a line for the admin chat; the same text on the same topic is not said again within a day.

        `topic` names what is wrong, such as "source:Báo Lai Châu"; `text` is Vietnamese, one line, and cut
        where it is very long; `choices` are the buttons below it.
        """
        with self._db.write() as db:
            db.execute("DELETE FROM alert WHERE raised_at < ?", (stamp(now - _KEPT),))
            db.execute(
                "INSERT INTO alert (topic, text, choices, raised_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (topic, text) DO UPDATE SET raised_at = excluded.raised_at, sent_at = NULL, over = 0,"
                " choices = excluded.choices WHERE alert.over = 1 OR alert.raised_at <= ?",
                (topic, text[:_LONGEST], _CHOICES.dump_json(choices).decode(), stamp(now), stamp(now - _AGAIN)),
            )

    def clear(self, topic: str, now: datetime) -> bool:
        """Write down that the trouble is over: lines that still wait are dropped, the next ones are said at once.

        Returns whether the operator had been told of it.
        """
        with self._db.write() as db:
            told = db.execute(
                "SELECT 1 FROM alert WHERE topic = ? AND sent_at IS NOT NULL AND over = 0 LIMIT 1", (topic,)
            ).fetchone()
            db.execute("UPDATE alert SET over = 1, sent_at = coalesce(sent_at, ?) WHERE topic = ?", (stamp(now), topic))
        return told is not None

    def stand(self, topic: str, line: str, over: str, now: datetime) -> None:
        """Queue the line that says what is the matter; "" ends it, and `over` is told to who was told of it."""
        ended = f"{topic}:over"
        if line:
            self.clear(ended, now)
            self.add(topic, line, now)
        elif self.clear(topic, now):
            self.add(ended, over, now)

    def open(self) -> dict[str, str]:
        """Return the troubles that are not over: the newest line of each topic."""
        rows = self._db.read("SELECT topic, text FROM alert WHERE over = 0 ORDER BY raised_at, topic, text")
        return {row["topic"]: row["text"] for row in rows}

    def raised(self, topic: str) -> datetime | None:
        """Return when the newest line of a topic was queued, None when it has none."""
        rows = self._db.read("SELECT max(raised_at) AS newest FROM alert WHERE topic = :topic", {"topic": topic})
        return moment_or_none(rows[0]["newest"])

    def waiting(self) -> list[Alert]:
        """Return the lines not yet said, oldest first."""
        rows = self._db.read("SELECT * FROM alert WHERE sent_at IS NULL ORDER BY raised_at, topic, text")
        return [Alert(row["topic"], row["text"], _CHOICES.validate_json(row["choices"])) for row in rows]

    def said(self, alerts: Iterable[Alert], now: datetime) -> None:
        """Write down that the operator was told."""
        with self._db.write() as db:
            db.executemany(
                "UPDATE alert SET sent_at = ? WHERE topic = ? AND text = ?",
                [(stamp(now), one.topic, one.text) for one in alerts],
            )
