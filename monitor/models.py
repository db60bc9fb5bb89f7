"""The nouns that travel along the line, each frozen; times are aware, in UTC unless said."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

VIETNAM = timezone(timedelta(hours=7))
"""Vietnam's one time zone; it has no summer time."""


class Kind(StrEnum):
    """What a source's address turned out to be."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"


class Label(StrEnum):
    """What an article has to do with the campaign."""

    CAMPAIGN = "campaign"
    MENTIONS = "mentions"
    NOT = "not"


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
    """One entry of sources.yaml; `province` is a current name, None for a national source."""

    name: str
    url: str
    province: str | None = None
    every: timedelta = timedelta(minutes=30)
    select: Select = field(default_factory=Select)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that may hold an article, with what the listing said about it."""

    url: str
    title: str = ""
    published: datetime | None = None
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source's address held: article links, newest first where dates are known.

    `sitemaps` are further sitemaps an index points to, newest first; `older` is the address at
    which older articles are listed: the next page of a feed or listing, "" when there is none.
    """

    kind: Kind
    links: tuple[Link, ...]
    sitemaps: tuple[Link, ...] = ()
    older: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the web: the bytes as sent (decompressed), and where they came from at last."""

    url: str
    content: bytes
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article; `credit` is the photographer or agency, without "Ảnh:"."""

    src: str
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What a careful reader takes from an article page.

    `published` and `modified` carry the page's own offset (+07:00 where it says none).
    `provinces` are names as the text has them; `documents` one spelling each ("05-CT/TW"). `gap`
    says why there is no text where a page gives only title and lead.
    """

    url: str
    title: str
    lead: str = ""
    body: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    section: str = ""
    agency: str = ""
    place: str = ""
    provinces: tuple[str, ...] = ()
    provinces_now: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    documents: tuple[str, ...] = ()
    gap: str = ""

    @property
    def text(self) -> str:
        """Title, lead and body as one text, a paragraph a line."""
        return "\n".join((self.title, self.lead, *self.body))


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence for a label: which words of the text, where, and what they weigh.

    Weight 0: seen, but shows nothing here.
    """

    phrase: str
    where: str
    weight: float

    def __str__(self) -> str:
        return f"{self.where}: “{self.phrase}” {self.weight:+g}"


@dataclass(frozen=True, slots=True)
class Match:
    """The decision about one article and why."""

    label: Label
    score: float
    reasons: tuple[Reason, ...] = ()


class Relation(StrEnum):
    """How an article came into its story: it began it, republishes another, or tells the event in its own words."""

    ORIGIN = "origin"
    COPY = "copy"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Report:
    """A stored article as the digest, the search and the export see it.

    `story` is the number of its story; `copy_of` the address of the article it republishes;
    `because` says in Vietnamese why it stands in its story, "" for an origin. `edition` is the
    local date of the edition that told its story.
    """

    id: int
    story: int
    source: str
    source_province: str | None
    article: Article
    match: Match
    seen_at: datetime
    copy_of: str = ""
    relation: Relation = Relation.ORIGIN
    because: str = ""
    edition: date | None = None

    @property
    def dated(self) -> datetime:
        """When it was published, or first seen where the page does not say."""
        return self.article.published or self.seen_at


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """By what an article is found again: `text` names its very letters, the others are 32-bit hashes.

    `shingles` are shared by copies, `clues` by reports of one event (none unless it tells one).
    """

    text: str
    shingles: tuple[int, ...] = ()
    clues: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article (id; 0: the new one) belongs: its story, the article it republishes, and why.

    A negative story is to be founded; articles with the same number share it.
    """

    article: int
    story: int
    relation: Relation = Relation.ORIGIN
    copy_of: int | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """A change of a stored article's text, found at `replaced_at`; what it says changed is in `wording`."""

    article_id: int
    replaced_at: datetime
    before: Article
    after: Article


@dataclass(frozen=True, slots=True)
class Telling:
    """One report as an edition lists it under its story; `copy` when it republishes another.

    `linked`: its host is one that sources.yaml names, or that such a host was seen to lead to.
    """

    url: str
    source: str
    title: str
    published: datetime | None
    copy: bool = False
    agency: str = ""
    linked: bool = True


@dataclass(frozen=True, slots=True)
class Story:
    """One event as the digest tells it; the first article is its origin.

    `provinces` are current names, the first one is where it is told; none: it concerns the whole country.
    """

    id: int
    title: str
    summary: str
    provinces: tuple[str, ...]
    articles: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class SourceDay:
    """How a source stood over the time of one edition."""

    source: str
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A week or month looked back on, from the editions of its days; both days are included.

    `provinces` are (name, stories), most first; `weeks` (first day, stories); `republished` are
    (edition's date, story as told, papers). `returned` had nothing in the span before, `silent`
    nothing in this one.
    """

    kind: str
    first: date
    last: date
    stories: int
    before: int
    papers: int
    provinces: tuple[tuple[str, int], ...] = ()
    weeks: tuple[tuple[date, int], ...] = ()
    republished: tuple[tuple[date, Story, int], ...] = ()
    returned: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """One day's digest, composed; `date` is the local date whose closing hour it was made for.

    The first `notable` of the stories are the day's most notable; `late` are those found long
    after they were published; `reviews` look back where a week or month ends.
    """

    date: date
    name: str
    stories: tuple[Story, ...]
    sources: tuple[SourceDay, ...]
    notable: int = 0
    late: tuple[Story, ...] = ()
    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """Which article an edition took up, and what was known of its place among others then."""

    id: int
    story: int
    copy_of: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """What an edition was composed of besides the articles' texts: enough to compose it again.

    Rounds after `since` and until `until` gave the states of `sources`; `lines` are story lines
    that a language model rewrote, by story; `made_by` is the program's version.
    """

    made_by: str
    name: str
    placed: tuple[Placed, ...]
    since: datetime
    until: datetime
    sources: tuple[str, ...]
    hosts: tuple[str, ...]
    reviews: tuple[str, ...] = ()
    lines: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What became known of a told story after its edition was archived; `at` is when.

    With `line`, its paper changed the text, which now says so; else another paper told it later.
    """

    story: int
    at: datetime
    source: str
    url: str
    title: str
    copy: bool = False
    linked: bool = True
    line: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """One told story as lists of the archive show it: where it stands and what it is called."""

    date: date
    story: int
    title: str
    papers: int


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a source between two rounds.

    The validators belong to the last listing whose links were all stored.
    """

    kind: Kind | None = None
    etag: str = ""
    last_modified: str = ""
    listing_hash: str = ""
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """What one visit to one source gave; `messages` are its faults, a line each."""

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
    stories: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """One Telegram message of an edition, frozen before anything is sent."""

    number: int
    of: int
    html: str


Progress = Callable[[str, str], None]
"""Told as work goes on: the source's name and what happens there."""
