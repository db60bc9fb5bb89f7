import gzip
import json
import random
import time
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery import mangled
from monitor import urls
from monitor.errors import UnreadableError
from monitor.models import VIETNAM, Kind, Link, Listing, Page, Select
from monitor.scrape.discover import discover
from tests.judge import SEARCH

NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
SITE = "https://baobanmuong.vn"
ARTICLE = f"{SITE}/lop-hoc-moi-o-ban-nam-hong-a1234.html"


def look(text: str | bytes, url: str = f"{SITE}/tin", kind: str = "", select: Select | None = None) -> Listing:
    content = text if isinstance(text, bytes) else text.encode()
    return discover(Page(url, content, kind), NOW, select)


def rss(*items: str) -> str:
    channel = f"<channel><title>Tin</title>{''.join(items)}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0">{channel}</rss>'


def item(link: str = ARTICLE, title: str = "Lớp học mới", date: str = "", extra: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate>{extra}</item>"


def atom(*entries: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Tin</title>{"".join(entries)}</feed>'


def sitemap(*entries: str) -> str:
    name = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f"<?xml version='1.0'?><urlset {name}>{''.join(entries)}</urlset>"


def entry(link: str = ARTICLE, changed: str = "", news: str = "") -> str:
    return f"<url><loc>{escape(link)}</loc><lastmod>{changed}</lastmod>{news}</url>"


def listing(*links: str, before: str = "", after: str = "") -> str:
    anchors = "".join(f'<h3><a href="{link}">Tin số {n}</a></h3>' for n, link in enumerate(links))
    return (
        f"<!DOCTYPE html><html><head><title>Tin</title></head><body>{before}<div>{anchors}</div>{after}</body></html>"
    )


def addresses(found: Listing) -> list[str]:
    return [link.url for link in found.links]


# --- which kind it is ---------------------------------------------------------------------------

RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    f'<item rdf:about="{ARTICLE}"><title>Tin</title><link>{ARTICLE}</link></item></rdf:RDF>'
)
PREFIXED = (
    sitemap(f"<s:url><s:loc>{ARTICLE}</s:loc></s:url>").replace("urlset", "s:urlset").replace("xmlns=", "xmlns:s=")
)
WALL = "<html><body><script>document.cookie='a=1';location.reload()</script></body></html>"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (rss(item()), Kind.FEED),
        ("\ufeff\n " + rss(item()), Kind.FEED),
        (atom(f'<entry><title>Tin</title><link href="{ARTICLE}"/></entry>'), Kind.FEED),
        (RDF, Kind.FEED),
        (json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"url": ARTICLE}]}), Kind.FEED),
        (sitemap(entry()), Kind.SITEMAP),
        (PREFIXED, Kind.SITEMAP),
        (listing(ARTICLE), Kind.LISTING),
        (f'<div class="list"><a href="{ARTICLE}">Tin</a></div>', Kind.LISTING),
    ],
)  # fmt: skip
def test_what_an_address_holds_is_read_off_the_answer(text: str, kind: Kind) -> None:
    found = look(text)
    assert found.kind is kind
    assert addresses(found) == [ARTICLE]


def test_a_packed_sitemap_is_unpacked() -> None:
    assert addresses(look(gzip.compress(sitemap(entry()).encode()), f"{SITE}/sitemap.xml.gz")) == [ARTICLE]


