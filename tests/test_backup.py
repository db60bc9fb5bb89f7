"""The store as a file: copies made while it is written, put back, thinned out; damage and a full disk named."""

import asyncio
import json
import os
import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import housekeeping, joining
from monitor.app import App
from monitor.campaign import builtin
from monitor.edges.store import Store, backup, sqlite_file
from monitor.edges.store.database import migrations
from monitor.edges.store.sqlite import APPLICATION, Sqlite
from monitor.errors import BusyError, DamagedError, StoreError
from monitor.models import Label, Link
from tests.conftest import ROOT, Run, in_sqlite, write_config
from tests.judge import SEARCH
from tests.newsroom import report

pytestmark = in_sqlite("a file is what is copied")
NAME = "Báo Mẫu"
PHRASES = tuple(phrase.pattern for phrase in builtin().phrases)


def fill(store: Store, now: datetime, *numbers: int) -> None:
    """Store campaign articles of these numbers."""
    store.sources.enrol([NAME], now)
    for number in numbers:
        found = report(number, now)
        address = Link(found.article.url)
        store.links.remember(NAME, [address], now)
        joining.keep(store, address, replace(found, id=0, story=0), PHRASES)


def stored(path: Path) -> list[str]:
    """Return the addresses of a store's articles."""
    with Store(path, read_only=True) as store:
        return [one.article.url for one in store.articles.export(None, None, list(Label))]


def in_file(store: Store) -> Sqlite:
    assert isinstance(store.database, Sqlite)
    return store.database


