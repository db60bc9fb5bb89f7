"""Same text? Articles whose bodies read the same are copies of one, whatever their headlines."""

import hashlib
import re
from collections.abc import Iterable

from monitor.models import Article, Report
from monitor.vietnamese import fold

_SHORT = 200  # letters; below it a body says too little to be told by
# paper and agency marks before a text, and what closes it, differ between copies of one dispatch
_MARK = re.compile(r"^\W*(?:ttxvn|vietnam\+|[a-z.]{2,12}(?=\)))\W+|\W*\((?:theo )?(?:ttxvn|vietnam\+)[^)]*\)\W*$")
_NOT_LETTERS = re.compile(r"[\W_]+")


def fingerprint(article: Article) -> str:
    """Return what two copies share: a digest of the body's letters and digits, marks folded.

    A body too short to be told by is taken together with title and lead.
    """
    body = [_MARK.sub("", fold(paragraph)) for paragraph in article.body]
    letters = _NOT_LETTERS.sub("", "".join(body))
    if len(letters) < _SHORT:
        letters = _NOT_LETTERS.sub("", fold(f"{article.title}{article.lead}")) + letters
    return hashlib.sha256(letters.encode()).hexdigest()[:32]


def origin(reports: Iterable[Report]) -> Report:
    """Return the report that the others republish: the earliest, the first seen among equals."""
    return min(reports, key=lambda report: (report.dated, report.id))
