"""The store: each fact one transaction, one writer, nothing forgotten."""

import os
import random
import sqlite3
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from monitor import joining
from monitor.campaign import builtin
from monitor.edges.store import Delivery, Store
from monitor.edges.store.database import migrations
from monitor.errors import BusyError, StoreError
from monitor.models import Edition, Label, Link, Memory, Outcome, Part, Placed, Relation, Report, Round, State
from tests.conftest import in_sqlite
from tests.newsroom import report

NAME = "Báo Mẫu"
PHRASES = tuple(phrase.pattern for phrase in builtin().phrases)


def link(number: int) -> Link:
    return Link(f"https://bao.example/tin-{number}.html")


def keep(store: Store, found: Report) -> Report:
    """Store a report as `poll` does, with its link."""
    address = Link(found.article.url)
    store.links.remember(NAME, [address], found.seen_at)
    return joining.keep(store, address, replace(found, id=0, story=0), PHRASES)[0]


@pytest.fixture(autouse=True)
def enrolled(store: Store, now: datetime) -> None:
    store.sources.enrol([NAME], now)


@pytest.fixture
def path(store: Store) -> Path:
    """Return the file of a store in SQLite."""
    return Path(store.database.name)


@in_sqlite("about the file")
def test_a_new_file_carries_every_safety_the_store_promises(store: Store) -> None:
    def pragma(name: str) -> object:
        return store.database.read(f"PRAGMA {name}")[0][name]

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1
    assert pragma("trusted_schema") == 0
    assert store.database.version == len(migrations())
    tables = store.database.read("SELECT sql FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
    ours = [row["sql"] for row in tables if "article_text" not in row["sql"]]
    assert ours
    assert all("STRICT" in sql for sql in ours)


@pytest.mark.usefixtures("store")
def test_a_second_process_is_told_to_stop_the_first(database: Path | str) -> None:
    with pytest.raises(BusyError, match=rf"another monitor \(process {os.getpid()}\b.*stop it first"):
        Store(database)


def test_readers_look_on_while_one_process_writes(store: Store, database: Path | str, now: datetime) -> None:
    keep(store, report(1, now))
    with Store(database, read_only=True) as reader:
        assert reader.articles.count() == {Label.CAMPAIGN: 1}
        with pytest.raises(StoreError):
            reader.sources.enrol(["x"], now)


@in_sqlite("about the file")
def test_a_database_that_is_absent_newer_or_no_database_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database yet"):
        Store(tmp_path / "absent.sqlite3", read_only=True)
    newer = tmp_path / "newer.sqlite3"
    with sqlite3.connect(newer) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="newer version"):
        Store(newer)
    other = tmp_path / "other.sqlite3"
    other.write_text("no database at all, only text of some length to be read as a header")
    with pytest.raises(StoreError, match="not a database"):
        Store(other)


def test_a_link_is_remembered_once_whatever_its_spelling(store: Store, now: datetime) -> None:
    spellings = [Link("https://bao.example/a-1.html"), Link("http://www.bao.example/a-1.html"), link(2)]
    assert store.links.remember(NAME, spellings, now) == 2
    assert store.links.remember(NAME, spellings, now) == 0
    assert len(store.links.to_follow(NAME, now, 10)) == 2


@pytest.mark.parametrize("outcome", [Outcome.NOT_ARTICLE, Outcome.GONE])
def test_a_link_without_an_article_is_never_followed_again(store: Store, now: datetime, outcome: Outcome) -> None:
    store.links.remember(NAME, [link(1)], now)
    store.links.close(link(1), outcome, "404 Not Found")
    store.links.remember(NAME, [link(1)], now)
    assert store.links.to_follow(NAME, now + timedelta(days=900), 10) == []


