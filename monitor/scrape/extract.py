"""Article page → Article: evidence is gathered, then held against what the page prints.

Evidence in order of trust: the operator's selectors, the CMS family's, what the page says of
itself for machines, and last the shape of the text. `extract` is the story; each field has one
function below it.
"""

import re
from datetime import datetime, timedelta

from monitor import marks, urls
from monitor.errors import UnreadableError
from monitor.models import Article, Select
from monitor.provinces import about
from monitor.provinces import now as current_name
from monitor.scrape import bylines, dates, pictures
from monitor.scrape.blocks import words_of
from monitor.scrape.evidence import Evidence, gather
from monitor.scrape.layout import Layout, is_prose, lay_out
from monitor.scrape.lead import read_lead
from monitor.scrape.text import read_body
from monitor.vietnamese import comparable

_CLOCK = timedelta(minutes=3)
_WALL = re.compile(r"enable javascript|bật javascript|document\.cookie\s*=|__cf_chl|location\.reload", re.IGNORECASE)


def extract(
    html: str, url: str, now: datetime, select: Select | None = None, listed: datetime | None = None
) -> Article:
    """Read one article page; `now` is the time of the visit, against which clocks show up.

    `listed` is the date its listing gave, for pages that print none.

    Raises UnreadableError with the reason when the page is no article: empty, a script wall,
    a listing, or without a title.
    """
    page = gather(html, url, now, select or Select())
    layout, title = lay_out(page), page.title
    found, pictured = pictures.collect(page.blocks, layout.pictured)
    lead, lead_at = read_lead(page, layout, pictured)
    body, signatures = read_body(page, layout, {lead_at, *pictured})
    images = pictures.images(found, url)
    thin = not page.meta.is_article and len("".join(body)) < 200
    if not title or not (body or lead) or thin or _is_listing(page, layout):
        raise _no_article(page, html)
    authors = _authors(page, layout, signatures)
    published = _published(page, layout) or listed or _opening_day(page, lead, body)
    place = _place(page, layout)
    named = about(title, lead, body, place) or about("", "", tuple(image.caption for image in images))
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
    """Tell whether this is a column of teasers: linked headlines with little text, no date of its own."""
    prose = [len(page.blocks[i].text) for i in layout.body if is_prose(page.blocks[i])]
    teasers = sum(page.blocks[i].linked > 0.8 and len(page.blocks[i].text) > 25 for i in layout.body)
    column = teasers >= 6 and teasers > 0.6 * len(prose)
    return (column or (page.headlines >= 8 and sum(prose) < 400)) and not page.meta.published


def _no_article(page: Evidence, html: str) -> UnreadableError:
    """Say what a page that is no article looks like, and whether it may become one."""
    if not html.strip():
        return UnreadableError("the answer is empty", passing=True)
    if page.letters < 400 and _WALL.search(html):
        return UnreadableError("a wall of script, no text: the site wants a browser", passing=True)
    if page.headlines > 10:
        return UnreadableError("a list of links, not an article")
    return UnreadableError("no article text found")


def _authors(page: Evidence, layout: Layout, signatures: tuple[str, ...]) -> tuple[str, ...]:
    """Return the persons of the byline: as printed, else as the page says for machines."""
    if found := bylines.names(page.fields.get("authors", "")):
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
    if chosen := dates.line(page.fields.get("date", ""), page.now):
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
        moment = dates.machine(page.blocks[i].moment, page.now)
        moment = moment or (dates.line(text, page.now) if dates.is_line(text) else None)
        if moment and not (i < layout.title_at and (_is_clock(moment, page.now) or dates.is_clock(text))):
            return moment
    return None


def _opening_day(page: Evidence, lead: str, body: tuple[str, ...]) -> datetime | None:
    """Return the day on which the report begins, "Ngày 17/5, …", where nothing else tells a date."""
    openings = (marks.without_opening(text) for text in (lead, *body[:2]))
    return next((moment for text in openings if (moment := dates.yearless(text, page.now))), None)


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
    chosen = page.fields.get("section", "")
    if 1 < len(chosen) < 60:
        return chosen
    if page.meta.section:
        return page.meta.section
    names = [text for text in page.crumbs if comparable(text) != comparable(title)]
    if names:
        return names[-1]
    for i in reversed(layout.above[-2:]):
        text = page.blocks[i].text
        if len(text) < 40 and not any(c.isdigit() or c == "|" for c in text):
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
