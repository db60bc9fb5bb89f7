"""The words of an article: paragraphs without furniture, and the signatures below them."""

import re
from collections.abc import Collection

from monitor.marks import is_signature
from monitor.provinces import now as current_name
from monitor.scrape import bylines, dates
from monitor.scrape.blocks import Block
from monitor.scrape.evidence import Evidence
from monitor.scrape.furniture import NOISE, TAIL
from monitor.scrape.layout import ENDS, LONG, Layout

_SEALED = re.compile(r"[A-Za-z0-9+/=_-]{120,}")  # no word, and no address without a dot


def read_body(page: Evidence, layout: Layout, taken: Collection[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the paragraphs and the signatures below the text.

    `taken` are the places that belong to the lead and to pictures.
    """
    lines = [(i, page.blocks[i]) for i in layout.body if i not in taken]
    paragraphs = [block.text for i, block in lines if not _is_furniture_line(block, layout, i)]
    end = len(paragraphs)
    while end > 1 and _is_signature(paragraphs[end - 1]):
        end -= 1
    return tuple(paragraphs[:end]), tuple(paragraphs[end:])


def _is_signature(line: str) -> bool:
    """Tell whether the last line of a text is a byline, an agency's mark or a bare date."""
    if is_signature(line) or (dates.is_line(line) and len(line) < 40):
        return True
    return len(line) <= 160 and bool(bylines.names(line)) and not re.search(r"[.!?…]$", line.rstrip("./"))


def _is_furniture_line(block: Block, layout: Layout, i: int) -> bool:
    """Tell whether a line inside the container is no part of the text."""
    if NOISE.match(block.text) or TAIL.match(block.text) or block.linked > 0.8 or _SEALED.search(block.text):
        return True
    early = i in layout.head
    if early and (dates.is_line(block.text) or current_name(block.text) or bylines.names(block.text.strip("| "))):
        return True
    return early and len(block.text) < LONG and not ENDS.search(block.text[-60:])
