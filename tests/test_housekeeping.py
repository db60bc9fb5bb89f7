"""What the service does for its store: copies in time, forgetting without fetching again, no polls without room."""

import asyncio
import resource
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.app import App
from monitor.doctor import examine
from monitor.edges.store import Store, backup, ballast
from monitor.edges.store.sqlite import Sqlite
from monitor.errors import StoreError
from monitor.housekeeping import keep_house, tell_held, why_not_store
from monitor.models import Edition, Label, Link, Memory, Outcome, Relation, Round, State
from tests.conftest import Run, environment, in_sqlite, on_both, write_config
from tests.loopback import Loopback
from tests.newsroom import publish, report
from tests.test_backup import NAME, damage, fill

YEAR = timedelta(days=365)


def house(app: App, store: Store, now: datetime) -> None:
    """Keep house at a time."""
    asyncio.run(keep_house(replace(app, clock=lambda: now), store))


@in_sqlite("a server's databases are copied by its own tools")
def test_a_copy_is_made_once_a_day_and_old_ones_go(app_for: Any, now: datetime) -> None:  # noqa: ANN401 - a fixture
    app = app_for((NAME, "http://127.0.0.1:9/"), more="store: {keep: 2, weekly: 0}")
    with app.store() as store:
        fill(store, now, 1)
        for hours in range(0, 24 * 5, 6):
            house(app, store, now + timedelta(hours=hours))
        made = list(backup.copies(app.backups).values())
        assert made == [now + timedelta(days=3), now + timedelta(days=4)]
        house(app, store, now - timedelta(days=900))
        assert len(backup.copies(app.backups)) == 2, "a clock set back makes one, and the newest stay"


@in_sqlite("a server's databases are copied by its own tools")
def test_backups_can_be_turned_off_and_a_failed_one_is_tried_again_after_an_hour(app_for: Any, now: datetime) -> None:  # noqa: ANN401
    app = app_for((NAME, "http://127.0.0.1:9/"), more="store: {backup: 0s}")
    with app.store() as store:
        fill(store, now, 1)
        house(app, store, now)
        assert not app.backups.exists()
        daily = app_for((NAME, "http://127.0.0.1:9/"))
        daily.backups.write_text("in the way")
        with pytest.raises(StoreError, match="no copy could be made"):
            house(daily, store, now)
        assert ["Không sao lưu được" in one.text for one in store.alerts.waiting()] == [True]
        house(daily, store, now + timedelta(minutes=30))
        daily.backups.unlink()
        house(daily, store, now + timedelta(minutes=61))
        assert len(backup.copies(daily.backups)) == 1
        assert store.alerts.waiting() == []


@in_sqlite("a server's databases are copied by its own tools")
def test_doctor_says_when_the_newest_backup_is_old(app_for: Any, now: datetime, tmp_path: Path) -> None:  # noqa: ANN401
    app = app_for((NAME, "http://127.0.0.1:9/"))
    with app.store() as store:
        fill(store, now, 1)
        house(app, store, now)
    for days, well in ((1, True), (4, False)):
        found = {one.name: one.ok for one in examine(tmp_path / "sources.yaml", now + timedelta(days=days))}
        assert found["backups"] is well


def test_what_is_rejected_is_forgotten_but_never_fetched_again(store: Store, now: datetime) -> None:
    store.sources.enrol([NAME], now)
    fill(store, now, 1)
    rejected, told, origin = (report(number, now) for number in (2, 3, 4))
    for one in (rejected, told, origin):
        reject(store, one, now)
    dead = Link("https://bao.example/chet-9.html", title="Một trang đã mất")
    store.links.remember(NAME, [dead], now)
    store.links.close(dead, Outcome.GONE, "404 Not Found")
    store.editions.add(Edition(now.date(), "x", (), ()), [found(store, told).id], now, None, ())
    with store.database.write() as db:
        db.execute("UPDATE article SET copy_of = ? WHERE label = 'campaign'", (found(store, origin).id,))
    assert store.retention.rejected(now - timedelta(days=1)) == 0
    assert store.retention.rejected(now + YEAR) == 1
    assert store.retention.words(now + YEAR) > 0
    assert (store.retention.rejected(now + YEAR), store.retention.words(now + YEAR)) == (0, 0)
    kept = {one.article.url for one in store.articles.export(None, None, [Label.NOT])}
    assert kept == {told.article.url, origin.article.url}
    assert store.articles.count()[Label.CAMPAIGN] == 1
    later = now + 2 * YEAR
    again = [dead, *(Link(one.article.url) for one in (rejected, told, origin))]
    assert store.links.remember(NAME, again, later) == 0
    assert store.links.to_follow(NAME, later, 10) == []
    assert "Một trang đã mất" not in [row["title"] for row in store.database.read("SELECT title FROM link")]
    store.check()


