"""Article page → Article: evidence is gathered, then held against what the page prints.

Evidence in order of trust: the operator's selectors, the CMS family's, what the page says of
itself for machines, and last the shape of the text. `extract` is the story; each field has one
function below it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from bs4 import BeautifulSoup, Tag

from monitor import urls
from monitor.errors import UnreadableError
from monitor.models import Article, Image, Select
from monitor.provinces import about
from monitor.provinces import now as current_name
from monitor.scrape import blocks as column
from monitor.scrape import bylines, cms, dates, metadata
from monitor.scrape.blocks import Block
from monitor.vietnamese import clean, comparable

_CLOCK = timedelta(minutes=3)
_SITE_PART = re.compile(r"\s+[-|–—»]\s+(?=[^-|–—»]*$)|\s*[|]\s*(?=[^|]*$)")
_SITE_WORD = re.compile(r"\b(?:báo|đài|cổng|trang|tạp chí|online|điện tử|vn|com|news|tv)\b", re.IGNORECASE)
_TAIL = re.compile(
    r"^(?:>+\s*)?(?:tin (?:liên quan|khác|cùng chuyên mục|mới|bài khác)|bài (?:viết )?(?:liên quan|cùng chuyên mục)|"
    r"xem thêm|đọc thêm|chia sẻ(?: bài viết)?|các tin khác|từ khóa|tags?|bình luận|ý kiến bạn đọc|văn bản mới|"
    r"có thể bạn quan tâm|tổng số điểm của bài viết.*|những tin (?:mới|cũ) hơn|cùng chuyên mục|gửi bình luận|"
    r"về đầu trang|click để đánh giá.*)\s*[:：]?$",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"^(?:in|in bài|in trang|aa|top|down|gửi email|facebook|zalo|twitter|copy link|link bài gốc|lưu bài viết|"
    r"theo dõi .{0,60}|đọc báo in|tải ứng dụng.*|hotline.*|\d[\d.,]* (?:lượt xem|bình luận)|\d+ phiếu bầu|"
    r"(?:số )?lượt (?:xem|truy cập|tải)\s*[:：]?.*|xếp hạng\s*:.*|tổng số điểm.*|[.;,•|>\s-]+|quảng cáo|"
    r"advertisement|cỡ chữ.*|nghe đọc bài.*|>{2,}.*|xem thêm\s*:.*|\(?ảnh minh họa\)?\.?)$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?:;…][\"”’»)\]/.]*$|[\"”»]$")
_LONG = 45  # letters; shorter lines are labels, names and dates
_WALL = re.compile(r"enable javascript|bật javascript|document\.cookie\s*=|__cf_chl|location\.reload", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Page:
    """All the evidence of one page, gathered once."""

    url: str
    soup: BeautifulSoup
    meta: metadata.Metadata
    family: cms.Family
    select: Select
    blocks: list[Block]
    now: datetime


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the parts of the article stand: places in the page's list of blocks.

    `head` runs from just after the title to the first block of the body, `body` holds the
    paragraphs, `tail` what stands behind them, nearest first.
    """

    title_at: int
    above: list[int]
    head: list[int]
    body: list[int]
    tail: list[int]


def extract(html: str, url: str, now: datetime, select: Select | None = None) -> Article:
    """Read one article page; `now` is the time of the visit, against which clocks show up.

    Raises UnreadableError with the reason when the page is no article: empty, a script wall,
    a listing, or without a title.
    """
    page = _gather(html, url, now, select or Select())
    title = _title(page)
    layout = _lay_out(page, title)
    lead, lead_at = _lead(page, layout, title)
    body, images, signatures = _body(page, layout, {lead_at})
    if not title or not (body or lead) or (not page.meta.is_article and len("".join(body)) < 200):
        raise UnreadableError(_why_not(page, html))
    authors = _authors(page, layout, signatures)
    published = _published(page, layout)
    place = _place(page, layout)
    named = about(title, lead, body, place)
    credits_ = [image.credit for image in images]
    return Article(
        url=_address(page),
        title=title,
        lead=lead,
        body=body,
        authors=authors,
        published=published,
        modified=_modified(page, published),
        section=_section(page, layout, title),
        agency=bylines.agency(lead, body, [*signatures, *page.meta.authors], credits_, authors),
        place=place,
        provinces=named,
        provinces_now=tuple(dict.fromkeys(current_name(name) for name in named)),
        images=images,
    )


