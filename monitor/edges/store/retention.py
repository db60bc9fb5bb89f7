"""What may be forgotten: texts that nothing needs any more. Which links were followed is never forgotten."""

from collections.abc import Callable, Iterator
from datetime import datetime

from monitor.edges.store.database import Database, Transaction, stamp

_AT_ONCE = 500  # rows of one transaction: polls wait a tenth of a second for it
_SLICES = 256  # of all hashes, each a transaction: a look at the traces of a million articles takes 0.1 s
_HASHES = range(-(1 << 31), 1 << 31, (1 << 32) // _SLICES)  # signed, of 32 bits; each begins a slice


class Retention:
    """Removes rows of `article`, `round` and `revision`, and the words of links that gave nothing.

    Each call but `traces` forgets up to five hundred rows and returns how many; 0: there is no more to forget.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def rejected(self, before: datetime) -> int:
        """Forget articles that were rejected before a time, with all that belongs to them.

        Their links stay, so they are not fetched again; what stands in an edition stays, and
        what another article is a copy of. Their traces are left to `traces`: the tables of hashes
        are kept by hash, and a trace that leads nowhere is passed over.
        """
        return self._some(_forget_rejected, before)

    def traces(self) -> Iterator[int]:
        """Forget the traces of articles that are no more, a slice of the hashes at a time; how many went, for each."""
        for low in _HASHES:
            with self._db.write() as db:
                gone = sum(_forget_traces(db, table, low, low + _HASHES.step) for table in ("shingle", "clue"))
            yield gone

    def words(self, before: datetime) -> int:
        """Forget titles and reasons of links that were found before a time and gave nothing."""
        return self._some(_forget_words, before)

    def rounds(self, before: datetime) -> int:
        """Forget rounds that ended before a time.

        The last one of each source stays, and its first good one, which tells its backlog from news.
        """
        return self._some(_forget_rounds, before)

    def revisions(self, before: datetime) -> int:
        """Forget earlier texts, replaced before a time, of articles that no edition told."""
        return self._some(_forget_revisions, before)

    def _some(self, forget: Callable[[Transaction, int], int], before: datetime) -> int:
        with self._db.write() as db:
            return forget(db, stamp(before))


def _forget_rejected(db: Transaction, before: int) -> int:
    found = db.execute(
        "SELECT id, story_id FROM article WHERE label = 'not' AND seen_at < ? AND edition IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM article AS copy WHERE copy.copy_of = article.id) LIMIT ?",
        (before, _AT_ONCE),
    ).fetchall()
    numbers = [(row["id"],) for row in found]
    db.executemany("UPDATE link SET article_id = NULL WHERE article_id = ?", numbers)
    db.executemany("DELETE FROM revision WHERE article_id = ?", numbers)
    db.executemany("DELETE FROM article_text WHERE rowid = ?", numbers)
    db.executemany("DELETE FROM article WHERE id = ?", numbers)
    db.executemany(
        "DELETE FROM story WHERE id = ? AND NOT EXISTS (SELECT 1 FROM article WHERE story_id = story.id)",
        [(row["story_id"],) for row in found],
    )
    return len(found)


def _forget_traces(db: Transaction, table: str, low: int, high: int) -> int:
    return db.execute(
        f"DELETE FROM {table} WHERE key >= ? AND key < ?"  # noqa: S608 - the tables named above
        f" AND NOT EXISTS (SELECT 1 FROM article WHERE article.id = {table}.article_id)",
        (low, high),
    ).rowcount


def _forget_words(db: Transaction, before: int) -> int:
    return db.execute(
        "UPDATE link SET title = '', detail = '' WHERE key IN (SELECT key FROM link WHERE found_at < ?"
        " AND outcome IN ('rejected', 'not_article', 'gone', 'given_up') AND (title != '' OR detail != '')"
        " LIMIT ?)",
        (before, _AT_ONCE),
    ).rowcount


def _forget_rounds(db: Transaction, before: int) -> int:
    return db.execute(
        "DELETE FROM round WHERE id IN (SELECT id FROM round AS old WHERE ended_at < ?"
        " AND id != (SELECT max(id) FROM round WHERE source_id = old.source_id)"
        " AND id != coalesce((SELECT min(id) FROM round WHERE source_id = old.source_id AND state != 'unreadable'), 0)"
        " LIMIT ?)",
        (before, _AT_ONCE),
    ).rowcount


def _forget_revisions(db: Transaction, before: int) -> int:
    found = db.execute(
        "SELECT article_id, replaced_at FROM revision WHERE replaced_at < ? AND article_id IN"
        " (SELECT id FROM article WHERE edition IS NULL) LIMIT ?",
        (before, _AT_ONCE),
    ).fetchall()
    db.executemany(
        "DELETE FROM revision WHERE article_id = ? AND replaced_at = ?",
        [(row["article_id"], row["replaced_at"]) for row in found],
    )
    return len(found)
