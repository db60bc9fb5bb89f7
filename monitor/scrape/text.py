"""The words of an article: paragraphs without furniture, and the signatures below them."""

import re
from collections.abc import Collection

from monitor.marks import is_signature
from monitor.provinces import now as current_name
from monitor.scrape import bylines, dates
from monitor.scrape.blocks import Block
from monitor.scrape.evidence import Evidence
from monitor.scrape.furniture import NOISE, TAIL
from monitor.scrape.layout import ENDS, LONG, Layout, is_prose

_SIGNATURE = 60  # letters of an office that signs
_SHORTEST = 200  # letters of a text without one long paragraph, a poem
_SEALED = re.compile(r"[A-Za-z0-9+/=_-]{120,}")  # no word, and no address without a dot

# below a text: "Nguồn: https://…", "Theo Báo X", who took the pictures, what each did for a long story
_SOURCE = re.compile(
    r"^(?:\(?(?:(?:link )?nguồn(?: tin| bài)?\s*[:：]|theo (?:báo|đài|tạp chí|cổng)\b).{0,200}|"
    r"(?:ảnh|clip|video|đồ họa|trình bày|thiết kế|kỹ thuật|biên tập|dàn trang|tổ chức(?: sản xuất| thực hiện)?|"
    r"chỉ đạo(?: nội dung| thực hiện| sản xuất)?|ngày (?:xuất bản|đăng))\s*[:：].{0,60}|"
    r"(?:tác giả|người viết|nguồn|nội dung|thực hiện)\s*[:：]?|[^\s@]{1,64}@[\w.-]{4,100})$",
    re.IGNORECASE,
)


def read_body(page: Evidence, layout: Layout, taken: Collection[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the paragraphs and the signatures below the text.

    `taken` are the places that belong to the lead and to pictures.
    """
    lines = [(i, page.blocks[i]) for i in layout.body if i not in taken]
    prose = [i for i, block in lines if is_prose(block)]
    begun = prose[1] if len(prose) > 1 else 0
    kept = [block for i, block in lines if not _is_furniture_line(block, layout, i, early=i < begun)]
    paragraphs = [block.text for block in kept]
    if not any(map(is_prose, kept)) and sum(map(len, paragraphs)) < _SHORTEST:
        return (), tuple(paragraphs)  # labels only: the text is not in the page
    end = len(paragraphs)
    while end > 1 and (_is_signature(paragraphs[end - 1]) or _is_set_apart(kept[end - 1])):
        end -= 1
    return tuple(paragraphs[:end]), tuple(paragraphs[end:])


def _is_signature(line: str) -> bool:
    """Tell whether the last line of a text is a byline, an agency's mark or a bare date."""
    if is_signature(line) or _SOURCE.match(line) or (dates.is_line(line) and len(line) < 40):
        return True
    return len(line) <= 160 and bool(bylines.names(line)) and not re.search(r"[.!?…]$", line.rstrip("./"))


def _is_set_apart(block: Block) -> bool:
    """Tell whether a last line is printed as a signature is: short, bold or on the right, without a full stop."""
    right = "right" in f"{block.element.get('style')} {block.element.get('align')}"
    return len(block.text) < _SIGNATURE and (block.strong or right) and not ENDS.search(block.text)


def _is_furniture_line(block: Block, layout: Layout, i: int, *, early: bool) -> bool:
    """Tell whether a line inside the container is no part of the text; `early` ones stand about its beginning."""
    text = block.text
    if NOISE.match(text) or TAIL.match(text) or block.linked > 0.8 or _SEALED.search(text):
        return True
    if block.linked > 0.5 and dates.is_line(text):
        return True
    above = i in layout.head
    if (early or above) and (dates.is_line(text) or current_name(text) or bylines.names(text.strip("| "))):
        return True
    return above and len(text) < LONG and not ENDS.search(text[-60:])
