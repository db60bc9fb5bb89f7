"""Run every battery in turn, whatever the ones before it found; exit code 1 when a promise was broken."""

import sys

from battery import articles, chaos, clocks, cluster, configs, day, digests, full, kill, mangled, many, pairs, posting

PARTS = (kill, posting, full, cluster, chaos, day, many, pairs, clocks, configs, mangled, articles, digests)

broken = [part.__name__ for part in PARTS if not part.main()]
print("every promise was kept" if not broken else f"broken promises: {', '.join(broken)}")
sys.exit(1 if broken else 0)
