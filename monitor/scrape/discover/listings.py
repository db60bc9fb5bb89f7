"""Web page → the links to articles on it, without any selector, on sites never seen before.

Three witnesses are heard about each address: what its links *say* (headlines are long, sections
short), how it is *shaped* (ids, dated folders, long slugs), and where its links *stand* (in a list
of headlines, in a menu). What a page's headlines have in common is learned from the page itself:
the shape that most of them share and the places in which they stand weigh as much as the words.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from monitor import urls
from monitor.errors import UnreadableError
from monitor.models import Kind, Link, Listing, Page, Select
from monitor.scrape.discover.anchors import Anchor, anchors, chosen
from monitor.scrape.discover.beside import dates_beside
from monitor.scrape.discover.paging import next_page
from monitor.scrape.discover.shapes import Shape, shape_of
from monitor.scrape.discover.tidy import tidy
from monitor.scrape.discover.walls import error_page, wall
from monitor.scrape.markup import parse
from monitor.scrape.repair import decode

_ENOUGH = 4.0  # of the evidence weighed in `_weight`
_MANY = 3  # addresses that make a habit of a page
_MOSTLY, _RARELY = 0.6, 0.3  # shares of headlines


@dataclass(frozen=True, slots=True)
class _Candidate:
    """All links of a page to one address, `best` the one that says the headline, in so many words.

    `repeated` is how many of them say the same: a section's name stands beside each of its articles.
    """

    address: str
    links: tuple[Anchor, ...]
    shape: Shape
    best: Anchor
    repeated: int

    @property
    def says(self) -> int:
        """How many words the best of its links says."""
        return self.best.says


def listing(content: bytes, page: Page, now: datetime, select: Select) -> Listing:
    """Read the article links off a web page, with the dates printed beside them."""
    html = decode(content, page.content_type)
    root = parse(html)
    if said := error_page(root):
        raise UnreadableError(f"an error page, though answered with status 200 (“{said}”)", passing=True)
    if select.links:
        named = [Link(address, text) for address, text in chosen(html, select.links, page.url)]
        return tidy(Kind.LISTING, named, older=next_page(root, page.url))
    kept = articles(_candidates(anchors(root, page.url)), shape_of(page.url))
    if not kept and (told := wall(root, page.url)):
        raise UnreadableError(f"0 items: {told}", passing=True)
    dated = dates_beside([(one.address, one.best.text, link.element) for one in kept for link in one.links], now)
    links = [Link(one.address, one.best.text if one.says else "", dated.get(one.address)) for one in kept]
    return tidy(Kind.LISTING, links, older=next_page(root, page.url))


def _candidates(found: Iterable[Anchor]) -> list[_Candidate]:
    by_key: dict[str, list[Anchor]] = defaultdict(list)
    for anchor in found:
        by_key[urls.key(anchor.address)].append(anchor)
    return [_candidate(links) for links in by_key.values()]


def _candidate(links: list[Anchor]) -> _Candidate:
    """Put the links to one address together; the headline is the text marked as one, else no summary."""
    told = [one for one in links if one.says]
    headed = [one for one in told if one.headed and one.says >= 3]
    short = [one for one in told if 4 <= one.says <= 30]
    best = max(headed or short or told or links, key=lambda one: (one.says, -len(one.text)))
    repeated = max(Counter(one.text for one in told).values(), default=0)
    return _Candidate(links[0].address, tuple(links), shape_of(links[0].address), best, repeated)


def articles(candidates: Sequence[_Candidate], own: Shape) -> list[_Candidate]:
    """Return the addresses that name articles, in the page's order; `own` is the shape of the page itself.

    Where there are too few to learn anything from, the shape of an address decides alone.
    """
    possible = [one for one in candidates if not urls.is_other(one.address) and not one.shape.listed]
    habits = _habits(possible, own)
    few = len(possible) < _MANY
    return [one for one in possible if _weight(one, habits) >= _ENOUGH or (few and _alone(one))]


def _alone(one: _Candidate) -> bool:
    return urls.is_article(one.address) and not all(link.chrome for link in one.links)


@dataclass(frozen=True, slots=True)
class _Habits:
    """What the headlines of a page have in common.

    `shapes` and `places` give the share of headlines among the addresses of one shape or place,
    `digits` the usual length of a shape's ids; `above` holds the paths that lie above others.
    `numbered` tells that most headlines lead to an id, `listed` that most stand in a common place;
    `section` is the kin of the page itself, whose like are sections too, where its query tells.
    """

    shapes: Mapping[str, float]
    places: Mapping[str, float]
    digits: Mapping[str, float]
    above: frozenset[str]
    numbered: bool
    listed: bool
    section: str

    def place(self, link: Anchor) -> float:
        """Return the share of headlines where a link stands: in its very list, else in lists alike."""
        return self.places.get(link.row, self.places.get(link.place, 0.5))


def _habits(possible: Sequence[_Candidate], own: Shape) -> _Habits:
    shapes, places = defaultdict(list), defaultdict(list)
    digits: defaultdict[str, list[int]] = defaultdict(list)
    for one in possible:
        if one.says:
            shapes[one.shape.kin].append(one.says)
        if one.says >= 5:
            digits[one.shape.kin].append(one.shape.digits)
        for link in one.links:
            if link.says and not link.chrome:
                for name in filter(None, (link.place, link.row)):
                    places[name].append(link.says)
    long = [one for one in possible if one.says >= 7 and not all(link.chrome for link in one.links)]
    common = {name: _share(said) for name, said in places.items() if len(said) >= _MANY}
    with_id = sum(one.shape.numbered for one in long)
    in_place = sum(any(common.get(link.place, 0) >= _MOSTLY for link in one.links) for one in long)
    return _Habits(
        shapes={name: _share(said) for name, said in shapes.items() if len(said) >= _MANY},
        places=common,
        digits={name: median(lengths) for name, lengths in digits.items()},
        above=frozenset(above for one in possible for above in one.shape.above),
        numbered=with_id >= _MANY and with_id * 2 > len(long),
        listed=in_place >= _MANY and in_place * 2 > len(long),
        section=own.kin if own.queried and sum(one.shape.kin == own.kin for one in long) * 2 <= len(long) else "",
    )


def _share(said: Sequence[int]) -> float:
    """Return how many of some texts are headlines rather than names of sections."""
    return sum(words >= 5 for words in said) / len(said)


def _weight(one: _Candidate, habits: _Habits) -> float:
    """Return the evidence that an address names an article; bench/discovery.py shows what it is worth."""
    words, slug, shape = one.says, len(urls.slug(one.address)), one.shape
    kin = habits.shapes.get(shape.kin)
    strange = shape.numbered and abs(shape.digits - habits.digits.get(shape.kin, shape.digits)) >= 3
    place = max((habits.place(link) for link in one.links if link.says), default=0.5)
    in_chrome = sum(link.chrome for link in one.links)
    pictured = any(link.pictured for link in one.links)
    has_id = shape.numbered and not strange and (kin is not None or not shape.queried) and (kin or 0.5) >= _RARELY
    evidence = (
        _grade(words),
        _grade(slug),
        2 if has_id else 0,
        -2 if strange else _habit(kin),
        _habit(place) + (1 if place >= 0.8 else 0),
        -3 if habits.numbered and not shape.numbered else 0,
        -2 if habits.numbered and shape.queried and kin is None else 0,
        -1 if habits.listed and not shape.numbered and place < _MOSTLY and not pictured else 0,
        -3 if habits.section and shape.kin == habits.section else 0,
        -3 if one.repeated >= 3 and words <= 6 and not pictured else 0,
        -4 if shape.path in habits.above else 0,
        -4 if in_chrome == len(one.links) else -2 if in_chrome and not shape.numbered else 0,
        1 if pictured and len(one.links) > 1 else 0,
    )
    return sum(evidence)


def _grade(words: int) -> int:
    """Return what a text or slug of so many words says for a headline."""
    return 0 if words <= 3 else 1 if words <= 6 else 2


def _habit(share: float | None) -> int:
    """Return what it says that so many of an address's kin are headlines."""
    if share is None:
        return 0
    return 2 if share >= _MOSTLY else -2 if share < _RARELY else 0
