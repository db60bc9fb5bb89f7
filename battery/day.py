"""A simulated day of many sources of which a fifth misbehave: missed visits and articles, duplicates, memory.

The clock is the battery's own and jumps a minute at a time, the event loop's with it; sites, HTTP and the
store are real. Sites print an article every two minutes to six hours and list the last ten; some have a
sitemap, some older pages, some nothing more. Those that misbehave answer for three hours of every six with
errors, empty or false listings, or not at all. An article is missed when nothing is known of it though its
site still showed it, anywhere, when it was next read; what nothing showed any more must be named as a gap.

DIEMBAO_DAY_SOURCES (default 200), DIEMBAO_HOURS (default 24), DIEMBAO_SEED (who misbehaves how, and when).
"""

import asyncio
import logging
import os
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from battery.many import host, memory
from battery.progress import progress
from monitor.app import App, build
from monitor.config import Settings
from monitor.edges.metrics import Metrics
from monitor.edges.store import Store
from monitor.models import Label
from monitor.poll import enlist
from monitor.service import publish_due
from monitor.service.guard import Guard
from monitor.service.rounds import Rounds
from monitor.service.watch import watch
from tests.newsroom import article_page, campaign_body, dated_sitemap, other_body, rss

_BEGIN = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
_TICK = timedelta(minutes=1)
_LISTED, _SHOWN = 10, 400  # articles of a listing; of a sitemap, or of all older pages
_ON_TOPIC = 50  # one article in so many is about the campaign
_MODES = ["500", "404", "429", "hang", "reset", "empty", "html", "garbage", "no items", "clock"]
_DOWN = {"500", "429", "hang", "reset"}  # these befall the whole site, the others its listing
_GROWTH = 60  # MB from the third hour on
Printed = list[tuple[str, str, datetime]]  # address, title, time; newest first


class Shape(Enum):
    """What a site shows besides its articles."""

    SITEMAP = "a feed and a sitemap"
    INDEX = "a feed and an index of sitemaps"
    PAGES = "a listing and its older pages"
    FEED = "a feed alone"


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose clock can be set forward: waits that hosts ask for pass with the simulated day."""

    ahead = 0.0

    def time(self) -> float:
        """Return the loop's time in seconds."""
        return super().time() + self.ahead


@dataclass
class World:
    """The sites: what each has printed by now, how it behaves, when it was last read well."""

    port: int
    count: int
    seed: int
    now: datetime = _BEGIN
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
        rhythm, base = self.rhythm(number), _BEGIN - timedelta(days=1)
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


async def _live(app: App, store: Store, world: World, hours: int) -> Counter[str]:
    """Let the service live through the day, a minute at a time; returns what happened."""
    found: Counter[str] = Counter()
    rounds, web, metrics = Rounds(store, Guard(), Metrics()), app.web(store), Metrics()
    loop = asyncio.get_running_loop()
    enlist(app, store, app.sources)
    with progress(f"simulated minutes of {world.count} sources", hours * 60) as step:
        while world.now < _BEGIN + timedelta(hours=hours):
            rounds.begin(app, web)
            found["rounds"] += len(rounds.under_way)
            if rounds.under_way:
                await asyncio.wait(rounds.under_way.values())
            fares = store.standing.health(world.now)
            found["missed visits"] += sum(one.next_poll_at < world.now - 2 * _TICK for one in fares)
            if world.now.minute == 0:
                await publish_due(app, store)
                await watch(app, store, metrics)
                found[f"MB after {world.now.hour} h"] = round(memory())
            world.now += _TICK
            if isinstance(loop, Loop):
                loop.ahead += _TICK.total_seconds()
            step()
    return found


