"""The only door to the web: one polite, bounded GET that never reaches into the local network.

What is guarded against, with the figures that led to it, is in docs/fetching.md.
"""

import asyncio
import socket
import ssl
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Self

import httpx

from monitor import __version__, urls
from monitor.errors import FetchError
from monitor.models import Memory, Page

_REDIRECTS = 5
_ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5"
# not public, though Python 3.11's is_global says so of some; NAT64 and 6to4 reach IPv4 inside
_CLOSED = [
    ip_network(text)
    for text in (
        "100.64.0.0/10 192.0.0.0/24 192.88.99.0/24 224.0.0.0/4 240.0.0.0/4 ::/96 ::ffff:0:0:0/96 64:ff9b::/96 "
        "64:ff9b:1::/48 2001::/23 2002::/16 3fff::/20 5f00::/16 fec0::/10 ff00::/8"
    ).split()
]


def is_public(address: str) -> bool:
    """Tell whether a literal address belongs to the public internet."""
    ip: IPv4Address | IPv6Address = ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not any(ip.version == net.version and ip in net for net in _CLOSED)


class CheckedTransport(httpx.AsyncBaseTransport):
    """Resolves a host once, refuses addresses that are not public, dials the one it checked.

    Each hop of a redirect passes through here. The certificate is still held against the
    host's name. Connections are not kept: two hosts at one address must not share one.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._inner = httpx.AsyncHTTPTransport(
            trust_env=False, limits=httpx.Limits(max_connections=100, max_keepalive_connections=0)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to a checked address; the next address is tried if one refuses."""
        addresses = await self._addresses(request.url)
        for place, address in enumerate(addresses, start=1):
            dialled = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": request.url.host},
            )
            try:
                return await self._inner.handle_async_request(dialled)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if place == len(addresses):
                    raise
        raise FetchError("the host name has no address")

    async def _addresses(self, url: httpx.URL) -> list[str]:
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as fault:
            raise FetchError(f"the host name {url.host} is not known") from fault
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        closed = [address for address in addresses if not is_public(address)]
        if closed and not self._allow_private:
            raise FetchError(f"{url.host} leads into a local network ({closed[0]}); refused")
        return addresses[:4]

    async def aclose(self) -> None:
        """Close what is open."""
        await self._inner.aclose()


class Web:
    """Visits pages: one request at a time and a pause per host, one deadline per answer."""

    def __init__(
        self,
        *,
        pause: float,
        timeout: float,
        largest: int,
        contact: str = "",
        allow_private: bool = False,
    ) -> None:
        """Take `pause` and `timeout` in seconds, `largest` in bytes after decompression."""
        self._pause, self._timeout, self._largest = pause, timeout, largest
        self._hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free_at: dict[str, float] = {}
        about = f"; {contact}" if contact else ""
        self._client = httpx.AsyncClient(
            transport=CheckedTransport(allow_private=allow_private),
            headers={
                "user-agent": f"diembao/{__version__} (news monitor{about})",
                "accept": _ACCEPT,
                "accept-language": "vi,en;q=0.3",
                "accept-encoding": "gzip, deflate",
            },
            follow_redirects=True,
            max_redirects=_REDIRECTS,
            timeout=httpx.Timeout(timeout, connect=min(10.0, timeout)),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def get(self, url: str, memory: Memory | None = None) -> Page | None:
        """Fetch one address; None when it has not changed since `memory` was kept.

        Raises FetchError with the reason in a few words.
        """
        host = urls.host(url)
        loop = asyncio.get_running_loop()
        async with self._hosts[host]:
            await asyncio.sleep(max(0.0, self._free_at.get(host, 0.0) - loop.time()))
            try:
                async with asyncio.timeout(self._timeout):
                    return await self._get(url, memory or Memory())
            except TimeoutError:
                raise FetchError(f"no complete answer within {self._timeout:g} s") from None
            except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, ValueError, ExceptionGroup) as fault:
                raise FetchError(_words(fault)) from fault
            finally:
                self._client.cookies.clear()
                self._free_at[host] = loop.time() + self._pause

    async def _get(self, url: str, memory: Memory) -> Page | None:
        conditions = {"if-none-match": memory.etag, "if-modified-since": memory.last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        async with self._client.stream("GET", url, headers=headers) as response:
            if response.status_code == 304 and headers:
                return None
            if response.status_code != 200:
                gone = response.status_code in {404, 410}
                raise FetchError(f"{response.status_code} {response.reason_phrase}".strip(), gone=gone)
            content = await self._body(response)
            return Page(
                url=urls.clean(str(response.url)) or url,
                content=content,
                content_type=response.headers.get("content-type", "")[:200],
                etag=_validator(response, "etag"),
                last_modified=_validator(response, "last-modified"),
            )

    async def _body(self, response: httpx.Response) -> bytes:
        """Read an answer up to the cap, inflating step by step; cut-short answers are refused."""
        coding = response.headers.get("content-encoding", "identity").strip().lower() or "identity"
        if coding not in {"identity", "gzip", "x-gzip", "deflate"}:
            raise FetchError(f"the answer is packed in an unknown way ({coding[:20]})")
        parts, size = [], 0
        async for part in self._inflated(response.aiter_raw(65536), coding):
            size += len(part)
            if size > self._largest:
                raise FetchError(f"the answer is larger than {self._largest:,} bytes")
            parts.append(part)
        return b"".join(parts)

    async def _inflated(self, raw: AsyncIterator[bytes], coding: str) -> AsyncIterator[bytes]:
        """Return the plain bytes of an answer, never more than the cap at once."""
        if coding == "identity":
            async for part in raw:
                yield part
            return
        inflater, first = zlib.decompressobj(wbits=47), True
        try:
            async for part in raw:
                if first and coding == "deflate" and part[:1] != b"\x78":
                    inflater = zlib.decompressobj(wbits=-15)  # deflate without its header
                first = False
                while part:
                    yield inflater.decompress(part, self._largest + 1)
                    if inflater.unconsumed_tail:
                        raise FetchError(f"the answer is larger than {self._largest:,} bytes")
                    part = inflater.unused_data.lstrip(b"\x00")  # a further gzip member  # noqa: PLW2901
                    if part:
                        inflater = zlib.decompressobj(wbits=31)
        except zlib.error as fault:
            raise FetchError(f"the packed answer is broken ({fault})") from fault
        if not inflater.eof:
            raise FetchError("the answer was cut short")


def _validator(response: httpx.Response, name: str) -> str:
    """Return a validator that can be sent back as it came."""
    value: str = response.headers.get(name, "")
    return value if value.isascii() and value.isprintable() and len(value) < 300 else ""


def _words(fault: BaseException) -> str:
    """Return a network fault as a person would say it."""
    if isinstance(fault, ExceptionGroup):
        return _words(fault.exceptions[0])
    text = str(fault)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return f"certificate not trusted: {text.rsplit(': ', 1)[-1].split(' (_ssl', maxsplit=1)[0]}"
    if isinstance(fault, httpx.TooManyRedirects):
        return f"more than {_REDIRECTS} redirects"
    if isinstance(fault, httpx.ConnectError):
        return "connection refused" if "All connection attempts failed" in text else f"no connection: {text}"
    if isinstance(fault, httpx.RemoteProtocolError):
        return f"the connection broke off: {text}"
    if isinstance(fault, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(fault, ValueError):
        return "an address that cannot be visited"
    return f"{type(fault).__name__}: {text}"[:200]
