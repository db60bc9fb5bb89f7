"""A page as a tree of elements, asked in C: parsed by libxml2, selected from by CSS.

BeautifulSoup reads the article itself; whole pages are searched here, where an element costs a
hundredth of the time.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from monitor.scrape.repair import plain
from monitor.vietnamese import clean

INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small "
    "span strike strong sub sup time tt u var o:p st1:place".split()
)
_END_OF_PAGE = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
UNREAD: Final = "template"
"""What an element is turned into so that nobody reads it; taking it out here would touch the text behind it."""
_NEVER_READ = "style noscript template iframe object embed svg canvas video audio button select input textarea".split()


def parse(html: str) -> HtmlElement:
    """Return the root of a page's tree, however broken the page; comments are left out.

    Some sites close their page in its first line: where it ends is left to the parser.
    """
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(_END_OF_PAGE.sub("", html).encode("utf-8", "replace"), parser=parser)
    except etree.LxmlError:  # nothing there to parse
        return document_fromstring(b"<html><body></body></html>", parser=parser)


def drop_unread(root: HtmlElement) -> None:
    """Take out what no reader sees: scripts, styles, players, form fields."""
    etree.strip_elements(root, "script", *_NEVER_READ, with_tail=False)


@cache
def _compiled(selector: str) -> CSSSelector | None:
    try:
        return CSSSelector(selector, translator="html")
    except SelectorError:
        return None


def select(root: HtmlElement, selector: str) -> list[HtmlElement]:
    """Return the elements a CSS selector names, in the order of the page; none when it is no selector."""
    compiled = _compiled(selector)
    return list(compiled(root)) if compiled else []


def text_of(element: HtmlElement) -> str:
    """Return an element's text in one line; words parted by markup only (`B<b>ác</b>`) stay whole."""
    return plain(clean("".join(_pieces(element))))


def _pieces(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        apart = child.tag not in INLINE
        yield " " if apart else ""
        yield from _pieces(child) if isinstance(child.tag, str) and child.tag != UNREAD else ()
        yield " " if apart else ""
        yield child.tail or ""


def around(parts: list[HtmlElement]) -> HtmlElement:
    """Return the element that holds all parts of a text printed in several: the one itself where it is one.

    On a page of several articles the first part is taken alone.
    """
    common = [*reversed(list(parts[0].iterancestors())), parts[0]]
    for part in parts[1:]:
        line = [*reversed(list(part.iterancestors())), part]
        common = [one for one, other in zip(common, line, strict=False) if one is other]
    return common[-1] if len(parts) == 1 or len(list(common[-1].iter("h1"))) < 2 else parts[0]


def serialise(element: HtmlElement, *, with_tail: bool = False) -> str:
    """Return an element as HTML."""
    return etree.tostring(element, encoding="unicode", method="html", with_tail=with_tail)