@pytest.mark.parametrize(
    ("text", "url", "reason"),
    [
        ("", f"{SITE}/tin", "empty"),
        (" \n ", f"{SITE}/rss/tin.rss", "empty"),
        ("Xin chào", f"{SITE}/tin", "neither feed"),
        ("%PDF-1.7 ...", f"{SITE}/tin", "neither feed"),
        (listing(ARTICLE), f"{SITE}/rss/tin.rss", "feed answered with a web page"),
        (listing(ARTICLE), f"{SITE}/feed/", "feed answered with a web page"),
        (listing(ARTICLE), f"{SITE}/sitemap.xml", "feed answered with a web page"),
        (rss(), f"{SITE}/rss/tin.rss", "0 items"),
        (sitemap(), f"{SITE}/sitemap.xml", "0 items"),
        (listing(), f"{SITE}/tin", "0 items"),
        ('{"items": []}', f"{SITE}/feed.json", "0 items"),
        ('{"items": {}}', f"{SITE}/feed.json", "no JSON Feed"),
        ('{"items": [', f"{SITE}/feed.json", "broken JSON"),
        ("{" * 100_000, f"{SITE}/feed.json", "broken JSON"),
        (WALL, f"{SITE}/tin", "0 items"),
    ],
)  # fmt: skip
def test_an_answer_without_articles_says_what_it_is(text: str, url: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        look(text, url)


@SEARCH
@given(
    st.binary(max_size=80), st.sampled_from([b"<rss>", b"<feed>", b"<urlset>", b"<html>", b"{", b"\x1f\x8b", b"<a "])
)
def test_a_hostile_answer_is_unreadable_or_a_listing_and_never_a_crash(noise: bytes, start: bytes) -> None:
    try:
        found = look(start + noise)
    except UnreadableError:
        return
    assert found.links or found.sitemaps


# --- feeds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("Thu, 19 Nov 2026 08:30:00 +0700", datetime(2026, 11, 19, 1, 30, tzinfo=UTC)),
        ("Thu, 19 Nov 2026 01:30:00 GMT", datetime(2026, 11, 19, 1, 30, tzinfo=UTC)),
        ("2026-11-19T08:30:00+07:00", datetime(2026, 11, 19, 1, 30, tzinfo=UTC)),
        ("2026-11-19T01:30:00Z", datetime(2026, 11, 19, 1, 30, tzinfo=UTC)),
        ("19/11/2026 08:30", datetime(2026, 11, 19, 8, 30, tzinfo=VIETNAM)),
        ("Thứ năm, 19/11/2026 - 08:30", datetime(2026, 11, 19, 8, 30, tzinfo=VIETNAM)),
        ("", None),
        ("hôm qua", None),
        ("Thu, 18 Nov 2027 08:30:00 +0700", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
    ],
)
def test_a_feed_s_date_is_its_moment(printed: str, moment: datetime | None) -> None:
    assert look(rss(item(date=printed))).links[0].published == moment


@pytest.mark.parametrize(
    "printed",
    ["2026-11-19 08:30:00", "2026-11-19T08:30:00", "Thu, 19 Nov 2026 08:30:00", "Thu, 19 Nov 2026 08:30:00 GMT+7"],
)
def test_a_feed_s_date_is_vietnamese_time_unless_said(printed: str) -> None:
    assert look(rss(item(date=printed))).links[0].published == datetime(2026, 11, 19, 8, 30, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("11/19/2026 8:30:00 AM", datetime(2026, 11, 19, 8, 30, tzinfo=VIETNAM)),
        ("11/9/2026 8:30:00 PM", datetime(2026, 11, 9, 20, 30, tzinfo=VIETNAM)),
    ],
)
def test_a_feed_that_writes_american_dates_is_read_month_first(printed: str, moment: datetime) -> None:
    assert look(rss(item(date=printed))).links[0].published == moment


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("<![CDATA[<b>Lớp học</b> &amp; ao cá]]>", "Lớp học & ao cá"),
        ("Gạo &amp;lt; ngô", "Gạo < ngô"),
        ("L&amp;#7899;p h&amp;#7885;c", "Lớp học"),
        ("  Lớp\n học\u200b ", "Lớp học"),
        ("Ðường mới", "Đường mới"),
        ("", ""),
    ],
)
def test_a_feed_s_title_comes_out_as_a_person_reads_it(printed: str, title: str) -> None:
    assert look(rss(item(title=printed))).links[0].title == title


@pytest.mark.parametrize("title", ["https://baobanmuong.vn/lop-hoc", "tin.html"])
def test_a_title_that_looks_like_a_file_or_an_address_is_a_title(title: str) -> None:
    assert look(rss(item(title=title))).links[0].title == title


def test_an_entry_of_a_feed_without_an_address_is_no_link() -> None:
    nowhere = "<item><title>Tin</title><description>Không có địa chỉ</description></item>"
    assert addresses(look(rss(nowhere, item(), item("")), f"{SITE}/rss/tin.rss")) == [ARTICLE]
    text = json.dumps({"items": [{"title": "Tin"}, {"url": ARTICLE}]})
    assert addresses(look(text, f"{SITE}/feed.json")) == [ARTICLE]


def test_a_feed_gives_links_clean_once_and_newest_first() -> None:
    found = look(
        rss(
            item(f"{SITE}/cu-1.html", date="Mon, 16 Nov 2026 08:00:00 +0700"),
            item("/moi-2.html?utm_source=rss#top", date="Thu, 19 Nov 2026 08:00:00 +0700"),
            item("http://www.baobanmuong.vn/moi-2.html", date="Wed, 18 Nov 2026 08:00:00 +0700"),
            item("javascript:void(0)"),
        ),
        f"{SITE}/rss/tin.rss",
    )
    assert addresses(found) == [f"{SITE}/moi-2.html", f"{SITE}/cu-1.html"]


