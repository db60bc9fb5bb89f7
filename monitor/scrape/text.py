"""The words of an article: paragraphs without furniture, and the signatures below them."""

import re
from collections.abc import Collection
from dataclasses import replace
from itertools import islice, pairwise

from bs4 import Tag

from monitor.links import are_links
from monitor.marks import is_signature
from monitor.provinces import now as current_name
from monitor.scrape import bylines, dates
from monitor.scrape.blocks import Block
from monitor.scrape.evidence import Evidence
from monitor.scrape.framing import words_of
from monitor.scrape.furniture import NOISE, TAIL
from monitor.scrape.layout import ENDS, LONG, WHOLE, Layout, is_left, is_prose
from monitor.vietnamese import clean, comparable

_SIGNATURE = 60  # letters of an office that signs
_SHORTEST = 200  # letters of a text without one long paragraph, a poem
_NEAR_THE_END = 0.7  # of the letters of a text
_RIGHT = re.compile(r"text-align\s*:\s*(?:right|end)", re.IGNORECASE)
_AUTHORS = re.compile(r"author|tac-?gia|byline|(?<![\w-])(?:text|align)-?right(?![\w-])", re.IGNORECASE)
_WRITER = re.compile(r"/(?:tac-gia|but-danh|phong-vien|authors?)\b", re.IGNORECASE)
_QUOTE = re.compile(r"(?:^|[-_ ])quote(?:$|[-_ ])", re.IGNORECASE)
_MARKS = " \"'.,!?…"  # round a quotation
_PULLED, _BOXED = 400, 2  # letters of a quotation set large, elements round a line of it
_SIGNED = 2  # lines of a signature: the name, and the post below it
_SEALED = re.compile(r"[A-Za-z0-9+/=_-]{120,}")  # no word, and no address without a dot

# below a text: "Nguồn: https://…", "Theo Báo X", who took the pictures, what each did for a long story
_SOURCE = re.compile(
    r"^(?:\(?(?:(?:link )?nguồn(?: tin| bài)?\s*[:：]|theo (?:báo|đài|tạp chí|cổng)\b).{0,200}|"
    r"theo [\w.-]{1,60}\.(?:vn|com|net|org)|ban biên tập|bbt|"
    r"(?:ảnh(?:, clip| và clip)?|clip|video|đồ họa|trình bày|thiết kế|kỹ thuật|biên tập|dàn trang|"
    r"tổ chức(?: sản xuất| thực hiện)?|"
    r"chỉ đạo(?: nội dung| thực hiện| sản xuất)?|ngày (?:xuất bản|đăng))\s*[:：].{0,60}|"
    r"(?:tác giả|người viết|nguồn|nội dung|thực hiện|ảnh|video|đồ họa|thiết kế|trình bày|kỹ thuật)\s*[:：]?|"
    r"[^\s@]{1,64}@[\w.-]{4,100})$",
    re.IGNORECASE,
)


