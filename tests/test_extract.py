"""Article pages: what stands there is read, what does not is not invented, nothing raises."""

import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.extract import f1
from monitor.campaign import decide
from monitor.digest.summary import line
from monitor.errors import UnreadableError
from monitor.models import Page, Select
from monitor.scrape.discover import discover
from monitor.scrape.extract import extract
from monitor.scrape.repair import decode
from tests.conftest import ROOT
from tests.newsroom import article_page, campaign_body, other_body

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PAGES = ROOT.parent / "shared" / "pages"
URL = "https://bao.example/tin-1.html"
SAVED = sorted(PAGES.glob("*.json")) if PAGES.exists() else []
LISTINGS = sorted(PAGES.glob("*_list.html"))
needs_pages = pytest.mark.skipif(not SAVED, reason="the saved pages of real papers are not here")


@needs_pages
@pytest.mark.parametrize("path", SAVED or [Path("absent")], ids=lambda path: str(path.stem))
def test_a_real_page_is_read_as_a_careful_person_reads_it(path: Path) -> None:
    wanted = json.loads(path.read_text(encoding="utf-8"))
    article = extract(decode(path.with_suffix(".html").read_bytes()), wanted["url"], datetime.now(UTC))
    assert article.title == wanted["title"]
    assert article.lead == wanted["lead"]
    assert article.published is not None
    assert article.published.isoformat() == wanted["published"]
    assert f1(wanted["body"], list(article.body)) > 0.99


