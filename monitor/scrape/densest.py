"""Which element of a page holds the article's text: the one with most prose directly below it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from monitor.scrape.asides import is_aside
from monitor.scrape.furniture import stands_aside
from monitor.scrape.markup import INLINE

_PROSE = etree.XPath("//text()[string-length(normalize-space(.)) > 24 and not(ancestor::a)]")
_HOLDS_TEXT = frozenset("div td section article main body center form".split())
_ENDS = tuple('.!?…:;,"”»)')
_MOST_PIECES = 3000  # of a page; the rest counts for nothing
_NEAR = 100  # elements round a text that can be the one that holds the article
_WIDER = 1.25  # a wider element must hold so much more prose
_WHOLE = 3000  # letters of an article of which nothing is missing
_MOSTLY = 0.6  # of all prose: an element that holds so much cannot be furniture
_WIDER_THAN_NAMED = 1.6  # than one that a selector named: the name is right, unless its end tag is misplaced
_TOLD = 0.3  # of its prose: what an article tells beside its teasers
_SHORTEST = 150  # weight of an article among others on one page
_LEVELS = 3  # that many elements with nothing to add may lie between


def ancestors(element: HtmlElement | None) -> Iterator[HtmlElement]:
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
        inside = list(ancestors(parent.getparent() if text.is_tail else parent))
        letters = text.strip()
        if inside and inside[0].tag not in {"title", "head", "option"}:
            found.append(_Piece(len(letters) * (1.0 if letters.endswith(_ENDS) else 0.3), inside))
    return found


def holder(root: HtmlElement, titled: HtmlElement | None, chosen: HtmlElement | None) -> HtmlElement | None:
    """Return the element that holds the text: the chosen one, else the one with most prose directly below it.

    It is widened while that gains much; a chosen one that holds a whole article is taken as it is.
    """
    if chosen is not None and len(chosen.text_content()) > _WHOLE:
        return chosen
    pieces = _in_the_article(root, titled)
    whole = _sums((element, piece.weight) for piece in pieces for element in piece.inside)
    if chosen is not None:
        return _widened(chosen, whole, _WIDER_THAN_NAMED)
    direct = _sums((piece.container, piece.weight) for piece in pieces)
    return _widened(max(direct, key=lambda element: direct[element]), whole, _WIDER) if direct else None


def _in_the_article(root: HtmlElement, titled: HtmlElement | None) -> list[_Piece]:
    """Return the prose of a page without that of furniture and of other articles; of a list of teasers, these."""
    pieces = _pieces(root)
    whole = _sums((element, piece.weight) for piece in pieces for element in piece.inside)
    protected = {*ancestors(titled)} | {e for e, held in whole.items() if held > _MOSTLY * max(whole.values())}
    known: dict[HtmlElement, bool] = {}

    def apart(element: HtmlElement) -> bool:
        if element not in known:
            known[element] = element not in protected and stands_aside(element)
        return known[element]

    own = _own_article(root, titled)
    if own is not None and whole.get(own, 0.0) > _SHORTEST:
        pieces = [piece for piece in pieces if own in piece.inside]
    pieces = [piece for piece in pieces if not any(apart(element) for element in piece.inside)]
    teasers = {e for e in {e for piece in pieces for e in piece.inside} - protected if is_aside(e)}
    told = [piece for piece in pieces if teasers.isdisjoint(piece.inside)]
    return told if _weight(told) > _TOLD * _weight(pieces) else pieces


def _weight(pieces: list[_Piece]) -> float:
    return sum(piece.weight for piece in pieces)


def _own_article(root: HtmlElement, titled: HtmlElement | None) -> HtmlElement | None:
    """Return the title's `<article>` on a page on which other articles follow without end."""
    own = next((element for element in ancestors(titled) if element.tag == "article"), None)
    if own is None or all(other is own or other.find(".//h1") is None for other in root.iter("article")):
        return None
    return own


def _sums(weights: Iterable[tuple[HtmlElement, float]]) -> dict[HtmlElement, float]:
    sums: defaultdict[HtmlElement, float] = defaultdict(float)
    for element, weight in weights:
        sums[element] += weight
    return sums


def _widened(best: HtmlElement, whole: dict[HtmlElement, float], factor: float) -> HtmlElement:
    """Return the element round `best` that holds the whole text where it stands in several parts."""
    above = list(ancestors(best))[1:]
    while above and (best.tag in INLINE or best.tag == "p"):
        best = above.pop(0)  # paragraphs inside each other: their ends are missing
    wider = inner = best
    for step, element in enumerate(above):
        if step > _LEVELS or len(list(element.iter("h1"))) > 1:
            break  # a page of several articles
        if element.tag == "body" and whole.get(element, 0.0) < 2 * whole.get(wider, 0.0):
            break
        gained = whole.get(element, 0.0) - whole.get(inner, 0.0)
        inner = element
        if gained > (factor - 1) * whole.get(wider, 0.0) or (element.tag == "article" and factor == _WIDER):
            wider = element
    return wider
