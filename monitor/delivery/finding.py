"""Whether a message stands in its channel, from what several sources showed of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.delivery.mark import Mark, read
from monitor.models import Part, Post

TEST = "Thử kênh, tin này tự xoá."
"""The text of the message that is posted and deleted to learn how far a channel has come."""


@dataclass(frozen=True, slots=True)
class View:
    """What one source (`way`) showed of a channel: every post above some id up to `through` that stands.

    What it showed beyond `through`, or with `through` 0, is true, but there may be more.
    """

    way: str
    posts: tuple[Post, ...]
    through: int = 0


class Presence(StrEnum):
    """Whether a message stands in the channel."""

    FOUND = "found"
    ABSENT = "absent"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a message stands in the channel, and under which ids, the lowest first."""

    presence: Presence
    ids: tuple[int, ...] = ()


def place(mark: Mark | None, floor: int, views: Sequence[View], test: int | None = None) -> Finding:
    """Tell from `views` of the channel above the id `floor` whether the message with `mark` stands there.

    `test` is the id of a message posted there after any request for it could still be carried out: a source that
    shows everything up to that one proves that the message is absent, and so does an id next to the floor,
    because a channel's ids run in order.
    """
    ids = sorted({post.id for view in views for post in view.posts if mark and read(post.text) == mark})
    if ids:
        return Finding(Presence.FOUND, tuple(ids))
    if test is not None and floor and test == floor + 1:
        return Finding(Presence.ABSENT)
    if mark and test is not None and any(view.through >= test for view in views):
        return Finding(Presence.ABSENT)
    return Finding(Presence.UNCLEAR)


def already_there(parts: Iterable[Part], views: Sequence[View]) -> dict[int, int | None]:
    """Tell which parts (by number) of an edition that was never sent stand in the channel, and under which ids.

    A channel that shows another text of that day was told it as a whole, by a store that is no longer there:
    then every part counts as there, its id None where no part of that number is shown.
    """
    marks = {mark for part in parts if (mark := read(part.html))}
    days = {mark.day for mark in marks}
    shown = {mark: post.id for view in views for post in reversed(view.posts) if (mark := read(post.text))}
    of_the_day = {mark: number for mark, number in shown.items() if mark.day in days}
    by_number: dict[int, int | None] = {mark.number: number for mark, number in of_the_day.items()}
    if of_the_day.keys() <= marks:
        return by_number
    return {mark.number: by_number.get(mark.number) for mark in marks}


def left_over(views: Iterable[View]) -> tuple[int, ...]:
    """Return the ids of test messages that were not deleted."""
    return tuple(sorted({post.id for view in views for post in view.posts if post.text.strip() == TEST}))
