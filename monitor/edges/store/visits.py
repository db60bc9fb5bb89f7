"""When sources are visited: which are due, which were put off, which are paused."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from monitor.edges.store.database import Database, moment, stamp


class Visits:
    """Of the rows `source` when each is visited next, and whether it is at all."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def due(self, names: Iterable[str], now: datetime, longest: timedelta) -> list[str]:
        """Return the sources whose time has come, the longest waiting first; those paused are left out.

        A next visit further away than `longest`, or a last one in the future, was set by a clock
        that has since been put right: it counts as due.
        """
        rows = self._db.read(
            "SELECT name FROM source WHERE paused_at IS NULL"
            " AND (next_poll_at <= :now OR next_poll_at > :horizon OR last_poll_at > :now)"
            " AND name IN (SELECT value FROM json_each(:names)) ORDER BY next_poll_at, id",
            {"now": stamp(now), "horizon": stamp(now + longest), "names": list(names)},
        )
        return [row["name"] for row in rows]

    def overdue(self, names: Iterable[str], now: datetime) -> list[str]:
        """Return the sources that were visited before and should have been again."""
        rows = self._db.read(
            "SELECT name FROM source WHERE next_poll_at <= :now AND last_poll_at IS NOT NULL"
            " AND name IN (SELECT value FROM json_each(:names)) ORDER BY name",
            {"now": stamp(now), "names": list(names)},
        )
        return [row["name"] for row in rows]

    def longest_due(self, names: Iterable[str], now: datetime) -> datetime:
        """Return since when the source that waits longest is due; `now` when none is, or none was visited yet."""
        (row,) = self._db.read(
            "SELECT min(next_poll_at) AS at FROM source WHERE paused_at IS NULL AND next_poll_at > 0"
            " AND next_poll_at <= :now AND name IN (SELECT value FROM json_each(:names))",
            {"now": stamp(now), "names": list(names)},
        )
        return now if row["at"] is None else moment(row["at"])

    def put_off(self, visits: Mapping[str, datetime]) -> None:
        """Set when some sources are visited next."""
        with self._db.write() as db:
            db.executemany(
                "UPDATE source SET next_poll_at = ? WHERE name = ?", [(stamp(at), name) for name, at in visits.items()]
            )

    def pause(self, name: str, now: datetime) -> bool:
        """Leave a source out of the rounds until `unpause`; returns False when it was paused already or is unknown."""
        with self._db.write() as db:
            done = db.execute(
                "UPDATE source SET paused_at = ? WHERE name = ? AND paused_at IS NULL", (stamp(now), name)
            )
        return done.rowcount > 0

    def unpause(self, name: str) -> bool:
        """Visit a paused source again, at once; returns False when it was not paused or is unknown."""
        with self._db.write() as db:
            done = db.execute(
                "UPDATE source SET paused_at = NULL, next_poll_at = 0 WHERE name = ? AND paused_at IS NOT NULL", (name,)
            )
        return done.rowcount > 0