@needs_pages
@pytest.mark.parametrize("path", LISTINGS or [Path("absent")], ids=lambda path: str(path.stem))
def test_a_section_page_is_told_from_an_article(path: Path) -> None:
    with pytest.raises(UnreadableError, match="a list of links"):
        extract(decode(path.read_bytes()), URL, datetime.now(UTC))


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("", "the answer is empty"),
        ("   \n ", "the answer is empty"),
        ("<html><body><script>document.cookie='a=1';location.reload()</script></body></html>", "a wall of script"),
        (
            "<html><body><noscript>Please enable JavaScript</noscript><div id=app></div></body></html>",
            "a wall of script",
        ),
        ("<p>Đang cập nhật</p>", "no article text found"),
        ("{}", "no article text found"),
        ("<h1>Chỉ có tiêu đề của một bài viết nào đó</h1>", "no article text found"),
    ],
)
def test_what_is_no_article_is_named(html: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        extract(html, URL, NOW)


def test_menus_and_side_columns_are_never_part_of_the_article() -> None:
    article = extract(article_page("Giá cà phê tăng", other_body(1), NOW), URL, NOW)
    assert article.body == other_body(1)
    assert "Hồ Chí Minh" not in article.text


def test_the_operators_selectors_win() -> None:
    html = (
        "<h1>Tiêu đề của trang</h1><div class=t>Tiêu đề thật</div><div class=l>Dẫn nhập thật của bài.</div>"
        "<div class=d>Đăng lúc 7:05 ngày 20/11/2026</div><div class=a>NGỌC ÁNH</div>"
        f"<div class=x>{''.join(f'<p>{text}</p>' for text in campaign_body(1))}</div>"
        f"<article>{''.join(f'<p>{text}</p>' for text in other_body(2))}</article>"
    )
    select = Select(title=".t", lead=".l", date=".d", authors=".a", body=".x")
    article = extract(html, URL, NOW, select)
    assert (article.title, article.lead, article.authors) == ("Tiêu đề thật", "Dẫn nhập thật của bài.", ("NGỌC ÁNH",))
    assert article.body == campaign_body(1)
    assert article.published is not None
    assert article.published.isoformat() == "2026-11-20T07:05:00+07:00"


def test_a_clock_above_the_menu_is_not_the_date() -> None:
    body = "".join(f"<p>{text}</p>" for text in campaign_body(1))
    clock = "<div>Thứ bảy, 21/11/2026 - 16:00</div>"
    html = f"{clock}<h1>Xã học tập và làm theo Bác</h1><div>Thứ sáu - 06/01/2023 07:19 925 0</div><div>{body}</div>"
    article = extract(html, URL, NOW)
    assert article.published is not None
    assert article.published.isoformat() == "2023-01-06T07:19:00+07:00"
    undated = extract(html.replace("Thứ sáu - 06/01/2023 07:19 925 0", ""), URL, NOW)
    assert undated.published is None


def test_the_sites_name_in_the_only_h1_is_not_the_headline() -> None:
    body = "".join(f"<p>{text}</p>" for text in campaign_body(1))
    window = "<title>Chi tiết tin - Cổng thông tin điện tử xã Tân Lâm</title>"
    portal = "<h1>CỔNG THÔNG TIN ĐIỆN TỬ XÃ TÂN LÂM</h1>"
    html = f'{window}{portal}<div class="titleArticle">Xã Tân Lâm học tập và làm theo Bác</div><div>{body}</div>'
    assert extract(html, URL, NOW).title == "Xã Tân Lâm học tập và làm theo Bác"


def test_a_date_to_come_and_one_before_there_was_a_web_are_refused() -> None:
    body = "".join(f"<p>{text}</p>" for text in campaign_body(1))
    for date in ("2027-05-19T08:00:00+07:00", "1958-05-19T08:00:00+07:00", "2026-02-31T08:00:00+07:00", "hôm qua"):
        html = f'<meta property="article:published_time" content="{date}"><h1>Tiêu đề của một bài</h1><div>{body}</div>'
        assert extract(html, URL, NOW).published is None


@pytest.mark.parametrize(
    "data",
    [
        '{"@type":"NewsArticle","headline":5,"author":null,"datePublished":[],"image":{"url":{}}}',
        '{"@type":["NewsArticle",7],"author":[{"name":{"name":["A"]}}],"headline":{"a":1}}',
        '{"@graph":{"@graph":[{"@type":"NewsArticle","articleSection":[["x"]]}]}}',
        '[[[[[[{"@type":"NewsArticle","headline":"Sâu"}]]]]]]',
        '{"@type":"NewsArticle","headline":"Hỏng',
        '{"@type":"NewsArticle","author":{"name":"\\ud800"},"articleSection":"\\udfff"}',
        "[" * 5000,
        '{"@type":"NewsArticle","datePublished":"9999-99-99T99:99:99"}',
    ],
)
def test_broken_metadata_does_not_keep_a_page_from_being_read(data: str) -> None:
    html = article_page("Xã học tập và làm theo Bác", campaign_body(1), NOW)
    html = html.replace("<body>", f'<script type="application/ld+json">{data}</script><body>')
    article = extract(html, URL, NOW)
    assert article.body == campaign_body(1)
    assert repr(article).encode()


SEED = article_page("Xã học tập và làm theo Bác", campaign_body(1), NOW)
PIECES = st.sampled_from(
    ["<div>", "</div>", "<p>", "</html>", "<!--", "-->", "<script>", "<h1>", "&#xD800;", "&amp;#7871;", "\x00",
     "<a href='//['>", "<img src='http://['>", "<time datetime='0000-00-00'>", "<base href='::'>", "31/02/2026 25:61",
     "<svg><title>", "<table><tr><td>", "<meta name=author content='x'>", "12/12/99999", "Ảnh: ", "TTXVN - "]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, len(SEED)), PIECES | st.text(max_size=8), st.integers(0, 60)), max_size=12))
def test_a_damaged_page_is_read_or_named_never_a_crash(cuts: list[tuple[int, str, int]]) -> None:
    html = SEED
    for place, piece, removed in cuts:
        html = html[:place] + piece + html[place + removed :]
    for reader in (lambda: extract(html, URL, NOW), lambda: discover(Page(URL, html.encode("utf-8", "replace")), NOW)):
        try:
            reader()
        except UnreadableError as fault:
            assert str(fault).count("\n") == 0  # noqa: PT017 - either outcome is right


