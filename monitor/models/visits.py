"""What is watched, what a visit brings, and how it went."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a source's address turned out to be."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"


class State(StrEnum):
    """How a source stands after a round, or over a day: one of four, never nothing."""

    ON_TOPIC = "on_topic"
    OFF_TOPIC = "off_topic"
    SILENT = "silent"
    UNREADABLE = "unreadable"


class Outcome(StrEnum):
    """What became of a link that was followed; every link has one, for ever.

    `pending` and `retry` are still to be fetched; all others are final.
    """

    PENDING = "pending"
    RETRY = "retry"
    KEPT = "kept"
    REJECTED = "rejected"
    SAME = "same"
    NOT_ARTICLE = "not_article"
    GONE = "gone"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Select:
    """The operator's CSS selectors for one source; each wins over the common reader."""

    links: str | None = None
    title: str | None = None
    lead: str | None = None
    body: str | None = None
    date: str | None = None
    authors: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of sources.yaml; `province` is a current name, None for a national source.

    Without `tls_verify` its host's certificate is not checked, without `robots` its robots.txt
    is not asked.
    `every` is the operator's own interval, None when it adapts; `aliases` are earlier names.
    """

    name: str
    url: str
    province: str | None = None
    every: timedelta | None = None
    select: Select = field(default_factory=Select)
    note: str = ""
    tls_verify: bool = True
    robots: bool = True
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An address that may hold an article, with what the listing said about it."""

    url: str
    title: str = ""
    published: datetime | None = None
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a site asks of those who read a listing: a `pause` between two visits, and hours in which not to come.

    `quiet` holds hours of the week in UTC; 0 is the first one of Monday, 167 the last one of Sunday.
    """

    pause: timedelta = timedelta()
    quiet: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source's address held: article links, newest first where dates are known.

    `sitemaps` are further sitemaps an index points to, newest first; `older` is the address at
    which older articles are listed: the next page of a feed or listing, "" when there is none.
    `misdated` when dates stand in it of which none can be true.
    """

    kind: Kind
    links: tuple[Link, ...]
    sitemaps: tuple[Link, ...] = ()
    older: str = ""
    misdated: bool = False
    wishes: Wishes = Wishes()


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the web: the bytes as sent (decompressed), and where they came from at last.

    `fresh_for` is how many seconds its server lets it be kept (Cache-Control), 0 when it does not say.
    """

    url: str
    content: bytes
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    fresh_for: int = 0


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a source between two rounds.

    The validators belong to the last listing whose links were all stored, `items` are the hashes
    of its links; `interval` is the source's adapted one; `good_at` is when it was last read.
    `pages` are masks of what its last pages gave, newest last; `landed` is the other host to which
    its address leads. `behind` is since when it may have printed what was never seen, None when
    nothing is to be made up for; `gap_at` is when that was last noticed, `first_seen` since when
    the source is watched, `unfilled_at` when it last was read back in vain. `quiet` are the hours
    of the week in which it asks not to be visited, as in Wishes.
    """

    kind: Kind | None = None
    etag: str = ""
    last_modified: str = ""
    listing_hash: str = ""
    failures: int = 0
    items: frozenset[int] = frozenset()
    interval: timedelta | None = None
    pages: tuple[int, ...] = ()
    landed: str = ""
    misdated: bool = False
    good_at: datetime | None = field(default=None, compare=False)
    behind: datetime | None = None
    gap_at: datetime | None = field(default=None, compare=False)
    first_seen: datetime | None = field(default=None, compare=False)
    unfilled_at: datetime | None = field(default=None, compare=False)
    quiet: frozenset[int] = frozenset()

    @property
    def afresh(self) -> "Memory":
        """The same without what lets a site answer that nothing has changed."""
        return replace(self, etag="", last_modified="", listing_hash="")


@dataclass(frozen=True, slots=True)
class Specimen:
    """A page kept for comparison: the last good one of a source, or the first bad one after it."""

    page: Page
    good: bool
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class TooHard:
    """A page at which its reader had to be stopped: why, when its link was found, how often it was tried."""

    url: str
    because: str
    found_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Health:
    """How a source fares: the state and reason of its last round, the times and figures that matter.

    `volume` is how many new links its days brought, as (UTC date, number), days without any left
    out; `articles` counts those about the campaign; `stuck` pages could not be read and are tried
    again, `stuck_because` of one fault of theirs; `too_hard` is the last of those that their reader
    had to be stopped at, also when it is not tried any more. `possible_gaps` counts listings that shared nothing
    with the visit before, `unfilled_gaps` those of them for which nothing that the site shows makes
    up; `unfilled` is the beginning and end of the last one, `behind` since when one is being filled.
    """

    source: str
    kind: Kind | None
    state: State | None
    reason: str
    failures: int
    last_poll_at: datetime | None
    last_good_at: datetime | None
    next_poll_at: datetime
    articles: int
    waiting: int
    paused_at: datetime | None = None
    interval: timedelta | None = None
    possible_gaps: int = 0
    gap_at: datetime | None = None
    behind: datetime | None = None
    unfilled_gaps: int = 0
    unfilled: tuple[datetime, datetime] | None = None
    pages: tuple[int, ...] = ()
    landed: str = ""
    misdated: bool = False
    volume: tuple[tuple[date, int], ...] = ()
    stuck: int = 0
    stuck_because: str = ""
    too_hard: TooHard | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """What one visit to one source gave; `messages` are its faults, a line each.

    `gap` is true when its listing shared nothing with that of the visit before; `unfilled` is the
    time since when articles may be missing for good, because nothing that the site shows reaches
    back so far.
    """

    source: str
    state: State
    reason: str = ""
    links: int = 0
    new: int = 0
    kept: int = 0
    copies: int = 0
    revised: int = 0
    messages: tuple[str, ...] = ()
    seconds: float = 0.0
    gap: bool = False
    unfilled: datetime | None = None
    stories: frozenset[int] = frozenset()


Progress = Callable[[str, str], None]
"""Told as work goes on: the source's name and what happens there."""