def _judge(store: Store, world: World) -> Counter[str]:
    """Hold what is stored against what the sites printed."""
    found: Counter[str] = Counter()
    rows = store.database.read("SELECT url, outcome, found_at FROM link")
    known = {row["url"] for row in rows if row["outcome"] != "given_up"}
    before = (world.now - timedelta(hours=1)).timestamp() * 1000
    found["waiting"] = sum(row["outcome"] in {"pending", "retry"} and row["found_at"] < before for row in rows)
    found["visits to the well failed"] = sum(
        int(row["name"].removeprefix("Báo ")) % 5 > 0
        for row in store.database.read(
            "SELECT name FROM round JOIN source ON source.id = source_id WHERE round.state = 'unreadable'"
        )
    )
    fares = {one.source: one for one in store.standing.health(world.now)}
    for number in range(world.count):
        kind, fare = "well" if number % 5 else "misbehaving", fares[f"Báo {number}"]
        lost, gone = _missing(world, number, known, found, kind)
        found[f"missed, {kind}"] += lost
        found[f"out of reach, {kind}"] += gone
        found["not named"] += gone > 0 and not fare.unfilled_gaps
        found["gaps"] += fare.possible_gaps
        found["unfilled"] += fare.unfilled_gaps
    stored = Counter(report.article.url for report in store.articles.export(None, None, list(Label)))
    found["stored"], found["twice"] = len(stored), sum(times - 1 for times in stored.values())
    found["unexpected faults"] = int(
        store.database.read("SELECT count(*) AS n FROM round WHERE reason LIKE '%unexpected fault%'")[0]["n"]
    )
    return found


def _missing(world: World, number: int, known: set[str], found: Counter[str], kind: str) -> tuple[int, int]:
    """Return how many articles of a site are not known though it showed them, and how many it showed no more.

    Those count that were printed since the battery began, up to the last good visit.
    """
    lost, gone = 0, 0
    visits = iter(world.read[number])
    visit = next(visits, None)
    for url, _, at in reversed(world.printed(number, 2000)):
        while visit and visit < at:
            visit = next(visits, None)
        if at < _BEGIN or visit is None:
            continue
        found[f"printed, {kind}"] += 1
        if url not in known:
            shown = {one for one, _, _ in world.printed(number, world.reach(number), visit)}
            lost, gone = lost + (url in shown), gone + (url not in shown)
    return lost, gone


async def _battery(folder: Path, count: int, hours: int, seed: int) -> bool:
    world = World(0, count, seed)
    server = await asyncio.start_server(world.serve, "0.0.0.0", 0, backlog=1000)  # noqa: S104 - all of loopback
    world.port = server.sockets[0].getsockname()[1]
    lines = ["fetch: {pause: 0s, timeout: 2s}", "sources:"]
    lines += [f'  - {{name: "Báo {n}", url: "{world.root(n)}{world.listing(n)}"}}' for n in range(count)]
    (folder / "sources.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    app = build(folder / "sources.yaml", settings=Settings(monitor_allow_private_addresses=True))
    app = replace(app, clock=lambda: world.now)
    with app.store() as store:
        found = await _live(app, store, world, hours) + _judge(store, world)
        editions = len(store.shelf.days())
    server.close()
    for what in (
        "rounds",
        "missed visits",
        "unexpected faults",
        "stored",
        "twice",
        "waiting",
        "visits to the well failed",
    ):
        print(f"  {what:28}{found[what]:7}")
    for kind in ("well", "misbehaving"):
        missed, gone = found[f"missed, {kind}"], found[f"out of reach, {kind}"]
        print(f"  {f'articles printed, {kind}':32}{found[f'printed, {kind}']:7}, missed {missed}, shown no more {gone}")
    print(f"  possible gaps {found['gaps']}, not filled {found['unfilled']}; sources not named {found['not named']}")
    held = {hour: found[f"MB after {hour} h"] for hour in sorted({min(3, hours - 1), hours // 2, hours - 1})}
    print(f"  editions {editions}; memory " + ", ".join(f"{size} MB after {hour} h" for hour, size in held.items()))
    settled, last = held[min(3, hours - 1)], held[hours - 1]
    broken = (
        *("missed visits", "unexpected faults", "twice", "waiting", "not named"),
        *("missed, well", "missed, misbehaving", "out of reach, well"),
    )
    return not any(found[what] for what in broken) and last - settled < _GROWTH


def main() -> bool:
    """Print the figures; returns whether every promise was kept."""
    count, hours = int(os.environ.get("DIEMBAO_DAY_SOURCES", "200")), int(os.environ.get("DIEMBAO_HOURS", "24"))
    seed = int(os.environ.get("DIEMBAO_SEED", "0"))
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    print(f"{hours} simulated hours of {count} sources, a fifth of which misbehave, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as name, asyncio.Runner(loop_factory=Loop) as runner:
        good = runner.run(_battery(Path(name), count, hours, seed))
    logging.disable(logging.NOTSET)
    print(f"  took {time.monotonic() - began:.0f} s")
    return good


if __name__ == "__main__":
    raise SystemExit(not main())
