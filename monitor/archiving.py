"""An edition on its shelf: its files, the notes to it, the pages that list it, the proof that it can be made again.

The files of an edition are written once. They are written again only when one is lost, or when
something became known of a told story; a change of the program's templates changes no archived
edition. The pages that list editions are made anew each time.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from monitor.app import App
from monitor.digest import feeds, pages, pictures, site
from monitor.digest.frame import Look, page_of
from monitor.digest.notes import notes
from monitor.digest.reviews import by_province
from monitor.drafting import linkable_hosts, recompose
from monitor.edges import archive
from monitor.edges.store import Store, hash_of
from monitor.errors import UsageError
from monitor.models import Basis, Edition, Note, Part
from monitor.provinces import current

_TEXTS = ("md", "json", "html")  # the files of an edition that hold its notes
ENDINGS = (*_TEXTS, "png")
"""The files of an edition."""
_NOTES = "notes"  # beside the files' hashes: that of the notes they hold
_EVER = (date(1997, 1, 1), date(9999, 12, 31))


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of composing an edition again: whether it is the same, and which files were put right.

    `basis` says which version made it; `restored` are the paths of files that were lost or altered.
    """

    edition: Edition
    basis: Basis
    archived_hash: str
    rebuilt_hash: str
    restored: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the stored facts gave the archived bytes again."""
        return self.archived_hash == self.rebuilt_hash


def shelve(
    app: App, store: Store, edition: Edition, parts: tuple[Part, ...], only: Iterable[str] = ENDINGS
) -> list[str]:
    """Write an edition's files (those of `only`), and all pages that list it; returns the paths of its own.

    Raises ArchiveError.
    """
    day, since = edition.date, _known_since(app, store, edition)
    makers = _files(app, store, edition, parts, since)
    known = store.shelf.files(day)
    wanted = {ending: makers[ending]() for ending in ENDINGS if ending in set(only)}
    written = archive.write(app.digests, day, wanted)
    hashes = {ending: hashlib.sha256(content).hexdigest() for ending, content in wanted.items()}
    if wanted.keys() >= set(_TEXTS):
        hashes[_NOTES] = _hash_of_notes(since)
    store.shelf.archived(day, known | hashes, app.clock())
    list_pages(app, store, [edition])
    return [str(path) for path in written]


def annotate(app: App, store: Store, edition: Edition, parts: tuple[Part, ...]) -> list[str]:
    """Write an edition's files that hold notes again if there is one that they do not hold; returns the paths."""
    known = store.shelf.files(edition.date)
    if known.get(_NOTES) == _hash_of_notes(_known_since(app, store, edition)):
        store.shelf.archived(edition.date, known, app.clock())  # looked at, and nothing told has changed
        return []
    return shelve(app, store, edition, parts, _TEXTS)


def _hash_of_notes(since: tuple[Note, ...]) -> str:
    return hashlib.sha256(repr(since).encode()).hexdigest()


def lost(app: App, store: Store, day: date) -> list[str]:
    """Return the endings of an edition's files that are not there, or of which nobody noted that they are."""
    noted = store.shelf.files(day)
    return [ending for ending in ENDINGS if ending not in noted or archive.missing(app.digests, day, [ending])]


def _look(app: App) -> Look:
    return Look(app.config.campaign.heading, app.address)


def _known_since(app: App, store: Store, edition: Edition) -> tuple[Note, ...]:
    day = edition.date
    return notes(edition, store.shelf.joined(day), store.shelf.revised(day), set(linkable_hosts(app, store)))


def _files(
    app: App, store: Store, edition: Edition, parts: tuple[Part, ...], since: tuple[Note, ...]
) -> dict[str, Callable[[], bytes]]:
    """Return by ending what makes an edition's files as they are written today."""
    day, look = edition.date, _look(app)
    days = store.shelf.counts(day - timedelta(days=pictures.DAYS - 1), day)
    return {
        "md": lambda: pages.markdown(edition, since).encode(),
        "json": lambda: pages.as_json(edition, parts, since).encode(),
        "html": lambda: site.edition_page(edition, since, days, store.shelf.before(day), look).encode(),
        "png": lambda: pictures.png(pictures.card(edition, by_province([edition]), days)),
    }


def list_pages(app: App, store: Store, made: Sequence[Edition]) -> None:
    """Write the pages that list these editions: months, years, provinces, search, feeds, sitemap, the first page."""
    look, shelf = _look(app), store.shelf
    counts = shelf.counts(*_EVER)
    places = shelf.by_province(*_EVER)
    months = _months(counts)
    found: dict[str, str | bytes] = dict(site.fixed_files())
    for first in sorted({edition.date.replace(day=1) for edition in made}):
        found |= _month(store, first, look)
    for year in sorted({edition.date.year for edition in made}):
        own = {day: count for day, count in counts.items() if day.year == year}
        where = shelf.by_province(date(year, 1, 1), date(year, 12, 31))
        found[f"{year}/index.html"] = site.year_page(year, sorted({day.year for day in counts}), own, where, look)
    for name in _provinces(app, made):
        found |= _province(store, name, places.get(name, 0), look)
    found["provinces/index.html"] = site.provinces_page(places, look)
    found["search.html"] = site.search_page([first for first, _ in months], look)
    found |= _newest(app, store, counts, months, look)
    if look.address:
        found["sitemap.xml"] = feeds.sitemap(_paths(counts), look)
    archive.write_pages(app.digests, found)


