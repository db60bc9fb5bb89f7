"""Run every measurement in turn."""

from bench import extract, line, relevance

for part in (relevance, extract, line):
    part.main()
