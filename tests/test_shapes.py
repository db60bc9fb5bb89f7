"""One invented article in every odd shape of markup: what is read stays the same."""

from datetime import UTC, datetime

import pytest

from monitor.models import Article
from monitor.scrape.extract import extract

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
TITLE = "Bản Nậm Hồng mở con đường mới qua đèo"
LEAD = "Sau một mùa khô, bà con bản Nậm Hồng đã có con đường mới rộng ba mét chạy qua đèo, nối bản với trung tâm xã."
BODY = (
    "Con đường mới vào bản dài gần ba cây số, do bà con cùng bộ đội góp đá, góp ngày công làm suốt mùa khô vừa qua.",
    "Trưởng bản Giàng A Chu nói, ngày trước học trò phải lội qua hai con suối mới tới lớp, mùa lũ thì nghỉ cả tuần.",
    "Chi bộ bản chọn việc mở đường làm việc học tập và làm theo Bác của năm, mỗi đảng viên nhận mười mét đường.",
    "Hôm thông xe, cả bản mổ lợn ăn mừng, người già khóc vì lần đầu thấy xe máy chạy vào tận chân cầu thang.",
)
HEAD = f"<h1>{TITLE}</h1><div>18/11/2026 - 06:40</div>"
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
REST = "".join(f"<p>{paragraph}</p>" for paragraph in BODY[1:])
SIGNED = "<p style='text-align:right'><strong>Mai Sương</strong></p>"
SIDE = "<div class=col2><h3>Tin mới</h3>" + "".join(
    f"<div><a href='/tin-{n}.html'>Chi bộ thôn {n} học tập và làm theo Bác từ việc nhỏ nhất</a></div>" for n in range(8)
)
MENU = "<div class=m><a href='/'>Trang chủ</a><a href='/hoc-bac'>Học và làm theo Bác</a></div>"
FOOT = "<div class=f>Giấy phép số 12/GP-BTTTT. Tổng Biên tập: Lò Văn Sơn</div>"

PARTS = {
    "TITLE": TITLE, "LEAD": LEAD, "HEAD": HEAD, "TEXT": TEXT, "REST": REST, "SIGNED": SIGNED,
    "DIVISIONS": "".join(f"<div>{paragraph}</div>" for paragraph in BODY),
    "BREAKS": "<br><br>".join(BODY),
    "SPANS": "".join(f"<span style=display:block>{paragraph}</span><br>" for paragraph in BODY),
    "INDENTED": "".join(f"<p>&nbsp;&nbsp;&nbsp; {paragraph}</p>" for paragraph in BODY),
    **{f"P{n}": paragraph for n, paragraph in enumerate(BODY)},
}  # fmt: skip

