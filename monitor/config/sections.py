"""sources.yaml as types: every key with its default, its limits and its meaning."""

from datetime import time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from monitor import models
from monitor.campaign import Vocabulary, vocabulary
from monitor.config.fields import Address, Clock, Duration, Number, Phrase, ProvinceName, Selector, Text, Zone, within
from monitor.vietnamese import comparable

_BUILT_IN = "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh"


class Section(BaseModel):
    """Keys with values; a key that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class CampaignSection(Section):
    """What to look for. Without this section: the built-in vocabulary."""

    name: Text = Field(
        _BUILT_IN,
        description="The campaign's name, as the digest's heading shows it.",
    )
    phrases: list[Phrase] = Field([], description="Further phrases that belong to the campaign.")
    excludes: list[Phrase] = Field(
        [],
        description="Phrases that only look like the campaign; what stands inside them does not count.",
    )
    documents: list[Number] = Field(
        [], description="Further document numbers that belong to the campaign, written in full."
    )
    threshold: float | None = Field(
        None, gt=0, le=100, description="The score from which an article is about the campaign."
    )
    replace: bool = Field(default=False, description="Use only the words given here, not the built-in vocabulary.")
    mentions: bool = Field(
        default=False, description="Tell in the digest also what only mentions the campaign, not keep it for review."
    )

    @field_validator("excludes")
    @classmethod
    def _are_other_phrases(cls, value: list[str], others: ValidationInfo) -> list[str]:
        both = {comparable(one) for one in value} & {comparable(one) for one in others.data.get("phrases", ())}
        if both:
            raise ValueError(f"stands under phrases too: {', '.join(sorted(both))}; an excluded phrase never counts")
        return value

    @field_validator("replace")
    @classmethod
    def _has_words_of_its_own(cls, value: bool, others: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic calls it
        given = others.data
        if value and not (given.get("phrases", True) or given.get("documents", True)):
            raise ValueError("true leaves nothing to look for; give phrases or documents")
        return value

    @property
    def heading(self) -> str:
        """Return what the digest is headed with: the name, or another campaign's first phrase."""
        own = self.replace and self.name == _BUILT_IN and self.phrases
        return self.phrases[0].capitalize() if own else self.name


class DigestSection(Section):
    """When the daily digest closes, and what it takes in."""

    at: Clock = Field(time(18), description="The local time at which a day's edition closes and is posted.")
    timezone: Zone = Field(ZoneInfo("Asia/Ho_Chi_Minh"), description="The zone of `at` and of the edition's date.")
    max_age: Duration = Field(
        timedelta(days=3),
        description="Articles published longer ago are told apart, as late; a new source's old ones not at all.",
    )
    catch_up: Duration = Field(
        timedelta(hours=24), description="How long after its time a missed edition is still made."
    )
    empty: Literal["post", "skip"] = Field(
        "post", description="Whether an edition without any story is posted; it is archived in any case."
    )
    weekly: bool = Field(default=True, description="Look back on the week in Sunday's edition.")
    monthly: bool = Field(default=True, description="Look back on the month in the edition of its last day.")
    in_doubt: Literal["wait", "repost"] = Field(
        "wait",
        description="What becomes of a message when nobody can tell whether it was posted and nobody answers.",
    )
    in_doubt_after: Duration = Field(timedelta(hours=6), description="After how long `in_doubt: repost` takes effect.")
    archive_url: Address | None = Field(
        None, description="Where the archive's folder can be read on the web; feeds and sitemap need it."
    )
    picture: Literal["preview", "cover", "none"] | None = Field(
        None,
        description="Where the picture of the day stands in Telegram: as preview of the archive's page above the"
        " text, or as a message of its own before it. Default: preview with archive_url, else cover.",
    )

    @field_validator("picture")
    @classmethod
    def _has_a_page(cls, value: str | None, others: ValidationInfo) -> str | None:
        if value == "preview" and "archive_url" in others.data and not others.data["archive_url"]:
            raise ValueError("preview shows the archive's page; give archive_url, or write cover")
        return value


class SummarySection(Section):
    """A language model that may rewrite story lines; without it lines are quoted from the articles."""

    url: Address = Field(description="An OpenAI-compatible endpoint, up to and with /v1.")
    model: Text = Field(description="The model's name there.")
    timeout: Annotated[Duration, within("0.1s", "5m")] = Field(
        timedelta(seconds=20), description="How long one line may take."
    )
    total: Annotated[Duration, within("0.1s", "1h")] = Field(
        timedelta(minutes=3), description="How long all lines of a day may take."
    )


