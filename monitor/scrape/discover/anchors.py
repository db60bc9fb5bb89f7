"""The links of a web page as a reader sees them: where each leads, what it says, where it stands."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from bs4 import BeautifulSoup
from lxml.html import HtmlElement

from monitor import urls
from monitor.scrape.repair import plain
from monitor.vietnamese import clean

_MOST: Final = 4000  # links of a page that are looked at
_CHROME = re.compile(
    r"(?:^|[-_ ])(?:\w{0,40}menu(?![-_]?(?:phai|trai|right|left))\w{0,40}|"
    r"nav|navs|navbar|topnav|navigation|\w{0,40}footer|footer\w{0,40}|foot|ft|"
    r"bottom(?:-?(?:bar|link)s?)?|breadcrumbs?|tags?|tag-?(?:list|cloud)|tagcloud|pagination|pager|paging|phan-?trang|page-?numbers?|share|sharing|socials?|"
    r"comments?|authors?|copyright|lang(?:uage)?s?|weblinks?|lien-?ket(?:-web)?)(?=$|[-_ ])",
    re.IGNORECASE,
)
_TITLE = re.compile(r"title|headline|tieu-?de|heading", re.IGNORECASE)
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_WHOLE: Final = frozenset(("body", "html", "form", "main", "article"))
_NEVER_NEWS: Final = frozenset(("nav", "footer"))
# what a link says that is about the site, not about the article
_LABEL = re.compile(
    r"^(?:[\W\d_]*|(?:xem|đọc)\s+(?:thêm|tiếp|chi tiết|tất cả|ngay|toàn bộ)\b.{0,20}|chi tiết.{0,4}|read more|more|"
    r"view (?:all|more|detail)s?|tiếp|trang (?:trước|sau|đầu|cuối|\d+)|trước|sau|next|prev(?:ious)?|in|gửi|chia sẻ|"
    r"share|[\d.,]* ?(?:bình luận|lượt xem|ý kiến|comments?)|trả lời|leave a comment)\W*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w[^\s]*")
_STATE = re.compile(r"\d+|\b(?:first|last|odd|even|active|current|clearfix|item|row|lazy)\b|[^a-z ]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One link on the page.

    `text` is its headline or label, `says` how many words that says of what it leads to (a label
    such as "Xem thêm" says nothing), `headed` tells that it stands in (or holds) a heading, `place`
    names the elements round it, so that links of lists alike share it, `row` the very list;
    `chrome` tells that it stands in a menu, the foot, a tag cloud or another part that every page
    of the site has.
    """

    address: str
    text: str
    says: int
    place: str
    row: str
    headed: bool
    pictured: bool
    chrome: bool
    element: HtmlElement = field(repr=False)


def anchors(root: HtmlElement, url: str) -> list[Anchor]:
    """Return the links of a page to its own site, in order."""
    origin = start_of(root, url)
    links = [
        (address, one)
        for one in islice(root.iter("a"), _MOST)
        if (address := urls.clean(one.get("href") or "", origin))
        and urls.site(address) == urls.site(url)
        and urls.key(address) != urls.key(url)
    ]
    rooms = _Rooms()
    told = [(address, one, *_said(one)) for address, one in links]
    rooms.settle([(one, len(text.split())) for _, one, text, _ in told])
    return [
        Anchor(
            address=address,
            text=text,
            says=0 if _LABEL.match(text) else len(_WORD.findall(text)),
            place=(place := _place(one)),
            row=rooms.row(one, place),
            headed=headed,
            pictured=next(one.iter("img"), None) is not None,
            chrome=rooms.chrome(one),
            element=one,
        )
        for address, one, text, headed in told
    ]


def chosen(html: str, selector: str, url: str) -> list[tuple[str, str]]:
    """Return address and text of the links that an operator's selector names: BeautifulSoup knows all of CSS."""
    soup = BeautifulSoup(html, "lxml")
    base = soup.find("base", href=True)
    origin = (urls.clean(str(base["href"]), url) if base else "") or url
    inner = [one if one.name == "a" else one.find("a", href=True) for one in soup.select(selector)[:_MOST]]
    return [
        (address, clean(one.get_text(" ")) or clean(str(one.get("title") or "")))
        for one in inner
        if one and (address := urls.clean(str(one.get("href") or ""), origin))
        and urls.site(address) == urls.site(url)
        and urls.key(address) != urls.key(url)
    ]  # fmt: skip


