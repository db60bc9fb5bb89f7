"""Where the parts of an article stand on its page."""

import re
from dataclasses import dataclass

from bs4 import Tag

from monitor.scrape import blocks as column
from monitor.scrape import cms
from monitor.scrape.blocks import INLINE, Block
from monitor.scrape.evidence import Evidence
from monitor.vietnamese import comparable

TAIL = re.compile(
    r"^(?:>+\s*)?(?:tin (?:liên quan|khác|cùng chuyên mục|mới|bài khác)|bài (?:viết )?(?:liên quan|cùng chuyên mục)|"
    r"xem thêm|đọc thêm|chia sẻ(?: bài viết)?|các tin khác|từ khóa|tags?|bình luận|ý kiến bạn đọc|văn bản mới|"
    r"có thể bạn quan tâm|tổng số điểm của bài viết.*|những tin (?:mới|cũ) hơn|cùng chuyên mục|gửi bình luận|"
    r"về đầu trang|click để đánh giá.*)\s*[:：]?$",
    re.IGNORECASE,
)
ENDS = re.compile(r"[.!?:;…][\"”’»)\]/.]*$|[\"”»]$")
LONG = 45  # letters; shorter lines are labels, names and dates


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of the article stand: places in the page's list of blocks.

    `head` runs from just after the title to the first block of the body, `body` holds the
    paragraphs, `tail` what stands behind them, nearest first.
    """

    title_at: int
    above: list[int]
    head: list[int]
    body: list[int]
    tail: list[int]


def lay_out(page: Evidence, title: str) -> Layout:
    """Find the title, the body and what stands around them."""
    container = _container(page)
    inside = list(column.inside(page.blocks, container)) if container else []
    wanted = comparable(title)
    titled = [i for i, block in enumerate(page.blocks) if _is_title(block, wanted)]
    before = [i for i in titled if not inside or i <= inside[-1]]
    headed = [i for i in before if page.blocks[i].element.name == "h1"]
    title_at = headed[0] if headed else before[-1] if before else (inside[0] - 1 if inside else -1)
    body = [i for i in inside if i > title_at and not page.blocks[i].furniture]
    start = next((i for i in body if is_prose(page.blocks[i])), body[0] if body else title_at + 1)
    end = _end(page, body)
    return Layout(
        title_at=title_at,
        above=list(range(max(0, title_at - 6), max(0, title_at))),
        head=[i for i in range(title_at + 1, start) if not page.blocks[i].src],
        body=[i for i in body if i <= end],
        tail=list(range(end + 1, min(end + 12, len(page.blocks)))),
    )


def _is_title(block: Block, wanted: str) -> bool:
    text = comparable(block.text) if len(block.text) < 2 * len(wanted) + 40 else ""
    return bool(text) and not block.src and (text == wanted or (len(wanted) > 15 and text.startswith(wanted)))


def is_prose(block: Block) -> bool:
    """Tell whether a block is running text: long, no caption, not mostly links."""
    return len(block.text) > LONG and not block.caption and not block.src and block.linked < 0.5


def _end(page: Evidence, body: list[int]) -> int:
    """Return the place of the last block before "Tin liên quan" and the like."""
    total = sum(len(page.blocks[i].text) for i in body if is_prose(page.blocks[i]))
    read = 0
    for earlier, i in zip([-1, *body], body, strict=False):
        if TAIL.match(page.blocks[i].text) and read * 2 >= total:
            return earlier
        read += len(page.blocks[i].text) if is_prose(page.blocks[i]) else 0
    return body[-1] if body else -1


def _container(page: Evidence) -> Tag | None:
    """Return the element that holds the article's text."""
    chosen = cms.selected(page.soup, page.select.body, page.family.body)
    if chosen and len(chosen.get_text(strip=True)) > 150:
        return chosen
    for element in page.soup.select("[itemprop=articleBody]"):
        if len(element.get_text(strip=True)) > 150:
            return element
    return _densest(page.blocks)


def _densest(blocks: list[Block]) -> Tag | None:
    """Return the element with most prose directly below it, widened while that gains a quarter."""
    direct: dict[int, float] = {}
    whole: dict[int, float] = {}
    elements: dict[int, Tag] = {}
    for block in blocks:
        if block.furniture or block.caption or not is_prose(block):
            continue
        weight = len(block.text) * (1 - block.linked) * (1.0 if ENDS.search(block.text[-60:]) else 0.3)
        line = list(column.ancestors(block))
        own = 0 if block.element.name in {"div", "td", "section", "article", "main", "body"} else 1
        for depth, element in enumerate(line):
            elements[id(element)] = element
            whole[id(element)] = whole.get(id(element), 0.0) + weight
            if depth == own:
                direct[id(element)] = direct.get(id(element), 0.0) + weight
    if not direct:
        return None
    best = elements[max(direct, key=lambda key: direct[key])]
    while best.parent is not None and (best.name in INLINE or best.name == "p"):
        best = best.parent  # paragraphs inside each other: their ends are missing
    while (parent := best.parent) is not None and parent.name not in {"body", "html", "[document]"}:
        if whole.get(id(parent), 0.0) < 1.25 * whole[id(best)] and parent.name != "article":
            break
        best = parent
    return best
