"""Run every measurement in turn."""

from bench import discovery, extract, feeds, line, relevance

for part in (relevance, extract, discovery, feeds, line):
    part.main()
