"""What the archive is made from: told stories by day and province, what came later, and which files stand."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from pydantic import TypeAdapter

from monitor.edges.store.database import Database, Row, Transaction, moment, stamp
from monitor.edges.store.reports import ARTICLE, REPORT, read_report
from monitor.models import Edition, Headline, Placed, Report

_EDITION = TypeAdapter(Edition)


class Shelf:
    """Rows `headline`, and of `edition` what concerns its files."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def between(self, first: date, last: date) -> list[Edition]:
        """Return the editions from one local date to another, both included, oldest first."""
        rows = self._db.read(
            "SELECT content FROM edition WHERE date BETWEEN :first AND :last ORDER BY date",
            {"first": first.isoformat(), "last": last.isoformat()},
        )
        return [_EDITION.validate_json(row["content"]) for row in rows]

    def before(self, day: date) -> date | None:
        """Return the date of the edition before a date."""
        rows = self._db.read("SELECT max(date) AS date FROM edition WHERE date < :day", {"day": day.isoformat()})
        return date.fromisoformat(rows[0]["date"]) if rows[0]["date"] else None

    def closed(self, days: Iterable[date]) -> dict[date, datetime]:
        """Return when the editions of these dates closed."""
        rows = self._db.read(
            "SELECT date, closed_at FROM edition WHERE date IN (SELECT value FROM json_each(:days))",
            {"days": [day.isoformat() for day in days]},
        )
        return {date.fromisoformat(row["date"]): moment(row["closed_at"]) for row in rows}

    def counts(self, first: date, last: date) -> dict[date, int]:
        """Return how many stories the edition of each date told, 0 for an empty one."""
        rows = self._db.read(
            "SELECT date, (SELECT count(DISTINCT story) FROM headline WHERE edition = date) AS stories"
            " FROM edition WHERE date BETWEEN :first AND :last ORDER BY date",
            {"first": first.isoformat(), "last": last.isoformat()},
        )
        return {date.fromisoformat(row["date"]): row["stories"] for row in rows}

    def by_province(self, first: date, last: date) -> dict[str, int]:
        """Return how many stories of each province were told from one date to another, most first.

        '' is the whole country.
        """
        rows = self._db.read(
            "SELECT province, count(*) AS stories FROM headline WHERE edition BETWEEN :first AND :last"
            " GROUP BY province ORDER BY stories DESC, province",
            {"first": first.isoformat(), "last": last.isoformat()},
        )
        return {row["province"]: row["stories"] for row in rows}

    def headlines(self, province: str, limit: int) -> list[Headline]:
        """Return the newest told stories of a province."""
        rows = self._db.read(
            "SELECT * FROM headline WHERE province = :province ORDER BY edition DESC, story DESC LIMIT :limit",
            {"province": province, "limit": limit},
        )
        return [Headline(date.fromisoformat(r["edition"]), r["story"], r["title"], r["papers"]) for r in rows]

    def files(self, day: date) -> dict[str, str]:
        """Return the SHA-256 of an edition's files as they were last written, by ending."""
        rows = self._db.read("SELECT files FROM edition WHERE date = :day", {"day": day.isoformat()})
        found: dict[str, str] = json.loads(rows[0]["files"]) if rows else {}
        return found

    def archived(self, day: date, files: dict[str, str], now: datetime) -> None:
        """Write down which files of an edition stand since when."""
        with self._db.write() as db:
            db.execute(
                "UPDATE edition SET files = ?, archived_at = ? WHERE date = ?",
                (json.dumps(files, sort_keys=True), stamp(now), day.isoformat()),
            )

    def overtaken(self) -> list[date]:
        """Return the dates of editions of whose stories something became known after their files were written."""
        rows = self._db.read(
            "SELECT DISTINCT date FROM edition JOIN article ON article.edition = date"
            " AND article.seen_at > archived_at AND article.seen_at > closed_at"
            " WHERE archived_at > 0 AND article.label != 'not'"
            " UNION SELECT DISTINCT date FROM revision JOIN article ON article.id = article_id"
            " JOIN edition ON date = article.edition"
            " WHERE archived_at > 0 AND replaced_at > archived_at AND replaced_at > closed_at"
        )
        return sorted(date.fromisoformat(row["date"]) for row in rows)

    def joined(self, day: date) -> list[Report]:
        """Return the reports of an edition's stories that came after it closed."""
        rows = self._db.read(
            REPORT + " JOIN edition ON date = article.edition WHERE date = :day"
            " AND article.seen_at > closed_at AND article.label != 'not' ORDER BY article.seen_at, article.id",
            {"day": day.isoformat()},
        )
        return [read_report(row) for row in rows]

    def revised(self, day: date) -> list[tuple[Report, datetime]]:
        """Return the articles an edition told whose text changed since it closed, and when it last did."""
        rows = self._db.read(
            REPORT  # noqa: S608 - constants
            + " JOIN edition ON date = article.edition WHERE date = :day AND article.seen_at <= closed_at"
            " AND EXISTS (SELECT 1 FROM revision WHERE article_id = article.id AND replaced_at > closed_at)"
            " ORDER BY article.id",
            {"day": day.isoformat()},
        )
        return [(read_report(row), self._last_change(row)) for row in rows]

    def _last_change(self, row: Row) -> datetime:
        found = self._db.read("SELECT max(replaced_at) AS at FROM revision WHERE article_id = :id", {"id": row["id"]})
        return moment(found[0]["at"])

    def as_told(self, placed: Placed, closed_at: datetime) -> Report | None:
        """Return an article as it was when an edition closed: its text, story and origin of that time."""
        rows = self._db.read(f"{REPORT} WHERE article.id = :id", {"id": placed.id})
        if not rows:
            return None
        report = replace(read_report(rows[0]), story=placed.story, copy_of=placed.copy_of)
        old = self._db.read(
            "SELECT content FROM revision WHERE article_id = :id AND replaced_at > :closed"
            " ORDER BY replaced_at LIMIT 1",
            {"id": placed.id, "closed": stamp(closed_at)},
        )
        return replace(report, article=ARTICLE.validate_json(old[0]["content"])) if old else report


def list_headlines(db: Transaction, edition: Edition) -> None:
    """Write the rows `headline` of an edition within the caller's transaction."""
    db.executemany(
        "INSERT INTO headline (province, edition, story, title, papers) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (province, edition.date.isoformat(), story.id, story.title, story.papers)
            for story in edition.told
            for province in story.provinces or ("",)
        ],
    )
