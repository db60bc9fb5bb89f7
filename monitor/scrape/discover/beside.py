"""The dates that a listing prints beside its links."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bs4 import Tag
from bs4.element import NavigableString

from monitor.scrape import dates
from monitor.scrape.discover.numeric import are_the_visit
from monitor.vietnamese import clean

_CLIMB = 6  # elements above a link that may belong to its item
_STRINGS = 80  # of an item that are looked at


def dates_beside(links: Sequence[tuple[str, Tag]], now: datetime) -> dict[str, datetime]:
    """Return the date printed in the item of each address; none when all are one clock.

    An item is the largest element round a link in which no other of these addresses stands.
    """
    owner: dict[int, str | None] = {}
    for address, element in links:
        for above in _above(element):
            if owner.setdefault(id(above), address) != address:
                owner[id(above)] = None
    found: dict[str, datetime] = {}
    for address, element in links:
        if address in found:
            continue
        items = [above for above in _above(element) if owner[id(above)] == address]
        if items and (moment := _printed(items[-1], now)):
            found[address] = moment
    return {} if are_the_visit(list(found.values())) else found


def _above(element: Tag) -> Iterator[Tag]:
    yield element
    for number, one in enumerate(element.parents):
        if number >= _CLIMB or one.name in {"body", "html", "main", "form"}:
            return
        yield one


def _printed(item: Tag, now: datetime) -> datetime | None:
    for marked in item.find_all("time", limit=3):
        if moment := dates.machine(str(marked.get("datetime") or ""), now):
            return moment
    for number, part in enumerate(item.descendants):
        if number > _STRINGS:
            break
        text = clean(part) if type(part) is NavigableString else ""
        if 8 <= len(text) <= 60 and dates.is_line(text) and (moment := dates.line(text, now)):
            return moment
    return None
