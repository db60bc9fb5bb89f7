"""Where the parts of an article stand on its page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from monitor.scrape import dates
from monitor.scrape.blocks import Block
from monitor.scrape.evidence import Evidence
from monitor.scrape.furniture import NOISE, TAIL
from monitor.vietnamese import comparable

ENDS = re.compile(r"[.!?:;…][\"”’»)\]/.]{0,20}$|[\"”»]$")
LONG = 45  # letters; shorter lines are labels, names and dates
WHOLE = 250  # letters of a text that can be a whole one
_ABOVE, _BEHIND = 6, 12  # blocks before the title and behind the text that may belong to them


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of the article stand: places in the page's list of blocks.

    `head` runs from just after the title to the first block of the body, `body` holds the
    paragraphs, `tail` what stands behind them, nearest first.
    """

    title_at: int
    above: list[int]
    head: list[int]
    body: list[int]
    tail: list[int]

    @property
    def pictured(self) -> list[int]:
        """Places where a picture of the article may stand, with its caption: from the title on."""
        return [*range(self.title_at + 1, self.body[0]), *self.body] if self.body else self.head


def lay_out(page: Evidence) -> Layout:
    """Find the title, the body and what stands around them."""
    inside = list(page.text)
    title_at = _title_at(page)
    body = [i for i in inside if i > title_at]
    start = next((i for i in body if is_paragraph(page.blocks[i])), body[0] if body else title_at + 1)
    end = _end(page, body)
    return Layout(
        title_at=title_at,
        above=list(range(max(0, title_at - _ABOVE), max(0, title_at))),
        head=[i for i in range(title_at + 1, start) if not page.blocks[i].src],
        body=[i for i in body if i <= end],
        tail=_tail(page, end + 1),
    )


def _title_at(page: Evidence) -> int:
    """Return the place of the printed title, or the one before the text where it is not printed."""
    wanted = comparable(page.title)
    before = [i for i, block in enumerate(page.blocks) if _is_title(block, wanted) and i < page.text.stop]
    headed = [i for i in before if page.blocks[i].element.name == "h1"]
    return headed[0] if headed else before[-1] if before else page.text.start - 1


def _is_title(block: Block, wanted: str) -> bool:
    if block.src or not 0.8 * len(wanted) <= len(block.text) < 2 * len(wanted) + 40:
        return False
    text = comparable(block.text)
    return text == wanted or (len(wanted) > 15 and text.startswith(wanted))


def is_prose(block: Block) -> bool:
    """Tell whether a block is running text: long, no caption, not mostly links."""
    return len(block.text) > LONG and " " in block.text and not block.caption and not block.src and block.linked < 0.5


def is_paragraph(block: Block) -> bool:
    """Tell whether a block is running text: no date line and no note of the editors, however long."""
    return is_prose(block) and not dates.is_line(block.text) and not NOISE.match(block.text)


def _tail(page: Evidence, start: int) -> list[int]:
    """Return the places behind the text up to where other articles begin."""
    near = range(start, min(start + _BEHIND, len(page.blocks)))
    return list(takewhile(lambda i: not _is_of_others(page.blocks[i]), near))


def _is_of_others(block: Block) -> bool:
    return bool(TAIL.match(block.text)) or (block.linked > 0.8 and len(block.text) > LONG)


def is_left(blocks: Sequence[Block], places: Sequence[int], here: int) -> bool:
    """Tell whether no paragraph behind a place stands in an element that holds paragraphs before it."""
    held = {id(blocks[n].element.parent) for n in places if n < here and is_prose(blocks[n])}
    return held.isdisjoint(id(blocks[n].element.parent) for n in places if n > here and is_prose(blocks[n]))


def _end(page: Evidence, body: list[int]) -> int:
    """Return the place of the last block before "Tin liên quan" and the like."""
    total = sum(len(page.blocks[i].text) for i in body if is_prose(page.blocks[i]))
    read = 0
    for earlier, i in zip([-1, *body], body, strict=False):
        ends = TAIL.match(page.blocks[i].text) and (
            read * 2 >= total or (read > WHOLE and is_left(page.blocks, body, i))
        )
        if ends and not _resumes(page, body, i):
            return earlier
        read += len(page.blocks[i].text) if is_prose(page.blocks[i]) else 0
    return body[-1] if body else -1


def _resumes(page: Evidence, body: list[int], at: int) -> bool:
    """Tell whether the text goes on, where it stood before, behind a box "Đọc thêm" and its links."""
    behind = [page.blocks[i] for i in body if i > at]
    box = list(takewhile(lambda block: block.linked > 0.8 or bool(block.src), behind))
    rooms = {id(page.blocks[i].element.parent) for i in body if i < at and is_paragraph(page.blocks[i])}
    rest = takewhile(lambda block: not TAIL.match(block.text), behind[len(box) :])
    return bool(box) and any(is_paragraph(block) and id(block.element.parent) in rooms for block in rest)
