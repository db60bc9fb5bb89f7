"""Telegram chats: where each is reached, when it may be called again, how it can be read, what was seen in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.edges.store.database import Database, Transaction, moment, stamp
from monitor.models import Post

_EVER = datetime.fromtimestamp(0, UTC)
_KEPT = timedelta(days=3)  # a post older than two days can no longer be deleted


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat of the settings.

    `number` where it moved to, `failures` calls in a row that did not get through, `last_id` the highest id known in
    it, `ways` by which it was found to be readable at `tested_at`, `next_update` where the second bot's updates
    go on, which were asked for at `listened_at`.
    """

    name: str
    number: int | None = None
    free_at: datetime = _EVER
    failures: int = 0
    last_id: int = 0
    ways: tuple[str, ...] = ()
    tested_at: datetime = _EVER
    next_update: int = 0
    listened_at: datetime = _EVER

    @property
    def address(self) -> str:
        """What the Bot API is called with."""
        return str(self.number) if self.number is not None else self.name

    @property
    def tested(self) -> bool:
        """Whether it was found out how it can be read."""
        return self.tested_at > _EVER


class Chats:
    """Rows `chat` and `sighting`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, name: str) -> Chat:
        """Return what is known of a chat."""
        rows = self._db.read("SELECT * FROM chat WHERE name = :name", {"name": name})
        if not rows:
            return Chat(name)
        row = rows[0]
        return Chat(
            name,
            row["number"],
            moment(row["free_at"]),
            row["failures"],
            row["last_id"],
            tuple(row["ways"].split()),
            moment(row["tested_at"]),
            row["next_update"],
            moment(row["listened_at"]),
        )

    def moved(self, name: str, number: int) -> None:
        """Write down a chat's new number: a group became a supergroup."""
        self._put(name, number=number)

    def hold(self, name: str, free_at: datetime, *, failures: int = 0) -> None:
        """Let nobody call a chat before `free_at`; `failures` calls in a row have not got through."""
        self._put(name, free_at=stamp(free_at), failures=failures)

    def tested(self, name: str, ways: Iterable[str], now: datetime) -> None:
        """Write down by which ways a channel can be read."""
        self._put(name, ways=" ".join(ways), tested_at=stamp(now))

    def saw(self, name: str, last_id: int) -> None:
        """Write down that a channel has come to this id."""
        with self._db.write() as db:
            saw(db, name, last_id)

    def seen_by_witness(self, name: str, posts: Iterable[Post], next_update: int, now: datetime) -> None:
        """Keep what the second bot saw, and where its updates go on, in one transaction."""
        posts = list(posts)
        with self._db.write() as db:
            db.execute("DELETE FROM sighting WHERE seen_at < ?", (stamp(now - _KEPT),))
            db.executemany(
                "INSERT INTO sighting (channel, message_id, text, seen_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (channel, message_id) DO NOTHING",
                [(name, post.id, post.text, stamp(now)) for post in posts],
            )
            saw(db, name, max((post.id for post in posts), default=0))
            db.execute(
                "UPDATE chat SET next_update = ?, listened_at = ? WHERE name = ?", (next_update, stamp(now), name)
            )

    def sightings(self, name: str, above: int) -> list[Post]:
        """Return what the second bot saw in a channel with an id above this one."""
        rows = self._db.read(
            "SELECT message_id, text FROM sighting WHERE channel = :name AND message_id > :above ORDER BY message_id",
            {"name": name, "above": above},
        )
        return [Post(row["message_id"], row["text"]) for row in rows]

    def _put(self, name: str, **values: object) -> None:
        columns = ", ".join(values)
        with self._db.write() as db:
            db.execute(
                f"INSERT INTO chat (name, {columns}) VALUES (:name, {', '.join(f':{one}' for one in values)})"  # noqa: S608 - our own column names
                f" ON CONFLICT (name) DO UPDATE SET {', '.join(f'{one} = excluded.{one}' for one in values)}",
                {"name": name, **values},
            )


def saw(db: Transaction, name: str, last_id: int) -> None:
    """Write down within the caller's transaction that a channel has come to this id."""
    db.execute(
        "INSERT INTO chat (name, last_id) VALUES (?, ?) ON CONFLICT (name) DO UPDATE"
        " SET last_id = CASE WHEN excluded.last_id > chat.last_id THEN excluded.last_id ELSE chat.last_id END",
        (name, last_id),
    )
