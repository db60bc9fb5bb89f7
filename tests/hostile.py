"""The far side of the network at its worst: one port for each way in which a server can hurt a visitor.

A behaviour is a coroutine of the stream to the visitor, or the bytes of its whole answer. All
answer robots.txt with 404, but for those whose robots.txt is the trouble.
"""

import asyncio
import gzip
import socket
import ssl
import struct
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe

import trustme

Write = asyncio.StreamWriter
Behaviour = bytes | Callable[[Write, str], Awaitable[None]]
PADDING = 30_000_000  # bytes that a bomb becomes


def answer(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    """Return a whole answer with its length."""
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers))
    return head.encode("latin-1") + b"\r\n\r\n" + body


def feed(*links: str, title: str = "Tin") -> bytes:
    """Return a feed of some links."""
    items = "".join(f"<item><title>{title} {link[-9:]}</title><link>{link}</link></item>" for link in links)
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()


_GOOD = feed("http://127.0.0.1:9/tin-mot-bai-bao-that-su-100001.html")
_CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
_OPEN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
_CAMPAIGN = b"<title>H</title><p>hoc tap va lam theo tu tuong, dao duc, phong cach Ho Chi Minh</p>"


def dripping(head: bytes, drop: bytes, seconds: float) -> Behaviour:
    """Send a beginning at once, then one drop after another, for ever."""

    async def drip(write: Write, _path: str) -> None:
        write.write(head)
        while True:
            write.write(drop)
            await write.drain()
            await asyncio.sleep(seconds)

    return drip


def packed(coding: str, pack: Callable[[bytes], bytes]) -> Callable[[Write, str], Awaitable[None]]:
    """Send a bomb."""

    async def send(write: Write, _path: str) -> None:
        write.write(answer(_packed(pack), f"Content-Encoding: {coding}"))

    return send