def start_of(root: HtmlElement, url: str) -> str:
    """Return the address from which a page's relative links are read: its `<base>`, else its own."""
    base = next((one.get("href") for one in root.iter("base") if one.get("href")), "")
    return (urls.clean(base, url) if base else "") or url


def _said(anchor: HtmlElement) -> tuple[str, bool]:
    """Return what a link says, and whether that is marked as a heading.

    A link round a whole card says what its heading says; a shortened text gives way to the `title`.
    """
    head = next(_headings_in(anchor), None)
    text = _text(anchor if head is None else head)
    full = clean(plain(anchor.get("title") or ""))
    if not text or (text.endswith(("...", "…")) and len(full) > len(text)):
        text = full
    if not text and (picture := next(anchor.iter("img"), None)) is not None:
        text = clean(plain(picture.get("alt") or ""))
    near = (anchor, *islice(anchor.iterancestors(), 3))
    marked = any(one.tag in _HEADINGS or _TITLE.search(_called(one)) for one in near)
    return text[:500], head is not None or marked


def _headings_in(anchor: HtmlElement) -> Iterator[HtmlElement]:
    inside = list(islice(anchor.iterdescendants(), 40))
    yield from (one for one in inside if one.tag in _HEADINGS)
    yield from (one for one in inside if _TITLE.search(_called(one)))


def _text(element: HtmlElement) -> str:
    """Return an element's text; of one that holds half a page, its beginning."""
    return plain(clean(" ".join(islice(element.itertext(), 40))))


def _called(element: HtmlElement) -> str:
    """Return an element's classes and id: what its author called it."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _place(anchor: HtmlElement) -> str:
    """Return the elements round a link without what differs from one list item to the next."""
    near = (anchor, *islice(anchor.iterancestors(), 4))
    return "/".join(f"{one.tag!s}.{_STATE.sub('', _called(one).lower())[:40].strip()}" for one in near)


class _Rooms:
    """The parts of a page: its lists, and what is chrome (menus, feet, tag clouds).

    A part in which most of the page's long texts stand is no chrome, whatever it is called.
    """

    def __init__(self) -> None:
        self._known: dict[HtmlElement, bool] = {}
        self._lists: dict[HtmlElement, int] = {}
        self._full: set[HtmlElement] = set()

    def settle(self, said: Sequence[tuple[HtmlElement, int]]) -> None:
        """Find the parts that hold the page's news, given the links and how many words each says."""
        long = [anchor for anchor, words in said if words >= 7]
        rooms = Counter(room for anchor in long for room in self._rooms(anchor) if room.tag not in _NEVER_NEWS)
        self._full = {room for room, number in rooms.items() if number >= 3 and number * 2 > len(long)}

    def chrome(self, anchor: HtmlElement) -> bool:
        """Tell whether a link stands in a part that every page of the site has."""
        room = next(self._rooms(anchor), None)
        return room is not None and room not in self._full

    def row(self, anchor: HtmlElement, place: str) -> str:
        """Return the place within the one list or table that holds a link, "" where it stands in none."""
        inside = next(anchor.iterancestors("ul", "ol", "dl", "table", "nav"), None)
        return f"{self._lists.setdefault(inside, len(self._lists))}/{place}" if inside is not None else ""

    def _rooms(self, anchor: HtmlElement) -> Iterator[HtmlElement]:
        """Return the parts round a link that are called a menu, a foot and the like, the innermost first."""
        for one in (anchor, *anchor.iterancestors()):
            if one not in self._known:
                named = one.tag not in _WHOLE and _CHROME.search(_called(one)) is not None
                self._known[one] = one.tag in _NEVER_NEWS or named
            if self._known[one]:
                yield one
