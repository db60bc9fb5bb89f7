"""How an article is kept in its row, and read back as a report."""

from datetime import date

from pydantic import TypeAdapter

from monitor.edges.store.database import Row, moment
from monitor.models import Article, Match, Relation, Report

ARTICLE, MATCH = TypeAdapter(Article), TypeAdapter(Match)
REPORT = (
    "SELECT article.*, source.name AS source, json_extract(origin.content, '$.url') AS copy_url FROM article"
    " JOIN source ON source.id = article.source_id LEFT JOIN article AS origin ON origin.id = article.copy_of"
)
"""The beginning of a query for whole reports; conditions follow."""


def content(article: Article) -> str:
    """Return an article as JSON, as it is stored."""
    return ARTICLE.dump_json(article).decode()


def reasons(match: Match) -> str:
    """Return why an article was kept or not as JSON, as it is stored."""
    return MATCH.dump_json(match).decode()


def read_report(row: Row) -> Report:
    """Return a row of REPORT as a report."""
    return Report(
        id=row["id"],
        story=row["story_id"],
        source=row["source"],
        source_province=row["source_province"],
        article=ARTICLE.validate_json(row["content"]),
        match=MATCH.validate_json(row["match"]),
        seen_at=moment(row["seen_at"]),
        copy_of=row["copy_url"] or "",
        relation=Relation(row["relation"]),
        because=row["because"],
        edition=date.fromisoformat(row["edition"]) if row["edition"] else None,
    )
