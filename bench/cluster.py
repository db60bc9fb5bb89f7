"""What a round costs, and what sharing the work costs: one process without a queue beside 1, 2 and 4 workers.

Each works on a new PostgreSQL database and the same papers: first rounds (a feed and eight articles
each), then rounds that find nothing new. The middle four fifths of each are measured. DIEMBAO_SOURCES
sets how many papers (default 600).
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg

from battery.progress import stepped
from tests import papers, postgres
from tests.conftest import environment

_TICKS = os.sysconf("SC_CLK_TCK")
_LONGEST = 600  # seconds for one measurement


@dataclass(frozen=True)
class Measured:
    """Rounds a second, and milliseconds of processor time a round: the workers', and the server's for them."""

    rate: float
    own: float
    server: float


def _cpu(pids: Sequence[int]) -> float:
    """Return the processor seconds of processes and of all below them, also of those that ended."""
    total = 0.0
    waiting = list(pids)
    while waiting:
        folder = Path(f"/proc/{waiting.pop()}")
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15])) / _TICKS
            for thread in (folder / "task").iterdir():
                waiting += map(int, (thread / "children").read_text().split())
        except OSError:
            continue
    return total


def _measure(db: "psycopg.Connection[tuple[int]]", pids: Sequence[int], server: int, first: int, last: int) -> Measured:
    """Wait until `last` rounds are stored, and return what those after the `first` cost."""
    marks = []
    end = time.monotonic() + _LONGEST
    for mark in (first, last):
        while (row := db.execute("SELECT count(*) FROM diembao.round").fetchone()) and row[0] < mark:
            if time.monotonic() > end:
                raise TimeoutError(f"{row[0]} rounds of {mark}")
            time.sleep(0.1)
        marks.append((row[0] if row else 0, time.monotonic(), _cpu(pids), _cpu([server])))
    (n0, t0, own0, server0), (n1, t1, own1, server1) = marks
    rounds = max(1, n1 - n0)
    return Measured(rounds / (t1 - t0), (own1 - own0) / rounds * 1000, (server1 - server0) / rounds * 1000)


def _run(server: postgres.Server, served: papers.Papers, folder: Path, workers: int) -> list[Measured]:
    """Return first rounds and quiet rounds of `workers` workers; of one process without a queue when that is 0."""
    count = served.count
    with server.database() as address, psycopg.connect(address, autocommit=True) as db:
        env = environment() | {"MONITOR_DATABASE": address}
        found = []
        command = ["worker"] if workers else ["poll"]
        running: list[subprocess.Popen[bytes]] = []
        for phase in range(2):
            while len(running) < max(1, workers):
                running.append(_started(command, folder, env))
            pids = [one.pid for one in running]
            postmaster = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
            found.append(
                _measure(db, pids, postmaster, phase * count + count // 10, phase * count + count * 9 // 10)
            )  # fmt: skip
            while db.execute("SELECT count(*) FROM diembao.source WHERE last_poll_at IS NULL").fetchone() != (0,):
                time.sleep(0.1)
            if not workers:
                running.pop().wait()
            db.execute("UPDATE diembao.source SET next_poll_at = 1")
        for one in running:
            one.terminate()
            one.wait(30)
        if not workers:
            _print_sizes(db)
    return found


_TABLES = {
    "an article": ("article", "story", "article_text", "shingle", "clue"),
    "a link": ("link",),
    "a round": ("round",),
}


def _print_sizes(db: "psycopg.Connection[tuple[int]]") -> None:
    """Print what a row takes with its indexes, and an article with all that belongs to it."""
    sizes = []
    for what, tables in _TABLES.items():
        sums = " + ".join(f"pg_total_relation_size('diembao.{name}')" for name in tables)
        row = db.execute(f"SELECT ({sums}) / greatest(1, (SELECT count(*) FROM diembao.{tables[0]}))".encode())  # noqa: S608 - our own names
        sizes.append(f"{(row.fetchone() or (0,))[0]:,} bytes {what}")
    print(f"Stored: {', '.join(sizes)}")


def _started(command: list[str], folder: Path, env: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - the program under test
        [sys.executable, "-m", "monitor", *command],
        cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def main() -> None:
    """Print the table."""
    count = int(os.environ.get("DIEMBAO_SOURCES", "600"))
    with (
        tempfile.TemporaryDirectory() as name,
        postgres.serving() as server,
        papers.serving(count, timedelta(days=1), delay=0.05, before=8) as served,
    ):
        folder = Path(name)
        lines = ["fetch: {pause: 0s}", "sources:"]
        lines += [f'  - {{name: "{n}", url: "{url}", every: 7d, robots: ignore}}' for n, url in served.sources()]
        (folder / "sources.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"\nRounds of {count} sources on PostgreSQL, {os.cpu_count()} cores for all of it, as in docs/scale.md\n")
        print(_HEAD)
        alone = None
        for workers in stepped("numbers of workers", (0, 1, 2, 4)):
            first, quiet = _run(server, served, folder, workers)
            alone = alone or quiet
            print(_row(workers, first, quiet, alone))


_HEAD = """\
| | first rounds a second | each takes, ms | quiet rounds a second | each takes, ms | of it the queue's |
|---|---|---|---|---|---|"""


def _row(workers: int, first: Measured, quiet: Measured, alone: Measured) -> str:
    """Return a row of the table: rates, milliseconds of processor of worker and server, the share lost to the queue."""
    name = f"{workers} worker{'s' * (workers > 1)}" if workers else "one process, no queue"
    cells = [name]
    for one in (first, quiet):
        cells += [f"{one.rate:.0f}", f"{one.own:.1f} + {one.server:.1f}"]
    share = 1 - (alone.own + alone.server) / (quiet.own + quiet.server)
    return f"| {' | '.join([*cells, f'{share:.0%}' if workers else '–'])} |"


if __name__ == "__main__":
    main()
