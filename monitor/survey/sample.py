"""What an article would look like if it were kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.app import App
from monitor.edges.fetch import Web
from monitor.errors import FetchError, UnreadableError
from monitor.gather import fetched
from monitor.models import Article, Link, Match, Page, Source
from monitor.reading import read

_FIELDS = ("title", "lead", "body", "authors", "published", "section", "images")


@dataclass(frozen=True, slots=True)
class Sample:
    """One article as it would be kept; `fault` says why there is none."""

    url: str
    article: Article | None = None
    match: Match | None = None
    fault: str = ""
    page: Page | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Which fields it gives."""
        return tuple(name for name in _FIELDS if self.article and getattr(self.article, name))


async def samples(app: App, web: Web, source: Source, links: Sequence[Link], enough: int) -> list[Sample]:
    """Read some of a listing's articles, no more than are `enough`."""
    taken: list[Sample] = []
    for link in links:
        taken.append(await _sample(app, web, source, link))
        if sum(one.article is not None for one in taken) >= enough:
            break
    return taken


async def _sample(app: App, web: Web, source: Source, link: Link) -> Sample:
    page = None
    try:
        page = await fetched(web, link.url)
        found = await app.parsing.call(read, page, app.clock(), app.words, source.select, link.published)
    except (FetchError, UnreadableError) as fault:
        return Sample(link.url, fault=str(fault), page=page)
    except Exception as fault:  # noqa: BLE001 - whatever a hostile page does to the reader is its fault, in a line
        return Sample(link.url, fault=f"unexpected fault ({type(fault).__name__})")
    return Sample(link.url, *found, page=page)


def newest(links: Sequence[Link]) -> datetime | None:
    """Return the latest date that a listing tells of its articles, None where it tells none."""
    return max((at for link in links if (at := link.published or link.modified)), default=None)