def test_a_failing_link_waits_longer_each_time_and_is_given_up_at_last(store: Store, now: datetime) -> None:
    store.links.remember(NAME, [link(1)], now)
    waits = []
    for _ in range(3):
        assert store.links.postpone(link(1), "500", now, tries=4) is Outcome.RETRY
        assert store.links.to_follow(NAME, now, 10) == []
        waits.append(next(m for m in range(10_000) if store.links.to_follow(NAME, now + timedelta(minutes=m), 1)))
    assert waits == sorted(set(waits))
    assert store.links.postpone(link(1), "500", now, tries=4) is Outcome.GIVEN_UP
    assert store.links.to_follow(NAME, now + timedelta(days=900), 10) == []


@pytest.mark.parametrize("first", [None, timedelta(hours=-2)])
def test_a_later_change_told_by_the_listing_brings_a_link_back(
    store: Store, now: datetime, first: timedelta | None
) -> None:
    dated = Link(link(1).url, modified=now + first if first else None)
    store.links.remember(NAME, [dated], now)
    keep(store, report(1, now))
    store.links.remember(NAME, [dated], now)
    assert store.links.to_follow(NAME, now, 10) == []
    later = now + timedelta(hours=3)
    assert store.links.remember(NAME, [Link(link(1).url, modified=now + timedelta(hours=1))], later) == 0
    assert [one.url for one in store.links.to_follow(NAME, later, 10)] == [link(1).url]


def test_a_listing_that_dates_everything_now_is_not_read_again_each_round(store: Store, now: datetime) -> None:
    store.links.remember(NAME, [Link(link(1).url, modified=now)], now)
    keep(store, report(1, now))
    for hours in (1, 2, 3):
        then = now + timedelta(hours=hours)
        store.links.remember(NAME, [Link(link(1).url, modified=then)], then)
        assert store.links.to_follow(NAME, then, 10) == []


def test_links_of_a_renamed_source_pass_to_its_new_name(store: Store, now: datetime) -> None:
    store.links.remember(NAME, [link(1)], now)
    tomorrow = now + timedelta(hours=25)
    store.sources.enrol(["Báo Mới"], tomorrow)
    store.links.remember("Báo Mới", [link(1)], now + timedelta(hours=1))
    assert store.links.to_follow("Báo Mới", tomorrow, 10) == []
    store.links.remember("Báo Mới", [link(1)], tomorrow)
    assert [one.url for one in store.links.to_follow("Báo Mới", tomorrow, 10)] == [link(1).url]


def test_a_wait_set_by_a_wrong_clock_does_not_last(store: Store, now: datetime) -> None:
    store.links.remember(NAME, [link(1)], now)
    store.links.postpone(link(1), "500", now + timedelta(days=4000), tries=9)
    assert len(store.links.to_follow(NAME, now, 10)) == 1


def test_validators_are_kept_with_the_round_that_earned_them(store: Store, now: datetime) -> None:
    assert store.sources.memory(NAME) == Memory()
    earned = Memory(None, '"abc"', "Sat, 21 Nov 2026 09:00:00 GMT", "hash", 0)
    store.sources.end_round(Round(NAME, State.SILENT), earned, now, now + timedelta(minutes=30))
    assert store.sources.memory(NAME) == earned


def test_due_is_what_the_clock_says_even_after_it_was_wrong(store: Store, now: datetime) -> None:
    longest = timedelta(days=8)
    assert store.visits.due([NAME], now, longest) == [NAME]
    store.sources.end_round(Round(NAME, State.SILENT), Memory(), now, now + timedelta(minutes=30))
    assert store.visits.due([NAME], now, longest) == []
    assert store.visits.due([NAME], now + timedelta(minutes=30), longest) == [NAME]
    assert store.visits.due([NAME], now - timedelta(days=365), longest) == [NAME]
    assert store.visits.due(["another"], now + timedelta(days=1), longest) == []


def test_what_goes_in_comes_out(store: Store, now: datetime) -> None:
    kept = keep(store, report(1, now))
    assert store.articles.find("http://m.bao.example/tin-1.html?print=1") == kept
    assert next(iter(store.articles.export(None, None, [Label.CAMPAIGN]))) == kept


