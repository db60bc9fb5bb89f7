"""Articles with their story and copies, their revisions, the full-text index, the export."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from sqlite3 import Connection, Row

from pydantic import TypeAdapter

from monitor import urls
from monitor.edges.store.database import Database, moment, stamp
from monitor.models import Article, Label, Link, Match, Outcome, Report
from monitor.vietnamese import fold

_ARTICLE = TypeAdapter(Article)
_MATCH = TypeAdapter(Match)
_REPORT = (
    "SELECT article.*, source.name AS source, json_extract(origin.content, '$.url') AS copy_url FROM article"
    " JOIN source ON source.id = article.source_id LEFT JOIN article AS origin ON origin.id = article.copy_of"
)


class Articles:
    """Rows `article`, `story`, `revision` and the index `article_text`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, url: str) -> Report | None:
        """Return the article of an address in any of its spellings."""
        return next(iter(self._reports("WHERE article.key = :key", {"key": urls.key(url)})), None)

    def twins(self, fingerprint: str) -> list[Report]:
        """Return the articles with the same text, in the order in which they were stored."""
        where = "WHERE article.fingerprint = :fingerprint ORDER BY article.id"
        return self._reports(where, {"fingerprint": fingerprint})

    def keep(
        self,
        link: Link,
        found: Report,
        fingerprint: str,
        twins: list[Report],
        origin_id: int | None,
    ) -> Report:
        """Store an article with its story, its place among its copies, its words and its link.

        `found` comes with id and story 0. `twins` are its copies so far; `origin_id` the one of
        them that it republishes, None when it is new or itself the origin. A copy of a story that
        an edition has told belongs to that edition. All in one transaction.
        """
        with self._db.write() as db:
            story = twins[0].story if twins else _insert_story(db, found.seen_at)
            number = _insert(db, found, fingerprint, story, origin_id)
            if twins and origin_id is None:
                db.execute("UPDATE article SET copy_of = :id WHERE fingerprint = :f AND id != :id",
                           {"id": number, "f": fingerprint})  # fmt: skip
            _close_link(db, link, found.match.label, number)
        return replace(found, id=number, story=story)

    def revise(
        self,
        link: Link,
        known: Report,
        article: Article,
        match: Match,
        fingerprint: str,
        now: datetime,
    ) -> None:
        """Replace an article's text by its new one; the old one is kept as a revision."""
        with self._db.write() as db:
            db.execute(
                "INSERT INTO revision (article_id, replaced_at, content)"
                " SELECT id, ?, content FROM article WHERE id = ? ON CONFLICT DO NOTHING",
                (stamp(now), known.id),
            )
            db.execute(
                "UPDATE article SET content = ?, match = ?, label = ?, score = ?, fingerprint = ? WHERE id = ?",
                (
                    _dump(article),
                    _MATCH.dump_json(match).decode(),
                    match.label,
                    match.score,
                    fingerprint,
                    known.id,
                ),
            )
            db.execute("DELETE FROM article_text WHERE rowid = ?", (known.id,))
            _index(db, known.id, article)
            _close_link(db, link, match.label, known.id)

    def same(self, link: Link, known: Report) -> None:
        """Write down that a link leads to an article that is stored already, unchanged."""
        with self._db.write() as db:
            mine = db.execute("SELECT article_id FROM link WHERE key = ?", (urls.key(link.url),)).fetchone()
            own = mine and mine["article_id"] == known.id
            _close_link(db, link, known.match.label, known.id, outcome=None if own else Outcome.SAME)

    def untold(self, after: datetime, until: datetime, *, mentions: bool = False) -> list[Report]:
        """Return campaign articles (and `mentions`) of a span of time whose story no edition has told yet."""
        labels = "IN ('campaign', 'mentions')" if mentions else "= 'campaign'"
        return self._reports(
            f"WHERE article.edition IS NULL AND article.label {labels}"
            " AND article.dated_at > :after AND article.dated_at <= :until ORDER BY article.id",
            {"after": stamp(after), "until": stamp(until)},
        )

    def search(self, text: str, limit: int, *, every: bool = False) -> list[Report]:
        """Return stored articles that hold all words of `text`, with or without marks, best first.

        Words in quotes must stand together. Rejected articles are left out unless `every`.
        """
        words = [phrase or word for phrase, word in re.findall(r'"([^"]+)"|(\S+)', text)]
        query = " ".join(f'"{term}"' for word in words if (term := re.sub(r"[^\w\s]+", " ", fold(word)).strip()))
        if not query:
            return []
        return self._reports(
            "JOIN article_text ON article_text.rowid = article.id WHERE article_text MATCH :query"
            " AND (:every OR article.label != 'not')"
            " ORDER BY bm25(article_text, 4.0, 1.0), article.id DESC LIMIT :limit",
            {"query": query, "limit": limit, "every": every},
        )

    def export(self, since: datetime | None, until: datetime | None, labels: Iterable[Label]) -> Iterator[Report]:
        """Return stored articles of a span of time with one of `labels`, oldest first."""
        rows = self._db.each(
            _REPORT + " WHERE article.label IN (SELECT value FROM json_each(:labels))"  # noqa: S608 - constants
            " AND article.dated_at >= :since AND article.dated_at < :until ORDER BY article.dated_at, article.id",
            {
                "labels": json.dumps(list(labels)),
                "since": stamp(since) if since else -(2**62),
                "until": stamp(until) if until else 2**62,
            },
        )
        return (_report(row) for row in rows)

    def count(self) -> dict[Label, int]:
        """Return how many articles of each label are stored."""
        rows = self._db.read("SELECT label, count(*) AS number FROM article GROUP BY label")
        return {Label(row["label"]): row["number"] for row in rows}

    def review(self, limit: int) -> list[Report]:
        """Return the newest articles that only mention the campaign, for a person to look through."""
        return self._reports(
            "WHERE article.label = 'mentions' ORDER BY article.dated_at DESC LIMIT :limit",
            {"limit": limit},
        )

    def revisions(self) -> int:
        """Return how many earlier texts are kept."""
        return int(self._db.read("SELECT count(*) AS number FROM revision")[0]["number"])

    def _reports(self, rest: str, values: dict[str, object]) -> list[Report]:
        return [_report(row) for row in self._db.read(f"{_REPORT} {rest}", values)]


