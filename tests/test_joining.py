"""An article finds its story in the store: as it comes in, when an edition closes, and when it changes."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor import joining
from monitor.edges.store import Store
from monitor.models import Edition, Label, Link, Match, Placed, Placement, Relation, Report
from tests.judge import SEARCH
from tests.republished import PHRASES, Told, events, labelled, republished
from tests.test_both_databases import forgotten

BY_ID = {one.id: one for one in (*labelled(), *events(), *events("unseen.txt"))}
STORY = ("e01", "e02", "e03")


def keep(store: Store, found: Report) -> Report:
    """Store a report as `poll` does."""
    store.sources.enrol([found.source], found.seen_at)
    store.links.remember(found.source, [Link(found.article.url)], found.seen_at)
    return joining.keep(store, Link(found.article.url), replace(found, id=0, story=0), PHRASES)[0]


def stories(store: Store) -> set[frozenset[str]]:
    """Return which addresses stand together."""
    found: dict[int, set[str]] = {}
    for row in store.database.read("SELECT story_id, json_extract(content, '$.url') AS url FROM article"):
        found.setdefault(row["story_id"], set()).add(row["url"])
    return {frozenset(urls) for urls in found.values()}


def tidy(store: Store, now: datetime) -> list[Report]:
    """Settle all that was not told yet; returns it."""
    asyncio.run(joining.tidy(store, lambda: untold(store, now), PHRASES, now))
    return untold(store, now)


def untold(store: Store, now: datetime) -> list[Report]:
    return store.articles.untold(now - timedelta(days=400), now + timedelta(days=400))


def close(store: Store, day: date, now: datetime) -> None:
    """Make an edition of all that was not told yet."""
    told = tidy(store, now)
    store.editions.add(Edition(day, "Học Bác", (), ()), [one.id for one in told], now, None, ())


def gold(told: list[Told]) -> set[frozenset[str]]:
    by_story: dict[str, set[str]] = {}
    for one in told:
        by_story.setdefault(one.story, set()).add(one.report.article.url)
    return {frozenset(urls) for urls in by_story.values()}


@pytest.mark.parametrize("backwards", [False, True])
def test_the_labelled_articles_find_their_stories_as_they_come_in(store: Store, *, backwards: bool) -> None:
    told = sorted(labelled(), key=lambda one: one.report.dated, reverse=backwards)
    for one in told:
        keep(store, one.report)
    assert stories(store) == gold(told)
    for one in told:
        found = store.articles.find(one.report.article.url)
        assert found is not None
        assert found.copy_of == ("" if one.root == one.id else BY_ID[one.root].report.article.url)
    (left,) = store.database.read("SELECT count(*) AS n FROM story WHERE id NOT IN (SELECT story_id FROM article)")
    assert left["n"] == 0


@settings(SEARCH, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(order=st.permutations([one.id for one in events()]))
def test_whatever_came_first_the_open_day_is_told_alike(store: Store, order: list[str]) -> None:
    with forgotten(store):
        for name in order[:12]:
            keep(store, BY_ID[name].report)
        tidy(store, BY_ID["e01"].report.dated)
        assert stories(store) == gold([BY_ID[name] for name in order[:12]])


def test_a_preview_shows_the_stories_that_the_edition_will_tell(store: Store, now: datetime) -> None:
    for name in ("d104", "d106", *STORY):
        keep(store, BY_ID[name].report)
    with store.database.write() as db:
        db.execute("UPDATE article SET story_id = 1, relation = 'origin', because = ''")
    shown = joining.tidied(store, untold(store, now), PHRASES)
    assert {len([one for one in shown if one.story == number]) for number in {one.story for one in shown}} == {2, 3}
    assert {one.story for one in untold(store, now)} == {1}
    stored = tidy(store, now)
    assert [(one.id, one.relation, one.because) for one in stored] == [(o.id, o.relation, o.because) for o in shown]
    assert joining.tidied(store, stored, PHRASES) == stored


@pytest.mark.parametrize(("disturbed", "readings"), [(0, 1), (1, 2), (9, 4)])
async def test_what_comes_while_an_edition_settles_its_day_stands_in_its_story_too(
    store: Store, now: datetime, disturbed: int, readings: int
) -> None:
    """The day is settled anew, and where something comes each time, at last while everything else waits."""
    first, second = (BY_ID[name].report for name in STORY[:2])
    keep(store, first)
    apart = keep(store, second).id
    store.articles.place([Placement(apart, -1, Relation.ORIGIN, None, "")], now)
    assert len(stories(store)) == 2
    read = list[int]()

    def reading() -> list[Report]:
        read.append(len(read))
        if len(read) <= disturbed:
            paper = f"bao-{len(read)}.example"
            again = replace(first.article, url=f"https://{paper}/tin-{len(read)}.html")
            asyncio.get_running_loop().call_soon(keep, store, replace(first, article=again, source=paper))
        return untold(store, now)

    await joining.tidy(store, reading, PHRASES, now)
    assert len(read) == readings
    assert len(stories(store)) == 1


def test_what_an_edition_told_is_never_moved_and_late_reports_are_told_with_it(store: Store, now: datetime) -> None:
    first, second, third = (BY_ID[name].report for name in STORY)
    told = keep(store, first)
    close(store, date(2026, 11, 10), now)
    late = keep(store, second)
    assert (late.story, late.edition) == (told.story, date(2026, 11, 10))
    assert late.relation is Relation.REPORT
    assert late.because.startswith("Cùng sự kiện với bài của Báo Sơn La vì cùng ngày 9/11")
    keep(store, third)
    earlier = keep(store, republished(first, ["order"]))
    assert earlier.story == told.story
    assert store.articles.untold(now - timedelta(days=400), now + timedelta(days=9)) == []
    found = store.articles.find(first.article.url)
    assert found is not None
    assert (found.story, found.edition) == (told.story, date(2026, 11, 10))


def test_the_agency_s_text_found_last_becomes_the_origin_of_its_copies(store: Store) -> None:
    first = BY_ID["e10"].report
    copies = [republished(first, ["cut 15 %"], seed) for seed in range(3)]
    for copy in copies:
        keep(store, copy)
    agency = replace(first, source="TTXVN", article=replace(first.article, published=first.dated + timedelta(days=2)))
    kept = keep(store, agency)
    assert kept.relation is Relation.ORIGIN
    for copy in copies:
        found = store.articles.find(copy.article.url)
        assert found is not None
        assert (found.story, found.copy_of) == (kept.story, agency.article.url)


def test_a_full_text_found_last_brings_its_two_halves_together(store: Store) -> None:
    whole = BY_ID["d052"].report
    half = len(whole.article.body) // 2
    parts = [
        replace(
            whole, source=f"Báo {n}", article=replace(whole.article, url=f"https://{n}.example/1", lead="", body=body)
        )
        for n, body in enumerate((whole.article.body[:half], whole.article.body[half:]))
    ]
    assert len({keep(store, part).story for part in parts}) == 2
    keep(store, whole)
    assert len(stories(store)) == 1


ADDRESSES = {
    "http": "http://e10.example/tin-e10.html",
    "www": "https://www.e10.example/tin-e10.html",
    "amp": "https://amp.e10.example/tin-e10.html?utm_source=zalo",
    "moved, same headline": "https://e10.example/xa-hoi/nguon-nuoc-lung-rich-4711.html",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_one_article_at_another_address_of_its_paper_is_known(store: Store, address: str) -> None:
    kept = keep(store, BY_ID["e10"].report)
    again = replace(BY_ID["e10"].report, article=replace(BY_ID["e10"].report.article, url=address))
    assert store.articles.find(address) == kept or joining.known(store, again) == kept
    elsewhere = replace(again, source="Báo Khác", article=replace(again.article, url="https://khac.example/tin-9.html"))
    assert joining.known(store, elsewhere) is None


def test_a_moved_article_that_was_edited_is_known_by_its_number(store: Store) -> None:
    first = BY_ID["e10"].report
    first = replace(first, article=replace(first.article, url="https://bao.example/ong-thin-giu-nuoc-400123.html"))
    kept = keep(store, first)
    body = (*first.article.body[:-1], first.article.body[-1].replace("46 hộ", "48 hộ"))
    moved = replace(first.article, url="https://bao.example/xa-hoi/nguon-nuoc-400123.html", title="Giữ nước", body=body)
    assert joining.known(store, replace(first, article=moved)) == kept
    other = replace(moved, url="https://bao.example/xa-hoi/nguon-nuoc-400999.html")
    assert joining.known(store, replace(first, article=other)) is None


def revise(store: Store, known: Report, now: datetime, **changes: object) -> Report:
    article = replace(known.article, **changes)  # type: ignore[arg-type]
    joining.revise(store, Link(known.article.url), known, article, Match(Label.CAMPAIGN, 3.0), PHRASES, now)
    found = store.articles.find(known.article.url)
    assert found is not None
    return found


def test_an_edit_is_kept_with_its_time_and_found_by_its_new_words(store: Store, now: datetime) -> None:
    kept = keep(store, BY_ID["e10"].report)
    edited = revise(store, kept, now, title="Ông Thìn và mó nước", body=kept.article.body[:-1])
    twice = revise(store, edited, now + timedelta(hours=1), title="Ông Thìn giữ mó nước")
    placed, hour = Placed(kept.id, kept.story, "", late=False), timedelta(hours=1)
    read = [store.shelf.as_told(placed, at) for at in (now - hour, now, now + hour)]
    assert [one.article for one in read if one] == [kept.article, edited.article, twice.article]
    copy = keep(store, republished(twice, ["order"]))
    assert copy.story == kept.story


def test_an_untold_article_whose_text_changes_finds_its_story_anew(store: Store, now: datetime) -> None:
    first = keep(store, BY_ID["e01"].report)
    other = keep(store, BY_ID["e15"].report)
    second = BY_ID["e02"].report.article
    changes = {"title": second.title, "lead": second.lead, "body": second.body, "provinces": second.provinces,
               "provinces_now": second.provinces_now}  # fmt: skip
    moved = revise(store, other, now, **changes, published=second.published)
    assert moved.story == first.story
    close(store, date(2026, 11, 20), now)
    stays = revise(store, moved, now, body=BY_ID["e15"].report.article.body)
    assert stays.story == first.story


def test_clues_are_forgotten_when_their_events_are_long_over_and_shingles_are_not(store: Store, now: datetime) -> None:
    report = replace(BY_ID["e10"].report, seen_at=now)
    keep(store, report)

    def rows(table: str) -> int:
        return int(store.database.read(f"SELECT count(*) AS n FROM {table}")[0]["n"])  # noqa: S608

    before = rows("shingle"), rows("clue")
    assert min(before) > 5
    store.traces.forget(now + timedelta(days=13))
    assert (rows("shingle"), rows("clue")) == before
    store.traces.forget(now + timedelta(days=15))
    assert (rows("shingle"), rows("clue")) == (before[0], 0)


def test_a_hash_that_everybody_has_is_not_written_for_ever(store: Store, now: datetime) -> None:
    article = BY_ID["e10"].report.article
    for number in range(1, 37):
        copy = replace(article, url=f"https://b{number}.example/a", body=(*article.body, f"Báo số {number}"))
        keep(store, replace(BY_ID["e10"].report, source=f"Báo {number}", seen_at=now, article=copy))
    (most,) = store.database.read(
        "SELECT max(n) AS n FROM (SELECT count(*) AS n FROM shingle GROUP BY key) AS each_key"
    )
    assert most["n"] <= 32
    assert len(stories(store)) == 1