def test_undated_links_keep_their_order() -> None:
    found = look(rss(*(item(f"{SITE}/tin-{n}.html") for n in (3, 1, 2))))
    assert addresses(found) == [f"{SITE}/tin-{n}.html" for n in (3, 1, 2)]


def test_a_feed_without_end_is_read_as_far_as_its_thousandth_item() -> None:
    endless = rss(*(item(f"{SITE}/tin-{n}.html") for n in range(30_000)))
    began = time.process_time()
    assert len(look(endless).links) == 1000
    assert time.process_time() - began < 2


def test_a_broken_feed_gives_what_stands_before_the_break() -> None:
    whole = rss(item(f"{SITE}/tin-1.html"), item(f"{SITE}/tin-2.html"))
    assert addresses(look(whole[: whole.rindex("<item>") + 4])) == [f"{SITE}/tin-1.html"]
    assert addresses(look(whole[: whole.rindex("<link>") + 10])) == [f"{SITE}/tin-1.html"]


def test_a_feed_with_an_undeclared_letter_name_is_read_all_the_same() -> None:
    assert look(rss(item(title="M&ugrave;a v&agrave;ng"))).links[0].title == "Mùa vàng"


def test_an_atom_entry_tells_when_it_was_published_and_when_it_was_changed() -> None:
    text = atom(
        f'<entry><title>Tin</title><link href="{ARTICLE}"/><published>2026-11-18T08:00:00+07:00</published>'
        f"<updated>2026-11-19T09:00:00+07:00</updated></entry>"
    )
    expected = datetime(2026, 11, 18, 1, tzinfo=UTC), datetime(2026, 11, 19, 2, tzinfo=UTC)
    assert (look(text).links[0].published, look(text).links[0].modified) == expected


def test_a_json_feed_is_read_and_what_is_no_item_passed_over() -> None:
    items = [
        None,
        "tin",
        {"id": ARTICLE, "title": None},
        {"url": "/tin-2.html", "title": "Chợ &#7887; phiên", "date_published": "2026-11-19T08:30:00+07:00"},
    ]
    found = look(json.dumps({"items": items}), f"{SITE}/feed.json")
    assert addresses(found) == [f"{SITE}/tin-2.html", ARTICLE]
    assert found.links[0] == Link(f"{SITE}/tin-2.html", "Chợ ỏ phiên", datetime(2026, 11, 19, 1, 30, tzinfo=UTC))


def test_half_an_emoji_in_a_json_feed_does_not_reach_the_title() -> None:
    text = '{"items": [{"url": "' + ARTICLE + '", "title": "Ch\\u1ee3 phi\\u00ean \\ud83d"}]}'
    assert ascii(look(text).links[0].title) == ascii("Chợ phiên")


# --- sitemaps -----------------------------------------------------------------------------------


def test_a_news_sitemap_gives_title_and_both_dates() -> None:
    news = (
        "<news:news><news:publication><news:name>Báo Bản Mường</news:name></news:publication>"
        "<news:publication_date>2026-11-19T08:30:00+07:00</news:publication_date>"
        "<news:title>Lớp học mới</news:title></news:news>"
    )
    assert look(sitemap(entry(changed="2026-11-19T10:00:00+07:00", news=news))).links == (
        Link(
            ARTICLE,
            "Lớp học mới",
            datetime(2026, 11, 19, 8, 30, tzinfo=VIETNAM),
            datetime(2026, 11, 19, 10, tzinfo=VIETNAM),
        ),
    )


def test_a_sitemap_gives_articles_only_newest_first() -> None:
    newest, older = f"{SITE}/chim-ve-lai-ngan-sau-mua-lu-a2.html", f"{SITE}/bo-doi-dung-cau-cho-ban-a1999.html"
    found = look(
        sitemap(
            entry(f"{SITE}/"),
            entry(f"{SITE}/xa-hoi/"),
            entry(older, "2026-11-10"),
            entry(newest, "2026-11-19"),
            entry(f"{SITE}/anh/lop-hoc-moi-o-ban-nam-hong.jpg"),
        )
    )
    assert addresses(found) == [newest, older]


