"""A page as a column of text blocks, the way a reader's eye runs down it.

Block elements and line breaks part the text; what a block is (linked, bold, a caption, page
furniture) travels with it, so that the reading of an article is a walk over a list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString, PageElement

from monitor.scrape.repair import plain
from monitor.vietnamese import clean

INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small "
    "span strike strong sub sup time tt u var o:p st1:place".split()
)
_SILENT = frozenset(
    "script style noscript template iframe object embed svg canvas video audio button select input "
    "textarea form head map".split()
)
_FURNITURE_TAGS = frozenset(("nav", "footer", "aside", "header"))
_CAPTION_TAGS = frozenset(("figure", "figcaption"))
_CAPTION_CLASS = re.compile(r"caption|chu-?thich|photo-?note|image-?note|slide-?note|fig-?note", re.IGNORECASE)
_FURNITURE_CLASS = re.compile(
    r"(?:^|[-_ ])(?:related?|relate|lien-?quan|share|sharing|social|socials|comments?|binh-?luan|"
    r"tags?|rating|vote|breadcrumbs?|sidebar|side|widget|banner|advert\w*|ads?|most-?read|xem-?nhieu|"
    r"doc-?nhieu|newsletter|tools?|toolbar|menu|navbar|pagination|counter|weather|copyright|hotline|"
    r"footer|xem-?them|tin-?khac|other-?news|moi-?nhat|recommend\w*|popup|modal)(?=$|[-_ \d])",
    re.IGNORECASE,
)

_MOST = 5000  # blocks of a page
_LONGEST = 20_000  # letters of a block
_NEAR = 100  # elements round a block that can be the one that holds the article


@dataclass(frozen=True, slots=True)
class Block:
    """One run of text (or one picture) and what the markup says of it.

    `linked` is the share of its letters inside links. A picture has `src`, and its alternative
    text as `text`.
    """

    text: str
    element: Tag = field(repr=False)
    linked: float = 0.0
    strong: bool = False
    slanted: bool = False
    caption: bool = False
    furniture: bool = False
    src: str = ""


@dataclass(frozen=True, slots=True)
class _Style:
    """What holds for the text below some element."""

    block: Tag
    linked: bool = False
    strong: bool = False
    slanted: bool = False
    caption: bool = False
    furniture: bool = False


def words_of(element: Tag) -> str:
    """Return an element's classes and id: what its author called it."""
    classes = element.get("class")
    joined = " ".join(classes) if isinstance(classes, list) else str(classes or "")
    return f"{joined} {element.get('id') or ''}"


def _below(element: Tag, style: _Style) -> _Style:
    """Return the style of an element's inside."""
    name = element.name
    words = "" if name in {"body", "html"} else words_of(element)
    css = str(element.get("style") or "")
    return _Style(
        block=style.block if name in INLINE else element,
        linked=style.linked or name == "a",
        strong=style.strong or name in {"b", "strong", "h2", "h3", "h4"} or "font-weight:bold" in css,
        slanted=style.slanted or name in {"em", "i"} or "italic" in css,
        caption=style.caption or name in _CAPTION_TAGS or bool(_CAPTION_CLASS.search(words)),
        furniture=style.furniture
        or ((name in _FURNITURE_TAGS or bool(_FURNITURE_CLASS.search(words))) and not element.find("h1")),
    )


class _Column:
    """Collects runs of text until a block ends, then makes a Block of them."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._runs: list[tuple[str, _Style]] = []

    def text(self, words: str, style: _Style) -> None:
        self._runs.append((words, style))

    def end(self) -> None:
        runs, self._runs = self._runs, []
        text = plain(clean("".join(words for words, _ in runs)[:_LONGEST]))
        if not text:
            return
        inked = [(len(words.strip()), style) for words, style in runs if words.strip()]
        letters = sum(n for n, _ in inked) or 1
        self.blocks.append(
            Block(
                text=text,
                element=inked[0][1].block,
                linked=sum(n for n, style in inked if style.linked) / letters,
                strong=all(style.strong for _, style in inked),
                slanted=all(style.slanted for _, style in inked),
                caption=all(style.caption for _, style in inked),
                furniture=any(style.furniture for _, style in inked),
            )
        )

    def picture(self, element: Tag, style: _Style) -> None:
        self.end()
        source = next((str(element[n]) for n in ("data-src", "data-original", "src") if element.get(n)), "")
        if source and not source.startswith("data:"):
            alt = plain(clean(str(element.get("alt") or "")))
            self.blocks.append(Block(alt, element, furniture=style.furniture, src=source))


def _enter(child: Tag, style: _Style, column: _Column) -> _Style | None:
    """Begin an element; returns the style of its inside, None when there is nothing to read in it."""
    name = child.name
    if name in _SILENT or child.get("hidden") is not None or "display:none" in str(child.get("style")):
        return None
    if name == "img":
        column.picture(child, style)
        return None
    if name not in INLINE:
        column.end()
    return None if name in {"br", "hr"} else _below(child, style)


def read(root: BeautifulSoup | Tag) -> list[Block]:
    """Return the blocks below `root` in the order of the page, at most some thousands."""
    column = _Column()
    stack: list[tuple[Iterator[PageElement], _Style]] = [(iter(root.children), _Style(block=root))]
    while stack and len(column.blocks) < _MOST:
        children, style = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if stack and style.block is not stack[-1][1].block:
                column.end()
        elif isinstance(child, Tag):
            if inside_style := _enter(child, style, column):
                stack.append((iter(child.children), inside_style))
        elif type(child) in {NavigableString, CData}:
            column.text(str(child), style)
    column.end()
    return column.blocks


def inside(blocks: list[Block], container: Tag) -> Iterator[int]:
    """Return the places of the blocks that stand inside `container`."""
    elements = {id(container), *(id(element) for element in container.find_all())}
    return (place for place, block in enumerate(blocks) if id(block.element) in elements)


def ancestors(block: Block) -> Iterator[Tag]:
    """Return the elements a block stands in, the nearest first: as many as matter."""
    element: PageElement | None = block.element
    for _ in range(_NEAR):
        if not isinstance(element, Tag) or element.name in {"html", "[document]"}:
            return
        yield element
        element = element.parent
