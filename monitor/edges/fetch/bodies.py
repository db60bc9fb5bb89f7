"""An answer's body, read up to a cap and inflated step by step."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx

from monitor.errors import FetchError

_SMALL = 500_000  # bytes that any answer may hold in memory; more needs a place
_STEP = 65_536  # bytes that are inflated at once
_PIECES = 20_000  # chunks or gzip members; each costs some 20 µs, however little it holds
_CODINGS = {"identity", "gzip", "x-gzip", "deflate"}


async def body(response: httpx.Response, largest: int, places: asyncio.Semaphore, *, cut: bool = False) -> bytes:
    """Return the plain bytes of an answer; one that ends too early is refused.

    What comes in very many pieces is refused too; what is larger than `largest` likewise, or `cut`
    there. A large answer waits for one of the `places`. Raises FetchError.
    """
    coding = response.headers.get("content-encoding", "").strip().lower() or "identity"
    if coding not in _CODINGS:
        shown = "".join(c if " " <= c <= "~" else "?" for c in coding[:20])
        raise FetchError(f"the answer is packed in an unknown way ({shown})")
    content, held, pieces = bytearray(), AsyncExitStack(), 0
    async with held:
        async for part in _inflated(response.aiter_raw(), coding):
            pieces += 1
            if pieces > _PIECES:
                raise FetchError(f"the answer comes in more than {_PIECES:,} pieces")
            if len(content) <= _SMALL < len(content) + len(part):
                await held.enter_async_context(places)
            content += part
            if len(content) > largest:
                if cut:
                    return bytes(content[:largest])
                raise FetchError(f"the answer is larger than {largest:,} bytes")
        return bytes(content)


async def _inflated(raw: AsyncIterator[bytes], coding: str) -> AsyncIterator[bytes]:
    """Return the plain bytes of an answer in pieces, so few at a time that a bomb finds a place before it is large."""
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
            rest = part
            while rest:
                yield inflater.decompress(rest, _STEP)
                rest = inflater.unconsumed_tail
                if inflater.eof:
                    rest = inflater.unused_data.lstrip(b"\x00")  # a further gzip member
                    inflater = zlib.decompressobj(wbits=31) if rest else inflater
    except zlib.error as fault:
        raise FetchError(f"the packed answer is broken ({fault})") from fault
    if not inflater.eof:
        raise FetchError("the answer was cut short")
