"""One article as many systems would mark it up: date lines, bylines, captions, leads, what stands below.

Whatever is put in, title, lead, text, author and minute stay what they are.
"""

from datetime import datetime

import pytest

from monitor.models import VIETNAM, Article
from monitor.scrape.extract import extract

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=VIETNAM)
URL = "https://bao.example/van-hoa/nguoi-giu-lua-nghe-ren-12345.html"
TITLE = "Người giữ lửa nghề rèn ở Pác Rằng"
LEAD = "Gần bốn mươi năm bên bếp than hồng, ông Nông Văn Lữu không chỉ giữ nghề mà còn dạy nghề không lấy tiền."
TEXT = [
    "Tiếng búa ở xóm Pác Rằng bắt đầu từ lúc trời còn mờ sương, trong xưởng nhỏ lợp ngói âm dương cạnh suối.",
    "Năm 2019, ông nhận bốn thanh niên về xưởng, nuôi cơm trưa; ba người trong số ấy nay đã mở được lò riêng.",
    "“Bác Hồ dạy người biết nhiều dạy người biết ít. Tôi chỉ biết rèn, thì tôi dạy rèn”, ông cười và nói.",
    "Từ bảy lò, nay cả xã có 156 hộ giữ nghề, dao và liềm bán ra khắp các chợ phiên miền núi phía Bắc.",
]
SIGNED = '<p style="text-align:right"><strong>Hồng Vân</strong></p>'
DATED = "<div>20/11/2026 07:15</div>"


def read(
    *, lead: str = f"<p><b>{LEAD}</b></p>", inside: str = "", end: str = SIGNED, below: str = "", date: str = DATED
) -> Article:
    first, *others = (f"<p>{text}</p>" for text in TEXT)
    article = f"<h1>{TITLE}</h1>{date}{lead}<div>{first}{inside}{''.join(others)}{end}</div>{below}"
    menu = '<div>Chủ nhật, 22/11/2026, 09:30</div><div><a href="/a">Thời sự</a><a href="/b">Kinh tế</a></div>'
    html = f"<html><head><title>{TITLE} - Báo X</title></head><body>{menu}<div>{article}</div></body></html>"
    return extract(html, URL, NOW)