SHAPES = {
    "plain": """<div class=z>{HEAD}<p>{LEAD}</p><div>{TEXT}{SIGNED}</div></div>""",
    "lead bold first p": """<div class=z>{HEAD}<div><p><b>{LEAD}</b></p>{TEXT}{SIGNED}</div></div>""",
    "lead strong in h2": """<div class=z>{HEAD}<h2>{LEAD}</h2><div>{TEXT}{SIGNED}</div></div>""",
    "all divs": """<div class=z>{HEAD}<div class=q1>{LEAD}</div><div class=q2>{DIVISIONS}<div>Mai Sương</div></div>
    </div>""",
    "br br": """<div class=z>{HEAD}<b>{LEAD}</b><br><br>{BREAKS}<br><br><b>Mai Sương</b></div>""",
    "td br": """<table><tr><td></td><td><b>{TITLE}</b><br>18/11/2026 - 06:40<br><b>{LEAD}</b><br><br>{BREAKS}
    <br><div align=right>Mai Sương</div></td></tr></table>""",
    "spans": """<div class=z>{HEAD}<p>{LEAD}</p><div>{SPANS}</div></div>""",
    "related mid ul": """<div class=z>{HEAD}<p class=sapo>{LEAD}</p><div><p>{P0}</p><ul><li>
    <a href='/a.html'>Học Bác từ việc nhỏ ở bản xa</a></li><li>
    <a href='/b.html'>Chi bộ làm theo Bác bằng việc làm cụ thể</a></li></ul><p>{P1}</p><p>
    <a href='/c.html'>>> Xã vùng cao học tập và làm theo Bác</a></p><p>{P2}</p><p>{P3}</p>{SIGNED}
    </div></div>""",
    "caption p em after img p": """<div class=z>{HEAD}<p class=sapo>{LEAD}</p><div><p><img src=/a.jpg></p><p>
    <em>Bà con làm đường.</em></p>{TEXT}{SIGNED}</div></div>""",
    "caption center": """<div class=z>{HEAD}<p class=sapo>{LEAD}</p><div><p>{P0}</p><p align=center><img src=/a.jpg>
    <br>Bà con làm đường.</p>{REST}{SIGNED}</div></div>""",
    "caption plain with credit": """<div class=z>{HEAD}<p class=sapo>{LEAD}</p><div><p>{P0}</p><p><img src=/a.jpg></p>
    <p>Bà con làm đường. Ảnh: Đèo Hùng</p>{REST}{SIGNED}</div></div>""",
    "section pages tail in same div": """<div class=z>{HEAD}<p class=sapo>{LEAD}</p><div>{TEXT}{SIGNED}<p>
    <b>Tin cùng chuyên mục:</b></p>
    <p><a href='/x.html'>Chi bộ học Bác</a> (12/11/2026)</p><p>Lượt xem: 120</p></div></div>""",
    "comments in same div": """<div class=z>{HEAD}<p class=sapo>{LEAD}</p><div>{TEXT}{SIGNED}<div><h4>Bình luận (2)</h4>
    <p>Bà con bản mình làm được con đường đẹp quá, chúc mừng bà con bản Nậm Hồng nhé.</p>
    <p>Tuyệt vời, mong xã nào cũng làm được như vậy cho dân đỡ khổ.</p></div></div></div>""",
    "date bottom": """<div class=z><h1>{TITLE}</h1><p class=sapo>{LEAD}</p><div>{TEXT}{SIGNED}
    <p>22:38 - 11/09/2026</p></div></div>""",
    "clock in same header": """<div>Thứ Sáu, 20/11/2026 09:30</div><div class=z><h1>{TITLE}</h1><p class=sapo>{LEAD}</p>
    <div>{TEXT}{SIGNED}</div></div>""",
    "author + date line": """<div class=z><h1>{TITLE}</h1><div>Mai Sương | 18/11/2026 06:40</div>
    <p class=sapo>{LEAD}</p>
    <div>{TEXT}</div></div>""",
    "section - Ngày đăng": """<div class=z><h1>{TITLE}</h1><div>Chính trị - Ngày đăng : 10:14, 18/11/2026</div>
    <p class=sapo>{LEAD}</p><div>{TEXT}{SIGNED}</div></div>""",
    "date ngày tháng": """<div class=z><h1>{TITLE}</h1><p class=sapo>{LEAD}</p><div>{TEXT}{SIGNED}<p>
    <i>Nậm Hồng, ngày 18 tháng 11 năm 2026</i></p></div></div>""",
    "h1 linked": """<div class=z><h1><a href='/duong.html'>{TITLE}</a></h1><div>18/11/2026 - 06:40</div>
    <p class=sapo>{LEAD}</p><div>{TEXT}{SIGNED}</div></div>""",
    "title div": """<div class=z><div class=title>{TITLE}</div><div>18/11/2026 - 06:40</div><p class=sapo>{LEAD}</p>
    <div>{TEXT}{SIGNED}</div></div>""",
    "no title printed": """<div class=z><div>18/11/2026 - 06:40</div><p class=sapo>{LEAD}</p><div>{TEXT}{SIGNED}</div>
    </div>""",
    "kicker over title": """<div class=z><div class=k>Học và làm theo Bác</div><h1>{TITLE}</h1>
    <div>18/11/2026 - 06:40</div>
    <p class=sapo>{LEAD}</p><div>{TEXT}{SIGNED}</div></div>""",
    "side inside": """<div class=z>{HEAD}<p class=sapo>{LEAD}</p><div><p>{P0}</p><div class=bx><p><b>Tin liên quan</b>
    </p><p><a href='/a.html'>Học Bác từ việc nhỏ ở bản xa</a></p></div>{REST}{SIGNED}</div></div>""",
    "article in aside-like name": """<div class='content-with-sidebar'><div class=z>{HEAD}<p class=sapo>{LEAD}</p>
    <div class='post-share-content'>{TEXT}{SIGNED}</div></div></div>""",
    "form page": """<form class='main-form search-page'><div class=z>{HEAD}<p class=sapo>{LEAD}</p>
    <div>{TEXT}{SIGNED}</div></div></form>""",
    "print dup": """<div class=z>{HEAD}<p class=sapo>{LEAD}</p><div>{TEXT}{SIGNED}</div></div><div id=mobile>{TEXT}
    </div>""",
    "audio+tools": """<div class=z>{HEAD}<div>Nghe bài viết</div><div>0:00 / 4:12</div><div>Nam miền Bắc</div>
    <p class=sapo>{LEAD}</p><div>{TEXT}{SIGNED}</div><div>Chia sẻ</div></div>""",
    "the description again": """<div class=z>{HEAD}<div><p>{LEAD}</p>{TEXT}{SIGNED}</div></div>""",
    "section tag lead": """<article><header>{HEAD}<p>{LEAD}</p></header>{TEXT}{SIGNED}</article>""",
    "header/footer tags": """<main><header>{HEAD}</header><section><p class=lead>{LEAD}</p>{TEXT}{SIGNED}
    </section></main>""",
    "inline styles floats": """<div class=z>{HEAD}<p class=sapo>{LEAD}</p><div><div style='float:right;width:200px'>
    <b>Đọc thêm</b><br><a href='/q.html'>Học và làm theo Bác ở vùng cao biên giới</a>
    </div>{TEXT}{SIGNED}</div></div>""",
    "two captions twice": """<div class=z>{HEAD}<p class=sapo>{LEAD}</p><div><p>{P0}</p><p>
    <img src=/a.jpg alt='Bà con làm đường.'></p><p>Bà con làm đường.</p>
    <p>Bà con làm đường.</p>{REST}{SIGNED}</div></div>""",
    "nbsp indents": """<div class=z>{HEAD}<p class=sapo>&nbsp;&nbsp;{LEAD}</p><div>{INDENTED}{SIGNED}</div></div>""",
    "li items": """<div class=z>{HEAD}<p class=sapo>{LEAD}</p><div><p>{P0}</p><ul><li>{P1}</li><li>{P2}</li></ul>
    <p>{P3}</p>{SIGNED}</div></div>""",
}
NO_DATE = {"clock in same header"}
NO_NAME = {"spans"}


