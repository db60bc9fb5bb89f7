"""Same event? Two texts by different hands, held against each other fact by fact.

Wording alone cannot tell: forty conferences of one week are described in the same words, and two
reporters of one conference in different ones. So the likeness of words is only the ground; what
is shared of day, place, names, figures and quoted words is added, what contradicts is taken off.
"""

import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from monitor.dedup.facts import Facts

WINDOW = timedelta(hours=72)
"""Reports of one event are published within it; copies may come at any time."""

JOIN = 0.34
"""What the reports of one story are alike; a story that is to grow asks for more."""

_GROWTH = 0.02  # more for each doubling: a big story must not swell and swallow
_TOLD = 0.08  # more to join a story that an edition told: what joins it is told no more
_FOLLOW_UP = 0.6  # a paper's story told on, whatever it adds
_DAY, _NEXT_DAY, _OTHER_DAY = 0.08, -0.15, -0.35
_PLACE, _OTHER_PLACE, _OTHER_GUESS = 0.04, -1.0, -0.25
_ACTOR, _OTHER_ACTOR = 0.08, -0.14
_ALL_THREE = 0.3  # day, place and actor: of what the words lack
_OTHER_COMMUNE = -0.25
_NAME, _NAMES = 0.12, 0.36  # a name of two syllables, and at most; three syllables count half as much again
_FIGURES, _MOST_FIGURES = 0.17, 0.42
_QUOTE, _QUOTES = 0.12, 0.2
_WORDS = 0.5  # at most: texts that are more alike, and no copies, are a form filled in twice
_ONE_OUTLET = -0.1  # a paper rarely tells an event twice
_NO_FACT = -0.06  # not one name of its own, figure or quotation shared
_OTHER_FIGURES, _MOST_OTHER, _USUAL = -0.25, -0.6, 0.2  # a form filled in anew: the likelier its words, the more
_DIGITS = (0.0, 0.1, 0.4, 0.8)  # how much a number of so many digits without ending zeros tells; more: 1
_OTHER_UNIT = 0.4
_SAID_ROUGHLY = 0.6
_CACHED = 8192  # pairs remembered


@dataclass(frozen=True, slots=True)
class Affinity:
    """How much speaks for one event: about 0 for any two reports, above 0.4 for two of one event.

    The shared facts come in comparable spelling, what tells most first. `told_on` is
    the share of one text in the other where a paper told its own story on, else 0.
    """

    score: float
    words: float
    names: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    told_on: float = 0.0


NONE = Affinity(0.0, 0.0)
"""What two reports have that nothing connects."""


def told_on(link: Affinity | None, share: float) -> Affinity:
    """Return the affinity of a paper's own story told on, of which `share` stands in both texts."""
    return replace(link or NONE, score=max(_FOLLOW_UP, link.score if link else 0.0), told_on=share)


def asked(size: int, *, told: bool) -> float:
    """Return what two stories must be alike to become one of `size` texts."""
    return JOIN + _GROWTH * math.log2(size) + (_TOLD if told else 0.0)


@lru_cache(_CACHED)
def affinity(one: Facts, other: Facts, *, one_outlet: bool = False) -> Affinity:
    """Hold the facts of two reports against each other, `one_outlet` when one paper has both.

    The order does not matter.
    """
    words = _cosine(one, other)
    names, figures = _shared_names(one, other), _shared_figures(one, other)
    quotes = sorted(one.quotes & other.quotes, key=len, reverse=True)
    days, places = one.dates & other.dates, one.places & other.places
    told = min(_NAMES, sum(_name(name, one, other) for name in names))
    counted = min(_MOST_FIGURES, _FIGURES * (sum(figures.values()) + _rounded(one, other) + _rounded(other, one)))
    quoted = min(_QUOTES, _QUOTE * len(quotes))
    score = min(words, _WORDS) + told + counted + quoted + _circumstances(one, other, words)
    score += _ONE_OUTLET if one_outlet else 0.0
    score += max(_MOST_OTHER, _OTHER_FIGURES * _contradicting(one, other) * max(0.0, words - _USUAL))
    strong = names - one.weak - other.weak
    if not strong and not quotes and sum(figures.values()) < _DIGITS[2]:
        score += _NO_FACT
    return Affinity(
        score=round(score, 6),
        words=words,
        names=tuple(" ".join(name) for name in sorted(names, key=lambda name: (-len(name), name))),
        figures=tuple(sorted(figures, key=lambda number: (-figures[number], number))),
        quotes=tuple(quotes),
        days=tuple(sorted(f"{day.day}/{day.month}" for day in days)),
        places=tuple(sorted(places)),
    )


