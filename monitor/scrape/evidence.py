"""All the evidence of one page, gathered once, and the two questions every field asks of it."""

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from bs4 import BeautifulSoup

from monitor.models import Select
from monitor.scrape import blocks as column
from monitor.scrape import cms, metadata
from monitor.scrape.blocks import Block
from monitor.vietnamese import clean, comparable


@dataclass(frozen=True, slots=True)
class Evidence:
    """A page as parsed, as it describes itself, and as a column of blocks; `now` is the visit."""

    url: str
    soup: BeautifulSoup
    meta: metadata.Metadata
    family: cms.Family
    select: Select
    blocks: list[Block]
    now: datetime


def gather(html: str, url: str, now: datetime, select: Select) -> Evidence:
    """Parse a page and gather what it holds."""
    soup = BeautifulSoup(html, "lxml")
    return Evidence(
        url=url,
        soup=soup,
        meta=metadata.read(soup),
        family=cms.recognise(soup),
        select=select,
        blocks=column.read(soup.body or soup),
        now=now,
    )


def alike(one: str, other: str) -> float:
    """Return how far two lines agree, 0 to 1, one of them perhaps cut or with a suffix."""
    one, other = comparable(one), comparable(other)
    if not one or not other:
        return 0.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) > 15 and longer.startswith(shorter):
        return 1.0
    if len(longer) > 3 * len(shorter) + 20:
        return 0.0  # too unlike in length to be one line
    return SequenceMatcher(None, one[:400], other[:400]).ratio()


def printed(page: Evidence, ours: str | None, family: str) -> str:
    """Return the text of the element that holds a field, by the operator's or family's selector."""
    chosen = cms.selected(page.soup, ours, family)
    return clean(chosen.get_text(" ")) if chosen else ""
