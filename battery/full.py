"""A disk that fills up: a small file system of its own, made in a user namespace, on which polls run until it is full.

DIEMBAO_FULL sets how often it fills up (default 3). Where the system allows no such namespace the
battery is skipped and says so.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from battery.progress import progress
from monitor.edges.store import Store
from monitor.models import Label
from tests.conftest import environment, write_config
from tests.loopback import Loopback, serving
from tests.newsroom import publish

ARTICLES = 40
_SMALL, _ROOM = 3, 200  # megabytes
_APART = ("unshare", "-Urm")  # with users and mounts of its own
_FOREVER = 60  # seconds after which what should happen did not


def main() -> bool:
    """Print the figures; returns whether every promise was kept."""
    with tempfile.TemporaryDirectory() as name:
        tried = subprocess.run(  # noqa: S603 - the system's own
            [*_APART, "mount", "-t", "tmpfs", "none", name], capture_output=True, text=True, check=False
        )
        if tried.returncode:
            print(f"a full disk: skipped, no file system can be mounted here: {tried.stderr.strip()[-100:]}")
            return True
        done = subprocess.run(  # noqa: S603 - ourselves
            [*_APART, sys.executable, "-m", "battery.full", name], stdout=subprocess.PIPE, text=True, check=False
        )
    if done.returncode:
        print(f"a full disk: the battery ended by itself with {done.returncode}")
        return False
    found = json.loads(done.stdout)
    print("a full disk")
    for what, number in found.items():
        print(f"  {what:28}{number:6}")
    return not any(found[what] for what in ("rows lost", "damaged", "stored twice", "fetched while full"))


def _inside(folder: Path) -> dict[str, int]:
    """Fill the disk again and again, then let the service stand before a full one; returns the figures."""
    count: Counter[str] = Counter(dict.fromkeys(("rows lost", "damaged", "stored twice", "fetched while full"), 0))
    _mount("-t", "tmpfs", "-o", f"size={_SMALL}m", "none", str(folder))
    times = int(os.environ.get("DIEMBAO_FULL", "3"))
    with serving() as site, progress("disks filled", times + 2) as step:
        write_config(folder, ("Báo Mẫu", site.url("/rss/home.rss")))
        served: list[str] = []
        for _ in range(times):
            _fill_up(folder, site, served, count)
            _resize(folder, _ROOM)
            _settle(folder, served, count)
            _resize(folder, _used(folder) // 1_000_000 + 2)
            step()
        _read_only(folder, count)
        step()
        _stand_still(folder, site, served, count)
        step()
    count["articles served"] = len(served)
    return dict(count)


def _fill_up(folder: Path, site: Loopback, served: list[str], count: Counter[str]) -> None:
    """Poll until the disk is full; what was stored before must be there still."""
    while True:
        served += publish(site, ARTICLES, datetime.now(UTC), prefix=f"dot-{len(served)}", first=len(served) + 1)
        before = set(_stored(folder)) if (folder / "diembao.sqlite3").exists() else set()
        done = _monitor(folder, "poll")
        count["polls"] += 1
        if done.returncode:
            count["full"] += "is full" in done.stderr or "No space left" in done.stderr
            count["rows lost"] += len(before - set(_stored(folder)))
            return


def _settle(folder: Path, served: list[str], count: Counter[str]) -> None:
    """Poll once more, now that there is room: everything must be there, once."""
    done = _monitor(folder, "poll")
    stored = Counter(_stored(folder))
    count["polls"] += 1
    count["recovered"] += done.returncode == 0
    count["rows lost"] += len(set(served) - set(stored))
    count["stored twice"] += stored.total() - len(stored)


def _read_only(folder: Path, count: Counter[str]) -> None:
    """Poll on a disk that was mounted read-only: one line, and what was stored is there afterwards."""
    before = set(_stored(folder))
    _mount("-o", "remount,ro", str(folder))
    done = _monitor(folder, "poll")
    _mount("-o", "remount,rw", str(folder))
    count["read-only, said in a line"] = int(done.returncode == 1 and len(done.stderr.splitlines()) == 1)
    count["rows lost"] += len(before - set(_stored(folder)))


def _stand_still(folder: Path, site: Loopback, served: list[str], count: Counter[str]) -> None:
    """Start the service on a disk that is nearly full: it must wait, and go on by itself when there is room."""
    served += publish(site, ARTICLES, datetime.now(UTC), prefix="sau", first=len(served) + 1)
    _rewind(folder)
    asked = len(site.seen)
    with (folder.parent / f"{folder.name}.log").open("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run"], cwd=folder, env=environment(), stderr=log, stdout=log
        )
        _until(lambda: "polling stops" in Path(log.name).read_text())
        count["fetched while full"] = len(site.seen) - asked
        _resize(folder, _ROOM)
        _until(lambda: not set(served) - set(_stored(folder)))
        count["went on by itself"] = int("polling goes on" in Path(log.name).read_text())
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=_FOREVER)
    Path(log.name).unlink()
    count["rows lost"] += len(set(served) - set(_stored(folder)))
    with Store(folder / "diembao.sqlite3", read_only=True) as store:
        count["damaged"] = int(store.database.read("PRAGMA integrity_check")[0]["integrity_check"] != "ok")


def _rewind(folder: Path) -> None:
    """Make every source due."""
    with Store(folder / "diembao.sqlite3") as store, store.database.write() as db:
        db.execute("UPDATE source SET next_poll_at = 0")


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _FOREVER
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)


def _monitor(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the program under test
        [sys.executable, "-m", "monitor", command],
        cwd=folder, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip


def _stored(folder: Path) -> list[str]:
    with Store(folder / "diembao.sqlite3", read_only=True) as store:
        return [report.article.url for report in store.articles.export(None, None, [Label.CAMPAIGN])]


def _used(folder: Path) -> int:
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)  # noqa: S603, S607 - the system's own


def _resize(folder: Path, megabytes: int) -> None:
    _mount("-o", f"remount,size={megabytes}m", str(folder))


if __name__ == "__main__":
    print(json.dumps(_inside(Path(sys.argv[1]))))
