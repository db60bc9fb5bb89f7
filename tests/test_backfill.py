"""Older pages and sitemaps, walked back to a day: nothing missed, nothing twice, always an end."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from monitor.app import App
from monitor.edges.store import Store
from monitor.models import Label, Round
from monitor.poll import poll
from tests.loopback import Answer, Loopback
from tests.newsroom import article_page, campaign_body, rss

AppFor = Callable[..., App]
PAGE = 6  # articles of one page


async def back(app: App, store: Store, since: datetime | None) -> Round:
    async with app.web() as web:
        return (await poll(app, store, web, app.sources, lambda _source, _what: None, since))[0]


def articles(site: Loopback, count: int, now: datetime) -> list[tuple[str, str, datetime]]:
    """Let a site hold one campaign article a day, the newest first; returns address, title and date."""
    told = []
    for number in range(count):
        path = f"/tin-xa-so-ket-viec-hoc-tap-bac-{200_000 - number}.html"
        title = f"Xã số {number} sơ kết việc học tập và làm theo Bác năm nay"
        published = now - timedelta(days=number, hours=1)
        site.routes[path] = Answer(article_page(title, campaign_body(number), published))
        told.append((site.url(path), title, published))
    return told


def listing(told: list[tuple[str, str, datetime]], pager: str, *, dated: bool = False) -> Answer:
    """Return a listing page with a menu, a side column and a pager."""
    items = "".join(
        f'<div class="item"><h3><a href="{url}">{title}</a></h3>'
        f"{f'<span>{at:%d/%m/%Y %H:%M}</span>' if dated else ''}<p>Tóm tắt.</p></div>"
        for url, title, at in told
    )
    menu = '<nav><a href="/">Trang chủ</a><a href="/xa-hoi">Xã hội</a></nav>'
    return Answer(f"<!DOCTYPE html><html><body>{menu}<main>{items}</main><div class='p'>{pager}</div></body></html>")


def pages(site: Loopback, told: list[tuple[str, str, datetime]], *, dated: bool = False) -> None:
    """Put a site's articles on pages /hoc-bac, /hoc-bac?trang=2, …; the last leads back to the first."""
    starts = range(0, len(told), PAGE)
    for number, start in enumerate(starts, start=1):
        following = f"/hoc-bac?trang={number + 1}" if start + PAGE < len(told) else "/hoc-bac?trang=1"
        path = "/hoc-bac" if number == 1 else f"/hoc-bac?trang={number}"
        pager = f'<a href="{following}">Trang sau</a><a href="{following}">{number + 1}</a>'
        site.routes[path] = listing(told[start : start + PAGE], pager, dated=dated)
    site.routes["/hoc-bac?trang=1"] = site.routes["/hoc-bac"]


def asked_pages(site: Loopback) -> list[str]:
    return [path for path in site.seen if path.startswith("/hoc-bac")]


@pytest.mark.parametrize("dated", [True, False], ids=["dated by its listing", "dated by its articles"])
async def test_a_backfill_reads_every_article_since_a_day_and_stops_soon_after(
    site: Loopback, store: Store, app_for: AppFor, now: datetime, *, dated: bool
) -> None:
    told = articles(site, 40, now)
    pages(site, told, dated=dated)
    app = app_for(("Báo Mẫu", site.url("/hoc-bac")), now=now)
    done = await back(app, store, now - timedelta(days=14))
    wanted = {url for url, _, at in told if at >= now - timedelta(days=14)}
    kept = {one.article.url for one in store.articles.export(None, None, [Label.CAMPAIGN])}
    assert wanted <= kept
    assert len(kept) <= len(wanted) + PAGE * 2
    assert asked_pages(site) == ["/hoc-bac", *(f"/hoc-bac?trang={n}" for n in (2, 3, 4))]
    assert done.messages == ()
    assert dated is (kept == wanted), "dates of a listing spare the fetch of what is older"


async def test_paging_that_leads_in_a_circle_ends(site: Loopback, store: Store, app_for: AppFor, now: datetime) -> None:
    pages(site, articles(site, 15, now))
    app = app_for(("Báo Mẫu", site.url("/hoc-bac")), now=now)
    done = await back(app, store, now - timedelta(days=400))
    assert (done.kept, done.links) == (15, 15)
    assert len(asked_pages(site)) <= 4