def holds(article: Article, authors: list[str]) -> bool:
    """Tell whether title, lead, text, authors and minute are the article's own."""
    assert article.title == TITLE
    assert article.lead == LEAD
    assert list(article.body) == TEXT
    assert list(article.authors) == authors
    return article.published == datetime(2026, 11, 20, 7, 15, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "line",
    [
        "Thứ Sáu, 20/11/2026 | 07:15 [GMT +7]", "20-11-2026 07:15:00 SA", "Cập nhật lúc: 07:15 20/11/2026",
        "20/11/2026 7:15 AM", "Ngày đăng: 20.11.2026 - 07h15", "20 Thg 11 2026 | 07:15", "20 – 11 – 2026 | 07:15",
        "Xuất bản: 20/11/2026 07:15 | Cập nhật: 21/11/2026 08:00", "2026-11-20T07:15:00", "20/11/2026 - 07:15:22",
        "<b>20/11/2026</b><b>07:15</b>", "<p>20/11/2026</p><p>07:15</p>",
        "Đăng lúc 07:15, 20/11/2026 – Lượt xem: 1.234", "7:15 sáng, 20/11/2026", "Nov 20, 2026 7:15 AM",
    ],
)  # fmt: skip
@pytest.mark.parametrize("above", [False, True])
def test_a_date_line_is_read_to_the_minute_on_either_side_of_the_headline(line: str, above: bool) -> None:
    html = f"<body><div>{line if above else ''}</div><h1>{TITLE}</h1><div>{'' if above else line}</div>"
    article = extract(html + "".join(f"<p>{text}</p>" for text in TEXT) + "</body>", URL, NOW)
    assert article.published is not None
    assert article.published.replace(second=0) == datetime(2026, 11, 20, 7, 15, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "wrapped",
    [
        '<p style="text-align:right"><strong>{}</strong></p>', "<p><b>{}</b></p>", "<p>{}</p>",
        '<div align="right"><em>{}</em></div>', '<p class="author">{}</p>',
        '<table><tr><td></td><td align="right"><b>{}</b></td></tr></table>',
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("HỒNG VÂN – Đức Anh", ["HỒNG VÂN", "Đức Anh"]), ("Lời và ảnh: Hồng Vân", ["Hồng Vân"]),
        ("Ghi chép của Hồng Vân", ["Hồng Vân"]), ("Hồng Vân (Văn phòng Tỉnh ủy)", ["Hồng Vân"]),
        ("Nguyễn Hồng Vân<br>Phó Bí thư Đoàn xã", ["Nguyễn Hồng Vân"]), ("Hồng Vân<br>hv@bao.example", ["Hồng Vân"]),
        ("Nội dung</p><p>: Hồng Vân</p><p>Thiết kế</p><p>: Đức Anh", ["Hồng Vân", "Đức Anh"]),
        ("Hồng Vân - VHTT xã Pác Rằng", ["Hồng Vân"]), ("Hồng Vân - BTG", ["Hồng Vân"]),
        ("(Hồng Vân)", ["Hồng Vân"]), ("Tin, bài, ảnh: Hồng Vân", ["Hồng Vân"]),
        ("Tác giả: Hồng Vân | Nguồn: Báo X", ["Hồng Vân"]),
        ('<a href="/tac-gia/hv-7.html">Hồng Vân</a>', ["Hồng Vân"]),
        ("Bài &amp; ảnh: Hồng Vân", ["Hồng Vân"]), ("Hồng Vân (st)", ["Hồng Vân"]),
        ("Hồng Vân (Theo VOV)", ["Hồng Vân"]), ("Hồng Vân</p><p>(Còn tiếp)", ["Hồng Vân"]),
        ("Theo Hồng Vân (TTXVN)", ["Hồng Vân"]), ("Theo baox.vn", []), ("Ban Biên tập", []),
    ],
)  # fmt: skip
def test_a_signature_ends_the_text_however_it_is_printed(line: str, authors: list[str], wrapped: str) -> None:
    assert holds(read(end=wrapped.format(line)), authors)


@pytest.mark.parametrize(
    "wrapped",
    [
        "<figure>{}<figcaption>{}</figcaption></figure>", '<p class="a">{}</p><p><em>{}</em></p>',
        "<table><tr><td>{}</td></tr><tr><td>{}</td></tr></table>", '<p>{}</p><p class="image-desc">{}</p>',
        '<center>{}<br><font size="2">{}</font></center>', '<div class="h">{}<span class="c">{}</span></div>',
        '<section class="full">{}<p class="note">{}</p></section>', '<p align="center">{}<br><i>{}</i></p>',
    ],
)  # fmt: skip
@pytest.mark.parametrize("credit", ["", " Ảnh: Đức Anh", " (Ảnh: Đức Anh)", " Ảnh Đức Anh", " Nguồn: Đức Anh"])
def test_a_caption_is_no_paragraph_whatever_holds_it(wrapped: str, credit: str) -> None:
    article = read(inside=wrapped.format('<img src="/u/1.jpg">', f"Ông Lữu bên bếp than.{credit}"))
    assert holds(article, ["Hồng Vân"])
    (image,) = article.images
    assert (image.caption, image.credit) == ("Ông Lữu bên bếp than.", "Đức Anh" if credit else "")


@pytest.mark.parametrize(
    "wrapped",
    [
        '<h2 class="sapo">{}</h2>', "<h3>{}</h3>", '<p class="excerpt">{}</p>', '<div class="mo-ta">{}</div>',
        '<p style="font-weight: bold;">{}</p>', '<div style="font-weight:700">{}</div>', "<p><em>{}</em></p>",
        "<table><tr><td><img src=/t.jpg></td><td><b>{}</b></td></tr></table>",
        '<section class="block-sapo"><p>{}</p></section>', '<div class="chappeau">{}</div>',
    ],
)  # fmt: skip
def test_a_lead_is_known_by_its_name_or_its_print_even_inside_the_text(wrapped: str) -> None:
    assert holds(read(lead=wrapped.format(LEAD)), ["Hồng Vân"])
    first = extract(
        f"<h1>{TITLE}</h1><div>{wrapped.format(LEAD)}{''.join(f'<p>{t}</p>' for t in TEXT)}</div>", URL, NOW
    )
    assert (first.lead, list(first.body)) == (LEAD, TEXT)


