"""Run every battery in turn, or those named (`python -m battery day many`), whatever the ones before them found.

Each has a process of its own: what one loads and holds is not counted as another's. Exit code 1 when a
promise was broken, 2 when there is no such battery.
"""

import subprocess
import sys
from importlib import import_module

NAMES = (
    *("kill", "posting", "full", "cluster", "chaos", "day", "many"),
    *("pairs", "clocks", "configs", "mangled", "articles", "digests"),
)


def main(named: list[str]) -> int:
    """Run the batteries of these names; returns the exit code."""
    if unknown := [name for name in named if name not in NAMES]:
        print(f"no battery {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    if len(named) == 1:
        return 0 if import_module(f"battery.{named[0]}").main() else 1
    broken = [one for one in named or NAMES if subprocess.run([sys.executable, "-m", "battery", one]).returncode]  # noqa: PLW1510, S603 - ours
    print("every promise was kept" if not broken else f"broken promises: {', '.join(broken)}")
    return 1 if broken else 0


if __name__ == "__main__":  # some start processes that load this anew
    sys.exit(main(sys.argv[1:]))
