"""Where on its page an article stands: the page cut down to it before it is read.

A page is mostly not the article. The whole of it is searched once, and what is cut out is the
element with the most prose, with the little that stands before and behind it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from lxml import etree
from lxml.html import HtmlElement

from monitor.scrape import markup
from monitor.scrape.furniture import TAIL, is_furniture, is_hidden
from monitor.scrape.markup import INLINE
from monitor.vietnamese import comparable

_PROSE = etree.XPath("//text()[string-length(normalize-space(.)) > 24 and not(ancestor::a)]")
_HEADLINES = etree.XPath("count(//a[string-length(normalize-space(.)) > 25])")
_SAME_TEXT = etree.XPath("//*[normalize-space(.) = $text]")
_HOLDS_TEXT = frozenset("div td section article main body center form".split())
_ENDS = tuple('.!?…:;,"”»)')
_MOST_PIECES = 3000  # of a page; the rest counts for nothing
_NEAR = 100  # elements round a text that can be the one that holds the article
_WIDER = 1.25  # a wider element must hold so much more prose
_WIDER_THAN_NAMED = 1.6  # than one that a selector named: the name is right, unless its end tag is misplaced
_LEVELS = 3  # that many elements with nothing to add may lie between
_BEFORE, _BEHIND = 40, 14  # elements looked at either side
_ABOVE_TITLE = 8
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
    held = _held(root, titled, chosen)
    headlines, letters = int(_HEADLINES(root)), len(root.text_content())
    if held is None:
        return Crop("", "", "", headlines, letters)
    above = reversed(list(_before(held, titled)))
    return Crop("".join(above), markup.serialise(held), "".join(_behind(held)), headlines, letters)


def called(element: HtmlElement) -> str:
    """Return an element's classes and id: what its author called it."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _titled(root: HtmlElement, title: str) -> HtmlElement | None:
    """Return the element that prints the title."""
    wanted = comparable(title)
    for heading in root.iter("h1", "h2", "h3"):
        if wanted and comparable(markup.text_of(heading)[: 2 * len(wanted) + 40]).startswith(wanted):
            return heading
    found = _SAME_TEXT(root, text=title) if title else []
    return found[-1] if found else None


def _ancestors(element: HtmlElement | None) -> Iterator[HtmlElement]:
    """Return an element and those it stands in, up to the page's body: as many as matter."""
    for _ in range(_NEAR):
        if element is None or element.tag == "html":
            return
        yield element
        element = element.getparent()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of prose: what it weighs and the elements it stands in, the nearest first."""

    weight: float
    inside: list[HtmlElement]

    @property
    def container(self) -> HtmlElement:
        """The element that holds this paragraph beside others."""
        blocks = [element for element in self.inside if element.tag not in INLINE]
        holds = blocks[:1] if blocks and blocks[0].tag in _HOLDS_TEXT else blocks[1:2]
        return next(iter(holds), self.inside[-1])


def _pieces(root: HtmlElement) -> list[_Piece]:
    found = []
    for text in _PROSE(root)[:_MOST_PIECES]:
        parent = text.getparent()
        inside = list(_ancestors(parent.getparent() if text.is_tail else parent))
        letters = text.strip()
        if inside and inside[0].tag not in {"title", "head", "option"}:
            found.append(_Piece(len(letters) * (1.0 if letters.endswith(_ENDS) else 0.3), inside))
    return found


def _held(root: HtmlElement, titled: HtmlElement | None, chosen: HtmlElement | None) -> HtmlElement | None:
    """Return the element that holds the text: the chosen one, else the one with most prose directly below it.

    It is widened while that gains much.
    """
    pieces = _pieces(root)
    whole = _sums((element, piece.weight) for piece in pieces for element in piece.inside)
    protected = {*_ancestors(titled)} | {e for e, held in whole.items() if held > 0.6 * max(whole.values())}
    known: dict[HtmlElement, bool] = {}

    def apart(element: HtmlElement) -> bool:
        if element not in known:
            aside = is_furniture(str(element.tag), called(element)) or is_hidden(
                element.get("hidden"), element.get("style"), element.get("class")
            )
            known[element] = aside and element not in protected
        return known[element]

    pieces = [piece for piece in pieces if not any(apart(element) for element in piece.inside)]
    direct = _sums((piece.container, piece.weight) for piece in pieces)
    whole = _sums((element, piece.weight) for piece in pieces for element in piece.inside)
    if chosen is not None:
        return _widened(chosen, whole, _WIDER_THAN_NAMED)
    return _widened(max(direct, key=lambda element: direct[element]), whole, _WIDER) if direct else None


def _sums(weights: Iterable[tuple[HtmlElement, float]]) -> dict[HtmlElement, float]:
    sums: defaultdict[HtmlElement, float] = defaultdict(float)
    for element, weight in weights:
        sums[element] += weight
    return sums


def _widened(best: HtmlElement, whole: dict[HtmlElement, float], factor: float) -> HtmlElement:
    """Return the element round `best` that holds the whole text where it stands in several parts."""
    above = list(_ancestors(best))[1:]
    while above and (best.tag in INLINE or best.tag == "p"):
        best = above.pop(0)  # paragraphs inside each other: their ends are missing
    wider = best
    for step, element in enumerate(above):
        if step > _LEVELS or len(list(element.iter("h1"))) > 1:
            break  # a page of several articles
        if element.tag == "body" and whole.get(element, 0.0) < 2 * whole.get(wider, 0.0):
            break
        if whole.get(element, 0.0) > factor * whole.get(wider, 0.0) or (element.tag == "article" and factor == _WIDER):
            wider = element
    return wider


def _belongs(element: HtmlElement, text: str) -> bool:
    """Tell whether what stands beside an article may be part of it: small, and no list of links."""
    if not isinstance(element.tag, str) or len(text) > _LARGEST or element.tag in {"nav", "footer"}:
        return False
    linked = sum(len(a.text_content()) for a in element.iter("a"))
    return linked < 200 or linked < 0.6 * len(text)


def _before(held: HtmlElement, titled: HtmlElement | None) -> Iterator[str]:
    """Return what stands before an article's text, the nearest first, to a little above its title."""
    round_title = set(_ancestors(titled))
    left = _BEFORE if titled is not None else _BEFORE // 2
    for element in _ancestors(held):
        if element in round_title:  # the title stands inside, or above on a level seen already
            left = min(left, _ABOVE_TITLE)
        for sibling in element.itersiblings(preceding=True):
            if left <= 0:
                return
            if sibling in round_title:
                left = _ABOVE_TITLE
                yield markup.serialise(sibling, with_tail=True)
            elif (text := sibling.text_content() if isinstance(sibling.tag, str) else "").strip() or sibling.tail:
                left -= 1
                yield markup.serialise(sibling, with_tail=True) if _belongs(sibling, text) else ""
        parent = element.getparent()
        if parent is not None and parent.text and parent.text.strip() and parent.tag != "html":
            yield f"<div>{escape(parent.text)}</div>"


def _behind(held: HtmlElement) -> Iterator[str]:
    """Return what stands behind an article's text, the nearest first, to where something else begins."""
    left = _BEHIND
    if held.tail and held.tail.strip():
        yield f"<div>{escape(held.tail)}</div>"
    for element in _ancestors(held):
        if element.tag == "body":
            return
        for sibling in element.itersiblings():
            text = sibling.text_content().strip() if isinstance(sibling.tag, str) else ""
            if left <= 0 or (len(text) < 60 and TAIL.match(text)):
                return
            if text:
                left -= 1
                yield markup.serialise(sibling, with_tail=True) if _belongs(sibling, text) else ""
