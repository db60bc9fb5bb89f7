"""The mark by which a message of an edition is known again in the channel: its last line.

It follows from the message's day, number and text alone, so whoever has the outbox can look for it.
"""

import re
from base64 import b32encode
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from monitor.models import Part

_LETTERS = 6  # of 32 kinds: two texts of one part and day have the same mark once in a thousand million
_MARK = re.compile(rf"DB(\d{{8}})-(\d{{1,3}})-([a-z2-7]{{{_LETTERS}}})\s*\Z")


@dataclass(frozen=True, slots=True)
class Mark:
    """Which message of which edition it is, and the hash of its text."""

    day: date
    number: int
    hash: str

    def __str__(self) -> str:
        return f"DB{self.day:%Y%m%d}-{self.number}-{self.hash}"


def signed(day: date, part: Part) -> Part:
    """Return a message with its mark as last line; one that has it comes back as it is."""
    if read(part.html):
        return part
    hashed = b32encode(sha256(part.html.encode()).digest()).decode().lower()[:_LETTERS]
    return replace(part, html=f"{part.html}\nMã tin: {Mark(day, part.number, hashed)}")


def read(text: str) -> Mark | None:
    """Return the mark in the last line of a message, None when it has none."""
    found = _MARK.search(text)
    if not found:
        return None
    try:
        return Mark(datetime.strptime(found[1], "%Y%m%d").date(), int(found[2]), found[3])  # noqa: DTZ007 - a date
    except ValueError:
        return None
