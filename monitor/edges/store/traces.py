"""By what an article is found again: sampled shingles for its copies, clues for reports of its event.

Both are tables of hashes, read where they are: nothing is loaded at the start. A hash that so many
articles have that it tells nothing is not written again, so a look-up stays as short as it is.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.edges.store.database import Database, Transaction, stamp

_COMMON = 32  # articles with one hash; stock phrases, or a text that many papers carried
_COPIES, _REPORTS = 12, 24  # candidates worth an exact comparison
_REMEMBERED = timedelta(days=14)  # since it was found: reports of one event come within days


class Traces:
    """Rows `shingle` and `clue`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def copies(self, shingles: Iterable[int]) -> list[int]:
        """Return the articles (ids) that share most of these shingles, at most twelve."""
        rows = self._db.read(
            "SELECT article_id FROM shingle WHERE key IN (SELECT value FROM json_each(:keys))"
            " GROUP BY article_id ORDER BY count(*) DESC, article_id DESC LIMIT :limit",
            {"keys": list(shingles), "limit": _COPIES},
        )
        return [row["article_id"] for row in rows]

    def reports(self, clues: Iterable[int], after: datetime, until: datetime) -> list[int]:
        """Return the articles (ids) dated within a span of time that share most of these clues."""
        rows = self._db.read(
            "SELECT article_id FROM clue JOIN article ON article.id = article_id"
            " WHERE clue.key IN (SELECT value FROM json_each(:keys)) AND dated_at BETWEEN :after AND :until"
            " GROUP BY article_id ORDER BY count(*) DESC, article_id DESC LIMIT :limit",
            {"keys": list(clues), "after": stamp(after), "until": stamp(until), "limit": _REPORTS},
        )
        return [row["article_id"] for row in rows]

    def forget(self, now: datetime) -> None:
        """Drop the clues of articles found long ago: their events are over. Shingles stay for ever."""
        with self._db.write() as db:
            db.execute(
                "DELETE FROM clue WHERE article_id IN (SELECT id FROM article"
                " WHERE id IN (SELECT article_id FROM clue) AND seen_at < ?)",
                (stamp(now - _REMEMBERED),),
            )


def add(db: Transaction, number: int, shingles: Iterable[int], clues: Iterable[int]) -> None:
    """Write the traces of an article within a transaction."""
    for table, keys in (("shingle", shingles), ("clue", clues)):
        db.execute(
            f"INSERT INTO {table} (key, article_id) SELECT hash, :number"  # noqa: S608 - constants
            " FROM (SELECT CAST(value AS BIGINT) AS hash FROM json_each(:keys)) AS wanted"
            f" WHERE (SELECT count(*) FROM (SELECT 1 FROM {table} WHERE key = hash LIMIT :common) AS known) < :common"
            " ON CONFLICT DO NOTHING",
            {"number": number, "keys": list(keys), "common": _COMMON},
        )


def remove(db: Transaction, number: int, shingles: Iterable[int], clues: Iterable[int]) -> None:
    """Take the traces of an article's earlier text away within a transaction."""
    for table, keys in (("shingle", shingles), ("clue", clues)):
        db.execute(
            f"DELETE FROM {table} WHERE article_id = :number AND key IN (SELECT value FROM json_each(:keys))",  # noqa: S608
            {"number": number, "keys": list(keys)},
        )
