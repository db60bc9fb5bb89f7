"""An edition as files: Markdown to read, JSON for programs."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from jinja2 import Environment

from monitor.digest import words
from monitor.digest.frame import templates
from monitor.models import VIETNAM, Edition, Note, Part, Review, Story
from monitor.reasons import in_vietnamese
from monitor.vietnamese import clean

_SPECIAL = re.compile(
    r"[\\`*_{}\[\]<>|~&]|^[#+>-]|:(?=//)|(?<=\bwww)\.|\$|(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d\d\d)[.)]|(?<=^\d{4})[.)]"
)


def escape_markdown(text: str) -> str:
    """Return any text of the outside as text of a Markdown page: on one line, nothing active."""
    return _SPECIAL.sub(r"\\\g<0>", clean(text))


def _link(url: str) -> str:
    """Return a cleaned address so that it cannot end a Markdown link early."""
    return url.replace("(", "%28").replace(")", "%29")


def _clock(moment: datetime) -> str:
    """Return a time as readers in Vietnam print it."""
    return moment.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")


@cache
def _templates() -> Environment:
    return templates(md=escape_markdown, link=_link, clock=_clock, why=in_vietnamese)


def markdown(edition: Edition, notes: Sequence[Note] = ()) -> str:
    """Return the archive page of an edition, with what became known of its stories since."""
    groups = words.sections(edition)
    template = _templates().get_template("edition.md.j2")
    return template.render(edition=edition, groups=groups, notes=notes)


def as_data(edition: Edition, parts: tuple[Part, ...], notes: Sequence[Note] = ()) -> dict[str, object]:
    """Return the edition as plain data: what `monitor digest --json` prints and the archive keeps.

    The first `notable` of the stories are the day's most notable; a note names its story by headline.
    """
    titles = {story.id: story.title for story in edition.told}
    return {
        "date": edition.date.isoformat(),
        "campaign": edition.name,
        "stories": [_story(story) for story in edition.stories],
        "notable": edition.notable,
        "late": [_story(story) for story in edition.late],
        "reviews": [_review(review) for review in edition.reviews],
        "text": [part.html for part in parts],
        "sources": [{"source": day.source, "state": day.state, "reason": day.reason} for day in edition.sources],
        "notes": [
            {
                "story": titles.get(note.story, ""),
                "date": words.local_day(note.at).isoformat(),
                "kind": "correction" if note.line else "copy" if note.copy else "report",
                "source": note.source,
                "url": note.url,
                "title": note.title,
                "line": note.line,
            }
            for note in notes
        ],
    }


def _story(story: Story) -> dict[str, object]:
    return {
        "title": story.title,
        "summary": story.summary,
        "provinces": list(story.provinces),
        "articles": [
            {
                "url": article.url,
                "source": article.source,
                "title": article.title,
                "published": article.published.isoformat() if article.published else None,
                "copy": article.copy,
            }
            for article in story.articles
        ],
    }


def _review(review: Review) -> dict[str, object]:
    return {
        "kind": review.kind,
        "first": review.first.isoformat(),
        "last": review.last.isoformat(),
        "stories": review.stories,
        "before": review.before,
        "papers": review.papers,
        "provinces": dict(review.provinces),
        "weeks": {monday.isoformat(): count for monday, count in review.weeks},
        "republished": [
            {"date": day.isoformat(), "title": story.title, "papers": papers}
            for day, story, papers in review.republished
        ],
        "returned": list(review.returned),
        "silent": list(review.silent),
    }


def as_json(edition: Edition, parts: tuple[Part, ...], notes: Sequence[Note] = ()) -> str:
    """Return `as_data` as a file's text; the same edition gives the same bytes."""
    return json.dumps(as_data(edition, parts, notes), ensure_ascii=False, indent=2) + "\n"
