"""Run every battery in turn, or those named (`python -m battery day many`), whatever the ones before them found.

Exit code 1 when a promise was broken, 2 when there is no such battery.
"""

import sys

from battery import articles, chaos, clocks, cluster, configs, day, digests, full, kill, mangled, many, pairs, posting

PARTS = (kill, posting, full, cluster, chaos, day, many, pairs, clocks, configs, mangled, articles, digests)

if __name__ == "__main__":  # some start processes that load this anew
    by_name = {part.__name__.removeprefix("battery."): part for part in PARTS}
    named = sys.argv[1:] or list(by_name)
    if unknown := [name for name in named if name not in by_name]:
        print(f"no battery {', '.join(unknown)}; there are {', '.join(by_name)}", file=sys.stderr)
        sys.exit(2)
    broken = [name for name in named if not by_name[name].main()]
    print("every promise was kept" if not broken else f"broken promises: {', '.join(broken)}")
    sys.exit(1 if broken else 0)
