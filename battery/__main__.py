"""Run every battery in turn; exit code 1 when a promise was broken."""

import sys

from battery import articles, chaos, clocks, cluster, configs, day, digests, full, kill, mangled, many, pairs, posting

PARTS = (kill, posting, full, cluster, chaos, day, many, pairs, clocks, configs, mangled, articles, digests)

sys.exit(0 if all(part.main() for part in PARTS) else 1)