def _gather(html: str, url: str, now: datetime, select: Select) -> _Page:
    soup = BeautifulSoup(html, "lxml")
    return _Page(
        url=url,
        soup=soup,
        meta=metadata.read(soup),
        family=cms.recognise(soup),
        select=select,
        blocks=column.read(soup.body or soup),
        now=now,
    )


def _why_not(page: _Page, html: str) -> str:
    """Say what a page that is no article looks like."""
    letters = sum(len(block.text) for block in page.blocks)
    if letters < 20 and not html.strip():
        return "the answer is empty"
    if letters < 400 and _WALL.search(html):
        return "a wall of script, no text: the site wants a browser"
    if sum(block.linked > 0.8 for block in page.blocks) > len(page.blocks) / 2:
        return "a list of links, not an article"
    return "no article text found"


# --- title ------------------------------------------------------------------------------------


def _alike(one: str, other: str) -> float:
    """Return how far two lines agree, 0 to 1, one of them perhaps cut or with a suffix."""
    one, other = comparable(one), comparable(other)
    if not one or not other:
        return 0.0
    shorter, longer = sorted((one, other), key=len)
    return 1.0 if longer.startswith(shorter) and len(shorter) > 15 else SequenceMatcher(None, one, other).ratio()


def _without_site(title: str, page: _Page) -> str:
    """Return a title without " - Báo X" or " | site" behind it."""
    site = urls.site(page.url).split(".")[0]
    while (mark := _SITE_PART.search(title)) and mark.start() > 10:
        last = title[mark.end() :]
        own = {comparable(name) for name in page.meta.publishers}
        if not (comparable(last) in own or _SITE_WORD.search(last) or site in last.lower().replace(" ", "")):
            break
        title = title[: mark.start()]
    return title.strip()


def _title(page: _Page) -> str:
    """Return the printed headline; the page's own word for it only where none is printed."""
    chosen = cms.selected(page.soup, page.select.title, page.family.title)
    if chosen and (text := clean(chosen.get_text(" "))):
        return text
    said = [_without_site(title, page) for title in page.meta.titles]
    heads = [text for h1 in page.soup.find_all("h1") if (text := clean(h1.get_text(" ")))]
    agreeing = [(max((_alike(head, title) for title in said), default=0.0), head) for head in heads]
    best = max(agreeing, default=(0.0, ""), key=lambda pair: pair[0])
    if best[0] >= 0.5:
        return best[1]
    sites = {comparable(name) for name in (*page.meta.publishers, page.meta.site)}
    specific = [title for title in said if comparable(title) not in sites and len(title) > 8]
    if specific:
        return specific[0]
    return heads[0] if heads and comparable(heads[0]) not in sites and len(heads[0]) > 12 else ""


# --- where things stand -----------------------------------------------------------------------


def _lay_out(page: _Page, title: str) -> _Layout:
    """Find the title, the body and what stands around them."""
    container = _container(page)
    inside = list(column.inside(page.blocks, container)) if container else []
    titled = [i for i, block in enumerate(page.blocks) if _alike(block.text, title) > 0.95 and not block.src]
    before = [i for i in titled if not inside or i <= inside[-1]]
    headed = [i for i in before if page.blocks[i].element.name == "h1"]
    title_at = headed[0] if headed else before[-1] if before else (inside[0] - 1 if inside else -1)
    body = [i for i in inside if i > title_at and not page.blocks[i].furniture]
    start = next((i for i in body if _is_prose(page.blocks[i])), body[0] if body else title_at + 1)
    end = _end(page, body)
    return _Layout(
        title_at=title_at,
        above=list(range(max(0, title_at - 6), max(0, title_at))),
        head=[i for i in range(title_at + 1, start) if not page.blocks[i].src],
        body=[i for i in body if i <= end],
        tail=list(range(end + 1, min(end + 12, len(page.blocks)))),
    )


def _is_prose(block: Block) -> bool:
    return len(block.text) > _LONG and not block.caption and not block.src and block.linked < 0.5


