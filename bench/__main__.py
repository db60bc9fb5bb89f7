"""Run every measurement in turn."""

from bench import (
    addresses,
    archive,
    cluster,
    dedup,
    discovery,
    extract,
    feeds,
    line,
    relevance,
    scale,
    settling,
    sizes,
    stories,
    summary,
    turns,
)

for part in (
    relevance,
    extract,
    discovery,
    feeds,
    addresses,
    dedup,
    stories,
    settling,
    summary,
    archive,
    line,
    cluster,
    turns,
    sizes,
):
    part.main()
scale.main(50_000)  # a million: python -m bench.scale
