"""Who may be asked when: one request at a time, a pause after each, and the waits that hosts ask for."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from monitor.errors import FetchError

_LONGEST = 86_400.0  # seconds: no host silences a source for more than a day
_USUAL = 300.0  # after "too many requests" without a time
_MANY = 4096  # lanes, before those that nobody needs are forgotten


class Machines(Protocol):
    """What the processes that visit the web together know of each other's visits."""

    def reserve(self, address: str, pause: float) -> float:
        """Take a machine's next free instant, and `pause` seconds after it; returns in how many seconds it is."""


@dataclass
class _Lane:
    """One host or address: when it is free again, and until when it asked to be left alone."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0
    closed_until: float = 0.0


class Lanes:
    """One request at a time for each key, and a pause after it; times are those of the event loop."""

    def __init__(self) -> None:
        self._lanes: defaultdict[str, _Lane] = defaultdict(_Lane)

    @asynccontextmanager
    async def turn(self, key: str, pause: float) -> AsyncIterator[None]:
        """Wait for a turn, then hold it; raises FetchError for a host that is to be left alone."""
        self._forget()
        lane, loop = self._lanes[key], asyncio.get_running_loop()
        lane.users += 1
        try:
            async with lane.lock:
                left = lane.closed_until - loop.time()
                if left > 0:
                    raise FetchError(f"{key} asked to be left alone for {_told(left)}", retry_after=left)
                await asyncio.sleep(max(0.0, lane.free_at - loop.time()))
                try:
                    yield
                finally:
                    lane.free_at = loop.time() + pause
        finally:
            lane.users -= 1

    def close(self, key: str, seconds: float) -> None:
        """Leave a host alone for a while."""
        lane = self._lanes[key]
        lane.closed_until = max(lane.closed_until, asyncio.get_running_loop().time() + seconds)

    def _forget(self) -> None:
        """Drop the lanes that mean nothing: pages lead to ever other hosts."""
        if len(self._lanes) < _MANY:
            return
        now = asyncio.get_running_loop().time()
        idle = [key for key, one in self._lanes.items() if not one.users and max(one.free_at, one.closed_until) < now]
        for key in idle:
            del self._lanes[key]


def wait_of(status: int, retry_after: str, date: str) -> float | None:
    """Return the seconds that an answer asks to wait, None when it asks for nothing.

    `retry_after` and `date` are the headers as they came, "" where there is none. Up to a fifth
    more, so that not all come back in one second; a day at most, whatever it says.
    """
    if status not in {429, 503}:
        return None
    asked = _seconds(retry_after.strip(), date)
    if asked is None:
        asked = _USUAL if status == 429 else None
    return None if asked is None else min(asked * random.uniform(1.0, 1.2), _LONGEST)  # noqa: S311 - no secret


def _seconds(said: str, date: str) -> float | None:
    """Return what Retry-After says: seconds, or a date held against the server's own clock."""
    if said.isascii() and said.isdecimal():
        return float(said) if len(said) < 7 else _LONGEST
    try:
        until = parsedate_to_datetime(said)
        since = parsedate_to_datetime(date) if date else datetime.now(UTC)
        return max(0.0, (until - since).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _told(seconds: float) -> str:
    return (
        f"{seconds / 3600:.0f} h"
        if seconds > 5400
        else f"{seconds / 60:.0f} min"
        if seconds > 90
        else f"{seconds:.0f} s"
    )
