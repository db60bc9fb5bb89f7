"""The sentence worth quoting, copied from the article, never invented."""

import re

from monitor.models import Article
from monitor.vietnamese import clean, comparable, sentences

LIMIT = 200  # characters; two lines on a phone
_SHORTEST = 40
_MARK = re.compile(
    r"^\s*(?:[\[(][A-ZĐ][\w.+/ ]{1,20}[\])]\s?[-–—:]?|(?:TTXVN|[A-ZĐ]{2,6}|[A-Z]\w+\.vn)\s?[-–—:]|[-–—•])\s*(?=\S)"
)
# a sentence that leans on the one before it says nothing alone
_LEANS = re.compile(
    r"^(?:ông|bà|anh|chị|em|cô|họ|đây|đó|theo đó|qua đó|từ đó|nhờ đó|tại đây|ở đây|trong đó|bên cạnh đó|ngoài ra|"
    r"dịp này|cùng với đó|song song|tuy nhiên|do đó|vì vậy|vì thế|đồng thời|cũng (?:tại|trong)|phát biểu)\b(?! [A-ZĐ])",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;,](?=\s)|\s[-–—]\s")


def line(article: Article) -> str:
    """Return one sentence of at most LIMIT characters that tells what happened.

    The lead's first sentence that stands by itself and is not the title again, else the body's;
    "" when the article has none. A longer sentence ends at a clause, with "…".
    """
    title = comparable(article.title).strip(" .")
    texts = [article.lead, *article.body[:4]]
    told = [sentence for text in texts for sentence in sentences(_MARK.sub("", clean(text)))]
    usable = [s for s in told if len(s) >= _SHORTEST and comparable(s).strip(" ./") != title]
    standing = [s for s in usable if not _LEANS.match(s)]
    chosen = next(iter([*standing, *usable]), "")
    return _shorten(re.sub(r"\./\.$", ".", chosen))


def _shorten(sentence: str) -> str:
    """Cut at the last clause that fits; at a word where no clause does."""
    if len(sentence) <= LIMIT:
        return sentence
    head = sentence[: LIMIT - 1]
    marks = [mark.start() for mark in _CLAUSE.finditer(head) if mark.start() > LIMIT // 2]
    return head[: marks[-1] if marks else head.rindex(" ")].rstrip(" ,;-–—") + "…"