def _end(page: _Page, body: list[int]) -> int:
    """Return the place of the last block before "Tin liên quan" and the like."""
    total = sum(len(page.blocks[i].text) for i in body if _is_prose(page.blocks[i]))
    read = 0
    for earlier, i in zip([-1, *body], body, strict=False):
        if _TAIL.match(page.blocks[i].text) and read * 2 >= total:
            return earlier
        read += len(page.blocks[i].text) if _is_prose(page.blocks[i]) else 0
    return body[-1] if body else -1


def _container(page: _Page) -> Tag | None:
    """Return the element that holds the article's text."""
    chosen = cms.selected(page.soup, page.select.body, page.family.body)
    if chosen and len(chosen.get_text(strip=True)) > 150:
        return chosen
    for element in page.soup.select("[itemprop=articleBody]"):
        if len(element.get_text(strip=True)) > 150:
            return element
    return _densest(page.blocks)


def _densest(blocks: list[Block]) -> Tag | None:
    """Return the element with most prose directly below it, widened while that gains a quarter."""
    direct: dict[int, float] = {}
    whole: dict[int, float] = {}
    elements: dict[int, Tag] = {}
    for block in blocks:
        if block.furniture or block.caption or not _is_prose(block):
            continue
        weight = len(block.text) * (1 - block.linked) * (1.0 if _ENDS.search(block.text) else 0.3)
        line = list(column.ancestors(block))
        own = 0 if block.element.name in {"div", "td", "section", "article", "main", "body"} else 1
        for depth, element in enumerate(line):
            elements[id(element)] = element
            whole[id(element)] = whole.get(id(element), 0.0) + weight
            if depth == own:
                direct[id(element)] = direct.get(id(element), 0.0) + weight
    if not direct:
        return None
    best = elements[max(direct, key=lambda key: direct[key])]
    while (parent := best.parent) is not None and parent.name not in {"body", "html", "[document]"}:
        if whole.get(id(parent), 0.0) < 1.25 * whole[id(best)] and parent.name != "article":
            break
        best = parent
    return best


# --- lead, body, pictures ---------------------------------------------------------------------


def _lead(page: _Page, layout: _Layout, title: str) -> tuple[str, int]:
    """Return the lead and its place among the blocks (-1: nowhere, or not printed as one)."""
    chosen = cms.selected(page.soup, page.select.lead, page.family.lead)
    if chosen and (text := clean(chosen.get_text(" "))):
        return text, _place_of(page, text)
    said = [d for d in page.meta.descriptions if _alike(d, title) < 0.8 and len(d.split()) >= 8]
    first = layout.body[:3]
    for i in [*layout.head, *first]:
        block = page.blocks[i]
        if len(block.text) < _LONG or block.linked > 0.5 or block.caption or dates.is_line(block.text):
            continue
        if bylines.has_credit(block.text):
            continue
        stands_apart = i in layout.head or (block.strong and _ENDS.search(block.text)) or _looks_like_lead(block)
        agrees = any(_alike(block.text, text.rstrip(".… ")) > 0.85 for text in said)
        if stands_apart or (agrees and i == first[0] and _apart(page, layout)):
            return block.text, i
        if i in first:
            break
    unprinted = [d for d in said if not any(_alike(page.blocks[i].text, d.rstrip(".… ")) > 0.8 for i in first)]
    if unprinted and not layout.body:
        return unprinted[0], -1
    return "", -1


def _looks_like_lead(block: Block) -> bool:
    words = " ".join(block.element.get_attribute_list("class")) + str(block.element.get("id") or "")
    return bool(re.search(r"sapo|lead|summary|desc|hometext|intro|chapeau|tom-?tat", words, re.IGNORECASE))


def _apart(page: _Page, layout: _Layout) -> bool:
    """Tell whether the first block of the body is marked up differently from those after it."""
    if len(layout.body) < 3:
        return False
    first, *others = (page.blocks[i] for i in layout.body[:4])
    same = [o for o in others if o.element.name == first.element.name and o.strong == first.strong]
    return not same


def _place_of(page: _Page, text: str) -> int:
    return next((i for i, block in enumerate(page.blocks) if block.text == text), -1)


