"""What broke on a page is named, and what is proposed was tried on it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.edges.store import Store
from monitor.models import Memory, Page, Round, Select, Specimen, State
from monitor.scrape.extract import extract
from monitor.scrape.mending import FIELDS, Break, breaks
from tests.conftest import Run
from tests.loopback import Answer, Loopback
from tests.newsroom import article_page, campaign_body, rss

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TEXT = campaign_body(7)
PAGE = (
    '<html><head><meta charset="utf-8"><title>Xã số 7 sơ kết học Bác - Báo Mẫu</title></head><body>'
    '<div class="menu"><a href="/">Trang chủ</a></div><div class="khung-bai">'
    '<div class="tieu-de-bai">Xã số 7 sơ kết học Bác</div><span class="gio-dang">Thứ Sáu, 20/11/2026, 08:30</span>'
    f'<div class="sapo-bai">{TEXT[0]}</div><div id="noi-dung">{"".join(f"<p>{one}</p>" for one in TEXT[1:])}</div>'
    '<div class="tac-gia">Nguyễn Văn Mẫu</div></div></body></html>'
)


def page(html: str = PAGE) -> Page:
    return Page("https://bao.example/xa-so-ket-viec-hoc-bac-100007.html", html.encode(), "text/html; charset=utf-8")


@pytest.mark.parametrize("field", list(FIELDS))
def test_a_selector_that_names_nothing_is_said_with_what_does(field: str) -> None:
    (found,) = breaks(page(), Select(**{field: ".khong-con-nua"}), NOW, frozenset())
    assert (found.field, found.selector) == (field, ".khong-con-nua")
    assert found.spare or found.proposal
    mended = Select(**({field: found.proposal} if found.proposal else {}))
    assert getattr(extract(PAGE, page().url, NOW, mended), FIELDS[field])


def test_a_selector_that_works_is_not_touched() -> None:
    assert breaks(page(), Select(title=".tieu-de-bai", body="#noi-dung", date=".gio-dang"), NOW, frozenset()) == ()


def test_a_field_that_pages_gave_before_is_missed_and_one_they_never_gave_is_not() -> None:
    without = PAGE.replace("Thứ Sáu, 20/11/2026, 08:30", "").replace("Nguyễn Văn Mẫu", "")
    assert breaks(page(without), Select(), NOW, frozenset()) == ()
    assert breaks(page(without), Select(), NOW, frozenset({"date"})) == (Break("date"),)


@given(st.text(alphabet='<>/ab pdivcls="#.', max_size=300))
def test_no_page_brings_it_down(html: str) -> None:
    found = breaks(page(html), Select(title="h1", body="#abody"), NOW, frozenset(FIELDS))
    assert {one.field for one in found} <= set(FIELDS)


def test_check_says_which_selector_broke_and_since_when(
    site: Loopback, monitor: Run, tmp_path: Path, database: Path | str
) -> None:
    now = datetime.now(UTC)
    old = article_page("Xã số 7 sơ kết học Bác", TEXT, now).replace("<article>", '<article id="abody">')
    site.routes["/bai-so-ket-viec-hoc-bac-100007.html"] = Answer(PAGE)
    feed = rss([(site.url("/bai-so-ket-viec-hoc-bac-100007.html"), "Xã số 7 sơ kết học Bác", now)])
    site.routes["/rss/home.rss"] = Answer(feed, kind="application/rss+xml")
    (tmp_path / "sources.yaml").write_text(
        f'fetch: {{pause: 0s}}\nsources:\n  - {{name: Báo Mẫu, url: "{site.url("/rss/home.rss")}",'
        ' select: {body: "#abody"}}\n'
    )
    with Store(database) as store:
        store.sources.enrol(["Báo Mẫu"], now)
        good = Specimen(Page(site.url("/bai-cu.html"), old.encode(), "text/html"), good=True, seen_at=now)
        store.sources.end_round(Round("Báo Mẫu", State.ON_TOPIC), Memory(), now, now, [good])
    said = monitor("sources", "check", "Báo Mẫu").stdout
    assert "select.body: '#abody' names nothing" in said
    assert "leave it out: the common reader finds it" in said or "#noi-dung" in said
    assert "/bai-cu.html" in said
