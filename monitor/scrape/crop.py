"""Where on its page an article stands: the page cut down to it before it is read.

A page is mostly not the article. The whole of it is searched once, and what is cut out is the
element with the most prose, with the little that stands before and behind it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import escape

from lxml import etree
from lxml.html import HtmlElement

from monitor.scrape import dates, markup
from monitor.scrape.asides import is_aside
from monitor.scrape.densest import ancestors, holder
from monitor.scrape.furniture import TAIL, stands_aside
from monitor.vietnamese import comparable

_HEADLINES = etree.XPath("count(//a[string-length(normalize-space(.)) > 25])")
_SAME_TEXT = etree.XPath("//*[normalize-space(.) = $text]")
_WRAPS = 0.4  # what holds so much of a text is no furniture, whatever it is called
_EDGES = frozenset(("header", "footer"))
_BEFORE, _BEHIND = 40, 14  # elements looked at either side
_ABOVE_TITLE = 8
_LABEL = 80  # letters of a line that is no prose
_LINKED = 200  # letters of links in a list of links
_LARGEST = 3000  # letters of an element beside the article that may still belong to it


@dataclass(frozen=True, slots=True)
class Crop:
    """The HTML of an article's text, and of what stands before and behind it, nearest parts only.

    `headlines` counts the linked headlines of the whole page, `letters` all its letters.
    """

    above: str
    body: str
    below: str
    headlines: int
    letters: int


def crop(root: HtmlElement, title: str, chosen: HtmlElement | None) -> Crop:
    """Cut an article out of its page; `chosen` is the element that holds its text, if that is known."""
    titled = _titled(root, title)
    held = holder(root, titled, chosen)
    headlines, letters = int(_HEADLINES(root)), len(root.text_content())
    if held is None:
        return Crop("", "", "", headlines, letters)
    above = reversed(list(_before(held, titled)))
    _clear(held, set(ancestors(titled)), dated=False)
    return Crop("".join(above), markup.serialise(held), "".join(_behind(held)), headlines, letters)


def _titled(root: HtmlElement, title: str) -> HtmlElement | None:
    """Return the element that prints the title."""
    wanted = comparable(title)
    for heading in root.iter("h1", "h2", "h3"):
        if wanted and comparable(markup.text_of(heading)[: 2 * len(wanted) + 40]).startswith(wanted):
            return heading
    found = _SAME_TEXT(root, text=title) if title else []
    return found[-1] if found else None


def _clear(held: HtmlElement, kept: Collection[HtmlElement], *, dated: bool) -> None:
    """Take out of an element what is furniture or not shown; what holds much of its text is neither.

    With `dated` a short line with figures stays, whatever it is called: it may be the date. A text
    keeps the date line of its own head or foot. Where teasers are most of it, it is a list of them.
    """
    most = _WRAPS * len(held.text_content())
    asides = {element for element in held.iterdescendants() if is_aside(element)}
    outer = (element for element in asides if asides.isdisjoint(element.iterancestors()))
    if sum(len(element.text_content()) for element in outer) > most:
        asides.clear()
    for element in list(held.iterdescendants()):
        if element in kept or not (element in asides or stands_aside(element)):
            continue
        text = element.text_content()
        line = _is_short_and_numbered(text) if dated else element.tag in _EDGES and dates.is_line(text.strip())
        if len(text) < most and not line:
            element.tag = markup.UNREAD
    etree.strip_elements(held, markup.UNREAD, with_tail=False)  # in C: the text behind may hold what XML forbids


def _is_short_and_numbered(text: str) -> bool:
    return len(text) < _LABEL and any(c.isdigit() for c in text)


def _beside(element: HtmlElement) -> str:
    """Return what stands beside an article as far as it may belong to it: small, no furniture, no list of links."""
    text = element.text_content()
    if len(text) > _LARGEST or (stands_aside(element) and not _is_short_and_numbered(text)):
        return ""
    linked = sum(len(a.text_content()) for a in element.iter("a"))
    if linked > _LINKED and linked > len(text) / 2:
        return ""
    _clear(element, (), dated=True)
    return markup.serialise(element, with_tail=True)


def _before(held: HtmlElement, titled: HtmlElement | None) -> Iterator[str]:
    """Return what stands before an article's text, the nearest first, to a little above its title."""
    round_title = set(ancestors(titled))
    left = _BEFORE
    for element in ancestors(held):
        if element in round_title:  # the title stands inside, or above on a level seen already
            left = min(left, _ABOVE_TITLE)
        if element.tag == "body":  # what stands before it is the page's head
            return
        for sibling in element.itersiblings(preceding=True):
            if left <= 0:
                return
            if sibling in round_title:
                left = _ABOVE_TITLE
                _clear(sibling, round_title, dated=True)
                yield markup.serialise(sibling, with_tail=True)
            elif isinstance(sibling.tag, str) and (
                sibling.tag == "figure" or sibling.text_content().strip() or (sibling.tail or "").strip()
            ):
                left -= 1
                yield _beside(sibling)
            elif sibling.tag == "br":
                yield "<br>"
        parent = element.getparent()
        if parent is not None and parent.text and parent.text.strip() and parent.tag != "html":
            yield f"<div>{escape(parent.text)}</div>"


def _behind(held: HtmlElement) -> Iterator[str]:
    """Return what stands behind an article's text, the nearest first, to where something else begins."""
    left = _BEHIND
    if held.tail and held.tail.strip():
        yield f"<div>{escape(held.tail)}</div>"
    for element in ancestors(held):
        if element.tag == "body":
            return
        for sibling in element.itersiblings():
            text = sibling.text_content().strip() if isinstance(sibling.tag, str) else ""
            if left <= 0 or (len(text) < _LABEL and TAIL.match(text)):
                return
            if text:
                left -= 1
                yield _beside(sibling)
            elif sibling.tag == "br":
                yield markup.serialise(sibling, with_tail=True)
