"""A simulated day of many sources of which a fifth misbehave: missed visits and articles, duplicates, memory.

The clock is the battery's own and jumps a minute at a time, the event loop's with it; sites, HTTP and the
store are real. Sites print an article every two minutes to six hours and list the last ten; some have a
sitemap, some older pages, some nothing more. Those that misbehave answer for three hours of every six with
errors, empty or false listings, or not at all. An article is missed when nothing is known of it though its
site still showed it, anywhere, when it was next read; what nothing showed any more must be named as a gap.

What it prints is the table of docs/operating.md.
DIEMBAO_DAY_SOURCES (default 200), DIEMBAO_HOURS (default 24), DIEMBAO_SEED (who misbehaves how, and when).
"""

import asyncio
import logging
import os
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from battery.many import memory
from battery.progress import progress
from battery.sites import BEGIN, World
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

_TICK = timedelta(minutes=1)
_GROWTH = 60  # MB from the third hour on


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose clock can be set forward: waits that hosts ask for pass with the simulated day."""

    ahead = 0.0

    def time(self) -> float:
        """Return the loop's time in seconds."""
        return super().time() + self.ahead


async def _live(app: App, store: Store, world: World, hours: int) -> Counter[str]:
    """Let the service live through the day, a minute at a time; returns what happened."""
    found: Counter[str] = Counter()
    rounds, web, metrics = Rounds(store, Guard(), Metrics()), app.web(store), Metrics()
    loop = asyncio.get_running_loop()
    enlist(app, store, app.sources)
    with progress(f"simulated minutes of {world.count} sources", hours * 60) as step:
        while world.now < BEGIN + timedelta(hours=hours):
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
        if at < BEGIN or visit is None:
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
    server.close()
    held = {hour: found[f"MB after {hour} h"] for hour in sorted({min(3, hours - 1), hours // 2, hours - 1})}
    missed = {kind: f"{found[f'missed, {kind}']} of {found[f'printed, {kind}']:,}" for kind in ("well", "misbehaving")}
    figures = {
        "promise": "figure",
        "---": "---",
        "visits that came late": f"{found['missed visits']} of {found['rounds']:,}",
        "articles missed of those that their sites showed, the well-behaved": missed["well"],
        "the same, the misbehaving": missed["misbehaving"],
        "articles that nothing showed any more": f"{found['out of reach, well']}; {found['out of reach, misbehaving']}",
        "sources with such articles that `monitor status` does not name": f"{found['not named']}",
        "gaps possible, and not filled": f"{found['gaps']}, {found['unfilled']}",
        "links that wait longer than an hour": f"{found['waiting']}",
        "articles stored, and stored twice": f"{found['stored']:,}, {found['twice']}",
        "visits to the well-behaved that failed; unexpected faults": (
            f"{found['visits to the well failed']}; {found['unexpected faults']}"
        ),
        "memory": ", ".join(f"{size} MB after {hour} h" for hour, size in held.items()),
    }
    for promise, figure in figures.items():
        print(f"| {promise} | {figure} |")
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
