"""Page layouts of Vietnamese news sites, rich and poor, into which a test pours a text of its own."""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape

MENU = (
    "<div class=top-bar><span class=clock>Thứ bảy, 01/06/2024 | 09:12:44</span></div>"
    "<nav><ul><li><a href='/'>Trang chủ</a></li><li><a href='/xay-dung-dang'>Xây dựng Đảng</a></li>"
    "<li><a href='/hoc-va-lam-theo-bac'>Học và làm theo Bác</a></li><li><a href='/kinh-te'>Kinh tế</a></li></ul></nav>"
)
SIDE = (
    "<div class=sidebar><h3>Đọc nhiều</h3><ul>"
    "<li><a href='/tin-1-post101.html'>Nông dân xã vùng cao góp đất mở con đường liên bản dài ba cây số</a></li>"
    "<li><a href='/tin-2-post102.html'>Chi bộ thôn học tập và làm theo Bác từ những việc nhỏ nhất hằng ngày</a></li>"
    "<li><a href='/tin-3-post103.html'>Giá cà phê hôm nay tăng phiên thứ tư liên tiếp ở các tỉnh Tây Nguyên</a></li>"
    "</ul></div>"
)
FOOTER = (
    "<footer><p>Cơ quan chủ quản: Tỉnh ủy. Giấy phép hoạt động báo chí điện tử số 12/GP-BTTTT cấp ngày 12/3/2021.</p>"
    "<p>Tòa soạn: số 1, đường Lê Duẩn. Hotline: 0900 000 000</p></footer>"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a page is to print: lines of a text by their part."""

    title: str
    body: tuple[str, ...]
    lead: str = ""
    section: str = ""
    place: str = ""
    byline: str = ""
    date_line: str = ""
    date_above: bool = False
    captions: tuple[tuple[int, tuple[str, ...]], ...] = ()  # before which paragraph, which lines
    after: tuple[str, ...] = ()
    published: datetime | None = None


Part = Callable[[str, str], str]


def _texts(told: Told, line: Part, picture: str) -> str:
    """Return paragraphs with the pictures and caption lines that stand between them."""
    captions = dict(told.captions)
    parts = []
    for number, paragraph in enumerate(told.body):
        if number in captions:
            parts.append(picture.format(number))
            parts += [line("caption", text) for text in captions[number]]
        parts.append(line("body", paragraph))
    return "".join(parts)


def _meta(told: Told) -> str:
    moment = told.published.isoformat() if told.published else ""
    published = f'<meta property="article:published_time" content="{moment}">' if moment else ""
    return (
        f'<meta charset="utf-8"><title>{escape(told.title)} - Báo Mẫu</title><meta property="og:type" content="article">'
        f'<meta property="og:title" content="{escape(told.title, quote=True)}"><meta property="og:site_name" content="Báo Mẫu">'
        f'<meta name="author" content="Báo Mẫu">{published}'
    )


def one_cms(told: Told) -> str:
    """OneCMS: named parts, JSON-LD, figures with captions."""
    figures = dict(told.captions)
    parts = []
    for number, paragraph in enumerate(told.body):
        if number in figures:
            caption = "<br>".join(escape(text) for text in figures[number])
            parts.append(
                f'<table class="picture"><tr><td><img src="/anh/{number}.jpg" alt="{escape(figures[number][0], quote=True)}">'
                f'</td></tr><tr><td class="pCaption caption"><p>{caption}</p></td></tr></table>'
            )
        parts.append(f"<p>{escape(paragraph)}</p>")
    linked = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Báo Mẫu"},
            {
                "@type": "NewsArticle",
                "headline": told.title,
                "description": told.lead,
                "datePublished": told.published.isoformat() if told.published else "",
                "author": {"@type": "Person", "name": told.byline},
                "publisher": {"@type": "Organization", "name": "Báo Mẫu"},
            },
        ],
    }
    date = told.published.strftime("%d/%m/%Y %H:%M") if told.published else ""
    return (
        f'<html><head>{_meta(told)}<script type="application/ld+json">{json.dumps(linked, ensure_ascii=False)}</script>'
        f'</head><body>{MENU}<div class="site-content"><div class="article"><div class="article__header">'
        f'<a class="article__cate cms-cate" href="/muc">{escape(told.section)}</a>'
        f'<h1 class="article__title cms-title">{escape(told.title)}</h1><div class="article__meta">'
        f'<time class="time" datetime="{told.published.isoformat() if told.published else ""}">{date}</time></div>'
        f'<div class="article__place">{escape(told.place)}</div>'
        f'<div class="article__sapo cms-desc">{escape(told.lead)}</div></div>'
        f'<div class="article__body zce-content-body cms-body" itemprop="articleBody">{"".join(parts)}'
        f'<div class="article__author"><strong class="name">{escape(told.byline)}</strong></div></div>'
        f'<div class="article__related"><h3>Tin liên quan</h3>{SIDE}</div></div>{SIDE}</div>{FOOTER}</body></html>'
    )


def nukeviet(told: Told) -> str:
    """NukeViet 4: hidden microdata, the lead in `hometext`, ratings and counters behind the text."""
    first = dict(told.captions).get(0, ("", ""))
    paragraphs = "".join(f'<p style="text-align:justify">{escape(text)}</p>' for text in told.body)
    after = "".join(f"<div>{escape(text)}</div>" for text in told.after)
    return (
        f'<html><head><meta name="generator" content="NukeViet v4.5"><meta charset="utf-8"><title>{escape(told.title)}</title>'
        f'</head><body>{MENU}<div class="row"><div class="col-md-18"><div class="news_column panel panel-default" '
        'itemtype="http://schema.org/NewsArticle" itemscope><div class="panel-body">'
        f'<h1 class="title margin-bottom-lg" itemprop="headline">{escape(told.title)}</h1>'
        '<div class="hidden hide d-none" itemprop="author" itemscope><span itemprop="name">Cổng thông tin</span></div>'
        f'<div class="row margin-bottom-lg"><div class="col-md-12"><span class="h5">{escape(told.date_line)}</span></div></div>'
        f'<div class="clearfix"><div class="hometext m-bottom" itemprop="description">{escape(told.lead)}</div>'
        f'<figure class="article center"><img alt="{escape(first[0], quote=True)}" src="/uploads/news/2023_01/anh.jpg">'
        f"<figcaption>{escape(first[0])}</figcaption></figure></div>"
        f'<div id="news-bodyhtml" class="bodytext margin-bottom-lg">{paragraphs}</div>'
        f'<div class="margin-bottom-lg"><p class="h5 text-right"><strong>Tác giả: </strong>{escape(told.byline.removeprefix("Tác giả: "))}</p></div>'
        f'</div></div></div><div class="col-md-6">{after}</div></div>{FOOTER}</body></html>'
    )


def dated_folder(told: Told) -> str:
    """The older skin of family B: tables, the date below the title, the byline in capitals."""

    def line(part: str, text: str) -> str:
        return f'<p class="{"pCaption" if part == "caption" else "pBody"}">{escape(text)}</p>'

    picture = (
        '<table align="center" class="image"><tr><td><img src="/dataimages/202306/original/{}.jpg"></td></tr></table>'
    )
    return (
        f'<html><head><meta charset="utf-8"><title>{escape(told.title)}</title></head><body>{MENU}'
        f'<div id="content"><div class="left"><h1 class="title1">{escape(told.title)}</h1>'
        f'<div class="date">{escape(told.date_line)}</div><div id="abody">{_texts(told, line, picture)}'
        f'<p style="text-align:right"><strong>{escape(told.byline)}</strong></p></div></div>{SIDE}</div>{FOOTER}</body></html>'
    )


def small_captions(told: Told) -> str:
    """Family C: the date above the title, captions as small slanted lines in the picture's own paragraph."""
    captions = dict(told.captions)
    parts = []
    for number, paragraph in enumerate(told.body):
        if number in captions:
            caption = escape(captions[number][0])
            parts.append(
                f'<p style="text-align:center"><span><img class="zoomimg" src="/image/news/2024/{number}.jpg"></span>'
                f'<em style="width:100%;float:left;font-size:small">{caption}</em></p>'
            )
        parts.append(f"<p>{escape(paragraph)}</p>")
    after = "".join(f"<div>{escape(text)}</div>" for text in told.after)
    return (
        f"<html><head>{_meta(told)}</head><body><div>Tiếng Việt | English</div>{MENU}<section class=detail>"
        f"<div class=date>{escape(told.date_line)}</div><h1>{escape(told.title)}</h1><h4 class=sapo>{escape(told.lead)}</h4>"
        f'<div class="content-news">{"".join(parts)}<p style="text-align:right"><strong>{escape(told.byline)}</strong></p>'
        f"</div>{after}</section>{SIDE}{FOOTER}</body></html>"
    )


def lines_of(told: Told) -> list[tuple[str, str]]:
    """Return every line of a page from top to bottom, each with its part."""
    head = [("date", told.date_line)] if told.date_above else []
    head += [("section", told.section), ("title", told.title)]
    head += [] if told.date_above else [("date", told.date_line)]
    head += [("place", told.place), ("lead", told.lead)]
    captions = dict(told.captions)
    body = []
    for number, paragraph in enumerate(told.body):
        body += [("caption", text) for text in captions.get(number, ())]
        body.append(("body", paragraph))
    tail = [("byline", told.byline), *(("after", text) for text in told.after)]
    return [(part, text) for part, text in (*head, *body, *tail) if text]


def _bare(told: Told, body: str, *, menu: bool = True) -> str:
    title = f"<meta charset=utf-8><title>{escape(told.title)}</title>"
    return f"<html><head>{title}</head><body>{MENU if menu else ''}{body}{FOOTER if menu else ''}</body></html>"


def paragraphs(told: Told) -> str:
    """Every line a paragraph, nothing named."""
    lines = lines_of(told)
    return _bare(told, "<div>" + "".join(f"<p>{escape(text)}</p>" for _, text in lines) + "</div>")


def headed(told: Told) -> str:
    """A heading and paragraphs directly in the page's body."""
    tags = {"title": "h1"}
    return _bare(
        told, "".join(f"<{tags.get(p, 'p')}>{escape(t)}</{tags.get(p, 'p')}>" for p, t in lines_of(told)), menu=False
    )


def divisions(told: Told) -> str:
    """Every line a `div`, pictures before their captions."""
    parts: list[str] = []
    last = ""
    for part, text in lines_of(told):
        if part == "caption" and last != "caption":
            parts.append(f'<div><img src="/anh-{len(parts)}.jpg"></div>')
        parts.append(f"<div>{escape(text)}</div>")
        last = part
    return _bare(told, f"<div>{''.join(parts)}</div>{SIDE}")


def table_of_breaks(told: Told) -> str:
    """A table cell with line breaks, as pages of the first years have it."""
    text = "<br><br>".join(f"<b>{escape(t)}</b>" if part == "title" else escape(t) for part, t in lines_of(told))
    return _bare(told, f"<table width=100%><tr><td width=180>{SIDE}</td><td valign=top>{text}</td></tr></table>")


def word(told: Told) -> str:
    """Markup of a word processor, letters with their marks apart, paragraphs never closed."""
    text = "".join(
        f'<p class=MsoNormal style="text-align:justify"><span style="font-size:14.0pt">{escape(t)}<o:p></o:p></span>'
        for _, t in lines_of(told)
    )
    return unicodedata.normalize("NFD", _bare(told, f"<div class=WordSection1>{text}</div>"))


def entities(told: Told) -> str:
    """Every letter with a mark written as an entity."""
    return headed(told).encode("ascii", "xmlcharrefreplace").decode("ascii").replace("<html>", "<html></html>", 1)


POOR = (paragraphs, headed, divisions, table_of_breaks, word, entities)