@settings(max_examples=100)
@given(st.binary(max_size=300), st.sampled_from(["", "text/html; charset=punycode", "text/html; charset=utf-7"]))
def test_any_bytes_are_decoded_or_named(content: bytes, kind: str) -> None:
    try:
        assert isinstance(decode(content, kind), str)
    except UnreadableError as fault:
        assert "not a web page" in str(fault)  # noqa: PT017 - either outcome is right


LONG = "".join(f"<p>{text}</p>" for text in campaign_body(1))
SLOW = {
    "nested blocks": "<div>" * 15_000,
    "nested text": "<div>x" * 8_000,
    "attributes": "<p " + "a=1 " * 60_000 + ">",
    "bold text": "<b>x" * 10_000,
    "entities": "&#7871;" * 100_000,
    "short sentences": f"<h1>Tiêu đề của bài</h1><p>{'Aa. ' * 40_000}</p>{LONG}",
    "full stops": f"<h1>Tiêu đề của bài</h1><p>{'.' * 20_000}a</p><p>{'.) ' * 20_000}</p>{LONG}",
    "one word": f"<h1>Tiêu đề của bài</h1><p>{('a' * 20_000 + ' . B') * 5}</p>{LONG}",
    "headlines": f'<meta property="og:title" content="{"x y " * 90}">' * 300 + "<h1>Một tiêu đề dài nào đó</h1>" * 300,
    "captions": "<h1>Tiêu đề</h1><img src=a.jpg>" + "<figcaption>Chú thích ảnh số một</figcaption>" * 3000 + LONG,
    "equal cells": f"<h1>Tiêu đề</h1><table>{'<tr>' + '<td>Ô giống nhau</td>' * 20 + '</tr>'}</table>" * 200 + LONG,
    "credits": f"<h1>Tiêu đề</h1><img src=a.jpg><p>(Ảnh: x({'_' * 20_000}x(</p>{LONG}",
    "provinces": f"<h1>Tiêu đề của bài</h1><p>{'Thái Bình ninh ' * 5000}</p>{LONG}",
}


@pytest.mark.parametrize("case", SLOW)
def test_a_page_made_to_be_slow_is_done_within_seconds(case: str) -> None:
    began = time.process_time()
    with suppress(UnreadableError):
        article = extract(SLOW[case], URL, NOW)
        decide(article)
        line(article)
    assert time.process_time() - began < 5


LISTED = {
    "nested menus": '<div class="-menux">' * 150 + '<a href="/mot-hai-ba-bon-nam-sau-123456.html">Tin</a>' * 2000,
    "nested links": '<a href="/mot-hai-ba-bon-nam-sau-123456.html">' * 8000,
    "a long feed": f"<rss><channel>{'<item><title>A</title><link>http://a.vn/x</link></item>' * 5000}</channel></rss>",
    "a long sitemap": f"<urlset>{'<url><loc>http://a.vn/mot-hai-ba-bon-nam-12345.html</loc></url>' * 50_000}</urlset>",
}


@pytest.mark.parametrize("case", LISTED)
def test_a_listing_made_to_be_slow_is_done_within_seconds(case: str) -> None:
    began = time.process_time()
    with suppress(UnreadableError):
        discover(Page(URL, LISTED[case].encode()), NOW)
    assert time.process_time() - began < 6


def test_of_a_text_without_end_the_beginning_is_kept() -> None:
    body = tuple(f"{text} {number}" for number in range(60) for text in (*campaign_body(number), "Bác" + " Bác" * 499))
    page = article_page("Học tập và làm theo gương Bác", body, NOW)
    article = extract(page, URL, NOW)
    assert article.body[:9] == body[:9]
    assert 90_000 < len(article.text) < 130_000
    selected = extract(page, URL, NOW, Select(lead="main"))
    assert len(selected.lead) < 6_000


def test_unclosed_tags_lose_no_paragraph() -> None:
    body = "".join(f"<p><font>{text} Đoạn {n}." for n in range(60) for text in campaign_body(n)[:1])
    assert len(extract(f"<h1>Xã học tập và làm theo Bác</h1>{body}", URL, NOW).body) == 60