def _circumstances(one: Facts, other: Facts, words: float) -> float:
    """Return what day, place and who holds the event speak for or against.

    One institution rarely holds two events of a day: where all three agree they make up for other words.
    """
    score = 0.0
    if one.dates & other.dates and one.places & other.places and one.actors & other.actors:
        score += _ALL_THREE * max(0.0, _WORDS - words)
    if one.dates and other.dates:
        apart = min(abs(mine - yours) for mine in one.dates for yours in other.dates).days
        score += (_DAY, _NEXT_DAY, _OTHER_DAY)[min(apart, 2)]
    if one.places and other.places:
        if one.places & other.places:
            score += _PLACE
        elif not one.places & other.named or not other.places & one.named:
            score += _OTHER_GUESS if one.guessed or other.guessed else _OTHER_PLACE
    if one.actors and other.actors:
        score += _ACTOR if one.actors & other.actors else _OTHER_ACTOR
    if one.communes and other.communes and not (one.communes & other.weak or other.communes & one.weak):
        score += _OTHER_COMMUNE
    return score


def _name(name: tuple[str, ...], one: Facts, other: Facts) -> float:
    """Return what a shared name tells: an official or a commune half as much as anybody else."""
    weight = _NAME if len(name) == 2 else 1.5 * _NAME
    return weight / 2 if name in one.weak or name in other.weak else weight


def _contradicting(one: Facts, other: Facts) -> int:
    """Return how many things both count and count differently."""
    mine, yours = _counted(one), _counted(other)
    return sum(not mine[unit] & yours[unit] for unit in mine.keys() & yours.keys())


def _counted(facts: Facts) -> dict[str, set[str]]:
    counted: dict[str, set[str]] = {}
    for number, units in facts.figures.items():
        for unit in units - {""}:
            counted.setdefault(unit, set()).add(number)
    return counted


def _cosine(one: Facts, other: Facts) -> float:
    few, many = sorted((one.words, other.words), key=len)
    return sum(weight * many[syllable] for syllable, weight in few.items() if syllable in many)


def _shared_names(one: Facts, other: Facts) -> set[tuple[str, ...]]:
    """Return the names in both; "Sô Phia" is in "Lâm Thị Sô Phia"."""
    shared = set(one.names & other.names)
    for name in one.names ^ other.names:
        longer = other.names if name in one.names else one.names
        if any(_within(name, whole) for whole in longer):
            shared.add(name)
    return {name for name in shared if not any(name != whole and _within(name, whole) for whole in shared)}


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    size = len(part)
    return size < len(whole) and any(whole[i : i + size] == part for i in range(len(whole) - size + 1))


def _shared_figures(one: Facts, other: Facts) -> dict[str, float]:
    """Return the numbers in both with what they tell: more digits more, another unit less."""
    return {
        number: _telling(number) * (1.0 if one.figures[number] & other.figures[number] else _OTHER_UNIT)
        for number in one.figures.keys() & other.figures.keys()
    }


def _rounded(rough: Facts, exact: Facts) -> float:
    """Return what the figures tell that one text says roughly and the other exactly."""
    only = exact.figures.keys() - rough.figures.keys()
    found = {number for number in only for one in rough.roughly if one.fits(number, exact.figures[number])}
    return sum(_SAID_ROUGHLY * _telling(number) for number in found)


def _telling(number: str) -> float:
    digits = len(re.sub(r"\D", "", number).strip("0"))
    return _DIGITS[digits] if digits < len(_DIGITS) else 1.0


def clues(facts: Facts) -> tuple[int, ...]:
    """Return the index keys of an article as 32-bit numbers: reports of one event share at least one."""
    said = {f"d {place} {day:%m%d}" for place in facts.places for day in facts.dates}
    said |= {f"n {' '.join(name)}" for name in facts.names} | {f"n {' '.join(name[-2:])}" for name in facts.names}
    said |= {f"q {quote}" for quote in facts.quotes}
    for number, units in facts.figures.items():
        said |= {f"f {number}"} if _telling(number) >= _DIGITS[3] else set()
        said |= {f"f {number} {unit}" for unit in units} if _telling(number) == _DIGITS[2] else set()
    return _hashed(said)


def _hashed(texts: Iterable[str]) -> tuple[int, ...]:
    digests = (hashlib.blake2b(text.encode(), digest_size=4).digest() for text in texts)
    return tuple(sorted({int.from_bytes(digest, signed=True) for digest in digests}))
