"""What a page says of itself for machines: read wherever it stands, believed only where it can be true."""

import json
from datetime import UTC, datetime

import pytest

from monitor.models import Article
from monitor.scrape import markup, metadata
from monitor.scrape.extract import extract
from monitor.scrape.metadata import Metadata

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TITLE = "Bản Nậm Hồng mở con đường mới qua đèo"
SUMMARY = "Con đường dài gần ba cây số do bà con cùng bộ đội góp đá, góp công làm suốt một mùa khô."
PARAGRAPH = "Con đường mới vào bản dài gần ba cây số, do bà con cùng bộ đội góp đá, góp ngày công làm suốt mùa khô. "
NEWS = {
    "@type": "NewsArticle",
    "headline": TITLE,
    "description": SUMMARY,
    "datePublished": "2026-11-18T06:40:00+07:00",
    "author": {"@type": "Person", "name": "Mai Sương"},
    "publisher": {"@type": "Organization", "name": "Báo Bản Mường"},
}


def said(head: str = "", body: str = "") -> Metadata:
    return metadata.read(markup.parse(f"<html><head>{head}</head><body>{body}</body></html>"))


def linked(data: object) -> str:
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return f'<script type="application/ld+json">{text}</script>'


def page(head: str, *, h1: str = TITLE, lines: str = "") -> Article:
    html = (
        f"<html><head>{head}</head><body><h1>{h1}</h1>{lines}<div><p>{PARAGRAPH}</p><p>{PARAGRAPH * 2}</p></div></body>"
    )
    return extract(html, "https://baobanmuong.vn/duong-moi-qua-deo-a77.html", NOW)


@pytest.mark.parametrize(
    "data",
    [
        NEWS,
        [{"@type": "Organization", "name": "Báo Bản Mường"}, NEWS],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Báo"}, NEWS]},
        [{"@graph": [[NEWS]]}],
        {"@type": "WebPage", "mainEntity": NEWS},
        NEWS | {"@type": ["Article", "NewsArticle"]},
        NEWS | {"author": [{"@type": "Person", "name": "Mai Sương"}]},
        NEWS | {"author": "Mai Sương"},
        json.dumps(NEWS, ensure_ascii=False).replace("}", ",}"),
        f"<!-- {json.dumps(NEWS)} -->",
        f"//<![CDATA[\n{json.dumps(NEWS)}\n//]]>",
        json.dumps(NEWS) + ";",
        json.dumps(NEWS).replace("Mai", "\n Mai").replace(": ", ":\t"),
        json.dumps(NEWS, ensure_ascii=False).replace("Bản Nậm", "B&#7843;n Nậm"),
    ],
    ids=lambda data: str(data)[:40],
)
def test_the_article_object_is_found_in_every_wrapping(data: object) -> None:
    found = said(linked(data))
    assert (found.titles[0], found.descriptions[0]) == (TITLE, SUMMARY)
    assert found.published == ("2026-11-18T06:40:00+07:00",)
    assert found.authors == ("Mai Sương",)
    assert found.publishers == {"Báo Bản Mường"}
    assert found.is_article


@pytest.mark.parametrize(
    "broken",
    [
        json.dumps(NEWS, ensure_ascii=False).removesuffix("}"),
        json.dumps(NEWS, ensure_ascii=False).replace("qua đèo", 'qua "đèo"', 1),
        json.dumps(NEWS, ensure_ascii=False).replace('"author"', '"image": , "author"'),
    ],
    ids=["a brace missing", "quotation marks in a text", "a value missing"],
)
def test_of_broken_json_the_plain_fields_are_saved(broken: str) -> None:
    found = said(linked(broken))
    assert found.titles[0].replace('"', "") == TITLE
    assert found.published == ("2026-11-18T06:40:00+07:00",)
    assert found.authors == ("Mai Sương",)


def test_objects_that_are_no_article_say_nothing_but_the_sections_above_it() -> None:
    found = said(linked([{"@type": "Organization", "name": "Báo Bản Mường"}, "NewsArticle", 5, None]))
    assert found == Metadata()
    steps = [{"name": "Trang chủ"}, {"item": {"name": "Chính trị"}}, {"name": "Xây dựng Đảng"}, 7]
    found = said(linked([{"@type": "BreadcrumbList", "itemListElement": steps}]))
    assert found == Metadata(trail=("Chính trị", "Xây dựng Đảng"))