def _body(page: _Page, layout: _Layout, taken: set[int]) -> tuple[tuple[str, ...], tuple[Image, ...], list[str]]:
    """Return paragraphs, pictures with their captions, and the signatures below the text."""
    paragraphs: list[str] = []
    pictures: list[tuple[Block, str]] = []
    lines = [i for i in layout.body if i not in taken]
    for i, block in ((i, page.blocks[i]) for i in lines):
        if block.src:
            pictures.append((block, ""))
        elif _is_caption(block, pictures, page, i):
            _put_caption(pictures, block)
        elif not _is_furniture_line(block, layout, i):
            paragraphs.append(block.text)
    signatures: list[str] = []
    while paragraphs and len(paragraphs) > 1 and _is_signature(paragraphs[-1]):
        signatures.insert(0, paragraphs.pop())
    return tuple(paragraphs), _images(page, pictures), signatures


def _is_signature(line: str) -> bool:
    """Tell whether the last line of a text is a byline, an agency's mark or a bare date."""
    if bylines.is_agency_line(line) or (dates.is_line(line) and len(line) < 40):
        return True
    return len(line) <= 160 and bool(bylines.names(line)) and not re.search(r"[.!?…]$", line.rstrip("./"))


def _is_furniture_line(block: Block, layout: _Layout, i: int) -> bool:
    """Tell whether a line inside the container is no part of the text."""
    if _NOISE.match(block.text) or _TAIL.match(block.text) or block.linked > 0.8:
        return True
    early = i in layout.head
    if early and (dates.is_line(block.text) or current_name(block.text) or bylines.names(block.text.strip("| "))):
        return True
    return early and len(block.text) < _LONG and not _ENDS.search(block.text)


def _is_caption(block: Block, pictures: list[tuple[Block, str]], page: _Page, i: int) -> bool:
    """Tell whether a line belongs to the picture above it."""
    if block.caption:
        return True
    if not pictures:
        return bylines.has_credit(block.text) and len(block.text) < 300
    picture, caption = pictures[-1]
    previous = page.blocks[i - 1]
    near = previous is picture or (caption != "" and previous.text in (caption, picture.text))
    if not near or len(block.text) > 320:
        return False
    repeated = comparable(block.text) in (comparable(picture.text), comparable(caption))
    styled = block.slanted or "center" in str(block.element.get("style")) or block.element.get("align") == "center"
    unfinished = not _ENDS.search(block.text) and not caption
    return repeated or bylines.has_credit(block.text) or ((styled or unfinished) and previous is picture)


def _put_caption(pictures: list[tuple[Block, str]], block: Block) -> None:
    """Give a caption line to the last picture; a line printed twice counts once."""
    if not pictures:
        pictures.append((block, block.text))
        return
    picture, caption = pictures[-1]
    if comparable(block.text) not in comparable(caption):
        pictures[-1] = (picture, f"{caption} {block.text}".strip())


def _images(page: _Page, pictures: list[tuple[Block, str]]) -> tuple[Image, ...]:
    """Return the pictures of the text, each address once."""
    found: dict[str, Image] = {}
    for block, printed in pictures:
        source = urls.clean(block.src, page.url) if block.src else ""
        caption, credit = bylines.caption(printed or block.text)
        if (source or caption) and source not in found:
            found[source or caption] = Image(source, caption, credit)
    return tuple(found.values())


# --- who, when, where -------------------------------------------------------------------------


def _authors(page: _Page, layout: _Layout, signatures: list[str]) -> tuple[str, ...]:
    """Return the persons of the byline: as printed, else as the page says for machines."""
    for element in _printed(page, page.select.authors, page.family.authors):
        if found := bylines.names(element):
            return found
    printed = [found for line in signatures if (found := bylines.names(line))]
    if printed:
        return tuple(dict.fromkeys(name for found in printed for name in found))
    said = bylines.people(page.meta.authors, _own_names(page))
    if said:
        return said
    near = [page.blocks[i] for i in (*layout.tail[:5], *layout.head)]
    for block in near:
        line = re.split(r"\s[-–|]\s(?=\d)|\|", block.text)[0]
        marked = re.search(r"author|tac-?gia|byline", column.words_of(block.element), re.IGNORECASE)
        roled = re.match(r"tác giả|bài|tin", line, re.IGNORECASE)
        if (marked or roled or block.text.endswith("|")) and (found := bylines.names(line)):
            return found
    return ()


