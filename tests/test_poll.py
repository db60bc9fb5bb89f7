"""One round: what is offered is remembered, what is followed has an outcome, faults are named."""

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.app import App
from monitor.edges.parsing.pool import Parsing
from monitor.edges.store import Store
from monitor.errors import StoreError
from monitor.models import Label, Outcome, Page, Round, State
from monitor.poll import enlist, poll
from monitor.schedule import FIRST
from monitor.scrape.discover import discover
from tests.loopback import Answer, Loopback
from tests.newsroom import article_page, campaign_body, other_body, publish, rss, sitemap

AppFor = Callable[..., App]
FEED = "/rss/home.rss"


async def rounds(app: App, store: Store) -> list[Round]:
    async with app.web() as web:
        return await poll(app, store, web, app.sources, lambda _source, _what: None)


def outcomes(store: Store) -> dict[str, str]:
    """Return the outcome of every link by the last part of its address."""
    rows = store.database.read("SELECT url, outcome FROM link ORDER BY url")
    return {row["url"].rsplit("/", 1)[1]: row["outcome"] for row in rows}


async def test_a_second_round_adds_nothing_and_fetches_no_article_again(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    publish(site, 5, now)
    app = app_for(("Báo Mẫu", site.url(FEED)), now=now)
    first = (await rounds(app, store))[0]
    assert (first.state, first.links, first.new, first.kept) == (State.ON_TOPIC, 5, 5, 5)
    asked = len(site.seen)
    second = (await rounds(app, store))[0]
    assert (second.state, second.new, second.kept) == (State.SILENT, 0, 0)
    assert site.seen[asked:] == [FEED]


async def test_every_link_has_an_outcome_and_dead_ones_are_not_asked_again(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    publish(site, 1, now)
    paths = {
        "/tin-khac-gia-ca-phe-tang-900001.html": Answer(article_page("Giá cà phê tăng", other_body(3), now)),
        "/tin-mat-khong-con-tren-trang-900002.html": Answer("", status=404),
        "/tin-loi-may-chu-dang-bao-tri-900003.html": Answer("", status=503),
        "/tin-khong-phai-la-bai-viet-900004.html": Answer("<html><body><p>Đang cập nhật</p></body></html>"),
        "/tin-tep-dinh-kem-van-ban-900005.html": Answer(b"%PDF-1.7 \x00\x01", kind="application/pdf"),
    }
    site.routes |= paths
    known = [(site.url(path), "Tin", now) for path in paths]
    mine = "/tin-xa-so-ket-viec-hoc-bac-100001.html"
    site.routes[FEED] = Answer(rss([*known, (site.url(mine), "Tin", now)]), kind="application/rss+xml")
    app = app_for(("Báo Mẫu", site.url(FEED)), now=now)
    done = (await rounds(app, store))[0]
    assert outcomes(store) == {
        "tin-khac-gia-ca-phe-tang-900001.html": Outcome.REJECTED,
        "tin-mat-khong-con-tren-trang-900002.html": Outcome.GONE,
        "tin-loi-may-chu-dang-bao-tri-900003.html": Outcome.RETRY,
        "tin-khong-phai-la-bai-viet-900004.html": Outcome.NOT_ARTICLE,
        "tin-tep-dinh-kem-van-ban-900005.html": Outcome.NOT_ARTICLE,
        "tin-xa-so-ket-viec-hoc-bac-100001.html": Outcome.KEPT,
    }
    assert done.state is State.ON_TOPIC
    assert [message for message in done.messages if "503" in message]
    asked = len(site.seen)
    await rounds(app, store)
    assert site.seen[asked:] == [FEED]


async def test_one_article_under_many_addresses_is_stored_once(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    path = "/tin-xa-so-ket-viec-hoc-bac-100001.html"
    page = Answer(article_page("Xã sơ kết việc học tập và làm theo Bác", campaign_body(1), now, site.url(path)))
    twins = [path, f"{path}?utm_source=zalo", f"{path}#binh-luan", "/amp/tin-xa-so-ket-viec-hoc-bac-100001.html",
             "/chuyen-muc-cu/tin-xa-so-ket-viec-hoc-bac-cu-100001.html"]  # fmt: skip
    for twin in twins:
        site.routes[twin] = page
    site.routes[FEED] = Answer(rss([(site.url(twin), "Tin", now) for twin in twins]), kind="application/rss+xml")
    app = app_for(("Báo Mẫu", site.url(FEED)), now=now)
    done = (await rounds(app, store))[0]
    assert done.kept == 1
    assert store.articles.count() == {Label.CAMPAIGN: 1}
    assert set(outcomes(store).values()) == {Outcome.KEPT, Outcome.SAME}


async def test_the_same_text_on_two_papers_is_one_story_told_from_the_earliest(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    for name, hours in (("som", 5), ("muon", 1)):
        path = f"/{name}-tin-hoc-va-lam-theo-bac-100001.html"
        title = f"Tiêu đề riêng của báo {name} về việc làm theo Bác"
        site.routes[path] = Answer(article_page(title, campaign_body(1), now - timedelta(hours=hours)))
        site.routes[f"/{name}.rss"] = Answer(rss([(site.url(path), title, now)]), kind="application/rss+xml")
    app = app_for(("Báo Muộn", site.url("/muon.rss")), ("Báo Sớm", site.url("/som.rss")), now=now)
    done = await rounds(app, store)
    assert [one.kept for one in done] == [1, 1]
    assert sum(one.copies for one in done) == 1
    late = store.articles.find(site.url("/muon-tin-hoc-va-lam-theo-bac-100001.html"))
    early = store.articles.find(site.url("/som-tin-hoc-va-lam-theo-bac-100001.html"))
    assert late is not None
    assert early is not None
    assert late.story == early.story
    assert (late.copy_of, early.copy_of) == (early.article.url, "")


async def test_a_corrected_article_is_revised_not_added(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    path = "/tin-xa-so-ket-viec-hoc-bac-100001.html"

    def listing(changed: datetime) -> Answer:
        entry = (
            f"<entry><id>{site.url(path)}</id><link href='{site.url(path)}'/><title>Tin</title>"
            f"<published>{now.isoformat()}</published><updated>{changed.isoformat()}</updated></entry>"
        )
        return Answer(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>', kind="application/atom+xml")

    site.routes["/atom.xml"] = listing(now - timedelta(hours=2))
    site.routes[path] = Answer(article_page("Học Bác: 46 tấm gương", campaign_body(1), now))
    app = app_for(("Báo Mẫu", site.url("/atom.xml")), now=now)
    await rounds(app, store)
    site.routes[path] = Answer(article_page("Học Bác: 64 tấm gương", campaign_body(2), now))
    site.routes["/atom.xml"] = listing(now - timedelta(hours=1))
    done = (await rounds(app, store))[0]
    assert (done.new, done.kept, done.revised) == (0, 0, 1)
    assert store.articles.count() == {Label.CAMPAIGN: 1}
    assert store.articles.revision_count() == 1


LISTINGS = {
    "a page that is no feed at a feed's address": (Answer("<html><body>Lỗi</body></html>"), "answered with a web page"),
    "an empty answer": (Answer(""), "empty"),
    "a server error": (Answer("x", status=500), "500 Internal Server Error"),
    "an endless answer": (Answer(fault="endless"), "larger than|no complete answer"),
    "no answer": (Answer(fault="hang"), "no complete answer within 4 s"),
    "an empty feed": (Answer(rss([]), kind="application/rss+xml"), "0 items"),
    "a picture": (Answer(b"\x89PNG\r\n\x1a\n\x00\x00", kind="image/png"), "neither feed, sitemap nor web page"),
}


@pytest.mark.parametrize("case", LISTINGS)
async def test_a_bad_source_is_named_in_one_line_and_the_others_go_on(
    site: Loopback, store: Store, app_for: AppFor, now: datetime, case: str
) -> None:
    answer, reason = LISTINGS[case]
    publish(site, 2, now)
    site.routes["/hong.rss"] = answer
    app = app_for(("Báo Hỏng", site.url("/hong.rss")), ("Báo Tốt", site.url(FEED)), now=now)
    bad, good = await rounds(app, store)
    assert bad.state is State.UNREADABLE
    assert any(word in bad.reason for word in reason.split("|"))
    assert bad.messages == (f"Báo Hỏng: {bad.reason}",)
    assert "\n" not in bad.reason
    assert (good.state, good.kept) == (State.ON_TOPIC, 2)


async def test_a_failing_source_is_visited_less_and_less_but_never_given_up(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    site.routes[FEED] = Answer("x", status=500)
    app = app_for(("Báo Mẫu", site.url(FEED)), now=now)
    waits = []
    for _ in range(15):
        await rounds(app, store)
        waits.append(store.standing.health(now)[0].next_poll_at - now)
    assert min(waits) >= FIRST
    assert timedelta(hours=1) < max(waits) <= timedelta(hours=6)
    publish(site, 1, now)
    assert (await rounds(app, store))[0].state is State.ON_TOPIC
    assert store.standing.health(now)[0].next_poll_at - now <= FIRST * 1.2


async def test_what_a_feed_asks_for_is_heeded_unless_the_operator_named_an_interval(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    publish(site, 4, now)
    feed = site.routes["/rss/home.rss"]
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24) if hour != 12)
    asked = str(feed.body).replace("<channel>", f"<channel><ttl>60</ttl><skipHours>{hours}</skipHours>")
    site.routes["/rss/home.rss"] = replace(feed, body=asked)
    app = app_for(("Báo Mẫu", site.url("/rss/home.rss")), more='digest: {at: "06:00"}', now=now)
    await rounds(app, store)
    assert store.standing.health(now)[0].interval == timedelta(hours=1)
    assert len(store.sources.memory("Báo Mẫu").quiet) == 7 * 23
    hurried = replace(app, sources=(replace(app.sources[0], every=timedelta(minutes=30)),))
    await rounds(hurried, store)
    assert store.standing.health(now)[0].next_poll_at - now <= timedelta(minutes=36)
    await rounds(app, store)
    assert store.standing.health(now)[0].next_poll_at.hour == 12, "nine is quiet, so are ten and eleven"


async def test_a_feed_that_turned_over_is_counted_and_the_site_is_asked_what_was_missed(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    clock = iter(now + timedelta(minutes=5 * step) for step in range(10_000))
    seen = publish(site, 3, now)
    app = replace(app_for(("Báo Mẫu", site.url(FEED)), now=now), clock=lambda: next(clock))
    await rounds(app, store)
    later = now + timedelta(hours=5)
    missed = publish(site, 4, later, prefix="lo", first=20)
    site.routes["/sitemap.xml"] = Answer(sitemap(missed, later), kind="text/xml")
    site.routes["/robots.txt"] = Answer(f"Sitemap: {site.url('/sitemap.xml')}", kind="text/plain")
    found = publish(site, 3, later, prefix="moi", first=40)
    clock = iter(later + timedelta(minutes=step) for step in range(10_000))
    done = (await rounds(app, store))[0]
    assert done.gap
    assert store.standing.health(now)[0].possible_gaps == 1
    kept = [report.article.url for report in store.articles.export(None, None, [Label.CAMPAIGN])]
    assert sorted(kept) == sorted(seen + missed + found)
    assert not (await rounds(app, store))[0].gap


async def test_a_list_that_turned_over_is_walked_back_only_to_what_was_seen(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    later = now + timedelta(hours=5)

    def listing(first: int, count: int, older: str = "") -> Answer:
        urls = publish(site, count, now if first == 1 else later, first=first)
        rows = "".join(f'<h3><a href="{url}">Xã số {n} sơ kết việc học tập và làm theo Bác</a></h3>'
                       for n, url in enumerate(urls, first))  # fmt: skip
        return Answer(f'<html><body><div class="list">{rows}</div>{older}</body></html>')

    site.routes["/lam-theo-bac/"] = listing(1, 5)
    app = app_for(("Báo Mẫu", site.url("/lam-theo-bac/")), now=now)
    assert (await rounds(app, store))[0].new == 5
    site.routes |= {
        "/lam-theo-bac/": listing(20, 5, '<a rel="next" href="/lam-theo-bac/?page=2">2</a>'),
        "/lam-theo-bac/?page=2": listing(10, 5, '<a rel="next" href="/lam-theo-bac/?page=3">3</a>'),
        "/lam-theo-bac/?page=3": listing(3, 5, '<a rel="next" href="/lam-theo-bac/?page=4">4</a>'),
        "/lam-theo-bac/?page=4": listing(50, 5),
    }
    done = (await rounds(replace(app, clock=lambda: later), store))[0]
    assert done.gap
    assert done.new == 5 + 5 + 2
    assert "/lam-theo-bac/?page=4" not in site.seen


async def test_a_renamed_source_keeps_its_history_and_a_moved_one_is_read_afresh(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    publish(site, 3, now)
    await rounds(app_for(("Báo Cũ", site.url(FEED)), now=now), store)
    renamed = app_for(("Báo Mới", site.url(FEED)), now=now)
    renamed = replace(renamed, sources=(replace(renamed.sources[0], aliases=("Báo Cũ",)),))
    asked = len(site.seen)
    done = (await rounds(renamed, store))[0]
    assert (done.new, site.seen[asked:]) == (0, [FEED])
    assert [(one.source, one.articles) for one in store.standing.health(now)] == [("Báo Mới", 3)]
    publish(site, 1, now, first=9)
    site.routes["/rss/moi.rss"] = site.routes[FEED]
    moved = replace(renamed, sources=(replace(renamed.sources[0], url=site.url("/rss/moi.rss")),))
    done = (await rounds(moved, store))[0]
    assert (done.new, done.gap) == (1, False)
    assert store.standing.health(now)[0].articles == 4


async def test_an_article_read_while_its_source_is_renamed_is_stored_under_the_new_name(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    publish(site, 2, now)
    old, new = (app_for((name, site.url(FEED)), now=now) for name in ("Báo Cũ", "Báo Mới"))
    new = replace(new, sources=(replace(new.sources[0], aliases=("Báo Cũ",)),))

    def renamed(_source: str, what: str) -> None:
        if what == "page 1 of 2":
            enlist(new, store, new.sources)

    async with old.web() as web:
        with pytest.raises(StoreError, match="Báo Cũ"):
            await poll(old, store, web, old.sources, renamed)
    await rounds(new, store)
    assert [(one.source, one.articles) for one in store.standing.health(now)] == [("Báo Mới", 2)]


async def test_a_page_that_could_not_be_read_for_want_of_a_reader_is_read_later(
    site: Loopback, store: Store, app_for: AppFor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(site, 1, now)
    listing = discover(Page(site.url(FEED), str(site.routes[FEED].body).encode()), now)
    app = replace(app_for(("Báo Mẫu", site.url(FEED)), now=now), parsing=Parsing())
    enlist(app, store, app.sources)
    store.links.remember("Báo Mẫu", listing.links, now)
    with monkeypatch.context() as upgrading:
        upgrading.setattr(sys, "executable", "/nowhere/python")
        done = (await rounds(app, store))[0]
    assert (done.state, done.kept) == (State.UNREADABLE, 0)
    later = replace(app, clock=lambda: now + timedelta(hours=1))
    assert (await rounds(later, store))[0].kept == 1


async def test_an_address_longer_than_any_browser_takes_costs_no_other_link(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    publish(site, 2, now)
    rnd = random.Random(1)
    endless = f"{site.url('/tin-rat-dai-ve-hoc-bac-1234567.html')}?q={rnd.randbytes(4000).hex()}"
    known = [(site.url(path), "Tin", now) for path in site.routes if path != FEED]
    site.routes[FEED] = Answer(rss([(endless, "Tin", now), *known]), kind="application/rss+xml")
    done = (await rounds(app_for(("Báo Mẫu", site.url(FEED)), now=now), store))[0]
    assert (done.links, done.kept, done.messages) == (2, 2, ())


async def test_links_of_a_listing_that_later_fails_are_still_followed(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    publish(site, 3, now)
    app = app_for(("Báo Mẫu", site.url(FEED)), now=now)
    down = {path: Answer("x", status=503) for path in site.routes if path != FEED}
    up, site.routes = site.routes, {**site.routes, **down}
    assert (await rounds(app, store))[0].kept == 0
    site.routes = {**up, FEED: Answer("x", status=500)}
    later = App(**{**vars(app), "clock": lambda: now + timedelta(hours=1)})
    done = (await rounds(later, store))[0]
    assert done.state is State.UNREADABLE
    assert done.kept == 3


async def test_a_sitemap_index_leads_to_its_newest_sitemaps(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    urls = publish(site, 2, now)
    maps = "".join(
        f"<sitemap><loc>{site.url(f'/sitemap-{n}.xml')}</loc><lastmod>2026-{n:02}-01</lastmod></sitemap>"
        for n in range(1, 12)
    )
    site.routes["/sitemap.xml"] = Answer(f"<sitemapindex>{maps}</sitemapindex>", kind="application/xml")
    for n in range(1, 12):
        listed = "".join(f"<url><loc>{url}</loc></url>" for url in urls if n == 11)
        site.routes[f"/sitemap-{n}.xml"] = Answer(f"<urlset>{listed or '<url><loc>x</loc></url>'}</urlset>")
    app = app_for(("Báo Mẫu", site.url("/sitemap.xml")), now=now)
    done = (await rounds(app, store))[0]
    assert done.kept == 2, done
    assert "/sitemap-11.xml" in site.seen
    assert "/sitemap-1.xml" not in site.seen


async def test_an_index_that_does_not_change_hides_nothing_below_it(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    urls = publish(site, 4, now)

    def sitemap(addresses: list[str]) -> Answer:
        return Answer(
            f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in addresses)}</urlset>", validated=True
        )

    index = "".join(f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in ("/a.xml", "/b.xml"))
    site.routes["/sitemap.xml"] = Answer(f"<sitemapindex>{index}</sitemapindex>", validated=True)
    site.routes["/a.xml"], site.routes["/b.xml"] = sitemap(urls[:1]), Answer("x", status=503)
    app = app_for(("Báo Mẫu", site.url("/sitemap.xml")), now=now)
    first = (await rounds(app, store))[0]
    assert (first.kept, first.state) == (1, State.ON_TOPIC)
    assert first.messages == (f"Báo Mẫu: {site.url('/b.xml')}: 503 Service Unavailable",)
    site.routes["/a.xml"], site.routes["/b.xml"] = sitemap(urls[:2]), sitemap(urls[2:])
    assert (await rounds(app, store))[0].kept == 3


def feed(title: str, **changes: str) -> Answer:
    """Return a feed of one article whose title stands in it as given."""
    item = f"<item><title>{title}</title><link>http://127.0.0.1:9/tin-cua-bao-hong-123456.html</link></item>"
    return Answer(f"<rss><channel>{item}</channel></rss>", kind=changes.get("kind", "application/rss+xml"))


HOSTILE = {
    "an emoji in two halves": feed("Tin &#55357;&#56832;"),
    "a letter that does not exist": feed("&#x110000; &#99999999; &#xD800;"),
    "a charset made to crash": feed("Tin", kind="text/xml; charset=undefined"),
    "a charset made to stall": feed("Tin", kind="text/xml; charset=punycode"),
    "a charset of no name": Answer(b'<?xml version="1.0" encoding="\xf8"?><rss><channel></channel></rss>'),
    "a sitemap of halves": Answer(
        '<urlset xmlns:n="x"><url><loc>http://127.0.0.1:9/a-b-c-d-e-f-123456.html</loc><n:title>&#55357;</n:title></url></urlset>'
    ),
    "zeros before a sitemap": Answer(b"\x00<urlset>"),
    "a validator that cannot be sent back": Answer("x", headers=(("ETag", '"b\xe1o"'),)),
    "a redirect to no host": Answer("", status=302, headers=(("Location", "http://xn--a/"),)),
    "half a letter in a JSON feed": Answer('{"items":[{"url":"http://127.0.0.1:9/\\ud800-a-b-c-d-e-123456"}]}'),
}


@pytest.mark.parametrize("case", ["an emoji in two halves", "a letter that does not exist", "a charset made to crash",
                                  "a charset made to stall"])  # fmt: skip
def test_a_title_or_charset_no_parser_takes_costs_no_link(case: str, now: datetime) -> None:
    answer = HOSTILE[case]
    listing = discover(Page("http://127.0.0.1:9/rss", answer.content, answer.kind), now)
    assert [link.url for link in listing.links] == ["http://127.0.0.1:9/tin-cua-bao-hong-123456.html"]


@pytest.mark.parametrize("case", HOSTILE)
async def test_what_no_parser_expects_stops_neither_its_source_nor_the_others(
    site: Loopback, store: Store, app_for: AppFor, now: datetime, case: str
) -> None:
    publish(site, 2, now)
    site.routes["/hong"] = HOSTILE[case]
    app = app_for(("Báo Hỏng", site.url("/hong")), ("Báo Tốt", site.url(FEED)), now=now)
    for _ in range(2):
        bad, good = await rounds(app, store)
        assert all("\n" not in message for message in (bad.reason, *bad.messages))
        assert good.state in {State.ON_TOPIC, State.SILENT}
    assert all(fares.next_poll_at > now for fares in store.standing.health(now))


async def test_a_canonical_that_names_the_section_swallows_no_article(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    publish(site, 3, now)
    for path, answer in list(site.routes.items()):
        if path != FEED:
            page = str(answer.body).replace("<head>", f'<head><link rel="canonical" href="{site.url("/chinh-tri")}">')
            site.routes[path] = Answer(page)
    app = app_for(("Báo Mẫu", site.url(FEED)), now=now)
    done = (await rounds(app, store))[0]
    assert (done.kept, done.revised) == (3, 0)


async def test_a_wall_of_script_is_tried_again_later(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    urls = publish(site, 1, now)
    path = urls[0].removeprefix(site.root)
    page, site.routes[path] = site.routes[path], Answer("<script>document.cookie='a=1';location.reload()</script>")
    app = app_for(("Báo Mẫu", site.url(FEED)), now=now)
    done = (await rounds(app, store))[0]
    assert (done.kept, done.state) == (0, State.UNREADABLE)
    site.routes[path] = page
    later = App(**{**vars(app), "clock": lambda: now + timedelta(hours=1)})
    assert (await rounds(later, store))[0].kept == 1


async def test_a_host_that_asks_for_time_keeps_its_links_waiting(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    paths = publish(site, 5, now)
    busy = Answer("", status=429, headers=(("Retry-After", "600"),))
    kept, site.routes = dict(site.routes), dict.fromkeys(site.routes, busy) | {FEED: site.routes[FEED]}
    app = app_for(("Báo Mẫu", site.url(FEED)), now=now)
    done = (await rounds(app, store))[0]
    assert "429" in done.reason
    assert len(site.seen) == 2
    assert sorted(outcomes(store).values()) == [*[Outcome.PENDING] * 4, Outcome.RETRY]
    site.routes = kept
    later = App(**{**vars(app), "clock": lambda: now + timedelta(hours=1)})
    assert (await rounds(later, store))[0].kept == len(paths) == 5


async def test_a_listing_that_robots_txt_refuses_is_named_so(
    site: Loopback, store: Store, app_for: AppFor, now: datetime
) -> None:
    publish(site, 1, now)
    site.routes["/robots.txt"] = Answer("User-agent: *\nDisallow: /rss/\n", kind="text/plain")
    done = (await rounds(app_for(("Báo Mẫu", site.url(FEED)), now=now), store))[0]
    assert done.state is State.UNREADABLE
    assert done.reason == "robots.txt of 127.0.0.1 asks programs not to visit /rss/home.rss"
    assert site.seen == []
