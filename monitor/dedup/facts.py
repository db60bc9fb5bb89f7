"""What an article says that another event would not: names, figures, dates, places, quoted words.

Reporters of one event choose their own words; what they share are its facts. Syllables are
weighed by how rare they are (data/syllables.toml, measured on the labelled articles), the
campaign's own phrases are left out, and names that stand everywhere (data/events.toml) count for
nothing. All of it is a function of the article alone: what else is stored changes no decision.
"""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from itertools import takewhile

from monitor import provinces
from monitor.dedup.days import DATE, days, saying_when
from monitor.dedup.rounded import Rounded, rounded
from monitor.models import VIETNAM, Article, Report
from monitor.vietnamese import comparable, normalise

Phrases = tuple[re.Pattern[str], ...]
"""The campaign's phrases, as patterns over comparable text."""

_TITLE, _LEAD = 3, 2  # times that a syllable counts there
_LONGEST_NAME = 6  # syllables; more in a row are a headline in capitals
_OFFICE_BEFORE = 90  # letters before a name in which its office stands
_CACHED = 512

_CAPITALISED = re.compile(r"[^\W\d_][\w']*")
_BREAKS = re.compile(r"[.!?…:;\"()\[\],/]+|\s[-–—]\s")
_UNIT_NAME = re.compile(r"((?:trung|sư|lữ|tiểu|quân) đoàn|hải đội|đồn biên phòng|quân khu|xí nghiệp|nông trường) (\d+)")
_COMMUNE = re.compile(r"(?<!\w)(?:xã|phường|đặc khu) (?:((?:số )?\d+)|(\w+(?: \w+){0,3}))", re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]{6,70})"')
_SYLLABLE = re.compile(r"[^\W\d_]+")
_FIGURE = re.compile(r"(?<![\w/.,-])(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?(%?)(?![\d/]|[.,-]\d|\w)(?:\s*([^\W\d_]+))?")
_NUMBER_OF_DOCUMENT = re.compile(r"(?<!\d)\d+\s?[-/]?\s?[a-zđ]{2,}[-/][a-zđ]+")


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The facts of one article, in comparable spelling.

    `figures` maps a number to the units it counts, `roughly` are those said so; `dates` are those on
    which the event may have taken place; `places` the provinces it is told of, `guessed` that it names
    none and the paper's own stands for them, `named` all that it names; `actors` who holds it,
    `communes` where headline and lead place it; `weak` names are officials' and communes', met at many
    events; `round_up` tells several events at once; `words` weighs each syllable, as a vector
    of length 1. Two are equal only when they are one object, as `facts` remembers them.
    """

    names: frozenset[tuple[str, ...]]
    figures: Mapping[str, frozenset[str]]
    roughly: frozenset[Rounded]
    dates: frozenset[date]
    places: frozenset[str]
    named: frozenset[str]
    guessed: bool
    quotes: frozenset[str]
    actors: frozenset[str]
    weak: frozenset[tuple[str, ...]]
    communes: frozenset[tuple[str, ...]]
    round_up: bool
    words: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Common:
    """What tells no event from another (data/events.toml), and how rare syllables are."""

    offices: frozenset[str]
    everywhere: frozenset[tuple[str, ...]]
    not_counting: re.Pattern[str]
    units: frozenset[str]
    round_up: re.Pattern[str]
    officials: re.Pattern[str]
    actors: dict[str, re.Pattern[str]]
    standing_in: dict[str, int]
    articles: int


@cache
def _common() -> _Common:
    folder = files("monitor").joinpath("data")
    events = tomllib.loads(folder.joinpath("events.toml").read_text(encoding="utf-8"))
    syllables = tomllib.loads(folder.joinpath("syllables.toml").read_text(encoding="utf-8"))
    words = "|".join(word.strip() for word in events["not_counting"].split("|"))
    return _Common(
        offices=frozenset(events["offices"].split()),
        everywhere=frozenset(tuple(name.split()) for name in events["everywhere"]),
        not_counting=re.compile(rf"(?:{words})(?: số)? \d+"),
        units=frozenset(events["common_units"]),
        round_up=re.compile(rf"(?<!\w)(?:{events['round_up'].strip()})(?!\w)"),
        officials=re.compile(rf"{events['officials'].strip()} $"),
        actors={actor: re.compile(rf"(?<!\w)(?:{ways})(?!\w)") for actor, ways in events["actors"].items()},
        standing_in={s: int(number) for number, line in syllables["standing_in"].items() for s in line.split()},
        articles=syllables["articles"],
    )


def facts(report: Report, phrases: Phrases) -> Facts:
    """Return the facts of a report; a local paper's article that names no province is told of its own."""
    home = report.source_province or next(iter(provinces.named(report.source)), "")
    return _facts(report.article, provinces.now(home), report.dated.astimezone(VIETNAM).date(), phrases)


