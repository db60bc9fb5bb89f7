"""The archive as a web site: pages of days, months, years and provinces, and the search page.

Every value from outside is cleaned and escaped where it is printed; only addresses that the
edition marked as `linked` become links. All links are relative, so that the pages work from any
host and from a folder; `address` is needed only where a page must name itself.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import PurePosixPath

from jinja2 import Environment
from markupsafe import Markup

from monitor.digest import pictures, words
from monitor.digest.frame import Look, one_line, page_of, templates
from monitor.digest.months import month_of
from monitor.digest.reviews import MONTH, by_province, review
from monitor.models import VIETNAM, Edition, Headline, Note
from monitor.provinces import current
from monitor.reasons import in_vietnamese
from monitor.vietnamese import grouped, sort_key

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'"
SEARCH_POLICY = POLICY + "; script-src 'self'"
SHOWN = 200
"""How many of a province's stories its page lists."""


@cache
def _templates() -> Environment:
    return templates(
        grouped=grouped,
        clean=one_line,
        why=in_vietnamese,
        clock=lambda moment: moment.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y"),
        iso=lambda moment: moment.astimezone(VIETNAM).isoformat(timespec="minutes"),
        page=page_of,
        stem=lambda path: str(PurePosixPath(path).with_suffix("")),
    )


def _page(template: str, path: str, look: Look, **values: object) -> str:
    """Return a page that stands at `path` below the archive's folder."""
    menu = (("Trang đầu", "index.html"), ("Địa phương", "provinces/index.html"), ("Tìm kiếm", "search.html"))
    shared = {"policy": POLICY, "path": path, "root": "../" * path.count("/"), "menu": menu}
    shared |= {"name": look.name, "address": look.address}
    return _templates().get_template(template).render(shared | values)


def edition_page(
    edition: Edition, notes: Sequence[Note], days: Mapping[date, int], previous: date | None, look: Look
) -> str:
    """Return the page of a day; `days` are the counts of the editions up to it, `previous` the edition before."""
    by_story: defaultdict[int, list[Note]] = defaultdict(list)
    for note in notes:
        by_story[note.story].append(note)
    return _page(
        "edition.html.j2",
        page_of(edition.date),
        look,
        edition=edition,
        groups=words.sections(edition),
        notes=by_story,
        previous=previous,
        stem=edition.date.isoformat(),
        map=_map(by_province([edition])),
        strip=Markup(pictures.strip(days, edition.date, title="Số tin mỗi ngày")),  # noqa: S704 - drawn from counts
    )


def _map(counts: Mapping[str, int], title: str = "Số tin theo địa phương") -> Markup:
    return Markup(pictures.tile_map(counts, title=title))  # noqa: S704 - drawn from counts and our own names


def month_page(first: date, editions: Sequence[Edition], before: Sequence[Edition], look: Look) -> str:
    """Return the page of a month from its editions and those of the month before."""
    last = editions[-1].date if editions else first
    counts = {edition.date: len(edition.stories) + len(edition.late) for edition in editions}
    places = by_province(editions)
    return _page(
        "month.html.j2",
        f"{first:%Y/%m}/index.html",
        look,
        month=month_of(first, counts),
        review=review(MONTH, last, [*before, *editions]),
        editions=editions,
        places=_places(places),
        map=_map(places),
    )


def year_page(
    year: int, years: Sequence[int], counts: Mapping[date, int], places: Mapping[str, int], look: Look
) -> str:
    """Return the page of a year from the counts of its editions and provinces."""
    months = [month_of(date(year, number, 1), counts) for number in sorted({day.month for day in counts})]
    return _page(
        "year.html.j2",
        f"{year}/index.html",
        look,
        year=year,
        years=years,
        months=months,
        stories=sum(counts.values()),
        editions=len(counts),
        places=_places(places),
        map=_map(_named(places)),
    )


def home_page(
    latest: Edition | None, counts: Mapping[date, int], months: Sequence[tuple[date, int]], places: Mapping[str, int],
    look: Look,
) -> str:  # fmt: skip
    """Return the first page: the newest edition, its month, the months and years; `places` are of the last 30 days."""
    last = latest.date if latest else date.min.replace(year=1997)
    return _page(
        "home.html.j2",
        "index.html",
        look,
        latest=latest,
        month=month_of(last.replace(day=1), counts),
        months=months[:12],
        years=sorted({first.year for first, _ in months}, reverse=True),
        map=_map(_named(places)),
        strip=Markup(pictures.strip(counts, last, title="Số tin mỗi ngày")),  # noqa: S704 - drawn from counts
    )


def province_page(province: str, headlines: Sequence[Headline], total: int, look: Look) -> str:
    """Return the page of a province ("": the whole country) with its newest stories by month."""
    slug = current()[province].slug if province else "ca-nuoc"
    months = [
        (date(year, month, 1), list(rows))
        for (year, month), rows in groupby(headlines, key=lambda row: (row.date.year, row.date.month))
    ]
    return _page(
        "province.html.j2",
        f"provinces/{slug}.html",
        look,
        title=province or words.NATIONWIDE,
        slug=slug,
        months=months,
        total=total,
        shown=len(headlines),
    )


def provinces_page(places: Mapping[str, int], look: Look) -> str:
    """Return the list of all provinces, silent ones too."""
    names = sorted(current(), key=sort_key)
    every = [(_Place("ca-nuoc", words.NATIONWIDE), places.get("", 0))]
    every += [(_Place(current()[name].slug, name), places.get(name, 0)) for name in names]
    return _page("provinces.html.j2", "provinces/index.html", look, places=every, map=_map(_named(places)))


def search_page(months: Sequence[date], look: Look) -> str:
    """Return the search page, which loads these months' stories one after the other."""
    return _page(
        "search.html.j2",
        "search.html",
        look,
        policy=SEARCH_POLICY,
        months=[f"{first:%Y-%m}" for first in months],
        provinces=sorted(current().values(), key=lambda province: sort_key(province.name)),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    slug: str
    name: str


def _named(places: Mapping[str, int]) -> dict[str, int]:
    """Return the counts of provinces without that of the whole country."""
    return {name: count for name, count in places.items() if name}


def _places(places: Mapping[str, int]) -> list[tuple[_Place, int]]:
    """Return provinces with their counts, most first."""
    known = [(_Place(current()[name].slug, name), count) for name, count in places.items() if name in current()]
    return sorted(known, key=lambda pair: (-pair[1], sort_key(pair[0].name)))


@cache
def fixed_files() -> dict[str, bytes]:
    """Return what every page uses, by its path below the archive's folder: style, script, icon, typeface."""
    folder = files("monitor.digest").joinpath("static")
    found = {name: folder.joinpath(name).read_bytes() for name in ("style.css", "search.js", "icon.svg")}
    return found | {f"fonts/{name}": content for name, content in pictures.typeface().items()}
