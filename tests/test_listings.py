"""Listing pages without selectors: which links are articles, their titles and dates, and what follows."""

import gzip
import re
from datetime import UTC, datetime

import pytest

from bench.discovery import Case, cases, score
from monitor.errors import UnreadableError
from monitor.models import VIETNAM, Listing, Page
from monitor.scrape.discover import discover
from monitor.scrape.discover.gist import gist
from monitor.scrape.discover.paging import next_page
from monitor.scrape.discover.shapes import day_of
from monitor.scrape.markup import parse

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SITE = "https://baobanmuong.vn"
CASES = {case.name: case for case in cases()}
OURS = [name for name in CASES if not name.endswith("_list")]
HEADLINES = [
    "Chi bộ bản Nậm Hồng giữ rừng đầu nguồn theo lời Bác",
    "Người bí thư chi bộ gương mẫu ở xóm Khe Lầm",
    "Đảng ủy xã Tân Lâm sơ kết sáu tháng học tập và làm theo Bác",
    "Tuổi trẻ Hòa Bình Thượng nhắn nhau tiết kiệm điện nước",
    "Bộ đội biên phòng giúp dân gặt lúa chạy lũ",
]


def look(html: str, url: str = f"{SITE}/xay-dung-dang/") -> Listing:
    return discover(Page(url, f"<!DOCTYPE html><html><body>{html}</body></html>".encode(), "text/html"), NOW)


def news(*items: str) -> str:
    return "".join(f'<div class="item">{item}</div>' for item in items)


def link(number: int, text: str = "", more: str = "") -> str:
    said = text or HEADLINES[number % len(HEADLINES)]
    return f'<h3><a href="/bai-so-{number}-cua-bao-ban-muong-a{1000 + number}.html">{said}</a></h3>{more}'


@pytest.mark.parametrize("name", CASES)
def test_article_links_are_found_and_others_left_alone_in_every_structure(name: str) -> None:
    found = score(CASES[name])
    assert found.articles >= 10
    assert found.others >= 8
    assert found.missed == ()
    assert found.taken == ()


def test_the_pages_show_as_many_structures_as_were_promised() -> None:
    assert len(OURS) >= 20
    shapes = {re.sub(r"\w+", "w", min(CASES[name].articles, key=len)) for name in OURS}
    assert len(shapes) >= 10


@pytest.mark.parametrize("name", OURS)
def test_a_link_carries_its_headline_not_its_summary_or_label(name: str) -> None:
    case: Case = CASES[name]
    titles = [one.title for one in discover(case.page, NOW).links]
    assert all(titles), "every article of these pages has a headline somewhere"
    assert not [one for one in titles if one.startswith(("Xem ", "Đọc ", "Chi tiết", "Nhiều cách làm hay"))]
    assert len({*titles}) == len(titles), "each headline leads to one article"


NEXT = {
    "bbg": "", "cards-whole": "?page=2", "dated-hex": "?p=2", "details-aspx": "?cat=12&page=2",
    "drupal-node": "?page=1",
    "family-a": "?page=2", "family-d": "", "family-e": "", "folder-id": "?page=2", "joomla-k2": "?start=12",
    "liferay-html": "?trang=2", "neko": "/p/2", "nukeviet": "/page-2/", "nukeviet-index": "/page-2/", "onecms": "",
    "query-php": "&page=2", "sharepoint": "", "short-slugs": "/page/2/", "ttxvn-digits": "/trang-2.htm", "vccorp": "",
    "vne-style": "-p2", "portal-dnn": "tabid=13&page=2", "object-ids": "?page=2",
    "dnn-query": "?page=2", "mastercms-tracking": "", "next-cards": "", "nukeviet-documents": "/page-2/",
    "onecms-subdomain": "", "party-numbers": "-p2.html", "photo-magazine": "", "sharepoint-items": "&Page=2",
    "dated-hex-section": "?p=2", "blc-post": "?page=2", "family-e-cards": "", "nukeviet-featured": "/page-2/",
    "family-d-items": "/trang-2", "neko-section": "", "slug-a-list": "?page=2", "onecms-timeline": "",
    "home-blocks": "", "id-only": "", "wordpress-bare": "/page/2/", "wordpress-dated": "/page/2/", "liferay": "_cur=2",
}  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_the_next_page_is_the_one_a_reader_would_turn_to(name: str) -> None:
    older = discover(CASES[name].page, NOW).older
    assert older.endswith(NEXT[name]) if NEXT[name] else older == ""


