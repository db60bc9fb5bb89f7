"""Pictures and the lines that belong to them: captions, printed once, twice, or without the picture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor import urls
from monitor.links import are_links
from monitor.models import Image
from monitor.scrape import bylines
from monitor.scrape.blocks import Block
from monitor.scrape.layout import ENDS, is_prose
from monitor.vietnamese import comparable

_TEASING = 0.8  # share of a line that is linked
_LONGEST = 600  # letters of a caption
_LONGEST_LINE = 320
# what is seen on a picture; a subheading names a matter instead
_SCENE = re.compile(
    r"\b(?:phát biểu|trao|tặng|chụp|quang cảnh|toàn cảnh|một góc|đại biểu|tham quan|thăm|kiểm tra|được khen|biểu dương|"
    r"khai mạc|biểu diễn|giới thiệu|chủ trì|ký kết|dâng (?:hương|hoa)|hướng dẫn|trao đổi|tham gia|trong ảnh|từ trái|"
    r"bên phải|bên trái|đang|thu hoạch|chăm sóc|giúp|tuyên truyền|vận động|gia đình (?:ông|bà|anh|chị)|"
    r"tại (?:hội nghị|hội thi|hội thảo|buổi|lễ|chương trình|cuộc|điểm cầu|đại hội|trụ sở))\b",
    re.IGNORECASE,
)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:$|[?:])", re.IGNORECASE)
_FILM = re.compile(r"^(?:video|clip)\s*[:：]", re.IGNORECASE)
_BARE_CREDIT = re.compile(r"^[(\[]?\s*(?:Ảnh|ẢNH|ảnh)\s*(?:[:：]|tư liệu|minh họa|BTC|CTV)")


@dataclass(slots=True)
class Picture:
    """A picture found so far and the caption line it has; a caption without a picture has no source."""

    block: Block
    line: str = ""


def collect(blocks: Sequence[Block], places: Sequence[int]) -> tuple[list[Picture], frozenset[int]]:
    """Return the pictures among the blocks at `places` with their captions, and the places these take."""
    lines = [blocks[i] for i in places]
    found: list[Picture] = []
    taken = []
    for n, (place, block) in enumerate(zip(places, lines, strict=True)):
        if block.src:
            found.append(Picture(block))
        elif block.caption and block.linked > _TEASING and found and _follows(lines, n, found[-1]):
            found.pop()  # a picture and a linked headline: another article
        elif block.caption and _FILM.match(block.text):
            pass  # what is said of a film is said of no picture
        elif _is_caption(lines, n, found):
            if not found or not (block.caption or _follows(lines, n, found[-1])):
                found.append(Picture(block))
            _put_caption(found[-1], block)
        else:
            continue
        taken.append(place)
    return found, frozenset(taken)


def _is_caption(lines: Sequence[Block], n: int, pictures: list[Picture]) -> bool:
    """Tell whether line `n` of a text belongs to the picture above it, printed or not."""
    block = lines[n]
    if block.caption:
        return True
    if len(block.text) > _LONGEST_LINE or are_links(block.text):
        return False
    following = lines[n + 1].text if n + 1 < len(lines) else ""
    follows = bool(pictures) and _follows(lines, n, pictures[-1])
    if bylines.is_signed(block.text) or (_is_last(lines, n) and not follows):
        return False
    credited = bylines.has_credit(block.text) or bool(_BARE_CREDIT.match(following))
    if follows:
        return credited or _belongs(block, lines[n - 1], pictures[-1])
    return credited or (len(block.text) > 20 and _same(following, block.text)) or _stands_between(lines, n)


def _is_last(lines: Sequence[Block], n: int) -> bool:
    """Tell whether a line, or all but a photographer's name, is the last: "Ảnh: Đèo Hùng" below a text signs it."""
    return n == len(lines) - 1 or (n == len(lines) - 2 and bool(_BARE_CREDIT.match(lines[n + 1].text)))


def _same(one: str, other: str) -> bool:
    """Tell whether two lines say the same; compared in full only where their lengths are near."""
    return abs(len(one) - len(other)) < 5 and comparable(one) == comparable(other)


def _follows(lines: Sequence[Block], n: int, last: Picture) -> bool:
    """Tell whether the line above is the last picture, or its caption."""
    above = lines[n - 1] if n else None
    return above is last.block or (above is not None and last.line != "" and above.text in last.line)


def _belongs(block: Block, above: Block, last: Picture) -> bool:
    """Tell whether a line just below a picture is its caption: by its style, its end, its words."""
    repeated = _same(block.text, last.block.text) or _same(block.text, last.line)
    css = str(block.element.get("style"))
    styled = block.slanted or "center" in (css + block.element.name) or block.element.get("align") == "center"
    unfinished = not ENDS.search(block.text[-60:]) and not last.line
    return repeated or ((styled or unfinished) and above is last.block)


def _stands_between(lines: Sequence[Block], n: int) -> bool:
    """Tell whether a line between paragraphs has no full stop, is no subheading, and tells of a scene."""
    block, text = lines[n], lines[n].text
    if block.strong or n in {0, len(lines) - 1} or ENDS.search(text[-60:]) or text.endswith((",", "-")):
        return False
    if len(text) < 25 or not text[0].isupper() or not _SCENE.search(text):
        return False
    return _is_paragraph(lines[n + 1]) and (_is_paragraph(lines[n - 1]) or bool(lines[n - 1].src))


def _is_paragraph(block: Block) -> bool:
    return is_prose(block) and bool(ENDS.search(block.text[-60:]))


def _put_caption(last: Picture, block: Block) -> None:
    """Give a caption line to the picture it follows; a line printed twice counts once."""
    if len(last.line) < _LONGEST and comparable(block.text) not in comparable(last.line):
        last.line = f"{last.line} {block.text}".strip()


def _leads_off(block: Block, url: str) -> bool:
    """Tell whether a picture is a link to another site's page: an advertisement."""
    link = block.element.find_parent("a")
    target = urls.clean(str(link.get("href") or ""), url) if link else ""
    return bool(target) and urls.site(target) != urls.site(url) and not _PICTURE_FILE.search(target)


def images(pictures: list[Picture], url: str) -> tuple[Image, ...]:
    """Return the pictures of a text, each address once, caption and credit parted."""
    found: dict[str, Image] = {}
    for picture in pictures:
        if not picture.line and _leads_off(picture.block, url):
            continue
        source = urls.clean(picture.block.src, url) if picture.block.src else ""
        caption, credit = bylines.caption(picture.line or picture.block.text)
        if (source or caption) and (source or caption) not in found:
            found[source or caption] = Image(source, caption, credit)
    return tuple(found.values())
