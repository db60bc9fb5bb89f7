"""Visiting one address: hop by hop, each checked, each in its turn, all within one deadline."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

import httpcore
import httpx

from monitor import __version__, urls
from monitor.edges.fetch import robots
from monitor.edges.fetch.addresses import Resolve, checked, look_up
from monitor.edges.fetch.bodies import body
from monitor.edges.fetch.certificates import Certificates
from monitor.edges.fetch.manners import Lanes, wait_of
from monitor.edges.fetch.wire import answer
from monitor.errors import FetchError
from monitor.models import Memory, Page

_REDIRECTS = 5
_AT_ONCE = 32  # answers that are read side by side: each may hold the largest one in memory
_ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5"
_PORTS = frozenset({80, 443})
_DEFAULT_PORT = {"http": 80, "https": 443}
_FAULTS = (
    httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, httpcore.UnsupportedProtocol,
    httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError, ExceptionGroup,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator decided about some hosts, each as `urls.site` names it, and about ports.

    `unverified` hosts are visited whatever their certificate, `unasked` ones without their
    robots.txt; `ports` are visited besides 80 and 443.
    """

    unverified: frozenset[str] = frozenset()
    unasked: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset()


@dataclass
class _Budget:
    """The seconds that a visit may still take; waiting for a turn costs none."""

    left: float

    @asynccontextmanager
    async def spend(self) -> AsyncIterator[None]:
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self.left):
                yield
        finally:
            self.left -= asyncio.get_running_loop().time() - began


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer that was read whole; `leads_to` is where a redirect points."""

    url: httpx.URL
    status: int
    reason: str
    headers: httpx.Headers
    content: bytes = b""
    leads_to: str = ""
    wait: float | None = None

    @property
    def fault(self) -> FetchError:
        """Why this is no page."""
        said = f"{self.status} {self.reason}".strip()
        return FetchError(said, gone=self.status in {404, 410}, retry_after=self.wait)


class Web:
    """Visits pages: one request at a time and a pause for each host and address, one deadline per page."""

    def __init__(  # noqa: PLR0913 - each a setting, all given by name
        self,
        *,
        pause: float,
        timeout: float,
        largest: int,
        contact: str = "",
        allow_private: bool = False,
        rules: Rules = Rules(),
        book: robots.Book | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolve: Resolve = look_up,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        """Take `pause` and `timeout` in seconds, `largest` in bytes after decompression.

        `rules` may be replaced while pages are visited. `book` keeps what robots.txt said.
        `resolve` and `network` are the system's unless others are given.
        """
        self.rules = rules
        self._pause, self._timeout, self._largest = pause, timeout, largest
        self._allow_private, self._resolve = allow_private, resolve
        self._network = network or httpcore.AnyIOBackend()
        self._hosts, self._addresses, self._places = Lanes(), Lanes(), asyncio.Semaphore(_AT_ONCE)
        self._robots = robots.Robots(self._robots_text, book or robots.Loose(), clock)
        self._certificates = Certificates()
        about = f"; {contact}" if contact else ""
        self._headers = {
            "user-agent": f"{robots.PROGRAM}/{__version__} (news monitor{about})",
            "accept": _ACCEPT,
            "accept-language": "vi,en;q=0.3",
            "accept-encoding": "gzip, deflate",
            "connection": "close",
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is held open between two visits."""

    async def get(self, url: str, memory: Memory | None = None) -> Page | None:
        """Fetch one address; None when it has not changed since `memory` was kept.

        Raises FetchError with the reason in a few words.
        """
        known = memory or Memory()
        conditions = {"if-none-match": known.etag, "if-modified-since": known.last_modified}
        conditions = {name: value for name, value in conditions.items() if value}
        reply = await self._visit(url, self._largest, conditions, obeying=True)
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
        )

    async def robots(self, url: str) -> str:
        """Return robots.txt of an address's site, "" where there is none; raises FetchError."""
        return await self._robots.text(httpx.URL(url))

    async def _robots_text(self, url: str) -> str:
        """Return a robots.txt; refused or missing means that there are no rules. Raises FetchError."""
        try:
            reply = await self._visit(url, robots.LARGEST, {}, obeying=False)
        except _TooFarError:
            return ""
        if reply.status == 200:
            return reply.content.decode("utf-8", "replace")
        if 400 <= reply.status < 500 and reply.status != 429:
            return ""
        raise FetchError(f"robots.txt cannot be read ({reply.fault}); the host is left alone for now")

    async def _visit(self, url: str, largest: int, more: Mapping[str, str], *, obeying: bool) -> _Reply:
        """Follow an address to its answer; raises FetchError."""
        budget, target = _Budget(self._timeout), url
        try:
            for _ in range(_REDIRECTS + 1):
                reply = await self._hop(self._checked(target), largest, more, budget, obeying=obeying)
                if not reply.leads_to:
                    return reply
                target = str(reply.url.join(reply.leads_to))
        except TimeoutError:
            raise FetchError(f"no complete answer within {self._timeout:g} s") from None
        except _FAULTS as fault:
            raise FetchError(_words(fault)) from fault
        raise _TooFarError(f"more than {_REDIRECTS} redirects")

    def _checked(self, address: str) -> httpx.URL:
        """Return an address that may be visited; raises FetchError and httpx.InvalidURL."""
        url = httpx.URL(address)
        if url.scheme not in _DEFAULT_PORT or not url.host:
            raise FetchError(f"leads to an address that is no web page ({address[:80]})")
        if url.userinfo:
            raise FetchError("leads to an address with a user name; refused")
        port = _port(url)
        if port not in _PORTS | self.rules.ports and not self._allow_private:
            raise FetchError(f"port {port} is not visited; only 80, 443 and those of `sources`")
        return url

    async def _hop(
        self, url: httpx.URL, largest: int, more: Mapping[str, str], budget: _Budget, *, obeying: bool
    ) -> _Reply:
        """Ask one address in its turn: first its host's, then its machine's."""
        asked = obeying and urls.site(str(url)) not in self.rules.unasked
        pause = max(self._pause, await self._robots.check(url) if asked else 0.0)
        host = f"{url.host}:{_port(url)}"
        async with self._hosts.turn(host, pause):
            async with budget.spend():
                addresses = await checked(self._resolve, url.host, _port(url), allow_private=self._allow_private)
            machine = self._addresses.turn(f"{addresses[0]}:{_port(url)}", self._pause)
            async with machine, self._places, budget.spend():
                reply = await self._ask(url, addresses, largest, more, cut=not obeying)
            if reply.wait is not None:
                self._hosts.close(host, reply.wait)
            return reply

    async def _ask(
        self, url: httpx.URL, addresses: list[str], largest: int, more: Mapping[str, str], *, cut: bool
    ) -> _Reply:
        request = httpx.Request("GET", url, headers={**self._headers, **more})
        context = self._certificates.context(verified=urls.site(str(url)) not in self.rules.unverified)
        async with answer(request, addresses, context, largest, self._network) as response:
            headers, status = response.headers, response.status_code
            content = await body(response, largest, cut=cut) if status == 200 else b""
            return _Reply(
                url, status, response.reason_phrase, headers, content,
                leads_to=headers.get("location", "") if response.has_redirect_location else "",
                wait=wait_of(status, headers.get("retry-after", ""), headers.get("date", "")),
            )  # fmt: skip