@cache
def _packed(pack: Callable[[bytes], bytes]) -> bytes:
    return pack(b"<p>hoc Bac</p>" * (PADDING // 14))


def _twice(plain: bytes) -> bytes:
    return gzip.compress(gzip.compress(plain))


async def silent(_write: Write, _path: str) -> None:
    """Take the request and say nothing."""
    await asyncio.sleep(3600)


async def reset(write: Write, _path: str) -> None:
    """Tear the connection down."""
    sock: socket.socket = write.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    write.transport.abort()


async def onward(write: Write, path: str) -> None:
    """Lead on and on, to ever other addresses."""
    write.write(answer(b"", f"Location: /{len(path)}{path}", status="302 Found"))


def pages(article: Behaviour) -> Behaviour:
    """Be a good feed whose articles misbehave."""

    async def send(write: Write, path: str) -> None:
        port = write.get_extra_info("sockname")[1]
        links = [f"http://127.0.0.1:{port}/tin-xa-so-ket-viec-hoc-bac-{n}.html" for n in (100001, 100002)]
        if path.endswith(".html"):
            await behave(article, write, path)
        else:
            write.write(answer(feed(*links), kind="application/rss+xml"))

    return send


def robots(text: Behaviour) -> Behaviour:
    """Be a good site whose robots.txt misbehaves."""

    async def send(write: Write, path: str) -> None:
        await behave(text if path == "/robots.txt" else answer(_GOOD, kind="text/xml"), write, path)

    return send


async def behave(behaviour: Behaviour, write: Write, path: str) -> None:
    """Answer one request as a behaviour does."""
    if isinstance(behaviour, bytes):
        write.write(behaviour)
    else:
        await behaviour(write, path)


def _entities(count: int, each: int) -> bytes:
    named = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * each if n else 'ha' * 1000}'>" for n in range(count))
    return f"<?xml version='1.0'?><!DOCTYPE rss [{named}]><rss><channel><item><title>&e{count - 1};</title>".encode()


_ATTRIBUTES = b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">" + _CAMPAIGN
_NESTED = b"<html><body>" + b"<div>" * 200_000 + _CAMPAIGN
_LINKS = b"".join(b"<a href='/tin-mot-bai-bao-that-su-%d.html'>Tin tuc so %d</a>" % (n, n) for n in range(60_000))

BEHAVIOURS: dict[str, Behaviour] = {
    "silent": silent,
    "slow headers": dripping(b"HTTP/1.1 200 OK\r\nX: ", b"x", 0.1),
    "slow body": dripping(_OPEN, b"<p>", 0.1),
    "slow chunks": dripping(_CHUNKED, b"1\r\nx\r\n", 0.1),
    "endless interim answers": dripping(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 100, 0),
    "endless body": dripping(_OPEN, b"<p>x</p>" * 8000, 0),
    "endless chunks": dripping(_CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n", 0),
    "endless header": dripping(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65536, 0),
    "endless headers": dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 8000, 0),
    "gzip bomb": packed("gzip", gzip.compress),
    "gzip bomb in gzip": packed("gzip", _twice),
    "deflate bomb": packed("deflate", zlib.compress),
    "gzip cut short": answer(gzip.compress(_GOOD)[:-12], "Content-Encoding: gzip"),
    "gzip that is none": answer(b"not gzip", "Content-Encoding: gzip"),
    "gzip in an unknown coat": answer(_GOOD, "Content-Encoding: br"),
    "two codings": answer(gzip.compress(_GOOD), "Content-Encoding: gzip, gzip"),
    "body cut short": b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n<p>half",
    "chunks cut short": _CHUNKED + b"5\r\nhello\r\n",
    "chunk of no size": _CHUNKED + b"zz\r\nhello\r\n0\r\n\r\n",
    "chunk of a huge size": _CHUNKED + b"ffffffffffffffffff\r\nhello",
    "length below zero": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "length without end": b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nhello",
    "header injection": b"HTTP/1.1 200 OK\r\nETag: a\x00b\r\nSet-Cookie: x\rSet-Cookie: y\r\n\r\n",
    "folded headers": answer(_GOOD, "ETag: a\r\n b", "X: \xff\xfe"),
    "redirect in a circle": answer(b"", "Location: /", status="302 Found"),
    "redirect for ever": onward,
    "redirect to a file": answer(b"", "Location: file:///etc/passwd", status="302 Found"),
    "redirect nowhere": answer(b"", "Location: http://127.0.0.1:9/", status="301 Moved"),
    "redirect to a bad port": answer(b"", "Location: http://127.0.0.1:99999/", status="302 Found"),
    "redirect without end": answer(b"", "Location: http://" + "a" * 60_000, status="302 Found"),
    "redirect with a user name": answer(b"", "Location: http://a:b@127.0.0.1/", status="302 Found"),
    "charset zlib": answer(b"<p>x", kind="text/html; charset=zlib"),
    "charset punycode": answer(b"<p>" + b"ab-" * 100_000, kind="text/html; charset=punycode"),
    "charset utf-7": answer(b"<p>+ADw-script+AD4-", kind="text/html; charset=utf-7"),
    "charset undefined": answer(b"<p>x", kind="text/html; charset=undefined"),
    "picture": answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400, kind="text/html"),
    "zeros": answer(bytes(900_000), kind="application/rss+xml"),
    "reset": reset,
    "closed at once": b"",
    "closed after the headers": _OPEN,
    "garbage": b"\x16\x03\x01" + bytes(range(256)) * 20 + b"\r\n\r\n",
    "HTTP/0.9": b"<html><p>hello</p></html>",
    "HTTP/2": b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" * 40,
    "HTTP/9": b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\nhi",
    "switching protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nhello",
    "error page with 200": answer(b"<html><title>Error 500</title><body><h1>Internal error</h1></body></html>"),
    "empty": answer(b""),
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "unasked 304": b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
    "down for ever": answer(b"", "Retry-After: 99999999999999999999", status="503 Unavailable"),
    "too many requests": answer(b"", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", status="429 Slow Down"),
    "a nonsense status": b"HTTP/1.1 999 \xff\xff\r\nContent-Length: 0\r\n\r\n",
    "missing": answer(b"", status="404 Not Found"),
    "deep nesting": answer(_NESTED),
    "deep XML": answer(b"<?xml version='1.0'?><rss>" + b"<a>" * 100_000, kind="text/xml"),
    "deep JSON": answer(b'{"items": ' + b"[" * 200_000, kind="application/json"),
    "300,000 attributes": answer(_ATTRIBUTES),
    "a billion laughs": answer(_entities(10, 10), kind="text/xml"),
    "quadratic entities": answer(_entities(2, 20_000), kind="text/xml"),
    "60,000 links": answer(b"<html><body>" + _LINKS),
    "robots.txt silent": robots(silent),
    "robots.txt down": robots(answer(b"", status="500 Error")),
    "robots.txt bomb": robots(packed("gzip", gzip.compress)),
    "robots.txt of wildcards": robots(answer(b"User-agent: *\n" + b"Disallow: /*a*b*c*d*e*f*g*h*i*$\n" * 15_000)),
    "articles silent": pages(silent),
    "articles deeply nested": pages(answer(_NESTED)),
    "articles of attributes": pages(answer(_ATTRIBUTES)),
    "articles packed as bombs": pages(packed("gzip", gzip.compress)),
}  # fmt: skip
_TLS: dict[str, Behaviour] = {
    "TLS without an answer": silent,
    "TLS garbage": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "TLS from nobody known": answer(_GOOD),
}

# what is odd about these keeps nobody from reading them
HARMLESS = {"folded headers", "robots.txt bomb", "robots.txt of wildcards", "articles deeply nested"}


@dataclass
class Hostile:
    """The servers: their address by behaviour, and how long visitors stayed with each, in seconds."""

    urls: dict[str, str] = field(default_factory=dict)
    stayed: dict[str, list[float]] = field(default_factory=dict)


def _handler(name: str, behaviour: Behaviour, stayed: list[float]) -> Callable[..., Awaitable[None]]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        began = time.monotonic()
        acting = asyncio.create_task(_act(name, behaviour, reader, writer))
        try:
            with suppress(OSError, ssl.SSLError, asyncio.IncompleteReadError):
                await acting
                await reader.read()
        finally:
            stayed.append(time.monotonic() - began)
            writer.transport.abort()

    return handle


async def _act(name: str, behaviour: Behaviour, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer, and go away when the visitor does."""
    if name.startswith("TLS ") and name != "TLS from nobody known":
        path = "/"
    else:
        head = (await reader.readuntil(b"\r\n\r\n")).split()
        path = head[1].decode("latin-1") if len(head) > 1 else "/"
    if path == "/robots.txt" and not name.startswith(("robots.txt", "TLS ")):
        writer.write(answer(b"", status="404 Not Found"))
    else:
        answering = asyncio.ensure_future(behave(behaviour, writer, path))
        leaving = asyncio.ensure_future(reader.read())
        await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        for one in (answering, leaving):
            one.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await one
    await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
    else:
        writer.close()


async def _serve(pipe: Connection) -> None:
    """Open one port for each behaviour; tell their addresses, and at the end how long visitors stayed."""
    for pack in (gzip.compress, _twice, zlib.compress):
        _packed(pack)
    hostile = Hostile()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    for name, behaviour in (BEHAVIOURS | _TLS).items():
        handler = _handler(name, behaviour, hostile.stayed.setdefault(name, []))
        secured = context if name == "TLS from nobody known" else None
        server = await asyncio.start_server(handler, "127.0.0.1", 0, ssl=secured, limit=1 << 20)
        port = server.sockets[0].getsockname()[1]
        hostile.urls[name] = f"{'https' if name in _TLS else 'http'}://127.0.0.1:{port}/"
    pipe.send(hostile.urls)
    await asyncio.to_thread(pipe.recv)
    pipe.send(hostile.stayed)


def _run(pipe: Connection) -> None:
    asyncio.run(_serve(pipe))


@contextmanager
def misbehaving() -> Iterator[Hostile]:
    """Run the servers in a process of their own; `stayed` is known once this is left."""
    ours, theirs = Pipe()
    process = get_context("spawn").Process(target=_run, args=(theirs,), daemon=True)
    process.start()
    hostile = Hostile(ours.recv())
    try:
        yield hostile
        ours.send("end")
        hostile.stayed = ours.recv()
    finally:
        process.kill()
        process.join()
        ours.close()
        theirs.close()
