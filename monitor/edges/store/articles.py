"""Articles with their story and copies, their revisions, the search, the export."""

from collections.abc import Generator, Iterable
from datetime import datetime

from monitor import urls
from monitor.edges.store import traces, words
from monitor.edges.store.database import Database, Transaction, stamp
from monitor.edges.store.placing import Places
from monitor.edges.store.reports import REPORT, content, read_report, reasons
from monitor.errors import StoreError
from monitor.models import (
    Fingerprint,
    Label,
    Link,
    Outcome,
    Placement,
    Report,
)

_TOGETHER = 80  # articles of the stories next to one; the events of one day are fewer


class Articles:
    """Rows `article`, `story`, `revision` and the index `article_text`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, url: str) -> Report | None:
        """Return the article of an address in any of its spellings."""
        return next(iter(self._reports("WHERE article.key = :key", {"key": urls.key(url)})), None)

    def together(self, numbers: Iterable[int]) -> list[Report]:
        """Return the articles of the stories in which these articles (ids) stand, the newest of very many."""
        return self._reports(
            "WHERE article.story_id IN (SELECT story_id FROM article WHERE id IN (SELECT value FROM json_each(:ids)))"
            " ORDER BY article.id DESC LIMIT :most",
            {"ids": list(numbers), "most": _TOGETHER},
        )

    def newest(self) -> int:
        """Return the id of the article that was stored last, 0 when there is none."""
        return int(self._db.read("SELECT coalesce(max(id), 0) AS id FROM article")[0]["id"])

    def members(self, stories: Iterable[int]) -> dict[int, int]:
        """Return the story in which each article stands, for all that stand in some stories."""
        rows = self._db.read(
            "SELECT id, story_id FROM article WHERE story_id IN (SELECT value FROM json_each(:stories))",
            {"stories": list(stories)},
        )
        return {row["id"]: row["story_id"] for row in rows}

    def keep(self, link: Link, found: Report, fingerprint: Fingerprint, places: Iterable[Placement]) -> Report:
        """Store an article with its story, its traces, its words and its link, in one transaction.

        `found` comes with id and story 0; `places` says where it belongs, and which articles stored
        before move on its account. What joins a story that an edition has told belongs to that edition.
        Raises StoreError when its source was renamed while it was read: the link waits under the new name.
        """
        places = list(places)
        with self._db.write() as db:
            moves = Places(db, found.seen_at)
            own = next(place for place in places if not place.article)
            number = _insert(db, found, fingerprint, moves.story(own))
            moves.carry_out(places, number)
            _close_link(db, link, found.match.label, number)
        return self._reports("WHERE article.id = :id", {"id": number})[0]

    def place(self, places: Iterable[Placement], now: datetime) -> None:
        """Move articles to where they belong; one that an edition has told stays where it is."""
        with self._db.write() as db:
            Places(db, now).carry_out(places)

    def revise(
        self,
        link: Link,
        revised: Report,
        before: Fingerprint,
        after: Fingerprint,
        now: datetime,
    ) -> None:
        """Replace an article's text and traces by those of `revised`; the old text is kept as a revision."""
        article, match = revised.article, revised.match
        with self._db.write() as db:
            db.execute(
                "INSERT INTO revision (article_id, replaced_at, content)"
                " SELECT id, ?, content FROM article WHERE id = ? ON CONFLICT DO NOTHING",
                (stamp(now), revised.id),
            )
            db.execute(
                "UPDATE article SET content = ?, match = ?, label = ?, score = ? WHERE id = ?",
                (content(article), reasons(match), match.label, match.score, revised.id),
            )
            traces.remove(db, revised.id, before.shingles, before.clues)
            traces.add(db, revised.id, after.shingles, after.clues)
            words.replace(db, revised.id, article)
            _close_link(db, link, match.label, revised.id)

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

    def late(self, after: datetime, since: datetime, until: datetime) -> list[Report]:
        """Return untold campaign articles dated after `after` and not after `since`, found by `until`.

        Only those that appeared on a source after its first good round: what a source held when it
        was first read, or a poll fetched from its past, is its backlog and never told.
        """
        return self._reports(
            "WHERE article.edition IS NULL AND article.label = 'campaign' AND article.dated_at > :after"
            " AND article.dated_at <= :since AND article.seen_at <= :until"
            " AND NOT EXISTS (SELECT 1 FROM link WHERE link.key = article.key AND link.backlog = 1) AND"
            " coalesce((SELECT found_at FROM link WHERE link.key = article.key), article.seen_at) >"
            " (SELECT min(ended_at) FROM round WHERE source_id = article.source_id AND state != 'unreadable')"
            " ORDER BY article.id",
            {"after": stamp(after), "since": stamp(since), "until": stamp(until)},
        )

    def search(self, text: str, limit: int, *, every: bool = False) -> list[Report]:
        """Return stored articles that hold all words of `text`, with or without marks.

        First those whose title holds most of them, then the newest. Words in quotes must stand
        together. Rejected articles are left out unless `every`.
        """
        phrases = words.phrases(text)
        if not phrases:
            return []
        condition, values = self._db.holding(phrases)
        titles = {f"title{number}": f"% {phrase} %" for number, phrase in enumerate(phrases)}
        hits = " + ".join(
            f"CASE WHEN ' ' || article_text.title || ' ' LIKE :{name} THEN 1 ELSE 0 END" for name in titles
        )
        return self._reports(
            f"JOIN article_text ON article_text.rowid = article.id WHERE {condition}"
            f" AND (:every = 1 OR article.label != 'not')"
            f" ORDER BY {hits} DESC, article.dated_at DESC, article.id DESC LIMIT :limit",
            {**values, **titles, "limit": limit, "every": every},
        )

    def export(
        self, since: datetime | None, until: datetime | None, labels: Iterable[Label]
    ) -> Generator[Report, None, None]:
        """Return stored articles of a span of time with one of `labels`, oldest first."""
        rows = self._db.each(
            REPORT + " WHERE article.label IN (SELECT value FROM json_each(:labels))"  # noqa: S608 - constants
            " AND article.dated_at >= :since AND article.dated_at < :until ORDER BY article.dated_at, article.id",
            {
                "labels": list(labels),
                "since": stamp(since) if since else -(2**62),
                "until": stamp(until) if until else 2**62,
            },
        )
        return (read_report(row) for row in rows)

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

    def revision_count(self) -> int:
        """Return how many earlier texts are kept."""
        return int(self._db.read("SELECT count(*) AS number FROM revision")[0]["number"])

    def _reports(self, rest: str, values: dict[str, object]) -> list[Report]:
        return [read_report(row) for row in self._db.read(f"{REPORT} {rest}", values)]


def _insert(db: Transaction, found: Report, fingerprint: Fingerprint, story: int) -> int:
    row = db.execute(
        "INSERT INTO article (key, source_id, story_id, label, score, dated_at, seen_at,"
        " source_province, content, match) SELECT ?, id, ?, ?, ?, ?, ?, ?, ?, ? FROM source WHERE name = ?"
        " RETURNING id",
        (urls.key(found.article.url), story, found.match.label, found.match.score,
         stamp(found.dated), stamp(found.seen_at), found.source_province, content(found.article),
         reasons(found.match), found.source),
    ).fetchone()  # fmt: skip
    if row is None:
        raise StoreError(f"{found.source}: has another name since; its pages are read under that")
    number = int(row["id"])
    words.add(db, number, found.article)
    traces.add(db, number, fingerprint.shingles, fingerprint.clues)
    return number


def _close_link(db: Transaction, link: Link, label: Label, number: int, outcome: Outcome | None = None) -> None:
    outcome = outcome or (Outcome.REJECTED if label is Label.NOT else Outcome.KEPT)
    db.execute(
        "UPDATE link SET outcome = ?, detail = '', tries = tries + 1, article_id = ? WHERE key = ?",
        (outcome, number, urls.key(link.url)),
    )
