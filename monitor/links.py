"""Menus, paths and related links that slipped into an article's text: the campaign stands in most of them."""

import re
from collections.abc import Iterator

_HEADS = (  # of lists of links; a colon or a dash behind one begins the list
    r"(?:mời (?:quý )?(?:bạn đọc|độc giả) (?:xem|đọc) thêm"
    r"|(?:các )?(?:tin|bài)(?: viết)? (?:liên quan|khác|mới(?: nhất)?|nổi bật|nên đọc)"
    r"|(?:(?:tin|bài)(?: viết)? )?(?:(?:đọc|xem) nhiều(?: nhất)?|cùng (?:chuyên mục|chủ đề))"
    r"|có thể bạn quan tâm|chuyên (?:mục|trang)(?: khác)?)"
)
_ENTRY = r"(?:(?! [-–/] )[^\d.,;:!?…\"”)])+"  # of a menu or a path: words, no figure or sentence
_LINKS = re.compile(
    r"(?:[|»›•·].*){2}| \| |\[[^\[\]]+\] ?\[[^\[\]]+\]|^#\w"
    rf"|^(?:{_ENTRY} / ){{2,}}{_ENTRY}$|^(?:{_ENTRY} [-–] ){{3,}}{_ENTRY}$"
    r"|^\W*(?:trang chủ|xem thêm|đọc thêm|tin liên quan|bài liên quan|chuyên mục khác|từ khóa|tags?)\b"
    rf"|^\W*{_HEADS} ?[:–-]|^\W*chuyên (?:mục|trang)\b[^.!?:]*$",
    re.IGNORECASE,
)
_LINKS_FOLLOW = re.compile(rf"^\W*(?:xem thêm|đọc thêm|{_HEADS})\W*$", re.IGNORECASE)


def are_links(line: str) -> bool:
    """Tell whether a line is a menu, a path or a list of links."""
    return bool(_LINKS.search(line))


def without_links(paragraphs: tuple[str, ...]) -> Iterator[str]:
    """Return each paragraph, or "" for one that is no text but a menu, a path or a list of links."""
    links = False
    for paragraph in paragraphs:
        links = links or bool(_LINKS_FOLLOW.match(paragraph))
        told = not are_links(paragraph) and not (links and paragraph[-1:].isalnum())
        yield paragraph if told else ""
