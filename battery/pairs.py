"""Pairs of services started at once on one store: one works, the other says why not in a line and ends with 2.

DIEMBAO_PAIRS sets how many (default 20).
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from battery.progress import stepped
from tests.conftest import environment, write_config

_PATIENCE = 60  # seconds for one pair


def _pair(folder: Path) -> str:
    """Start two services; returns "one works", or what went wrong."""
    command = [sys.executable, "-m", "monitor", "run"]
    both = [
        subprocess.Popen(command, cwd=folder, env=environment(), stderr=subprocess.PIPE, text=True)  # noqa: S603 - ours
        for _ in range(2)
    ]
    deadline = time.monotonic() + _PATIENCE
    while all(one.poll() is None for one in both) and time.monotonic() < deadline:
        time.sleep(0.05)
    ended = [one for one in both if one.poll() is not None]
    if len(ended) != 1:
        outcome = f"{len(ended)} ended"
    else:
        said = (ended[0].communicate()[1] or "").strip()
        good = ended[0].returncode == 2 and "is writing here" in said and len(said.splitlines()) == 1
        outcome = "one works" if good else f"it said {said[:80]!r}, code {ended[0].returncode}"
    for one in both:
        if one.poll() is None:
            one.send_signal(signal.SIGTERM)
        one.communicate(timeout=_PATIENCE)
    return outcome


def main() -> bool:
    """Print the figures; returns whether every promise was kept."""
    count = int(os.environ.get("DIEMBAO_PAIRS", "20"))
    with tempfile.TemporaryDirectory() as name:
        write_config(Path(name), ("Báo Mẫu", "http://127.0.0.1:9/rss"))
        came = Counter(_pair(Path(name)) for _ in stepped("pairs of services", range(count)))
    print(f"{count} pairs of services started at once on one store")
    for outcome, times in came.most_common():
        print(f"  {outcome:60}{times:6}")
    return set(came) == {"one works"}


if __name__ == "__main__":
    raise SystemExit(not main())
