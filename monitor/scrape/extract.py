"""Article page → Article: evidence is gathered, then held against what the page prints.

Evidence in order of trust: the operator's selectors, the CMS family's, what the page says of
itself for machines, and last the shape of the text. `extract` is the story; each field has one
function below it.
"""

import re
from datetime import datetime, timedelta

from monitor import urls
from monitor.errors import UnreadableError
from monitor.models import Article, Select
from monitor.provinces import about
from monitor.provinces import now as current_name
from monitor.scrape import bylines, dates
from monitor.scrape.blocks import words_of
from monitor.scrape.evidence import Evidence, alike, gather, printed
from monitor.scrape.layout import Layout, is_prose, lay_out
from monitor.scrape.text import read_body, read_lead
from monitor.vietnamese import clean, comparable

_CLOCK = timedelta(minutes=3)
_SITE_PART = re.compile(r"\s+[-|–—»]\s+(?=[^-|–—»]*$)|\s*[|]\s*(?=[^|]*$)")
_SITE_WORD = re.compile(r"\b(?:báo|đài|cổng|trang|tạp chí|online|điện tử|vn|com|news|tv)\b", re.IGNORECASE)
_WALL = re.compile(r"enable javascript|bật javascript|document\.cookie\s*=|__cf_chl|location\.reload", re.IGNORECASE)


def extract(html: str, url: str, now: datetime, select: Select | None = None) -> Article:
    """Read one article page; `now` is the time of the visit, against which clocks show up.

    Raises UnreadableError with the reason when the page is no article: empty, a script wall,
    a listing, or without a title.
    """
    page = gather(html, url, now, select or Select())
    title = _title(page)
    layout = lay_out(page, title)
    lead, lead_at = read_lead(page, layout, title)
    body, images, signatures = read_body(page, layout, {lead_at})
    thin = not page.meta.is_article and len("".join(body)) < 200
    if not title or not (body or lead) or thin or _is_listing(page, layout):
        raise _no_article(page, html)
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


def _is_listing(page: Evidence, layout: Layout) -> bool:
    """Tell whether this is a column of teasers: linked headlines, hardly any text, no date of its own."""
    headlines = sum(block.linked > 0.8 and len(block.text) > 25 for block in page.blocks)
    prose = sum(is_prose(page.blocks[i]) for i in layout.body)
    return headlines >= 8 and prose <= 2 and not page.meta.published


def _no_article(page: Evidence, html: str) -> UnreadableError:
    """Say what a page that is no article looks like, and whether it may become one."""
    letters = sum(len(block.text) for block in page.blocks)
    if not html.strip():
        return UnreadableError("the answer is empty", passing=True)
    if letters < 400 and _WALL.search(html):
        return UnreadableError("a wall of script, no text: the site wants a browser", passing=True)
    if sum(block.linked > 0.8 for block in page.blocks) > max(10, len(page.blocks) / 4):
        return UnreadableError("a list of links, not an article")
    return UnreadableError("no article text found")


def _without_site(title: str, page: Evidence) -> str:
    """Return a title without " - Báo X" or " | site" behind it."""
    site = urls.site(page.url).split(".")[0]
    while (mark := _SITE_PART.search(title)) and mark.start() > 10:
        last = title[mark.end() :]
        own = {comparable(name) for name in page.meta.publishers}
        if not (comparable(last) in own or _SITE_WORD.search(last) or site in last.lower().replace(" ", "")):
            break
        title = title[: mark.start()]
    return title.strip()


def _title(page: Evidence) -> str:
    """Return the printed headline; the page's own word for it only where none is printed."""
    if text := printed(page, page.select.title, page.family.title):
        return text
    said = [_without_site(title[:500], page) for title in page.meta.titles[:5]]
    heads = [text[:500] for h1 in page.soup.find_all("h1", limit=10) if (text := clean(h1.get_text(" ")))]
    agreeing = [(max((alike(head, title) for title in said), default=0.0), head) for head in heads]
    best = max(agreeing, default=(0.0, ""), key=lambda pair: pair[0])
    if best[0] >= 0.5:
        return best[1]
    sites = {comparable(name) for name in (*page.meta.publishers, page.meta.site)}
    specific = [title for title in said if comparable(title) not in sites and len(title) > 8]
    if specific:
        return specific[0]
    return heads[0] if heads and comparable(heads[0]) not in sites and len(heads[0]) > 12 else ""


