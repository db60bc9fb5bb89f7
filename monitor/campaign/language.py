"""The small language in which the vocabulary is written: words, and what may stand between them.

    học [tập] (và|,) làm theo gương <Bác>

`(a|b)` one of them, `[a]` may be missing, `<Bác>` one of a named list of words, `…` up to sixty
characters of the same sentence. Where a comma is written a comma, a hyphen or nothing may stand;
between words, quotation marks and brackets. Whatever is written so is both a pattern to look for and a finite list
of strings of which every find holds one: its anchors.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from monitor.vietnamese import comparable

_TOKEN = re.compile(r"[()\[\]|…,]|<[^<>]+>|[^\s()\[\]|…,<>]+")
_BETWEEN = r"(?:[\"')]{0,2} [\"'(]{0,2}|(?<=[,-]))"
_COMMA = r"(?:,| ?-)?"
_GAP = r"[^.;!?\ue000]{0,60}?"
_NEITHER = re.compile(r"[\W_]+")  # letter nor digit
_MOST_STRINGS = 200  # for which a piece of a phrase may stand and still be listed
_ENOUGH = 10  # letters that make an anchor rare: "học và làm theo", not "tấm gương"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences; `()` among them: it may be missing."""

    among: tuple["Sequence", ...]


Sequence = tuple["str | Choice", ...]
"""What is looked for, item by item: a word, a mark, a gap, or a choice."""


def parse(text: str, lists: Mapping[str, "Sequence"] | None = None) -> "Sequence":
    """Return `text` as a sequence; `lists` are the named lists. Raises ValueError for what is not the language."""
    found, rest = _alternatives(_TOKEN.findall(comparable(text)), lists or {})
    if rest:
        raise ValueError(f"{text!r}: {rest[0]!r} without its opening")
    return found[0] if len(found) == 1 else (Choice(found),)


def plain(text: str) -> Sequence:
    """Return an operator's words, in which no character means anything but itself."""
    return tuple(comparable(text).split())


def _alternatives(tokens: list[str], lists: Mapping[str, Sequence]) -> tuple[tuple[Sequence, ...], list[str]]:
    """Return the alternatives up to a closing bracket or the end, and the tokens from there on."""
    found: list[Sequence] = []
    items: list[str | Choice] = []
    while tokens and tokens[0] not in ")]":
        mark, tokens = tokens[0], tokens[1:]
        if mark == "|":
            found.append(tuple(items))
            items = []
        elif mark in "([":
            among, tokens = _alternatives(tokens, lists)
            if not tokens or tokens[0] != ")]"["([".index(mark)]:
                raise ValueError(f"{mark!r} is not closed")
            if any("…" in one for one in among):
                raise ValueError("a gap stands outside of brackets")
            items.append(Choice((*among, ()) if mark == "[" else among))
            tokens = tokens[1:]
        elif mark.startswith("<"):
            items += lists[mark[1:-1]]
        else:
            items.append(mark)
    return (*found, tuple(items)), tokens


def pattern(items: Sequence) -> str:
    """Return a regular expression over comparable text that finds `items` as whole words."""
    return rf"(?<!\w){_pattern(items, first=True)}(?!\w)"


def _pattern(items: Sequence, *, first: bool) -> str:
    """Return the expression of a sequence; every word but the first brings the space before it."""
    if not items:
        return ""
    head, rest = items[0], items[1:]
    if isinstance(head, Choice):
        if first and () in head.among:
            here = [one for one in head.among if one]
            present = _pattern((Choice(tuple(here)), *rest), first=True)
            return f"(?:{present}|{_pattern(rest, first=True)})"
        among = "|".join(_pattern(one, first=first) for one in head.among)
        return f"(?:{among}){_pattern(rest, first=False)}"
    mark = {",": _COMMA, "…": _GAP}.get(head)
    return (mark or f"{'' if first else _BETWEEN}{re.escape(head)}") + _pattern(rest, first=False)


def first_words(items: Sequence) -> frozenset[str]:
    """Return the words with which a find of `items` can begin."""
    if not items:
        return frozenset()
    if isinstance(items[0], str):
        return frozenset({items[0]})
    found = frozenset[str]().union(*map(first_words, items[0].among))
    return found | first_words(items[1:]) if () in items[0].among else found


def anchors(items: Sequence) -> frozenset[str]:
    """Return strings in comparable spelling of which every find of `items` holds at least one.

    Of all pieces without a gap, the one with the fewest strings among those that tell enough;
    where none does, the one whose shortest string is longest.
    """
    pieces = [items[start:end] for start in range(len(items)) for end in range(start + 1, len(items) + 1)]
    usable = [piece for piece in pieces if "…" not in piece and _count(piece) <= _MOST_STRINGS]
    found = [shortest(frozenset(" ".join(words) for words in _strings(piece))) for piece in usable]
    return max(found, key=lambda strings: (min(_telling(strings), _ENOUGH), -len(strings)), default=frozenset())


def _telling(strings: frozenset[str]) -> int:
    """Return the letters of the shortest string."""
    return min((len(squeezed(one)) for one in strings), default=0)


def squeezed(text: str) -> str:
    """Return the letters and digits of a text alone: how an anchor is compared."""
    return _NEITHER.sub("", text)


def shortest(strings: frozenset[str]) -> frozenset[str]:
    """Return `strings` without those that hold another one of them."""
    kept: dict[str, str] = {}
    for letters, one in sorted(((squeezed(one), one) for one in strings), key=lambda pair: (len(pair[0]), pair[1])):
        if not any(other in letters for other in kept):
            kept[letters] = one
    return frozenset(kept.values())


def _count(items: Sequence) -> int:
    """Return how many strings a sequence stands for, no more than one over the limit."""
    number = 1
    for item in items:
        if isinstance(item, Choice):
            number *= sum(_count(one) for one in item.among)
        if number > _MOST_STRINGS:
            break
    return number


def _strings(items: Sequence) -> Iterator[list[str]]:
    """Return every string of a sequence without a gap, as words; marks are left out."""
    choices = [
        [words for one in item.among for words in _strings(one)]
        if isinstance(item, Choice)
        else [[item] if squeezed(item) else []]
        for item in items
    ]
    for parts in product(*choices):
        yield [word for part in parts for word in part]
