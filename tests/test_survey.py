"""`sources check` and `sources add`: what a site offers is found, shown, and nothing else is touched."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.app import App
from monitor.config import load
from monitor.edges.store import Store
from monitor.errors import UnreadableError
from monitor.models import Kind, Label, Source
from monitor.poll import poll
from monitor.provinces import of_host
from monitor.scrape.discover.offers import concerns, is_front, offers, sitemaps_of
from monitor.survey import Survey, check, survey
from tests.conftest import Run, write_config
from tests.loopback import Answer, Loopback
from tests.newsroom import publish

AppFor = Callable[..., App]
MENU = (
    '<nav><a href="/">Trang chủ</a><a href="/xa-hoi">Xã hội</a>'
    '<a href="/hoc-va-lam-theo-bac">Học và làm theo Bác</a></nav>'
)


def page(body: str, *, title: str = "Báo Lai Châu điện tử", head: str = "") -> Answer:
    return Answer(f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>")


def feed_link(address: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{address}">'


@pytest.fixture
def paper(site: Loopback) -> Loopback:
    """A paper with a front page, a campaign section, a feed of all and an article or four."""
    urls = publish(site, 4, datetime.now(UTC))
    site.routes["/rss/hoc-va-lam-theo-bac.rss"] = site.routes["/rss/home.rss"]
    items = "".join(
        f'<div class="item"><h3><a href="{url}">Xã số {n} sơ kết việc học tập và làm theo Bác năm nay</a></h3></div>'
        for n, url in enumerate(urls)
    )
    site.routes["/"] = page(MENU + items, head=feed_link("/rss/home.rss"))
    site.routes["/hoc-va-lam-theo-bac"] = page(MENU + items, title="Học và làm theo Bác - Báo Lai Châu điện tử")
    site.routes["/robots.txt"] = Answer(f"User-agent: *\nSitemap: {site.url('/sitemap.xml')}\n", kind="text/plain")
    maps = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    site.routes["/sitemap.xml"] = Answer(f"<urlset>{maps}</urlset>", kind="application/xml")
    return site


async def surveyed(app: App, address: str) -> Survey:
    async with app.web() as web:
        return await survey(app, web, address, lambda _source, _what: None)


async def test_a_front_page_gives_its_campaign_section(paper: Loopback, app_for: AppFor) -> None:
    found = await surveyed(app_for(("Báo Khác", "https://khac.example/rss")), paper.url("/"))
    assert found.source == Source("Báo Lai Châu điện tử", paper.url("/hoc-va-lam-theo-bac"), "Lai Châu")
    assert (found.kind, found.links, found.tried) == (Kind.LISTING, 4, ())
    assert [one.match.label for one in found.samples if one.match] == [Label.CAMPAIGN] * 3
    assert all(set(one.fields) >= {"title", "body", "published"} and not one.fault for one in found.samples)


async def test_the_section_s_own_feed_is_better_than_the_section(paper: Loopback, app_for: AppFor) -> None:
    section = str(paper.routes["/hoc-va-lam-theo-bac"].body)
    links = feed_link("/rss/home.rss") + feed_link("/rss/hoc-va-lam-theo-bac.rss")
    paper.routes["/hoc-va-lam-theo-bac"] = Answer(section.replace("</title>", f"</title>{links}"))
    app = app_for(("Báo Khác", "https://khac.example/rss"))
    for address in ("/", "/hoc-va-lam-theo-bac"):
        found = await surveyed(app, paper.url(address))
        assert (found.kind, found.source.url) == (Kind.FEED, paper.url("/rss/hoc-va-lam-theo-bac.rss"))


async def test_without_a_campaign_section_a_feed_then_a_sitemap_then_the_page(paper: Loopback, app_for: AppFor) -> None:
    app = app_for(("Báo Khác", "https://khac.example/rss"))
    paper.routes["/"] = Answer(str(paper.routes["/"].body).replace("Học và làm theo Bác", "Sức khỏe"))
    assert (await surveyed(app, paper.url("/"))).kind is Kind.FEED
    paper.routes["/rss/home.rss"] = Answer("<rss><channel></channel></rss>", kind="application/rss+xml")
    found = await surveyed(app, paper.url("/"))
    empty = f"{paper.url('/rss/home.rss')}: 0 items: the feed holds no article links"
    assert (found.kind, found.tried) == (Kind.SITEMAP, (empty,))
    del paper.routes["/robots.txt"]
    assert (await surveyed(app, paper.url("/"))).kind is Kind.LISTING


async def test_an_abandoned_feed_is_passed_over_while_there_is_better(paper: Loopback, app_for: AppFor) -> None:
    publish(paper, 3, datetime.now(UTC) - timedelta(days=700), prefix="cu")
    paper.routes["/"] = Answer(str(paper.routes["/"].body).replace("Học và làm theo Bác", "Sức khỏe"))
    app = app_for(("Báo Khác", "https://khac.example/rss"))
    found = await surveyed(app, paper.url("/"))
    assert found.kind is Kind.SITEMAP
    assert "nothing new since" in found.tried[0]
    paper.routes = {path: answer for path, answer in paper.routes.items() if path not in {"/", "/robots.txt"}}
    assert (await surveyed(app, paper.url("/rss/home.rss"))).kind is Kind.FEED, "better than nothing"


async def test_a_front_page_that_only_leads_on_is_followed(paper: Loopback, app_for: AppFor) -> None:
    paper.routes["/vi/"] = paper.routes["/"]
    paper.routes["/"] = page('<script>window.location.href="/vi/"</script>')
    found = await surveyed(app_for(("Báo Khác", "https://khac.example/rss")), paper.url("/"))
    assert found.source.url == paper.url("/hoc-va-lam-theo-bac")


async def test_a_site_of_which_nothing_can_be_watched_says_what_was_tried(paper: Loopback, app_for: AppFor) -> None:
    del paper.routes["/robots.txt"]
    paper.routes["/trong"] = page("<p>Đang cập nhật</p><a href='/lien-he'>Liên hệ</a>", head=feed_link("/rss/home.rss"))
    paper.routes["/rss/home.rss"] = Answer("<rss><channel></channel></rss>", kind="application/rss+xml")
    with pytest.raises(UnreadableError) as told:
        await surveyed(app_for(("Báo Khác", "https://khac.example/rss")), paper.url("/trong"))
    assert str(told.value).count("0 items") == 2


def test_add_shows_the_first_articles_and_what_it_wrote(paper: Loopback, monitor: Run, tmp_path: Path) -> None:
    path = write_config(tmp_path, ("Báo Khác", "https://khac.example/rss"))
    before = path.read_text(encoding="utf-8")
    tried = monitor("sources", "add", paper.url("/"), "--dry-run", "--json")
    data = json.loads(tried.stdout)
    assert (data["written"], data["kind"], len(data["samples"])) == (False, "listing", 3)
    assert set(data["samples"][0]) == {"url", "title", "published", "lead", "label", "fields", "fault"}
    assert path.read_text(encoding="utf-8") == before
    done = monitor("sources", "add", paper.url("/"), "--name", "Báo Của Tôi", "--every", "2h", "--note", "thử")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(" · campaign ") == 3
    assert "Xã số 1 sơ kết việc học tập và làm theo Bác" in done.stdout
    assert "Written into sources.yaml." in done.stderr
    entry = load(path).sources[1]
    assert (entry.name, entry.province, entry.every, entry.note) == (
        "Báo Của Tôi", "Lai Châu", timedelta(hours=2), "thử",
    )  # fmt: skip
    assert path.read_text(encoding="utf-8").startswith(before)
    assert not (tmp_path / "diembao.sqlite3").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["{known}"], 2, "watched already, as 'Báo Khác' in sources.yaml"),
        (["{site}/khong-co"], 1, "/khong-co: 404 Not Found"),
        (["{site}/khong-co", "--province", "Lai Chu"], 2, "--province: unknown province 'Lai Chu'; did you mean"),
        (["{site}/khong-co", "--every", "2x"], 2, '--every: a length of time is written "5s", "30m"'),
    ],
)
def test_what_cannot_be_added_is_refused_in_one_line_and_the_file_stays(
    paper: Loopback, monitor: Run, tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    known = paper.url("/rss/khac.rss")
    before = write_config(tmp_path, ("Báo Khác", known)).read_bytes()
    done = monitor("sources", "add", *(word.format(site=paper.root, known=known) for word in words))
    assert done.returncode == code, done.stdout
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "sources.yaml").read_bytes() == before


def test_without_a_sources_yaml_add_goes_to_look_all_the_same(monitor: Run, tmp_path: Path) -> None:
    done = monitor("sources", "add", "http://127.0.0.1:9/")
    assert (done.returncode, done.stderr) == (1, "monitor: http://127.0.0.1:9/: connection refused\n")
    assert not list(tmp_path.iterdir())


def test_check_says_how_each_source_fares_and_keeps_nothing(paper: Loopback, monitor: Run, tmp_path: Path) -> None:
    paper.routes["/bao-tri"] = page("<h1>Hệ thống đang bảo trì</h1>")
    write_config(
        tmp_path,
        ("Báo Tốt", paper.url("/rss/home.rss")),
        ("Báo Hỏng", paper.url("/hong.rss")),
        ("Báo Bảo Trì", paper.url("/bao-tri")),
    )
    done = monitor("sources", "check", "--json")
    assert done.returncode == 1
    good, gone, down = json.loads(done.stdout)
    assert (good["ok"], good["kind"], good["links"], good["fault"]) == (True, "feed", 4, "")
    assert datetime.fromisoformat(good["newest"]).utcoffset() is not None
    assert good["sample"]["title"] == "Xã số 1 sơ kết việc học tập và làm theo Bác"
    assert set(good["sample"]["fields"]) >= {"title", "body", "published"}
    assert (gone["ok"], gone["fault"]) == (False, "404 Not Found")
    assert "sources add" in gone["advice"]
    assert "error page" in down["fault"]
    assert not (tmp_path / "diembao.sqlite3").exists()
    shown = monitor("sources", "check", "bao tot", "bao hong")
    assert (shown.returncode, "✓ Báo Tốt" in shown.stdout, "Báo Bảo Trì" in shown.stdout) == (1, True, False)
    assert "1 of 2 sources can be read." in shown.stdout
    assert f"→ {gone['advice']}" in shown.stdout


async def test_check_names_a_source_whose_articles_cannot_be_read(paper: Loopback, app_for: AppFor) -> None:
    for path in list(paper.routes):
        if path.startswith("/tin-"):
            paper.routes[path] = page("<p>Đang cập nhật</p>")
    app = app_for(("Báo Rỗng", paper.url("/rss/home.rss")))
    async with app.web() as web:
        found = await check(app, web, app.sources[0], lambda _source, _what: None)
    assert (found.ok, found.links) == (False, 4)
    assert found.fault.startswith("none of its first articles can be read: ")
    assert "monitor try" in found.advice


async def test_a_front_page_made_by_script_is_read_from_its_feed_or_sitemap(
    paper: Loopback, store: Store, app_for: AppFor
) -> None:
    shell = "<div id='app'></div><script src='/main.js'></script>"
    app = app_for(("Báo Mới", paper.url("/")))
    async with app.web() as web:
        for head, via in ((feed_link("/rss/home.rss"), "/rss/home.rss"), ("", "/sitemap.xml")):
            paper.routes["/"] = page(shell, head=head)
            found = await check(app, web, app.sources[0], lambda _source, _what: None)
            assert (found.ok, found.links) == (True, 4)
            assert found.advice == f"read from {paper.url(via)}; put that into `url` to spare a visit"
        done = await poll(app, store, web, app.sources, lambda _source, _what: None)
        assert (done[0].kept, done[0].messages) == (4, ())
        del paper.routes["/sitemap.xml"]
        found = await check(app, web, app.sources[0], lambda _source, _what: None)
    assert "made by script" in found.fault
    assert "sources add" in found.advice


async def test_check_tells_the_whole_address_to_which_a_source_leads(paper: Loopback, app_for: AppFor) -> None:
    moved = paper.url("/rss/home.rss").replace("127.0.0.1", "localhost")
    paper.routes["/cu"] = Answer(status=301, headers=(("Location", moved),))
    app = app_for(("Báo Lai Châu", paper.url("/cu")))
    async with app.web() as web:
        found = await check(app, web, app.sources[0], lambda _source, _what: None)
    assert (found.ok, found.advice) == (True, f"its address leads to another host: put {moved} into `url`")


def test_a_page_names_its_feeds_its_sections_and_its_site() -> None:
    html = (
        "<html><head><title>Trang chủ | Học Bác | Cổng thông tin huyện Mường Sang</title>"
        '<link rel="alternate" type="application/rss+xml" title="Phản hồi" href="/comments/feed/">'
        '<link rel="alternate" hreflang="en" href="/en/">'
        '<link rel="ALTERNATE" type="application/atom+xml" href="atom.xml"></head>'
        '<body><a href="/hoc-bac">Học Bác</a><a href="/hoc-bac"><img></a><a href="/tag/hoc-bac">thẻ</a>'
        '<a href="https://khac.example/hoc-bac">Học Bác</a></body></html>'
    )
    found = offers(html.encode(), "https://bao.example/vi/")
    assert found.feeds == ("https://bao.example/vi/atom.xml",)
    assert found.sections == (("https://bao.example/hoc-bac", "Học Bác"),)
    assert found.site_name == "Cổng thông tin huyện Mường Sang"


def test_sitemaps_of_robots_with_those_of_news_first() -> None:
    named = ["https://a.example/sitemap.xml", "https://a.example/news.xml", "ftp://a.example/x", "/relative.xml"]
    assert sitemaps_of(named) == ["https://a.example/news.xml", "https://a.example/sitemap.xml"]


@pytest.mark.parametrize(
    ("url", "front"),
    [
        ("https://a.vn/", True),
        ("https://a.vn/vi/", True),
        ("https://a.vn/index.html", True),
        ("https://a.vn/tin", False),
    ],
)
def test_a_front_page_is_told_from_a_section(url: str, front: bool) -> None:
    assert is_front(url) is front


def test_a_feed_belongs_to_a_section_whose_name_it_bears() -> None:
    assert concerns("https://a.vn/rss/hoc-bac-123.rss", "https://a.vn/xay-dung-dang/hoc-bac.html")
    assert not concerns("https://a.vn/rss/home.rss", "https://a.vn/hoc-bac/")
    assert not concerns("https://a.vn/rss/home.rss", "https://a.vn/")


@pytest.mark.parametrize(
    ("host", "province"),
    [("baolaichau.vn", "Lai Châu"), ("congan.daklak.gov.vn", "Đắk Lắk"), ("baohaugiang.com.vn", "Cần Thơ"),
     ("nhandan.vn", ""), ("127.0.0.1:8080", "")],
)  # fmt: skip
def test_a_host_called_after_a_province_tells_it(host: str, province: str) -> None:
    assert of_host(host) == province
