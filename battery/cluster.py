"""Workers that share one PostgreSQL, killed and frozen at random, against what papers served.

Their server is restarted at random too, and once lost for good, its standby taking over.

DIEMBAO_WORKERS (default 3), DIEMBAO_CLUSTER (3,000 sources) and DIEMBAO_MINUTES (10) set the size, DIEMBAO_SEED
the dice.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from battery.progress import progress, stepped
from monitor.edges.store import Delivery, Store
from monitor.models import Label
from tests import bot_api, papers, postgres
from tests.conftest import environment

_EVERY = timedelta(minutes=1)
_LATE = timedelta(minutes=5)  # a lease of a dead worker, and the job it left, are waited for a minute or two
_RESTARTS = 12  # one fault in so many is the server's
_SETTLING = 1200  # seconds without faults at the end, in which a slow machine too has done whatever was due
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_WRONG = (
    "lost", "twice", "never polled", "not visited since", "visits late by 5 min", "hosts visited twice at once",
    "posted twice", "ended badly",
)  # fmt: skip


@dataclass
class Crew:
    """The workers, and what was done to them."""

    folder: Path
    env: dict[str, str]
    jobs: int = 16
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    frozen: dict[int, float] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        """Start one worker more."""
        with (self.folder / "workers.log").open("ab") as log:
            self.running.append(
                subprocess.Popen(  # noqa: S603 - the program under test
                    [sys.executable, "-m", "monitor", "worker", "--jobs", str(self.jobs)],
                    cwd=self.folder, env=self.env, stdout=log, stderr=log,
                )
            )  # fmt: skip

    def restart(self, server: postgres.Server, dice: random.Random) -> None:
        """Stop the server, in order or as a crash does, and start it again seconds later."""
        server.stop(dice.choice(["fast", "immediate"]))
        time.sleep(dice.uniform(0, 8))
        server.start()
        self.done["server restarted"] += 1

    def lose(self, server: postgres.Server) -> None:
        """Lose the server for good: its standby takes over."""
        server.fail_over()
        self.done["server lost"] += 1

    def hurt(self, dice: random.Random) -> None:
        """Kill a worker, which another one replaces, or freeze it for longer than its leases last."""
        victim = dice.choice(self.running)
        if dice.random() < 0.5 and victim.pid not in self.frozen:
            victim.send_signal(signal.SIGSTOP)
            self.frozen[victim.pid] = time.monotonic() + dice.uniform(20, 75)
            self.done["frozen"] += 1
        else:
            self.frozen.pop(victim.pid, None)
            victim.kill()
            victim.wait()
            self.running.remove(victim)
            self.done["killed"] += 1
            self.start()

    def tend(self, *, thaw: bool = False) -> None:
        """Let those go on whose time has come, and replace those that ended by themselves."""
        for worker in list(self.running):
            if self.frozen.get(worker.pid, float("inf")) < time.monotonic() or (thaw and worker.pid in self.frozen):
                worker.send_signal(signal.SIGCONT)
                del self.frozen[worker.pid]
            if worker.poll() is not None:
                self.running.remove(worker)
                self.done["gave up"] += 1
                self.start()

    def stop(self) -> None:
        """Ask all to end, and count those that do not end well."""
        for worker in self.running:
            worker.terminate()
        for worker in self.running:
            try:
                self.done["ended badly"] += worker.wait(30) != 0
            except subprocess.TimeoutExpired:
                worker.kill()
                self.done["ended badly"] += 1


def write_config(folder: Path, served: papers.Papers, digest_at: datetime) -> None:
    """Write a sources.yaml of all papers, each visited every minute, with one digest."""
    lines = ["fetch: {pause: 0s, timeout: 30s}", f"digest: {{at: '{digest_at.astimezone(_ZONE):%H:%M}'}}", "sources:"]
    lines += [f'  - {{name: "{name}", url: "{url}", every: 1m, robots: ignore}}' for name, url in served.sources()]
    (folder / "sources.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _judge(address: str, served: papers.Papers, until: datetime) -> Counter[str]:
    """Hold what was stored against what was served."""
    found: Counter[str] = Counter()
    with Store(address, read_only=True) as store:
        kept = Counter(report.article.url for report in store.articles.export(None, None, [Label.CAMPAIGN]))
        due = {url for url, at in served.listed.items() if at < until and served.is_campaign(url)}
        late = "SELECT url FROM link WHERE outcome IN ('pending', 'retry')"  # a frozen worker's fetch timed out
        put_off = {row["url"] for row in store.database.read(late)}
        found["articles"], found["put off"] = len(due), len(due & put_off)
        lost = due - set(kept) - put_off
        found["lost"] = len(lost)
        known = {row["url"]: row for row in store.database.read("SELECT url, outcome, detail FROM link")}
        for url in lost:
            row = known.get(url)
            became = f"{row['outcome']} {row['detail']}" if row else "was never seen"
            print(f"  lost: {url}, listed at {served.listed[url]:%H:%M:%S}: {became}")
        found["twice"] = sum(number - 1 for number in kept.values())
        rounds = defaultdict(list)
        for row in store.database.read("SELECT source_id, ended_at FROM round ORDER BY ended_at"):
            rounds[row["source_id"]].append(row["ended_at"])
        found["polls"] = sum(map(len, rounds.values()))
        calm = until.timestamp() * 1000
        found["never polled"] = served.count - len(rounds)
        found["not visited since"] = sum(ended[-1] < calm for ended in rounds.values())
        gaps = [later - ended for each in rounds.values() for ended, later in pairwise(each)]
        longest = (_EVERY * 1.2 + _LATE).total_seconds() * 1000
        found["visits late by 5 min"] = sum(gap > longest for gap in gaps)
        found["longest wait, s"] = max(gaps, default=0) // 1000
        found["editions"] = len(store.editions.recent(9))
        messages = [one for edition in store.editions.recent(9) for one in store.outbox.of(edition.date)]
        found["messages"] = len(messages)
        found["in doubt"] = sum(one.state is Delivery.UNKNOWN for one in messages)
    found["hosts visited twice at once"] = sum(most > 1 for most in served.busiest.values())
    return found


def _settle(crew: Crew, address: str, served: papers.Papers, calm: datetime) -> int:
    """Wait until every source was read since a moment, and the edition was made; returns for how many seconds."""
    began = time.monotonic()
    with Store(address, read_only=True) as store, progress("sources read after the last fault", served.count) as step:
        unseen = "SELECT count(*) AS n FROM source WHERE coalesce(last_good_at, 0) < :calm"
        left = served.count
        while time.monotonic() - began < _SETTLING:
            time.sleep(1)
            crew.tend()
            before, left = left, store.database.read(unseen, {"calm": int(calm.timestamp() * 1000)})[0]["n"]
            for _ in range(before - left):
                step()
            if not left and store.editions.last():
                break
    return int(time.monotonic() - began)


def _plan(seconds: float, dice: random.Random) -> list[float]:
    """Return the pauses before each fault of a run."""
    pauses = list[float]()
    while sum(pauses) < seconds:
        pauses.append(dice.uniform(2, 10))
    return pauses


@contextmanager
def _with_standby() -> Iterator[postgres.Server]:
    with postgres.serving() as server:
        server.stand_by()
        yield server


def main() -> bool:
    """Print the figures; returns whether every promise was kept."""
    workers, count = int(os.environ.get("DIEMBAO_WORKERS", "3")), int(os.environ.get("DIEMBAO_CLUSTER", "3000"))
    minutes, seed = float(os.environ.get("DIEMBAO_MINUTES", "10")), int(os.environ.get("DIEMBAO_SEED", "1"))
    dice = random.Random(seed)  # noqa: S311
    with (
        tempfile.TemporaryDirectory() as name,
        _with_standby() as server,
        server.database() as address,
        papers.serving(count, timedelta(minutes=5)) as served,
        bot_api.serving() as telegram,
    ):
        folder = Path(name)
        # a source must be known before the edition closes, and its hour has no seconds
        write_config(folder, served, datetime.now(UTC) + timedelta(minutes=max(2.5, minutes * 0.4)))
        crew = Crew(folder, environment() | telegram.environment() | {"MONITOR_DATABASE": address})
        for _ in range(workers):
            crew.start()
        plan = _plan(minutes * 60, dice)
        for number, pause in enumerate(stepped("faults", plan)):
            time.sleep(pause)
            if number == len(plan) // 2:
                crew.lose(server)
            elif number % _RESTARTS == _RESTARTS // 2:
                crew.restart(server, dice)
            else:
                crew.hurt(dice)
            crew.tend()
        crew.tend(thaw=True)
        calm = datetime.now(UTC)
        waited = _settle(crew, address, served, calm)
        crew.stop()
        found = _judge(address, served, calm)
        found["all visited after, s"] = waited
        posted = Counter(post.get("text", post.get("caption", "")) for post in telegram.posts)
        found["posted twice"] = sum(number - 1 for number in posted.values())
        if os.environ.get("DIEMBAO_LOG"):
            (folder / "workers.log").rename(os.environ["DIEMBAO_LOG"])
    print(f"{workers} workers, {count} sources a minute, faults for {minutes:g} minutes, seed {seed}")
    for what, number in {**crew.done, **found}.items():
        print(f"  {what:28}{number:8}")
    return not any({**crew.done, **found}[what] for what in _WRONG) and found["editions"] == 1