async def test_a_page_that_repeats_the_former_ends_the_walk(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    told = articles(site, PAGE, now)
    for number in range(1, 30):
        path = "/hoc-bac" if number == 1 else f"/hoc-bac?trang={number}"
        site.routes[path] = listing(told, f'<a href="/hoc-bac?trang={number + 1}">{number + 1}</a>')
    app = app_for(("Báo Mẫu", site.url("/hoc-bac")), now=now)
    assert (await back(app, store, now - timedelta(days=400))).kept == PAGE
    assert asked_pages(site) == ["/hoc-bac", "/hoc-bac?trang=2"]


async def test_a_second_backfill_and_a_later_poll_fetch_no_article_again(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    pages(site, articles(site, 15, now))
    app = app_for(("Báo Mẫu", site.url("/hoc-bac")), now=now)
    await back(app, store, now - timedelta(days=400))
    before = len(site.seen)
    again = await back(app, store, now - timedelta(days=400))
    assert (again.new, again.kept) == (0, 0)
    await back(app, store, None)
    assert all(path.startswith("/hoc-bac") for path in site.seen[before:])


async def test_an_older_page_that_fails_is_named_and_what_was_found_stays(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    pages(site, articles(site, 20, now))
    site.routes["/hoc-bac?trang=3"] = Answer("x", status=503)
    app = app_for(("Báo Mẫu", site.url("/hoc-bac")), now=now)
    done = await back(app, store, now - timedelta(days=400))
    assert done.kept == PAGE * 2
    assert done.messages == (f"Báo Mẫu: {site.url('/hoc-bac?trang=3')}: 503 Service Unavailable",)
    for end in (Answer("", status=404), listing([], "")):
        site.routes["/hoc-bac?trang=3"] = end
        assert (await back(app, store, now - timedelta(days=400))).messages == ()


async def test_a_wordpress_feed_goes_on_with_its_older_pages(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    told = articles(site, 20, now)
    generator = "<generator>https://wordpress.org/?v=6.5</generator><item>"
    for number in range(1, 5):
        page = rss(told[(number - 1) * PAGE : number * PAGE]).replace("<item>", generator, 1)
        site.routes["/feed/" if number == 1 else f"/feed/?paged={number}"] = Answer(page, kind="application/rss+xml")
    app = app_for(("Báo Mẫu", site.url("/feed/")), now=now)
    assert (await back(app, store, now - timedelta(days=400))).kept == 20
    asked = [path for path in site.seen if path.startswith("/feed")]
    assert asked == ["/feed/", *(f"/feed/?paged={n}" for n in (2, 3, 4, 5))]


async def test_a_feed_without_pages_goes_on_with_the_page_of_its_section(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    told = articles(site, 15, now)
    pages(site, told)
    feed = rss(told[:4]).replace("<channel>", f"<channel><link>{site.url('/hoc-bac')}</link>")
    site.routes["/rss/hoc-bac.rss"] = Answer(feed, kind="application/rss+xml")
    app = app_for(("Báo Mẫu", site.url("/rss/hoc-bac.rss")), now=now)
    assert (await back(app, store, now - timedelta(days=400))).kept == 15


async def test_an_index_is_followed_back_to_the_month_that_is_asked_for(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    months = [(2026, 11), (2026, 10), (2026, 9), (2026, 8), (2026, 7), (2026, 6)]
    told = articles(site, len(months), now)
    maps = ""
    for (year, month), (url, _, _) in zip(months, told, strict=True):
        path = f"/sitemap-{year}-{month:02}.xml"
        maps += f"<sitemap><loc>{site.url(path)}</loc></sitemap>"
        site.routes[path] = Answer(f"<urlset><url><loc>{url}</loc></url></urlset>", kind="application/xml")
    site.routes["/sitemap.xml"] = Answer(f"<sitemapindex>{maps}</sitemapindex>", kind="application/xml")
    app = app_for(("Báo Mẫu", site.url("/sitemap.xml")), now=now)
    assert (await back(app, store, None)).kept == 3
    assert (await back(app, store, datetime(2026, 8, 15, tzinfo=now.tzinfo))).kept == 1
    asked = {path for path in site.seen if path.startswith("/sitemap-")}
    assert asked == {f"/sitemap-2026-{month:02}.xml" for month in (8, 9, 10, 11)}


async def test_one_broken_sitemap_of_many_costs_only_itself(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    told = articles(site, 8, now)
    maps = ""
    for number, (url, _, _) in enumerate(told):
        path = f"/sitemap-{number}.xml"
        maps += f"<sitemap><loc>{site.url(path)}</loc></sitemap>"
        site.routes[path] = Answer(f"<urlset><url><loc>{url}</loc></url></urlset>", kind="application/xml")
    site.routes["/sitemap-4.xml"] = Answer("x", status=500)
    site.routes["/sitemap.xml"] = Answer(f"<sitemapindex>{maps}</sitemapindex>", kind="application/xml")
    app = app_for(("Báo Mẫu", site.url("/sitemap.xml")), now=now)
    done = await back(app, store, now - timedelta(days=400))
    assert done.kept == 7
    assert done.messages == (f"Báo Mẫu: {site.url('/sitemap-4.xml')}: 500 Internal Server Error",)


async def test_a_listing_of_which_only_its_clock_has_changed_is_not_read_again(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    told = articles(site, 8, now)
    app = app_for(("Báo Mẫu", site.url("/hoc-bac")), now=now)
    seen = []
    for clock, shown in (("15:01", told[1:]), ("15:31", told[1:]), ("16:01", told)):
        site.routes["/hoc-bac"] = listing(shown, f"<p>Bây giờ là {clock}, {clock[-2:]}3 người đang xem</p>")
        seen.append((await back(app, store, None)).links)
    assert seen == [7, 0, 8]
    assert store.articles.count() == {Label.CAMPAIGN: 8}
