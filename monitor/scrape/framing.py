"""Which pictures of a page belong to its article, and what frames a picture with its caption."""

import re
from collections.abc import Iterator
from itertools import islice, takewhile

from bs4 import Tag
from bs4.element import NavigableString

_CAPTION_TAGS = frozenset(("figure", "figcaption"))
_CAPTION_CLASS = re.compile(r"caption|chu-?thich|(?:photo|image|img|pic|slide|fig)[-_]?(?:note|desc)", re.IGNORECASE)
_FRAMES = {"table": 320, "div": 160, "section": 160}  # letters in an element that is the frame of a picture
_LARGEST_FRAME = max(_FRAMES.values())
_DEEP = 6  # elements between a picture and its frame
PICTURES = ("img", "amp-img")
_FILMED = ("iframe", "video", "amp-video", "amp-youtube", "object", "embed")
# who wrote it, whose site it is: no pictures of what is told
_OF_THE_SITE = re.compile(
    r"(?:^|[/_.\s-])(?:avatar|avt|gravatar|logo|icon|emoji|smiley)s?(?=[/_.\s-]|\d*$)", re.IGNORECASE
)


def words_of(element: Tag) -> str:
    """Return an element's classes and id: what its author called it."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def is_called_caption(element: Tag, words: str) -> bool:
    """Tell whether an element's name says that its text explains a picture; a figure may hold a table."""
    if element.name == "figure" and not element.find((*PICTURES, *_FILMED)):
        return False
    return element.name in _CAPTION_TAGS or bool(_CAPTION_CLASS.search(words))


def is_of_the_site(picture: Tag) -> bool:
    """Tell whether a picture shows an author or a logo, by its address and by what it is called."""
    around = (words_of(one) for one in (picture, *islice(picture.parents, 1)))
    return any(_OF_THE_SITE.search(said) for said in (source_of(picture), *around))


def source_of(picture: Tag) -> str:
    """Return a picture's address; one that is loaded late stands in another attribute."""
    return next((str(picture[n]) for n in ("data-src", "data-original", "src") if picture.get(n)), "")


def frames_of(root: Tag) -> Iterator[int]:
    """Return the identities of the elements that frame one picture with a caption below: a table, a division."""
    outer = root.find_all(recursive=False)
    whole = outer[0] if len(outer) == 1 else root  # the text itself may be short, and begin with a picture
    for picture in root.find_all(PICTURES):
        if is_of_the_site(picture):
            continue
        for element in takewhile(lambda parent: parent is not whole, islice(picture.parents, _DEEP)):
            if len(element.get_text(strip=True)) >= _FRAMES.get(element.name, _LARGEST_FRAME):
                break
            if element.name in _FRAMES and _begins_with(element, picture) and not _is_beside(element, picture):
                yield id(element)


def _is_beside(frame: Tag, picture: Tag) -> bool:
    """Tell whether the text in a frame is a whole sentence in the cell next to the picture's: a lead, no caption."""
    cell, said = picture.find_parent("td"), frame.get_text(strip=True)
    row = cell.find_parent("tr") if cell and not cell.get_text(strip=True) else None
    return row is not None and row.get_text(strip=True) == said and said.endswith(".")


def _begins_with(element: Tag, picture: Tag) -> bool:
    """Tell whether the picture is an element's only one and no text stands before it."""
    before = takewhile(lambda piece: piece is not picture, element.descendants)
    return len(element.find_all(PICTURES, limit=2)) == 1 and not any(
        isinstance(piece, NavigableString) and piece.strip() for piece in before
    )
