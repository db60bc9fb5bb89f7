"""An edition as Telegram messages: every story told, none cut, in as few messages as the detail allows.

Two layouts show the day's picture: as the large preview of the archive's page above the text, so
that all is one message; or as a cover, the picture with the top stories as its caption, followed
by silent messages of text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from monitor.digest import pieces, words
from monitor.digest.frame import page_of
from monitor.digest.packing import Block, measure, pack
from monitor.digest.pieces import text
from monitor.digest.reviews import by_province
from monitor.models import Edition, Part, Story
from monitor.provinces import current

_MARKS = {words.NOTABLE: "⭐"}
_MANY = 99  # parts of an edition at most, when room is kept for their numbers
_MESSAGES = 3  # in so many every story keeps its line; in one where the archive's page has the lines
_TOP = 3  # stories on a cover
_COVER_TITLE, _COVER_NAME, _COVER_PLACES = 160, 150, 6  # so that a caption stays below 1024 characters


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the day's picture stands, and the archive's public address ("" or ending in "/").

    A "preview" needs that address: without it there is no picture.
    """

    picture: Literal["preview", "cover", "none"] = "none"
    archive: str = ""


def render(edition: Edition, layout: Layout | None = None) -> tuple[Part, ...]:
    """Return the messages of an edition in their order; the first line of each is its mark.

    An edition of no more stories than a cover names has none: it would say everything twice.
    """
    layout = layout or Layout()
    page = f"{layout.archive}{page_of(edition.date)}" if layout.archive else ""
    cover = layout.picture == "cover" and len(edition.stories) > _TOP
    texts = _texts(edition, page, after_cover=cover)
    of = len(texts) + cover
    parts = [Part(1, of, _cover(edition, page, of), photo=True)] if cover else []
    for body in texts:
        number = len(parts) + 1
        head = _head(edition, number, of)
        preview = page if number == 1 and layout.picture == "preview" else ""
        parts.append(Part(number, of, f"{head}\n\n{body}".strip(), preview))
    return tuple(parts)


def _head(edition: Edition, number: int, of: int) -> str:
    """Return the first lines: name and date, which message it is of several; on the first also what it holds."""
    title = f"<b>🗞 ĐIỂM BÁO {edition.date:%d/%m/%Y}</b>" + (f" · phần {number}/{of}" if of > 1 else "")
    if number > 1:
        return title
    return f"{title}\n{words.weekday(edition.date)} · {words.overview(edition)}\n<i>{text(edition.name)}</i>"


def _texts(edition: Edition, page: str, *, after_cover: bool) -> list[str]:
    """Return the bodies of the text messages, with as many stories' lines as the fewest messages hold."""
    later = measure(_head(edition, _MANY, _MANY) + "\n\n")
    first = later if after_cover else measure(_head(edition, 1, _MANY) + "\n\n")
    packed: list[str] = []
    for with_line in _degrees(edition):
        packed = pack(_blocks(edition, page, with_line), first, later)
        if len(packed) <= (1 if page else _MESSAGES):
            break
    return packed


def _degrees(edition: Edition) -> Iterator[frozenset[int]]:
    """Return which stories (ids) keep their line: all; the notable and each heading's first; the notable."""
    notable = frozenset(story.id for story in edition.stories[: edition.notable])
    yield frozenset(story.id for story in edition.stories)
    yield notable | {section.stories[0].id for section in words.sections(edition)}
    yield notable


def _blocks(edition: Edition, page: str, with_line: frozenset[int]) -> Iterator[Block]:
    """Return the edition as blocks."""
    for section in words.sections(edition):
        yield from _section(section, page, with_line)
    if edition.late:
        yield Block(pieces.late(edition.late))
    for review in edition.reviews:
        yield Block(pieces.look_back(review))
    yield Block(_closing(edition, page))


def _section(section: words.Section, page: str, with_line: frozenset[int]) -> Iterator[Block]:
    """Return the stories under one heading, which stays with the first of them."""
    notable = section.heading == words.NOTABLE
    title = f"<b>{_MARKS.get(section.heading, '📍')} {text(section.heading)}</b>"
    province = current().get(section.heading)
    tag = f" #{province.hashtag}" if province else ""
    heading = title if notable else f"{title} · {len(section.stories)} tin{tag}"
    told = [_story(story, page, with_line, where=notable) for story in section.stories]
    told[-1] = told[-1].rstrip("\n") + "\n"  # an empty line before the next heading
    yield Block(f"{heading}\n{told[0]}")
    for story in told[1:]:
        yield Block(story, again=f"{title} (tiếp)")


def _story(story: Story, page: str, with_line: frozenset[int], *, where: bool) -> str:
    full = story.id in with_line
    return pieces.full(story, where=where) if full else pieces.brief(story, page, where=where)


def _closing(edition: Edition, page: str) -> str:
    """Return the last lines, together: a tag alone is no message."""
    said = words.source_line(edition.sources)
    lines = [f"📡 {text(said, 900)}"] if said else []
    return "\n".join([*lines, *_archived(edition, page), f"#DiemBao{edition.date:%d%m%Y}"])


def _archived(edition: Edition, page: str) -> list[str]:
    """Return the line that leads to the archive's page, if it can be read on the web."""
    told = len(edition.stories) + len(edition.late)
    return ["🗂 " + pieces.link(page, f"Xem đủ {told} tin và bản đồ" if told else "Xem trang lưu trữ")] if page else []


def _cover(edition: Edition, page: str, of: int) -> str:
    """Return the picture's caption: date and counts, the top stories, where most came from."""
    rest = sorted(edition.stories[edition.notable :], key=lambda story: -len(story.articles))
    top = (*edition.stories[: edition.notable], *rest)[:_TOP]
    counted = sorted(((count, name) for name, count in by_province([edition]).items() if name), key=lambda c: -c[0])
    places = [f"{name} {count}" for count, name in counted[:_COVER_PLACES]]
    more = len(counted) - len(places)
    where = " · ".join(places) + (f" và {more} nơi khác" if more else "")
    title, counts, _ = _head(edition, 1, of).split("\n")
    return "\n".join(
        [title, counts, f"<i>{text(edition.name, _COVER_NAME)}</i>", "",
         *(f"{n}. {pieces.headline(story, _COVER_TITLE)}" for n, story in enumerate(top, start=1)), "",
         *([f"📍 {text(where)}"] if where else []), *_archived(edition, page), f"#DiemBao{edition.date:%d%m%Y}"]
    )  # fmt: skip
