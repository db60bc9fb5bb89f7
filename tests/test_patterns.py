"""Regular expressions: none can be kept busy by a text made for it."""

import re
import time
from typing import Any

import pytest

from tests.patterns import busy, patterns

LONG = 50_000  # letters; a page's largest single text
BOUND = 2.0  # seconds of CPU for one of them, on a busy machine: six times what the slowest takes on an idle one
_SOON, _SUSPICIOUS = 0.05, 0.02  # seconds for a few letters, and for 6,000: what grows shows here
_STEEP = 20  # times as long for 6,000 letters as for 800: twice what a steady search takes, a third of a square
_NEVER_SEEN = {
    "monitor.edges.store.dialect": "reads the program's own migrations and statements alone",
    "monitor.scrape.gate b'<(?!meta": "is given a text up to its last '>', so that each '<' finds one",
}


def seconds(pattern: re.Pattern[Any], text: tuple[str, str, str], size: int) -> float:
    """Return the CPU time of a search through `size` letters."""
    head, body, tail = text
    whole = (head + body * (size // len(body)))[:size] + tail
    given = whole if isinstance(pattern.pattern, str) else whole.encode()
    began = time.process_time()
    pattern.search(given)
    return time.process_time() - began


def quickest(pattern: re.Pattern[Any], text: tuple[str, str, str], size: int) -> float:
    """Return the least CPU time of three searches: another process may have slowed one down."""
    return min(seconds(pattern, text, size) for _ in range(3))


def slow(pattern: re.Pattern[Any], text: tuple[str, str, str]) -> bool:
    """Tell whether a text of 50,000 letters takes too long; the sizes before it show what would never end."""
    if any(seconds(pattern, text, n) > _SOON < quickest(pattern, text, n) for n in (16, 20, 24, 200, 800)):
        return True
    spent = seconds(pattern, text, 6_000)
    if spent > _SOON and quickest(pattern, text, 6_000) > _STEEP * quickest(pattern, text, 800):
        return True
    return spent > _SUSPICIOUS and seconds(pattern, text, LONG) > BOUND < quickest(pattern, text, LONG)


def test_no_pattern_of_the_program_can_be_kept_busy() -> None:
    found = patterns()
    assert len(found) > 300
    known = {name: pattern for name, pattern in found.items() if not name.startswith(tuple(_NEVER_SEEN))}
    assert [f"{name}: {text}" for name, pattern in known.items() for text in busy(pattern) if slow(pattern, text)] == []


@pytest.mark.parametrize("bad", [r"(a+)+$", r"\s+$", r"x*\s*,?\s*y"])
def test_this_very_test_finds_patterns_that_can_be(bad: str) -> None:
    pattern = re.compile(bad)
    assert any(slow(pattern, text) for text in busy(pattern))
