"""The headline: as the page prints it, held against what the page says it is."""

import re

from lxml.html import HtmlElement

from monitor import urls
from monitor.scrape.markup import text_of
from monitor.scrape.metadata import Metadata
from monitor.vietnamese import alike, comparable

_SITE_PART = re.compile(r"\s+[-|–—»]\s+(?=[^-|–—»]*$)|\s*[|]\s*(?=[^|]*$)")
_SITE_WORD = re.compile(r"\b(?:báo|đài|cổng|trang|tạp chí|online|điện tử|vn|com|news|tv)\b", re.IGNORECASE)
_LONGEST = 500  # letters of a headline


def read(root: HtmlElement, url: str, meta: Metadata, selected: str) -> str:
    """Return the printed headline; the page's own word for it only where none is printed.

    `selected` is what the operator's or the family's selector names. A heading that is merely the
    site's name is none.
    """
    if selected:
        return selected[:_LONGEST]
    said = [_without_site(title[:_LONGEST], url, meta) for title in meta.titles[:5]]
    heads = [text[:_LONGEST] for h1 in list(root.iter("h1"))[:10] if (text := text_of(h1))]
    agreeing = [(max((alike(head, title) for title in said), default=0.0), head) for head in heads]
    best = max(agreeing, default=(0.0, ""), key=lambda pair: pair[0])
    if best[0] >= 0.5:
        return best[1]
    sites = {comparable(name) for name in (*meta.publishers, meta.site)}
    specific = [title for title in said if comparable(title) not in sites and len(title) > 8]
    if specific:
        return specific[0]
    return heads[0] if heads and comparable(heads[0]) not in sites and len(heads[0]) > 12 else ""


def _without_site(title: str, url: str, meta: Metadata) -> str:
    """Return a title without " - Báo X" or " | site" behind it."""
    site = urls.site(url).split(".")[0]
    own = {comparable(name) for name in meta.publishers}
    while (mark := _SITE_PART.search(title)) and mark.start() > 10:
        last = title[mark.end() :]
        named = bool(site) and site in last.lower().replace(" ", "")
        if not (comparable(last) in own or _SITE_WORD.search(last) or named):
            break
        title = title[: mark.start()]
    return title.strip()
