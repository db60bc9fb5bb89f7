"""Posting processes killed at random instants, Telegram at its worst, other people posting in between.

At the end each message of an edition stands in the channel once, in order. A naive sender ("send, note it;
after a fault or a restart send again") under the same faults does not manage that, and is shown beside.
DIEMBAO_POSTINGS sets how many editions (default 500), DIEMBAO_SEED the dice.
"""

import asyncio
import logging
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from battery.processes import processes
from battery.progress import progress
from monitor.app import App, build
from monitor.config import Settings
from monitor.delivery.finding import TEST
from monitor.delivery.mark import Mark, read, signed
from monitor.delivery.pace import Pace
from monitor.edges.store import Delivery, Store
from monitor.edges.telegram import Channel
from monitor.errors import DeliveryError
from monitor.models import Edition, Part
from monitor.posting import deliver
from tests import bot_api
from tests.conftest import write_config
from tests.standin.world import Sent

PARTS, LINES, MOST_KILLS, MOST_FAULTS = 3, 6, 4, 6
FAULTS = [
    "reset_before", "reset_after", "hang", "late", "429", "400", "403", "500_before", "500_after",
    "502_before", "502_after", "bad_json",
]  # fmt: skip
WAYS = ["witness", "preview", "forward", "all"]
# two minutes of Telegram are a second here; one request in five hundred comes later than that, for the sweeps to find
SHORT = timedelta(milliseconds=40)
PACE = Pace(
    between=timedelta(milliseconds=5),
    settle=timedelta(seconds=1),
    patience=0.3,
    sweeps=(timedelta(seconds=1.2), timedelta(seconds=1.8)),
    first=SHORT,
    longest=8 * SHORT,
    refused=2 * SHORT,
)
LATENESS, TOO_LATE = 0.5, 1.5  # seconds
DAY = date(2026, 11, 21)
_LONGEST_LIFE = 60.0  # seconds in which whatever is left can be done
Sender = Callable[[Path, dict[str, str]], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """One edition's way into the channel: its dice, and how the channel can be read."""

    number: int
    seed: int
    sender: Sender

    @property
    def dice(self) -> random.Random:
        """The trial's own dice."""
        return random.Random(self.seed * 100_003 + self.number)  # noqa: S311 - dice

    def settings(self, telegram: bot_api.BotApi) -> dict[str, str]:
        """Return the settings by which the channel can be read in one way, or in all."""
        way = WAYS[self.number % len(WAYS)]
        found = telegram.environment()
        if way not in {"preview", "all"}:
            found["TELEGRAM_CHANNEL"] = str(bot_api.CHANNEL)
        if way in {"witness", "all"}:
            found["TELEGRAM_WITNESS_TOKEN"] = bot_api.WITNESS
        if way in {"forward", "all"}:
            found["TELEGRAM_ADMIN_CHAT"] = str(bot_api.ADMIN)
        return found


def parts() -> list[Part]:
    """Return an edition's messages as they are frozen."""
    texts = (f"<b>Bản tin</b> phần {number}/{PARTS}" for number in range(1, PARTS + 1))
    return [signed(DAY, Part(number, PARTS, html)) for number, html in enumerate(texts, start=1)]


def careful(folder: Path, environment: dict[str, str]) -> None:
    """Post as the program does, until everything stands and has been swept."""
    logging.disable()
    settings = Settings.model_validate({name.lower(): value for name, value in environment.items()})
    built = build(folder / "sources.yaml", settings=settings)
    app = App(**{**vars(built), "pace": PACE})
    with app.store() as store:
        if not store.outbox.of(DAY):
            store.editions.add(Edition(DAY, "Tên", (), ()), (), app.clock(), app.chat, tuple(parts()))
        asyncio.run(_deliver_all(app, store))


async def _deliver_all(app: App, store: Store) -> None:
    while any(one.state is not Delivery.SENT or one.sweeps < len(PACE.sweeps) for one in store.outbox.of(DAY)):
        await deliver(app, store)
        await asyncio.sleep(0.02)


def naive(folder: Path, environment: dict[str, str]) -> None:
    """Post, then note it; after a fault or a restart send again what is not noted."""
    logging.disable()
    asyncio.run(_send_all(folder, environment))


async def _send_all(folder: Path, environment: dict[str, str]) -> None:
    where = environment["TELEGRAM_CHANNEL"], environment["TELEGRAM_API_URL"]
    async with Channel(environment["TELEGRAM_BOT_TOKEN"], *where, read_timeout=PACE.patience) as channel:
        for part in parts():
            while not _note(folder, part).exists():
                with suppress(DeliveryError):
                    await channel.post(part)
                    _note(folder, part).touch()
                await asyncio.sleep(0.02)


def _note(folder: Path, part: Part) -> Path:
    return folder / f"posted-{part.number}"


def run(trial: Trial) -> Counter[str]:
    """Let one edition be posted through kills and faults; returns what was found in the channel at the end."""
    dice, count = trial.dice, Counter[str]()
    with tempfile.TemporaryDirectory() as name, bot_api.serving() as telegram:
        server = telegram.server
        server.retry_after, server.hanging = 1, PACE.patience * 2
        server.lateness = TOO_LATE if dice.random() < 0.1 else LATENESS
        for _ in range(dice.randint(0, MOST_FAULTS)):
            telegram.faults += [*[""] * dice.choice((0, 0, 1, 2)), dice.choice(FAULTS)]
        count["faults"] = sum(bool(fault) for fault in telegram.faults)
        write_config(Path(name), ("Báo Mẫu", "https://bao.example/rss"))
        written = [telegram.world.write(bot_api.CHANNEL, "Bài của ban biên tập")]
        environment = trial.settings(telegram)
        _learn_the_floor(Path(name), environment, written[0])
        for _ in range(dice.randint(0, MOST_KILLS)):
            count["killed"] += _live(trial, Path(name), environment, dice.uniform(0.02, 1.2))
            if dice.random() < 0.6:
                written.append(telegram.world.write(bot_api.CHANNEL, "Bài của ban biên tập"))
        count["stuck"] += _live(trial, Path(name), environment, _LONGEST_LIFE)
        time.sleep(server.lateness if trial.sender is naive else 0)
        count.update(_judge(telegram.shown, written))
        count["copies left with the operator"] = len(telegram.world.shown(bot_api.ADMIN))
    if trial.sender is careful and (count["test messages left"] or not count["once, in order"]):
        print(f"  broken: edition {trial.number}, read back by {WAYS[trial.number % len(WAYS)]}: {dict(count)}")
    return count


def _learn_the_floor(folder: Path, environment: dict[str, str], sent: Sent) -> None:
    """Let the store know how far the channel has come, as `monitor doctor` does."""
    with Store(folder / "diembao.sqlite3") as store:
        store.chats.saw(environment["TELEGRAM_CHANNEL"], sent.id)


def _live(trial: Trial, folder: Path, environment: dict[str, str], seconds: float) -> bool:
    """Let a process post for a while, and kill it if it has not ended; returns whether it was killed."""
    process = processes.Process(target=trial.sender, args=(folder, environment))
    process.start()
    process.join(seconds)
    process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL


def _judge(shown: list[Sent], written: list[Sent]) -> Counter[str]:
    """Hold the channel against the edition and what other people wrote."""
    wanted = [mark for part in parts() if (mark := read(part.html))]
    found: list[Mark] = [mark for sent in shown if sent.bot and (mark := read(sent.text))]
    times = Counter(found)
    count = Counter({
        "posted twice": sum(max(0, times[mark] - 1) for mark in wanted),
        "lost": sum(not times[mark] for mark in wanted),
        "out of order": int(list(dict.fromkeys(found)) != wanted and set(found) == set(wanted)),
        "others' posts lost": sum(sent not in shown for sent in written),
        "test messages left": sum(sent.text == TEST for sent in shown),
    })  # fmt: skip
    count["once, in order"] = int(found == wanted)
    return count


def trials(number: int, seed: int, sender: Sender) -> Counter[str]:
    """Run so many trials, a few at once; returns the sums."""
    found = Counter[str]()
    with progress(f"editions posted by a {sender.__name__} sender", number) as step, ThreadPoolExecutor(LINES) as pool:
        for done in as_completed([pool.submit(run, Trial(one, seed, sender)) for one in range(number)]):
            found += done.result()
            step()
    return found


def main() -> bool:
    """Print the figures; returns whether every promise was kept, and whether the naive sender broke its own."""
    number, seed = int(os.environ.get("DIEMBAO_POSTINGS", "500")), int(os.environ.get("DIEMBAO_SEED", "1"))
    began = time.monotonic()
    ours = trials(number, seed, careful)
    took = time.monotonic() - began
    theirs = trials(max(20, number // 10), seed, naive)
    print(f"Posting through SIGKILL and Telegram's faults, {took:.0f} s, seed {seed}: ours | a naive sender")
    print(f"  {'editions':30}{number:6} |{max(20, number // 10):6}")
    for what in (
        "killed", "faults", "once, in order", "posted twice", "lost", "out of order", "stuck",
        "others' posts lost", "test messages left", "copies left with the operator",
    ):  # fmt: skip
        print(f"  {what:30}{ours[what]:6} |{theirs[what]:6}")
    kept = ours["once, in order"] == number and not (ours["others' posts lost"] or ours["test messages left"])
    return kept and theirs["posted twice"] > 0