class FetchSection(Section):
    """How the web is visited."""

    pause: Duration = Field(
        timedelta(seconds=5), description="The pause between two requests to one host, or one machine."
    )
    timeout: Duration = Field(timedelta(seconds=30), description="How long one answer may take in all.")
    largest: int = Field(5_000_000, gt=1000, le=50_000_000, description="The largest answer that is read, in bytes.")
    contact: Text | None = Field(
        None,
        description="An address or e-mail by which site owners reach you; sent with each request.",
    )


class ForgetSection(Section):
    """After what time texts are let go that nothing needs any more; a link once followed is never forgotten."""

    rejected: Annotated[Duration, within("30d")] | None = Field(
        None,
        description="How long texts of articles that were read and rejected are kept; without it for ever.",
    )
    rounds: Annotated[Duration, within("30d")] | None = Field(
        None,
        description="How long the account of each visit is kept, from which an old edition is made again; without it"
        " for ever.",
    )
    revisions: Annotated[Duration, within("30d")] | None = Field(
        None,
        description="How long earlier texts of articles that no edition told are kept; without it for ever.",
    )


class StoreSection(Section):
    """How what is remembered is kept safe, and for how long."""

    backup: Duration = Field(timedelta(days=1), description="How often the service copies the database; 0s: never.")
    folder: Text | None = Field(None, description="Where the copies lie; default: backups beside the database.")
    keep: int = Field(7, ge=1, le=1000, description="How many copies are kept, the newest ones.")
    weekly: int = Field(4, ge=0, le=520, description="Of how many weeks before those one copy each is kept too.")
    forget: ForgetSection = Field(ForgetSection(), description="What may be forgotten.")


class MetricsSection(Section):
    """Where a running service answers /metrics and /health."""

    port: int = Field(ge=0, le=65535, description="The port; 0 takes any free one, which the log names.")
    host: Text = Field("127.0.0.1", description="The address; by default nobody else can ask.")


class SelectSection(Section):
    """CSS selectors for a site that the common reader does not read well."""

    links: Selector | None = Field(None, description="The links to articles on the listing page.")
    title: Selector | None = Field(None, description="The headline.")
    lead: Selector | None = Field(None, description="The lead (sapo).")
    body: Selector | None = Field(None, description="The element that holds the text.")
    date: Selector | None = Field(None, description="The date line.")
    authors: Selector | None = Field(None, description="The byline.")


class SourceSection(Section):
    """One news site, or one section of it."""

    name: Text = Field(description="The name that readers see; each source has its own.")
    url: Address = Field(description="A feed, a sitemap or a listing page: which one is found out by itself.")
    province: ProvinceName | None = Field(
        None, description="The province it belongs to; left out for a national source."
    )
    every: Annotated[Duration, within("1m", "7d")] | None = Field(
        None,
        description="How often it is visited; left out, it adapts to how fast the source changes.",
    )
    aliases: list[Text] = Field([], description="Earlier names; what is stored under them becomes this source's.")
    select: SelectSection | None = Field(None, description="CSS selectors, only where the common reader fails.")
    tls_verify: bool = Field(
        default=True, description="Whether its certificate is checked; without that anybody on the way may forge it."
    )
    robots: Literal["obey", "ignore"] = Field(
        "obey", description="Whether its robots.txt is followed; ignore it only with its owner's leave."
    )
    note: Text | None = Field(None, description="A remark for yourself; `monitor sources list` shows it.")


class Config(Section):
    """sources.yaml, the operator's one file."""

    campaign: CampaignSection = Field(default_factory=CampaignSection, description="What to look for.")
    digest: DigestSection = Field(DigestSection(), description="The daily digest.")
    summary: SummarySection | None = Field(None, description="A language model for story lines.")
    fetch: FetchSection = Field(FetchSection(), description="How sites are visited.")
    metrics: MetricsSection | None = Field(None, description="Figures for Prometheus, and /health.")
    store: StoreSection = Field(StoreSection(), description="How what is remembered is kept.")
    sources: list[SourceSection] = Field(min_length=1, description="The sites to watch.")

    def source_list(self) -> tuple[models.Source, ...]:
        """Return the sources as the line knows them."""
        return tuple(
            models.Source(
                name=entry.name,
                url=entry.url,
                province=entry.province,
                every=entry.every,
                select=models.Select(**entry.select.model_dump()) if entry.select else models.Select(),
                note=entry.note or "",
                tls_verify=entry.tls_verify,
                robots=entry.robots == "obey",
                aliases=tuple(entry.aliases),
            )
            for entry in self.sources
        )

    def words(self) -> Vocabulary:
        """Return the words by which articles are judged."""
        own = self.campaign
        return vocabulary(
            tuple(own.phrases),
            tuple(own.excludes),
            tuple(own.documents),
            own.threshold,
            replaced=own.replace,
        )


def schema() -> dict[str, Any]:
    """Return the JSON Schema of sources.yaml, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Config.model_json_schema()}