def damage(path: Path) -> None:
    """Overwrite the middle of a file."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[4096 * 4 : 4096 * 12] = b"\xab" * 4096 * 8
    path.write_bytes(content)


def test_a_copy_made_while_the_store_is_written_is_whole_and_of_one_moment(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    fill(store, now, 1, 2)
    with store.database.write() as db:
        db.execute("DELETE FROM link")
        made = backup.back_up(in_file(store).path, tmp_path / "copy.sqlite3")
    fill(store, now, 3)
    assert (made.articles, made.schema, made.path.stat().st_mode & 0o777) == (2, len(migrations()), 0o600)
    assert stored(made.path) == [report(number, now).article.url for number in (2, 1)]
    with Store(made.path) as copied:
        assert copied.database.read("SELECT count(*) AS n FROM link")[0]["n"] == 2
    assert sorted(path.name for path in tmp_path.glob(".*")) == []


async def test_a_copy_under_way_ends_at_once_with_the_service_and_leaves_nothing(
    store: Store, app_for: Callable[..., App], now: datetime, tmp_path: Path
) -> None:
    with store.database.write() as db:
        db.execute(
            "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1200000)"
            " INSERT INTO clue (key, article_id) SELECT i * 7919, i FROM n"
        )
    working = asyncio.create_task(housekeeping.keep_house(app_for(("Báo Mẫu", "http://127.0.0.1:9/"), now=now), store))
    while not list((tmp_path / "backups").glob(".*")):
        assert not working.done()
        await asyncio.sleep(0.001)
    working.cancel()
    began = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await working
    await asyncio.get_running_loop().shutdown_default_executor()
    assert time.monotonic() - began < 1
    assert list((tmp_path / "backups").iterdir()) == []
    store.check()


def test_what_is_damaged_is_not_copied_and_the_last_copies_stay(store: Store, now: datetime, tmp_path: Path) -> None:
    fill(store, now, *range(60))
    good = backup.back_up(in_file(store).path, tmp_path / "good.sqlite3")
    damage(in_file(store).path)
    with pytest.raises(DamagedError, match="`monitor restore`"):
        backup.back_up(in_file(store).path, tmp_path / "bad.sqlite3")
    assert not (tmp_path / "bad.sqlite3").exists()
    assert backup.inspect(good.path) == good


def test_a_restored_store_holds_what_the_copy_held_and_the_replaced_one_stands_beside_it(
    now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "diembao.sqlite3"
    with Store(path) as store:
        fill(store, now, 1)
        made = backup.back_up(path, tmp_path / "copy.sqlite3")
        fill(store, now, 2)
    aside = backup.restore(made.path, path, now)
    assert aside == tmp_path / "diembao.sqlite3.replaced-20261121T090000Z"
    assert len(stored(path)) == 1
    assert len(stored(aside)) == 2
    assert backup.inspect(made.path) == made


def test_the_log_of_a_killed_process_goes_with_its_store_not_with_the_restored_one(
    now: datetime, tmp_path: Path
) -> None:
    path, killed = tmp_path / "diembao.sqlite3", tmp_path / "killed.sqlite3"
    with Store(path) as store:
        fill(store, now, 1)
        made = backup.back_up(path, tmp_path / "copy.sqlite3")
        fill(store, now, 2)
        for ending in ("", "-wal", "-shm"):
            killed.with_name(killed.name + ending).write_bytes(path.with_name(path.name + ending).read_bytes())
    aside = backup.restore(made.path, killed, now)
    assert len(stored(killed)) == 1
    assert aside is not None
    assert len(stored(aside)) == 2


def test_nothing_is_restored_below_a_running_process_or_from_what_is_no_whole_copy(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    fill(store, now, *range(60))
    good = backup.back_up(in_file(store).path, tmp_path / "good.sqlite3")
    with pytest.raises(BusyError, match="stop it first"):
        backup.restore(good.path, in_file(store).path, now)
    other = tmp_path / "elsewhere" / "diembao.sqlite3"
    damaged = backup.back_up(in_file(store).path, tmp_path / "damaged.sqlite3").path
    damage(damaged)
    newer = backup.back_up(in_file(store).path, tmp_path / "newer.sqlite3").path
    with closing(sqlite3.connect(newer)) as db:
        db.execute("PRAGMA user_version = 99")
    foreign = tmp_path / "foreign.sqlite3"
    foreign.write_text("only text, long enough to be taken for the head of a database file of a hundred bytes" * 3)
    for bad, why in (
        (damaged, "damaged|malformed"),
        (newer, "newer version"),
        (foreign, "not a"),
        (tmp_path, "no such"),
    ):
        with pytest.raises(StoreError, match=why):
            backup.restore(bad, other, now)
    assert not other.exists()


TIMES = st.lists(
    st.integers(0, 400 * 24).map(lambda h: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=h)), unique=True
)


@SEARCH
@given(made=TIMES, keep=st.integers(1, 10), weekly=st.integers(0, 10))
def test_thinning_keeps_the_newest_and_one_a_week_and_never_more(made: list[datetime], keep: int, weekly: int) -> None:
    gone = backup.surplus(made, keep, weekly)
    kept = sorted(set(made) - set(gone), reverse=True)
    assert kept[:keep] == sorted(made, reverse=True)[:keep]
    assert len(kept) <= keep + weekly
    weeks = [at.isocalendar()[:2] for at in kept[keep:]]
    assert len(weeks) == len(set(weeks))
    assert backup.surplus(kept, keep, weekly) == []


def test_only_copies_named_by_their_time_are_let_go(tmp_path: Path) -> None:
    first = datetime(2026, 11, 1, 12, tzinfo=UTC)
    for day in range(20):
        (tmp_path / backup.name_at(first + timedelta(days=day))).touch()
    (tmp_path / "my own.sqlite3").touch()
    (tmp_path / f".{backup.name_at(first)}.new").touch()  # a process was killed there
    backup.thin_out(tmp_path, 3, 1)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [
        "diembao-20261115T120000Z.sqlite3", "diembao-20261118T120000Z.sqlite3", "diembao-20261119T120000Z.sqlite3",
        "diembao-20261120T120000Z.sqlite3", "my own.sqlite3",
    ]  # fmt: skip


@pytest.mark.parametrize("schema", range(1, len(migrations())))
def test_a_store_of_every_earlier_schema_opens_with_all_it_held_and_is_copied_first(
    schema: int, now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "diembao.sqlite3"
    with Store(tmp_path / "now.sqlite3") as store:
        fill(store, now, *range(1, 5))
        first_schema(path, store, schema)
        before = rows(in_file(store).connection)
    with pytest.raises(StoreError, match="older version"):
        Store(path, read_only=True)
    with Store(path) as upgraded:
        assert upgraded.database.version == len(migrations())
        after = rows(in_file(upgraded).connection)
        assert {table: after[table] for table in HELD} == {table: before[table] for table in HELD}
        assert [one.article.title for one in upgraded.articles.search("hoc tap", 9)]
        sqlite_file.check(path, in_file(upgraded).connection)
    copied = backup.inspect(tmp_path / f"diembao.sqlite3.schema-{schema}")
    assert (copied.schema, copied.articles) == (schema, 4)


HELD = ("source", "story", "article", "link", "edition")


def rows(db: sqlite3.Connection) -> dict[str, list[dict[str, object]]]:
    """Return what each table that was there from the first schema on holds."""
    return {table: [dict(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY 1")] for table in HELD}  # noqa: S608


def columns(db: sqlite3.Connection, table: str) -> list[str]:
    """Return the names of a table's columns; a full-text index is filled by row number."""
    own = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    return ["rowid", *own] if table == "article_text" else own


