"""An article finds its story: look up what is near, decide, keep all of it at once.

`keep` holds what comes in against its neighbours; `tidy` holds the whole open day against itself
when its edition closes, because what came first could not know what came later.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from monitor import urls
from monitor.dedup import copies, events, texts
from monitor.dedup.facts import Phrases, facts
from monitor.dedup.stories import Gathered, settle
from monitor.edges.store import Store
from monitor.models import Article, Fingerprint, Label, Link, Match, Placement, Relation, Report
from monitor.vietnamese import comparable

_BESIDE_OTHERS = 3  # times that a day is settled beside other work
_SETTLING = 30  # seconds that all others wait for it at last


def fingerprint(report: Report, phrases: Phrases) -> Fingerprint:
    """Return by what a report is found again; only campaign articles tell events."""
    clues = events.clues(facts(report, phrases)) if report.match.label is Label.CAMPAIGN else ()
    return Fingerprint(texts.keys(report.article), clues)


def keep(
    store: Store, link: Link, found: Report, phrases: Phrases, prints: Fingerprint | None = None
) -> tuple[Report, bool]:
    """Store a new article (id 0) in its story, and move what was not told yet to where it belongs now.

    `prints` is its fingerprint, if that was taken before. Returns it as stored, and whether its
    text was known: it is a copy, or the origin of one found before.
    """
    prints = prints or fingerprint(found, phrases)
    gathered = settle([*_near(store, found, prints), found], phrases)
    places = _moves(gathered, found)
    kept = store.articles.keep(link, found, prints, places)
    return kept, kept.relation is Relation.COPY or any(place.copy_of == 0 for place in places)


def revise(
    store: Store, link: Link, known: Report, article: Article, match: Match, phrases: Phrases, now: datetime
) -> None:
    """Replace a stored article's text by its new one; unless an edition has told it, it finds its story anew."""
    revised = replace(known, article=article, match=match)
    before, after = fingerprint(known, phrases), fingerprint(revised, phrases)
    store.articles.revise(link, revised, before, after, now)
    if not known.edition:
        others = [report for report in _near(store, revised, after) if report.id != known.id]
        store.articles.place(_moves(settle([*others, revised], phrases)), now)


def known(store: Store, found: Report, prints: Fingerprint | None = None) -> Report | None:
    """Return the stored article that a paper now shows at another address, None when it is a new one.

    It has the same text and headline, or nearly the same text and an address with the same id or words.
    """
    numbers = store.traces.copies(prints.shingles if prints else texts.keys(found.article))
    own = [report for report in store.articles.together(numbers) if copies.same_outlet(report, found)]
    title, letters = comparable(found.article.title), texts.text_hash(found.article)
    for report in sorted(own, key=lambda report: report.id):
        same = comparable(report.article.title) == title and texts.text_hash(report.article) == letters
        if same or (urls.same_article(report.article.url, found.article.url) and copies.is_copy(report, found)):
            return report
    return None


async def tidy(store: Store, untold: Callable[[], list[Report]], phrases: Phrases, now: datetime) -> None:
    """Settle the stories that no edition has told, all at once, before one does; `untold` reads them.

    Thousands take many seconds: they are reckoned beside other work, and again when another article came into one of
    their stories meanwhile; in the end all others wait. Raises StoreError.
    """
    for _ in range(_BESIDE_OTHERS):
        newest, together = store.articles.newest(), dict[int, Report]()
        for report in _together(store, untold(), phrases):
            together[report.id] = report
            await asyncio.sleep(0)
        places = {report.id: report.story for report in together.values()}
        members = store.articles.members(set(places.values()))
        if not places.items() <= members.items() or max(members, default=0) > newest:
            continue  # something came while they were read
        moves = _moves(await asyncio.to_thread(settle, together.values(), phrases))
        if await store.in_turn(partial(_carry_out, store, moves, members, now)):
            break
    else:
        await store.in_turn(lambda: store.articles.place(_settled(store, untold(), phrases), now), _SETTLING)
    store.traces.forget(now)


def _carry_out(store: Store, moves: list[Placement], members: dict[int, int], now: datetime) -> bool:
    """Move articles, unless others stand in their stories than did; returns whether they were moved."""
    same = store.articles.members(set(members.values())) == members
    if same:
        store.articles.place(moves, now)
    return same


def _settled(store: Store, untold: list[Report], phrases: Phrases) -> list[Placement]:
    together = {report.id: report for report in _together(store, untold, phrases)}
    return _moves(settle(together.values(), phrases))


def tidied(store: Store, untold: list[Report], phrases: Phrases) -> list[Report]:
    """Return untold reports in the stories that `tidy` would give them; nothing is stored.

    What would join a story that was told is left out: it is no longer to be told.
    """
    together = {report.id: report for report in _together(store, untold, phrases)}
    told = {report.story for report in together.values() if report.edition}
    places = {place.article: place for place in _moves(settle(together.values(), phrases))}
    placed = [_placed(report, places.get(report.id), together) for report in untold]
    return [report for report in placed if report.story not in told]


def _placed(report: Report, place: Placement | None, together: dict[int, Report]) -> Report:
    if place is None:
        return report
    copy_of = together[place.copy_of].article.url if place.copy_of else ""
    return replace(report, story=place.story, relation=place.relation, because=place.because, copy_of=copy_of)


def _near(store: Store, report: Report, prints: Fingerprint) -> list[Report]:
    """Return all articles of the stories in which an article's copies or the reports of its event may stand."""
    after, until = report.dated - events.WINDOW, report.dated + events.WINDOW
    numbers = store.traces.copies(prints.shingles) + store.traces.reports(prints.clues, after, until)
    return store.articles.together(numbers)


def _together(store: Store, reports: list[Report], phrases: Phrases) -> Iterator[Report]:
    """Return reports and all that may stand in one story with one of them, some of them more than once."""
    yield from reports
    for report in reports:
        yield from _near(store, report, fingerprint(report, phrases))


def _moves(gathered: Iterable[Gathered], found: Report | None = None) -> list[Placement]:
    """Return where articles belong that do not stand there yet; `found` always is among them."""
    places = []
    for number, story in enumerate(gathered, start=1):
        for member in story.members:
            origin = member.near if member.relation is Relation.COPY else None
            place = Placement(
                member.report.id, story.story or -number, member.relation, origin.id if origin else None, member.because
            )
            if member.report is found or _differs(member.report, place, origin):
                places.append(place)
    return places


def _differs(report: Report, place: Placement, origin: Report | None) -> bool:
    copy_of = origin.article.url if origin else ""
    stands = (report.story, report.relation, report.because, report.copy_of)
    return stands != (place.story, place.relation, place.because, copy_of)
