"""The links that sources offered: each is followed, and what became of it is written down."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from monitor import urls
from monitor.edges.store.database import Database, moment, moment_or_none, stamp, stamp_or_none
from monitor.models import Link, Outcome

_JUST_NOW = timedelta(minutes=5)  # some sites date everything with the time of the visit
_ABANDONED = timedelta(days=1)  # a link nobody has followed: its source was renamed or removed
_LONGEST_WAIT = timedelta(days=2)  # beyond it a wait was set by a clock that was wrong

_INSERT = (
    "INSERT INTO link (key, source_id, url, title, published_at, modified_at, found_at, outcome, backlog)"
    " SELECT :key, id, :url, :title, :published, :modified, :now, 'pending', :backlog FROM source"
    " WHERE name = :name ON CONFLICT (key) DO NOTHING"
)
_AGAIN = (
    "UPDATE link SET modified_at = :modified, outcome = 'pending', tries = 0, next_try_at = 0"
    " WHERE key = :key AND outcome NOT IN ('pending', 'retry') AND :modified < :settled"
    " AND coalesce(modified_at, found_at) < :modified"
)
_ADOPT = (
    "UPDATE link SET source_id = (SELECT id FROM source WHERE name = :name)"
    " WHERE key IN (SELECT value FROM json_each(:keys)) AND outcome IN ('pending', 'retry') AND found_at < :abandoned"
)


class Links:
    """Rows `link`, one for each address that a listing ever showed."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def found_by(self, links: Iterable[Link], then: datetime) -> int:
        """Return how many of these links had been found by a moment."""
        rows = self._db.read(
            "SELECT count(*) AS number FROM link WHERE found_at <= :then"
            " AND key IN (SELECT value FROM json_each(:keys))",
            {"then": stamp(then), "keys": [urls.key(link.url) for link in links]},
        )
        return int(rows[0]["number"])

    def remember(self, name: str, links: Iterable[Link], now: datetime, *, backlog: bool = False) -> int:
        """Keep links to be followed; returns how many are new.

        A link already followed whose listing now tells a later change is to be followed again,
        unless that change is dated just now: some sites date everything so. A link that nobody
        has followed for a day, its source renamed or gone, passes to who finds it. `backlog` marks links
        that were looked for in the past: what they lead to is no late news.
        """
        offered: dict[str, dict[str, Any]] = {}
        for link in links:
            offered.setdefault(urls.key(link.url), _row(link, name, now))
        if not offered:
            return 0
        with self._db.write() as db:
            known = self._last_changes(offered)
            new = sum(
                db.execute(_INSERT, row | {"backlog": backlog}).rowcount
                for key, row in offered.items()
                if key not in known
            )
            for key, row in offered.items():
                if row["modified"] and row["modified"] > known.get(key, row["modified"]):
                    db.execute(_AGAIN, row)
            db.execute(_ADOPT, {"name": name, "abandoned": stamp(now - _ABANDONED), "keys": list(offered)})
        return new

    def _last_changes(self, keys: Iterable[str]) -> dict[str, int]:
        """Return when those of some links that are stored were changed last, as far as listings told."""
        rows = self._db.read(
            "SELECT key, coalesce(modified_at, found_at) AS at FROM link"
            " WHERE key IN (SELECT value FROM json_each(:keys))",
            {"keys": list(keys)},
        )
        return {row["key"]: row["at"] for row in rows}

    def to_follow(self, name: str, now: datetime, limit: int) -> list[Link]:
        """Return the links of a source that are to be fetched now, the newest first."""
        rows = self._db.read(
            "SELECT link.* FROM link JOIN source ON source.id = source_id WHERE name = :name"
            " AND outcome IN ('pending', 'retry') AND (next_try_at <= :now OR next_try_at > :horizon)"
            " ORDER BY coalesce(published_at, modified_at, found_at) DESC, url LIMIT :limit",
            {"name": name, "now": stamp(now), "horizon": stamp(now + _LONGEST_WAIT), "limit": limit},
        )
        return [
            Link(row["url"], row["title"], moment_or_none(row["published_at"]), moment_or_none(row["modified_at"]))
            for row in rows
        ]

    def days(self, links: Iterable[Link]) -> dict[str, datetime]:
        """Return, by key, when the articles behind some links were published; those not known are left out."""
        rows = self._db.read(
            "SELECT link.key, coalesce(CASE WHEN dated_at < seen_at THEN dated_at END, published_at) AS at"
            " FROM link LEFT JOIN article ON article.id = article_id"
            " WHERE link.key IN (SELECT value FROM json_each(:keys))",
            {"keys": [urls.key(link.url) for link in links]},
        )
        return {row["key"]: moment(row["at"]) for row in rows if row["at"] is not None}

    def close(self, link: Link, outcome: Outcome, detail: str = "") -> None:
        """Write down what became of a link that gave no article of its own."""
        with self._db.write() as db:
            db.execute(
                "UPDATE link SET outcome = ?, detail = ?, tries = tries + 1 WHERE key = ?",
                (outcome, detail, urls.key(link.url)),
            )

    def postpone(self, link: Link, detail: str, now: datetime, tries: int) -> Outcome:
        """Put a link that could not be fetched off, twice as long each time; `tries` end it."""
        with self._db.write() as db:
            key = urls.key(link.url)
            row = db.execute("SELECT tries FROM link WHERE key = ?", (key,)).fetchone()
            tried = row["tries"] + 1
            outcome = Outcome.RETRY if tried < tries else Outcome.GIVEN_UP
            later = stamp(now + timedelta(minutes=10) * 2**tried)
            db.execute(
                "UPDATE link SET outcome = ?, detail = ?, tries = ?, next_try_at = ? WHERE key = ?",
                (outcome, detail, tried, later, key),
            )
        return outcome


def _row(link: Link, name: str, now: datetime) -> dict[str, Any]:
    return {
        "key": urls.key(link.url),
        "url": link.url,
        "title": link.title,
        "published": stamp_or_none(link.published),
        "modified": stamp_or_none(link.modified),
        "now": stamp(now),
        "settled": stamp(now - _JUST_NOW),
        "name": name,
    }
