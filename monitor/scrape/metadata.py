"""What a page says of itself for machines: JSON-LD, microdata and meta tags.

None of it is believed alone: `extract` holds it against what the page prints.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from monitor.scrape.markup import text_of
from monitor.scrape.repair import plain
from monitor.vietnamese import clean

_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting)$")
_TRAIL_TYPE = re.compile(r"^BreadcrumbList$")
_FRONT = re.compile(r"(?:trang (?:chủ|nhất)|home(?:page)?)$|https?:", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_WRAPPED = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*$|;\s*$")
# of an object that is no JSON: plain fields are still told by their names
_FIELD = re.compile(
    r'"(?P<name>headline|description|datePublished|dateModified|articleSection)"\s*:\s*'
    r'"(?P<value>(?:[^"\\\n]|\\.|"(?!\s*[,}\n])){1,1000})"'
)
_AUTHOR_FIELD = re.compile(r'"author"\s*:\s*(?:\[\s*)?\{[^{}]{0,200}?"name"\s*:\s*"(?P<value>[^"\n]{1,100})"')
_DEPTH = 6
_MICRODATA = etree.XPath("//*[@itemprop]")
_MOST = 400  # elements with microdata that are looked at
_LONGEST = 2000  # letters of one value


@dataclass(frozen=True, slots=True)
class Metadata:
    """A page's own words about itself; "" or () where it is silent.

    `titles` and `descriptions` are candidates in order of trust, `window` the title of the browser's
    window, `trail` the sections from the front page down. Dates are as written.
    """

    titles: tuple[str, ...] = ()
    window: str = ""
    trail: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    section: str = ""
    canonical: str = ""
    generator: str = ""
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


def _linked_data(root: HtmlElement) -> list[dict[str, object]]:
    """Return the objects of the page's JSON-LD; of a broken article what can be told."""
    found: list[dict[str, object]] = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = _WRAPPED.sub("", _WRAPPED.sub("", script.text or ""))
        try:
            data = json.loads(_TRAILING_COMMA.sub("", _CONTROL.sub(" ", text)))
        except (ValueError, RecursionError):
            data = _salvaged(text[:100_000])
        found += _objects(data)
    return found


def _of_type(kind: re.Pattern[str], objects: list[dict[str, object]]) -> list[dict[str, object]]:
    return [one for one in objects if any(kind.search(name) for name in _strings(one.get("@type")))]


def _trail(lists: list[dict[str, object]]) -> tuple[str, ...]:
    """Return the names in the first BreadcrumbList that has any, without the front page's."""
    for steps in (one.get("itemListElement") for one in lists):
        items = [item for item in steps[:_DEPTH] if isinstance(item, dict)] if isinstance(steps, list) else []
        named = [text for item in items for text in _strings(item.get("name") or item.get("item"))[:1]]
        if found := [text for text in named if not _FRONT.match(text)]:
            return tuple(found)
    return ()


def _salvaged(text: str) -> dict[str, object]:
    """Return the plain fields of an article object that is no JSON: a quotation mark too many, a brace missing."""
    if not re.search(r'"@type"\s*+:\s*+\[?\s*+"\w{0,40}(?:Article|BlogPosting)"', text):
        return {}
    found: dict[str, object] = {"@type": "Article"}
    for match in _FIELD.finditer(text):
        found.setdefault(
            match["name"], re.sub(r"\\(.)", r"\1", re.sub(r"\\u([0-9a-fA-F]{4})", _letter, match["value"]))
        )
    if author := _AUTHOR_FIELD.search(text):
        found["author"] = author["value"]
    return found


def _letter(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16))


def _strings(value: object) -> list[str]:
    """Return the texts of a JSON-LD value: a string, a list, or objects with a name or url."""
    if isinstance(value, str):
        return [text] if (text := plain(clean(value[:_LONGEST]))) else []
    if isinstance(value, dict):
        return _strings(value.get("name") or value.get("url"))
    if isinstance(value, list):
        return [text for item in value[:20] for text in _strings(item)]
    return []


def _meta(root: HtmlElement) -> dict[str, list[str]]:
    """Return the contents of all meta tags by lower-case name; what a page says twice stands twice."""
    found: dict[str, list[str]] = {}
    for tag in root.iter("meta"):
        content = plain(clean((tag.get("content") or "")[:_LONGEST]))
        for attribute in ("property", "name", "itemprop"):
            if content and (name := tag.get(attribute)):
                found.setdefault(name.lower(), []).append(content)
    return found


def _microdata(root: HtmlElement) -> dict[str, list[str]]:
    """Return the values of the page's microdata by lower-case name; a person's is the name inside."""
    found: dict[str, list[str]] = {}
    for element in _MICRODATA(root)[:_MOST]:
        name = str(element.get("itemprop")).lower()
        if name in {"author", "publisher"}:
            element = next((e for e in element.iter() if "name" in (e.get("itemprop") or "")), element)  # noqa: PLW2901
        elif name not in _ASKED or element.tag == "meta":
            continue
        value = element.get("content") or element.get("datetime") or text_of(element)
        if value := plain(clean(value[:_LONGEST])):
            found.setdefault(name, []).append(value)
    return found


_ASKED = frozenset(("headline", "datepublished", "datemodified", "datecreated", "articlesection", "description"))


def read(root: HtmlElement) -> Metadata:
    """Gather what the page says of itself: JSON-LD first, then microdata, then meta tags."""
    linked, microdata, meta = _linked_data(root), _microdata(root), _meta(root)
    objects = _of_type(_ARTICLE_TYPE, linked)

    def of(key: str, *names: str) -> tuple[str, ...]:
        linked = [text for o in objects for text in _strings(o.get(key))]
        tagged = [text for name in names for text in meta.get(name, ())]
        return tuple(dict.fromkeys([*linked, *microdata.get(key.lower(), ()), *tagged]))

    def first(*names: str) -> str:
        return next((text for name in names for text in meta.get(name, ())), "")

    link = next((e for e in root.iter("link") if "canonical" in (e.get("rel") or "").lower()), None)
    title = next(root.iter("title"), None)
    said = of("headline", "headline", "og:title", "twitter:title")
    publishers = {text for o in objects for text in _strings(o.get("publisher"))}
    return Metadata(
        titles=said,
        window=text_of(title) if title is not None else "",
        trail=_trail(_of_type(_TRAIL_TYPE, linked)),
        descriptions=of("description", "og:description", "description", "twitter:description"),
        published=of("datePublished", "article:published_time", "datepublished", "pubdate", "datecreated", "dc.date"),
        modified=of("dateModified", "article:modified_time", "datemodified", "og:updated_time", "lastmod"),
        authors=of("author", "article:author", "author", "dable:author", "dc.creator"),
        section=next(iter(of("articleSection", "article:section", "articlesection")), ""),
        canonical=(link.get("href") or "") if link is not None else first("og:url"),
        generator=first("generator"),
        site=first("og:site_name"),
        is_article=bool(objects) or "article" in meta.get("og:type", ()),
        publishers=frozenset({*publishers, *microdata.get("publisher", ()), *meta.get("og:site_name", ())}),
    )
