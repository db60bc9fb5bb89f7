"""The door itself: one page, as robots.txt allows, unless it has not changed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self

import httpcore
import httpx

from monitor import __version__, urls
from monitor.edges.fetch import robots
from monitor.edges.fetch.addresses import Resolve, look_up
from monitor.edges.fetch.faults import FAULTS, TooFarError, words
from monitor.edges.fetch.manners import Machines
from monitor.edges.fetch.visits import Errand, Reply, Rules, Visits
from monitor.errors import FetchError
from monitor.models import Memory, Page

_ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5"


class Web:
    """Visits pages: one request at a time and a pause for each host and machine, one deadline per page."""

    def __init__(  # noqa: PLR0913 - each a setting, all given by name
        self,
        *,
        pause: float,
        timeout: float,
        largest: int,
        contact: str = "",
        allow_private: bool = False,
        rules: Rules | None = None,
        book: robots.Book | None = None,
        machines: Machines | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolve: Resolve = look_up,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        """Take `pause` and `timeout` in seconds, `largest` in bytes after decompression.

        `book` keeps what robots.txt said, `machines` the pause between visits of several processes.
        `resolve` and `network` are the system's unless others are given.
        """
        self._largest = largest
        self._robots = robots.Robots(self._robots_text, book or robots.Loose(), clock)
        about = f"; {contact}" if contact else ""
        headers = {
            "user-agent": f"{robots.PROGRAM}/{__version__} (news monitor{about})",
            "accept": _ACCEPT,
            "accept-language": "vi,en;q=0.3",
            "accept-encoding": "gzip, deflate",
            "connection": "close",
        }
        network = network or httpcore.AnyIOBackend()
        rules = rules or Rules()
        self._visits = Visits(pause, timeout, allow_private, resolve, network, headers, rules, machines)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is held open between two visits."""

    @property
    def rules(self) -> Rules:
        """What the operator decided; may be replaced while pages are visited."""
        return self._visits.rules

    @rules.setter
    def rules(self, rules: Rules) -> None:
        self._visits.rules = rules

    async def get(self, url: str, memory: Memory | None = None) -> Page | None:
        """Fetch one address; None when it has not changed since `memory` was kept.

        Raises FetchError with the reason in a few words.
        """
        known = memory or Memory()
        conditions = {"if-none-match": known.etag, "if-modified-since": known.last_modified}
        conditions = {name: value for name, value in conditions.items() if value}
        reply = await self._visits.visit(url, Errand(self._largest, conditions, leave=self._leave))
        if reply.status == 304 and conditions:
            return None
        if reply.status != 200:
            raise reply.fault
        return Page(
            url=urls.clean(str(reply.url)) or url,
            content=reply.content,
            content_type=reply.headers.get("content-type", "")[:200],
            etag=_validator(reply, "etag"),
            last_modified=_validator(reply, "last-modified"),
            fresh_for=_fresh_for(reply.headers.get("cache-control", "")[:300].lower()),
        )

    async def sitemaps(self, url: str) -> list[str]:
        """Return the sitemaps that robots.txt of an address's site names; raises FetchError."""
        try:
            return await self._robots.sitemaps(httpx.URL(url))
        except FAULTS as fault:
            raise FetchError(words(fault)) from fault

    async def _leave(self, url: httpx.URL) -> float:
        """Return the pause that a host wishes; raises FetchError where robots.txt refuses."""
        return 0.0 if urls.site(str(url)) in self.rules.unasked else await self._robots.check(url)

    async def _robots_text(self, url: str) -> str:
        """Return a robots.txt; refused or missing means that there are no rules. Raises FetchError."""
        try:
            reply = await self._visits.visit(url, Errand(robots.LARGEST, cut=True))
        except TooFarError:
            return ""
        if reply.status == 200:
            return reply.content.decode("utf-8", "replace")
        if 400 <= reply.status < 500 and reply.status != 429:
            return ""
        raise FetchError(f"robots.txt cannot be read ({reply.fault}); the host is left alone for now")


def _fresh_for(said: str) -> int:
    """Return how many seconds an answer may be kept by its Cache-Control; 0 where that is forbidden or not said."""
    found = re.search(r"\bmax-age=(\d{1,9})\b", said)
    return int(found[1]) if found and "no-cache" not in said and "no-store" not in said else 0


def _validator(reply: Reply, name: str) -> str:
    """Return a validator that can be sent back as it came."""
    value: str = reply.headers.get(name, "")
    return value if value.isascii() and value.isprintable() and len(value) < 300 else ""
