"""What robots.txt of each site said, kept so that a run of a minute need not ask again."""

from datetime import datetime, timedelta

from monitor.edges.store.database import Database, moment, stamp

_LASTS = timedelta(days=30)  # the text of a host that nobody leads to any more
_WRONG_CLOCK = timedelta(days=1)  # a text from later than that was fetched before the clock was put right
_MOST = 5000  # texts: pages may lead to ever other hosts


class RobotsTexts:
    """Rows `robots`: one text for each origin, such as "https://baolaichau.vn"."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def recall(self, origin: str) -> tuple[str, datetime] | None:
        """Return the text and when it was fetched, None when it is not known."""
        rows = self._db.read("SELECT content, fetched_at FROM robots WHERE origin = :origin", {"origin": origin})
        return (rows[0]["content"], moment(rows[0]["fetched_at"])) if rows else None

    def keep(self, origin: str, text: str, at: datetime) -> None:
        """Keep a text that was fetched just now; one that another process has fetched since stays."""
        with self._db.write() as db:
            db.execute(
                "INSERT INTO robots (origin, content, fetched_at) VALUES (?, ?, ?)"
                " ON CONFLICT (origin) DO UPDATE SET content = excluded.content, fetched_at = excluded.fetched_at"
                " WHERE robots.fetched_at NOT BETWEEN excluded.fetched_at AND ?",
                (origin, text.replace("\0", ""), stamp(at), stamp(at + _WRONG_CLOCK)),
            )
            db.execute(
                "DELETE FROM robots WHERE fetched_at < ? OR origin IN"
                " (SELECT origin FROM robots ORDER BY fetched_at DESC, origin LIMIT 1000000 OFFSET ?)",
                (stamp(at - _LASTS), _MOST),
            )
