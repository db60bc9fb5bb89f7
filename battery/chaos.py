"""The service among misbehaving servers: none holds it up, all are named, healthy sources are read on time.

What it prints is the table of docs/fetching.md.

DIEMBAO_CHAOS sets how many servers of each kind there are (default 1, seventy kinds),
DIEMBAO_CHAOS_SECONDS how long the service runs (default 240).
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from battery.progress import progress
from monitor.edges.store import Store
from monitor.models import Label
from tests.conftest import environment
from tests.hostile import HARMLESS, misbehaving
from tests.loopback import Loopback, serving
from tests.newsroom import publish

HEALTHY = 20
DEADLINE = 5.0  # seconds that an answer may take
MEMORY = 150  # megabytes of the main process
_INTERVAL = (
    60 * 1.2 + 15
)  # seconds between two visits to a source of "every: 1m" at most: stray, and the service's beat
_SLACK = 10.0  # seconds beyond that which are on time still
_BEGUN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


@dataclass
class Paper:
    """A healthy source: when its feed was asked for, and what it published."""

    site: Loopback
    number: int
    visits: list[float] = field(default_factory=list)
    served: list[str] = field(default_factory=list)

    def watch(self, path: str) -> None:
        """Note a visit to the feed."""
        if path.endswith(".rss"):
            self.visits.append(time.monotonic())

    def publish(self, count: int) -> None:
        """Have published so many articles by now."""
        self.served = publish(self.site, count, _BEGUN, f"bao-{self.number}", self.number * 1000)


@dataclass
class Watched:
    """The most memory that the service and its readers ever held, in kB."""

    main: int = 0
    readers: int = 0

    def look(self, pid: int) -> None:
        """Look at the service and its readers."""
        self.main = max(self.main, _memory(pid))
        self.readers = max([self.readers, *map(_memory, _children(pid))])


def main() -> bool:
    """Print the figures; returns whether every promise was kept."""
    copies, seconds = int(os.environ.get("DIEMBAO_CHAOS", "1")), float(os.environ.get("DIEMBAO_CHAOS_SECONDS", "240"))
    with tempfile.TemporaryDirectory() as name, ExitStack() as open_:
        folder, began = Path(name), time.monotonic()
        papers = [Paper(open_.enter_context(serving()), number) for number in range(1, HEALTHY + 1)]
        for paper in papers:
            paper.site.before = paper.watch
        hostile = [open_.enter_context(misbehaving()) for _ in range(copies)]
        bad = {f"{kind} {n}": url for n, one in enumerate(hostile) for kind, url in one.urls.items()}
        _configure(folder, papers, bad)
        watched, left = _run(folder, papers, seconds)
        status, (waiting, lost) = _status(folder), _missing(folder, papers)
        ended = time.monotonic()
        open_.close()
        stayed = [time_ for one in hostile for times in one.stayed.values() for time_ in times]
        unnamed = [one["source"] for one in status if one["source"] in bad and not _is_named(one)]
        late = max(_late(paper.visits, began, ended) for paper in papers)
    print(f"{len(bad)} misbehaving sources of {len(bad) // copies} kinds among {HEALTHY} healthy ones, {seconds:.0f} s")
    held = sum(one > DEADLINE + 1.5 for one in stayed)
    served = sum(len(paper.served) for paper in papers)
    figures = {
        "promise": "figure",
        "---": "---",
        "answers held beyond the deadline (and 1.5 s)": f"{held} of {len(stayed)}, the longest {max(stayed):.1f} s",
        "healthy sources visited late": f"at most {max(late, 0.0):.1f} s after their time",
        "articles of healthy sources lost": f"{lost} of {served}; {waiting} to be tried again",
        "faults that `monitor status` does not name": f"{len(unnamed)} of {len(bad)} {', '.join(unnamed)}".strip(),
        "memory of the service at its peak": f"{watched.main / 1024:.0f} MB; {MEMORY} are allowed",
        "memory of a reading process at its peak": f"{watched.readers / 1024:.0f} MB",
        "stops when told to": "yes" if left else "NO",
    }
    for promise, figure in figures.items():
        print(f"| {promise} | {figure} |")
    kept = not lost and not unnamed and late <= _SLACK and watched.main < MEMORY * 1024 and left
    return kept and max(stayed) <= DEADLINE + 1.5


def _configure(folder: Path, papers: Sequence[Paper], bad: dict[str, str]) -> None:
    sources = {f"Báo {paper.number}": paper.site.url("/rss/home.rss") for paper in papers} | bad
    lines = [f"fetch: {{pause: 0s, timeout: {DEADLINE:g}s}}", "sources:"]
    lines += [f'  - {{name: "{name}", url: "{url}", every: 1m}}' for name, url in sources.items()]
    (folder / "sources.yaml").write_text("\n".join(lines), encoding="utf-8")


def _run(folder: Path, papers: Sequence[Paper], seconds: float) -> tuple[Watched, bool]:
    """Let the service run while papers go on publishing, the last time two visits before the end."""
    watched, began, count, told = Watched(), time.monotonic(), 0, 0
    with (folder / "log.txt").open("w") as log, progress("seconds among misbehaving servers", int(seconds)) as step:
        command = [sys.executable, "-m", "monitor", "run"]
        service = subprocess.Popen(command, cwd=folder, env=environment(), stdout=log, stderr=log)  # noqa: S603
        while (passed := time.monotonic() - began) < seconds:
            if passed >= count * 10 and (count == 0 or passed < seconds - 2 * _INTERVAL):
                count += 1
                for paper in papers:
                    paper.publish(count)
            watched.look(service.pid)
            time.sleep(0.2)
            if passed >= told + 1:
                told += 1
                step()
        service.send_signal(signal.SIGTERM)
        try:
            return watched, service.wait(30) == 0
        except subprocess.TimeoutExpired:
            service.kill()
            return watched, False


def _status(folder: Path) -> list[dict[str, str]]:
    command = [sys.executable, "-m", "monitor", "status", "--json"]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=True)  # noqa: S603
    found: list[dict[str, str]] = json.loads(done.stdout)["sources"]
    return found


def _is_named(one: dict[str, str]) -> bool:
    kind = one["source"].rsplit(" ", 1)[0]
    return bool(one["because"]) or (kind in HARMLESS and one["condition"] != "new")


def _missing(folder: Path, papers: Sequence[Paper]) -> tuple[int, int]:
    """Return how many articles of healthy papers are not stored: those still to be followed, and those lost."""
    with Store(folder / "diembao.sqlite3", read_only=True) as store:
        kept = {report.article.url for report in store.articles.export(None, None, [Label.CAMPAIGN])}
        rows = store.database.read("SELECT url FROM link WHERE outcome IN ('pending', 'retry')")
    missing = {url for paper in papers for url in paper.served} - kept
    lost = missing - {str(row["url"]) for row in rows}
    return len(missing - lost), len(lost)


def _late(visits: Sequence[float], began: float, ended: float) -> float:
    """Return by how much the longest wait for a visit was longer than it may be, in seconds."""
    times = [began, *visits, ended]
    return max(after - before for before, after in pairwise(times)) - _INTERVAL


def _children(pid: int) -> Iterator[int]:
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            yield from map(int, (task / "children").read_text().split())
    except (OSError, ValueError):
        return


def _memory(pid: int) -> int:
    """Return the most memory that a process ever held, in kB; 0 when it is gone."""
    try:
        said = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in said.splitlines() if line.startswith("VmHWM")), 0)