def _authors(page: Evidence, layout: Layout, signatures: list[str]) -> tuple[str, ...]:
    """Return the persons of the byline: as printed, else as the page says for machines."""
    if found := bylines.names(printed(page, page.select.authors, page.family.authors)):
        return found
    signed = [found for line in signatures if (found := bylines.names(line))]
    if signed:
        return tuple(dict.fromkeys(name for found in signed for name in found))
    said = bylines.people(page.meta.authors, _own_names(page))
    if said:
        return said
    near = [page.blocks[i] for i in (*layout.tail[:5], *layout.head)]
    for block in near:
        line = re.split(r"\s[-–|]\s(?=\d)|\|", block.text)[0]
        marked = re.search(r"author|tac-?gia|byline", words_of(block.element), re.IGNORECASE)
        roled = re.match(r"tác giả|bài|tin", line, re.IGNORECASE)
        if (marked or roled or block.text.endswith("|")) and (found := bylines.names(line)):
            return found
    return ()


def _own_names(page: Evidence) -> set[str]:
    return {
        *page.meta.publishers,
        page.meta.site,
        urls.site(page.url),
        urls.site(page.url).split(".")[0],
    }


def _published(page: Evidence, layout: Layout) -> datetime | None:
    """Return the moment of publication: to the minute where any evidence has it."""
    said = [moment for text in page.meta.published if (moment := dates.machine(text, page.now))]
    said = [moment for moment in said if not _is_clock(moment, page.now)] or said
    dated = _printed_date(page, layout)
    if said and not (dated and dated.date() == said[0].date() and _midnight(said[0])):
        return said[0]
    return dated or _date_in_address(page)


def _midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (0, 0)


def _is_clock(moment: datetime, now: datetime) -> bool:
    """Tell whether a date is merely the time of the visit."""
    return abs(moment - now) < _CLOCK


def _printed_date(page: Evidence, layout: Layout) -> datetime | None:
    """Return the date line nearest the title; a running clock above it does not count."""
    if chosen := dates.line(printed(page, page.select.date, page.family.date), page.now):
        return chosen
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


def _date_in_address(page: Evidence) -> datetime | None:
    """Return the date some agencies write into the address, "-20260311100046896.htm"."""
    stamp = re.search(r"(?<!\d)(20\d{2})([01]\d)([0-3]\d)([0-2]\d)([0-5]\d)\d{2,5}\.", page.url)
    if not stamp:
        return None
    year, month, day, hour, minute = stamp.groups()
    return dates.line(f"{day}/{month}/{year} {hour}:{minute}", page.now)


def _modified(page: Evidence, published: datetime | None) -> datetime | None:
    """Return the time of the last change when the page tells one that can be true."""
    for text in page.meta.modified:
        moment = dates.machine(text, page.now)
        if moment and not _is_clock(moment, page.now) and (not published or moment > published):
            return moment
    return None


def _place(page: Evidence, layout: Layout) -> str:
    """Return the place line: a province's name alone on a line between title and text."""
    for i in layout.head[:6]:
        text = page.blocks[i].text.strip(" -:")
        if len(text) < 30 and current_name(text):
            return text
    return ""


def _section(page: Evidence, layout: Layout, title: str) -> str:
    """Return the section the paper filed it under."""
    chosen = printed(page, None, page.family.section)
    if 1 < len(chosen) < 60:
        return chosen
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


def _address(page: Evidence) -> str:
    """Return the page's canonical address, believed only where it can name this article."""
    said = urls.clean(page.meta.canonical, page.url) if page.meta.canonical else ""
    here = urls.clean(page.url)
    if not here:  # a saved page that says itself where it came from
        return said or page.url
    own = urls.site(said) == urls.site(here) and urls.is_article(said) and urls.same_article(said, here)
    return said if said and own else here