async def test_after_forgetting_no_row_anywhere_names_an_article_that_is_gone(
    store: Store,
    app_for: Any,  # noqa: ANN401 - a fixture
    now: datetime,
) -> None:
    app = app_for((NAME, "http://127.0.0.1:9/"), more="store: {backup: 0s, forget: {rejected: 30d, rounds: 30d}}")
    store.sources.enrol([NAME], now)
    for number in range(6):
        reject(store, report(number, now), now)
    fill(store, now, *range(6, 9))
    with store.database.write() as db:
        db.execute("INSERT INTO revision SELECT id, seen_at, content FROM article")
    places = naming_articles(store)
    assert {"shingle.article_id", "clue.article_id", "link.article_id", "article_text.rowid"} <= set(places)
    before = {place: len(rows) for place, rows in places.items()}
    await keep_house(replace(app, clock=lambda: now + YEAR), store)
    known = numbers(store, "article", "id")
    after = naming_articles(store)
    assert len(known) == 3
    assert all(rows <= known for rows in after.values()), after
    assert all(0 < len(rows) <= before[place] for place, rows in after.items() if before[place])
    assert numbers(store, "story", "id") == numbers(store, "article", "story_id")


def naming_articles(store: Store) -> dict[str, set[int]]:
    """Return the articles that rows name, by table and column, in whatever table there is a column for it."""
    columns = (
        "SELECT m.name AS tab, i.name AS col FROM sqlite_master AS m, pragma_table_info(m.name) AS i"
        if isinstance(store.database, Sqlite)
        else "SELECT table_name AS tab, column_name AS col FROM information_schema.columns"
        " WHERE table_schema = 'diembao'"
    )
    places = {(row["tab"], row["col"]) for row in store.database.read(columns)}
    named = {place for place in places if place[1] in {"article_id", "copy_of"}} | {("article_text", "rowid")}
    return {f"{table}.{column}": numbers(store, table, column) for table, column in named}


def numbers(store: Store, table: str, column: str) -> set[int]:
    """Return the values of a column, those that are NULL left out."""
    rows = store.database.read(f"SELECT {column} AS number FROM {table}")  # noqa: S608 - names of our own
    return {row["number"] for row in rows} - {None}


def reject(store: Store, one: Any, now: datetime) -> None:  # noqa: ANN401 - a report
    """Store a report as one that was read and rejected."""
    fill(store, now, one.id)
    with store.database.write() as db:
        db.execute("UPDATE article SET label = 'not' WHERE key LIKE ?", (f"%tin-{one.id}.html",))
        db.execute("UPDATE link SET outcome = 'rejected' WHERE key LIKE ?", (f"%tin-{one.id}.html",))


def found(store: Store, one: Any) -> Any:  # noqa: ANN401 - a report
    known = store.articles.find(one.article.url)
    assert known is not None
    return known


def test_of_the_rounds_the_first_good_one_and_the_last_stay(store: Store, now: datetime) -> None:
    store.sources.enrol([NAME], now)
    states = [State.UNREADABLE, State.ON_TOPIC, State.SILENT, State.SILENT, State.UNREADABLE]
    for hour, state in enumerate(states):
        at = now + timedelta(hours=hour)
        store.sources.end_round(Round(NAME, state), Memory(), at, at)
    assert store.retention.rounds(now + YEAR) == 3
    left = [one.state for one in store.sources.rounds(now - YEAR, now + YEAR)]
    assert left == [State.ON_TOPIC, State.UNREADABLE]


