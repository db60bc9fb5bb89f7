"""What is remembered of sources and of the rounds made to them."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.edges.store import standing
from monitor.edges.store.database import Database, Transaction, milliseconds, moment_or_none, stamp, stamp_or_none
from monitor.models import Kind, Memory, Round, Source, Specimen, State


class Sources:
    """Rows `source` and `round`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def enrol(self, names: Iterable[str], now: datetime) -> None:
        """Make a row for each source that has none yet; nothing is forgotten of the others."""
        names = list(names)
        fresh = set(names) - self._addresses(names).keys()
        if not fresh:
            return
        with self._db.write() as db:
            db.executemany(
                "INSERT INTO source (name, first_seen_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                [(name, stamp(now)) for name in names if name in fresh],
            )

    def _addresses(self, names: Iterable[str]) -> dict[str, str]:
        """Return at which address each source was last watched; those that have no row are left out."""
        rows = self._db.read(
            "SELECT name, url FROM source WHERE name IN (SELECT value FROM json_each(:names))", {"names": list(names)}
        )
        return {row["name"]: row["url"] for row in rows}

    def follow_moves(self, sources: Iterable[Source]) -> None:
        """Let a source keep its history under a new name (`aliases`), and start afresh at a new address.

        What is remembered of the listing at the old address says nothing of the new one.
        """
        sources = list(sources)
        known = self._addresses(name for source in sources for name in (source.name, *source.aliases))
        moved = [
            source
            for source in sources
            if known.get(source.name) != source.url or known.keys() & (set(source.aliases) - {source.name})
        ]
        if not moved:
            return
        with self._db.write() as db:
            for source in moved:
                for alias in set(source.aliases) - {source.name}:
                    _merge(db, alias, source.name)
                db.execute(
                    "UPDATE source SET etag = '', last_modified = '', listing_hash = '', items = '[]', failures = 0,"
                    " landed = '', misdated = 0, behind_since = NULL, quiet_hours = '[]',"
                    " next_poll_at = 0 WHERE name = ? AND url NOT IN ('', ?)",
                    (source.name, source.url),
                )
                db.execute(
                    "UPDATE source SET url = ? WHERE name = ? AND url <> ?", (source.url, source.name, source.url)
                )

    def first_seen(self) -> datetime | None:
        """Return when the program first had a source: no edition is owed for the time before."""
        return moment_or_none(self._db.read("SELECT min(first_seen_at) AS at FROM source")[0]["at"])

    def newest_round(self) -> datetime | None:
        """Return when the last round ended."""
        return moment_or_none(self._db.read("SELECT max(ended_at) AS at FROM round")[0]["at"])

    def memory(self, name: str) -> Memory:
        """Return what the last good round of a source left behind."""
        row = self._db.read("SELECT * FROM source WHERE name = :name", {"name": name})[0]
        kind = Kind(row["kind"]) if row["kind"] else None
        return Memory(
            kind=kind,
            etag=row["etag"],
            last_modified=row["last_modified"],
            listing_hash=row["listing_hash"],
            failures=row["failures"],
            items=frozenset(json.loads(row["items"])),
            interval=timedelta(milliseconds=row["interval_ms"]) if row["interval_ms"] else None,
            pages=tuple(json.loads(row["pages"])),
            landed=row["landed"],
            misdated=bool(row["misdated"]),
            good_at=moment_or_none(row["last_good_at"]),
            behind=moment_or_none(row["behind_since"]),
            gap_at=moment_or_none(row["gap_at"]),
            first_seen=moment_or_none(row["first_seen_at"]),
            unfilled_at=moment_or_none(row["unfilled_until"]),
            quiet=frozenset(json.loads(row["quiet_hours"])),
        )

    def last_news(self, name: str) -> datetime | None:
        """Return the end of the last day (UTC) on which a source brought anything new."""
        (row,) = self._db.read(
            "SELECT max(date) AS date FROM volume JOIN source ON source.id = source_id WHERE name = :name",
            {"name": name},
        )
        return datetime.fromisoformat(f"{row['date']}T00:00:00Z") + timedelta(days=1) if row["date"] else None

    def fall_behind(self, name: str, since: datetime, now: datetime) -> None:
        """Write down, before any of it is kept, that a source has to be read back to a moment."""
        with self._db.write() as db:
            db.execute(
                "UPDATE source SET behind_since = ?, gap_at = ? WHERE name = ?", (stamp(since), stamp(now), name)
            )

    def end_round(
        self,
        done: Round,
        memory: Memory,
        now: datetime,
        next_poll_at: datetime,
        specimens: Iterable[Specimen] = (),
    ) -> None:
        """Write down a round, and with it the validators of a listing whose links are all stored."""
        with self._db.write() as db:
            _remember(db, done, memory, now, next_poll_at)
            db.execute(
                "INSERT INTO round (source_id, ended_at, state, reason, links, new, kept, copies, revised, messages,"
                " seconds) SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM source WHERE name = ?",
                (stamp(now), done.state, done.reason, done.links, done.new, done.kept, done.copies, done.revised,
                 json.dumps(done.messages, ensure_ascii=False), done.seconds, done.source),
            )  # fmt: skip
            if done.new:
                standing.count_day(db, done, now)
            for one in specimens:
                standing.keep_specimen(db, done.source, one)

    def rounds(self, after: datetime, until: datetime) -> list[Round]:
        """Return, of the rounds that ended after one time and not after the other, each source's newest in each state.

        In order. A day of thousands of sources has millions of rounds.
        """
        rows = self._db.read(
            "SELECT name, round.* FROM round JOIN source ON source.id = source_id WHERE round.id IN"
            " (SELECT max(round.id) FROM source CROSS JOIN round WHERE source_id = source.id"
            " AND ended_at > :after AND ended_at <= :until GROUP BY source.id, round.state)"
            " ORDER BY ended_at, round.id",
            {"after": stamp(after), "until": stamp(until)},
        )
        return [
            Round(source=r["name"], state=State(r["state"]), reason=r["reason"], links=r["links"], new=r["new"],
                  kept=r["kept"], copies=r["copies"], revised=r["revised"], seconds=r["seconds"])
            for r in rows
        ]  # fmt: skip


