"""One link after another of a source: fetched, read, decided about, stored with what came of it."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from monitor import joining, urls
from monitor.app import App
from monitor.dedup import copies
from monitor.dedup.texts import text_hash
from monitor.edges.fetch import Web
from monitor.edges.store import Store
from monitor.errors import FetchError, StoreError, TooHardError, UnreadableError
from monitor.gather import Visitor
from monitor.impressions import Impressions, mask
from monitor.models import Article, Fingerprint, Link, Outcome, Page, Progress, Report, Source
from monitor.reading import read
from monitor.scrape.gate import Gate

LINKS = 200  # of one listing, the newest; followed in one round
_TRIES = 6  # fetches of a page that fails, over half a day

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """What one round of one source works with."""

    app: App
    store: Store
    web: Web
    source: Source
    progress: Progress
    gate: Gate | None
    impressions: Impressions

    @property
    def visitor(self) -> Visitor:
        """Who fetches and reads listings."""
        return Visitor(self.web, self.app.parsing)

    def now(self) -> datetime:
        """Return the present moment."""
        return self.app.clock()


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of one link; `rests` when its whole host is to be left alone for this round."""

    outcome: Outcome
    kept: Report | None = None
    copy: bool = False
    revised: bool = False
    fault: str = ""
    rests: bool = False


async def follow_waiting(visit: Visit) -> list[Followed]:
    """Follow the source's links that wait, the newest first; those of a host that asks for time go on waiting."""
    followed, resting = list[Followed](), set[str]()
    waiting = visit.store.links.to_follow(visit.source.name, visit.now(), LINKS)
    for number, link in enumerate(waiting, start=1):
        if urls.host(link.url) in resting:
            continue
        visit.progress(visit.source.name, f"page {number} of {len(waiting)}")
        followed.append(await _follow(visit, link))
        resting |= {urls.host(link.url)} if followed[-1].rests else set()
    return followed


async def _follow(visit: Visit, link: Link) -> Followed:
    """Fetch one link and keep what it holds, together with the link's outcome."""
    page = None
    try:
        page = await visit.web.get(link.url)
        remember_host(visit, link.url, page.url if page else "")
        return await _keep(visit, link, page) if page else Followed(Outcome.SAME)
    except FetchError as fault:
        if fault.gone:
            return _close(visit, link, Outcome.GONE, str(fault))
        return replace(_postpone(visit, link, str(fault)), rests=fault.retry_after is not None)
    except TooHardError as fault:
        return replace(_postpone(visit, link, str(fault)), rests=True)
    except UnreadableError as fault:
        if fault.passing:
            return _postpone(visit, link, str(fault))
        if page:
            visit.impressions.note(page, mask(None))
        return _close(visit, link, Outcome.NOT_ARTICLE, str(fault))
    except StoreError:
        raise
    except Exception as fault:  # noqa: BLE001 - a page that trips the reader must not stop the round; the fault may pass
        return _postpone(visit, link, unexpected(fault, link.url))


def remember_host(visit: Visit, asked: str, landed: str) -> None:
    """Write down to which other host a fetch was led: the archive may link to it."""
    if landed and urls.site(asked) != urls.site(landed):
        visit.store.redirects.add(urls.site(asked), urls.site(landed))


def _close(visit: Visit, link: Link, outcome: Outcome, detail: str) -> Followed:
    """Write down that a link gave no article, for ever."""
    visit.store.links.close(link, outcome, detail)
    return Followed(outcome)


def _postpone(visit: Visit, link: Link, detail: str) -> Followed:
    """Put a link off: what it leads to may be there another time."""
    outcome = visit.store.links.postpone(link, detail, visit.now(), _TRIES)
    return Followed(outcome, fault=f"{link.url}: {detail}")


def unexpected(fault: Exception, url: str) -> str:
    """Log a fault that nobody foresaw, and say it in a line."""
    _log.error("%s: unexpected fault", url, exc_info=fault)
    return f"unexpected fault ({type(fault).__name__})"


async def _keep(visit: Visit, link: Link, page: Page) -> Followed:
    """Read a page, decide about it and store it with its place among its copies.

    A page without a word of the campaign is turned away unread, unless it was stored before.
    """
    store = visit.store
    if visit.gate and not visit.gate.passes(page.content) and not store.articles.find(urls.clean(page.url)):
        return _close(visit, link, Outcome.REJECTED, "no word of the campaign on the page")
    article, match = await visit.app.parsing.call(
        read, page, visit.now(), visit.app.words, visit.source.select, link.published
    )
    visit.impressions.note(page, mask(article, link.published))
    found = Report(0, 0, visit.source.name, visit.source.province, article, match, seen_at=visit.now())
    prints = joining.fingerprint(found, visit.app.phrases)  # the dearest part, for which nobody has to wait
    # two workers must not both find that a text is new
    return await store.in_turn(lambda: _place(visit, link, page, found, prints))


def _place(visit: Visit, link: Link, page: Page, found: Report, prints: Fingerprint) -> Followed:
    """Store an article that was read: as a new one, as a new text of a known one, or not again."""
    store = visit.store
    article, known = _known(visit, found.article, page)
    found = replace(found, article=article)
    known = known or joining.known(store, found, prints)
    if known is None:
        kept, copy = joining.keep(store, link, found, visit.app.phrases, prints)
        return Followed(Outcome.KEPT, kept=kept, copy=copy)
    if copies.reads_as(known.article, article):
        store.articles.same(link, known)
        return Followed(Outcome.SAME)
    joining.revise(store, link, known, article, found.match, visit.app.phrases, visit.now())
    return Followed(Outcome.KEPT, revised=True)


def _known(visit: Visit, article: Article, page: Page) -> tuple[Article, Report | None]:
    """Return the stored article of the same address, if there is one.

    A page whose canonical address names an article with another headline and another text is an
    article of its own, under the address it was fetched from.
    """
    known = visit.store.articles.find(article.url)
    if known is None or urls.key(article.url) == urls.key(page.url):
        return article, known
    if known.article.title == article.title or text_hash(known.article) == text_hash(article):
        return article, known
    own = replace(article, url=urls.clean(page.url) or page.url)
    return own, visit.store.articles.find(own.url)