def test_microdata_is_read_also_where_it_is_hidden() -> None:
    found = said(
        body=f"""<div itemscope itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">{TITLE}</h1>
        <div class="hidden" itemprop="author" itemscope><span itemprop="name">Mai Sương</span></div>
        <div class="hidden" itemprop="publisher" itemscope><span itemprop="name">Báo Bản Mường</span></div>
        <span class="hidden" itemprop="datePublished">2026-11-18T06:40:00+07:00</span>
        <time itemprop="dateModified" datetime="2026-11-18T08:00:00+07:00">hôm qua</time>
        <div itemprop="description">{SUMMARY}</div></div>"""
    )
    assert (found.titles, found.descriptions, found.authors) == ((TITLE,), (SUMMARY,), ("Mai Sương",))
    assert (found.published, found.modified) == (("2026-11-18T06:40:00+07:00",), ("2026-11-18T08:00:00+07:00",))
    assert found.publishers == {"Báo Bản Mường"}


def test_a_plus_written_as_an_entity_is_a_plus() -> None:
    assert said('<meta property="article:published_time" content="2026-11-18T06:40:00&#x2B;07:00">').published == (
        "2026-11-18T06:40:00+07:00",
    )


@pytest.mark.parametrize(
    "window",
    [
        f"{TITLE} - Báo Bản Mường",
        f"{TITLE} | Báo Bản Mường điện tử",
        f"{TITLE} – baobanmuong.vn",
        f"{TITLE} - Thời sự - Báo Bản Mường",
        f"{TITLE} - Tin tức - Tỉnh ủy Bản Mường",
        f"{TITLE} » Cổng thông tin điện tử Bản Mường",
        "Báo Bản Mường điện tử",
        "Chi tiết tin tức",
        "BAN TUYÊN GIÁO VÀ DÂN VẬN",
        "",
    ],
)
def test_the_window_s_title_leaves_the_site_out_and_never_is_the_site(window: str) -> None:
    assert page(f"<title>{window}</title>").title == TITLE
    assert page(f"<title>{window}</title>", h1="Báo Bản Mường", lines=f"<h2>{TITLE}</h2>").title == TITLE


def test_a_dash_of_the_headline_itself_stays() -> None:
    title = "Nậm Hồng - bản nhỏ bên sông - mở đường"
    assert page(f"<title>{title} - Báo Bản Mường</title>", h1=title).title == title
    assert page(f'<title>x</title><meta property="og:title" content="{title} | Báo Bản Mường">', h1="").title == title


def test_the_printed_headline_wins_over_another_wording_for_machines() -> None:
    assert (
        page('<meta property="og:title" content="Nậm Hồng: bản mở con đường mới qua đèo, bà con vui">').title == TITLE
    )


def test_a_headline_only_for_machines_is_taken_where_none_is_printed() -> None:
    assert page(f'<meta property="og:title" content="{TITLE}">', h1="").title == TITLE
    assert page(f'<meta property="og:title" content="{TITLE}">', h1="Báo Bản Mường").title == TITLE


@pytest.mark.parametrize(
    "description",
    ["Báo Bản Mường - tin tức nhanh, chính xác về vùng cao, cập nhật liên tục mỗi ngày", "Tin tức 24h", TITLE],
)
def test_the_site_s_slogan_is_no_lead(description: str) -> None:
    head = f'<meta property="og:site_name" content="Báo Bản Mường"><meta name="description" content="{description}">'
    assert page(head).lead == ""
    scripted = (
        f'<html><head>{head}<meta property="og:title" content="{TITLE}"><meta property="og:type" content="article">'
    )
    with pytest.raises(Exception, match="no article text"):
        extract(f"{scripted}</head><body><div id=app></div></body></html>", "https://baobanmuong.vn/a-77.html", NOW)


@pytest.mark.parametrize(
    "author",
    ["Báo Bản Mường", "baobanmuong.vn", "Bản Mường", "admin", "bientap2", "Super User", "https://fb.com/banmuong",
     "@baobanmuong", "Ban biên tập", "VCCorp.vn", "webmaster"],
)  # fmt: skip
def test_the_site_a_handle_and_an_account_are_no_authors(author: str) -> None:
    head = f'<meta property="og:site_name" content="Báo Bản Mường"><meta name="author" content="{author}">'
    assert page(head).authors == ()
    assert page(head + linked(NEWS | {"author": {"name": author}})).authors == ()


def test_a_name_glued_to_the_agency_is_parted() -> None:
    found = page(linked(NEWS | {"author": {"name": "Mai SươngTTXVN"}}))
    assert (found.authors, found.agency) == (("Mai Sương",), "TTXVN")


def test_the_moment_of_the_visit_is_never_the_date() -> None:
    clock = '<meta property="article:published_time" content="2026-11-20T09:00:00+07:00">'
    printed = "<div>Thứ Tư, 18/11/2026 - 06:40</div>"
    found = page(clock, lines=printed).published
    assert found is not None
    assert found.isoformat() == "2026-11-18T06:40:00+07:00"
