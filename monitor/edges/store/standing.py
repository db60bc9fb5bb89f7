"""How sources fare: what their rounds gave over time, and the pages kept for comparison."""

import json
import zlib
from collections import defaultdict
from datetime import date, datetime, timedelta

from monitor.edges.store.database import Database, Row, Transaction, moment, moment_or_none, stamp
from monitor.errors import TooHardError
from monitor.models import Health, Kind, Page, Round, Specimen, State, TooHard

_VOLUME_SHOWN, _VOLUME_KEPT = timedelta(days=60), timedelta(days=400)
_TOO_HARD_SHOWN = timedelta(days=2)
_LARGEST_SPECIMEN = 300_000  # bytes, packed
_SPECIMEN_LASTS = timedelta(days=1)  # a good page is not replaced more often


class Standing:
    """Rows `volume` and `specimen`, and of `source` what tells how it fares."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def health(self, now: datetime) -> list[Health]:
        """Return how every source fares, by name; volumes of the last two months."""
        rows = self._db.read(
            "SELECT source.*, coalesce(told.number, 0) AS articles, coalesce(left_over.number, 0) AS waiting,"
            " coalesce(stuck.number, 0) AS stuck, coalesce(stuck.detail, '') AS stuck_because"
            " FROM source"
            " LEFT JOIN (SELECT source_id, count(*) AS number FROM article WHERE label = 'campaign'"
            " GROUP BY source_id) AS told ON told.source_id = source.id"
            " LEFT JOIN (SELECT source_id, count(*) AS number FROM link WHERE outcome IN ('pending', 'retry')"
            " GROUP BY source_id) AS left_over ON left_over.source_id = source.id"
            " LEFT JOIN (SELECT source_id, count(*) AS number, max(detail) AS detail FROM link"
            " WHERE outcome = 'retry' GROUP BY source_id) AS stuck ON stuck.source_id = source.id"
            " ORDER BY name"
        )
        volumes = defaultdict[int, list[tuple[date, int]]](list)
        since = (now - _VOLUME_SHOWN).date().isoformat()
        for row in self._db.read("SELECT * FROM volume WHERE date >= :since ORDER BY date", {"since": since}):
            volumes[row["source_id"]].append((date.fromisoformat(row["date"]), row["new"]))
        too_hard = self._too_hard(now)
        return [_health(row, volumes[row["id"]], too_hard.get(row["id"])) for row in rows]

    def _too_hard(self, now: datetime) -> dict[int, TooHard]:
        """Return, by source (id), the last page of the last days at which its reader had to be stopped."""
        rows = self._db.read(
            "SELECT * FROM link WHERE outcome IN ('retry', 'given_up') AND next_try_at >= :since"
            " AND detail LIKE :signs ORDER BY next_try_at, url",
            {"since": stamp(now - _TOO_HARD_SHOWN), "signs": f"{TooHardError.SIGN}%"},
        )
        return {r["source_id"]: TooHard(r["url"], r["detail"], moment(r["found_at"]), r["tries"]) for r in rows}

    def specimens(self, name: str) -> list[Specimen]:
        """Return the pages of a source that are kept for comparison, the good one first."""
        rows = self._db.read(
            "SELECT specimen.* FROM specimen JOIN source ON source.id = source_id WHERE name = :name"
            " ORDER BY good DESC",
            {"name": name},
        )
        return [
            Specimen(
                Page(row["url"], zlib.decompress(row["content"]), row["content_type"]),
                good=bool(row["good"]),
                seen_at=moment(row["seen_at"]),
            )
            for row in rows
        ]


def _health(row: Row, volume: list[tuple[date, int]], too_hard: TooHard | None) -> Health:
    return Health(
        source=row["name"],
        kind=Kind(row["kind"]) if row["kind"] else None,
        state=State(row["state"]) if row["state"] else None,
        reason=row["reason"],
        failures=row["failures"],
        last_poll_at=moment_or_none(row["last_poll_at"]),
        last_good_at=moment_or_none(row["last_good_at"]),
        next_poll_at=moment(row["next_poll_at"]),
        articles=row["articles"],
        waiting=row["waiting"],
        paused_at=moment_or_none(row["paused_at"]),
        interval=timedelta(milliseconds=row["interval_ms"]) if row["interval_ms"] else None,
        possible_gaps=row["possible_gaps"],
        gap_at=moment_or_none(row["gap_at"]),
        behind=moment_or_none(row["behind_since"]),
        unfilled_gaps=row["unfilled_gaps"],
        unfilled=(moment(row["unfilled_from"]), moment(row["unfilled_until"])) if row["unfilled_from"] else None,
        pages=tuple(json.loads(row["pages"])),
        landed=row["landed"],
        misdated=bool(row["misdated"]),
        volume=tuple(volume),
        stuck=row["stuck"],
        stuck_because=row["stuck_because"],
        too_hard=too_hard,
    )


def count_day(db: Transaction, done: Round, now: datetime) -> None:
    """Add what a round brought to its day; days long past are forgotten."""
    db.execute(
        "INSERT INTO volume (source_id, date, new) SELECT id, ?, ? FROM source WHERE name = ?"
        " ON CONFLICT (source_id, date) DO UPDATE SET new = volume.new + excluded.new",
        (now.date().isoformat(), done.new, done.source),
    )
    db.execute(
        "DELETE FROM volume WHERE source_id = (SELECT id FROM source WHERE name = ?) AND date < ?",
        (done.source, (now - _VOLUME_KEPT).date().isoformat()),
    )


def keep_specimen(db: Transaction, name: str, one: Specimen) -> None:
    """Keep a page: a good one in place of one a day old, and of the bad one; a bad one if there is none."""
    packed = zlib.compress(one.page.content, 6)
    if len(packed) > _LARGEST_SPECIMEN:
        return
    if one.good:
        db.execute(
            "DELETE FROM specimen WHERE good = 0 AND source_id = (SELECT id FROM source WHERE name = ?)", (name,)
        )
    db.execute(
        "INSERT INTO specimen (source_id, good, seen_at, url, content_type, content)"
        " SELECT id, ?, ?, ?, ?, ? FROM source WHERE name = ?"
        " ON CONFLICT (source_id, good) DO UPDATE SET seen_at = excluded.seen_at, url = excluded.url,"
        " content_type = excluded.content_type, content = excluded.content"
        " WHERE excluded.good = 1 AND specimen.seen_at < ?",
        (int(one.good), stamp(one.seen_at), one.page.url, one.page.content_type, packed, name,
         stamp(one.seen_at - _SPECIMEN_LASTS)),
    )  # fmt: skip
