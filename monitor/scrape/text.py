"""The words of an article: lead, paragraphs without furniture, pictures with their captions."""

import re

from monitor import urls
from monitor.marks import is_signature
from monitor.models import Image
from monitor.provinces import now as current_name
from monitor.scrape import bylines, dates
from monitor.scrape.blocks import Block, words_of
from monitor.scrape.evidence import Evidence, alike, printed
from monitor.scrape.layout import ENDS, LONG, TAIL, Layout
from monitor.vietnamese import comparable

_NOISE = re.compile(
    r"^(?:in|in bài|in trang|aa|top|down|gửi email|facebook|zalo|twitter|copy link|link bài gốc|lưu bài viết|"
    r"theo dõi .{0,60}|đọc báo in|tải ứng dụng.*|hotline.*|\d[\d.,]* (?:lượt xem|bình luận)|\d+ phiếu bầu|"
    r"(?:số )?lượt (?:xem|truy cập|tải)\s*[:：]?.*|xếp hạng\s*:.*|tổng số điểm.*|[.;,•|>\s-]+|quảng cáo|"
    r"advertisement|cỡ chữ.*|nghe đọc bài.*|>{2,}.*|xem thêm\s*:.*|\(?ảnh minh họa\)?\.?)$",
    re.IGNORECASE,
)
_LONGEST_CAPTION = 600


def read_lead(page: Evidence, layout: Layout, title: str) -> tuple[str, int]:
    """Return the lead and its place among the blocks (-1: nowhere, or not printed as one)."""
    if text := printed(page, page.select.lead, page.family.lead):
        return text, _place_of(page, text)
    said = [d for d in page.meta.descriptions if alike(d, title) < 0.8 and len(d.split()) >= 8]
    first = layout.body[:3]
    for i in [*layout.head, *first]:
        block = page.blocks[i]
        if len(block.text) < LONG or block.linked > 0.5 or block.caption or dates.is_line(block.text):
            continue
        if bylines.has_credit(block.text):
            continue
        stands_apart = i in layout.head or (block.strong and ENDS.search(block.text[-60:])) or _looks_like_lead(block)
        agrees = any(alike(block.text, text.rstrip(".… ")) > 0.85 for text in said)
        if stands_apart or (agrees and i == first[0] and _apart(page, layout)):
            return block.text, i
        if i in first:
            break
    unprinted = [d for d in said if not any(alike(page.blocks[i].text, d.rstrip(".… ")) > 0.8 for i in first)]
    if unprinted and not layout.body:
        return unprinted[0], -1
    return "", -1


def _looks_like_lead(block: Block) -> bool:
    named = r"sapo|lead|summary|desc|hometext|intro|chapeau|tom-?tat"
    return bool(re.search(named, words_of(block.element), re.IGNORECASE))


def _apart(page: Evidence, layout: Layout) -> bool:
    """Tell whether the first block of the body is marked up differently from those after it."""
    if len(layout.body) < 3:
        return False
    first, *others = (page.blocks[i] for i in layout.body[:4])
    same = [o for o in others if o.element.name == first.element.name and o.strong == first.strong]
    return not same


def _place_of(page: Evidence, text: str) -> int:
    return next((i for i, block in enumerate(page.blocks) if block.text == text), -1)


def read_body(page: Evidence, layout: Layout, taken: set[int]) -> tuple[tuple[str, ...], tuple[Image, ...], list[str]]:
    """Return paragraphs, pictures with their captions, and the signatures below the text."""
    paragraphs: list[str] = []
    pictures: list[tuple[Block, str]] = []
    lines = [i for i in layout.body if i not in taken]
    for i, block in ((i, page.blocks[i]) for i in lines):
        if block.src:
            pictures.append((block, ""))
        elif _is_caption(block, pictures, page, i):
            _put_caption(pictures, block)
        elif not _is_furniture_line(block, layout, i):
            paragraphs.append(block.text)
    signatures: list[str] = []
    while paragraphs and len(paragraphs) > 1 and _is_signature(paragraphs[-1]):
        signatures.insert(0, paragraphs.pop())
    return tuple(paragraphs), _images(page, pictures), signatures


def _is_signature(line: str) -> bool:
    """Tell whether the last line of a text is a byline, an agency's mark or a bare date."""
    if is_signature(line) or (dates.is_line(line) and len(line) < 40):
        return True
    return len(line) <= 160 and bool(bylines.names(line)) and not re.search(r"[.!?…]$", line.rstrip("./"))


def _is_furniture_line(block: Block, layout: Layout, i: int) -> bool:
    """Tell whether a line inside the container is no part of the text."""
    if _NOISE.match(block.text) or TAIL.match(block.text) or block.linked > 0.8:
        return True
    early = i in layout.head
    if early and (dates.is_line(block.text) or current_name(block.text) or bylines.names(block.text.strip("| "))):
        return True
    return early and len(block.text) < LONG and not ENDS.search(block.text[-60:])


def _is_caption(block: Block, pictures: list[tuple[Block, str]], page: Evidence, i: int) -> bool:
    """Tell whether a line belongs to the picture above it."""
    if block.caption:
        return True
    if not pictures:
        return bylines.has_credit(block.text) and len(block.text) < 300
    picture, caption = pictures[-1]
    previous = page.blocks[i - 1]
    near = previous is picture or (caption != "" and previous.text in (caption, picture.text))
    if not near or len(block.text) > 320:
        return False
    repeated = comparable(block.text) in (comparable(picture.text), comparable(caption))
    styled = block.slanted or "center" in str(block.element.get("style")) or block.element.get("align") == "center"
    unfinished = not ENDS.search(block.text[-60:]) and not caption
    return repeated or bylines.has_credit(block.text) or ((styled or unfinished) and previous is picture)


def _put_caption(pictures: list[tuple[Block, str]], block: Block) -> None:
    """Give a caption line to the last picture; a line printed twice counts once."""
    if not pictures:
        pictures.append((block, block.text))
        return
    picture, caption = pictures[-1]
    if len(caption) < _LONGEST_CAPTION and comparable(block.text) not in comparable(caption):
        pictures[-1] = (picture, f"{caption} {block.text}".strip())


def _images(page: Evidence, pictures: list[tuple[Block, str]]) -> tuple[Image, ...]:
    """Return the pictures of the text, each address once."""
    found: dict[str, Image] = {}
    for block, line in pictures:
        source = urls.clean(block.src, page.url) if block.src else ""
        caption, credit = bylines.caption(line or block.text)
        if (source or caption) and source not in found:
            found[source or caption] = Image(source, caption, credit)
    return tuple(found.values())
