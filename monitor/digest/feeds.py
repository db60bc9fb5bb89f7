"""The archive for programs: Atom and JSON Feed of editions, sitemap, and the search page's data."""

import json
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from jinja2 import Environment

from monitor.digest import words
from monitor.digest.frame import Look, one_line, page_of, templates
from monitor.models import Edition, Story
from monitor.provinces import current

NEWEST = 30
"""How many editions a feed holds."""
_IN_ENTRY = 60  # stories; a reader of feeds follows the link for more
_ADDRESSES = 50_000  # of one sitemap (sitemaps.org)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://diembao.example/edition")


@dataclass(frozen=True, slots=True)
class Entry:
    """An edition in a feed; `updated` is when it closed or got its last note."""

    edition: Edition
    updated: datetime

    @property
    def id(self) -> str:
        """Return what stays the same wherever the archive moves."""
        return f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{self.edition.name} {self.edition.date.isoformat()}')}"

    @property
    def title(self) -> str:
        """Return "Điểm báo Thứ Bảy, 21/11/2026"."""
        return f"Điểm báo {words.long_date(self.edition.date)}"


@cache
def _templates() -> Environment:
    return templates(clean=one_line, page=page_of, iso=lambda moment: moment.isoformat("T", "seconds"))


def _body(entry: Entry, look: Look) -> str:
    """Return an edition as a short piece of HTML, for feed readers; of very many stories, the first ones."""
    groups, left = [], _IN_ENTRY
    for section in words.sections(entry.edition):
        if stories := section.stories[:left]:
            groups.append(replace(section, stories=stories))
        left = max(0, left - len(section.stories))
    late = entry.edition.late[:left]
    more = len(entry.edition.stories) + len(entry.edition.late) - len(late) - sum(len(g.stories) for g in groups)
    template = _templates().get_template("entry.html.j2")
    return template.render(edition=entry.edition, groups=groups, late=late, more=more, look=look)


def atom(entries: Sequence[Entry], look: Look) -> str:
    """Return the Atom feed of the newest editions, the newest first (RFC 4287)."""
    told = [(entry, _body(entry, look)) for entry in entries]
    feed = f"urn:uuid:{uuid.uuid5(_NAMESPACE, look.name)}"
    return _templates().get_template("atom.xml.j2").render(entries=told, look=look, feed=feed)


def json_feed(entries: Sequence[Entry], look: Look) -> str:
    """Return the same as JSON Feed 1.1."""
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"Điểm Báo: {one_line(look.name, 300)}",
        "language": "vi",
        "home_page_url": f"{look.address}index.html",
        "feed_url": f"{look.address}feed.json",
        "items": [
            {
                "id": entry.id,
                "url": f"{look.address}{page_of(entry.edition.date)}",
                "title": entry.title,
                "summary": words.overview(entry.edition),
                "content_html": _body(entry, look),
                "date_published": entry.updated.isoformat("T", "seconds"),
            }
            for entry in entries
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def sitemap(paths: Iterable[tuple[str, date | None]], look: Look) -> str:
    """Return the sitemap of pages given by path and day of last change, the first ones most important."""
    pages = list(paths)[:_ADDRESSES]
    return _templates().get_template("sitemap.xml.j2").render(pages=pages, look=look)


def search_data(first: date, editions: Iterable[Edition]) -> str:
    """Return a month's told stories as the script that the search page loads."""
    rows = [
        [f"{edition.date:%d}", story.id, one_line(story.title, 400), one_line(story.summary, 400), _slugs(story),
         one_line(", ".join(dict.fromkeys(article.source for article in story.articles)), 400)]
        for edition in editions
        for story in edition.told
    ]  # fmt: skip
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    safe = re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)
    return f'diembao.add("{first:%Y-%m}",{safe});\n'


def _slugs(story: Story) -> list[str]:
    return [current()[name].slug for name in story.provinces if name in current()]
