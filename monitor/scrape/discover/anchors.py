"""The links of a web page as a reader sees them: where each leads, what it says, where it stands."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from monitor import urls
from monitor.scrape.blocks import words_of
from monitor.scrape.repair import plain
from monitor.vietnamese import clean

_MOST: Final = 4000  # links of a page that are looked at
_CHROME = re.compile(
    r"(?:^|[-_ ])(?:\w*menu\w*|nav|navs|navbar|topnav|navigation|\w*footer|footer\w*|foot|ft|"
    r"bottom(?:-?(?:bar|link)s?)?|breadcrumbs?|tags?|tag-?(?:list|cloud)|tagcloud|pagination|pager|paging|phan-?trang|page-?numbers?|share|sharing|socials?|"
    r"comments?|authors?|copyright|lang(?:uage)?s?|weblinks?|lien-?ket(?:-web)?)(?=$|[-_ ])",
    re.IGNORECASE,
)
_TITLE = re.compile(r"title|headline|tieu-?de|heading", re.IGNORECASE)
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
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

    `text` is its headline or label, `headed` tells that it stands in (or holds) a heading, `place`
    names the elements round it, so that links of lists alike share it, `row` the very list;
    `chrome` tells that it stands in a menu, the foot, a tag cloud or another part that every page
    of the site has.
    """

    address: str
    text: str
    place: str
    row: str
    headed: bool
    pictured: bool
    chrome: bool
    element: Tag = field(repr=False)

    @property
    def says(self) -> int:
        """How many words it says of what it leads to; labels such as "Xem thêm" say nothing."""
        return 0 if _LABEL.match(self.text) else len(_WORD.findall(self.text))


def anchors(soup: BeautifulSoup, url: str, selector: str | None = None) -> list[Anchor]:
    """Return the links of a page to its own site, in order; `selector` limits them to an operator's choice."""
    base = soup.find("base", href=True)
    origin = (urls.clean(str(base["href"]), url) if isinstance(base, Tag) else "") or url
    elements = soup.select(selector) if selector else soup.find_all("a", href=True)
    inner = [one if one.name == "a" else one.find("a", href=True) for one in elements[:_MOST]]
    links = [
        (address, one)
        for one in inner
        if isinstance(one, Tag)
        and (address := urls.clean(str(one.get("href") or ""), origin))
        and urls.site(address) == urls.site(url)
        and urls.key(address) != urls.key(url)
    ]
    rooms = _Rooms()
    told = [(address, one, *_said(one)) for address, one in links]
    rooms.settle([(one, len(text.split())) for _, one, text, _ in told])
    return [
        Anchor(
            address,
            text,
            place := _place(one),
            _row(one, place),
            headed,
            one.find("img") is not None,
            rooms.chrome(one),
            one,
        )
        for address, one, text, headed in told
    ]


def _said(anchor: Tag) -> tuple[str, bool]:
    """Return what a link says, and whether that is marked as a heading.

    A link round a whole card says what its heading says; a shortened text gives way to the `title`.
    """
    head = next(_headings_in(anchor), None)
    text = _text(head or anchor)
    full = clean(plain(str(anchor.get("title") or "")))
    if not text or (text.endswith(("...", "…")) and len(full) > len(text)):
        text = full
    if not text and (picture := anchor.find("img", alt=True)):
        text = clean(plain(str(picture["alt"])))
    near = islice(anchor.parents, 3)
    marked = any(one.name in _HEADINGS or _TITLE.search(words_of(one)) for one in (anchor, *near))
    return text[:500], head is not None or marked


def _headings_in(anchor: Tag) -> Iterator[Tag]:
    inside = [one for one in islice(anchor.descendants, 60) if isinstance(one, Tag)]
    yield from (one for one in inside if one.name in _HEADINGS)
    yield from (one for one in inside if _TITLE.search(words_of(one)))


def _text(element: Tag) -> str:
    """Return an element's text; of one that holds half a page, its beginning."""
    strings = [part for part in islice(element.descendants, 60) if type(part) is NavigableString]
    return plain(clean(" ".join(strings)))


def _place(anchor: Tag) -> str:
    """Return the elements round a link without what differs from one list item to the next."""
    return "/".join(f"{one.name}.{_STATE.sub('', words_of(one).lower())[:40].strip()}" for one in _near(anchor))


def _row(anchor: Tag, place: str) -> str:
    """Return the place within the one list or table that holds a link, "" where it stands in none."""
    inside = anchor.find_parent(["ul", "ol", "dl", "table", "nav"])
    return f"{id(inside)}/{place}" if inside else ""


def _near(anchor: Tag) -> Iterator[Tag]:
    yield anchor
    yield from islice(anchor.parents, 4)


class _Rooms:
    """The parts of a page that are chrome: menus, feet, tag clouds.

    A part in which most of the page's long texts stand is none, whatever it is called.
    """

    def __init__(self) -> None:
        self._known: dict[int, Tag | None] = {}
        self._full: set[int] = set()

    def settle(self, said: Sequence[tuple[Tag, int]]) -> None:
        """Find the parts that hold the page's news, given the links and how many words each says."""
        long = [anchor for anchor, words in said if words >= 7]
        rooms = Counter(id(room) for anchor in long if (room := self._room(anchor)))
        self._full = {room for room, number in rooms.items() if number >= 5 and number * 2 > len(long)}

    def chrome(self, anchor: Tag) -> bool:
        """Tell whether a link stands in such a part."""
        room = self._room(anchor)
        return room is not None and id(room) not in self._full

    def _room(self, anchor: Tag) -> Tag | None:
        """Return the innermost part round a link that is called a menu, a foot and the like."""
        line: list[Tag] = []
        found: Tag | None = None
        for one in (anchor, *anchor.parents):
            if id(one) in self._known:
                found = self._known[id(one)]
                break
            line.append(one)
            named = one.name not in {"body", "html", "form", "main", "article"} and _CHROME.search(words_of(one))
            if one.name in {"nav", "footer"} or named:
                found = one
                break
        self._known.update((id(one), found) for one in line)
        return found
