"""Same text? Articles whose bodies read the same are copies of one, whatever their headlines."""

import hashlib
import re
from collections.abc import Iterable

from monitor.marks import is_signature, without_closing, without_opening
from monitor.models import Article, Report
from monitor.vietnamese import fold

_SHORT = 200  # letters; below it a body says too little to be told by
_NOT_LETTERS = re.compile(r"[\W_]+")


def fingerprint(article: Article) -> str:
    """Return what two copies share: a digest of the body's letters and digits, marks folded.

    A body too short to be told by is taken together with title and lead.
    """
    body = [without_closing(without_opening(p)) for p in article.body if not is_signature(p)]
    letters = _NOT_LETTERS.sub("", fold("".join(body)))
    if len(letters) < _SHORT:
        letters = _NOT_LETTERS.sub("", fold(f"{article.title}{article.lead}")) + letters
    return hashlib.sha256(letters.encode()).hexdigest()[:32]


def origin(reports: Iterable[Report]) -> Report:
    """Return the report that the others republish: the earliest, the first seen among equals."""
    return min(reports, key=lambda report: (report.dated, report.id))
