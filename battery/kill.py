"""SIGKILL in polls and digests, at random instants and at the borders of transactions, against a ledger.

Several lines run side by side, each with a site, a channel and a store of its own; a day passes
in each after a dozen kills. DIEMBAO_KILLS sets how many (default 500), DIEMBAO_SEED the dice.
"""

import asyncio
import hashlib
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from battery.processes import processes
from battery.progress import progress
from monitor.app import App, build
from monitor.archiving import ENDINGS
from monitor.config import Settings
from monitor.delivery.pace import Pace
from monitor.edges.archive import place
from monitor.edges.store import Delivery, Store
from monitor.edges.store.sqlite import Sqlite
from monitor.errors import TooEarlyError
from monitor.models import Label
from monitor.poll import poll
from monitor.publish import publish
from tests import bot_api
from tests.conftest import write_config
from tests.loopback import Loopback, serving
from tests.newsroom import publish as print_articles

ARTICLES = 16  # a day
KILLS_A_DAY = 12
LINES = 3
_SLOW = 0.004  # seconds an answer takes, so that kills fall in the middle of a round
_BORDERS = {"poll": 40, "digest": 10}  # beginnings and ends of transactions in one run, about
_FIRST_DAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


@dataclass
class Line:
    """One folder with a store, the site it watches and the channel it posts to, and the day it has come to."""

    folder: Path
    site: Loopback
    telegram: bot_api.BotApi
    dice: random.Random
    now: datetime = _FIRST_DAY
    served: list[str] = field(default_factory=list)
    lasted: dict[str, float] = field(default_factory=lambda: {"poll": 1.0, "digest": 1.0})
    count: Counter[str] = field(default_factory=Counter)


@contextmanager
def _opened(number: int, seed: int) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as name, serving() as site, bot_api.serving() as telegram:
        site.before = lambda _path: time.sleep(_SLOW)
        write_config(Path(name), ("Báo Mẫu", site.url("/rss/home.rss")), more="digest: {weekly: false, monthly: false}")
        yield Line(Path(name), site, telegram, random.Random(seed * 1000 + number))  # noqa: S311 - dice


def _live(line: Line, kills: int, step: Callable[[], None]) -> Counter[str]:
    """Let days pass, each ending in peace, until enough kills hit, each a step; returns what was found at the end."""
    while line.count["killed"] < kills:
        first = len(line.served) + 1
        line.served += print_articles(line.site, ARTICLES, line.now, prefix=f"dot-{first}", first=first)
        for _ in range(min(KILLS_A_DAY, kills - line.count["killed"])):
            command = line.dice.choice(["poll", "poll", "digest"])
            line.count["attempts"] += 1
            if _disturb(line, command):
                line.count["killed"] += 1
                step()
        _end_day(line)
    line.now += timedelta(days=1)  # what came after the last edition closed is told in one more
    _end_day(line)
    _judge(line)
    return line.count


def _end_day(line: Line) -> None:
    """Let both commands run to their end, and the next day begin."""
    for command in ("poll", "digest"):
        began = time.monotonic()
        process = _begin(line, command, 0)
        process.join()
        line.lasted[command] = time.monotonic() - began
        if process.exitcode:
            print(f"  {command} of {line.now:%d/%m} ended by itself with {process.exitcode}")
            line.count["failed"] += 1
    line.now += timedelta(days=1)


def _begin(line: Line, command: str, border: int) -> BaseProcess:
    process = processes.Process(
        target=_work, args=(line.folder, line.telegram.environment(), line.now, command, border)
    )
    process.start()
    return process


def _disturb(line: Line, command: str) -> bool:
    """Begin a command and kill it at some instant, or before some border; returns whether it was still at work."""
    at_border = line.dice.random() < 0.5
    process = _begin(line, command, line.dice.randint(1, _BORDERS[command]) if at_border else 0)
    process.join(None if at_border else line.dice.uniform(0.1, 1.0) * line.lasted[command])
    process.kill()
    process.join()
    line.count["at a border"] += at_border and process.exitcode == -signal.SIGKILL
    return process.exitcode == -signal.SIGKILL