def _dump(article: Article) -> str:
    return _ARTICLE.dump_json(article).decode()


def _report(row: Row) -> Report:
    return Report(
        id=row["id"],
        story=row["story_id"],
        source=row["source"],
        source_province=row["source_province"],
        article=_ARTICLE.validate_json(row["content"]),
        match=_MATCH.validate_json(row["match"]),
        seen_at=moment(row["seen_at"]),
        copy_of=row["copy_url"] or "",
    )


def _insert_story(db: Connection, now: datetime) -> int:
    return int(db.execute("INSERT INTO story (begun_at) VALUES (?) RETURNING id", (stamp(now),)).fetchone()[0])


def _insert(db: Connection, found: Report, fingerprint: str, story: int, origin_id: int | None) -> int:
    row = db.execute(
        "INSERT INTO article (key, source_id, story_id, copy_of, fingerprint, label, score, dated_at, seen_at,"
        " source_province, content, match, edition) SELECT ?, id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " (SELECT max(edition) FROM article WHERE story_id = ?) FROM source WHERE name = ? RETURNING id",
        (urls.key(found.article.url), story, origin_id, fingerprint, found.match.label, found.match.score,
         stamp(found.dated), stamp(found.seen_at), found.source_province, _dump(found.article),
         _MATCH.dump_json(found.match).decode(), story, found.source),
    ).fetchone()  # fmt: skip
    number = int(row["id"])
    _index(db, number, found.article)
    return number


def _index(db: Connection, number: int, article: Article) -> None:
    text = "\n".join((article.lead, *article.body, *article.provinces_now, *article.documents))
    db.execute(
        "INSERT INTO article_text (rowid, title, text) VALUES (?, ?, ?)",
        (number, fold(article.title), fold(text)),
    )


def _close_link(db: Connection, link: Link, label: Label, number: int, outcome: Outcome | None = None) -> None:
    outcome = outcome or (Outcome.REJECTED if label is Label.NOT else Outcome.KEPT)
    db.execute(
        "UPDATE link SET outcome = ?, detail = '', tries = tries + 1, article_id = ? WHERE key = ?",
        (outcome, number, urls.key(link.url)),
    )
