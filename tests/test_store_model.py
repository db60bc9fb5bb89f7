"""The store against a model made of dicts: any order of poll and publish, on both databases, with crashes between."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from monitor import joining
from monitor.edges.store import Store
from monitor.errors import StoreError
from monitor.models import Edition, Label, Link, Memory, Outcome, Part, Round, State
from tests.newsroom import report
from tests.postgres import Server
from tests.test_store import PHRASES

SOURCES = ("Báo Một", "Báo Hai")
NUMBERS = st.integers(1, 8)
NAMES = st.sampled_from(SOURCES)
BEGAN = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


@dataclass
class Model:
    """What the store must know: links with their outcome, articles with their story and edition, editions, rounds."""

    links: dict[int, str] = field(default_factory=dict)
    found: dict[int, datetime] = field(default_factory=dict)
    owner: dict[int, str] = field(default_factory=dict)
    tried: dict[int, int] = field(default_factory=dict)
    articles: dict[int, str] = field(default_factory=dict)  # number: title
    told: dict[int, date] = field(default_factory=dict)
    editions: list[date] = field(default_factory=list)
    due: dict[str, datetime] = field(default_factory=dict)
    redirects: set[tuple[str, str]] = field(default_factory=set)


class Machine(RuleBasedStateMachine):
    """One store of each database, driven alike."""

    places: tuple[Path | str, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self.model, self.now = Model(), BEGAN
        self.open = ExitStack()
        self.stores: list[Store] = []

    @initialize()
    def begin(self) -> None:
        self._reopen()
        for store in self.stores:
            with store.database.write() as db:
                for table in ("message", "headline", "revision", "shingle", "clue", "article_text", "link", "round",
                              "volume", "specimen", "redirect", "article", "story", "edition", "source"):  # fmt: skip
                    db.execute(f"DELETE FROM {table}")  # noqa: S608 - our names
            store.sources.enrol(SOURCES, self.now)
        self.model.due = dict.fromkeys(SOURCES, datetime.fromtimestamp(0, UTC))

    def _reopen(self) -> None:
        self.open.close()
        self.stores = [self.open.enter_context(Store(place)) for place in self.places]

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(name=NAMES, number=NUMBERS)
    def a_listing_shows_a_link(self, name: str, number: int) -> None:
        new = number not in self.model.links
        for store in self.stores:
            assert store.links.remember(name, [_link(number)], self.now) == int(new)
        waits = self.model.links.get(number) in {"pending", "retry"}
        if waits and self.model.found[number] < self.now - timedelta(days=1):
            self.model.owner[number] = name  # nobody has followed it for a day
        if new:
            self.model.found[number] = self.now
            self.model.links[number], self.model.owner[number] = "pending", name
            self.model.tried[number] = 0

    @rule(number=NUMBERS)
    def a_link_fails(self, number: int) -> None:
        if self.model.links.get(number) not in {"pending", "retry"}:
            return
        self.model.tried[number] += 1
        outcome = "retry" if self.model.tried[number] < 3 else "given_up"
        for store in self.stores:
            assert store.links.postpone(_link(number), "500", self.now - timedelta(days=1), tries=3) == outcome
        self.model.links[number] = outcome

    @rule(number=NUMBERS)
    def a_link_is_gone(self, number: int) -> None:
        if self.model.links.get(number) not in {"pending", "retry"}:
            return
        for store in self.stores:
            store.links.close(_link(number), Outcome.GONE, "404")
        self.model.links[number] = "gone"

    @rule(number=NUMBERS, title=st.sampled_from(["Đắk Lắk làm theo lời Bác", "Hà Nội học tập", "Xã Đắk Hà"]))
    def an_article_is_kept(self, number: int, title: str) -> None:
        if self.model.links.get(number) not in {"pending", "retry"} or number in self.model.articles:
            return
        found = replace(
            report(number, self.now, title=f"{title} {number}", source=self.model.owner[number]), id=0, story=0
        )
        for store in self.stores:
            joining.keep(store, _link(number), found, PHRASES)
        self.model.links[number], self.model.articles[number] = "kept", f"{title} {number}"

    @rule(name=NAMES, minutes=st.integers(5, 600))
    def a_round_ends(self, name: str, minutes: int) -> None:
        for store in self.stores:
            store.sources.end_round(
                Round(name, State.SILENT), Memory(), self.now, self.now + timedelta(minutes=minutes)
            )
        self.model.due[name] = self.now + timedelta(minutes=minutes)

    @rule()
    def an_edition_is_made(self) -> None:
        day = self.now.date()
        span = (self.now - timedelta(days=99), self.now + timedelta(days=99))
        for store in self.stores:
            told = [one.id for one in store.articles.untold(*span)]
            made = Edition(day, "Học Bác", (), ())
            if day in self.model.editions:
                with pytest.raises(StoreError):
                    store.editions.add(made, told, self.now, "@kenh", (Part(1, 1, "x"),))
            else:
                store.editions.add(made, told, self.now, "@kenh", (Part(1, 1, "x"),))
        if day not in self.model.editions:
            self.model.editions.append(day)
            self.model.told |= {number: day for number in self.model.articles if number not in self.model.told}

    @rule(one=st.sampled_from("abc"), other=st.sampled_from("abc"))
    def a_host_leads_on(self, one: str, other: str) -> None:
        for store in self.stores:
            store.redirects.add(one, other)
        self.model.redirects.add((one, other))

    @rule()
    def a_crash_in_the_middle_of_a_fact(self) -> None:
        for store in self.stores:
            with pytest.raises(ZeroDivisionError):
                _half_a_fact(store)
        self._reopen()

    @rule(words=st.sampled_from(["dak", "lời bác", '"ha noi"', "hà", "xa 3"]))
    def a_reader_searches(self, words: str) -> None:
        first, second = ([one.article.url for one in store.articles.search(words, 9)] for store in self.stores)
        assert first == second

    @invariant()
    def all_know_the_same(self) -> None:
        for store in self.stores:
            rows = store.database.read("SELECT url, outcome FROM link")
            assert {row["url"]: row["outcome"] for row in rows} == {
                _link(number).url: outcome for number, outcome in self.model.links.items()
            }
            kept = {one.article.title: one.edition for one in store.articles.export(None, None, list(Label))}
            assert kept == {title: self.model.told.get(number) for number, title in self.model.articles.items()}
            assert sorted(store.shelf.counts(date.min, date.max)) == sorted(self.model.editions)
            assert len(store.outbox.waiting()) == len(self.model.editions)
            due = store.visits.due(SOURCES, self.now, timedelta(days=9))
            assert set(due) == {name for name, at in self.model.due.items() if at <= self.now}
            for name in SOURCES:
                waiting = {link.url for link in store.links.to_follow(name, self.now, 99)}
                assert waiting == {
                    _link(number).url
                    for number, outcome in self.model.links.items()
                    if outcome in {"pending", "retry"} and self.model.owner[number] == name
                }
            assert store.redirects.reached(["a"]) == _reached("a", self.model.redirects)

    def teardown(self) -> None:
        self.open.close()


def _half_a_fact(store: Store) -> None:
    with store.database.write() as db:
        db.execute("UPDATE link SET outcome = 'gone'")
        db.execute("DELETE FROM clue")
        raise ZeroDivisionError


def _link(number: int) -> Link:
    return Link(f"https://bao.example/tin-{number}.html")


def _reached(host: str, redirects: set[tuple[str, str]]) -> set[str]:
    found = {host}
    while more := {other for one, other in redirects if one in found} - found:
        found |= more
    return found


@pytest.fixture
def places(postgres: Server, tmp_path: Path) -> Iterator[tuple[Path | str, ...]]:
    with postgres.database() as address:
        yield tmp_path / "diembao.sqlite3", address


def test_any_history_leaves_both_databases_as_the_model_says(places: tuple[Path | str, ...]) -> None:
    class Placed(Machine):
        pass

    Placed.places = places
    run_state_machine_as_test(
        Placed,
        settings=settings(
            max_examples=5,
            stateful_step_count=30,
            phases=[Phase.generate],  # shrinking would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