def _work(folder: Path, environment: dict[str, str], now: datetime, command: str, border: int) -> None:
    """Run one command in this process, which ends itself before its `border`th transaction border; 0: never."""
    values = {name.lower(): value for name, value in environment.items()} | {"monitor_allow_private_addresses": True}
    began = time.monotonic()
    built = build(
        folder / "sources.yaml",
        lambda: now + timedelta(seconds=time.monotonic() - began),
        Settings.model_validate(values),
    )
    app = replace(built, pace=Pace(between=timedelta(milliseconds=5)))
    with app.store() as store:
        if border:
            _arm(store, border)
        asyncio.run(_poll(app, store) if command == "poll" else _digest(app, store))


def _arm(store: Store, border: int) -> None:
    """Have this process killed before its `border`th beginning or end of a transaction."""
    passed = 0

    def trace(sql: str) -> None:
        nonlocal passed
        passed += sql.startswith(("BEGIN", "COMMIT"))
        if passed == border:
            os.kill(os.getpid(), signal.SIGKILL)

    if isinstance(store.database, Sqlite):
        store.database.connection.set_trace_callback(trace)


async def _poll(app: App, store: Store) -> None:
    async with app.web(store) as web:
        await poll(app, store, web, app.sources, lambda *_: None)


async def _digest(app: App, store: Store) -> None:
    now = app.clock()
    with suppress(TooEarlyError):
        await publish(app, store, now.astimezone(app.config.digest.timezone).date(), now)


def _judge(line: Line) -> None:
    """Hold store, archive and channel against what was served."""
    count = line.count
    with Store(line.folder / "diembao.sqlite3", read_only=True) as store:
        reports = list(store.articles.export(None, None, [Label.CAMPAIGN]))
        stored = Counter(one.article.url for one in reports)
        days = sorted(store.shelf.counts(date.min, date.max))
        editions = [store.editions.get(day) for day in days]
        messages = [message for day in days for message in store.outbox.of(day)]
        count["files damaged"] = sum(not _whole(line.folder / "digests", store, day) for day in days)
        count["damaged"] = int(store.database.read("PRAGMA integrity_check")[0]["integrity_check"] != "ok")
    told = Counter(a.url for one in editions if one for story in one.told for a in story.articles)
    count["served"], count["lost"] = len(line.served), len(set(line.served) - set(stored))
    count["stored twice"] = stored.total() - len(stored)
    count["editions"], count["untold"] = len(days), sum(one.edition is None for one in reports)
    count["told twice"] = told.total() - len(told)
    count["messages"] = len(messages)
    count["in doubt"] = sum(message.state is Delivery.UNKNOWN for message in messages)
    count["posted twice"] = sum(number - 1 for number in Counter(post["text"] for post in line.telegram.posts).values())
    count["left over"] = sum(1 for path in line.folder.rglob(".*") if path.is_file())


def _whole(folder: Path, store: Store, day: date) -> bool:
    """Tell whether the files of an edition are there as the store knows them."""
    known = store.shelf.files(day)
    return all(
        (path := place(folder, day, ending)).exists()
        and hashlib.sha256(path.read_bytes()).hexdigest() == known.get(ending)
        for ending in ENDINGS
    )


_FIGURES = (
    "killed", "at a border", "attempts", "served", "lost", "stored twice", "damaged", "editions", "files damaged",
    "untold", "told twice", "messages", "posted twice", "in doubt", "failed", "left over",
)  # fmt: skip
_NEVER = (
    "lost",
    "stored twice",
    "damaged",
    "files damaged",
    "untold",
    "told twice",
    "posted twice",
    "failed",
    "left over",
)


def _line(number: int, kills: int, seed: int, step: Callable[[], None]) -> Counter[str]:
    with _opened(number, seed) as line:
        return _live(line, kills, step)


def main() -> bool:
    """Print the figures; returns whether every promise was kept."""
    kills, seed = int(os.environ.get("DIEMBAO_KILLS", "500")), int(os.environ.get("DIEMBAO_SEED", "1"))
    began = time.monotonic()
    shares = [kills // LINES + (number < kills % LINES) for number in range(LINES)]
    with progress("killed in polls and digests", kills) as step, ThreadPoolExecutor(LINES) as lines:
        found = sum(lines.map(_line, range(LINES), shares, [seed] * LINES, [step] * LINES), Counter())
    print(f"SIGKILL in polls and digests, {LINES} stores, {time.monotonic() - began:.0f} s, seed {seed}")
    for what in _FIGURES:
        print(f"  {what:14}{found[what]:6}")
    return not any(found[what] for what in _NEVER)