def test_a_lead_of_two_paragraphs_is_whole_and_has_no_links_to_other_articles() -> None:
    more = "Cách làm ấy đang được nhân rộng trong toàn xã, nhất là ở những xóm giữ nghề."
    article = read(
        lead=f'<div class="sapo"><p>{LEAD}</p><p>{more}</p><ul><li><a href="/b">Mùa vàng</a></li></ul></div>'
    )
    assert article.lead == f"{LEAD} {more}"
    assert list(article.body) == TEXT


def test_a_headline_that_is_printed_twice_is_no_lead() -> None:
    assert holds(read(date=f"<h1>{TITLE}</h1>{DATED}"), ["Hồng Vân"])


def test_a_name_in_bold_behind_the_last_full_stop_signs_the_text() -> None:
    *others, last = TEXT
    html = f"<h1>{TITLE}</h1>{DATED}<p><b>{LEAD}</b></p><div>{''.join(f'<p>{one}</p>' for one in others)}"
    article = extract(f"{html}<p>{last} <strong>Hồng Vân</strong></p></div>", URL, NOW)
    assert holds(article, ["Hồng Vân"])


@pytest.mark.parametrize(
    "below",
    [
        "<div>Chia sẻ: <a>Facebook</a> <a>Zalo</a></div>", '<p>Tải về: <a href="/k.docx">Kế hoạch 12</a></p>',
        "<p>* * *</p>", "<p>Quét mã QR để đọc bài trên điện thoại</p>",
        "<p>Mọi thông tin phản hồi xin gửi về Báo X theo số điện thoại 0912.345.678.</p>",
        "<div><span>1.234 lượt xem</span><span>0 bình luận</span></div>",
        '<div>Tài liệu đính kèm: <a href="/f.pdf">Kế hoạch 05.pdf</a></div>',
        '<p><em>Đọc thêm: <a href="/y-1.html">Người mẹ của bản làng</a></em></p>',
        "<div><p>Thăm dò ý kiến</p><p>Bạn đánh giá thế nào về giao diện của cổng?</p><p>Rất tốt</p></div>",
        "<div><p>Đường dây nóng: 0912.345.678</p><p>Mọi ý kiến xin gửi về tòa soạn theo địa chỉ của báo.</p></div>",
        '<div><b>Các tin đã đưa:</b><ul><li><a href="/q-1.html">Hội nghị sơ kết</a> (18/11/2026)</li></ul></div>',
        '<div><p>Trước</p><p><a href="/q">Mùa vàng ở Pác Rằng</a></p><p>Sau</p></div>',
    ],
)  # fmt: skip
def test_what_stands_below_the_signature_is_not_the_text(below: str) -> None:
    assert holds(read(below=below), ["Hồng Vân"])
    assert holds(read(end=SIGNED + below), ["Hồng Vân"])


SIGHT = "<title>{}</title>"
OTHER = "Sáng nay, hơn hai trăm đại biểu dự hội nghị sơ kết; nhiều ý kiến đề nghị tháo gỡ khó khăn về biên chế. "