class _TooFarError(FetchError):
    """Redirects that do not end."""


def _port(url: httpx.URL) -> int:
    return url.port or _DEFAULT_PORT[url.scheme]


def _validator(reply: _Reply, name: str) -> str:
    """Return a validator that can be sent back as it came."""
    value: str = reply.headers.get(name, "")
    return value if value.isascii() and value.isprintable() and len(value) < 300 else ""


def _words(fault: BaseException) -> str:
    """Return a network fault as a person would say it."""
    if isinstance(fault, ExceptionGroup):
        return _words(fault.exceptions[0])
    text = str(fault)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return f"certificate not trusted: {text.rsplit(': ', 1)[-1].split(' (_ssl', maxsplit=1)[0]}"
    if isinstance(fault, httpcore.ConnectError):
        return "connection refused" if "All connection attempts failed" in text else f"no connection: {text[:200]}"
    if isinstance(fault, (httpcore.ProtocolError, httpcore.NetworkError)):
        return f"the connection broke off: {text[:200]}" if text else "the connection broke off"
    if isinstance(fault, httpcore.TimeoutException):
        return "no connection in time"
    if isinstance(fault, (ValueError, OverflowError, httpx.InvalidURL)):
        return "an address that cannot be visited"
    return f"{type(fault).__name__}: {text}"[:200]