def test_a_copy_joins_the_story_of_its_origin(store: Store, now: datetime) -> None:
    first = keep(store, report(1, now))
    second = keep(store, report(2, now, source="Báo Mẫu", body=first.article.body, published=now))
    assert second.story == first.story
    assert (second.relation, second.copy_of) == (Relation.COPY, first.article.url)
    assert second.because == "Đăng lại bài của Báo Mẫu: nguyên văn"
    assert store.articles.find(second.article.url) == second


def test_an_older_text_found_later_becomes_the_origin(store: Store, now: datetime) -> None:
    first = keep(store, report(1, now))
    older = keep(store, report(2, now, body=first.article.body, published=now - timedelta(hours=1)))
    found = store.articles.find(first.article.url)
    assert found is not None
    assert (found.relation, found.copy_of, older.copy_of) == (Relation.COPY, older.article.url, "")


def test_an_edited_text_replaces_the_old_one_which_is_kept(store: Store, now: datetime) -> None:
    known = keep(store, report(1, now))
    edited = report(1, now, title="Đính chính: xã số 1 có 64 tấm gương").article
    joining.revise(store, link(1), known, edited, known.match, PHRASES, now)
    assert store.articles.revision_count() == 1
    placed, before = Placed(known.id, known.story, "", late=False), now - timedelta(seconds=1)
    assert [store.shelf.as_told(placed, at) for at in (before, now)] == [known, replace(known, article=edited)]
    assert [found.article.title for found in store.articles.search("dinh chinh", 5)] == [edited.title]
    assert store.articles.search("hoc tap", 5)[0].article == edited


def test_search_knows_no_marks_and_takes_any_text(store: Store, now: datetime) -> None:
    keep(store, report(1, now, title="Đảng bộ xã Đắk Hà làm theo lời Bác"))
    for words in ("đảng bộ", "dang bo", "ĐẮK HÀ", "dak ha", '"lời bác"', "Ð\u1eaf\u006b", "05-CT/TW"):
        assert len(store.articles.search(words, 5)) == 1, words
    for words in ("không có", '"bộ đảng"', "", '"', "*", "NEAR(", "a AND", "'; DROP TABLE article; --"):
        assert store.articles.search(words, 5) == [], words


def test_a_word_without_end_is_stored_and_found(store: Store, now: datetime) -> None:
    endless = random.Random(1).randbytes(6000).hex()
    keep(store, report(1, now, title=f"Học Bác {endless}"))
    for words in ("hoc bac", endless, f'"bác {endless}"'):
        assert len(store.articles.search(words, 5)) == 1
    assert store.articles.search(endless[:50], 5) == []


def test_a_host_that_leads_to_ever_other_hosts_fills_no_table(store: Store) -> None:
    for number in range(60):
        store.redirects.add("bao.example", f"{number}.example")
        store.redirects.add("bao.example", "0.example")
    assert len(store.redirects.reached(["bao.example"])) == 1 + 20
    store.redirects.add("bao-khac.example", "moi.example")
    assert store.redirects.reached(["bao-khac.example"]) == {"bao-khac.example", "moi.example"}


def test_an_alert_of_any_length_is_kept(store: Store, now: datetime) -> None:
    store.alerts.add("sources.yaml", random.Random(1).randbytes(6000).hex(), now)
    assert len(store.alerts.waiting()) == 1
    store.alerts.said(store.alerts.waiting(), now)
    assert store.alerts.waiting() == []


def edition(day: date) -> Edition:
    return Edition(day, "Học và làm theo Bác", (), ())


def test_an_article_is_told_once_for_ever(store: Store, now: datetime) -> None:
    kept = keep(store, report(1, now))
    span = (now - timedelta(days=3), now)
    assert store.articles.untold(*span) == [kept]
    store.editions.add(edition(now.date()), [kept.id], now, None, ())
    assert store.articles.untold(*span) == []
    late_copy = keep(store, report(2, now, body=kept.article.body))
    assert late_copy.story == kept.story
    assert store.articles.untold(*span) == []


