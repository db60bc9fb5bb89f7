"""What was read, what it has to do with the campaign, and with other articles."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Label(StrEnum):
    """What an article has to do with the campaign."""

    CAMPAIGN = "campaign"
    MENTIONS = "mentions"
    NOT = "not"


class Relation(StrEnum):
    """How an article came into its story: it began it, republishes another, or tells the event in its own words."""

    ORIGIN = "origin"
    COPY = "copy"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article; `credit` is the photographer or agency, without "Ảnh:"."""

    src: str
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What a careful reader takes from an article page.

    `published` and `modified` are in Vietnamese time (+07:00), whatever zone the page tells them in.
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
    """By what an article is found again, as 32-bit hashes.

    `shingles` are shared by copies, `clues` by reports of one event (none unless it tells one).
    """

    shingles: tuple[int, ...]
    clues: tuple[int, ...]


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
