"""Everything the decision rests on: the built-in vocabulary (data/vocabulary.toml), and the operator's own words."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

from monitor.campaign import language
from monitor.campaign.documents import Document, document
from monitor.vietnamese import comparable

_NEAR = 60  # letters after a phrase in which its sentence goes on to explain it


class Kind(StrEnum):
    """What a phrase says of the text it stands in."""

    NAME = "name"
    PART = "part"
    SIGN = "sign"
    FULL = "full"
    SHORT = "short"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something to look for: `pattern` matches comparable text where one of the words `first` begins."""

    name: str
    kind: Kind
    pattern: re.Pattern[str]
    first: frozenset[str]
    weight: float = 0.0
    document: Document | None = None
    anchors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """The figures and the side words of the decision; `matters` None for another campaign, which has none."""

    places: Mapping[str, float]
    thresholds: Mapping[str, float]
    matters: re.Pattern[str] | None
    portraits: Mapping[str, re.Pattern[str]]
    passing: re.Pattern[str]
    purpose: re.Pattern[str]
    taken: re.Pattern[str]
    explained: re.Pattern[str]
    occasion: re.Pattern[str]
    alone: frozenset[str]
    compounds: Mapping[str, frozenset[str]]
    not_before: Mapping[str, frozenset[str]]
    not_after: frozenset[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is looked for and how it is judged.

    `anchors` are strings in comparable spelling (marks kept, lower case). The law: every article that
    is labelled campaign or mentions holds one of them in its section, title, lead or body, when both
    are stripped to letters and digits; folded as well. A page without any can be rejected unread.
    """

    phrases: tuple[Phrase, ...]
    rules: Rules
    campaign_at: float
    anchors: frozenset[str] = field(init=False)
    scan: re.Pattern[str] = field(init=False, repr=False)
    by_first: Mapping[str, tuple[Phrase, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Compile one pattern of the words with which phrases begin, and sort the phrases by them.

        Of the phrases that begin with one word the first that fits is taken: what is excluded,
        then documents, then the heaviest.
        """
        words = sorted(frozenset[str]().union(*(phrase.first for phrase in self.phrases)))
        any_word = "|".join(map(re.escape, words)) or r"(?!)"
        by_first = {word: tuple(p for p in self.phrases if word in p.first) for word in words}
        object.__setattr__(self, "scan", re.compile(rf"(?:{any_word})(?!\w)"))
        object.__setattr__(self, "by_first", by_first)
        telling = (p.anchors for p in self.phrases if p.kind not in (Kind.SIGN, Kind.EXCLUDE))
        object.__setattr__(self, "anchors", language.shortest(frozenset().union(*telling)))


def _phrase(name: str, items: language.Sequence, kind: Kind, weight: float = 0.0) -> Phrase:
    anchors = language.anchors(items) if kind in (Kind.NAME, Kind.PART) else frozenset[str]()
    pattern = re.compile(language.pattern(items))
    return Phrase(name, kind, pattern, language.first_words(items), weight, anchors=anchors)


def _cited(doc: Document, weight: float) -> tuple[Phrase, Phrase]:
    """Return a document as two phrases: its full number, and its short form."""
    return (
        Phrase(doc.number, Kind.FULL, re.compile(doc.full), doc.first, weight, doc, doc.anchors),
        Phrase(doc.number, Kind.SHORT, re.compile(doc.short), doc.first, weight, doc, doc.anchors),
    )


_TOML = tomllib.loads(files("monitor").joinpath("data/vocabulary.toml").read_text(encoding="utf-8"))


@cache
def builtin() -> Vocabulary:
    """Return the vocabulary of the campaign this project was made for."""
    lists: dict[str, language.Sequence] = {}
    for name, words in _TOML["lists"].items():
        lists[comparable(name)] = language.parse(words, lists)

    def read(text: str) -> language.Sequence:
        return language.parse(text, lists)

    excluded = [_phrase(name, read(text), Kind.EXCLUDE) for name, text in _TOML["excludes"].items()]
    told = [
        _phrase(text, read(text), kind, _TOML["kinds"][kind])
        for kind in (Kind.NAME, Kind.PART, Kind.SIGN)
        for text in _TOML["phrases"][kind]
    ]
    phrases = (*excluded, *_issued(read), *told)
    return Vocabulary(phrases, _rules(read), _TOML["thresholds"]["campaign"])


def _issued(read: Callable[[str], language.Sequence]) -> list[Phrase]:
    """Return the documents of the campaign as phrases."""
    given = _TOML["documents"]
    about = re.compile(language.pattern(read(given["about"])))
    return [
        one
        for number, day in given["issued"].items()
        for one in _cited(document(number, given["types"], day, about), given["weight"])
    ]


def _rules(read: Callable[[str], language.Sequence]) -> Rules:
    """Return the figures and side words of the decision."""

    def one(text: str) -> str:
        return language.pattern(read(text))

    def any_of(part: str) -> re.Pattern[str]:
        return re.compile("|".join(map(one, _TOML[part].values())))

    portraits, documents = _TOML["portraits"], _TOML["documents"]
    titles = rf"^{one(portraits['title'])}|{one(portraits['whose'])}"
    return Rules(
        places=_TOML["places"],
        thresholds=_TOML["thresholds"],
        matters=any_of("matters"),
        portraits={"section": re.compile(one(portraits["section"])), "title": re.compile(titles)},
        passing=any_of("passing"),
        purpose=any_of("purpose"),
        taken=re.compile(one(_TOML["taken"]["up"])),
        explained=re.compile(rf"[^.;,]{{0,{_NEAR}}}?{one(_TOML['taken']['explained'])}"),
        occasion=re.compile(one(documents["occasion"])),
        alone=frozenset(documents["alone"]),
        compounds={word: frozenset(before.split()) for word, before in _TOML["compounds"].items()},
        not_before={he: frozenset(words.split()) for he, words in _TOML["him"]["before"].items()},
        not_after=frozenset(_TOML["him"]["after"].split()),
    )


@cache
def vocabulary(
    phrases: tuple[str, ...] = (),
    excludes: tuple[str, ...] = (),
    documents: tuple[str, ...] = (),
    threshold: float | None = None,
    *,
    replaced: bool = False,
) -> Vocabulary:
    """Return the built-in vocabulary with the operator's words, or (`replaced`) theirs alone.

    `phrases` and `excludes` are plain words, `documents` numbers in full ("12-NQ/TU",
    "749/QĐ-TTg"). Raises ValueError for a number that is none.
    """
    ground = builtin()
    if not (phrases or excludes or documents or threshold or replaced):
        return ground
    kinds = _TOML["kinds"]
    own = (
        *(_phrase(words, language.plain(words), Kind.EXCLUDE) for words in excludes),
        *(one for number in documents for one in _cited(document(number, _TOML["documents"]["types"]), 1.0)),
        *(_phrase(words, language.plain(words), Kind.NAME, kinds[Kind.NAME]) for words in phrases),
    )
    return replace(
        ground,
        phrases=own if replaced else (*own, *ground.phrases),
        rules=replace(ground.rules, matters=None, portraits={}, alone=frozenset()) if replaced else ground.rules,
        campaign_at=threshold or ground.campaign_at,
    )
