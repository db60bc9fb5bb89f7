"""Many small papers in one server: each a host of its own on loopback, with a feed that grows by the clock."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from tests.newsroom import article_page, campaign_body, prose, rss

_LISTED = 8  # articles of a feed
_ABOUT = 20  # one in so many is about the campaign


def _paper(host: str) -> int:
    """Return which paper stands at a host."""
    _, second, third, fourth = map(int, host.split("."))
    return (second - 10) * 60000 + third * 240 + fourth - 1


def _number(path: str) -> int:
    """Return the number in an article's address."""
    return int(path.rpartition("-")[2].removesuffix(".html"))


def _about(paper: int, number: int) -> bool:
    return (paper + number) % _ABOUT == 0


@dataclass
class Papers:
    """`count` papers, each with a new article every `period`; `delay` seconds pass before an answer.

    `listed` says when each address was first shown to a reader, `busiest` how many requests were
    ever answered at once, by host, `asked` how many there were.
    """

    count: int
    period: timedelta
    delay: float = 0.02
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    port: int = 0
    listed: dict[str, datetime] = field(default_factory=dict)
    busy: Counter[str] = field(default_factory=Counter)
    busiest: Counter[str] = field(default_factory=Counter)
    asked: int = 0

    def host(self, number: int) -> str:
        """Return the address of a paper's host."""
        return f"127.{10 + number // 60000}.{number // 240 % 250}.{1 + number % 240}"

    def sources(self) -> list[tuple[str, str]]:
        """Return name and feed of every paper."""
        return [(f"Báo {n}", f"http://{self.host(n)}:{self.port}/rss/home.rss") for n in range(self.count)]

    @staticmethod
    def is_campaign(url: str) -> bool:
        """Tell whether the article at an address is about the campaign."""
        parts = urlsplit(url)
        return _about(_paper(parts.hostname or ""), _number(parts.path))

    def answer(self, host: str, path: str) -> tuple[str, str]:
        """Return the type and content of a page; an empty type when there is none."""
        paper = _paper(host)
        if path == "/rss/home.rss":
            return "application/rss+xml", self._feed(host, paper)
        if path.startswith("/tin-"):
            return "text/html; charset=utf-8", self._page(paper, _number(path))
        return "", ""

    def _feed(self, host: str, paper: int) -> str:
        now = datetime.now(UTC)
        offset = self.period * (paper % 97) / 97
        newest = max(0, int((now - self.began + offset) / self.period))
        items = []
        for number in range(max(0, newest - _LISTED + 1), newest + 1):
            url = f"http://{host}:{self.port}/tin-xa-so-ket-viec-hoc-bac-{100_000 + number}.html"
            self.listed.setdefault(url, now)
            at = (self.began + self.period * number - offset).replace(microsecond=0)
            items.append((url, self._title(paper, number), min(at, now)))
        return rss(items)

    def _title(self, paper: int, number: int) -> str:
        return f"Xã số {paper * 997 + number} sơ kết việc làm quý {number % 4 + 1}"

    def _page(self, paper: int, number: int) -> str:
        seed = paper * 997 + number - 100_000
        body = (*campaign_body(seed)[:1], *prose(seed)) if _about(paper, number) else prose(seed)
        return article_page(self._title(paper, number - 100_000), body, self.began)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        host = writer.get_extra_info("sockname")[0]
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.asked += 1
            self.busy[host] += 1
            self.busiest[host] = max(self.busiest[host], self.busy[host])
            try:
                await asyncio.sleep(self.delay)
                kind, content = self.answer(host, head.split()[1])
            finally:
                self.busy[host] -= 1
            said = "200 OK" if kind else "404 Not Found"
            body = content.encode()
            fields = f"Content-Type: {kind or 'text/plain'}\r\nContent-Length: {len(body)}\r\nConnection: close"
            writer.write(f"HTTP/1.1 {said}\r\n{fields}\r\n\r\n".encode() + body)
            await writer.drain()
        writer.close()


@contextmanager
def serving(count: int, period: timedelta, delay: float = 0.02, before: int = 0) -> Iterator[Papers]:
    """Open the papers in a thread; each has had so many articles `before`."""
    papers, loop = Papers(count, period, delay, datetime.now(UTC) - before * period), asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(papers.serve, "0.0.0.0", 0, backlog=1000))
    papers.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield papers
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()
