"""What speaks for an address naming an article, weighed against what its page does elsewhere.

Three witnesses are heard about each address: what its links *say* (headlines are long, sections
short), how it is *shaped* (ids, dated folders, long slugs), and where its links *stand* (in a list
of headlines, in a menu). What a page's headlines have in common is learned from the page itself:
the shape that most of them share and the places in which they stand weigh as much as the words.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from monitor import urls
from monitor.scrape.discover.anchors import Anchor
from monitor.scrape.discover.shapes import Shape, shape_of

ENOUGH = 4
"""The weight from which an address names an article; the figures of bench/discovery.py rest on it."""

MANY = 3
"""How many addresses make a habit of a page."""

_MOSTLY, _RARELY = 0.6, 0.3  # shares of headlines


@dataclass(frozen=True, slots=True)
class Candidate:
    """All links of a page to one address, `best` the one that says the headline.

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

    @property
    def in_chrome(self) -> bool:
        """Whether all its links stand in parts that every page of the site has."""
        return all(link.chrome for link in self.links)


def candidate(links: Sequence[Anchor]) -> Candidate:
    """Put the links to one address together; the headline is the text marked as one, else no summary."""
    told = [one for one in links if one.says]
    headed = [one for one in told if one.headed and one.says >= 3]
    short = [one for one in told if 4 <= one.says <= 30]
    best = max(headed or short or told or links, key=lambda one: (one.says, -len(one.text)))
    repeated = max(Counter(one.text for one in told).values(), default=0)
    return Candidate(links[0].address, tuple(links), shape_of(links[0].address), best, repeated)


@dataclass(frozen=True, slots=True)
class Habits:
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


def habits_of(possible: Sequence[Candidate], own: Shape) -> Habits:
    """Learn a page's habits from the addresses that may name articles; `own` is the page's own shape."""
    long = [one for one in possible if one.says >= 7 and not one.in_chrome]
    places = _shares([(name, link.says) for one in possible for link in one.links for name in _places(link)])
    digits: defaultdict[str, list[int]] = defaultdict(list)
    for one in possible:
        if one.says >= 5:
            digits[one.shape.kin].append(one.shape.digits)
    in_place = sum(any(places.get(link.place, 0) >= _MOSTLY for link in one.links) for one in long)
    like_own = sum(one.shape.kin == own.kin for one in long)
    return Habits(
        shapes=_shares([(one.shape.kin, one.says) for one in possible if one.says]),
        places=places,
        digits={kin: median(lengths) for kin, lengths in digits.items()},
        above=frozenset(above for one in possible if not one.in_chrome for above in one.shape.above),
        numbered=_is_habit(sum(one.shape.numbered for one in long), len(long)),
        listed=_is_habit(in_place, len(long)),
        section=own.kin if own.queried and like_own * 2 <= len(long) else "",
    )


def _places(link: Anchor) -> list[str]:
    return [name for name in (link.place, link.row) if name and link.says and not link.chrome]


def _shares(said: Sequence[tuple[str, int]]) -> dict[str, float]:
    """Return, for each name that stands with many texts, how many of these are headlines rather than sections."""
    words: defaultdict[str, list[int]] = defaultdict(list)
    for name, number in said:
        words[name].append(number)
    return {name: sum(n >= 5 for n in each) / len(each) for name, each in words.items() if len(each) >= MANY}


def _is_habit(number: int, of: int) -> bool:
    return number >= MANY and number * 2 > of


def weigh(one: Candidate, habits: Habits) -> int:
    """Return the evidence that an address names an article."""
    return _words(one) + _shape(one, habits) + _place(one, habits)


def _words(one: Candidate) -> int:
    """Weigh what its links say."""
    pictured = any(link.pictured for link in one.links)
    section = one.repeated >= 3 and one.says <= 6 and not pictured
    return _grade(one.says) + (pictured and len(one.links) > 1) - 3 * section


def _shape(one: Candidate, habits: Habits) -> int:
    """Weigh how it is built: by itself, and beside what most headlines of the page lead to."""
    shape, kin = one.shape, habits.shapes.get(one.shape.kin)
    strange = shape.numbered and abs(shape.digits - habits.digits.get(shape.kin, shape.digits)) >= 3  # a topic's id
    known = kin is not None or not shape.queried  # sections have ids in their queries too
    has_id = shape.numbered and known and not strange and (kin is None or kin >= _RARELY)
    weight = _grade(len(urls.slug(one.address))) + 2 * has_id
    weight += -2 if strange else _habit(kin)
    weight -= 3 * (habits.numbered and not shape.numbered)
    weight -= 2 * (habits.numbered and not known)
    weight -= 3 * (habits.section != "" and shape.kin == habits.section)
    return weight - 4 * (shape.path in habits.above)


def _place(one: Candidate, habits: Habits) -> int:
    """Weigh where its links stand: the best of its places, and how many are in menus and the like."""
    place = max((habits.place(link) for link in one.links if link.says), default=0.5)
    weight = _habit(place) + (place >= 0.8)
    if one.in_chrome:
        return weight - 4
    if one.shape.numbered:
        return weight
    in_menu = any(link.chrome for link in one.links)
    aside = habits.listed and place < _MOSTLY and not any(link.pictured for link in one.links)
    return weight - 2 * in_menu - aside


def _grade(words: int) -> int:
    """Return what a text or slug of so many words says for a headline."""
    return 0 if words <= 3 else 1 if words <= 6 else 2


def _habit(share: float | None) -> int:
    """Return what it says that so many of an address's kin are headlines."""
    if share is None:
        return 0
    return 2 if share >= _MOSTLY else -2 if share < _RARELY else 0
