"""What stands inside a text and is no part of it, told by how it is built, whatever it is called.

A teaser of another article is a linked picture with its headline, or a linked headline with its
summary; a request to subscribe or to comment is a form with a few words; an advertisement is
printed under this word.
"""

import re
from itertools import islice

from lxml.html import HtmlElement

_CARDS = frozenset(("p", "li", "article", "div", "td", "table", "section", "aside"))
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg)(?:$|\?)", re.IGNORECASE)
_ADVERTISED = re.compile(r"quảng cáo|advertisement|sponsored", re.IGNORECASE)
_LARGEST = 450  # letters of a teaser, of a form with what it says
_HEADLINE = 4  # words of a linked headline
_LINKS = 4  # of one teaser: its picture, headline, section, "xem thêm"


def is_aside(element: HtmlElement) -> bool:
    """Tell whether an element teases one other article, asks for something, or advertises."""
    if element.tag not in _CARDS or len(text := element.text_content().strip()) > _LARGEST:
        return False
    links = [a for a in islice(element.iter("a"), _LINKS + 1) if _leads_elsewhere(a)]
    if len(links) > _LINKS:
        return False
    return element.find(".//form") is not None or _is_teaser(element, links, text) or _advertises(element, text)


def _advertises(element: HtmlElement, text: str) -> bool:
    """Tell whether an element begins with "Quảng cáo" on a line of its own."""
    first = (piece.strip(" \n:-") for piece in element.itertext() if piece.strip())
    return bool(_ADVERTISED.match(text) and _ADVERTISED.fullmatch(next(first, "")))


def _leads_elsewhere(link: HtmlElement) -> bool:
    href = (link.get("href") or "").strip()
    return bool(href) and not href.startswith(("#", "mailto:", "javascript:")) and not _PICTURE_FILE.search(href)


def _is_teaser(element: HtmlElement, links: list[HtmlElement], text: str) -> bool:
    said = [a for a in links if len(a.text_content().split()) >= _HEADLINE]
    if len({a.get("href") for a in said}) != 1:
        return False
    pictured = any(a.find(".//img") is not None and a.get("href") == said[0].get("href") for a in links)
    headline = said[0].text_content().strip()
    return text.startswith(headline) and (pictured or _has_summary(element, said[0], text[len(headline) :]))


def _has_summary(element: HtmlElement, link: HtmlElement, rest: str) -> bool:
    """Tell whether what follows a linked headline is a summary: one line of its own in a list or a named box."""
    named = element.tag in {"li", "article"} or bool(element.get("class"))
    apart = (one for one in element.iterdescendants("p", "div", "span", "time") if link not in one.iter("a"))
    return named and any(len(one.text_content().strip()) >= len(rest.strip()) > 0 for one in apart)
