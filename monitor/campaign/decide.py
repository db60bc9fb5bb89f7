"""Article → Match: is it about the campaign, and why.

Every find is weighed by what it says and where it stands. What only sounds like the campaign is
shown and weighs nothing. The decision is taken on the extracted article, never on the page: menus
and side columns of these sites are full of the campaign's words.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, islice

from monitor.campaign.documents import has_subject
from monitor.campaign.reading import Find, finds
from monitor.campaign.vocabulary import Kind, Vocabulary, builtin
from monitor.models import Article, Label, Match, Reason
from monitor.vietnamese import comparable, normalise

_PLACES = {
    "section": "chuyên mục",
    "title": "tiêu đề",
    "lead": "sapo",
    "opening": "mở bài",
    "body": "thân bài",
}
_WEAK = frozenset({Kind.SIGN, Kind.EXCLUDE})  # show nothing in a text that does not name the campaign
_PARTS = 0.5  # what is left of everything in a text that has parts of the name, and nowhere the name or a document
_COUNTS = 8  # reasons of one place; beyond these, none: length is no evidence
_WHOLE = 1800  # letters of text in which a sentence of the body counts whole; in a longer one, its share
_LEAST = 0.4
_PASSING = 0.6  # what is left of a phrase by which another matter brings the campaign in
_OCCASION = 1.5  # "sơ kết thực hiện Chỉ thị 05", "Chỉ thị 05 đòi hỏi…" is as much as the name
_NEAR = 60  # letters between the occasion and the number
_CITED_TOO = 0.5  # what a document adds to a sentence that names the campaign


def judge(article: Article, words: Vocabulary | None = None) -> tuple[Article, Match]:
    """Return an article with the campaign's documents that it names, in order, and the decision about it.

    `mentions` means that another matter is told and the campaign stands in passing. A reason of
    weight 0 was seen and does not count.
    """
    words = words or builtin()
    found = finds(article, words)
    documents = dict.fromkeys(one.phrase.name for one in found if one.phrase.document)
    reasons = tuple(_reasons(article, found, words))
    score = round(sum(reason.weight for reason in reasons), 2)
    return replace(article, documents=tuple(documents)), Match(_label(score, words), score, reasons)


def decide(article: Article, words: Vocabulary | None = None) -> Match:
    """Label one article `campaign`, `mentions` or `not`, with its score and the reasons."""
    return judge(article, words)[1]


def _reasons(article: Article, found: list[Find], words: Vocabulary) -> list[Reason]:
    """Return what each sentence says; of each place the first few."""
    elsewhere = _is_elsewhere(article, found, words)
    named = any(one.phrase.kind not in _WEAK for one in found)
    said = [
        reason
        for (place, _), sentence in groupby(
            _counted(found, dwells=named and not elsewhere), key=lambda one: (one.place, one.sentence)
        )
        for reason in _weighed(list(sentence), _Place.of(place, article, words, elsewhere=elsewhere), words)
    ]
    by_place = groupby(said, key=lambda reason: reason.where)
    told = [reason for _, place in by_place for reason in islice(place, _COUNTS)]
    return [*told, *_portrait(article, words)] if named and not elsewhere else told


def _counted(found: list[Find], *, dwells: bool) -> list[Find]:
    """Return the finds with the weight that they have in this text: signs and parts only where it `dwells` on him."""
    surely = any(one.phrase.kind not in (*_WEAK, Kind.PART) for one in found)
    share = 1.0 if surely else _PARTS
    return [_times(one, share if dwells or one.phrase.kind not in (*_WEAK, Kind.PART) else 0.0) for one in found]


def _portrait(article: Article, words: Vocabulary) -> Iterator[Reason]:
    """Return by what an article shows that it tells a person: its section or its headline."""
    for place, pattern in words.rules.portraits.items():
        printed = normalise(getattr(article, place))
        if found := pattern.search(printed.lower()):
            yield Reason(printed[found.start() : found.end()], _PLACES[place], words.rules.thresholds["portrait"])
            return


def _is_elsewhere(article: Article, found: list[Find], words: Vocabulary) -> bool:
    """Tell whether headline and lead tell another matter, of those in which the campaign is often brought in."""
    named_in_title = any(one.place == "title" and one.phrase.kind is Kind.NAME for one in found)
    if not found or named_in_title or words.rules.matters is None:
        return False
    return bool(words.rules.matters.search(comparable(f"{article.title}. {article.lead}")))


def _times(find: Find, share: float) -> Find:
    """Return a find that weighs a share of what it did."""
    return replace(find, phrase=replace(find.phrase, weight=find.phrase.weight * share))


def _label(score: float, words: Vocabulary) -> Label:
    if score >= words.campaign_at:
        return Label.CAMPAIGN
    return Label.MENTIONS if score > 0 else Label.NOT


@dataclass(frozen=True, slots=True)
class _Place:
    """What a sentence counts where it stands: `factor` of its weight, at most `most`.

    `taken` is the factor where the campaign takes up the text's own matter; 0 where the text has another.
    """

    factor: float
    most: float
    taken: float

    @classmethod
    def of(cls, place: str, article: Article, words: Vocabulary, *, elsewhere: bool) -> "_Place":
        """Return what a place is worth; in a long text a sentence of the body counts its share."""
        share = max(_LEAST, min(1.0, _WHOLE / max(1, len(article.text)))) if place in ("opening", "body") else 1.0
        alone = place not in ("opening", "body") or (place == "opening" and not elsewhere)
        most = float("inf") if alone else words.rules.thresholds["sentence"]
        factor = words.rules.places[place] * share
        taken = words.rules.places["opening"] * share if place == "body" else factor
        return cls(factor, most, 0.0 if elsewhere else taken)


def _weighed(sentence: list[Find], place: _Place, words: Vocabulary) -> Iterator[Reason]:
    """Return what one sentence says: its heaviest phrase, and beside it a document; else what was void."""
    told = max((one for one in sentence if not one.phrase.document), key=lambda one: one.phrase.weight, default=None)
    number = next((one for one in sentence if one.phrase.document), None)
    factor, most = place.factor, place.most
    names = told is not None and told.phrase.kind is Kind.NAME
    subject = told if names else number
    if subject and place.taken and _passing(subject, words) == 1:
        taken = words.rules.taken.search(subject.before) or (names and words.rules.explained.match(subject.after))
        factor = place.taken if taken else factor
        most = float("inf") if taken or (names and number and not has_subject(number.after)) else most
    if told and (told.phrase.weight or not number):
        weight = min(most, told.phrase.weight * factor * _passing(told, words))
        yield _reason(told, weight)
        most, factor = most - weight, factor * (1.0 if told.phrase.kind is Kind.SIGN else _CITED_TOO)
    if number:
        factor *= _OCCASION if _is_the_matter(number, words) else 1.0
        yield _reason(number, min(most, number.phrase.weight * factor * _passing(number, words)))


def _is_the_matter(number: Find, words: Vocabulary) -> bool:
    """Tell whether a document is what its sentence tells: its subject, or what an occasion is held for."""
    begins = number.place not in ("section", "title") and not number.before.strip(' "(-')
    return begins or bool(words.rules.occasion.search(number.before, max(0, len(number.before) - _NEAR)))


def _passing(find: Find, words: Vocabulary) -> float:
    """Return what is left of a phrase: less where its sentence is about something else up to there."""
    if find.phrase.kind in _WEAK or find.place in ("section", "title"):
        return 1.0
    aside = words.rules.passing.search(find.before)
    served = find.place != "lead" and words.rules.purpose.search(find.before)
    return _PASSING if aside or served else 1.0


def _reason(find: Find, weight: float) -> Reason:
    return Reason(find.printed.strip(' "'), _PLACES[find.place], round(weight, 2))
