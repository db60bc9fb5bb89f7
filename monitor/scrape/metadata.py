"""What a page says of itself for machines: JSON-LD, microdata and meta tags.

None of it is believed alone: `extract` holds it against what the page prints.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup

from monitor.scrape.repair import plain
from monitor.vietnamese import clean

_ARTICLE_TYPES = frozenset(
    (
        "NewsArticle",
        "Article",
        "ReportageNewsArticle",
        "BlogPosting",
        "OpinionNewsArticle",
        "AnalysisNewsArticle",
    )
)
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Metadata:
    """A page's own words about itself; "" or () where it is silent.

    `titles` and `descriptions` are candidates in order of trust. Dates are as written.
    """

    titles: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    section: str = ""
    canonical: str = ""
    images: tuple[str, ...] = ()
    site: str = ""
    is_article: bool = False
    publishers: frozenset[str] = field(default_factory=frozenset)


def _objects(value: object, depth: int = 0) -> Iterator[dict[str, object]]:
    """Return every JSON object in a JSON-LD value, also inside lists and @graph."""
    if depth > _DEPTH:
        return
    if isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(name), depth + 1)
    elif isinstance(value, list):
        for item in value[:200]:
            yield from _objects(item, depth + 1)


def _linked_data(soup: BeautifulSoup) -> list[dict[str, object]]:
    """Return the article objects of the page's JSON-LD; blocks beyond repair are passed over."""
    found = []
    for script in soup.find_all("script", type=re.compile("ld\\+json", re.IGNORECASE)):
        text = _TRAILING_COMMA.sub("", _CONTROL.sub(" ", script.get_text().strip().rstrip(";")))
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            continue
        found += [o for o in _objects(data) if _ARTICLE_TYPES & set(_strings(o.get("@type")))]
    return found


def _strings(value: object) -> list[str]:
    """Return the texts of a JSON-LD value: a string, a list, or objects with a name or url."""
    if isinstance(value, str):
        return [text] if (text := plain(clean(value))) else []
    if isinstance(value, dict):
        return _strings(value.get("name") or value.get("url"))
    if isinstance(value, list):
        return [text for item in value[:20] for text in _strings(item)]
    return []


def _meta(soup: BeautifulSoup) -> dict[str, list[str]]:
    """Return the contents of all meta tags (and microdata with a `content`), by lower-case name."""
    found: dict[str, list[str]] = {}
    for tag in soup.find_all(["meta", "time", "span", "a"], limit=4000):
        content = tag.get("content") or (tag.get("datetime") if tag.name == "time" else None)
        for attribute in ("property", "name", "itemprop"):
            name = tag.get(attribute)
            if name and content and (text := plain(clean(str(content)))):
                found.setdefault(str(name).lower(), []).append(text)
    return found


def read(soup: BeautifulSoup) -> Metadata:
    """Gather what the page says of itself."""
    objects, meta = _linked_data(soup), _meta(soup)

    def of(key: str, *names: str) -> tuple[str, ...]:
        from_data = [text for o in objects for text in _strings(o.get(key))] if key else []
        return tuple(dict.fromkeys([*from_data, *(t for name in names for t in meta.get(name, []))]))

    link = soup.find("link", rel="canonical")
    title = soup.find("title")
    printed = plain(clean(title.get_text())) if title else ""
    publishers = {text for o in objects for text in _strings(o.get("publisher"))}
    site = next(iter(meta.get("og:site_name", [])), "")
    return Metadata(
        titles=tuple(t for t in (*of("headline", "og:title", "twitter:title"), printed) if t),
        descriptions=of("description", "og:description", "description"),
        published=of("datePublished", "article:published_time", "datepublished", "pubdate", "datecreated"),
        modified=of("dateModified", "article:modified_time", "datemodified", "og:updated_time", "lastmod"),
        authors=of("author", "article:author", "author", "dable:author"),
        section=next(iter(of("articleSection", "article:section", "articlesection")), ""),
        canonical=str(link.get("href") or "") if link else "",
        images=of("image", "og:image"),
        site=site,
        is_article=bool(objects) or "article" in meta.get("og:type", []),
        publishers=frozenset(publishers | set(meta.get("og:site_name", []))),
    )
