"""The words of an article as they are compared: folded, without marks, signatures and captions.

Jaccard measures fail on republications: a copy cut by half shares half of the union at most (the
median over real ones is 0.47). What is measured here is containment: the share of one text that
stands in the other.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from monitor.marks import is_signature, without_closing, without_opening
from monitor.models import Article
from monitor.vietnamese import fold, normalise

SAMPLE = 20
"""Shingles kept of each text; of a copy cut by half ten are left."""

_SHINGLE = 4  # syllables; three are too common, five survive 15 % of replaced words too rarely
_RUN = 9  # letters
_SHORT = 200  # letters; below it a body says too little to be told by
_BRIEF = 120  # runs of letters; two texts are no copies for so little
_CACHED, _COMPARED = 512, 96  # texts remembered: as they are compared, and with all their runs

_NOT_LETTERS = re.compile(r"[\W_]+")
_CAPTION = re.compile(r"^.{0,220}(?:\(|\.\s*|\s[-–]\s|^)(?:Ảnh|Ảnh minh họa|Nguồn ảnh)\s*:.{0,60}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of each of two texts stands in the other: 0 to 1.

    `one` and `other` are the containments of 9-letter runs; `shorter` that of the shorter text.
    `longer` is how many times as long the other one is; `brief` tells that one is too short to be
    told by.
    """

    one: float
    other: float
    shorter: float
    longer: float
    brief: bool


@lru_cache(_CACHED)
def text_hash(article: Article) -> str:
    """Return what two articles with the very same text share: a digest of the body's letters, marks folded.

    A body too short to be told by is taken together with title and lead.
    """
    body = [without_closing(without_opening(p)) for p in article.body if not is_signature(p)]
    letters = _NOT_LETTERS.sub("", fold("".join(body)))
    if len(letters) < _SHORT:
        letters = _NOT_LETTERS.sub("", fold(f"{article.title}{article.lead}")) + letters
    return hashlib.sha256(letters.encode()).hexdigest()[:32]


def printed(article: Article) -> str:
    """Return lead and body in one spelling, without marks, signatures and captions."""
    kept = [p for p in (article.lead, *article.body) if p and not is_signature(p) and not _CAPTION.match(p)]
    return " . ".join(normalise(without_closing(without_opening(paragraph))) for paragraph in kept)


@lru_cache(_CACHED)
def letters(article: Article) -> str:
    """Return the folded syllables of lead and body, a space between them; kỷ and kỉ, ủy and uỷ are the same."""
    return _NOT_LETTERS.sub(" ", fold(printed(article))).replace("y", "i").strip()


@lru_cache(_CACHED)
def keys(article: Article) -> tuple[int, ...]:
    """Return the SAMPLE shingles by which an article is found in the index, as 32-bit numbers.

    Of all runs of four syllables those whose hash is smallest: the sample of a part of a text
    then is, as far as it goes, a part of the sample of the whole.
    """
    syllables = letters(article).split()
    shingles = {" ".join(syllables[i : i + _SHINGLE]) for i in range(max(1, len(syllables) - _SHINGLE + 1))}
    hashes = sorted(hashlib.blake2b(shingle.encode(), digest_size=8).digest() for shingle in shingles if shingle)
    return tuple(int.from_bytes(hashed[4:], signed=True) for hashed in hashes[:SAMPLE])


@lru_cache(_COMPARED)
def _letter_runs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + _RUN] for i in range(max(1, len(text) - _RUN + 1)))


@lru_cache(_COMPARED)
def _syllable_runs(text: str) -> frozenset[tuple[str, ...]]:
    syllables = text.split()
    return frozenset(zip(syllables, syllables[1:], syllables[2:], strict=False))


def likeness(one: Article, other: Article) -> Likeness:
    """Compare two texts exactly."""
    a, b = letters(one), letters(other)
    mine, yours = _letter_runs(a), _letter_runs(b)
    shared, fewer, more = len(mine & yours), *sorted((len(mine), len(yours)))
    return Likeness(
        one=shared / len(mine),
        other=shared / len(yours),
        shorter=shared / fewer,
        longer=more / fewer,
        brief=fewer < _BRIEF,
    )


def kept_runs(one: Article, other: Article) -> float:
    """Return the share of the shorter text's syllables that stand in runs of three of the other."""
    short, long = sorted((letters(one), letters(other)), key=lambda text: len(_letter_runs(text)))
    runs, syllables = _syllable_runs(long), short.split()
    covered, reached = 0, 0
    for i, run in enumerate(zip(syllables, syllables[1:], syllables[2:], strict=False)):
        if run in runs:
            covered += i + 3 - max(i, reached)
            reached = i + 3
    return covered / len(syllables) if syllables else 0.0
