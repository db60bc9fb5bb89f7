"""Regular expressions: none can be kept busy by a text made for it."""

import re
import time
from typing import Any

import pytest

from tests.patterns import busy, patterns

LONG = 50_000  # letters; a page's largest single text
BOUND = 0.5  # seconds of CPU for one of them, on a busy machine
_SUSPICIOUS = 0.02  # seconds for 6,000 letters; steps that grow with the square show here


def seconds(pattern: re.Pattern[Any], text: tuple[str, str, str], size: int) -> float:
    """Return the CPU time of a search through `size` letters."""
    head, body, tail = text
    whole = (head + body * (size // len(body)))[:size] + tail
    given = whole if isinstance(pattern.pattern, str) else whole.encode()
    began = time.process_time()
    pattern.search(given)
    return time.process_time() - began


def slow(pattern: re.Pattern[Any], text: tuple[str, str, str]) -> bool:
    """Tell whether a text of 50,000 letters takes too long; the sizes before it show what would never end."""
    for size in (16, 20, 24, 200, 800, 6_000):
        if (spent := seconds(pattern, text, size)) > _SUSPICIOUS:
            return size < 6_000 or spent > BOUND / 5 or seconds(pattern, text, LONG) > BOUND
    return False


def test_no_pattern_of_the_program_can_be_kept_busy() -> None:
    known = patterns()
    assert len(known) > 300
    assert [f"{name}: {text}" for name, pattern in known.items() for text in busy(pattern) if slow(pattern, text)] == []


@pytest.mark.parametrize("bad", [r"(a+)+$", r"\s+$", r"x*\s*,?\s*y"])
def test_this_very_test_finds_patterns_that_can_be(bad: str) -> None:
    pattern = re.compile(bad)
    assert any(slow(pattern, text) for text in busy(pattern))
