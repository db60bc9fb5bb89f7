"""Thousands of small sites in one process: every loopback host has a feed and its articles.

Prints its port. `python -m battery.server` is started by the batteries, apart from what they measure.
"""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256

from tests.newsroom import other_body, rss

ITEMS = 10
_ETAG = '"the only one"'


def _answer(host: str, path: str, headers: str) -> tuple[str, str, str]:
    """Return status, content type and body for one request."""
    if path == "/rss/home.rss":
        if _ETAG in headers:
            return "304 Not Modified", "application/rss+xml", ""
        now = datetime.now(UTC).replace(microsecond=0)
        items = [(f"http://{host}/tin-so-{n}-cua-bao-nay-{100_000 + n}.html", f"Tin số {n}", now) for n in range(ITEMS)]
        return "200 OK", "application/rss+xml", rss(items)
    if path.endswith(".html"):
        number = int(sha256(f"{host}{path}".encode()).hexdigest()[:6], 16)
        paragraphs = "".join(f"<p>{text}</p>" for text in other_body(number) * 8)
        page = (
            f"<html><head><title>Tin số {number}</title></head><body><h1>Tin số {number}</h1>{paragraphs}</body></html>"
        )
        return "200 OK", "text/html; charset=utf-8", page
    return "404 Not Found", "text/plain", "nothing here"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request and close."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ", 2)[1]
        host = next(line[6:].strip() for line in head.split("\r\n") if line.lower().startswith("host: "))
        status, kind, body = _answer(host, path, head)
        content = body.encode()
        told = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nETag: {_ETAG}\r\nConnection: close\r\n"
        writer.write(f"{told}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        await writer.drain()
    except (OSError, asyncio.IncompleteReadError, StopIteration):
        pass
    finally:
        writer.close()


async def _main() -> None:
    server = await asyncio.start_server(_serve, "0.0.0.0", 0, backlog=2000)  # noqa: S104 - every address of loopback
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
