"""Run every measurement in turn."""

from bench import addresses, dedup, discovery, extract, feeds, line, relevance, scale, stories

for part in (relevance, extract, discovery, feeds, addresses, dedup, stories, line):
    part.main()
scale.main(50_000)  # a million: python -m bench.scale
