"""Web page → the links to articles on it, without any selector, on sites never seen before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from monitor import urls
from monitor.errors import UnreadableError
from monitor.models import Kind, Link, Listing, Page, Select
from monitor.scrape.discover.anchors import Anchor, anchors, chosen
from monitor.scrape.discover.beside import dates_beside
from monitor.scrape.discover.paging import next_page
from monitor.scrape.discover.shapes import Shape, shape_of
from monitor.scrape.discover.tidy import tidy
from monitor.scrape.discover.walls import error_page, wall
from monitor.scrape.discover.weighing import ENOUGH, MANY, Candidate, candidate, habits_of, weigh
from monitor.scrape.markup import parse
from monitor.scrape.repair import decode


def listing(content: bytes, page: Page, now: datetime, select: Select) -> Listing:
    """Read the article links off a web page, with the dates printed beside them."""
    html = decode(content, page.content_type)
    root = parse(html)
    if said := error_page(root):
        raise UnreadableError(f"an error page, though answered with status 200 (“{said}”)", passing=True)
    if select.links:
        named = [Link(address, text) for address, text in chosen(html, select.links, page.url)]
        return tidy(Kind.LISTING, named, older=next_page(root, page.url))
    kept = _articles(_candidates(anchors(root, page.url)), shape_of(page.url))
    if not kept and (told := wall(root, page.url)):
        raise UnreadableError(f"0 items: {told}", passing=True)
    dated = dates_beside([(one.address, one.best.text, link.element) for one in kept for link in one.links], now)
    links = [Link(one.address, one.best.text if one.says else "", dated.get(one.address)) for one in kept]
    return tidy(Kind.LISTING, links, older=next_page(root, page.url))


def _candidates(found: Iterable[Anchor]) -> list[Candidate]:
    by_key: dict[str, list[Anchor]] = defaultdict(list)
    for anchor in found:
        by_key[urls.key(anchor.address)].append(anchor)
    for key in [key for key in by_key if "?" in key]:
        bare = by_key.get(key.partition("?")[0])
        if bare and urls.is_article(bare[0].address):  # the same article, and where the link to it stood
            bare += by_key.pop(key)
    return [candidate(links) for links in by_key.values()]


def _articles(candidates: Sequence[Candidate], own: Shape) -> list[Candidate]:
    """Return the addresses that name articles, in the page's order; `own` is the shape of the page itself.

    Where there are too few to learn anything from, the shape of an address decides alone.
    """
    possible = [one for one in candidates if not urls.is_other(one.address) and not one.shape.listed]
    habits = habits_of(possible, own)
    few = len(possible) < MANY
    return [one for one in possible if weigh(one, habits) >= ENOUGH or (few and _alone(one))]


def _alone(one: Candidate) -> bool:
    return urls.is_article(one.address) and not one.in_chrome
