"""What is told on one day, and what became known of it later."""

from dataclasses import dataclass
from datetime import date, datetime

from monitor.models.visits import State


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

    @property
    def papers(self) -> int:
        """How many papers told it."""
        return len({article.source for article in self.articles})


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

    @property
    def told(self) -> tuple[Story, ...]:
        """All its stories, those found late at the end."""
        return (*self.stories, *self.late)


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
class Part:
    """One Telegram message of an edition, frozen before anything is sent.

    `preview` is the address whose large preview stands above the text, "" for none; with `photo`
    the edition's picture goes with it, and `html` is its caption.
    """

    number: int
    of: int
    html: str
    preview: str = ""
    photo: bool = False
