"""All the evidence of one page, gathered once: selected fields, metadata, and the page cut down to blocks."""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bs4 import BeautifulSoup, Tag
from lxml.html import HtmlElement

from monitor.models import Select
from monitor.scrape import blocks as column
from monitor.scrape import cms, crop, headline, markup, metadata, trail
from monitor.scrape.asides import is_aside
from monitor.scrape.blocks import Block

_FIELDS = ("place", "title", "lead", "date", "authors", "section")
_LONGEST = 5000  # letters of a field
_ROUND = 3  # elements between a summary and its card
_LINKED = 0.8  # share of a list that is links
_SHORTEST = 150  # letters of an element that can hold an article's text

_FORM = re.compile(r"(?:xem |nội dung )?chi tiết\b|nội dung (?:tin|bài)\b", re.IGNORECASE)  # what shows an article


@dataclass(frozen=True, slots=True)
class Evidence:
    """A page as its parts tell of it; `now` is the visit.

    `fields` are the texts that the operator's or the family's selectors name, `crumbs` the sections
    above the page. `blocks` run from a little above the title to a little below the text; the text
    stands at the places `text`.
    """

    url: str
    now: datetime
    meta: metadata.Metadata
    fields: dict[str, str]
    crumbs: list[str]
    title: str
    blocks: list[Block]
    text: range
    headlines: int
    letters: int


def gather(html: str, url: str, now: datetime, select: Select) -> Evidence:
    """Parse a page and gather what it holds."""
    root = markup.parse(html)
    meta, names = metadata.read(root), cms.names_on(root)
    fields, chosen = _of_family(root, cms.recognise(names, meta.generator), names)
    if select != Select():
        own, own_body = _of_operator(html, root, select)
        fields, chosen = fields | own, chosen if own_body is None else own_body
    crumbs = trail.read(root, names, url, meta.trail) if not (fields.get("section") or meta.section) else []
    markup.drop_unread(root)
    title = headline.read(root, url, meta, fields.get("title", ""))
    cut = crop.crop(root, title, chosen)
    above, body, below = (column.read(part) for part in (cut.above, cut.body, cut.below))
    return Evidence(
        url=url,
        now=now,
        meta=meta,
        fields=fields,
        crumbs=crumbs,
        title=title,
        blocks=[*above, *body, *below],
        text=range(len(above), len(above) + len(body)),
        headlines=cut.headlines,
        letters=cut.letters,
    )


def _of_family(
    root: HtmlElement, family: cms.Family, names: frozenset[str]
) -> tuple[dict[str, str], HtmlElement | None]:
    """Return the texts a family's selectors name, by field, and the element that holds the article's."""
    fields = {}
    for field in _FIELDS:
        named = cms.each(root, getattr(family, field, ()), names)
        if (element := next((one for one in named if not _is_of_another(one, field)), None)) is not None:
            for links in [*element.iter("ul")] if field == "lead" else ():
                if _is_linked(links):
                    links.drop_tree()
            fields[field] = _text(element)
            if field == "place":  # it may stand inside the lead
                element.tag = markup.UNREAD
    for selector in (*family.body, "[itemprop=articleBody]"):
        parts = [part for part in cms.named(root, selector, names) if part.text_content().strip()]
        if sum(len(part.text_content().strip()) for part in parts) > _SHORTEST:
            return fields, markup.around(parts)
    return fields, None


def _of_operator(html: str, root: HtmlElement, select: Select) -> tuple[dict[str, str], HtmlElement | None]:
    """Return the same for the operator's selectors: BeautifulSoup knows all of CSS."""
    soup = BeautifulSoup(html, "lxml")
    selectors = {field: getattr(select, field, None) for field in (*_FIELDS, "body")}
    named = {field: soup.select_one(selector) for field, selector in selectors.items() if selector}
    found = {field: _same(root, tag) for field, tag in named.items() if tag}
    body = found.pop("body", None)
    return {field: _text(element) for field, element in found.items() if element is not None}, body


def _is_of_another(element: HtmlElement, field: str) -> bool:
    """Tell whether a summary is of another article's card, a date the clock in the page's head, a section a form."""
    if field == "section":
        return bool(_FORM.match(_text(element)))
    if field == "lead":
        return any(is_aside(one) for one in islice(element.iterancestors(), _ROUND))
    return field == "date" and any(one.find(".//h1") is None for one in element.iterancestors("header"))


def _is_linked(element: HtmlElement) -> bool:
    """Tell whether an element's text is links: other articles below a summary."""
    linked = sum(len(a.text_content().strip()) for a in element.iter("a"))
    return linked > _LINKED * len(element.text_content().strip())


def _text(element: HtmlElement) -> str:
    """Return what a selector names; of a whole page that it names by mistake, the beginning."""
    return markup.text_of(element)[:_LONGEST]


def _same(root: HtmlElement, tag: Tag) -> HtmlElement | None:
    """Return BeautifulSoup's element in our tree: both were built by libxml2, in one order."""
    place = len(tag.find_all_previous(tag.name))
    return next((element for n, element in enumerate(root.iter(tag.name)) if n == place), None)
