"""Where a listing continues: the address of its next page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from monitor import urls
from monitor.scrape.discover.anchors import start_of
from monitor.vietnamese import clean

_NUMBER = re.compile(
    r"(?:[?&](?:page|p|trang|paged|pg|page_?index|page_?no|page_?number|page_?num|pageid|trang_?so|so_?trang|start|"
    r"limitstart|offset|\w{0,80}_?cur)=|/(?:page|trang|p)[-/]?|-(?:trang|page|p)-?)(?P<page>\d{1,5})(?=$|[/&.#])",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^(?:[›»>→]++|trang (?:sau|tiếp|kế)(?: theo)?|sau|tiếp(?: theo)?|next(?: page)?|xem thêm|(?:bài )?cũ hơn|"
    r"older(?: posts)?)[\s›»>→.]*+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A link of a pager: what it says (its number, 0 for "next") and the number in its address."""

    address: str
    says: int
    number: int


def next_page(root: HtmlElement, url: str) -> str:
    """Return the address of the page after this one, "" when the page names none.

    Pages are counted by their addresses, from nought, one or by articles; the next one has the
    smallest number behind this one's. A first page has none: its next one is called 2 or "next".
    """
    origin = start_of(root, url)
    marked = [one for one in root.iter("link", "a") if "next" in (one.get("rel") or "").lower().split()]
    for one in marked:
        address = urls.clean(one.get("href") or "", origin)
        if urls.site(address) == urls.site(url) and urls.key(address) != urls.key(url):
            return address
    turns, here = list(_turns(root, url, origin)), _number(url)
    if here is None:
        following = [one for one in turns if one.says == 2] or [one for one in turns if one.says == 0]
    else:
        following = sorted((one for one in turns if one.number > here), key=lambda one: one.number)
    return following[0].address if following else ""


def _turns(root: HtmlElement, url: str, origin: str) -> Iterator[_Turn]:
    """Return the links of a page's pager: those that say a number or "next" and lead to the same list."""
    for one in root.iter("a"):
        text = clean(" ".join(islice(one.itertext(), 8)))[:40]
        told = (text, one.get("title") or "", one.get("aria-label") or "")
        if not text.isdecimal() and not any(_NEXT.match(clean(said)) for said in told):
            continue
        address = urls.clean(one.get("href") or "", origin)
        number = _number(address)
        same_list = urls.site(address) == urls.site(url) and _stem(address) == _stem(url)
        if same_list and number is not None and urls.key(address) != urls.key(url):
            yield _Turn(address, int(text) if text.isdecimal() else 0, number)


def _number(address: str) -> int | None:
    """Return which page of a list an address asks for, None where it does not say."""
    found = _NUMBER.search(address)
    return int(found["page"]) if found else None


def _stem(address: str) -> tuple[str, frozenset[tuple[str, str]]]:
    """Return what the pages of one list share: path and parameters without number and ending."""
    parts = urlsplit(_NUMBER.sub(lambda found: found[0][0] if found[0][0] in "?&" else "", address))
    path = re.sub(r"(?:/index)?(?:\.\w{2,5})?/?$", "", parts.path).lower()
    return path, frozenset(pair for pair in parse_qsl(parts.query) if not pair[0].startswith("p_p_"))
