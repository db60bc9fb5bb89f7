"""An edition as Telegram messages: blocks are packed, never cut.

The limits are those of Telegram's own parser (docs/telegram.md), with room left for later
corrections: 4096 characters, 100 entities, about 9,500 bytes of entities, 32,768 bytes of markup.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape, unescape

from monitor.digest import words
from monitor.models import Edition, Part, Review, Story
from monitor.provinces import current
from monitor.vietnamese import clean

_POINTS, _ENTITIES, _ENTITY_BYTES, _RAW_BYTES = 3700, 85, 8000, 30_000
_LONGEST_TITLE, _LONGEST_LINK = 250, 1500
_LATE = 5  # late stories in a message; the archive has them all
_MARKS = {words.NOTABLE: "⭐"}
_TAG = re.compile(r"<(/?)(\w+)(?:\s+href=\"([^\"]*)\")?>")


@dataclass(frozen=True, slots=True)
class Size:
    """What a piece of markup uses of Telegram's four budgets."""

    points: int = 0
    entities: int = 0
    entity_bytes: int = 0
    raw_bytes: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(
            self.points + other.points,
            self.entities + other.entities,
            self.entity_bytes + other.entity_bytes,
            self.raw_bytes + other.raw_bytes,
        )

    @property
    def fits(self) -> bool:
        """Whether one message holds so much."""
        return (
            self.points <= _POINTS
            and self.entities <= _ENTITIES
            and self.entity_bytes <= _ENTITY_BYTES
            and self.raw_bytes <= _RAW_BYTES
        )


def measure(html: str) -> Size:
    """Return what a message's markup uses, as Telegram counts it."""
    tags = [tag for tag in _TAG.finditer(html) if not tag[1]]
    return Size(
        points=len(unescape(_TAG.sub("", html))),
        entities=len(tags),
        entity_bytes=sum(16 + len(unescape(tag[3] or "").encode()) for tag in tags),
        raw_bytes=len(html.encode()),
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """What must stay together; `again` is the heading repeated when a new message begins here."""

    html: str
    again: str = ""


def render(edition: Edition) -> tuple[Part, ...]:
    """Return the messages of an edition in their order; the first line of each is its mark."""
    pages = _pack(_blocks(edition))
    return tuple(
        Part(number, len(pages), "\n".join([_head(edition, number, len(pages)), "", *page]).strip())
        for number, page in enumerate(pages, start=1)
    )


def _head(edition: Edition, number: int, of: int) -> str:
    """Return the first lines: name and date; every message of several says which it is."""
    title = f"<b>🗞 ĐIỂM BÁO {edition.date:%d/%m/%Y}</b>"
    if number > 1:
        return f"{title} · phần {number}/{of}"
    part = f" · phần 1/{of}" if of > 1 else ""
    return f"{title}{part}\n<b>{_text(edition.name)}</b>\n{words.weekday(edition.date)} · {words.overview(edition)}"


def _text(text: str, longest: int = _LONGEST_TITLE) -> str:
    """Return any text of the outside as text of a message: cleaned, cut, then escaped."""
    text = clean(text)
    return escape(text if len(text) <= longest else text[: longest - 1].rstrip() + "…", quote=False)


def _blocks(edition: Edition) -> list[_Block]:
    """Return the edition as blocks: a heading stays with its first story."""
    blocks = []
    for section in words.sections(edition):
        first, *others = (_story(story) for story in section.stories)
        title = f"<b>{_MARKS.get(section.heading, '📍')} {_text(section.heading)}</b>"
        if section.heading == words.NOTABLE:
            first, *others = (_story(story, where=True) for story in section.stories)
            blocks.append(_Block(f"{title}\n{first}"))
        else:
            province = current().get(section.heading)
            tag = f" #{province.hashtag}" if province else ""
            blocks.append(_Block(f"{title} · {len(section.stories)} tin{tag}\n{first}"))
        blocks += [_Block(other, again=f"{title} (tiếp)") for other in others]
    if edition.late:
        blocks.append(_Block(_late(edition.late)))
    blocks += [_Block(_review(review)) for review in edition.reviews]
    said = words.source_line(edition.sources)
    sources = f"📡 {_text(said, 900)}\n" if said else ""
    blocks.append(_Block(f"{sources}#DiemBao{edition.date:%d%m%Y}"))  # together: a tag alone is no message
    return blocks


def _linked(story: Story) -> str:
    """Return the headline as link where its address may be one."""
    origin = story.articles[0]
    title = _text(story.title)
    return (
        f'<a href="{escape(origin.url)}">{title}</a>' if origin.linked and len(origin.url) <= _LONGEST_LINK else title
    )


def _story(story: Story, *, where: bool = False) -> str:
    """Return one story: the headline as link, its line, who told it; with `where`, its provinces first."""
    summary = f"\n{_text(story.summary)}" if story.summary else ""
    place = f"{', '.join(story.provinces) or words.NATIONWIDE} · " if where else ""
    return f"▪️ {_linked(story)}{summary}\n<i>{_text(place + words.origin(story), 300)}</i>\n"


def _late(stories: tuple[Story, ...]) -> str:
    """Return the stories found late, a line each; of many, the newest and how many more there are."""
    lines = [f"<b>🕓 {words.LATE}</b> · {len(stories)} tin"]
    lines += [f"▫️ {_linked(one)} <i>({_text(words.late_origin(one), 200)})</i>" for one in stories[:_LATE]]
    if len(stories) > _LATE:
        lines.append(f"… và {len(stories) - _LATE} tin khác trong kho lưu trữ.")
    return "\n".join(lines) + "\n"


def _review(review: Review) -> str:
    """Return a look back: its sentences and what most papers carried."""
    lines = [f"<b>📊 {_text(words.review_title(review))}</b>", *map(_text, words.review_lines(review))]
    if review.republished:
        lines.append("Nhiều báo đăng nhất:")
    lines += [f"▫️ {_linked(story)} ({papers} báo)" for _, story, papers in review.republished[:3]]
    return "\n".join(lines) + "\n"


def _pack(blocks: Iterable[_Block]) -> list[list[str]]:
    """Fill messages in order; a block that no longer fits begins the next one."""
    pages: list[list[str]] = [[]]
    used = _HEAD
    for block in blocks:
        size = measure(block.html + "\n")
        if pages[-1] and not (used + size).fits:
            pages.append([])
            used = _HEAD
            if block.again:
                pages[-1].append(block.again)
                used += measure(block.again + "\n")
        pages[-1].append(block.html)
        used += size
    return pages


_HEAD = Size(points=420, entities=2, entity_bytes=32, raw_bytes=1800)  # name of at most 250 letters, date, counts
