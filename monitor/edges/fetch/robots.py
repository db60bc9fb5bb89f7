"""What robots.txt of each site allows, asked once a day (RFC 9309)."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import httpx
from protego import Protego

from monitor.errors import FetchError, StoreError

PROGRAM = "diembao"
LARGEST = 524_288  # bytes that are read; RFC 9309 asks for 500 KiB at least
_FRESH = timedelta(hours=24)
_AGAIN = timedelta(minutes=10)  # after a robots.txt that could not be read
_LONGEST_DELAY = 30.0  # seconds; a longer crawl-delay would leave a site unread
_MANY = 2048  # sites whose rules are held in memory


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
        """Keep a text; the oldest goes when there are many."""
        self._texts[origin] = (text, at)
        if len(self._texts) > _MANY:
            del self._texts[next(iter(self._texts))]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one site until a time: its rules, or why they could not be read."""

    until: datetime
    rules: Protego | None = None
    fault: str = ""


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

    async def text(self, url: httpx.URL) -> str:
        """Return a site's robots.txt as it came, "" where there is none."""
        await self._of(url)
        kept = self._recalled(_origin(url))
        return kept[0] if kept else ""

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
        if len(self._known) > _MANY:
            del self._known[next(iter(self._known))]
        return known

    async def _ask(self, origin: str, now: datetime) -> _Known:
        kept = self._recalled(origin)
        if kept and now - _FRESH < kept[1] <= now:
            return _Known(kept[1] + _FRESH, Protego.parse(kept[0]))
        try:
            text = await self._fetch(f"{origin}/robots.txt")
        except FetchError as fault:
            if kept:  # what it said before still holds while it cannot be asked
                return _Known(now + _AGAIN, Protego.parse(kept[0]))
            return _Known(now + _AGAIN, fault=str(fault))
        with suppress(StoreError):  # it is asked for again then
            self._book.keep(origin, text, now)
        return _Known(now + _FRESH, Protego.parse(text))

    def _recalled(self, origin: str) -> tuple[str, datetime] | None:
        """Return what the book says; one that cannot be read says nothing: a full disk stops no visit."""
        try:
            return self._book.recall(origin)
        except StoreError:
            return None


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
