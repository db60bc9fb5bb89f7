"""Run every battery in turn; exit code 1 when a promise was broken."""

import sys

from battery import articles, chaos, cluster, digests, full, kill, mangled, posting

sys.exit(0 if all(part.main() for part in (kill, posting, full, cluster, chaos, mangled, articles, digests)) else 1)
