"""Answers of several pages, turned by buttons below them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from monitor.bot.asking import Asking
from monitor.models import Choice, Reply

_LONGEST_DATA = 64  # bytes that Telegram sends back when a button is pressed
_Item = TypeVar("_Item")


def leaf(items: Sequence[_Item], page: int, size: int) -> tuple[Sequence[_Item], int, int]:
    """Return the items of a page (from 1; one beyond the ends is the nearest), its number, and how many there are."""
    pages = max(1, -(-len(items) // size))
    page = min(max(page, 1), pages)
    return items[(page - 1) * size : page * size], page, pages


def buttons(prefix: str, rest: str, page: int, pages: int) -> tuple[tuple[Choice, ...], ...]:
    """Return a row of buttons to the pages before and behind; their data is "prefix:page:rest"."""
    turns = (("‹ Trước", page - 1), ("Sau ›", page + 1))
    row = tuple(Choice(label, data(prefix, to, rest)) for label, to in turns if 1 <= to <= pages)
    return (row,) if row else ()


def data(prefix: str, page: int, rest: str) -> str:
    """Return what a button sends back."""
    return f"{prefix}:{page}:{rest}"


def fits(prefix: str, rest: str) -> bool:
    """Tell whether a button can send this back, on any page."""
    return len(data(prefix, 99, rest).encode()) <= _LONGEST_DATA


def turned(answer: Callable[[Asking, str, int], list[Reply]]) -> Callable[[Asking, str], list[Reply]]:
    """Return what such a button answers, given "page:rest", from what answers `rest` on a page."""

    def turn(asking: Asking, behind: str) -> list[Reply]:
        page, _, rest = behind.partition(":")
        return answer(asking, rest, int(page) if page.isascii() and page.isdigit() else 1)

    return turn
