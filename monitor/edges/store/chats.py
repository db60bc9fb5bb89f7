"""Telegram chats: where each is reached, and when it may be called again."""

from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.edges.store.database import Database, moment, stamp

_EVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat of the settings; `number` where it moved to, `failures` calls in a row that did not get through."""

    name: str
    number: int | None = None
    free_at: datetime = _EVER
    failures: int = 0

    @property
    def address(self) -> str:
        """What the Bot API is called with."""
        return str(self.number) if self.number is not None else self.name


class Chats:
    """Rows `chat`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, name: str) -> Chat:
        """Return what is known of a chat."""
        rows = self._db.read("SELECT * FROM chat WHERE name = :name", {"name": name})
        if not rows:
            return Chat(name)
        row = rows[0]
        return Chat(name, row["number"], moment(row["free_at"]), row["failures"])

    def moved(self, name: str, number: int) -> None:
        """Write down a chat's new number: a group became a supergroup."""
        with self._db.write() as db:
            db.execute(
                "INSERT INTO chat (name, number) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET number = excluded.number",
                (name, number),
            )

    def hold(self, name: str, free_at: datetime, *, failures: int = 0) -> None:
        """Let nobody call a chat before `free_at`; `failures` calls in a row have not got through."""
        with self._db.write() as db:
            db.execute(
                "INSERT INTO chat (name, free_at, failures) VALUES (?, ?, ?) ON CONFLICT (name)"
                " DO UPDATE SET free_at = excluded.free_at, failures = excluded.failures",
                (name, stamp(free_at), failures),
            )
