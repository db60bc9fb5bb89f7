"""How a source fares is read off its own past; what broke is named, and the page that shows it is kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import health
from monitor.app import App
from monitor.edges.metrics import Metrics
from monitor.edges.store import Store
from monitor.health import Condition, diagnose
from monitor.impressions import FIELDS, Impressions, broken, mask
from monitor.models import Article, Health, Kind, Link, Memory, Outcome, Page, Round, State
from monitor.poll import poll
from monitor.service.watch import watch
from tests.loopback import Answer, Loopback
from tests.newsroom import publish

AppFor = Callable[..., App]
FEED = "/rss/home.rss"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
WHOLE = mask(Article("https://bao.example/1", "Tin", lead="a", body=("b",), authors=("c",), published=NOW))
NO_LEAD = mask(Article("https://bao.example/1", "Tin", body=("b",), authors=("c",), published=NOW))
WELL = Health("Báo Mẫu", Kind.FEED, State.SILENT, "", 0, NOW, NOW, NOW, 3, 0)


def days(*ago: int) -> tuple[tuple[date, int], ...]:
    return tuple((NOW.date() - timedelta(days=number), 4) for number in sorted(ago, reverse=True))


def test_a_first_failure_is_not_counted_as_a_row() -> None:
    said = [diagnose(replace(WELL, failures=n, reason="404 Not Found"), NOW).reason for n in (1, 2)]
    assert said == ["404 Not Found (at its last visit)", "404 Not Found (2 visits in a row)"]


@pytest.mark.parametrize(
    ("changes", "condition", "alarming"),
    [
        ({}, Condition.WELL, False),
        ({"last_poll_at": None}, Condition.NEW, False),
        ({"paused_at": NOW}, Condition.PAUSED, False),
        ({"failures": 2, "reason": "500 Internal Server Error"}, Condition.FAILING, False),
        ({"failures": 3, "reason": "500 Internal Server Error"}, Condition.FAILING, True),
        ({"failures": 2, "reason": "404 Not Found"}, Condition.GONE, True),
        ({"failures": 2, "reason": "certificate not trusted: expired"}, Condition.CERTIFICATE, True),
        ({"failures": 3, "reason": "0 items: a feed without entries"}, Condition.EMPTY, True),
        ({"failures": 2, "reason": "the address of a feed answered with a web page"}, Condition.GONE, True),
        ({"landed": "bao-moi.example"}, Condition.MOVED, True),
        ({"misdated": True}, Condition.MISDATED, False),
        ({"pages": (WHOLE,) * 12 + (NO_LEAD,) * 5}, Condition.LAYOUT, True),
        ({"volume": days(30, 29, 28, 27, 26, 25)}, Condition.QUIET, True),
        ({"volume": days(30, 20, 10, 9, 8, 1)}, Condition.WELL, False),
        ({"volume": days(10)}, Condition.WELL, False),
    ],
)
def test_a_source_is_in_the_condition_that_its_past_shows(
    changes: dict[str, object], condition: Condition, alarming: bool
) -> None:
    found = diagnose(replace(WELL, **changes), NOW)  # type: ignore[arg-type] # fields by name
    assert (found.condition, found.alarming) == (condition, alarming)
    assert "\n" not in found.reason


def test_a_weekly_paper_may_be_silent_for_a_week_and_a_daily_one_not() -> None:
    weekly, daily = days(36, 29, 22, 15, 8), days(16, 15, 14, 13, 12, 11, 10, 9, 8)
    assert diagnose(replace(WELL, volume=weekly), NOW).condition is Condition.WELL
    assert diagnose(replace(WELL, volume=daily), NOW).condition is Condition.QUIET


def test_only_a_field_that_pages_used_to_give_can_be_missed() -> None:
    assert broken((WHOLE,) * 12 + (NO_LEAD,) * 5) == ("lead",)
    assert broken((NO_LEAD,) * 17) == ()
    assert broken((WHOLE,) * 12 + (NO_LEAD,) * 4) == ()
    assert broken((WHOLE, NO_LEAD) * 6 + (NO_LEAD,) * 5) == ()
    assert broken((WHOLE,) * 12 + (0,) * 5) == ("article",)


@given(st.lists(st.integers(0, 63), max_size=60), st.lists(st.integers(0, 63), max_size=60))
def test_whatever_pages_gave_no_more_than_forty_are_remembered(before: list[int], after: list[int]) -> None:
    seen = Impressions(tuple(before)[-40:])
    for given_ in after:
        seen.note(Page("https://bao.example/1", b"x"), given_)
    assert len(seen.kept) <= 40
    assert list(seen.kept)[-len(after) :] == after[-40:] or not after
    assert set(broken(seen.kept)) <= {"article", *FIELDS}


@given(st.timedeltas(timedelta(), timedelta(days=2000)).map(lambda ago: NOW - ago), st.timedeltas())
def test_only_a_listing_that_is_days_off_contradicts_a_page(published: datetime, off: timedelta) -> None:
    article = Article("https://bao.example/1", "Tin", published=published)
    assert mask(article, None) == mask(article) == mask(article, published)
    try:
        told = published + off
    except OverflowError:
        return
    assert (mask(article, told) != mask(article)) is (abs(off) > timedelta(days=2))
    assert mask(None, told) == 0


def test_a_date_that_lies_is_no_field_that_a_page_gives_or_lacks() -> None:
    lying = mask(Article("https://bao.example/1", "Tin", body=("b",), published=NOW), NOW - timedelta(days=9))
    assert broken((lying,) * 12 + (NO_LEAD,) * 5) == ()
    for lies, condition in ((4, Condition.WELL), (5, Condition.MISDATED)):
        found = diagnose(replace(WELL, pages=(NO_LEAD,) * (12 - lies) + (lying,) * lies), NOW)
        assert found.condition is condition


async def test_a_news_sitemap_whose_dates_its_articles_contradict_is_named(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    urls = publish(site, 12, now)
    wrong = (now - timedelta(days=20)).isoformat()
    entries = "".join(f"<url><loc>{url}</loc><publication_date>{wrong}</publication_date></url>" for url in urls)
    site.routes["/tin.xml"] = Answer(f"<urlset>{entries}</urlset>", kind="application/xml")
    app = app_for(("Báo Mẫu", site.url("/tin.xml")), now=now)
    async with app.web() as web:
        await poll(app, store, web, app.sources, lambda *_: None)
    found = diagnose(store.standing.health(now)[0], now)
    assert (found.condition, found.alarming) == (Condition.MISDATED, False)
    assert found.reason == "it dates 10 of its last 10 articles otherwise than their own pages do"


async def test_a_new_layout_is_noticed_with_the_last_good_and_the_first_bad_page_kept(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    publish(site, 12, now)
    app = app_for(("Báo Mẫu", site.url(FEED)), now=now)
    async with app.web() as web:
        await poll(app, store, web, app.sources, lambda *_: None)
        publish(site, 6, now, prefix="moi", first=50)
        for path in [path for path in site.routes if path.startswith("/moi")]:
            good = str(site.routes[path].body)
            site.routes[path] = Answer(good.split("<main>", maxsplit=1)[0] + "<main></main></body></html>")
        await poll(app, store, web, app.sources, lambda *_: None)
    found = diagnose(store.standing.health(now)[0], now)
    assert (found.condition, found.detail) == (Condition.LAYOUT, "article")
    good_page, bad_page = store.standing.specimens("Báo Mẫu")
    assert (good_page.good, bad_page.good) == (True, False)
    assert "/tin-" in good_page.page.url
    assert "/moi-" in bad_page.page.url
    assert b"<main></main>" in bad_page.page.content


async def test_the_operator_is_told_of_a_condition_once_and_when_it_is_over(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    app = app_for(("Báo Mẫu", site.url("/mat.rss")), now=now)
    async with app.web() as web:
        for _ in range(3):
            await poll(app, store, web, app.sources, lambda *_: None)
            await watch(app, store, Metrics())
        (alert,) = store.alerts.waiting()
        assert alert.text.startswith("📡 Báo Mẫu: địa chỉ không còn dùng được")
        store.alerts.said(store.alerts.waiting(), now)
        publish(site, 1, now)
        site.routes["/mat.rss"] = site.routes[FEED]
        await poll(app, store, web, app.sources, lambda *_: None)
    for _ in range(2):
        await watch(app, store, Metrics())
    assert [alert.text for alert in store.alerts.waiting()] == ["📡 Báo Mẫu: đã đọc lại được bình thường."]


def test_a_single_page_at_which_its_reader_was_stopped_is_named_for_two_days(store: Store, now: datetime) -> None:
    store.sources.enrol(["Báo Mẫu", "Báo Khác"], now)
    hard, slow = Link("https://bao.example/bom.html"), Link("https://bao.example/cham.html")
    store.links.remember("Báo Mẫu", [hard, slow], now)
    store.sources.end_round(Round("Báo Mẫu", State.SILENT), Memory(), now, now)
    store.links.postpone(slow, "no complete answer within 30 s", now, 6)
    assert of("Báo Mẫu", store, now).condition is Condition.WELL, "one page that did not answer is everyday"
    for tried in range(1, 7):
        assert store.links.postpone(hard, "reading it takes longer than 15 s", now, 6) is (
            Outcome.RETRY if tried < 6 else Outcome.GIVEN_UP
        )
        found = of("Báo Mẫu", store, now)
        assert found.condition is Condition.PAGES
        assert found.reason == (
            "https://bao.example/bom.html: reading it takes longer than 15 s"
            f" (found 21/11/2026 09:00 UTC, tried {tried} times)"
        )
    assert of("Báo Mẫu", store, now + timedelta(days=4)).condition is Condition.WELL
    assert of("Báo Khác", store, now).condition is Condition.NEW


def of(name: str, store: Store, now: datetime) -> health.Diagnosis:
    """Return how a source of the store stands."""
    return next(diagnose(one, now) for one in store.standing.health(now) if one.source == name)


def test_expected_volume_leaves_the_first_days_backlog_out() -> None:
    volume = ((date(2026, 11, 1), 300), (date(2026, 11, 2), 4), (date(2026, 11, 5), 8))
    assert health.expected(volume) == 3.0
    assert health.expected(volume[:1]) == 0.0