def _months(counts: dict[date, int]) -> list[tuple[date, int]]:
    """Return the first day of each month with editions and its number of stories, the newest first."""
    grouped = groupby(sorted(counts, reverse=True), key=lambda day: day.replace(day=1))
    return [(first, sum(counts[day] for day in days)) for first, days in grouped]


def _month(store: Store, first: date, look: Look) -> dict[str, str]:
    """Return a month's page and its part of the search data."""
    end = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    last_month = (first - timedelta(days=1)).replace(day=1)
    own = store.shelf.between(first, end)
    before = store.shelf.between(last_month, first - timedelta(days=1))
    return {
        f"{first:%Y/%m}/index.html": site.month_page(first, own, before, look),
        f"search/{first:%Y-%m}.js": feeds.search_data(first, own),
    }


def _provinces(app: App, made: Sequence[Edition]) -> list[str]:
    """Return the provinces whose pages these editions change, and those that have no page yet."""
    told = {name for edition in made for story in edition.told for name in story.provinces or ("",)}
    pages_of = {"": "ca-nuoc", **{name: province.slug for name, province in current().items()}}
    return [
        name
        for name, slug in pages_of.items()
        if name in told or not archive.has(app.digests, f"provinces/{slug}.html")
    ]


def _province(store: Store, name: str, total: int, look: Look) -> dict[str, str]:
    slug = current()[name].slug if name else "ca-nuoc"
    return {f"provinces/{slug}.html": site.province_page(name, store.shelf.headlines(name, site.SHOWN), total, look)}


def _newest(
    app: App, store: Store, counts: dict[date, int], months: list[tuple[date, int]], look: Look
) -> dict[str, str]:
    """Return the first page and the feeds."""
    newest = store.editions.recent(feeds.NEWEST)
    closed = store.shelf.closed([edition.date for edition in newest])
    entries = []
    for edition in newest:
        since = _known_since(app, store, edition)
        entries.append(feeds.Entry(edition, max([closed[edition.date], *(note.at for note in since)])))
    last = newest[0].date if newest else _EVER[0]
    places = store.shelf.by_province(last - timedelta(days=pictures.DAYS - 1), last)
    return {
        "index.html": site.home_page(newest[0] if newest else None, counts, months, places, look),
        "atom.xml": feeds.atom(entries, look),
        "feed.json": feeds.json_feed(entries, look),
    }


def _paths(counts: dict[date, int]) -> list[tuple[str, date | None]]:
    """Return the addresses of all pages, the newest editions first."""
    days = sorted(counts, reverse=True)
    found: list[tuple[str, date | None]] = [("index.html", days[0] if days else None)]
    found += [(page_of(day), day) for day in days]
    found += [(f"{first:%Y/%m}/index.html", None) for first, _ in _months(counts)]
    found += [(f"{year}/index.html", None) for year in sorted({day.year for day in days}, reverse=True)]
    return [*found, *((f"provinces/{province.slug}.html", None) for province in current().values())]


def rebuild(app: App, store: Store, day: date, parts: tuple[Part, ...]) -> Rebuilt:
    """Compose an archived edition again from the stored facts and hold it against its hash.

    If it is the same, files that are lost or altered are put right and all listing pages are made
    anew; if not, nothing is written. Raises UsageError for a date without an edition.
    """
    known = store.editions.basis(day)
    stored = store.editions.get(day)
    if stored is None:
        raise UsageError(f"{day:%Y-%m-%d}: there is no edition of that date")
    if known is None:
        raise UsageError(f"{day:%Y-%m-%d}: made by a version that did not keep what it was made of")
    basis, closed_at, archived_hash = known
    again = recompose(store, day, basis, closed_at)
    outcome = Rebuilt(again, basis, archived_hash, hash_of(again), ())
    if not outcome.same:
        return outcome
    restored = shelve(app, store, stored, parts, _altered(app, store, day))
    list_pages(app, store, store.shelf.between(*_EVER))
    return Rebuilt(again, basis, archived_hash, outcome.rebuilt_hash, tuple(restored))


def _altered(app: App, store: Store, day: date) -> list[str]:
    """Return the endings of files that are lost, or not what was written."""
    hashes = store.shelf.files(day)
    found = {ending: archive.read(app.digests, day, ending) for ending in ENDINGS}
    return [
        ending
        for ending, content in found.items()
        if content is None or hashlib.sha256(content).hexdigest() != hashes.get(ending)
    ]
