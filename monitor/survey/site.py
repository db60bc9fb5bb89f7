"""What is best watched at an address: its campaign section before the site, a feed before a page."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor import provinces, urls
from monitor.app import App
from monitor.campaign import decide
from monitor.edges.fetch import Web
from monitor.errors import FetchError, UnreadableError
from monitor.gather import Visitor, below, existing, fetched, sitemaps
from monitor.models import Article, Kind, Label, Listing, Page, Progress, Source
from monitor.reading import onward
from monitor.scrape.discover import discover
from monitor.scrape.discover.offers import Offers, concerns, is_front, is_web_page, offers
from monitor.survey.sample import Sample, newest, samples

_SAMPLES = 3
_SECTIONS = 2  # campaign sections that are tried
_STALE = timedelta(days=90)  # a feed without news for so long is abandoned


@dataclass(frozen=True, slots=True)
class Survey:
    """What an address offers: the listing to watch, its first articles, and what was tried before it."""

    source: Source
    kind: Kind
    links: int
    newest: datetime | None
    samples: tuple[Sample, ...]
    tried: tuple[str, ...] = ()


async def survey(app: App, web: Web, url: str, progress: Progress) -> Survey:
    """Find what is best watched at an address: its campaign section before the site, a feed before a page.

    Raises FetchError when the address does not answer, UnreadableError when nothing there can be
    watched, with everything that was tried.
    """
    progress(url, "looking")
    visitor = Visitor(web, app.parsing)
    tried: list[str] = []
    spare: tuple[Page, Listing, str] | None = None
    async for candidate, name in _candidates(app, web, await _entrance(app, web, url)):
        progress(url, f"trying {candidate.url}")
        try:
            listing = await app.parsing.call(discover, candidate, app.clock())
            listing = await below(visitor, Source("", candidate.url), listing, app.clock())
        except (FetchError, UnreadableError) as fault:
            tried.append(f"{candidate.url}: {fault}")
            continue
        last = newest(listing.links)
        if last is None or last > app.clock() - _STALE:
            return await _surveyed(app, web, (candidate, listing, name), tried, progress)
        tried.append(f"{candidate.url}: nothing new since {last:%d/%m/%Y}")
        spare = spare or (candidate, listing, name)
    if spare:
        return await _surveyed(app, web, spare, tried, progress)
    raise UnreadableError("; ".join(tried) or "nothing there can be watched")


async def _entrance(app: App, web: Web, url: str) -> Page:
    """Return the page at an address, or the one to which it leads on; raises FetchError."""
    try:
        page = await fetched(web, url)
    except FetchError as fault:
        raise FetchError(f"{url}: {fault}", gone=fault.gone) from fault
    target = await app.parsing.call(onward, page) if is_web_page(page.content) else ""
    return await fetched(web, target) if target else page


async def _surveyed(
    app: App, web: Web, chosen: tuple[Page, Listing, str], tried: Sequence[str], progress: Progress
) -> Survey:
    page, listing, name = chosen
    source = Source(name, page.url, province=_province(app, page.url, name))
    progress(page.url, "reading its first articles")
    read = await samples(app, web, source, listing.links[:_SAMPLES], enough=_SAMPLES)
    progress(page.url, "done")
    return Survey(source, listing.kind, len(listing.links), newest(listing.links), tuple(read), tuple(tried))


async def _candidates(app: App, web: Web, page: Page) -> AsyncIterator[tuple[Page, str]]:
    """Return the pages that may be worth watching, the best first, with the name of their site.

    A front page: its campaign section's feed, that section, the site's feeds, its sitemaps, itself.
    A section: its own feed, itself, and only if it cannot be read what the site offers.
    """
    if not is_web_page(page.content):
        yield page, await _name_of(app, web, page.url)
        return
    said = await _offers(app, page)
    front = is_front(page.url)
    for address in _campaign_sections(app, said, page.url) if front else ():
        async for section in existing(web, [address]):
            own = await _offers(app, section)
            async for one in existing(web, [feed for feed in own.feeds if concerns(feed, section.url)][:2]):
                yield one, said.site_name
            yield section, said.site_name
    async for one in existing(web, [feed for feed in said.feeds if front or concerns(feed, page.url)][:3]):
        yield one, said.site_name
    if not front:
        yield page, said.site_name
        async for one in existing(web, [feed for feed in said.feeds if not concerns(feed, page.url)][:2]):
            yield one, said.site_name
    async for one in existing(web, await sitemaps(web, page.url)):
        yield one, said.site_name
    if front:
        yield page, said.site_name


async def _offers(app: App, page: Page) -> Offers:
    return await app.parsing.call(offers, page.content, page.url, page.content_type)


def _campaign_sections(app: App, said: Offers, url: str) -> list[str]:
    """Return the sections of a page whose name is that of the campaign."""
    named = [
        address for address, name in said.sections if decide(Article(url, name), app.words).label is Label.CAMPAIGN
    ]
    return named[:_SECTIONS]


async def _name_of(app: App, web: Web, url: str) -> str:
    """Return how the site of a feed or sitemap calls itself, "" if its front page does not answer."""
    async for front in existing(web, [urls.clean("/", url)]):
        return (await _offers(app, front)).site_name
    return ""


def _province(app: App, url: str, name: str) -> str | None:
    """Return the province a site belongs to: that of a source of the same site, of its name, of its host."""
    same = next((one.province for one in app.sources if urls.site(one.url) == urls.site(url)), None)
    named = [provinces.now(one) for one in provinces.named(name)]
    return same or next(filter(None, named), None) or provinces.of_host(urls.host(url)) or None