@pytest.mark.parametrize("newest", ["first", "last"])
def test_of_a_long_sitemap_without_dates_the_newest_are_among_the_first_at_whichever_end_they_stand(
    newest: str,
) -> None:
    count = 12_000
    old_to_new = [f"{SITE}/chuyen-o-ban-nam-hong-{number}.html" for number in range(1_000, 1_000 + count)]
    listed = old_to_new if newest == "last" else old_to_new[::-1]
    found = look(sitemap(*(f"<url><loc>{loc}</loc></url>" for loc in listed)))
    assert set(old_to_new[-100:]) <= set(addresses(found)[:200])


def test_an_index_points_to_its_sitemaps_the_newest_first() -> None:
    maps = [(f"{SITE}/sitemap-2026-{month:02}.xml", f"2026-{month:02}-28") for month in (3, 10, 1, 9, 8)]
    entries = "".join(f"<sitemap><loc>{loc}</loc><lastmod>{day}</lastmod></sitemap>" for loc, day in maps)
    found = look(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>')
    assert found.links == ()
    assert [one.url for one in found.sitemaps] == [
        f"{SITE}/sitemap-2026-{month}.xml" for month in ("10", "09", "08", "03", "01")
    ]


def test_a_sitemap_cannot_read_a_file_or_grow_by_entities() -> None:
    bomb = '<!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///mat-khau"><!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]>'
    hostile = sitemap(entry(), "<url><loc>https://baobanmuong.vn/&a;&c;-lop-hoc-moi-o-ban-nam-hong-9.html</loc></url>")
    found = look(hostile.replace("<urlset", bomb + "<urlset"))
    assert not any("bbb" in address for address in addresses(found))


def test_a_broken_sitemap_gives_what_can_be_read() -> None:
    assert addresses(look(sitemap(entry(), "<url><loc>x").replace("</urlset>", ""))) == [ARTICLE]


# --- listing pages ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/lop-hoc-moi-o-ban-nam-hong-post123456.html",
        "/lop-hoc-moi-o-ban-nam-hong-post123456.vnp",
        "/lop-hoc-moi-o-ban-nam-hong-post1234567.tpo",
        "/lop-hoc-moi-o-ban-nam-hong-a98765.html",
        "/lop-hoc-moi-o-ban-nam-hong-98765.htm",
        "/lop-hoc-moi-o-ban-nam-hong-3217654.html",
        "/chinh-tri/lam-theo-guong-bac/202610/lop-hoc-moi-o-ban-nam-hong-1a2b3c4/",
        "/vi/news/xay-dung-dang/lop-hoc-moi-o-ban-nam-hong-4321.html",
        "/index.php/news/lop-hoc-moi-o-ban-nam-hong-321.html",
        "/xa-hoi/lop-hoc-moi-o-ban-nam-hong-20261119083012345.htm",
        "/lop-hoc-moi-188261119083012345.htm".replace("moi-", "moi-o-ban-"),
        "/xa-hoi/lop-hoc-moi-o-ban-nam-hong-54321",
        "/2026/11/19/lop-hoc-moi-o-ban/",
        "/tin-bai/xa-hoi/lop-hoc-moi-o-ban-nam-hong",
        "/lop-hoc-moi-o-ban-nam-hong-postid12345.bbg",
        "/Pages/tin-chi-tiet.aspx?ItemID=8765",
        "/web/guest/-/lop-hoc-moi-o-ban-nam-hong",
    ],
)
def test_an_article_s_address_is_known_by_its_shape(path: str) -> None:
    assert addresses(look(listing(path))) == [urls.clean(SITE + path)]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/xa-hoi",
        "/hoc-tap-lam-theo-bac",
        "/hoc-tap-va-lam-theo-bac/",
        "/tag/lop-hoc-moi-o-ban-nam-hong-12345",
        "/dien-hinh-hoc-bac-o-co-so-tag29867.html",
        "/tim-kiem/lop-hoc-moi-o-ban-nam-hong-12345.html",
        "/tac-gia/lo-thi-sa-va-nhom-phong-vien-123",
        "/video/lop-hoc-moi-o-ban-nam-hong-12345.html",
        "/anh/lop-hoc-moi-o-ban-nam-hong-12345.jpg",
        "/van-ban/lop-hoc-moi-o-ban-nam-hong-12345.pdf",
        "/rss/lop-hoc-moi-o-ban-nam-hong.rss",
        "/xa-hoi/trang/2",
        "/xa-hoi?trang=2",
        "/lien-he",
        "#dau-trang",
        "javascript:void(0)",
        "mailto:toasoan@baobanmuong.vn",
        "https://bao-khac.vn/lop-hoc-moi-o-ban-nam-hong-a1234.html",
        "https://zalo.me/share?u=lop-hoc-moi-o-ban-nam-hong-a1234.html",
    ],
)
def test_sections_tags_files_and_other_sites_are_no_articles(path: str) -> None:
    assert addresses(look(listing(ARTICLE, path))) == [ARTICLE]


