"""On which days what an article tells may have happened, and in which sentences it says so."""

import re
from datetime import date, timedelta

from monitor.vietnamese import comparable, sentences

_BEFORE, _AFTER = timedelta(days=10), timedelta(days=1)  # of publication: when an event told as news took place

DATE = re.compile(
    r"(?<![\d/.,-])(\d{1,2})(?:\s?[/.-]\s?|\s+tháng\s+)(\d{1,2})(?:(?:\s?[/.-]\s?|\s+năm\s+)(\d{4}))?(?![\d/]|[.,-]\d)"
)
"""A day with its month, and with its year where that is said, in a comparable text."""
_TODAY = re.compile(r"(?<!\w)(?:sáng|trưa|chiều|tối|đêm|hôm) nay(?!\w)")
_YESTERDAY = re.compile(r"(?<!\w)(?:sáng|trưa|chiều|tối|đêm|hôm) qua(?!\w)")


def days(text: str, published: date) -> frozenset[date]:
    """Return the days of a comparable text on which something that was news then may have happened."""
    found = set()
    for day, month, year in DATE.findall(text):
        for full in [int(year)] if year else [published.year, published.year - 1]:
            try:
                said = date(full, int(month), int(day))
            except ValueError:
                continue
            if -_BEFORE <= said - published <= _AFTER:
                found.add(said)
    found |= {published} if _TODAY.search(text) else set()
    found |= {published - timedelta(days=1)} if _YESTERDAY.search(text) else set()
    return frozenset(found)


def saying_when(paragraphs: str, published: date) -> str:
    """Return the sentences that say such a day, in comparable spelling: a portrait tells its event further down."""
    said = (comparable(sentence) for paragraph in paragraphs.splitlines() for sentence in sentences(paragraph))
    return "\n".join(sentence for sentence in said if days(sentence, published))
