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
    "<div class=z1><p>Quảng cáo</p><p>Bảo hiểm An Tâm giảm 30% phí năm đầu cho khách mới.</p><a>Mua ngay</a></div>",
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
    ["Hãy là người đầu tiên bình luận bài viết này.", "Nhấn Quan tâm Zalo OA của báo để nhận tin.",
     "Trang chủ | Xã hội | Học tập và làm theo Bác | TP Hồ Chí Minh 31°C", "Chính trị / Xã hội / Giáo dục",
     "Chia sẻ Facebook Zalo Sao chép liên kết",
     "Trình duyệt của bạn không hỗ trợ nghe âm thanh", "(Tiếp theo và hết)", "A- A A+",
     "Quý vị có thể xem thêm các chương trình của Đài trên kênh YouTube và ứng dụng riêng.",
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


@pytest.mark.parametrize(
    "box", ['<div class="pull-quote"><p>{}</p><p>Thầy giáo</p></div>', "<blockquote>{}<br>Thầy giáo</blockquote>"]
)
def test_a_quotation_set_large_is_no_part_of_a_text_that_says_it_too(box: str) -> None:
    again, own = "“Phấn và vở do anh em trong đồn góp tiền mua”", "“Học để tự ký tên mình, thế là mừng lắm rồi”"
    assert extract(page(box.format(again)), URL, NOW).body == tuple(PARAGRAPHS)
    assert own in extract(page(box.format(own)), URL, NOW).body


@pytest.mark.parametrize(
    ("line", "authors", "section"),
    [
        ("20/11/2026 / Tác giả: <a>Mai Sương</a> / Chuyên mục: <a>Tin Hội</a>", ("Mai Sương",), "Tin Hội"),
        ("<dd>Chuyên mục: <a>Gương sáng</a></dd><dd>Đăng bởi Mai Sương</dd>", ("Mai Sương",), "Gương sáng"),
        ("<p>Chuyên mục: Gương sáng</p><p>Đăng ngày 20/11/2026 bởi Mai Sương</p>", ("Mai Sương",), "Gương sáng"),
        ('<b>Mai Sương</b> <i title="20/11/2026 19:05:12">2 ngày trước</i>', ("Mai Sương",), ""),
    ],
)
def test_a_line_below_a_headline_tells_author_section_and_date(line: str, authors: object, section: str) -> None:
    article = extract(page("").replace("</h1>", f"</h1><div>{line}</div>"), URL, NOW)
    assert (article.authors, article.section) == (authors, section)
    assert article.body == tuple(PARAGRAPHS)
    if "title" in line:
        assert str(article.published) == "2026-11-20 19:05:12+07:00"


def test_a_category_above_a_headline_may_have_a_tool_between() -> None:
    above = '<p class="cat-name"><a href="?l=2">Học Bác</a></p><p>Xem tin theo ngày:</p><h1>'
    assert extract(page("").replace("<h1>", above), URL, NOW).section == "Học Bác"
    for line in (
        '<h3><a href="?l=2">Học Bác</a></h3>', "<p>Trang chủ » Xã hội » Học Bác » Chi tiết</p>",
        '<p><a href="/xa-hoi">Xã hội</a> <a href="/xa-hoi/hoc-bac">Học Bác</a></p>',
    ):  # fmt: skip
        assert extract(page("").replace("<h1>", f"{line}<h1>"), URL, NOW).section == "Học Bác"
    bar = '<div><a href="?l=2">Học Bác</a><span>20/11/2026 07:15</span></div><h1>'
    assert extract(page("").replace("<h1>", bar), URL, NOW).section == "Học Bác"


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


def test_a_text_is_read_on_behind_a_box_of_links() -> None:
    html = page("").replace("</p></div>", "</p>{}<p>{}</p></div>")
    more = "Mùa đông này, lớp có thêm bảy học viên ở bản bên kia suối, người cao tuổi nhất đã bảy mươi hai."
    box = '<div><b>Đọc thêm</b><a href="/moi-1.html">Xã Tân Lâm làm con đường mới qua suối</a></div>'
    assert extract(html.format(box, more), URL, NOW).body == (*PARAGRAPHS, more)


def test_the_question_of_an_interview_leaves_its_bold_lead_a_lead() -> None:
    lead = "Nhân dịp năm học mới, phóng viên trò chuyện với người thầy của lớp học bên suối Nậm Hồng."
    asked = "Thưa thầy, điều gì khiến thầy nhớ nhất sau ba năm đứng lớp ở bản Nậm Hồng?"
    inside = f"<p><b>{lead}</b></p><p><b>{asked}</b></p><p>{PARAGRAPHS[0]}</p>"
    article = extract(page("").replace("<div>", f"<div>{inside}"), URL, NOW)
    assert (article.lead, article.body[0]) == (lead, asked)


def test_a_date_in_the_head_of_a_page_is_its_clock_and_a_counter_behind_a_time_is_no_part_of_it() -> None:
    clock = '<header><div class="date">Chủ nhật, ngày 22/11/2026</div></header>'
    html = page("").replace("<h1>", f"{clock}<p class=sapo></p><h1>")
    dated = html.replace("</h1>", "</h1><div><span>19/11/2026 16:05</span><span>1.204 lượt xem</span></div>")
    published = extract(dated, URL, NOW).published
    assert published is not None
    assert published.isoformat() == "2026-11-19T16:05:00+07:00"


def windowed(window: str, above: str) -> str:
    """Return a page whose headline is in no heading."""
    html = page("").replace("<html>", f"<html><head><title>{window}</title></head>")
    return html.replace("<h1>Lớp", f"{above}<div class='news-title'>Một lớp").replace("</h1>", "</div>")


def test_a_window_may_name_the_list_before_the_headline() -> None:
    window = "TinTuc - Một lớp học bên suối Nậm Hồng"
    assert extract(windowed(window, ""), URL, NOW).title == "Một lớp học bên suối Nậm Hồng"


def test_a_section_in_the_menu_is_no_headline() -> None:
    menu = '<ul><li><a href="/hoc">Học tập và làm theo Bác</a></li></ul>'
    section = "<div class='title-box'>Học tập và làm theo Bác</div>"
    html = windowed("Cổng thông tin điện tử xã Tân Lâm", menu + section)
    assert extract(html, URL, NOW).title == "Một lớp học bên suối Nậm Hồng"
