"""What changed between two versions of a text, word by word."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from monitor.models import Article
from monitor.vietnamese import clean


class Change(StrEnum):
    """What became of a run of words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Wording:
    """A run of words of one or both versions."""

    change: Change
    text: str


def compare(before: str, after: str) -> tuple[Wording, ...]:
    """Return both versions as one row of runs: what is the same or removed gives `before` again.

    Words are parted by spaces; what replaces words comes behind what it replaces.
    """
    old, new = clean(before).split(), clean(after).split()
    runs: list[Wording] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(Wording(Change.SAME, " ".join(old[i:j])))
            continue
        runs += [Wording(Change.REMOVED, " ".join(old[i:j]))] if i < j else []
        runs += [Wording(Change.ADDED, " ".join(new[k:m]))] if k < m else []
    return tuple(runs)


def changed(before: Article, after: Article) -> dict[str, tuple[Wording, ...]]:
    """Return what changed in headline ("title"), "lead" and "body", each as `compare` has it; {} when nothing did.

    Of the body only the paragraphs from the first to the last that differ are compared.
    """
    old, new = list(before.body), list(after.body)
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    pairs = {
        "title": (before.title, after.title),
        "lead": (before.lead, after.lead),
        "body": ("\n".join(old), "\n".join(new)),
    }
    return {part: compare(*texts) for part, texts in pairs.items() if clean(texts[0]) != clean(texts[1])}


def replaced(runs: tuple[Wording, ...]) -> Iterator[tuple[str, str]]:
    """Return the places that differ as (words before, words after); one of them may be ""."""
    passed = False
    for run, following in pairwise((*runs, Wording(Change.SAME, ""))):
        if run.change is Change.REMOVED:
            passed = following.change is Change.ADDED
            yield run.text, following.text if passed else ""
        elif run.change is Change.ADDED and not passed:
            yield "", run.text
        else:
            passed = False
