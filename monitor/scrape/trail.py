"""The sections printed above a page, from the front page down: "Trang chủ › Xã hội › Giáo dục"."""

import re
from collections.abc import Sequence
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from monitor.scrape import markup
from monitor.scrape.furniture import apart, stands_aside

_FRONTS = etree.XPath(
    "//a[translate(normalize-space(.), 'TRANGCHỦHOMEÊẤƯ', 'trangchủhomeêấư') = 'trang chủ'"
    " or translate(normalize-space(.), 'HOME', 'home') = 'home'"
    " or (@href = '/' and normalize-space(.) = '' and i)]"  # a little house
)
_NAMED = (
    "[class*=crumb] a, [class*=bread] a, [itemprop=itemListElement] a",
    "[aria-label*=readcrumb] a",
    "[itemprop=itemListElement] a",
)
_FILED = "a[rel~=category], .taxonomy-category a"
_BETWEEN = re.compile(r"[›»>/|→-]")
_MENU = re.compile(r"(?:^|[-_ ])(?:main)?(?:menu|nav|navbar|navigation|top|header)(?=$|[-_ ])", re.IGNORECASE)
_NO_SECTION = re.compile(r"giới thiệu|liên hệ|sơ đồ|rss|đăng nhập|english|góp ý|tìm kiếm|hỏi đáp", re.IGNORECASE)
_MOST, _FEW = 5, 3  # links of a trail; of one without marks between them
_LONGEST = 200  # its letters
_LABEL = range(2, 40)  # letters of a section's name
_LEVELS = 3  # elements round a link in which the others of its trail stand


def read(root: HtmlElement, names: frozenset[str], url: str, said: Sequence[str] = ()) -> list[str]:
    """Return the sections above a page, the nearest last; [] where it names none.

    They are the links called a trail, what is `said` for machines, those behind "Trang chủ", the
    category a blog names, or the link whose address the page's own begins with. `names` are the
    class names and ids on the page.
    """
    crumbs = any("crumb" in name or "bread" in name for name in names)
    for selector in _NAMED[not crumbs :]:
        if found := _texts(markup.select(root, selector)):
            return found
    if said:
        return list(said)
    for front in reversed(_FRONTS(root)):
        if trail := _behind_front(front):
            return trail
    return _texts(markup.select(root, _FILED))[:1] or _above(root, url)[-1:]


def _texts(links: list[HtmlElement]) -> list[str]:
    return [text for a in links if (text := markup.text_of(a))]


def _behind_front(front: HtmlElement) -> list[str]:
    """Return the links that stand with one to the front page, if together they are a trail and no menu."""
    rooms = islice(front.iterancestors(), _LEVELS)
    around = next((one for one in rooms if len(list(islice(one.iter("a"), 2))) > 1), None)
    links = list(around.iter("a")) if around is not None else []
    if around is None or links[0] is not front or len(links) > _MOST or len(around.text_content()) > _LONGEST:
        return []
    if any(stands_aside(one) or _is_menu(one) for one in (around, *around.iterancestors())):
        return []
    between = around.text_content()
    for link in links:
        between = between.replace(link.text_content(), "", 1)
    told = _texts(links[1:])
    menu = any(_NO_SECTION.match(text) for text in told)
    return told if not menu and (len(links) <= _FEW or _BETWEEN.search(between)) else []


def _is_menu(element: HtmlElement) -> bool:
    return element.tag not in {"body", "html"} and bool(
        _MENU.search(apart(f"{element.get('class') or ''} {element.get('id') or ''}"))
    )


def _above(root: HtmlElement, url: str) -> list[str]:
    """Return what the links say whose address lies above the page's, the nearest last."""
    own = urlsplit(url)
    found = []
    for link in root.iter("a"):
        try:
            parts = urlsplit(urljoin(url, link.get("href") or ""))
        except ValueError:
            continue
        folder = re.sub(r"\.\w{2,5}$", "", parts.path).rstrip("/")
        inside = parts.netloc == own.netloc and own.path.rstrip("/").startswith(f"{folder}/")
        if folder and inside and not parts.query:
            text = markup.text_of(link)
            if len(text) in _LABEL and not text[0].isdigit():
                found.append((len(folder), text))
    return [text for _, text in sorted(found, key=lambda one: one[0])]
