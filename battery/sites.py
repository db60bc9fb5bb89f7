"""The sites of a simulated day: what each has printed by a moment, what it shows of it, how it misbehaves."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum

from battery.many import host
from tests.newsroom import article_page, campaign_body, dated_sitemap, other_body, rss

BEGIN = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
_LISTED, _SHOWN = 10, 400  # articles of a listing; of a sitemap, or of all older pages
_ON_TOPIC = 50  # one article in so many is about the campaign
_MODES = ["500", "404", "429", "hang", "reset", "empty", "html", "garbage", "no items", "clock"]
Printed = list[tuple[str, str, datetime]]  # address, title, time; newest first


class Shape(Enum):
    """What a site shows besides its articles."""

    SITEMAP = "a feed and a sitemap"
    INDEX = "a feed and an index of sitemaps"
    PAGES = "a listing and its older pages"
    FEED = "a feed alone"


@dataclass
class World:
    """The sites: what each has printed by now, how it behaves, when it was last read well."""

    port: int
    count: int
    seed: int
    now: datetime = BEGIN
    read: defaultdict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.numbers = {host(number): number for number in range(self.count)}

    def root(self, number: int) -> str:
        """Return a site's address."""
        return f"http://{host(number)}:{self.port}"

    def shape(self, number: int) -> Shape:
        """Return what a site shows."""
        return list(Shape)[number // 6 % 4]

    def listing(self, number: int) -> str:
        """Return the path of a site's listing."""
        return "/tin-tuc/" if self.shape(number) is Shape.PAGES else "/rss/home.rss"

    def reach(self, number: int) -> int:
        """Return how many articles a site shows anywhere."""
        return _LISTED if self.shape(number) is Shape.FEED else _SHOWN

    def rhythm(self, number: int) -> timedelta:
        """Return how often a site prints an article."""
        return timedelta(minutes=(2, 7, 20, 45, 90, 360)[number % 6])

    def printed(self, number: int, most: int, by: datetime | None = None) -> Printed:
        """Return the newest articles that a site had printed by a moment, now if none is given."""
        rhythm, base = self.rhythm(number), BEGIN - timedelta(days=1)
        last = int(((by or self.now) - base) / rhythm)
        first = max(0, last - most + 1)
        return [
            (
                f"{self.root(number)}/tin-so-{n}-cua-bao-{number}-{100_000 + n}.html",
                f"Báo số {number} đưa tin thứ {n} về đời sống",
                base + n * rhythm,
            )
            for n in range(last, first - 1, -1)
        ]

    def mode(self, number: int) -> str:
        """Return how a site behaves now: a fifth is out of order for three hours of every six."""
        if number % 5 or (self.now.hour + self.seed) % 6 < 3:
            return ""
        return _MODES[(number // 5 + self.seed) % len(_MODES)]

    def answer(self, number: int, path: str) -> tuple[str, str]:
        """Return status and body for a request."""
        mode = self.mode(number)
        if mode in {"500", "429"}:
            return {"500": "500 Broken", "429": "429 Slow\r\nRetry-After: 1800"}[mode], "x"
        if path == "/robots.txt":
            maps = self.shape(number) in {Shape.SITEMAP, Shape.INDEX}
            return "200 OK", f"Sitemap: {self.root(number)}/sitemap.xml\n" if maps else "User-agent: *\n"
        if "sitemap" in path:
            return "200 OK", self._sitemap(number, path)
        if path.startswith(self.listing(number)):
            if mode in {"", "clock"}:
                self.read[number].append(self.now)
            return self._listing(number, path, mode)
        return "200 OK", self._article(number, int(path.rsplit("-", 1)[1].removesuffix(".html")) - 100_000)

    def _listing(self, number: int, path: str, mode: str) -> tuple[str, str]:
        empty = rss([])
        if self.shape(number) is Shape.PAGES:
            empty = "<html><body><nav><a href='/'>Trang chủ</a></nav></body></html>"
        strange = {"empty": "", "html": "<html><body>Xin chào</body></html>", "garbage": "\x00\x01" * 900}
        if mode == "404":
            return "404 Not Found", "x"
        if mode in strange or mode == "no items":
            return "200 OK", strange.get(mode, empty)
        if self.shape(number) is Shape.PAGES:
            return "200 OK", self._page(number, int(path.partition("=")[2] or 1))
        items = self.printed(number, _LISTED)
        return "200 OK", rss([(url, title, self.now if mode == "clock" else at) for url, title, at in items])

    def _page(self, number: int, page: int) -> str:
        """Return one of the pages on which a site lists its articles, with the way to the next one."""
        shown = self.printed(number, _SHOWN)[(page - 1) * _LISTED : page * _LISTED]
        rows = "".join(f'<h3><a href="{url}">{title}</a></h3>' for url, title, _ in shown)
        older = f'<a rel="next" href="?trang={page + 1}">{page + 1}</a>' if page * _LISTED < _SHOWN else ""
        return f'<html><body><div class="list">{rows}</div>{older}<p>{self.now:%H:%M}</p></body></html>'

    def _sitemap(self, number: int, path: str) -> str:
        """Return a sitemap: all of it in one, or an index of two halves."""
        shown = [(url, at) for url, _, at in self.printed(number, _SHOWN)]
        half = len(shown) // 2
        if self.shape(number) is Shape.SITEMAP:
            return dated_sitemap(shown)
        if path != "/sitemap.xml":
            return dated_sitemap(shown[:half] if path == "/sitemap-tin-1.xml" else shown[half:])
        maps = "".join(
            f"<sitemap><loc>{self.root(number)}/sitemap-tin-{n}.xml</loc><lastmod>{at.isoformat()}</lastmod></sitemap>"
            for n, (_, at) in ((1, shown[0]), (2, shown[half]))
        )
        return f'<?xml version="1.0"?><sitemapindex>{maps}</sitemapindex>'

    def _article(self, number: int, serial: int) -> str:
        seed = number * 1000 + serial
        if seed % _ON_TOPIC == 0:
            page = article_page(f"Xã số {seed} sơ kết học Bác", campaign_body(seed), self.now)
            return page.replace("<aside", "<!--").replace("</aside>", "-->")
        paragraphs = "".join(f"<p>{text}</p>" for text in other_body(seed) * 4)
        return f"<html><head><title>Tin {seed}</title></head><body><h1>Tin {seed}</h1>{paragraphs}</body></html>"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            number = self.numbers[writer.get_extra_info("sockname")[0]]
            mode = self.mode(number)
            if mode == "hang":
                await reader.read()
            elif mode != "reset":
                status, body = self.answer(number, head.split(" ", 2)[1])
                content = body.encode()
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode()
                )
                writer.write(content)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
