"""An edition as files: Markdown to read, JSON for programs."""

import json
import re
from datetime import datetime
from functools import cache
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from monitor.digest import words
from monitor.models import VIETNAM, Edition, Part
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
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.digest"),
        autoescape=False,  # noqa: S701 - Markdown: every value goes through the `md` filter instead
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"md": escape_markdown, "link": _link, "clock": _clock}
    return environment


def markdown(edition: Edition) -> str:
    """Return the archive page of an edition."""
    grouped = [(heading, list(stories)) for heading, stories in groupby(edition.stories, key=words.heading)]
    return _environment().get_template("edition.md.j2").render(edition=edition, groups=grouped, words=words)


def as_data(edition: Edition, parts: tuple[Part, ...]) -> dict[str, object]:
    """Return the edition as plain data: what `monitor digest --json` prints and the archive keeps."""
    return {
        "date": edition.date.isoformat(),
        "campaign": edition.name,
        "stories": [
            {
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
            for story in edition.stories
        ],
        "text": [part.html for part in parts],
        "sources": [{"source": day.source, "state": day.state, "reason": day.reason} for day in edition.sources],
    }


def as_json(edition: Edition, parts: tuple[Part, ...]) -> str:
    """Return `as_data` as a file's text; the same edition gives the same bytes."""
    return json.dumps(as_data(edition, parts), ensure_ascii=False, indent=2) + "\n"