@pytest.mark.parametrize(
    ("here", "pager", "older"),
    [
        ("/tin?page=2", '<a href="/tin">1</a> <b>2</b> <a href="/tin?page=3">3</a>', "/tin?page=3"),
        (
            "/tin/trang-3.html",
            '<a href="/tin/trang-2.html">2</a><a href="/tin/trang-4.html">4</a>',
            "/tin/trang-4.html",
        ),
        ("/tin", '<a rel="next" href="/tin/cu-hon">Cũ hơn</a>', "/tin/cu-hon"),
        ("/tin/page/7/", '<a href="/tin/page/6/">Trang trước</a><a href="/tin/page/8/">Trang sau</a>', "/tin/page/8/"),
        ("/tin?page=9", '<a href="/tin?page=1">1</a><a href="/tin?page=8">8</a>', ""),
        ("/tin", '<a href="/khac?page=2">2</a>', ""),
        ("/tin", '<a href="/tin?page=5">Trang cuối</a>', ""),
        ("/tin", '<a href="https://khac.example/tin?page=2">2</a>', ""),
        ("/tin", '<a href="javascript:goto(2)">2</a>', ""),
        (
            "/tin?start=20",
            '<a href="/tin">1</a>2<a href="/tin?start=40">3</a><a href="/tin?start=60">4</a>',
            "/tin?start=40",
        ),
        ("/tin?page=2", '<a href="/tin?page=1">2</a><b>3</b><a href="/tin?page=3">4</a>', "/tin?page=3"),
        ("/tin?cat=7", '<a href="/tin?page=2&cat=7">2</a>', "/tin?page=2&cat=7"),
        ("/tin?cat=7", '<a href="/tin?cat=8&page=2">2</a><a href="/tin?cat=7&page=2">2</a>', "/tin?cat=7&page=2"),
        ("/tin-p2", '<a href="/tin">1</a><a href="/tin-p3">3</a>', "/tin-p3"),
        ("/tin.html", '<a href="/tin/p2">2</a>', "/tin/p2"),
        ("/tin?page=0", '<a href="/tin?page=1" aria-label="Trang sau">→</a>', "/tin?page=1"),
    ],
)
def test_paging_goes_on_by_one_on_the_same_list_or_not_at_all(here: str, pager: str, older: str) -> None:
    found = next_page(parse(f"<html><body>{pager}</body></html>"), f"{SITE}{here}")
    assert found == (f"{SITE}{older}" if older else "")


def test_dates_printed_beside_links_belong_to_them() -> None:
    dates = ["20/11/2026 08:15", "Thứ năm, 19/11/2026", "<time datetime='2026-11-18T07:30:00+07:00'>hôm kia</time>", ""]
    page = news(
        *(link(n, more=f"<span>{said}</span><p>Ngày 1/1/2026 xã tổ chức hội nghị.</p>") for n, said in enumerate(dates))
    )
    assert [one.published for one in look(page).links] == [
        datetime(2026, 11, 20, 8, 15, tzinfo=VIETNAM),
        datetime(2026, 11, 19, tzinfo=VIETNAM),
        datetime(2026, 11, 18, 7, 30, tzinfo=VIETNAM),
        None,
    ]  # fmt: skip


def test_a_date_within_a_headline_or_a_sentence_dates_nothing() -> None:
    said = "<p>Ngày 1/1/2026 xã tổ chức hội nghị sơ kết công tác năm.</p>"
    page = news(*(link(n, f"Lịch tiếp dân ngày {n + 10}/11/2026", more=said) for n in range(5)))
    assert [one.published for one in look(page).links] == [None] * 5


