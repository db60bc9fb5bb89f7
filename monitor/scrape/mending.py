"""A page that no longer gives what it used to: which selector names nothing, and what would name it.

Nothing is proposed that was not tried: with it, the page is read and gives the field.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bs4 import BeautifulSoup
from lxml.html import HtmlElement

from monitor.errors import UnreadableError
from monitor.models import Article, Page, Select
from monitor.scrape import dates, markup, metadata
from monitor.scrape.extract import extract
from monitor.scrape.repair import decode
from monitor.vietnamese import comparable

FIELDS = {"title": "title", "lead": "lead", "body": "body", "date": "published", "authors": "authors"}
"""Keys of `select:` and the field of an article that each is for."""

_LEAD = re.compile(r"sapo|lead|desc|summary|chapeau|intro|abstract", re.IGNORECASE)
_AUTHOR = re.compile(r"author|byline|tac-?gia|pen-?name|writer", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_TRIED = 12  # elements for one field
_LONGEST_LINE, _SHORTEST_LEAD, _LONGEST_LEAD = 80, 40, 900
_MOST_OF_THE_TEXT = 0.6


@dataclass(frozen=True, slots=True)
class Break:
    """A field that a page does not give: the selector that was to name it, "" if none was, and one that does.

    `spare` is true when the common reader finds the field without any selector.
    """

    field: str
    selector: str = ""
    proposal: str = ""
    spare: bool = False


def breaks(page: Page, select: Select, now: datetime, given_before: frozenset[str]) -> tuple[Break, ...]:
    """Return what is broken on an article page.

    Broken is a selector of the operator's that names nothing, and a field without a selector that
    pages of this source gave before (`given_before`, keys of FIELDS) and this one does not.
    """
    html = decode(page.content, page.content_type)
    root = markup.parse(html)
    markup.drop_unread(root)
    whole = _read(html, page.url, now, select)
    found = []
    for field in FIELDS:
        selector = getattr(select, field) or ""
        silent = selector and not _names_anything(html, selector)
        missed = not selector and field in given_before and not _gives(whole, field)
        if silent or missed:
            found.append(_mended(Break(field, selector), html, root, page.url, now, select))
    return tuple(found)


def _names_anything(html: str, selector: str) -> bool:
    """Tell whether an operator's selector names text; BeautifulSoup knows all of CSS."""
    found = BeautifulSoup(html, "lxml").select_one(selector)
    return found is not None and bool(found.get_text(strip=True))


def given(page: Page, select: Select, now: datetime) -> frozenset[str]:
    """Return which fields a page gives, as keys of FIELDS."""
    article = _read(decode(page.content, page.content_type), page.url, now, select)
    return frozenset(field for field in FIELDS if _gives(article, field))


def _mended(broken: Break, html: str, root: HtmlElement, url: str, now: datetime, select: Select) -> Break:
    """Return a break with what mends it, as far as that can be found."""
    without = replace(select, **{broken.field: None})
    if broken.selector and _gives(_read(html, url, now, without), broken.field):
        return replace(broken, spare=True)
    for element in list(_candidates(broken.field, root, now))[:_TRIED]:
        selector = _selector(element, root)
        if selector and _gives(_read(html, url, now, replace(select, **{broken.field: selector})), broken.field):
            return replace(broken, proposal=selector)
    return broken


def _read(html: str, url: str, now: datetime, select: Select) -> Article | None:
    try:
        return extract(html, url, now, select)
    except UnreadableError:
        return None


def _gives(article: Article | None, field: str) -> bool:
    return article is not None and bool(getattr(article, FIELDS[field]))


def _candidates(field: str, root: HtmlElement, now: datetime) -> Iterator[HtmlElement]:
    """Return the elements that look like a field, the likeliest first."""
    if field == "body":
        yield from _bodies(root)
        return
    titles = {comparable(one) for one in (*metadata.read(root).titles, *_window_titles(root)) if one}
    tests: dict[str, Callable[[HtmlElement, str], bool]] = {
        "title": lambda _, text: comparable(text) in titles,
        "date": lambda _, text: len(text) <= _LONGEST_LINE and dates.line(text, now) is not None,
        "lead": lambda one, text: bool(_LEAD.search(_called(one))) and _SHORTEST_LEAD < len(text) < _LONGEST_LEAD,
        "authors": lambda one, text: bool(_AUTHOR.search(_called(one))) and 0 < len(text) <= _LONGEST_LINE,
    }
    for element in root.iter("*"):
        if _called(element).strip() and tests[field](element, markup.text_of(element)):
            yield element


def _window_titles(root: HtmlElement) -> Iterator[str]:
    """Return what the window's title may hold beside the site's name."""
    for element in root.iter("title", "h1"):
        text = markup.text_of(element)
        yield from (text, *(text.split(mark, maxsplit=1)[0].strip() for mark in (" - ", " | ", " – ")))


def _bodies(root: HtmlElement) -> Iterator[HtmlElement]:
    """Return the elements that hold most of the page's paragraphs, the innermost first."""
    sizes = [(one, len(markup.text_of(one))) for one in root.iter("p")]
    total = sum(size for _, size in sizes)
    inside: dict[HtmlElement, int] = {}
    for one, size in sizes:
        for above in one.iterancestors():
            inside[above] = inside.get(above, 0) + size
    most = [one for one, size in inside.items() if total and size >= _MOST_OF_THE_TEXT * total and _called(one).strip()]
    yield from sorted(most, key=lambda one: -len(list(one.iterancestors())))


def _called(element: HtmlElement) -> str:
    return f"{element.get('id') or ''} {element.get('class') or ''}"


def _selector(element: HtmlElement, root: HtmlElement) -> str:
    """Return a short selector whose first find is this element, "" when there is none."""
    names = [f"#{element.get('id')}"] if _NAME.fullmatch(element.get("id") or "") else []
    names += [f"{element.tag!s}.{one}" for one in (element.get("class") or "").split() if _NAME.fullmatch(one)]
    return next((one for one in names if markup.select(root, one)[:1] == [element]), "")
