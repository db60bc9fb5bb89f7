"""Article → Match: is it about the campaign, and why.

The vocabulary is data (data/vocabulary.toml); the operator may add to it or replace it. A phrase
counts once a sentence, the longest where several overlap, multiplied by where it stands. The
decision is taken on the extracted article, never on the page: menus and side columns of these
sites are full of the campaign's words.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from monitor.models import Article, Label, Match, Reason
from monitor.vietnamese import comparable, normalise, sentences

_PLACES = {
    "section": "chuyên mục",
    "title": "tiêu đề",
    "lead": "sapo",
    "opening": "mở bài",
    "body": "thân bài",
}
_BODY_COUNTS = 8  # sentences of the body beyond this add nothing: length is no evidence

_HE = re.compile(r"(?<!\w)(?:bác|người)(?!\w)")
_MENU = re.compile(r"\|.+\|| \| |^(?:xem thêm|tin liên quan|đọc thêm)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something to look for: `pattern` over comparable text; `number` when it is a document."""

    name: str
    pattern: re.Pattern[str]
    weight: float
    number: str = ""
    needs_company: bool = False
    supporting: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything the decision rests on."""

    phrases: tuple[Phrase, ...]
    vetoes: tuple[Phrase, ...]
    company: re.Pattern[str] | None
    weights: dict[str, float]
    campaign_at: float
    mentions_at: float


def _compiled(name: str, pattern: str, weight: float = 0.0, *, supporting: bool = False) -> Phrase:
    return Phrase(name, re.compile(pattern), weight, supporting=supporting)


def _literal(phrase: str) -> str:
    """Return a pattern for an operator's plain phrase: whole words, any spacing."""
    return rf"(?<!\w){re.escape(comparable(phrase)).replace(chr(92) + ' ', ' +')}(?!\w)"


@cache
def builtin() -> Vocabulary:
    """Return the vocabulary of the campaign this project was made for."""
    data = tomllib.loads(files("monitor").joinpath("data/vocabulary.toml").read_text(encoding="utf-8"))
    documents = [
        Phrase(
            d["number"],
            re.compile(d[form]),
            d["weight"],
            d["number"],
            needs_company=form == "short",
        )
        for d in data["document"]
        for form in ("full", "short")
    ]
    return Vocabulary(
        phrases=(*(_compiled(**row) for row in data["phrase"]), *documents),
        vetoes=tuple(_compiled(**row) for row in data["veto"]),
        company=re.compile(data["documents"]["beside"]),
        weights=data["weights"],
        campaign_at=data["thresholds"]["campaign"],
        mentions_at=data["thresholds"]["mentions"],
    )


def vocabulary(
    phrases: tuple[str, ...] = (),
    excludes: tuple[str, ...] = (),
    documents: tuple[str, ...] = (),
    threshold: float | None = None,
    *,
    replaced: bool = False,
) -> Vocabulary:
    """Return the built-in vocabulary with the operator's words, or (`replaced`) theirs alone.

    `phrases` and `excludes` are plain words, `documents` full numbers such as "12-NQ/TU".
    """
    ground = builtin()
    added = [_compiled(phrase, _literal(phrase), 1.5) for phrase in phrases]
    cited = [Phrase(number, re.compile(_literal(number)), 1.0, number) for number in documents]
    vetoes = [_compiled(phrase, _literal(phrase)) for phrase in excludes]
    return replace(
        ground,
        phrases=(*([] if replaced else ground.phrases), *added, *cited),
        vetoes=(*([] if replaced else ground.vetoes), *vetoes),
        campaign_at=ground.campaign_at if threshold is None else threshold,
    )


def decide(article: Article, words: Vocabulary | None = None) -> Match:
    """Label one article `campaign`, `mentions` or `not`, with its score and the reasons.

    `mentions` means that another matter is told and the campaign stands in passing.
    """
    words = words or builtin()
    company = bool(words.company and words.company.search(comparable(article.text)))
    found = [
        (place, phrase)
        for place, sentence in _sentences(article)
        for phrase in _found(sentence, words, company=company)
    ]
    if all(phrase.supporting for _, phrase in found):
        return Match(Label.NOT, 0.0)
    of_body = [pair for pair in found if pair[0] == "body"][:_BODY_COUNTS]
    reasons = tuple(
        Reason(phrase.name, _PLACES[place], round(phrase.weight * words.weights[place], 2))
        for place, phrase in [pair for pair in found if pair[0] != "body"] + of_body
    )
    score = round(sum(reason.weight for reason in reasons), 2)
    label = (
        Label.CAMPAIGN if score >= words.campaign_at else Label.MENTIONS if score >= words.mentions_at else Label.NOT
    )
    return Match(label, score, reasons)


def cited(article: Article, words: Vocabulary | None = None) -> tuple[str, ...]:
    """Return the campaign's documents that an article names, each in one spelling, in order."""
    words = words or builtin()
    text = "\n".join(sentence for _, sentence in _sentences(article)).lower()
    company = bool(words.company and words.company.search(text))
    places = {
        phrase.number: hit.start()
        for phrase in words.phrases
        if phrase.number and (company or not phrase.needs_company) and (hit := phrase.pattern.search(text))
    }
    return tuple(sorted(places, key=lambda number: places[number]))


def _sentences(article: Article) -> Iterator[tuple[str, str]]:
    """Return every sentence in one spelling, case kept, with the name of the place where it stands."""
    yield "section", normalise(article.section)
    yield "title", normalise(article.title)
    opening, rest = article.body[:2], article.body[2:]
    for place, paragraphs in (("lead", (article.lead,)), ("opening", opening), ("body", rest)):
        for paragraph in paragraphs:
            if _MENU.search(paragraph):
                continue  # a line of links that slipped into the text is no sentence of it
            for sentence in sentences(normalise(paragraph)):
                yield place, sentence


def _found(sentence: str, words: Vocabulary, *, company: bool) -> list[Phrase]:
    """Return the phrase that weighs most in one sentence, and beside it a document."""
    text = sentence.lower()
    vetoed = [(hit.start(), hit.end()) for veto in words.vetoes for hit in veto.pattern.finditer(text)]

    def stands(phrase: Phrase) -> bool:
        if phrase.needs_company and not company:
            return False
        return any(
            not any(start <= hit.start() < end for start, end in vetoed) and _speaks_of_him(sentence, hit)
            for hit in phrase.pattern.finditer(text)
        )

    found = [phrase for phrase in words.phrases if stands(phrase)]
    best = max((p for p in found if not p.number), key=lambda phrase: phrase.weight, default=None)
    documents = [phrase for phrase in found if phrase.number][:1]
    if best is None:
        return documents
    return [best, *(replace(phrase, weight=phrase.weight / 2) for phrase in documents)]


def _speaks_of_him(sentence: str, hit: re.Match[str]) -> bool:
    """Tell whether each "Bác" and "Người" of a hit is a name: in lower case they are anybody."""
    printed = sentence[hit.start() : hit.end()] if len(sentence) == len(hit.string) else hit[0].upper()
    return all(printed[word.start()].isupper() for word in _HE.finditer(hit[0]))
