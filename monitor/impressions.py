"""What a source's pages give, a mask of bits for each, and what its last ones lack that they used to give."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.models import Article, Page

FIELDS = ("lead", "body", "authors", "published", "images")
"""What a page may give beside being an article; the order is that of the bits in a mask."""

KEPT_PAGES = 40  # masks of a source's last pages
LAST = 5  # pages in a row without a field, before it is said to be gone
_ARTICLE = 1  # the bit of a page that is an article at all
_CONTRADICTED = 2 << len(FIELDS)  # the bit of a page that tells another day than its listing did
_APART = timedelta(days=2)  # a listing may tell a day alone, or when an article was last changed
_LEAST = 10  # pages before them, of which four in five gave it
_USUAL = 0.8


def mask(article: Article | None, listed: datetime | None = None) -> int:
    """Return what a page gave: bit 0 that it is an article, a bit for each of FIELDS, and one for a date that lies.

    `listed` is when its listing says that it was published; the page is believed.
    """
    if article is None:
        return 0
    lies = listed and article.published and abs(listed - article.published) > _APART
    given = sum(2 << place for place, name in enumerate(FIELDS) if getattr(article, name))
    return _ARTICLE | given | (_CONTRADICTED if lies else 0)


def usual(pages: Sequence[int]) -> int:
    """Return the mask of what four in five of these pages gave; 0 when they are too few to tell."""
    if len(pages) < _LEAST:
        return 0
    bits = (_ARTICLE << place for place in range(len(FIELDS) + 1))
    return sum(bit for bit in bits if sum(bool(page & bit) for page in pages) >= _USUAL * len(pages))


def broken(pages: Sequence[int]) -> tuple[str, ...]:
    """Return which fields none of a source's last pages gave, though those before them did."""
    before, last = pages[:-LAST], pages[-LAST:]
    missing = usual(before)
    for page in last:
        missing &= ~page
    names = ("article", *FIELDS)
    gone = tuple(name for place, name in enumerate(names) if missing & (_ARTICLE << place))
    return gone[:1] if "article" in gone else gone


def contradictions(pages: Iterable[int]) -> int:
    """Return how many pages told another day than their listing did."""
    return sum(bool(page & _CONTRADICTED) for page in pages)


@dataclass
class Impressions:
    """What the pages of one round were like: a mask for each, the last good page and the first bad one.

    `before` are the masks of earlier rounds: a page is bad when it lacks what they usually gave.
    """

    before: Sequence[int]
    masks: list[int] = field(default_factory=list)
    good: Page | None = None
    bad: Page | None = None

    def note(self, page: Page, given: int) -> None:
        """Take in one page."""
        self.masks.append(given)
        if usual(self.before) & ~given:
            self.bad = self.bad or page
        elif given & _ARTICLE:
            self.good, self.bad = page, None

    @property
    def kept(self) -> tuple[int, ...]:
        """The masks to be kept, newest last."""
        return (*self.before, *self.masks)[-KEPT_PAGES:]
