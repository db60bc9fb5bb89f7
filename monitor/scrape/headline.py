"""The headline: as the page prints it, held against what the page says it is."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from monitor import urls
from monitor.scrape.furniture import TAIL, apart, stands_aside
from monitor.scrape.markup import text_of
from monitor.scrape.metadata import Metadata
from monitor.vietnamese import alike, clean, comparable

_SITE_PART = re.compile(r"(?<!\s)(?:\s+[-|–—»]\s+(?=[^-|–—»]*$)|\s*[|]\s*(?=[^|]*$))")
_BEHIND = re.compile(r"(?<!\s)\s*[-|–—»]\s")
_SITE_WORD = re.compile(r"\b(?:báo|đài|cổng|trang|tạp chí|online|điện tử|vn|com|news|tv)\b", re.IGNORECASE)
_HEADINGS = etree.XPath("//h1 | //h2 | //h3 | //h4")
_CALLED = etree.XPath(
    "//*[contains(@class, 'it') or contains(@class, 'ieu') or contains(@class, 'ead')]"  # in both cases of the letter
)
_TITLE_CLASS = re.compile(r"\btit(?:le)?\b|\btitle|[-_]title|tieu-?_?de|headline", re.IGNORECASE)
_DEEPER = re.compile(r"(?<![:/])/[^/]{10}")  # an address below a site's front page
_LARGE = etree.XPath("//font[@size='4' or @size='5' or @size='6' or @size='+2' or @size='+1']")
_TEXTS = etree.XPath("//body//text()")
_NAME = re.compile(
    r"(?:báo|đài|cổng|trang|ban|sở|hội|(?:tỉnh|thành|đảng|huyện) ủy|đảng bộ|ubnd|chi tiết|tin tức|bài viết)\b",
    re.IGNORECASE,
)
_PORTAL = re.compile(r"(?:cổng|trang) (?:thông tin|tin)|báo|đài", re.IGNORECASE)
_OF_ITSELF = re.compile(r"tiếng nói|cơ quan|điện tử|tin tức|thông tin|trang chủ|online|news", re.IGNORECASE)
_FULL = 25  # letters of a title that was cut short
_LONG_NAME = 8  # words; a name has fewer
_LONGEST = 500  # letters of a headline
_PRINTED = range(15, 250)  # letters of one that no metadata vouch for
_FEWEST = 4  # its words
_PROSE = 120  # letters of a text that is the article itself
_MOST = 60  # elements looked at
_MOST_LINKS = 500


def read(root: HtmlElement, url: str, meta: Metadata, selected: str) -> str:
    """Return the printed headline; the page's own word for it only where none is printed.

    `selected` is what the operator's or the family's selector names. A heading that is merely the
    site's name is none.
    """
    if selected:
        return selected[:_LONGEST]
    printed = [text_of(heading)[:_LONGEST] for heading in _HEADINGS(root)[:_MOST]]
    said = [_without_site(title[:_LONGEST], url, meta, printed) for title in (*meta.titles[:4], meta.window) if title]
    sites = {comparable(name) for name in (*meta.publishers, meta.site)}
    heads = [text for h1 in list(root.iter("h1"))[:10] if (text := text_of(h1)[:_LONGEST])]
    heads = [text for text in heads if comparable(text) not in sites]
    agreeing = [(max((alike(head, title) for title in said), default=0.0), head) for head in heads]
    best = max(agreeing, default=(0.0, ""), key=lambda pair: pair[0])
    if best[0] >= 0.5 and not (_is_site(best[1]) if meta.titles else _is_name(best[1])):
        return best[1]
    specific = [title for title in said if comparable(title) not in sites and len(title) > 8]
    if found := next((text for title in specific if (text := _as_printed(root, title))), ""):
        return found
    vouched = [title for title in specific if not _is_site(title)] if meta.titles else []
    return next(iter(vouched), "") or _unvouched(root, url, sites) or next(iter(specific), "")


def _is_name(title: str) -> bool:
    words = len(title.split())
    return (words < _LONG_NAME and (title.isupper() or is_office(title))) or _is_portal(title)


def _is_site(title: str) -> bool:
    """Tell whether a title is a site's: its name, or with what it says of itself behind it."""
    return (_is_name(title) and is_office(title)) or bool(_PORTAL.match(title) and _OF_ITSELF.search(title))


