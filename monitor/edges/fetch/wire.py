"""One request on a connection of its own, to an address that was checked, in bounded memory.

Connections are not kept: two hosts at one address must not share one, and a site is asked once in
many minutes.
"""

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpcore
import httpx

from monitor.errors import FetchError

_HEADERS = 131_072  # bytes before the body begins, interim answers included: they may never end
_CONNECT = 7.0  # seconds for one address, before the next one is tried: all four fit into the usual deadline
_REFUSED = (httpcore.ConnectError, httpcore.ConnectTimeout)


class _Counted(httpcore.AsyncNetworkStream):
    """A stream of which no more than `left` bytes are read."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, left: int) -> None:
        self._stream, self.left = stream, left

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's own
        part = await self._stream.read(max_bytes, timeout)
        self.left -= len(part)
        if self.left < 0:
            raise FetchError("more is sent than an answer may hold")
        return part

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        return _Counted(await self._stream.start_tls(ssl_context, server_hostname, timeout), self.left)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own
        return self._stream.get_extra_info(info)


class _Network(httpcore.AsyncNetworkBackend):
    """A network for one connection, counted; closing it closes what is open, a handshake cut short too."""

    def __init__(self, network: httpcore.AsyncNetworkBackend) -> None:
        self._network = network
        self._streams: list[httpcore.AsyncNetworkStream] = []

    async def aclose(self) -> None:
        for stream in self._streams:
            await stream.aclose()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        *more: Any,  # noqa: ANN401 - httpcore's own, handed on
        **options: Any,  # noqa: ANN401
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._network.connect_tcp(host, port, *more, **options)
        self._streams.append(stream)
        return _Counted(stream, _HEADERS)


class _Body(httpx.AsyncByteStream):
    """The body's bytes as httpcore reads them off the wire."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - httpcore types it too widely
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part


async def certificate(
    host: str, port: int, address: str, context: ssl.SSLContext, network: httpcore.AsyncNetworkBackend
) -> bytes:
    """Return the certificate that a server shows (DER), whatever it is worth: nothing is sent to it."""
    wire = _Network(network)
    try:
        stream = await wire.connect_tcp(address, port, _CONNECT)
        secured = await stream.start_tls(context, host, _CONNECT)
        shown: bytes | None = secured.get_extra_info("ssl_object").getpeercert(binary_form=True)
    finally:
        await wire.aclose()
    return shown or b""


@asynccontextmanager
async def answer(
    request: httpx.Request,
    addresses: Sequence[str],
    context: ssl.SSLContext,
    largest: int,
    network: httpcore.AsyncNetworkBackend,
) -> AsyncIterator[httpx.Response]:
    """Send a request to the first of some literal addresses that takes it; the answer's body is still to be read.

    The certificate is held against the host's name, not the address. More than `largest` bytes of
    body are not read. Raises FetchError and what httpcore raises.
    """
    for place, address in enumerate(addresses, start=1):
        asked, wire = _asked(request, address), _Network(network)
        connection = httpcore.AsyncHTTPConnection(asked.url.origin, context, network_backend=wire)
        try:
            got = await connection.handle_async_request(asked)
            got.extensions["network_stream"].left = 2 * largest + _HEADERS  # chunks and headings take some
            yield httpx.Response(got.status, headers=got.headers, stream=_Body(got.stream), extensions=got.extensions)
        except _REFUSED:
            if place == len(addresses):
                raise
        else:
            return
        finally:
            await connection.aclose()
            await wire.aclose()


def _asked(request: httpx.Request, address: str) -> httpcore.Request:
    """Return a request as it is sent to a literal address of its host."""
    target = request.url
    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=target.raw_scheme, host=address, port=target.port, target=target.raw_path),
        headers=request.headers.raw,
        extensions={"sni_hostname": target.host, "timeout": {"connect": _CONNECT}},
    )
