"""A simulated day of many sources of which a fifth misbehave: missed visits and articles, duplicates, memory.

The clock is the battery's own and jumps a minute at a time; sites, HTTP and the store are real. Sites
print an article every two minutes to six hours and list the last ten; those that misbehave answer for hours
with errors, empty or false feeds, or not at all. DIEMBAO_DAY_SOURCES (default 200), DIEMBAO_HOURS (default 24).
"""

import asyncio
import logging
import os
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from battery.many import host, memory
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
from tests.newsroom import article_page, campaign_body, other_body, rss, sitemap

_BEGIN = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
_TICK = timedelta(minutes=1)
_LISTED, _IN_SITEMAP = 10, 400
_ON_TOPIC = 50  # one article in so many is about the campaign
_MODES = ["500", "404", "429", "hang", "reset", "empty", "html", "garbage", "no items", "clock"]


@dataclass
class World:
    """The sites: what each has printed by now, and how it behaves."""

    port: int
    count: int
    now: datetime = _BEGIN
    asked: Counter[str] = field(default_factory=Counter)

    def rhythm(self, number: int) -> timedelta:
        """Return how often a site prints an article."""
        return timedelta(minutes=(2, 7, 20, 45, 90, 360)[number % 6])

    def printed(self, number: int, most: int) -> list[tuple[str, str, datetime]]:
        """Return the newest articles of a site as (address, title, time), newest first."""
        rhythm, base = self.rhythm(number), _BEGIN - timedelta(days=1)
        last = int((self.now - base) / rhythm)
        first = max(0, last - most + 1)
        root = f"http://{host(number)}:{self.port}"
        return [
            (f"{root}/tin-so-{n}-cua-bao-{number}-{100_000 + n}.html", f"Báo {number} đưa tin {n}", base + n * rhythm)
            for n in range(last, first - 1, -1)
        ]

    def mode(self, number: int) -> str:
        """Return how a site behaves now: a fifth is out of order for three hours of every six."""
        if number % 5 or self.now.hour % 6 < 3:
            return ""
        return _MODES[number // 5 % len(_MODES)]

    def answer(self, number: int, path: str) -> tuple[str, str]:
        """Return status and body for a request."""
        if path == "/robots.txt":
            return "200 OK", f"Sitemap: http://{host(number)}:{self.port}/sitemap.xml\n"
        if path == "/sitemap.xml":
            printed = self.printed(number, _IN_SITEMAP)
            return "200 OK", sitemap([url for url, _, _ in printed], printed[0][2])
        if path == "/rss/home.rss":
            return self._feed(number)
        serial = int(path.rsplit("-", 1)[1].removesuffix(".html")) - 100_000
        seed = number * 1000 + serial
        if seed % _ON_TOPIC == 0:
            page = article_page(f"Xã số {seed} sơ kết học Bác", campaign_body(seed), self.now)
            return "200 OK", page.replace("<aside", "<!--").replace("</aside>", "-->")
        paragraphs = "".join(f"<p>{text}</p>" for text in other_body(seed) * 4)
        return (
            "200 OK",
            f"<html><head><title>Tin {seed}</title></head><body><h1>Tin {seed}</h1>{paragraphs}</body></html>",
        )

    def _feed(self, number: int) -> tuple[str, str]:
        mode, items = self.mode(number), self.printed(number, _LISTED)
        if mode in {"500", "404", "429"}:
            return {"500": "500 Broken", "404": "404 Not Found", "429": "429 Slow\r\nRetry-After: 1800"}[mode], "x"
        if mode == "clock":
            return "200 OK", rss([(url, title, self.now) for url, title, _ in items])
        strange = {
            "empty": "",
            "html": "<html><body>Xin chào</body></html>",
            "garbage": "\x00\x01" * 900,
            "no items": rss([]),
        }
        return "200 OK", strange.get(mode, rss(items))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ", 2)[1]
            number = self.numbers[writer.get_extra_info("sockname")[0]]
            mode = self.mode(number) if path == "/rss/home.rss" else ""
            self.asked[mode or "well"] += path == "/rss/home.rss"
            if mode == "hang":
                await reader.read()
            elif mode != "reset":
                status, body = self.answer(number, path)
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

    @property
    def numbers(self) -> dict[str, int]:
        """Return the sites by address."""
        return {host(number): number for number in range(self.count)}


async def _live(app: App, store: Store, world: World, hours: int) -> Counter[str]:
    """Let the service live through the day, a minute at a time; returns what happened."""
    found: Counter[str] = Counter()
    rounds, web, metrics = Rounds(store, Guard(), Metrics()), app.web(store), Metrics()
    enlist(app, store, app.sources)
    while world.now < _BEGIN + timedelta(hours=hours):
        rounds.begin(app, web)
        found["rounds"] += len(rounds.under_way)
        if rounds.under_way:
            await asyncio.wait(rounds.under_way.values())
        fares = store.standing.health(world.now)
        found["missed"] += sum(one.next_poll_at < world.now - 2 * _TICK for one in fares)
        if world.now.minute == 0:
            await publish_due(app, store)
            await watch(app, store, metrics)
            found[f"MB after {world.now.hour} h"] = round(memory())
        world.now += _TICK
    return found


def _judge(store: Store, world: World) -> Counter[str]:
    """Hold what is stored against what the sites printed."""
    found: Counter[str] = Counter()
    known = {row["url"]: row["outcome"] for row in store.database.read("SELECT url, outcome FROM link")}
    settled = world.now - timedelta(hours=7)  # what a slow source may not have been asked for yet is left out
    for number in range(world.count):
        kind = "misbehaving" if number % 5 == 0 else "well"
        since = _BEGIN
        for url, _, at in world.printed(number, 2000):
            if since <= at <= settled:
                found[f"printed, {kind}"] += 1
                found[f"lost, {kind}"] += url not in known
    stored = Counter(report.article.url for report in store.articles.export(None, None, list(Label)))
    found["stored"], found["twice"] = len(stored), sum(times - 1 for times in stored.values())
    found["gaps"] = sum(one.possible_gaps for one in store.standing.health(world.now))
    found["unexpected"] = int(
        store.database.read("SELECT count(*) AS n FROM round WHERE reason LIKE '%unexpected fault%'")[0]["n"]
    )
    return found


async def _battery(folder: Path, count: int, hours: int) -> bool:
    world = World(0, count)
    server = await asyncio.start_server(world.serve, "0.0.0.0", 0, backlog=1000)  # noqa: S104 - all of loopback
    world.port = server.sockets[0].getsockname()[1]
    lines = ["fetch: {pause: 0s, timeout: 1s}", "sources:"]
    lines += [f'  - {{name: "Báo {n}", url: "http://{host(n)}:{world.port}/rss/home.rss"}}' for n in range(count)]
    (folder / "sources.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    app = build(folder / "sources.yaml", settings=Settings(monitor_allow_private_addresses=True))
    app = replace(app, clock=lambda: world.now)
    with app.store() as store:
        found = await _live(app, store, world, hours) + _judge(store, world)
        editions = len(store.shelf.days())
    server.close()
    for what in ("rounds", "missed", "gaps", "unexpected", "stored", "twice"):
        print(f"  {what:24}{found[what]:7}")
    for kind in ("well", "misbehaving"):
        print(f"  {f'articles printed, {kind}':32}{found[f'printed, {kind}']:7}, lost {found[f'lost, {kind}']}")
    held = {hour: found[f"MB after {hour} h"] for hour in sorted({min(3, hours - 1), hours // 2, hours - 1})}
    print(f"  editions {editions}; memory " + ", ".join(f"{size} MB after {hour} h" for hour, size in held.items()))
    settled, last = held[min(3, hours - 1)], held[hours - 1]
    broken = ("missed", "unexpected", "twice", "lost, well")
    return not any(found[what] for what in broken) and last - settled < 60


def main() -> bool:
    """Print the figures; returns whether every promise was kept."""
    count, hours = int(os.environ.get("DIEMBAO_DAY_SOURCES", "200")), int(os.environ.get("DIEMBAO_HOURS", "24"))
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    print(f"{hours} simulated hours of {count} sources, a fifth of which misbehave")
    with tempfile.TemporaryDirectory() as name:
        good = asyncio.run(_battery(Path(name), count, hours))
    logging.disable(logging.NOTSET)
    print(f"  took {time.monotonic() - began:.0f} s")
    return good


if __name__ == "__main__":
    raise SystemExit(not main())