def _remember(db: Transaction, done: Round, memory: Memory, now: datetime, next_poll_at: datetime) -> None:
    """Write down what a round left behind of its source."""
    good = done.state is not State.UNREADABLE
    db.execute(
        "UPDATE source SET kind = ?, etag = ?, last_modified = ?, listing_hash = ?, failures = ?,"
        " items = ?, pages = ?, landed = ?, misdated = ?, state = ?, reason = ?, interval_ms = ?,"
        " last_poll_at = ?, next_poll_at = ?, quiet_hours = ?,"
        " possible_gaps = possible_gaps + ?, behind_since = ?, unfilled_gaps = unfilled_gaps + ?,"
        " unfilled_from = coalesce(?, unfilled_from), unfilled_until = coalesce(?, unfilled_until),"
        " last_good_at = coalesce(?, last_good_at) WHERE name = ?",
        (memory.kind, memory.etag, memory.last_modified, memory.listing_hash, memory.failures,
         json.dumps(sorted(memory.items)), json.dumps(memory.pages), memory.landed, int(memory.misdated),
         done.state, done.reason, milliseconds(memory.interval) if memory.interval else None,
         stamp(now), stamp(next_poll_at),
         json.dumps(sorted(memory.quiet)),
         int(done.gap), stamp_or_none(memory.behind), int(done.unfilled is not None),
         stamp_or_none(done.unfilled), stamp(now) if done.unfilled else None,
         stamp(now) if good else None, done.source),
    )  # fmt: skip


def _merge(db: Transaction, old: str, name: str) -> None:
    """Move everything that is remembered under an old name to a source's present one."""
    rows = db.execute("SELECT id, first_seen_at FROM source WHERE name = ?", (old,)).fetchall()
    for row in rows:
        db.execute("DELETE FROM volume WHERE source_id = ?", (row["id"],))
        db.execute("DELETE FROM specimen WHERE source_id = ?", (row["id"],))
        for table in ("article", "link", "round"):
            db.execute(
                f"UPDATE {table} SET source_id = (SELECT id FROM source WHERE name = ?) WHERE source_id = ?",  # noqa: S608 - the tables named above
                (name, row["id"]),
            )
        db.execute(
            "UPDATE source SET first_seen_at = ? WHERE name = ? AND first_seen_at > ?",
            (row["first_seen_at"], name, row["first_seen_at"]),
        )
        db.execute("DELETE FROM source WHERE id = ?", (row["id"],))
