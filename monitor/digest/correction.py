"""A posted message as it should read since a paper corrected what was told: the correction stands below."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from html import escape

from monitor.digest.packing import FULL, measure
from monitor.digest.pieces import link, text
from monitor.models import Edition, Note, Part, Story

_LONGEST_LINE = 300


def corrected(edition: Edition, parts: Sequence[Part], notes: Iterable[Note], zone: tzinfo) -> dict[int, str]:
    """Return how the parts (by number) that tell a corrected story should read; `notes` are dated, oldest first.

    The last line of a part, its mark, stays the last. A correction that finds no room pushes out the oldest.
    """
    stories = {story.id: story for story in edition.told}
    lines: dict[int, list[str]] = {}
    texts = {part.number: part.html for part in parts if not part.photo}
    for note in notes:
        story = stories.get(note.story)
        if note.line and story and texts:
            lines.setdefault(_where(story, texts), []).append(_line(note, zone))
    return {number: _with(texts[number], said) for number, said in lines.items()}


def _where(story: Story, texts: dict[int, str]) -> int:
    """Return the number of the part that tells a story: the last that has its link or headline."""
    signs = [*(f'"{escape(one.url)}"' for one in story.articles), text(story.title)]
    return next((number for sign in signs for number in reversed(texts) if sign in texts[number]), max(texts))


def _line(note: Note, zone: tzinfo) -> str:
    """Return one correction: when it became known, which paper's, and what it says since."""
    title = link(note.url, text(note.title)) if note.linked else text(note.title)
    said = f": {text(note.line, _LONGEST_LINE)}" if note.line != note.title else ""
    return f"✏️ <b>Đính chính {note.at.astimezone(zone):%H:%M %d/%m}</b> ({text(note.source)}): {title}{said}"


def _with(html: str, lines: Sequence[str]) -> str:
    """Return a message with these lines before its last one; as it is when none finds room."""
    body, _, last = html.rpartition("\n")
    for first in range(len(lines)):
        longer = "\n".join([body, "", *lines[first:], last])
        if measure(longer).within(FULL):
            return longer
    return html
