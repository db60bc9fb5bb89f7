"""Visiting one address: hop by hop, each checked, each in its turn, all within one deadline."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpcore
import httpx

from monitor import urls
from monitor.edges.fetch.addresses import Resolve, checked
from monitor.edges.fetch.bodies import body
from monitor.edges.fetch.certificates import LARGEST, Certificates, is_incomplete, unverified
from monitor.edges.fetch.faults import FAULTS, IncompleteError, TooFarError, words
from monitor.edges.fetch.manners import Lanes, Machines, wait_of
from monitor.edges.fetch.wire import answer, certificate
from monitor.errors import FetchError, StoreError

_REDIRECTS = 5
_AT_ONCE, _LARGE_AT_ONCE = 32, 4  # answers that are read side by side; of those that take much memory
_PORTS = frozenset({80, 443})
_DEFAULT_PORT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator decided about some hosts, each as `urls.site` names it, and about ports.

    `unverified` hosts are visited whatever their certificate, `unasked` ones without their
    robots.txt; `ports` are visited besides 80 and 443.
    """

    unverified: frozenset[str] = frozenset()
    unasked: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Errand:
    """What is asked for: at most `largest` bytes, refused or `cut` beyond; `headers` beside the usual ones.

    `leave` is asked before each hop: it returns the pause that the host wishes, in seconds, or
    raises FetchError. Incomplete certificates are completed when `mending`.
    """

    largest: int
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    leave: Callable[[httpx.URL], Awaitable[float]] | None = None
    mending: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that was read whole: its content only with status 200.

    `leads_to` is where a redirect points, `wait` how many seconds the host asks for.
    """

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


@dataclass
class Visits:
    """Makes visits, `pause` seconds apart on each host and machine, `timeout` seconds long at most.

    `machines` keeps visits apart that other processes make.
    """

    pause: float
    timeout: float
    allow_private: bool
    resolve: Resolve
    network: httpcore.AsyncNetworkBackend
    headers: Mapping[str, str]
    rules: Rules = field(default_factory=Rules)
    machines: Machines | None = None

    def __post_init__(self) -> None:
        self._hosts, self._lanes, self._places = Lanes(), Lanes(), asyncio.Semaphore(_AT_ONCE)
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)
        self._certificates = Certificates(self._issuer)

    async def visit(self, url: str, errand: Errand) -> Reply:
        """Follow an address to its answer; raises FetchError."""
        budget, target = _Budget(self.timeout), url
        try:
            for _ in range(_REDIRECTS + 1):
                reply = await self._mended(self._checked(target), errand, budget)
                if not reply.leads_to:
                    return reply
                target = str(reply.url.join(reply.leads_to))
        except TimeoutError:
            raise FetchError(f"no complete answer within {self.timeout:g} s") from None
        except FAULTS as fault:
            raise FetchError(words(fault)) from fault
        raise TooFarError(f"more than {_REDIRECTS} redirects")

    def _checked(self, address: str) -> httpx.URL:
        """Return an address that may be visited; raises FetchError and httpx.InvalidURL."""
        url = httpx.URL(address)
        if url.scheme not in _DEFAULT_PORT or not url.host:
            raise FetchError(f"leads to an address that is no web page ({address[:80]})")
        if url.userinfo:
            raise FetchError("leads to an address with a user name; refused")
        if _port(url) not in _PORTS | self.rules.ports and not self.allow_private:
            raise FetchError(f"port {_port(url)} is not visited; only 80, 443 and those of `sources`")
        return url

    async def _mended(self, url: httpx.URL, errand: Errand, budget: _Budget) -> Reply:
        """Ask one address, and once more where its server's certificate could be completed meanwhile.

        That is done outside any turn: nobody who holds one waits for another's.
        """
        try:
            return await self._hop(url, errand, budget)
        except IncompleteError as fault:
            if not errand.mending or not await self._certificates.mend(url.host, fault.certificate):
                raise
        return await self._hop(url, errand, budget)

    async def _hop(self, url: httpx.URL, errand: Errand, budget: _Budget) -> Reply:
        """Ask one address in its turn: first its host's, then its machine's."""
        wished = await errand.leave(url) if errand.leave else 0.0
        host = f"{url.host}:{_port(url)}"
        async with self._hosts.turn(host, max(self.pause, wished)):
            addresses = await self._looked_up(url, budget)
            machine = f"{addresses[0]}:{_port(url)}"
            async with self._lanes.turn(machine, self.pause):
                await self._wait_for_others(machine)
                async with self._places, budget.spend():
                    reply = await self._ask(url, addresses, errand)
            if reply.wait is not None:
                self._hosts.close(host, reply.wait)
            return reply

    async def _looked_up(self, url: httpx.URL, budget: _Budget) -> list[str]:
        """Return where a host leads; a name server that does not answer is told from a host that does not."""
        try:
            async with budget.spend():
                return await checked(self.resolve, url.host, _port(url), allow_private=self.allow_private)
        except TimeoutError:
            raise FetchError(f"the host name {url.host[:100]} was not found within {self.timeout:g} s") from None

    async def _wait_for_others(self, machine: str) -> None:
        """Wait until no other process visits a machine; a store that cannot be asked stops no visit."""
        if self.machines and self.pause:
            with suppress(StoreError):
                await asyncio.sleep(self.machines.reserve(machine, self.pause))

    async def _ask(self, url: httpx.URL, addresses: Sequence[str], errand: Errand) -> Reply:
        context = self._certificates.context(url.host, verified=urls.site(str(url)) not in self.rules.unverified)
        try:
            return await self._answered(url, addresses, context, errand)
        except httpcore.ConnectError as fault:
            if not is_incomplete(fault):
                raise
            shown = await certificate(url.host, _port(url), addresses[0], unverified(), self.network)
            raise IncompleteError(words(fault), shown) from fault

    async def _answered(
        self, url: httpx.URL, addresses: Sequence[str], context: ssl.SSLContext, errand: Errand
    ) -> Reply:
        request = httpx.Request("GET", url, headers={**self.headers, **errand.headers})
        async with answer(request, addresses, context, errand.largest, self.network) as response:
            headers, status = response.headers, response.status_code
            content = await body(response, errand.largest, self._large, cut=errand.cut) if status == 200 else b""
            return Reply(
                url, status, response.reason_phrase, headers, content,
                leads_to=headers.get("location", "") if response.has_redirect_location else "",
                wait=wait_of(status, headers.get("retry-after", ""), headers.get("date", "")),
            )  # fmt: skip

    async def _issuer(self, url: str) -> bytes:
        """Return what an address of a certificate holds; raises FetchError."""
        reply = await self.visit(url, Errand(LARGEST, cut=True, mending=False))
        if reply.status != 200:
            raise reply.fault
        return reply.content


def _port(url: httpx.URL) -> int:
    return url.port or _DEFAULT_PORT[url.scheme]