def test_copies_stored_before_the_edition_but_dated_after_it_are_not_told_again(store: Store, now: datetime) -> None:
    told = keep(store, report(1, now))
    copy = report(2, now, body=told.article.body, published=now + timedelta(hours=3))
    keep(store, copy)
    store.editions.add(edition(now.date()), [told.id], now, None, ())
    assert store.articles.untold(now - timedelta(days=3), now + timedelta(days=3)) == []


def test_editions_of_a_clock_that_ran_ahead_are_not_the_last_ones(store: Store, now: datetime) -> None:
    for day in (date(2030, 1, 1), now.date()):
        store.editions.add(edition(day), [], now, None, ())
    assert store.editions.last() == date(2030, 1, 1)
    assert store.editions.last(now.date()) == now.date()


@in_sqlite("about the file")
def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE mine (x)")
    db.close()
    for _ in range(2):  # and the lock is let go each time
        with pytest.raises(StoreError, match="another program"):
            Store(other)


@in_sqlite("about the file")
def test_a_damaged_file_is_one_line_not_a_crash(store: Store, path: Path, now: datetime, tmp_path: Path) -> None:
    for number in range(1, 30):
        keep(store, report(number, now))
    store.database.read("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = b"\xab" * len(content[4096 * 3 :])
    (tmp_path / "damaged.sqlite3").write_bytes(content)
    with pytest.raises(StoreError), Store(tmp_path / "damaged.sqlite3") as damaged:
        list(damaged.articles.export(None, None, list(Label)))


def test_an_edition_exists_once_and_comes_back_as_it_was(store: Store, now: datetime) -> None:
    made = edition(now.date())
    store.editions.add(made, [], now, "@kenh", (Part(1, 1, "<b>x</b>"),))
    assert store.editions.get(now.date()) == made
    with pytest.raises(StoreError):
        store.editions.add(made, [], now, "@kenh", (Part(1, 1, "<b>x</b>"),))
    assert len(store.outbox.waiting()) == 1


def test_messages_come_back_as_they_were_frozen_with_picture_and_preview(store: Store, now: datetime) -> None:
    parts = (Part(1, 2, "a", photo=True), Part(2, 2, "b", preview="https://kho.example/a"))
    store.editions.add(edition(now.date()), [], now, "@kenh", parts)
    assert tuple(message.part for message in store.outbox.of(now.date())) == parts


def test_a_message_left_in_the_middle_of_sending_is_unknown_never_pending(store: Store, now: datetime) -> None:
    store.editions.add(edition(now.date()), [], now, "@kenh", (Part(1, 2, "a"), Part(2, 2, "b")))
    first, second = store.outbox.waiting()
    store.outbox.begin(first, now)
    store.outbox.settle(now)
    states = [message.state for message in store.outbox.waiting()]
    assert states == [Delivery.UNKNOWN, Delivery.PENDING]
    store.outbox.sent(second, 7, now)
    assert [message.message_id for message in store.outbox.of(now.date())] == [None, 7]


def test_a_fault_in_the_middle_of_a_fact_leaves_nothing_of_it(store: Store, now: datetime) -> None:
    def half_a_fact() -> None:
        with store.database.write() as db:
            db.execute("INSERT INTO story (begun_at) VALUES (1)")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_a_fact()
    assert store.database.read("SELECT count(*) AS n FROM story")[0]["n"] == 0
    keep(store, report(1, now))


def test_a_paused_source_is_not_due_until_it_is_let_go(store: Store, now: datetime) -> None:
    store.sources.enrol(["Báo A", "Báo B"], now)
    assert store.visits.pause("Báo A", now)
    assert not store.visits.pause("Báo A", now)
    assert store.visits.due(["Báo A", "Báo B"], now, timedelta(days=8)) == ["Báo B"]
    assert {one.source for one in store.standing.health(now) if one.paused_at == now} == {"Báo A"}
    assert store.visits.unpause("Báo A")
    assert not store.visits.unpause("Báo A")
    assert not store.visits.pause("Báo Không Có", now)
    assert store.visits.due(["Báo A", "Báo B"], now, timedelta(days=8)) == ["Báo A", "Báo B"]
