"""When each of the store's chores was last done: kept in the store, so that it is known after a restart."""

from datetime import datetime, timedelta

from monitor.edges.store.database import Database, moment, stamp


class Chores:
    """Rows `chore`: `backup` and `backup try`, `forget`, `restore` (when a copy was put in the store's place)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def last(self, name: str) -> datetime | None:
        """Return when a chore was last done."""
        rows = self._db.read("SELECT done_at FROM chore WHERE name = :name", {"name": name})
        return moment(rows[0]["done_at"]) if rows else None

    def due(self, name: str, every: timedelta, now: datetime) -> bool:
        """Tell whether a chore's time has come; one done in the future was done by a wrong clock."""
        last = self.last(name)
        return last is None or not last <= now < last + every

    def done(self, name: str, now: datetime) -> None:
        """Write down that a chore was done."""
        with self._db.write() as db:
            db.execute(
                "INSERT INTO chore (name, done_at) VALUES (:name, :now)"
                " ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at",
                {"name": name, "now": stamp(now)},
            )
