"""A week or a month looked back on, from the editions of its days. Pure: the same editions give the same review."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from monitor.models import Edition, Review, Story
from monitor.vietnamese import sort_key

WEEK, MONTH = "week", "month"
_REPUBLISHED = 5  # stories named
_PAPERS = 2  # a story in one paper was not republished


def ending(day: date, *, weekly: bool, monthly: bool) -> tuple[str, ...]:
    """Return which reviews the edition of a date carries: a week's on Sunday, a month's on its last day."""
    last = monthrange(day.year, day.month)[1]
    kinds = ((WEEK, weekly and day.isoweekday() == 7), (MONTH, monthly and day.day == last))
    return tuple(kind for kind, wanted in kinds if wanted)


def span(kind: str, last: date) -> tuple[date, date]:
    """Return the first days of a review that ends on `last`, and of the span before it."""
    if kind == WEEK:
        return last - timedelta(days=6), last - timedelta(days=13)
    first = last.replace(day=1)
    return first, (first - timedelta(days=1)).replace(day=1)


def review(kind: str, last: date, editions: Iterable[Edition]) -> Review:
    """Return the review of the week or month that ends on `last`; `editions` are its own and those of the span before.

    A province is silent, or has returned, only if there was an edition in the span before.
    """
    first, first_before = span(kind, last)
    own, before = [], []
    for edition in editions:
        if first <= edition.date <= last:
            own.append(edition)
        elif first_before <= edition.date < first:
            before.append(edition)
    now, then = by_province(own), by_province(before)
    told = [(edition.date, story) for edition in own for story in edition.told]
    return Review(
        kind=kind,
        first=first,
        last=last,
        stories=len(told),
        before=sum(len(edition.told) for edition in before),
        papers=len({article.source for _, story in told for article in story.articles}),
        provinces=tuple(sorted(now.items(), key=lambda pair: (-pair[1], sort_key(pair[0])))),
        weeks=_weeks(told) if kind == MONTH else (),
        republished=_republished(told),
        returned=_missing(now, then) if before else (),
        silent=_missing(then, now) if before else (),
    )


def by_province(editions: Iterable[Edition]) -> Counter[str]:
    """Count the stories of each province; a story of two provinces counts for both."""
    return Counter(place for edition in editions for story in edition.told for place in story.provinces)


def _weeks(told: Sequence[tuple[date, Story]]) -> tuple[tuple[date, int], ...]:
    """Count the stories of each week, named by its Monday."""
    counts = Counter(day - timedelta(days=day.weekday()) for day, _ in told)
    return tuple(sorted(counts.items()))


def _republished(told: Sequence[tuple[date, Story]]) -> tuple[tuple[date, Story, int], ...]:
    """Return the stories that most papers told, the most first."""
    several = [(day, story, story.papers) for day, story in told if story.papers >= _PAPERS]
    return tuple(sorted(several, key=lambda row: (-row[2], row[0], row[1].id))[:_REPUBLISHED])


def _missing(those: Counter[str], others: Counter[str]) -> tuple[str, ...]:
    """Return, in dictionary order, the provinces with stories that have none among the others."""
    return tuple(sorted((name for name in those if not others[name]), key=sort_key))