def first_schema(path: Path, store: Store, schema: int) -> None:
    """Write a store as the program with only the first `schema` migrations left it, holding what `store` holds."""
    with closing(sqlite3.connect(path)) as old:
        for script in migrations()[:schema]:
            old.executescript(script)
        for table in (*HELD, "revision", "message", "round", "article_text"):
            then, today = (columns(db, table) for db in (old, in_file(store).connection))
            values = ", ".join(name if name in today else "''" for name in then)  # a column may be gone since
            held = [tuple(row) for row in in_file(store).connection.execute(f"SELECT {values} FROM {table}")]  # noqa: S608
            marks = ", ".join("?" * len(then))
            old.executemany(f"INSERT INTO {table} ({', '.join(then)}) VALUES ({marks})", held)  # noqa: S608
        old.execute(f"PRAGMA user_version = {schema}")
        old.execute(f"PRAGMA application_id = {APPLICATION}")
        old.commit()


def test_backup_and_restore_are_two_commands(monitor: Run, tmp_path: Path, now: datetime) -> None:
    write_config(tmp_path, (NAME, "http://127.0.0.1:9/"))
    assert "no database yet" in monitor("backup").stderr
    with Store(tmp_path / "diembao.sqlite3") as store:
        fill(store, now, 1, 2)
    made = json.loads(monitor("backup", "--json").stdout)
    assert Path(made["file"]).parent == tmp_path / "backups"
    assert (made["articles"], made["editions"]) == (2, 0)
    assert "is there already" in monitor("backup", made["file"]).stderr
    os.truncate(tmp_path / "diembao.sqlite3", 4096 * 3)
    assert monitor("status").returncode == 1
    done = monitor("restore", made["file"])
    assert done.returncode == 0, done.stderr
    assert "articles: 2, editions: 0" in done.stdout
    assert "diembao.sqlite3.replaced-" in done.stdout
    assert len(stored(tmp_path / "diembao.sqlite3")) == 2


def test_a_store_that_cannot_be_opened_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "diembao.sqlite3"
    os.mknod(path, stat.S_IFSOCK | 0o600)  # a file that nobody can open, whoever runs the test
    with pytest.raises(StoreError, match="cannot be copied: it cannot be opened; may this user read and write it"):
        backup.back_up(path, tmp_path / "copy.sqlite3")


def test_every_migration_has_a_number_of_its_own() -> None:
    names = sorted(path.name for path in (ROOT / "monitor/edges/store/migrations").glob("*.sql"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
