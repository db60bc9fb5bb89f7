"""What robots.txt of each site allows, asked once a day (RFC 9309)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Protocol, TypeVar

import httpx
from protego import Protego

from monitor.errors import FetchError, StoreError

PROGRAM = "diembao"
LARGEST = 524_288  # bytes that are read; RFC 9309 asks for 500 KiB at least
_FRESH = timedelta(hours=24)
_AGAIN = timedelta(minutes=10)  # after a robots.txt that could not be read
_LONGEST_DELAY = 30.0  # seconds; a longer crawl-delay would leave a site unread
_ROOM = 2_000_000  # letters of texts whose rules are held in memory: they take up to twenty times as much
_KEPT = 32_768  # letters of a text that is worth keeping: few are longer, and those are asked for again
_SITEMAPS = 100
_LEAST = 500  # letters, as which the shortest counts
T = TypeVar("T")


class Book(Protocol):
    """Where the texts are kept between two runs, so that a run of a minute does not ask again."""

    def recall(self, origin: str) -> tuple[str, datetime] | None:
        """Return the text and when it was fetched, None when it is not known."""

    def keep(self, origin: str, text: str, at: datetime) -> None:
        """Keep a text that was fetched just now."""


class Loose:
    """A book that lasts as long as the program."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[str, datetime]] = {}

    def recall(self, origin: str) -> tuple[str, datetime] | None:
        """Return the text and when it was fetched."""
        return self._texts.get(origin)

    def keep(self, origin: str, text: str, at: datetime) -> None:
        """Keep a text; the oldest go when they are too much."""
        self._texts[origin] = (text, at)
        _shorten({name: len(text) for name, (text, _) in self._texts.items()}, self._texts)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one site until a time: its rules, or why they could not be read."""

    until: datetime
    rules: Protego | None = None
    fault: str = ""
    size: int = 0


class Robots:
    """The rules of every site that was asked."""

    def __init__(self, fetch: Callable[[str], Awaitable[str]], book: Book, clock: Callable[[], datetime]) -> None:
        """Take `fetch`: returns the text at an address, "" where there is none; raises FetchError when it may pass."""
        self._fetch, self._book, self._clock = fetch, book, clock
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, asyncio.Task[_Known]] = {}

    async def check(self, url: httpx.URL) -> float:
        """Return the pause that a site asks for, in seconds; raises FetchError where it refuses."""
        known = await self._of(url)
        if known.rules is None:
            left = (known.until - self._clock()).total_seconds()
            raise FetchError(known.fault, retry_after=max(left, 1.0))
        if not known.rules.can_fetch(str(url), PROGRAM):
            raise FetchError(f"robots.txt of {url.host} asks programs not to visit {url.raw_path.decode()[:200]}")
        return min(known.rules.crawl_delay(PROGRAM) or 0.0, _LONGEST_DELAY)

    async def sitemaps(self, url: httpx.URL) -> list[str]:
        """Return the sitemaps that a site names, as it writes them; none where its rules cannot be read."""
        rules = (await self._of(url)).rules
        return list(islice(rules.sitemaps, _SITEMAPS)) if rules else []

    async def _of(self, url: httpx.URL) -> _Known:
        """Return what is known of a site; two that ask at once wait for one answer."""
        origin, now = _origin(url), self._clock()
        known = self._known.get(origin)
        if known and now < known.until <= now + _FRESH:
            return known
        task = self._asking.get(origin)
        if task is None:
            task = self._asking[origin] = asyncio.create_task(self._ask(origin, now))
            task.add_done_callback(lambda _: self._asking.pop(origin, None))
        known = self._known[origin] = await asyncio.shield(task)
        _shorten({name: one.size for name, one in self._known.items()}, self._known)
        return known

    async def _ask(self, origin: str, now: datetime) -> _Known:
        kept = self._recalled(origin)
        if kept and now - _FRESH < kept[1] <= now:
            return _read(kept[0], kept[1] + _FRESH)
        try:
            text = await self._fetch(f"{origin}/robots.txt")
        except FetchError as fault:
            if kept:  # what it said before still holds while it cannot be asked
                return _read(kept[0], now + _AGAIN)
            return _Known(now + _AGAIN, fault=str(fault))
        if len(text) <= _KEPT:
            with suppress(StoreError):  # it is asked for again then
                self._book.keep(origin, text, now)
        return _read(text, now + _FRESH)

    def _recalled(self, origin: str) -> tuple[str, datetime] | None:
        """Return what the book says; one that cannot be read says nothing: a full disk stops no visit."""
        try:
            return self._book.recall(origin)
        except StoreError:
            return None


def _read(text: str, until: datetime) -> _Known:
    return _Known(until, Protego.parse(text), size=len(text))


def _shorten(sizes: Mapping[str, int], held: MutableMapping[str, T]) -> None:
    """Let the oldest go until the rest takes no more than there is room for; a short one takes some too."""
    total = sum(sizes.values()) + _LEAST * len(sizes)
    for name, size in sizes.items():
        if total <= _ROOM:
            return
        del held[name]
        total -= size + _LEAST


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