def _printed(page: _Page, ours: str | None, family: str) -> Iterable[str]:
    """Return the texts of the elements that hold a field, by the operator's or family's selector."""
    chosen = cms.selected(page.soup, ours, family)
    return [clean(chosen.get_text(" "))] if chosen else []


def _own_names(page: _Page) -> set[str]:
    return {
        *page.meta.publishers,
        page.meta.site,
        urls.site(page.url),
        urls.site(page.url).split(".")[0],
    }


def _published(page: _Page, layout: _Layout) -> datetime | None:
    """Return the moment of publication: to the minute where any evidence has it."""
    said = [moment for text in page.meta.published if (moment := dates.machine(text, page.now))]
    said = [moment for moment in said if not _is_clock(moment, page.now)] or said
    printed = _printed_date(page, layout)
    if said and not (printed and printed.date() == said[0].date() and _midnight(said[0])):
        return said[0]
    return printed or _date_in_address(page)


def _midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (0, 0)


def _is_clock(moment: datetime, now: datetime) -> bool:
    """Tell whether a date is merely the time of the visit."""
    return abs(moment - now) < _CLOCK


def _printed_date(page: _Page, layout: _Layout) -> datetime | None:
    """Return the date line nearest the title; a running clock above it does not count."""
    for text in _printed(page, page.select.date, page.family.date):
        if moment := dates.line(text, page.now):
            return moment
    places = [
        *layout.head,
        *reversed(layout.above),
        *layout.body[:2],
        *layout.body[-2:],
        *layout.tail,
    ]
    for i in places:
        text = page.blocks[i].text
        moment = dates.line(text, page.now) if dates.is_line(text) else None
        if moment and not (i < layout.title_at and _is_clock(moment, page.now)):
            return moment
    return None


def _date_in_address(page: _Page) -> datetime | None:
    """Return the date some agencies write into the address, "-20260311100046896.htm"."""
    stamp = re.search(r"(?<!\d)(20\d{2})([01]\d)([0-3]\d)([0-2]\d)([0-5]\d)\d{2,5}\.", page.url)
    if not stamp:
        return None
    year, month, day, hour, minute = stamp.groups()
    return dates.line(f"{day}/{month}/{year} {hour}:{minute}", page.now)


def _modified(page: _Page, published: datetime | None) -> datetime | None:
    """Return the time of the last change when the page tells one that can be true."""
    for text in page.meta.modified:
        moment = dates.machine(text, page.now)
        if moment and not _is_clock(moment, page.now) and (not published or moment > published):
            return moment
    return None


def _place(page: _Page, layout: _Layout) -> str:
    """Return the place line: a province's name alone on a line between title and text."""
    for i in layout.head[:6]:
        text = page.blocks[i].text.strip(" -:")
        if len(text) < 30 and current_name(text):
            return text
    return ""


def _section(page: _Page, layout: _Layout, title: str) -> str:
    """Return the section the paper filed it under."""
    for text in _printed(page, None, page.family.section):
        if 1 < len(text) < 60:
            return text
    if page.meta.section:
        return page.meta.section
    crumbs = page.soup.select(".breadcrumb a, .breadcrumbs a, [class*=breadcrumb] a, [itemprop=itemListElement] a")
    names = [text for a in crumbs if (text := clean(a.get_text(" "))) and comparable(text) != comparable(title)]
    if names:
        return names[-1]
    for i in reversed(layout.above[-2:]):
        text = page.blocks[i].text
        if len(text) < 40 and not page.blocks[i].furniture and not any(c.isdigit() or c == "|" for c in text):
            return text
    return ""


def _address(page: _Page) -> str:
    """Return the page's canonical address, believed only within its own site and below its root."""
    said = urls.clean(page.meta.canonical, page.url) if page.meta.canonical else ""
    here = urls.clean(page.url) or page.url
    if said and urls.site(said) == urls.site(here) and len(urls.key(said)) > len(urls.site(said)) + 1:
        return said
    return here
