"""The nouns that travel along the line, each frozen; times are aware, in UTC unless said."""

from datetime import timedelta, timezone

from monitor.models.articles import (
    Article,
    Fingerprint,
    Image,
    Label,
    Match,
    Placement,
    Reason,
    Relation,
    Report,
)
from monitor.models.beats import Beat
from monitor.models.chats import Alert, Answer, Choice, Copies, Menu, Post, Question, Reply, Standing
from monitor.models.editions import Basis, Edition, Headline, Note, Part, Placed, Review, SourceDay, Story, Telling
from monitor.models.visits import (
    Health,
    Kind,
    Link,
    Listing,
    Memory,
    Outcome,
    Page,
    Progress,
    Round,
    Select,
    Source,
    Specimen,
    State,
    TooHard,
    Wishes,
)

VIETNAM = timezone(timedelta(hours=7))
"""Vietnam's one time zone; it has no summer time."""

__all__ = [
    "VIETNAM",
    "Alert",
    "Answer",
    "Article",
    "Basis",
    "Beat",
    "Choice",
    "Copies",
    "Edition",
    "Fingerprint",
    "Headline",
    "Health",
    "Image",
    "Kind",
    "Label",
    "Link",
    "Listing",
    "Match",
    "Memory",
    "Menu",
    "Note",
    "Outcome",
    "Page",
    "Part",
    "Placed",
    "Placement",
    "Post",
    "Progress",
    "Question",
    "Reason",
    "Relation",
    "Reply",
    "Report",
    "Review",
    "Round",
    "Select",
    "Source",
    "SourceDay",
    "Specimen",
    "Standing",
    "State",
    "Story",
    "Telling",
    "TooHard",
    "Wishes",
]
