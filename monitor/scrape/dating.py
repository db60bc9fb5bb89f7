"""When an article was published and changed: every date of its page, the most certain first."""

import re
from datetime import datetime, timedelta

from monitor import marks
from monitor.scrape import dates, timestamps
from monitor.scrape.evidence import Evidence
from monitor.scrape.layout import Layout

_CLOCK = timedelta(minutes=3)
_STAMPS = (
    # "-20260311100046896.htm" and, behind three digits of the site, "-196260307071308923.htm"
    re.compile(r"(?<!\d)(20\d{2})([01]\d)([0-3]\d)([0-2]\d)([0-5]\d)\d{2,5}(?=\.|/?$)"),
    re.compile(r"(?<!\d)\d{3}([12]\d)([01]\d)([0-3]\d)([0-2]\d)([0-5]\d)\d{5}(?=\.|/?$)"),
)


def published(page: Evidence, layout: Layout) -> datetime | None:
    """Return the moment of publication: to the minute where any evidence has it."""
    said = [moment for text in page.meta.published if (moment := timestamps.read(text, page.now))]
    dated = _printed_date(page, layout)
    steady = [_in_its_zone(moment, dated) for moment in said if not _is_clock(moment, page.now)]
    if steady and not (dated and _midnight(steady[0]) and dated.date() == steady[0].date()):
        return _told_better(page, layout, steady[0]) or steady[0]
    return dated or _date_in_address(page) or next(iter(said), None)


def _told_better(page: Evidence, layout: Layout, said: datetime) -> datetime | None:
    """Return the minute printed between title and text where the page says a bare day for machines: its site's."""
    texts = [page.blocks[i].text for i in layout.head] if _midnight(said) else []
    moments = (dates.line(text, page.now) for text in texts if dates.is_line(text) and not dates.change(text))
    return next((moment for moment in moments if moment and not _midnight(moment)), None)


def _in_its_zone(moment: datetime, printed: datetime | None) -> datetime:
    """Return a moment that a page gives as UTC in the zone of its print, where both show the same time of day.

    Some systems put a "Z" behind their local time.
    """
    local = moment.replace(microsecond=0, tzinfo=printed.tzinfo if printed else None)
    if printed and not moment.utcoffset() and printed in {local, local.replace(second=0)}:
        return moment.replace(tzinfo=printed.tzinfo)
    return moment


def _midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (0, 0)


def _is_clock(moment: datetime, now: datetime) -> bool:
    """Tell whether a date is merely the time of the visit."""
    return abs(moment - now) < _CLOCK


def _printed_date(page: Evidence, layout: Layout) -> datetime | None:
    """Return the date line nearest the title; a running clock above it does not count."""
    if chosen := dates.line(page.fields.get("date", ""), page.now):
        return chosen
    places = [
        *layout.head,
        *reversed(layout.above),
        *layout.body[:4],
        *layout.body[-2:],
        *(i for i in layout.body[-8:-2] if dates.is_labelled(page.blocks[i].text)),  # below a long story
        *layout.tail,
    ]
    changed, posted = None, _is_posted(page, layout)
    for i in places:
        text = dates.halves(_timed(page, i))[0]
        moment = timestamps.read(page.blocks[i].moment, page.now)
        moment = moment or (dates.line(text, page.now) if dates.is_line(text) else None)
        ticking = dates.is_clock(text, beside=i == layout.title_at - 1)
        if not moment or (i < layout.title_at and (_is_clock(moment, page.now) or ticking)):
            continue
        if dates.change(text, posted=posted) != text:
            return moment
        changed = changed or moment
    return changed


def _timed(page: Evidence, i: int) -> str:
    """Return a line, with the time of day on a line of its own below it where it is a date."""
    text, behind = page.blocks[i].text, page.blocks[i + 1 : i + 2]
    times = [one.text for one in behind if dates.is_time(one.text) and dates.is_line(text)]
    return " ".join((text, *times))


def _is_posted(page: Evidence, layout: Layout) -> bool:
    """Tell whether a line beside the title says by name when the page was posted."""
    return any(dates.is_posting(page.blocks[i].text) for i in (*layout.above, *layout.head))


def opening_day(page: Evidence, lead: str, body: tuple[str, ...]) -> datetime | None:
    """Return the day on which the report begins, "Ngày 17/5, …", where nothing else tells a date."""
    openings = (marks.without_opening(text) for text in (lead, *body[:2]))
    return next((moment for text in openings if (moment := dates.yearless(text, page.now))), None)


def _date_in_address(page: Evidence) -> datetime | None:
    """Return the moment that some systems write into an article's number."""
    found = next((stamp for pattern in _STAMPS if (stamp := pattern.search(page.url))), None)
    if not found:
        return None
    year, month, day, hour, minute = found.groups()
    return dates.line(f"{day}/{month}/20{year[-2:]} {hour}:{minute}", page.now)


def modified(page: Evidence, layout: Layout, after: datetime | None) -> datetime | None:
    """Return the time of the last change when the page tells one that can be true."""
    posted = _is_posted(page, layout)
    lines = (page.blocks[i].text for i in (*layout.above, *layout.head, *layout.tail))
    printed = (dates.line(changed, page.now) for text in lines if (changed := dates.change(text, posted=posted)))
    for moment in (*(timestamps.read(text, page.now) for text in page.meta.modified), *printed):
        if moment and not _is_clock(moment, page.now) and (not after or moment > after):
            return moment
    return None
