"""Run every measurement in turn."""

from bench import addresses, archive, dedup, discovery, extract, feeds, line, relevance, scale, stories, summary

for part in (relevance, extract, discovery, feeds, addresses, dedup, stories, summary, archive, line):
    part.main()
scale.main(50_000)  # a million: python -m bench.scale
