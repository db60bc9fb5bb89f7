"""A draft of one edition: what is told, from what the store knows; the lines, if a language model may rewrite them.

What a draft is made of is kept beside the edition (`Basis`), so that the same edition can be
composed again at any time.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from monitor import __version__
from monitor.app import App
from monitor.digest import edition as editions
from monitor.digest.reviews import ending, review, span
from monitor.digest.rewrite import messages, refusal
from monitor.edges.store import Store
from monitor.errors import ModelError, TooEarlyError, UsageError
from monitor.models import Article, Basis, Edition, Placed, Report, Story
from monitor.vietnamese import clean

if TYPE_CHECKING:
    from monitor.edges.model import Model

_FIRST_YEAR = 1997
_OLDEST = timedelta(days=365)  # what was published longer ago is history, however late it is found
_MODEL_AT_ONCE = 4  # stories that a language model rewrites side by side

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition that nobody has seen yet, what it is made of, and its reports."""

    edition: Edition
    basis: Basis
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be told on one day, and until when it may have been published (`until`)."""

    timely: list[Report]
    late: list[Report]
    until: datetime

    @property
    def reports(self) -> list[Report]:
        """All of it."""
        return [*self.timely, *self.late]

    def holding(self, settled: Iterable[Report]) -> "Waiting":
        """Return the same with those of its reports that are among `settled`, as they stand there."""
        by_id = {report.id: report for report in settled}
        timely, late = ([by_id[one.id] for one in part if one.id in by_id] for part in (self.timely, self.late))
        return Waiting(timely, late, self.until)


def waiting(app: App, store: Store, day: date, now: datetime) -> Waiting:
    """Return what no edition has told and the one of a date may tell.

    Raises UsageError for a date to come and for one before there was news on the web.
    """
    digest = app.config.digest
    today = now.astimezone(digest.timezone).date()
    if day > today:
        raise UsageError(f"{day:%Y-%m-%d} lies in the future; today is {today:%Y-%m-%d} in {digest.timezone}")
    if day.year < _FIRST_YEAR:
        raise UsageError(f"{day.isoformat()}: there was no news on the web yet")
    after, until = editions.span(day, now, digest.at, digest.timezone, digest.max_age)
    timely = store.articles.untold(after, until, mentions=app.config.campaign.mentions)
    return Waiting(timely, store.articles.late(after - _OLDEST, after, until), until)


def compose(app: App, store: Store, day: date, now: datetime, found: Waiting) -> Draft:
    """Compose the edition of a date from what no edition has told (`found`), each report in its story.

    Changes nothing. Raises TooEarlyError when nothing was visited in its time.
    """
    digest, reports, late = app.config.digest, found.timely, found.late
    today = now.astimezone(digest.timezone).date()
    day_before = found.until - timedelta(days=1)
    since = min(store.editions.closed_before(day) or day_before, day_before)
    ended = now if day == today else found.until
    rounds = store.sources.rounds(since, ended)
    if not reports and not late and not rounds:
        hint = "nothing is known of that day" if day < today else "`monitor poll` does it"
        raise TooEarlyError(f"{day:%Y-%m-%d}: no source was visited in that time; {hint}")
    basis = Basis(
        made_by=__version__,
        name=app.config.campaign.heading,
        placed=(*_placed(reports, late=False), *_placed(late, late=True)),
        since=since,
        until=ended,
        sources=tuple(source.name for source in app.sources),
        hosts=linkable_hosts(app, store),
        reviews=tuple(
            kind
            for kind in ending(day, weekly=digest.weekly, monthly=digest.monthly)
            if store.shelf.between(span(kind, day)[0], day - timedelta(days=1))  # else it would tell the day again
        ),
    )
    made = editions.compose(day, basis.name, reports, rounds, basis.sources, late, basis.hosts)
    return Draft(with_reviews(store, made, basis.reviews), basis, (*reports, *late))


def _placed(reports: list[Report], *, late: bool) -> tuple[Placed, ...]:
    return tuple(Placed(report.id, report.story, report.copy_of, late) for report in reports)


def linkable_hosts(app: App, store: Store) -> tuple[str, ...]:
    """Return the hosts that may be linked to: those of sources.yaml, and where they were seen to lead."""
    return tuple(sorted(store.redirects.reached({editions.site(source.url) for source in app.sources})))


def recompose(store: Store, day: date, basis: Basis, closed_at: datetime) -> Edition:
    """Return an edition composed anew from the articles as they were when it closed."""
    found = [(placed, store.shelf.as_told(placed, closed_at)) for placed in basis.placed]
    told = [report for placed, report in found if report and not placed.late]
    late = [report for placed, report in found if report and placed.late]
    rounds = store.sources.rounds(basis.since, basis.until)
    made = editions.compose(day, basis.name, told, rounds, basis.sources, late, basis.hosts)
    return with_reviews(store, editions.retold(made, basis.lines), basis.reviews)


def with_reviews(store: Store, edition: Edition, kinds: Iterable[str]) -> Edition:
    """Return the edition with a look back for each of `kinds`."""
    found = []
    for kind in kinds:
        before = store.shelf.between(span(kind, edition.date)[1], edition.date - timedelta(days=1))
        found.append(review(kind, edition.date, [*before, edition]))
    return editions.reviewed(edition, found)


async def rewritten(app: App, draft: Draft) -> Draft:
    """Return the draft with the lines that the language model, if there is one, was allowed to rewrite."""
    model, summary = app.model(), app.config.summary
    if model is None or summary is None:
        return draft
    by_url = {report.article.url: report.article for report in draft.reports}
    told = [(story, by_url[story.articles[0].url]) for story in draft.edition.stories]
    async with model:
        lines = await _lines(model, told, summary.total.total_seconds())
    chosen = tuple(sorted(lines.items()))
    return Draft(editions.retold(draft.edition, chosen), replace(draft.basis, lines=chosen), draft.reports)


async def _lines(model: "Model", told: Iterable[tuple[Story, Article]], seconds: float) -> dict[int, str]:
    """Return, by story, the lines that the model wrote within so many seconds and that may be told."""
    places = asyncio.Semaphore(_MODEL_AT_ONCE)
    lines: dict[int, str] = {}

    async def one(story: Story, article: Article) -> None:
        async with places:
            if said := await _line(model, story, article):
                lines[story.id] = said

    tasks = [asyncio.create_task(one(*pair)) for pair in told]
    _, late = await asyncio.wait(tasks, timeout=seconds) if tasks else ((), ())
    for task in late:
        task.cancel()
    for fault in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(fault, Exception):
            _log.error("story line: unexpected fault", exc_info=fault)
    return lines


async def _line(model: "Model", story: Story, article: Article) -> str:
    """Return a story's line in the model's words, "" where it gives none that may be told."""
    try:
        said = clean(await model.ask(messages(article, story.summary)))
    except ModelError as fault:
        _log.warning("story line %d: %s", story.id, fault)
        return ""
    if reason := refusal(said, article):
        _log.info("story line %d: the model's line was refused: %s", story.id, reason)
        return ""
    return said
