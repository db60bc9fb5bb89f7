"""The dates that a listing prints beside its links."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from monitor.scrape import dates, timestamps
from monitor.scrape.discover.numeric import are_the_visit
from monitor.vietnamese import clean

_FIGURE = re.compile(r"\d\d")
_CLIMB = 6  # elements above a link that may belong to its item
_STRINGS = 60  # of an item that are looked at
_WORDS = 28  # letters round a date: "Ngày đăng", "Thứ năm", "Lượt xem"


def dates_beside(links: Sequence[tuple[str, str, HtmlElement]], now: datetime) -> dict[str, datetime]:
    """Return the date printed in the item of each address; none when all are one clock.

    `links` are address, headline and element. An item is the largest element round a link in which
    no other of these addresses stands. A date within a headline or a sentence dates nothing.
    """
    owner: dict[HtmlElement, str | None] = {}
    for address, _, element in links:
        for above in _above(element):
            if owner.setdefault(above, address) != address:
                owner[above] = None
    found: dict[str, datetime] = {}
    for address, headline, element in links:
        if address in found:
            continue
        items = [above for above in _above(element) if owner[above] == address]
        if items and (moment := _printed(items[-1], headline, now)):
            found[address] = moment
    return {} if are_the_visit(list(found.values())) else found


def _above(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    for one in islice(element.iterancestors(), _CLIMB):
        if one.tag in {"body", "html", "main", "form"}:
            return
        yield one


def _printed(item: HtmlElement, headline: str, now: datetime) -> datetime | None:
    for marked in islice(item.iter("time"), 3):
        if moment := timestamps.read(marked.get("datetime") or "", now):
            return moment
    for part in islice(item.itertext(), _STRINGS):
        text = clean(part) if 8 <= len(part) <= 200 and _FIGURE.search(part) else ""
        is_date = sum(map(str.isalpha, text)) <= _WORDS and text not in headline and dates.is_line(text)
        if is_date and (moment := dates.line(text, now)):
            return moment
    return None