def test_a_clock_beside_every_link_dates_nothing() -> None:
    page = news(*(link(n, more="<i>21/11/2026 15:59</i>") for n in range(5)))
    assert [one.published for one in look(page).links] == [None] * 5


def test_a_page_never_seen_teaches_its_own_shape() -> None:
    strange = "".join(f'<p><a href="/x{n}q/z.do?k={n}77">{text}</a></p>' for n, text in enumerate(HEADLINES * 2))
    menu = "".join(f'<p><a href="/m.do?g={n}">Mục {n}</a></p>' for n in range(9))
    found = {one.url for one in look(menu + strange).links}
    assert found == {f"{SITE}/x{n}q/z.do?k={n}77" for n in range(10)}


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<script>document.cookie='D1N=1';location.reload()</script>", "challenge"),
        ("<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x.js'></script>", "challenge"),
        ("<form><input name=u><input type='password'></form>", "login page"),
        ("<title>404 Not Found</title><h1>404</h1>", "error page"),
        (f"<title>Không tìm thấy trang</title>{news(*(link(n) for n in range(6)))}", "error page"),
        ("<h1>Hệ thống đang bảo trì</h1><p>Xin quay lại sau.</p>", "error page"),
        ("<div id='app'></div><script src='/main.js'></script>", "made by script"),
        ('<meta http-equiv="refresh" content="0; url=/vi/">', f"leads on to {SITE}/vi/"),
        ("<script>window.location.href = '/trang-chu.html'</script>", f"leads on to {SITE}/trang-chu.html"),
        ("<p>Chuyên mục đang cập nhật.</p><a href='/'>Trang chủ</a>", "0 items: the listing holds no article links"),
    ],
)  # fmt: skip
def test_what_stands_where_a_listing_should_be_has_a_name(html: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as told:
        look(html)
    assert "\n" not in str(told.value)


def test_a_login_form_beside_the_news_is_no_wall() -> None:
    form = "<form><input type='password'></form><script>document.cookie='a=1'</script>"
    assert len(look(form + news(*(link(n) for n in range(5)))).links) == 5


def test_clock_counter_and_token_leave_the_gist_as_it_is_and_a_new_link_does_not() -> None:
    page = "<html><body><p>{}</p><!-- {} -->" + news(*map(link, range(5))) + "<input value='{}'>{}</body></html>"
    first, later = page.format("16:02", "0,02 s", "a1", ""), page.format("16:05", "0,07 s", "b2", "")
    assert gist(first.encode()) == gist(later.encode())
    assert gist(first.encode()) != gist(page.format("16:05", "", "", link(9)).encode())
    feed = "<?xml version='1.0'?><rss><channel><lastBuildDate>{}</lastBuildDate><item><link>{}</link></item>"
    assert gist(feed.format("8h", "/a").encode()) == gist(feed.format("9h", "/a").encode())
    assert gist(feed.format("8h", "/a").encode()) != gist(feed.format("8h", "/b").encode())
    assert gist(b"khong phai trang") == b"khong phai trang"
    assert gist(gzip.compress(b"/a", mtime=1)) == gist(gzip.compress(b"/a", mtime=2)) != gist(gzip.compress(b"/b"))


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2026/11/19/lop-hoc/", "2026-11-19"),
        ("/xa-hoi/202602/lop-hoc-1a2b3c4/", "2026-02-28"),
        ("/lop-hoc-20261119083012345.htm", "2026-11-19"),
        ("/lop-hoc-196261119083012345.htm", "2026-11-19"),
        ("/lop-hoc-post123456.html", None),
        ("/lop-hoc-5047621.html", None),
        ("/2026/13/lop-hoc/", None),
    ],
)
def test_an_address_tells_its_day_where_it_holds_one(path: str, day: str | None) -> None:
    found = day_of(SITE + path)
    assert (found.date().isoformat() if found else None) == day
