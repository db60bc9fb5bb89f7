"""A page as a column of text blocks, the way a reader's eye runs down it.

Block elements and line breaks part the text; what a block is (linked, bold, a caption) travels
with it, so that the reading of an article is a walk over a list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString, PageElement

from monitor.scrape import dates
from monitor.scrape.framing import PICTURES, frames_of, is_called_caption, is_of_the_site, source_of, words_of
from monitor.scrape.markup import INLINE
from monitor.scrape.repair import plain
from monitor.vietnamese import clean

_SILENT = frozenset(
    "script style noscript template iframe object embed svg canvas video audio button select input "
    "textarea head map".split()
)
_MOST = 5000  # blocks of a page
_LONGEST, _LETTERS = 20_000, 100_000  # of a block, of a text: five times the longest speech that papers print
_HEADINGS = frozenset(("h1", "h2", "h3"))
_BOLD = re.compile(r"font-weight:(?:bold|[6-9]00)")
_TIMED = re.compile(r"\d:\d\d$|[/.-]\d{4}$")
_LINE = 30  # letters from which a labelled piece is a line of its own


@dataclass(frozen=True, slots=True)
class Block:
    """One run of text (or one picture) and what the markup says of it.

    `linked` is the share of its letters inside links. A picture has `src`, and its alternative
    text as `text`. `moment` is the date for machines of a `<time>` in it, or of a "2 ngày trước".
    """

    text: str
    element: Tag = field(repr=False)
    linked: float = 0.0
    strong: bool = False
    slanted: bool = False
    caption: bool = False
    src: str = ""
    moment: str = ""


@dataclass(frozen=True, slots=True)
class _Style:
    """What holds for the text below some element."""

    block: Tag
    linked: bool = False
    strong: bool = False
    slanted: bool = False
    caption: bool = False
    moment: str = ""


def _touches(element: Tag) -> bool:
    """Tell whether an inline element follows another without a space, though a style sheet parts them.

    `<span class="title">Hội nghị</span><span class="date">20/11/2026</span>`: what they are called
    differs, or the first ends with a small letter, a time or a date, and the second begins with a capital or a figure.
    """
    before = element.previous_sibling
    if not isinstance(before, Tag) or before.name not in INLINE or element.name in {"sup", "sub"}:
        return False
    first, last = element.get_text()[:1], before.get_text()[-1:]
    named = element.get("class") and before.get("class") and element["class"] != before["class"]
    timed = _TIMED.search(before.get_text()[-6:])
    return (first.isupper() or first.isdigit()) and bool(named or last.islower() or timed)


def _moment_of(element: Tag) -> str:
    """Return the date for machines of a `<time>`, or the one behind "2 ngày trước"; "" where there is none."""
    if element.name == "time":
        return str(element.get("datetime") or "")
    title = str(element.get("title") or "")
    return title if title and dates.is_line(title) and dates.is_ago(element.get_text()) else ""


def _below(element: Tag, style: _Style) -> _Style:
    """Return the style of an element's inside."""
    name = element.name
    words = "" if name in {"body", "html"} else words_of(element)
    css = str(element.get("style") or "").replace(" ", "")
    return _Style(
        block=style.block if name in INLINE else element,
        linked=style.linked or name == "a",
        strong=style.strong or name in {"b", "strong", "h2", "h3", "h4"} or bool(_BOLD.search(css)),
        slanted=style.slanted or name in {"em", "i"} or "italic" in css,
        caption=style.caption or is_called_caption(element, words),
        moment=_moment_of(element) or style.moment,
    )


class _Column:
    """Collects runs of text until a block ends, then makes a Block of them."""

    def __init__(self, frames: frozenset[int]) -> None:
        self.blocks: list[Block] = []
        self.letters = 0
        self.frames = frames
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
        self.letters += len(text)
        self.blocks.append(
            Block(
                text=text,
                element=inked[0][1].block,
                linked=sum(n for n, style in inked if style.linked) / letters,
                strong=all(style.strong for _, style in inked),
                slanted=all(style.slanted for _, style in inked),
                caption=all(style.caption for _, style in inked),
                moment=next((style.moment for _, style in inked if style.moment), ""),
            )
        )

    def part(self, element: Tag, style: _Style) -> None:
        """Begin a labelled piece that touches the one before it: long ones are lines, short ones words."""
        before = element.previous_sibling
        if max(len(piece.get_text()) for piece in (element, before) if piece is not None) >= _LINE:
            self.end()
        else:
            self.text(" ", style)

    def picture(self, element: Tag) -> None:
        self.end()
        source = source_of(element)
        if source and not source.startswith("data:") and not is_of_the_site(element):
            alt = plain(clean(str(element.get("alt") or "")))
            self.blocks.append(Block(alt, element, src=source))


def _enter(child: Tag, style: _Style, column: _Column) -> _Style | None:
    """Begin an element; returns the style of its inside, None when there is nothing to read in it."""
    name = child.name
    if name in _SILENT:
        return None
    if name in PICTURES:
        column.picture(child)
        return None
    if name == "br" and style.block.name in _HEADINGS:
        column.text(" ", style)  # a headline may take two lines
        return None
    if name not in INLINE:
        column.end()
    elif _touches(child):
        column.part(child, style)
    if name in {"br", "hr"}:
        return None
    inside = _below(child, style)
    return replace(inside, caption=True) if id(child) in column.frames else inside


def read(html: str) -> list[Block]:
    """Return the blocks of a piece of a page in its order, up to some thousands or a hundred thousand letters."""
    if not html:
        return []
    soup = BeautifulSoup(html, "lxml", multi_valued_attributes=None)
    root = soup.body or soup
    column = _Column(frozenset(frames_of(root)))
    stack: list[tuple[Iterator[PageElement], _Style]] = [(iter(root.children), _Style(block=root))]
    while stack and len(column.blocks) < _MOST and column.letters < _LETTERS:
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