@pytest.mark.parametrize(
    "printed",
    [
        "<h1>{}</h1>", f'<h1><a href="{URL}">{{}}</a></h1>', '<h3 class="t">{}</h3>', '<div class="postTitle">{}</div>',
        "<div><b>{}</b></div>", '<font size="5">{}</font>', '<p class="tit">{}</p>',
        '<h1 class="logo"><a href="/">Báo Quê Hương</a></h1><h2>{}</h2>',
        "<h1>BÁO QUÊ HƯƠNG</h1><div class='title'>{}</div>",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "head",
    [
        "", SIGHT.format(TITLE), SIGHT.format(f"{TITLE} - Phường Dịch Hà"),
        SIGHT.format(f"Báo Quê Hương - {TITLE}"), SIGHT.format("Báo Quê Hương điện tử"),
        SIGHT.format("Xây dựng Đảng - Báo Quê Hương"), SIGHT.format(f"{TITLE[:27]}... - Báo Quê Hương"),
        '<meta property="og:title" content="Báo Quê Hương - Tiếng nói của Đảng bộ tỉnh">',
        f'{SIGHT.format(TITLE)}<meta property="og:title" content="Ông Lữu, người giữ lửa ở Pác Rằng">',
    ],
)  # fmt: skip
def test_the_headline_is_the_one_that_is_printed_whatever_the_head_says(printed: str, head: str) -> None:
    text = "".join(f"<p>{one}</p>" for one in TEXT)
    html = f"<head>{head}</head><div>{printed.format(TITLE)}<div>20/11/2026 07:15</div><div>{text}</div></div>"
    assert extract(html, URL, NOW).title == TITLE


@pytest.mark.parametrize(
    "beside",
    [
        '<div class="i{}"><a href="/bai-{}.html">Hội nghị sơ kết công tác năm nay</a><p>{}</p></div>',
        '<div class="c{}"><b>Nguyễn Văn {}</b><p>{}</p><span>21/11/2026 08:00</span></div>',
        '<div><a href="/v{}">Số {}/KH-UBND</a><p>{}</p><p>Ngày ban hành: 11/11/2026</p></div>',
    ],
)
@pytest.mark.parametrize("holder", ["<div>{}</div>", "<article>{}</article>", "<table><tr><td>{}</td></tr></table>"])
def test_a_text_shorter_than_what_stands_around_it_is_found(beside: str, holder: str) -> None:
    column = "".join(beside.format(n, n, OTHER) for n in range(6))
    text = "".join(f"<p>{one}</p>" for one in TEXT) + SIGNED
    article = f"<h1>{TITLE}</h1>{DATED}<div><b>{LEAD}</b></div>{holder.format(text)}"
    assert holds(extract(f"<div><div>{article}</div><div class='xz'>{column}</div></div>", URL, NOW), ["Hồng Vân"])


@pytest.mark.parametrize(
    "line",
    [
        "20/11/2026 07:15 (Cập nhật: 21/11/2026 08:00)", "20/11/2026 07:15 - Cập nhật lúc 08:00 21/11/2026",
        "Đăng: 07:15 20/11/2026 - Cập nhật: 08:00 21/11/2026",
        "<span>20/11/2026 07:15</span> <i>Sửa: 21/11/2026 08:00</i>",
        "<p>Ngày đăng: 20/11/2026 07:15</p><p>Ngày cập nhật: 21/11/2026 08:00</p>",
        "<p>Ngày cập nhật: 21/11/2026 08:00</p><p>Ngày đăng: 20/11/2026 07:15</p>",
        "Cập nhật lần cuối: 21/11/2026 08:00 | Xuất bản: 20/11/2026 07:15",
    ],
)  # fmt: skip
def test_when_a_page_was_posted_and_when_it_was_changed_are_told_apart(line: str) -> None:
    article = read(date=f"<div>{line}</div>")
    assert holds(article, ["Hồng Vân"])
    assert article.modified == datetime(2026, 11, 21, 8, 0, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("TTXVN/Báo Tin tức", []), ("Theo Thông tấn xã Việt Nam", []), ("Theo Vietnam+", []), ("Nguồn TTXVN", []),
        ("Tổng hợp từ TTXVN", []), ("Hồng Vân (Theo TTXVN)", ["Hồng Vân"]), ("Hồng Vân/TTXVN", ["Hồng Vân"]),
    ],
)  # fmt: skip
def test_a_text_of_the_agency_is_known_by_its_signature(line: str, authors: list[str]) -> None:
    article = read(end=f"<p>{line}</p>")
    assert holds(article, authors)
    assert article.agency == "TTXVN"
