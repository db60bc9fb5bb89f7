"""Where a listing continues: the address of its next page."""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from monitor import urls
from monitor.scrape.discover.anchors import start_of
from monitor.vietnamese import clean

_NUMBER = re.compile(
    r"(?:[?&](?:page|p|trang|paged|pg|page_?index|page_?no|page_?number|pageid)=|/(?:page|trang|p)[-/]?|-(?:trang|page|p)-?)"
    r"(?P<page>\d{1,5})(?=$|[/&.#])",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^(?:[›»>→]+|trang (?:sau|tiếp|kế)(?: theo)?|sau|tiếp(?: theo)?|next(?: page)?|xem thêm|(?:bài )?cũ hơn|"
    r"older(?: posts)?)[\s›»>→.]*$",
    re.IGNORECASE,
)


def next_page(root: HtmlElement, url: str) -> str:
    """Return the address of the page after this one, "" when the page names none."""
    origin, here = start_of(root, url), number_of(url)
    marked = [one for one in root.iter("link", "a") if "next" in (one.get("rel") or "").lower().split()]
    for one in (*marked, *_said(root, here)):
        address = urls.clean(one.get("href") or "", origin)
        here_too = bool(address) and urls.site(address) == urls.site(url) and urls.key(address) != urls.key(url)
        if here_too and (one in marked or _continues(address, url, here)):
            return address
    return ""


def number_of(address: str) -> int:
    """Return which page of a list an address asks for, 1 where it does not say."""
    found = _NUMBER.search(address)
    return int(found["page"]) if found else 1


def _said(root: HtmlElement, here: int) -> Iterator[HtmlElement]:
    """Return the links that say the next number, then those that say "next"."""
    links = [(one, clean(" ".join(islice(one.itertext(), 8)))[:40]) for one in root.iter("a")]
    yield from (one for one, text in links if text == str(here + 1))
    for one, text in links:
        told = (text, one.get("title") or "", one.get("aria-label") or "")
        if any(_NEXT.match(clean(said)) for said in told):
            yield one


def _continues(address: str, url: str, here: int) -> bool:
    """Tell whether an address is the list at `url`, one page on: its own path, and the next number in it."""
    number = number_of(address)
    if number > 1:
        return number == here + 1 and _stem(address) == _stem(url)
    same_path = urlsplit(address).path == urlsplit(url).path  # Joomla's ?start=20, a number of its own
    return same_path and any(value.isdecimal() for _, value in parse_qsl(urlsplit(address).query))


def _stem(address: str) -> str:
    """Return the path of a list without its page number and ending."""
    path = urlsplit(_NUMBER.sub("", address)).path
    return re.sub(r"(?:/index)?(?:\.\w{2,5})?/?$", "", path).lower()
