"""Article → what the vocabulary finds in it, by one pass of one pattern over one text."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, groupby

from monitor.campaign.documents import Document, is_by_the_centre, is_elsewhere
from monitor.campaign.vocabulary import Kind, Phrase, Vocabulary
from monitor.links import without_links
from monitor.models import Article
from monitor.vietnamese import normalise, sentences

_SEPARATOR = "\ue000"  # between paragraphs; a character for private use, which no text means
_CAPTION = re.compile(r"(?:^|[.()] ?)ảnh(?: minh họa)?(?: ?:|\.$)", re.IGNORECASE)
_HE = re.compile(r"(?<!\w)(?:bác|người|hồ chí minh|cụ hồ)(?!\w)")
_WITHIN_SENTENCE = re.compile(r"(?<=[\w,] )Bác(?= (?!sĩ|sỹ)[a-zà-ỹđ])")  # there a capital means him
_ROUND_A_LABEL = " \"'()[].:-–»›>*"
_AROUND = 300  # letters of its sentence that are looked at on both sides of a phrase
_BEFORE = 12  # letters that hold the word before a name
_TOGETHER = 2  # documents whose numbers another body hardly has as well: "Chỉ thị 05, Chỉ thị 07"
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Find:
    """A phrase in its sentence: where that stands, and what stands `before` and `after` in it.

    `sentence` tells the sentences of one article apart.
    """

    phrase: Phrase
    place: str
    sentence: int
    printed: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One article as one text in one spelling: its paragraphs' places, and where each begins."""

    text: str
    lowered: str
    places: tuple[str, ...]
    starts: tuple[int, ...]

    def paragraph(self, position: int) -> int:
        """Return the number of the paragraph that holds a position."""
        return bisect_right(self.starts, position) - 1

    def label(self, paragraph: int) -> tuple[int, int]:
        """Return the bounds of a paragraph's words: a name that fills them is the label of a section, no news."""
        start, end = self.bounds(paragraph)
        words = self.text[start:end].strip(_ROUND_A_LABEL)
        start = self.text.index(words, start)
        return start, start + len(words)

    def bounds(self, paragraph: int) -> tuple[int, int]:
        """Return from where to where a paragraph stands."""
        last = paragraph + 1 == len(self.starts)
        return self.starts[paragraph], len(self.text) if last else self.starts[paragraph + 1] - 1

    def sentences(self, paragraph: int) -> list[tuple[int, int]]:
        """Return the bounds of each sentence of a paragraph."""
        start, end = self.bounds(paragraph)
        at, bounds = start, []
        for sentence in sentences(self.text[start:end]):
            at = self.text.index(sentence, at)
            bounds.append((at, at + len(sentence)))
            at += len(sentence)
        return bounds


def read(article: Article) -> Reading:
    """Return an article's section, title, lead and body as one text; lines of links are left out."""
    told = [article.lead] if article.lead else []
    told += without_links(article.body)
    parts = [("section", article.section), ("title", article.title), *zip(_places(told), told, strict=True)]
    text = normalise(_SEPARATOR.join(part.replace(_SEPARATOR, " ") for _, part in parts))
    lengths = (len(part) + 1 for part in text.split(_SEPARATOR)[:-1])
    return Reading(text, _lowered(text), tuple(place for place, _ in parts), tuple(accumulate(lengths, initial=0)))


def _places(paragraphs: list[str]) -> Iterator[str]:
    """Return each paragraph's place: the first that tells is the lead, the next the opening; no caption is either."""
    places = iter(("lead", "opening"))
    for text in paragraphs:
        yield next(places, "body") if text and not _CAPTION.search(text) else "body"


