"""What stands inside a text and is no part of it, and the sections above a page: by build, not by name."""

from datetime import UTC, datetime

import pytest

from monitor.scrape import cms, trail
from monitor.scrape.extract import extract
from monitor.scrape.markup import parse

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
URL = "https://bao.example/xa-hoi/lop-hoc-ben-suoi-12345.html"
PARAGRAPHS = [
    "Tối thứ Ba, ánh đèn ở nhà văn hóa bản Nậm Hồng lại sáng, mười bốn học viên lớn tuổi đến lớp xóa mù chữ.",
    "Thầy giáo là bộ đội biên phòng; phấn và vở do anh em trong đồn góp tiền mua từ đầu năm học đến nay.",
    "Sau ba năm, mười một người đã đọc thông viết thạo, tự ký tên nhận tiền dịch vụ môi trường rừng.",
]
TEASERS = [
    '<div class="x1"><a href="/moi-1.html"><img></a><a href="/moi-1.html">Xã Tân Lâm làm đường mới</a> Tin</div>',
    '<ul><li><a href="/moi-1.html">Xã Tân Lâm làm đường mới</a><p>Con đường thông xe sớm hơn kế hoạch.</p></li></ul>',
    '<div class="x2"><h4><a href="/moi-1.html">Xã Tân Lâm làm đường mới</a></h4><time>19/11/2026</time></div>',
    "<section><h3>Nhận tin mỗi sáng</h3><p>Những câu chuyện hay nhất tới hộp thư của bạn.</p><form></form></section>",
]


def page(inside: str) -> str:
    first, *others = (f"<p>{text}</p>" for text in PARAGRAPHS)
    return f"<html><body><h1>Lớp học bên suối Nậm Hồng</h1><div>{first}{inside}{''.join(others)}</div></body></html>"


@pytest.mark.parametrize("teaser", TEASERS)
def test_other_articles_and_requests_inside_a_text_are_no_part_of_it(teaser: str) -> None:
    article = extract(page(teaser), URL, NOW)
    assert [article.lead, *article.body] == ["", *PARAGRAPHS]
    assert article.images == ()


@pytest.mark.parametrize(
    "line",
    ["Trang chủ | Xã hội | Học tập và làm theo Bác | TP Hồ Chí Minh 31°C", "Chính trị / Xã hội / Giáo dục",
     "Bài cùng chủ đề: Tỉnh Cà Mau mở lớp học đêm", "Xem thêm: Tỉnh Cà Mau mở lớp học đêm", "#lophoc #camau"],
)  # fmt: skip
def test_a_menu_or_a_list_of_links_printed_as_a_paragraph_is_no_part_of_a_text(line: str) -> None:
    article = extract(page(f"<p>{line}</p>"), URL, NOW)
    assert [article.lead, *article.body] == ["", *PARAGRAPHS]
    assert (article.provinces, article.images) == ((), ())


def test_a_linked_word_a_list_and_a_picture_that_opens_large_stay() -> None:
    kept = (
        '<ul><li><a href="/tag/xoa-mu-chu">Lớp xóa mù chữ ban đêm</a> có mười bốn học viên;</li></ul>'
        '<div class="pic"><a href="/anh/lop.jpg"><img src="/anh/lop.jpg"></a><em>Lớp học buổi tối</em></div>'
    )
    article = extract(page(kept), URL, NOW)
    assert "Lớp xóa mù chữ ban đêm có mười bốn học viên;" in article.body
    assert [image.caption for image in article.images] == ["Lớp học buổi tối"]


def test_a_picture_that_leads_to_another_site_is_an_advertisement() -> None:
    article = extract(page('<p><a href="https://shop.example/mua"><img src="/qc/300.png"></a></p>'), URL, NOW)
    assert article.images == ()


@pytest.mark.parametrize(
    ("html", "sections"),
    [
        ('<td><a href="/">Trang chủ</a> &gt; <a href="/xh?c=1">Xã hội</a></td>', ["Xã hội"]),
        ('<p class="bcr"><a href="/">TRANG CHỦ</a><a href="/giao-duc/">Giáo dục</a></p>', ["Giáo dục"]),
        ('<p><a href="/"><i class="fa"></i></a> » <a href="/d9">Xây dựng Đảng</a></p>', ["Xây dựng Đảng"]),
        ('<nav aria-label="breadcrumb"><a href="/vh">Văn hóa</a></nav>', ["Văn hóa"]),
        ('<div><a rel="category tag" href="/cat/9">Gương sáng</a></div>', ["Gương sáng"]),
        ('<ul><li><a href="/xa-hoi">Xã hội</a></li><li><a href="/the-thao">Thể thao</a></li></ul>', ["Xã hội"]),
        ('<div><a href="/">Trang chủ</a> | <a href="/gioi-thieu">Giới thiệu</a> | <a href="/tin">Tin</a></div>', []),
        ('<div class="mainMenu"><a href="/">Trang chủ</a><a href="/kinh-te">Kinh tế</a></div>', []),
        ('<a href="#top">Về đầu trang</a><a href="//[x">Hỏng</a>', []),
    ],
)
def test_the_sections_above_a_page_are_its_trail_and_never_its_menu(html: str, sections: list[str]) -> None:
    root = parse(f"<html><body>{html}</body></html>")
    assert trail.read(root, cms.names_on(root), URL) == sections


def test_a_local_time_that_claims_to_be_utc_is_read_as_the_page_prints_it() -> None:
    meta = '<meta property="article:published_time" content="2026-11-19T18:30:00Z">'
    printed = page("").replace("</h1>", "</h1><p>{}</p>")
    for line, moment in (("19/11/2026 18:30", "2026-11-19T18:30"), ("20/11/2026 01:30", "2026-11-20T01:30")):
        article = extract(meta + printed.format(line), URL, NOW)
        assert article.published is not None
        assert article.published.isoformat() == f"{moment}:00+07:00"
