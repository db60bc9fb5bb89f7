"""An edition as Telegram messages: blocks are packed, never cut.

The limits are those of Telegram's own parser (docs/telegram.md), with room left for later
corrections: 4096 characters, 100 entities, about 9,500 bytes of entities, 32,768 bytes of markup.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape, unescape
from itertools import groupby

from monitor.digest import words
from monitor.models import Edition, Part, Story
from monitor.provinces import current
from monitor.vietnamese import clean

_POINTS, _ENTITIES, _ENTITY_BYTES, _RAW_BYTES = 3700, 85, 8000, 30_000
_LONGEST_TITLE, _LONGEST_LINK = 250, 1500
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
    for heading, grouped in groupby(edition.stories, key=words.heading):
        stories = list(grouped)
        province = current().get(heading)
        tag = f" #{province.hashtag}" if province else ""
        title = f"<b>📍 {_text(heading)}</b>"
        first, *others = (_story(story) for story in stories)
        blocks.append(_Block(f"{title} · {len(stories)} tin{tag}\n{first}"))
        blocks += [_Block(other, again=f"{title} (tiếp)") for other in others]
    if said := words.source_line(edition.sources):
        blocks.append(_Block(f"📡 {_text(said, 900)}"))
    blocks.append(_Block(f"#DiemBao{edition.date:%d%m%Y}"))
    return blocks


def _story(story: Story) -> str:
    """Return one story: the headline as link, its line, who told it."""
    url = story.articles[0].url
    title = _text(story.title)
    linked = f'<a href="{escape(url)}">{title}</a>' if len(url) <= _LONGEST_LINK else title
    summary = f"\n{_text(story.summary)}" if story.summary else ""
    return f"▪️ {linked}{summary}\n<i>{_text(words.origin(story), 300)}</i>\n"


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
