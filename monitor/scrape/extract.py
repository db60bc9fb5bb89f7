"""Article page → Article: evidence is gathered, then held against what the page prints.

Evidence in order of trust: the operator's selectors, the CMS family's, what the page says of
itself for machines, and last the shape of the text. `extract` is the story; each field has one
function below it.
"""

import re
from datetime import datetime
from itertools import islice

from monitor import urls
from monitor.models import VIETNAM, Article, Select
from monitor.provinces import about
from monitor.provinces import now as current_name
from monitor.scrape import bylines, dates, dating, pictures, section
from monitor.scrape.evidence import Evidence, gather
from monitor.scrape.framing import words_of
from monitor.scrape.layout import LONG, Layout, lay_out
from monitor.scrape.lead import read_lead
from monitor.scrape.refusal import is_listing, missing_text, refusal
from monitor.scrape.text import read_body

_PARTS = re.compile(r"\s[/|•·]\s|\s(?=bởi\s)", re.IGNORECASE)  # of a line that tells date, author and section


def extract(
    html: str, url: str, now: datetime, select: Select | None = None, listed: datetime | None = None
) -> Article:
    """Read one article page; `now` is the time of the visit, against which clocks show up.

    `listed` is the date its listing gave, for pages that print none. An article whose text cannot be
    read keeps title and lead, and says why in `gap`. Raises UnreadableError with the reason when the
    page is no article: empty, a script wall, a listing, or without a title.
    """
    page = gather(html, url, now, select or Select())
    layout, title = lay_out(page), page.title
    found, pictured = pictures.collect(page.blocks, layout.pictured)
    lead, lead_at = read_lead(page, layout, pictured)
    body, signatures = read_body(page, layout, {lead_at, *pictured, *_lines_of(lead, page, layout)})
    images = pictures.images(found if body else [one for one in found if one.line], url)
    printed = lead if lead_at >= 0 else ""
    dated = bool(signatures) and any(dates.is_line(page.blocks[i].text) for i in layout.head)
    thin = not (page.meta.is_article or dated) and len("".join((printed, *body))) < 200
    if not title or not (body or lead) or thin or is_listing(page, layout):
        raise refusal(page, html)
    authors = _authors(page, layout, signatures)
    published = dating.published(page, layout) or listed or dating.opening_day(page, lead, body)
    modified = dating.modified(page, layout, published)
    place = _place(page, layout)
    named = about(title, lead, body, place) or about("", "", tuple(image.caption for image in images))
    credits_ = [image.credit for image in images]
    below = [text for i in layout.tail[:1] if bylines.names(text := page.blocks[i].text)]
    signed = [*signatures, *below, page.fields.get("authors", ""), *page.meta.authors]
    return Article(
        url=_address(page),
        title=title,
        lead=lead,
        body=body,
        authors=authors,
        published=published and published.astimezone(VIETNAM),
        modified=modified and modified.astimezone(VIETNAM),
        section=section.read(page, layout, title),
        agency=bylines.agency(lead, body, signed, credits_, authors),
        place=place,
        provinces=named,
        provinces_now=tuple(dict.fromkeys(current_name(name) for name in named)),
        images=images,
        gap="" if body else missing_text(html, images),
    )


def _lines_of(lead: str, page: Evidence, layout: Layout) -> list[int]:
    """Return the places of the paragraphs of which a lead of several is made."""
    lines = ((i, page.blocks[i].text) for i in layout.body[:4])
    return [i for i, text in lines if LONG < len(text) < len(lead) and (lead.startswith(text) or lead.endswith(text))]


def _authors(page: Evidence, layout: Layout, signatures: tuple[str, ...]) -> tuple[str, ...]:
    """Return the persons of the byline: as printed, else as the page says for machines."""
    if found := bylines.names(page.fields.get("authors", "")):
        return found
    dated = (i for i in layout.body[:3] if dates.is_line(page.blocks[i].text))  # below the lead
    places = (*layout.tail[:5], *layout.head, *dated)
    beside = (part for i in places for part in _PARTS.split(page.blocks[i].text))
    lines = (*signatures, *(line for line in beside if bylines.is_signed(line)))
    signed = [found for line in lines if (found := bylines.names(line))]
    if signed:
        return tuple(dict.fromkeys(name for found in signed for name in found))
    said = bylines.people(page.meta.authors, _own_names(page))
    if said:
        return said
    for i in (*layout.tail[:5], *layout.head):
        line = dates.without(page.blocks[i].text).rstrip(" |")
        if (found := bylines.names(line)) and _signs(page, layout, i, line):
            return found
    return ()


def _signs(page: Evidence, layout: Layout, i: int, line: str) -> bool:
    """Tell whether a line that could be names is a byline: called one, with a role, just below the text or dated."""
    block = page.blocks[i]
    named = " ".join(words_of(one) for one in (block.element, *islice(block.element.parents, 1)))
    called = re.search(r"author|tac-?gia|byline", named, re.IGNORECASE)
    if called or block.text.endswith("|") or re.match(r"tác giả|bài|tin|được viết|viết bởi", block.text, re.IGNORECASE):
        return True
    if " " not in line or current_name(line) or block.src:
        return False
    if i in layout.tail[:1]:
        return block.linked < 0.5 or "@" in block.text
    beside = (page.blocks[n].text for n in (i - 1, i, i + 1) if n in (*layout.head, layout.title_at))
    return i in layout.head and (
        bool(block.moment) or line != block.text or any(dates.is_line(text) for text in beside)
    )


def _own_names(page: Evidence) -> set[str]:
    """Return what a page calls its own site: "Báo Bản Mường" is also "Bản Mường"."""
    names = {*page.meta.publishers, page.meta.site}
    bare = {
        re.sub(r"^(?:báo|đài|tạp chí)\s+|(?<!\s)\s+(?:điện tử|online|news)$", "", name, flags=re.IGNORECASE)
        for name in names
    }
    site = urls.site(page.url)
    return {*names, *bare, site, site.split(".")[0]}


def _place(page: Evidence, layout: Layout) -> str:
    """Return the place line: a province's name alone on a line between title and text."""
    if current_name(page.fields.get("place", "")):
        return page.fields["place"]
    for i in layout.head[:6]:
        text = page.blocks[i].text.strip(" -:")
        if len(text) < 30 and current_name(text):
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
