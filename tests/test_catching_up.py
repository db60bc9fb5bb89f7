"""What a source printed unseen is found again where its site still shows it, or the loss is named."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.app import App
from monitor.edges.store import Store
from monitor.following import LINKS
from monitor.health import Condition, diagnose
from monitor.models import Health, Round
from monitor.poll import poll
from monitor.schedule import FASTEST
from tests.conftest import in_sqlite
from tests.loopback import Answer, Loopback
from tests.newsroom import dated_sitemap, rss

AppFor = Callable[..., App]
FEED, SITEMAP = "/rss/home.rss", "/sitemap.xml"
LISTED = 5
MINUTE = timedelta(minutes=1)


class Paper:
    """A site that prints an article a minute, lists the last five, and has them all in its sitemap.

    Its articles are gone when they are asked for: here only what is found counts.
    """

    def __init__(self, site: Loopback, begun: datetime) -> None:
        self.site, self.begun = site, begun
        site.routes["/robots.txt"] = Answer(f"Sitemap: {site.url(SITEMAP)}", kind="text/plain")
        self.print(LISTED)

    def print(self, count: int, *, pinned: int = 0) -> None:
        """Have printed so many articles by now; the `pinned` oldest stay in the feed."""
        items = [
            (self.site.url(f"/tin-so-{n}-cua-bao-{100_000 + n}.html"), f"Tin số {n}", self.begun + n * MINUTE)
            for n in range(count)
        ]
        self.printed = {url for url, _, _ in items}
        listed = items[:pinned] + items[pinned - LISTED :]
        self.site.routes[FEED] = Answer(rss(listed[::-1]), kind="application/rss+xml")
        self.site.routes[SITEMAP] = Answer(dated_sitemap([(url, at) for url, _, at in items]), kind="text/xml")


@pytest.fixture
def paper(site: Loopback, now: datetime) -> Paper:
    return Paper(site, now)


async def visit(app: App, store: Store, at: datetime) -> Round:
    async with app.web() as web:
        app = replace(app, clock=lambda: at)
        return (await poll(app, store, web, app.sources, lambda _source, _what: None))[0]


def found(store: Store) -> set[str]:
    return {row["url"] for row in store.database.read("SELECT url FROM link")}


def standing(store: Store, at: datetime) -> Health:
    return store.standing.health(at)[0]


@in_sqlite("hundreds of pages read")
async def test_after_an_outage_all_that_the_sitemap_shows_is_found_and_followed_over_the_next_rounds(
    paper: Paper, store: Store, app_for: AppFor, now: datetime
) -> None:
    app = app_for(("Báo Mẫu", paper.site.url(FEED)), now=now)
    await visit(app, store, now + 5 * MINUTE)
    paper.site.routes[FEED] = Answer("x", status=500)
    await visit(app, store, now + 30 * MINUTE)
    paper.print(LINKS + 30)
    back = now + (LINKS + 30) * MINUTE
    assert (await visit(app, store, back)).new == LINKS + 30 - LISTED
    fares = standing(store, back)
    assert found(store) == paper.printed
    assert fares.waiting == LINKS + 30 - LISTED - LINKS
    assert fares.next_poll_at - back < FASTEST * 1.3
    assert (fares.behind, fares.unfilled_gaps) == (None, 0)
    await visit(app, store, fares.next_poll_at)
    assert standing(store, back).waiting == 0


async def test_a_sitemap_that_fails_is_asked_again_until_the_gap_is_filled(
    paper: Paper, store: Store, app_for: AppFor, now: datetime
) -> None:
    app = app_for(("Báo Mẫu", paper.site.url(FEED)), now=now)
    await visit(app, store, now + 5 * MINUTE)
    paper.print(30)
    whole, paper.site.routes[SITEMAP] = paper.site.routes[SITEMAP], Answer("x", status=503)
    await visit(app, store, now + 30 * MINUTE)
    assert standing(store, now).behind == now + 5 * MINUTE
    paper.site.routes[SITEMAP] = whole
    await visit(app, store, now + 40 * MINUTE)
    assert found(store) == paper.printed
    assert (standing(store, now).behind, standing(store, now).unfilled_gaps) == (None, 0)


@pytest.mark.parametrize("sitemap", [Answer("x", status=404), Answer("x", status=503)], ids=["missing", "failing"])
async def test_what_nothing_shows_any_more_is_counted_and_named(
    sitemap: Answer, paper: Paper, store: Store, app_for: AppFor, now: datetime
) -> None:
    app = app_for(("Báo Mẫu", paper.site.url(FEED)), now=now)
    await visit(app, store, now + 5 * MINUTE)
    paper.print(30)
    paper.site.routes[SITEMAP] = sitemap
    later = [now + timedelta(minutes=30), now + timedelta(days=1), now + timedelta(days=3)]
    for at in later:
        await visit(app, store, at)
    fares = standing(store, later[-1])
    assert (fares.behind, fares.unfilled_gaps) == (None, 1)
    told = diagnose(fares, later[-1])
    assert (told.condition, told.alarming) == (Condition.GAP, False)
    assert "21/11/2026 09:05" in told.reason
    assert diagnose(fares, later[-1] + timedelta(days=4)).condition is not Condition.GAP


async def test_a_round_stopped_while_it_catches_up_loses_nothing(
    paper: Paper, store: Store, app_for: AppFor, now: datetime
) -> None:
    app = app_for(("Báo Mẫu", paper.site.url(FEED)), now=now)
    await visit(app, store, now + 5 * MINUTE)
    paper.print(30)
    stopped = replace(app, clock=lambda: now + 30 * MINUTE)

    def stop(_source: str, what: str) -> None:
        if what.startswith("looking for"):
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        async with stopped.web() as web:
            await poll(stopped, store, web, stopped.sources, stop)
    assert len(found(store)) == LISTED * 2
    await visit(app, store, now + 31 * MINUTE)
    assert found(store) == paper.printed


async def test_an_article_that_stays_on_top_hides_no_gap(
    paper: Paper, store: Store, app_for: AppFor, now: datetime
) -> None:
    app = app_for(("Báo Mẫu", paper.site.url(FEED)), now=now)
    await visit(app, store, now + 5 * MINUTE)
    paper.print(30, pinned=1)
    done = await visit(app, store, now + 30 * MINUTE)
    assert not done.gap
    assert found(store) == paper.printed


async def test_what_was_printed_while_the_first_visits_failed_is_found(
    paper: Paper, store: Store, app_for: AppFor, now: datetime
) -> None:
    app = app_for(("Báo Mẫu", paper.site.url(FEED)), now=now)
    paper.site.routes[FEED] = Answer("x", status=500)
    await visit(app, store, now + 2 * MINUTE)
    paper.print(30)
    await visit(app, store, now + 30 * MINUTE)
    assert found(store) == paper.printed