def test_earlier_texts_go_only_of_articles_that_no_edition_told(store: Store, now: datetime) -> None:
    fill(store, now, 1, 2)
    first, second = (found(store, report(number, now)) for number in (1, 2))
    with store.database.write() as db:
        db.execute("INSERT INTO revision SELECT id, seen_at, content FROM article")
    store.editions.add(Edition(date(2026, 11, 21), "x", (), ()), [first.id], now, None, ())
    assert store.retention.revisions(now + YEAR) == 1
    assert [row["article_id"] for row in store.database.read("SELECT article_id FROM revision")] == [first.id]
    assert second.relation is Relation.ORIGIN


@on_both
def test_a_store_that_can_be_written_holds_no_poll_up(app_for: Any, now: datetime) -> None:  # noqa: ANN401
    app = app_for((NAME, "http://127.0.0.1:9/"), now=now)
    with app.store() as store:
        assert why_not_store(app, store) == ""


@in_sqlite("a server that takes no writes counts as away")
def test_a_disk_that_was_remounted_read_only_holds_polls_up(app_for: Any, now: datetime) -> None:  # noqa: ANN401
    app = app_for((NAME, "http://127.0.0.1:9/"), now=now)
    with app.store() as store:
        store.database.connection.execute("PRAGMA query_only = ON")
        assert "cannot be written" in why_not_store(app, store)
        store.database.connection.execute("PRAGMA query_only = OFF")
        assert why_not_store(app, store) == ""


@in_sqlite("the limit is one of files")
def test_a_poll_that_can_write_no_more_ends_with_one_line_and_the_next_one_finds_the_rest(
    site: Loopback, tmp_path: Path
) -> None:
    urls = publish(site, 30, datetime.now(UTC))
    write_config(tmp_path, (NAME, site.url("/rss/home.rss")))

    def poll(largest: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "monitor", "poll"],
            cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
        )  # fmt: skip

    full = poll(400_000)
    assert full.returncode == 1
    assert [line for line in full.stderr.splitlines() if "cannot be written" in line] == full.stderr.splitlines()
    assert poll(resource.RLIM_INFINITY).returncode == 0
    with Store(tmp_path / "diembao.sqlite3", read_only=True) as store:
        stored = [one.article.url for one in store.articles.export(None, None, [Label.CAMPAIGN])]
    assert sorted(stored) == sorted(urls)


@in_sqlite("a damaged file")
def test_the_service_ends_with_one_line_when_the_store_is_damaged(monitor: Run, tmp_path: Path, now: datetime) -> None:
    write_config(tmp_path, (NAME, "http://127.0.0.1:9/"))
    with Store(tmp_path / "diembao.sqlite3") as store:
        fill(store, now, *range(60))
    damage(tmp_path / "diembao.sqlite3")
    done = monitor("run")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    line = done.stderr
    assert "damaged" in line or "malformed" in line
    assert "`monitor restore`" in line


@in_sqlite("the room is beside the file")
def test_room_set_aside_is_given_up_when_nothing_more_can_be_stored(app_for: Any, now: datetime) -> None:  # noqa: ANN401
    app = app_for((NAME, "http://127.0.0.1:9/"), now=now)
    aside = app.database.with_name("diembao.sqlite3.ballast")
    with app.store() as store:
        house(app, store, now)
        assert aside.stat().st_size == ballast.SIZE
        tell_held(app, store, "1 MB free")
        assert not aside.exists()
        house(app, store, now)
        assert aside.exists()


@on_both
def test_polls_wait_while_the_disk_is_nearly_full_and_the_operator_is_told(app_for: Any, now: datetime) -> None:  # noqa: ANN401
    app = app_for((NAME, "http://127.0.0.1:9/"), now=now)
    with app.store() as store:
        for _ in range(2):
            tell_held(app, store, "/data: 1 MB free; polling goes on from 32 MB on")
        why = "ổ đĩa của /data chỉ còn trống 1 MB, cần ít nhất 32 MB"
        assert [one.text for one in store.alerts.waiting()] == [f"Tạm dừng đọc báo vì không lưu được dữ liệu: {why}."]
        tell_held(app, store, "")
        assert store.alerts.waiting() == []