def _lowered(text: str) -> str:
    """Return `text` in lower case, letter for letter."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def finds(article: Article, words: Vocabulary) -> list[Find]:
    """Return everything of the vocabulary in an article, in its order; what another body issued is left out."""
    reading = read(article)
    found = []
    for number, hits in groupby(_scan(reading, words), key=lambda hit: reading.paragraph(hit[1][0])):
        bounds = reading.sentences(number)
        ends = [end for _, end in bounds]
        for phrase, (start, end) in hits:
            sentence = bounds[min(bisect_right(ends, start), len(bounds) - 1)]
            around = max(sentence[0], start - _AROUND), min(sentence[1], end + _AROUND)
            before, after = reading.lowered[around[0] : start], reading.lowered[end : around[1]]
            place, printed = reading.places[number], reading.text[start:end]
            if place in ("opening", "body") and (start, end) == reading.label(number):
                continue
            found.append(Find(phrase, place, sentence[0], printed, before, after))
    return _own(found, reading, words, article)


def _scan(reading: Reading, words: Vocabulary) -> Iterator[tuple[Phrase, tuple[int, int]]]:
    """Return every phrase with its place in the text; none begins inside a name or what is excluded."""
    end = 0
    for begin in words.scan.finditer(reading.lowered):
        if begin.start() < end or _word_before(reading, begin.start()) in words.rules.compounds.get(begin[0], ()):
            continue
        for phrase in words.by_first[begin[0]]:
            hit = phrase.pattern.match(reading.lowered, begin.start())
            if hit and (phrase.kind is Kind.EXCLUDE or _speaks_of_him(reading, hit, words)):
                end = hit.end() if phrase.kind in (Kind.NAME, Kind.EXCLUDE) else end
                yield phrase, hit.span()
                break


def _speaks_of_him(reading: Reading, hit: re.Match[str], words: Vocabulary) -> bool:
    """Tell whether each "Bác", "Người" and "Hồ Chí Minh" of a find is he."""
    if hit[0] == "bác" and _begins_sentence(reading.text, hit.start()) and not _WITHIN_SENTENCE.search(reading.text):
        return False
    return all(
        not _is_a_place(reading, he, words)
        if he[0] == "hồ chí minh"
        else reading.text[he.end() - len(he[0].split()[-1])].isupper() and not _is_someone_else(reading, hit, he, words)
        for he in _HE.finditer(reading.lowered, *hit.span())
    )


def _is_a_place(reading: Reading, he: re.Match[str], words: Vocabulary) -> bool:
    """Tell whether the word before "Hồ Chí Minh" makes it a city, a road, an office or a prize."""
    return _word_before(reading, he.start()) in words.rules.not_after


def _word_before(reading: Reading, position: int) -> str:
    """Return the word before a position, "" at the beginning."""
    before = reading.lowered[max(0, position - _BEFORE) : position].replace(_SEPARATOR, ". ")
    return next(reversed(before.split()), "")


def _begins_sentence(text: str, position: int) -> bool:
    """Tell whether a sentence begins at a position: there a capital shows nothing."""
    before = text[max(0, position - _BEFORE) : position].rstrip(" \"'(-")
    return not before or before[-1] in f".!?…:{_SEPARATOR}"


def _is_someone_else(reading: Reading, hit: re.Match[str], he: re.Match[str], words: Vocabulary) -> bool:
    """Tell whether the word after "Bác" or "Người" makes it another person ("Bác Ba Đực") or a common word.

    In a headline in which every word has its capital, a capital shows nothing.
    """
    after = reading.text[he.end() : he.end() + 20]
    following = _WORD.match(after, 1) if after.startswith(" ") else None
    if not following or following[0].lower() in ("hồ", "tôn"):
        return False
    printed = reading.text[hit.start() : he.end()]
    every_word = printed.isupper() or (printed.istitle() and printed.count(" ") > 1)
    another_name = following[0][0].isupper() and not every_word
    return another_name or following[0].lower() in words.rules.not_before.get(he[0], ())


def _own(found: list[Find], reading: Reading, words: Vocabulary, article: Article) -> list[Find]:
    """Return the finds without the documents that the text gives to another body.

    A short form ("Chỉ thị 05") counts half in a text without any other word of the campaign, unless
    it has its issuer ("của Bộ Chính trị") or stands beside another of its documents.
    """
    cited = {one.phrase.name for one in found if one.phrase.document}
    alone = len(cited) < _TOGETHER and all(
        one.phrase.kind is Kind.EXCLUDE or (one.phrase.kind is Kind.SHORT and not is_by_the_centre(one.after))
        for one in found
    )
    full = {one.phrase.name for one in found if one.phrase.kind is Kind.FULL}
    kept = [
        one
        for one in found
        if one.phrase.document is None
        or (
            _is_own(one, one.phrase.document, article, words, alone=alone)
            and (one.phrase.name in full or not one.phrase.document.foreign.search(reading.lowered))
        )
    ]
    if not alone:
        return kept
    return [replace(one, phrase=replace(one.phrase, weight=one.phrase.weight / 2)) for one in kept]


def _is_own(find: Find, doc: Document, article: Article, words: Vocabulary, *, alone: bool) -> bool:
    """Tell whether a number is the campaign's: not too early, and given to nobody else."""
    if article.published and doc.issued and article.published.date() < doc.issued:
        return False
    if alone and not (doc.number in words.rules.alone and find.printed[0].isupper()):
        return False
    return not is_elsewhere(doc, find.after, alone=alone)