def test_links_of_the_menu_and_the_foot_are_no_news() -> None:
    away = f'<a href="{SITE}/so-do-trang-va-huong-dan-doc-bao-a9.html">Hướng dẫn</a>'
    page = listing(
        ARTICLE,
        before=f'<nav>{away}</nav><div class="main-menu"><ul><li>{away}</li></ul></div><p id="breadcrumb">{away}</p>',
        after=f'<footer>{away}</footer><div class="footer top">{away}</div>',
    )
    assert addresses(look(page)) == [ARTICLE]


def test_a_mirror_host_is_the_same_site_and_one_article_comes_once_with_its_longest_text() -> None:
    mirrored = ARTICLE.replace("//", "//m.")
    page = (
        f'<html><a href="{ARTICLE}"><img></a><a href="{ARTICLE}#cmt">Lớp học mới</a><a href="{mirrored}">Lớp</a></html>'
    )
    assert look(page).links == (Link(ARTICLE, "Lớp học mới"),)


def test_relative_links_are_read_from_the_page_or_its_base() -> None:
    relative = "lop-hoc-moi-o-ban-nam-hong-a1234.html"
    assert addresses(look(listing(relative), f"{SITE}/xa-hoi/")) == [f"{SITE}/xa-hoi/{relative}"]
    based = listing(relative).replace("<title>", '<base href="/goc/"><title>')
    assert addresses(look(based, f"{SITE}/xa-hoi/")) == [f"{SITE}/goc/{relative}"]


def test_the_operator_s_selector_decides_alone_which_links_are_news() -> None:
    chosen = '<div class="tin"><a href="/t/1">Một</a></div><p class="tin"><a href="/t/2">Hai</a></p>'
    page = f'<html>{chosen}<a href="{ARTICLE}">Ba</a></html>'
    assert addresses(look(page, select=Select(links=".tin"))) == [f"{SITE}/t/1", f"{SITE}/t/2"]
    assert addresses(look(page, select=Select(links=".tin a"))) == [f"{SITE}/t/1", f"{SITE}/t/2"]


def test_a_page_that_lists_itself_is_not_its_own_article() -> None:
    other = f"{SITE}/bo-doi-dung-cau-cho-ban-a1999.html"
    assert addresses(look(listing(ARTICLE, other), ARTICLE)) == [other]


@SEARCH
@given(st.lists(st.tuples(st.integers(1000, 1020), st.none() | st.integers(0, 400)), min_size=1, max_size=12))
def test_every_article_of_a_feed_comes_once_and_the_newest_first(rows: list[tuple[int, int | None]]) -> None:
    def date(hours: int | None) -> str:
        return "" if hours is None else (NOW - timedelta(hours=hours)).isoformat()

    found = look(rss(*(item(f"{SITE}/tin-{number}.html", date=date(hours)) for number, hours in rows)))
    assert sorted(addresses(found)) == sorted({f"{SITE}/tin-{number}.html" for number, _ in rows})
    dated = [link.published for link in found.links if link.published]
    assert dated == sorted(dated, reverse=True)
    assert [link.published is None for link in found.links] == sorted(link.published is None for link in found.links)


@pytest.mark.parametrize("kind", ["application/octet-stream", "application/x-gzip", "text/plain", ""])
@pytest.mark.parametrize("packed", [True, False])
def test_a_sitemap_is_read_whatever_kind_of_file_its_server_calls_it(kind: str, packed: bool) -> None:
    text = f"<urlset><url><loc>{ARTICLE}</loc></url></urlset>".encode()
    content = gzip.compress(text) if packed else text
    assert addresses(discover(Page(f"{SITE}/sitemap.xml.gz", content, kind), NOW)) == [ARTICLE]


# --- mangled, but never a crash -----------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
def test_mangled_feeds_sitemaps_and_listings_are_read_or_refused_and_never_slow(seed: int) -> None:
    dice, pages = random.Random(seed), mangled.seeds()
    for _ in range(60):
        page = mangled.mangle(dice.choice(pages), dice)
        began = time.process_time()
        assert mangled.read(page)
        assert time.process_time() - began < mangled.SLOW


def test_entities_that_would_grow_to_a_billion_letters_do_not() -> None:
    began = time.process_time()
    mangled.read(Page(f"{SITE}/rss", mangled.bomb()))
    assert time.process_time() - began < 5  # seconds; whole, it would take hours
