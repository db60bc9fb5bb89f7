"""What became known of told stories after their edition was archived: dated notes, never changes."""

from collections.abc import Container, Iterable
from datetime import datetime

from monitor.digest.edition import linkable
from monitor.digest.summary import line
from monitor.models import Edition, Note, Report, Story
from monitor.vietnamese import clean, comparable


def notes(
    edition: Edition,
    joined: Iterable[Report],
    revised: Iterable[tuple[Report, datetime]],
    hosts: Container[str] | None = None,
) -> tuple[Note, ...]:
    """Return the notes to an edition in the order in which they became known.

    `joined` are reports of its stories that came after it closed; `revised` those it told whose
    text changed since, with the time of the last change. A change that touches neither headline
    nor told line needs no note.
    """
    stories = {story.id: story for story in edition.told}
    found = [_joined(report, hosts) for report in joined if report.story in stories]
    for report, at in revised:
        story = stories.get(report.story)
        if story and (note := _correction(story, report, at, hosts)):
            found.append(note)
    return tuple(sorted(found, key=lambda note: (note.at, note.story, note.url)))


def _joined(report: Report, hosts: Container[str] | None) -> Note:
    """Return the note that another paper told a story later."""
    article = report.article
    linked = linkable(article.url, hosts)
    return Note(report.story, report.seen_at, report.source, article.url, article.title, bool(report.copy_of), linked)


def _correction(story: Story, report: Report, at: datetime, hosts: Container[str] | None) -> Note | None:
    """Return the note that a told article now reads differently; None when nothing told has changed."""
    article = report.article
    told = next((telling for telling in story.articles if telling.url == article.url), None)
    if told is None:
        return None
    now = comparable("\n".join((article.title, article.lead, *article.body)))
    line_stands = told is not story.articles[0] or comparable(story.summary.rstrip("….")) in now
    if clean(told.title) == clean(article.title) and line_stands:
        return None
    said = "" if line_stands else line(article)
    linked = linkable(article.url, hosts)
    return Note(story.id, at, report.source, article.url, article.title, linked=linked, line=said or article.title)