def read(body: str, head: str = "") -> Article:
    html = (
        f"<html><head><meta charset=utf-8><title>{TITLE} - Báo Núi Xa</title>{head}</head>"
        f"<body>{MENU}{body}{SIDE}</div>{FOOT}</body></html>"
    )
    return extract(html, "https://bao.example/duong-moi-qua-deo-77123.html", NOW)


@pytest.mark.parametrize("name", SHAPES)
def test_an_article_is_the_same_in_every_shape(name: str) -> None:
    head = f'<meta name=description content="{LEAD}">' if "description" in name else ""
    article = read(SHAPES[name].format_map(PARTS), head)
    assert (article.title, article.lead, article.body) == (TITLE, LEAD, BODY)
    assert article.authors == (() if name in NO_NAME else ("Mai Sương",))
    assert (article.published is None) == (name in NO_DATE)
    assert len(article.images) == ("caption" in name)


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Bài, ảnh: A Lềnh - Mai Sương", ("A Lềnh", "Mai Sương")),
        ("Tin, ảnh: Đèo Hùng", ("Đèo Hùng",)),
        ("Bài: Mai Sương - Ảnh: Đèo Hùng", ("Mai Sương",)),
        ("Mai Sương, ảnh: Đèo Hùng", ("Mai Sương",)),
        ("Mai Sương - Ảnh: CTV", ("Mai Sương",)),
        ("Thực hiện: Mai Sương - Đồ họa: Đèo Hùng", ("Mai Sương",)),
        ("Ảnh: Đèo Hùng", ()),
        ("PV", ("PV",)),
        ("Nhóm PV", ("Nhóm PV",)),
        ("Nhóm phóng viên", ("Nhóm phóng viên",)),
        ("Mai Sương tổng hợp", ("Mai Sương",)),
        ("Mai Sương (Theo Báo Dân tộc)", ("Mai Sương",)),
        ("Mai Sương/VOV-Tây Bắc", ("Mai Sương",)),
        ("Mai Sương/BNEWS/TTXVN", ("Mai Sương",)),
        ("Mai Sương maisuong@bao.example", ("Mai Sương",)),
        ("Lê Thị Hoa - Trường THCS Nậm Hồng", ("Lê Thị Hoa",)),
        ("Th.S Mai Văn Bình", ("Mai Văn Bình",)),
        ("Mai Sương./.", ("Mai Sương",)),
        ("Được viết bởi Mai Sương", ("Mai Sương",)),
        ("Trung tâm Văn hóa xã Nậm Hồng", ()),
        ("Ban Tuyên giáo Đảng ủy", ()),
        ("BBT", ()),
        ("(Theo TTXVN)", ()),
        ("Nguồn: Báo Nhân Dân", ()),
        ("Nguồn: https://bao.example/goc-12345.html", ()),
    ],
)
def test_the_last_line_signs_the_text_and_is_no_part_of_it(line: str, authors: tuple[str, ...]) -> None:
    signed = f"<p style='text-align:right'><b>{line}</b></p>"
    article = read(f"<div class=z>{HEAD}<p class=sapo>{LEAD}</p><div>{TEXT}{signed}</div></div>")
    assert (article.lead, article.body, article.authors) == (LEAD, BODY, authors)
    assert article.images == ()
    assert article.agency == ("TTXVN" if "TTXVN" in line else "")
