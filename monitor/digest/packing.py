"""Blocks of Telegram's markup filled into messages: a block is never cut.

The limits are those of Telegram's own parser (docs/telegram.md), with room left for later
corrections: 4096 characters, 100 entities, about 9,500 bytes of entities, 32,768 bytes of markup.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

_TAG = re.compile(r"<(/?)(\w+)(?:\s+href=\"([^\"]*)\")?>")


@dataclass(frozen=True, slots=True)
class Size:
    """What a piece of markup uses of Telegram's four budgets."""

    points: int = 0
    entities: int = 0
    entity_bytes: int = 0
    raw_bytes: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(
            self.points + other.points,
            self.entities + other.entities,
            self.entity_bytes + other.entity_bytes,
            self.raw_bytes + other.raw_bytes,
        )

    def within(self, most: "Size") -> bool:
        """Tell whether it is no more than `most`, in each of the four."""
        return (
            self.points <= most.points
            and self.entities <= most.entities
            and self.entity_bytes <= most.entity_bytes
            and self.raw_bytes <= most.raw_bytes
        )


FULL = Size(points=4096, entities=100, entity_bytes=9500, raw_bytes=32_768)
"""What one message holds."""
_ROOM = Size(points=3700, entities=85, entity_bytes=8000, raw_bytes=30_000)


def measure(html: str) -> Size:
    """Return what a message's markup uses, as Telegram counts it."""
    tags = [tag for tag in _TAG.finditer(html) if not tag[1]]
    return Size(
        points=len(unescape(_TAG.sub("", html))),
        entities=len(tags),
        entity_bytes=sum(16 + len(unescape(tag[3] or "").encode()) for tag in tags),
        raw_bytes=len(html.encode()),
    )


@dataclass(frozen=True, slots=True)
class Block:
    """What must stay together; `again` is the heading repeated when a new message begins here."""

    html: str
    again: str = ""


def pack(blocks: Iterable[Block], first: Size, later: Size) -> list[str]:
    """Fill messages in order; a block that no longer fits begins the next one.

    `first` and `later` are what stands at the head of the first message and of the others.
    """
    pages: list[list[str]] = [[]]
    used = first
    for block in blocks:
        size = measure(block.html + "\n")
        if pages[-1] and not (used + size).within(_ROOM):
            pages.append([block.again] if block.again else [])
            used = later + (measure(block.again + "\n") if block.again else Size())
        pages[-1].append(block.html)
        used += size
    return ["\n".join(page) for page in pages]