def read_body(page: Evidence, layout: Layout, taken: Collection[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the paragraphs and the signatures below the text.

    `taken` are the places that belong to the lead and to pictures.
    """
    lines = [(i, page.blocks[i]) for i in layout.body if i not in taken]
    prose = [i for i, block in lines if is_prose(block)]
    begun = prose[1] if len(prose) > 1 else 0
    opening = _opening_subhead(lines)
    kept = [block for i, block in lines if i == opening or not _is_furniture_line(block, layout, i, early=i < begun)]
    kept = _without_pull_quotes(kept[: _signed_at(kept) + 1])
    kept = [*kept[:-1], *_signature_parted(kept[-1:])]
    paragraphs = [block.text for block in kept]
    if not any(map(is_prose, kept)) and sum(map(len, paragraphs)) < _SHORTEST:
        return (), tuple(paragraphs)  # labels only: the text is not in the page
    end = len(paragraphs)
    while end > 1 and (_is_signature(paragraphs[end - 1]) or _is_set_apart(kept[end - 1])):
        end -= 1
    if end > _SIGNED and bylines.is_post(paragraphs[end - 1]) and _is_signature(paragraphs[end - 2]):
        end -= _SIGNED
    return tuple(paragraphs[:end]), tuple(paragraphs[end:])


def _signature_parted(last: list[Block]) -> list[Block]:
    """Return the last paragraph, parted from the bold names that stand behind its full stop."""
    for block in last:
        bold = block.element.find_all(("b", "strong"))[-1:]
        name = clean(bold[0].get_text()) if bold else ""
        before = block.text.removesuffix(name).rstrip()
        if LONG < len(before) < len(block.text) and ENDS.search(before[-60:]) and bylines.names(name):
            return [replace(block, text=before), replace(block, text=name)]
    return last


def _without_pull_quotes(kept: list[Block]) -> list[Block]:
    """Return the lines without the quotations set large that a paragraph says too, and without who said them."""
    boxes = [_quote_box(block) for block in kept]
    said = [comparable(block.text) for block, box in zip(kept, boxes, strict=True) if not box] if any(boxes) else []
    pulled = {
        id(box)
        for block, box in zip(kept, boxes, strict=True)
        if box and len(block.text) > LONG // 2 and any(comparable(block.text).strip(_MARKS) in text for text in said)
    }
    return [block for block, box in zip(kept, boxes, strict=True) if not box or id(box) not in pulled]


def _quote_box(block: Block) -> Tag | None:
    """Return the outermost element called a quotation that holds a line and little else."""
    around = (block.element, *islice(block.element.parents, _BOXED))
    named = (one for one in reversed(around) if one.name == "blockquote" or _QUOTE.search(words_of(one)))
    return next((one for one in named if len(one.get_text()) < _PULLED), None)


def _opening_subhead(lines: list[tuple[int, Block]]) -> int:
    """Return the place of the subheading with which a text of several begins; -1 where none does."""
    heads = [
        (i, block)
        for (i, block), (behind, paragraph) in pairwise(lines)
        if behind == i + 1 and block.strong and len(block.text) < LONG and is_prose(paragraph)
    ]
    first = next((i for i, block in lines if is_prose(block)), -1)
    alike = len({block.element.name for _, block in heads}) == 1 < len(heads)
    return heads[0][0] if alike and heads[0][0] == first - 1 else -1


def _signed_at(kept: list[Block]) -> int:
    """Return the place of the last line of a text's signature, which ends it; of its last line where none is plain.

    What is signed stands on the right or is called the author's, near the end.
    """
    letters = sum(len(block.text) for block in kept)
    read = 0
    for i, block in enumerate(kept):
        late = read > _NEAR_THE_END * letters or (read > WHOLE and is_left(kept, range(len(kept)), i))
        if late and _is_on_the_right(block) and _is_signature(block.text):
            others = (n for n in range(i + 1, len(kept)) if not _is_signature(kept[n].text))
            return next(others, len(kept)) - 1
        read += len(block.text)
    return len(kept) - 1


def _is_on_the_right(block: Block) -> bool:
    """Tell whether a line is printed on the right, or called its author's."""
    return any(
        one.get("align") == "right" or _RIGHT.search(str(one.get("style") or "")) or _AUTHORS.search(words_of(one))
        for one in (block.element, *islice(block.element.parents, 1))
    )


def _is_signature(line: str) -> bool:
    """Tell whether the last line of a text is a byline, an agency's mark or a bare date."""
    if is_signature(line) or _SOURCE.match(line) or (dates.is_line(line) and len(line) < 40):
        return True
    return len(line) <= 160 and bool(bylines.names(line)) and not re.search(r"[.!?…]$", line.rstrip("./"))


def _is_set_apart(block: Block) -> bool:
    """Tell whether a last line is printed as a signature is: short, bold or on the right, without a full stop."""
    return len(block.text) < _SIGNATURE and (block.strong or _is_on_the_right(block)) and not ENDS.search(block.text)


def _leads_to_author(block: Block) -> bool:
    """Tell whether a line is a link to the page of a person who writes."""
    links = block.element.find_all("a", href=_WRITER, limit=1)
    return bool(links and bylines.names(block.text))


def _is_furniture_line(block: Block, layout: Layout, i: int, *, early: bool) -> bool:
    """Tell whether a line inside the container is no part of the text; `early` ones stand about its beginning."""
    text = block.text
    links = block.linked > 0.8 and not _leads_to_author(block)
    if NOISE.match(text) or TAIL.match(text) or links or _SEALED.search(text):
        return True
    if (block.linked > 0.5 and dates.is_line(text)) or (
        are_links(text) and not (ENDS.search(text[-60:]) or bylines.is_signed(text))
    ):
        return True
    above = i in layout.head
    signed = not (is_prose(block) and ENDS.search(text[-60:])) and bylines.names(text.strip("| "))
    if (early or above) and (dates.is_line(text) or current_name(text) or signed):
        return True
    return above and len(text) < LONG and not ENDS.search(text[-60:])