@lru_cache(_CACHED)
def _facts(article: Article, home: str, published: date, phrases: Phrases) -> Facts:
    printed = normalise("\n".join((article.title, article.lead, *article.body)))
    text = comparable("\n".join((article.title, article.lead, *article.body)))
    opening = comparable("\n".join((article.title, article.lead, *article.body[:1])))
    heading = comparable(f"{article.title}\n{article.lead}")
    found, communes = names(printed), _communes(printed)
    event = opening if days(opening, published) else saying_when(printed, published)
    dates, actors = days(event, published), _actors(event) or _actors(opening)
    told = frozenset(filter(None, map(provinces.now, article.provinces_now or article.provinces)))
    home_too = frozenset(filter(None, [home]))
    places = told or home_too
    printed_names = {provinces.now(name) for name in provinces.named(printed)}
    return Facts(
        names=found,
        figures=figures(text),
        roughly=frozenset(rounded(text)),
        dates=dates,
        places=places,
        named=places | home_too | printed_names,
        guessed=not told and not printed_names,
        quotes=frozenset(q for q in _QUOTED.findall(text) if not any(phrase.search(q) for phrase in phrases)),
        actors=actors,
        weak=communes | _officials(text, found),
        communes=_communes(normalise(f"{article.title}\n{article.lead}")),
        round_up=bool(_common().round_up.search(heading)) or (len(dates) > 1 and len(actors) > 2),
        words=_words(article, phrases),
    )


def _actors(text: str) -> frozenset[str]:
    """Return who in a comparable text may hold an event."""
    return frozenset(actor for actor, ways in _common().actors.items() if ways.search(text))


def names(printed: str) -> frozenset[tuple[str, ...]]:
    """Return the names of a text (normalised, case kept) as tuples of syllables in lower case.

    Two capitals or more in a row, without the offices before them; provinces and names that stand
    in every paper are left out. "Trung đoàn 754" is a name as well.
    """
    found = {(*unit.split(), number) for unit, number in _UNIT_NAME.findall(printed.lower())}
    for piece in _BREAKS.split(printed):
        found |= {name for run in _runs(piece) if (name := _bare(run))}
    return frozenset(found)


def _runs(piece: str) -> list[list[str]]:
    """Return the runs of syllables with a capital within a piece of a sentence; TTXVN is none."""
    runs: list[list[str]] = [[]]
    for word in piece.split():
        if _CAPITALISED.fullmatch(word) and word[0].isupper() and not (len(word) > 1 and word.isupper()):
            runs[-1].append(word.lower())
        elif runs[-1]:
            runs.append([])
    return runs


def _bare(run: list[str]) -> tuple[str, ...]:
    """Return a name without offices round it; () when nothing of two syllables is left."""
    offices = _common().offices
    while run and run[0] in offices:
        run = run[1:]
    while len(run) > 2 and run[-1] in offices:
        run = run[:-1]
    name = tuple(run)
    known = name in _common().everywhere or all(part in offices for part in name) or provinces.now(" ".join(name))
    return name if 2 <= len(name) <= _LONGEST_NAME and not known else ()


def _communes(printed: str) -> frozenset[tuple[str, ...]]:
    """Return the names behind "xã", "phường" and "đặc khu"; some phường have a number."""
    found = {tuple(number.split()) for number, _ in _COMMUNE.findall(printed) if number}
    for _, words in _COMMUNE.findall(printed):
        capitalised = takewhile(lambda word: word[0].isupper(), words.split())
        found.add(tuple(word.lower() for word in capitalised))
    return frozenset(found - {()})


def _officials(text: str, found: frozenset[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    """Return which names of a comparable text stand behind an office of the whole province."""
    office = _common().officials
    return frozenset(
        name
        for name in found
        for place in [text.find(" ".join(name))]
        if place > 0 and office.search(text[max(0, place - _OFFICE_BEFORE) : place])
    )


def figures(text: str) -> dict[str, frozenset[str]]:
    """Return the figures of a comparable text with the syllables behind them.

    Dates, years, numbers of documents and small counts of time are no figures.
    """
    for no_count in (DATE, _UNIT_NAME, _common().not_counting, _NUMBER_OF_DOCUMENT):
        text = no_count.sub(" ", text)
    found: dict[str, set[str]] = {}
    for whole, fraction, percent, unit in _FIGURE.findall(text):
        digits = whole.replace(".", "")
        year = len(digits) == len(whole) == 4 and "1900" <= digits <= "2100" and not fraction and not percent
        if not year and not (unit in _common().units and len(digits) < 3):
            number = f"{digits.lstrip('0') or '0'}{',' + fraction if fraction else ''}{percent}"
            found.setdefault(number, set()).add(unit)
    return {number: frozenset(units) for number, units in found.items()}


def _words(article: Article, phrases: Phrases) -> dict[str, float]:
    """Return the weighed syllables of an article without the campaign's phrases."""
    counts: Counter[str] = Counter()
    for part, times in ((article.title, _TITLE), (article.lead, _LEAD), *((p, 1) for p in article.body)):
        text = comparable(part)
        for phrase in phrases:
            text = phrase.sub(" ", text)
        for syllable in _SYLLABLE.findall(text):
            counts[syllable] += times
    weights = {syllable: (1 + math.log(count)) * rarity(syllable) for syllable, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {syllable: weight / length for syllable, weight in weights.items()}


def rarity(syllable: str) -> float:
    """Return how much a syllable tells: the logarithm of the inverse share of articles that have it."""
    known = _common()
    return math.log((known.articles + 1) / (known.standing_in.get(syllable, 1) + 0.5))