def _is_portal(title: str) -> bool:
    """Tell whether a title is a portal's or a paper's name in capitals, however long."""
    return title.isupper() and len(title.split()) < 2 * _LONG_NAME and bool(_PORTAL.match(title))


def is_office(text: str) -> bool:
    """Tell whether a text begins as the name of a paper, an office or a form does."""
    return bool(_NAME.match(text))


def _as_printed(root: HtmlElement, title: str) -> str:
    """Return the line of the page that is a title, or its end or beginning; "" for names of a site or form."""
    if _is_name(title):
        return ""
    cut = title.rstrip(" .…") if title.endswith(("...", "…")) else ""
    known, length = comparable(title), range(len(title) - 3, len(title) + 20)
    for found in _TEXTS(root):
        text = found.strip()
        if len(text) in length and comparable(text) == known:
            return title
        if _FULL < len(text) < len(title) and (title.endswith(f" - {text}") or title.startswith(f"{text} - ")):
            return clean(text)  # a list's name before it, an office's behind
        if cut and len(cut) > _FULL and len(text) < _LONGEST and text.startswith(cut):
            return clean(text)
    return ""


def _unvouched(root: HtmlElement, url: str, sites: set[str]) -> str:
    """Return the headline of a page whose window shows the site's name or a form's: by its markup alone.

    What a link to another page says, as the menu does of each section, is none.
    """
    elsewhere = (a for a in root.iter("a") if (to := urls.clean(a.get("href") or "", url)) and to != urls.clean(url))
    sites = sites | {comparable(text_of(a)) for a in islice(elsewhere, _MOST_LINKS)}
    named = (e for e in _CALLED(root) if _TITLE_CLASS.search(apart(e.get("class") or "")))
    bold = (text for text in _texts(_bold_above_text(root)) if not text.endswith("."))
    for texts in (_texts(_HEADINGS(root)), _texts(named), bold, _texts(_LARGE(root))):
        for text in texts:
            long = len(text) in _PRINTED and len(text.split()) >= _FEWEST
            if long and comparable(text) not in sites and not (_is_portal(text) or TAIL.match(text)):
                return text
    return ""


def _bold_above_text(root: HtmlElement) -> Iterator[HtmlElement]:
    for element in root.iter():
        if len((element.text or "").strip()) > _PROSE:
            return
        if element.tag in {"b", "strong"}:
            yield element


def _texts(elements: Iterator[HtmlElement] | list[HtmlElement]) -> Iterator[str]:
    """Return the texts of elements that are neither links nor furniture; a headline may lead to its own page."""
    for _, element in zip(range(_MOST), elements, strict=False):
        around = (element, *element.iterancestors())
        link = element.find(".//a")
        itself = link is None or (element.tag == "h1" and bool(_DEEPER.search(link.get("href") or "")))
        if itself and not any(e.tag == "a" or stands_aside(e) for e in around):
            yield text_of(element)


def _without_site(title: str, url: str, meta: Metadata, printed: list[str]) -> str:
    """Return a title without " - Báo X" or " | site" behind it; `printed` are the page's headings."""
    for heading in printed:
        if len(heading) in _PRINTED and title.startswith(heading) and _BEHIND.match(title, len(heading)):
            return heading
    site = urls.site(url).split(".")[0]
    own = {comparable(name) for name in meta.publishers}
    while (mark := _SITE_PART.search(title)) and mark.start() > 10:
        last = title[mark.end() :]
        named = bool(site) and site in last.lower().replace(" ", "")
        if not (comparable(last) in own or _SITE_WORD.search(last) or named):
            break
        title = title[: mark.start()]
    before, dash, behind = title.partition(" - ")
    if dash and len(behind.split()) >= _FEWEST and _is_site(before) and not _OF_ITSELF.match(behind):  # "Báo X - …"
        return behind.strip()
    return title.strip()
