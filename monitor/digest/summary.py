"""The sentence worth quoting, copied from the article, never invented."""

import re

from monitor.marks import without_opening
from monitor.models import Article
from monitor.vietnamese import clean, comparable, sentences

LIMIT = 230  # characters, about three lines on a phone; a whole sentence is worth the third
_SHORTEST = 40
# a sentence that leans on the one before it says nothing alone; a person is named after the address
_ADDRESS = re.compile(r"(?:ông|bà|anh|chị|em|cô|thầy|già)\s+(?P<next>\w+)", re.IGNORECASE)
_NO_ADDRESS = frozenset(("con", "em", "hùng", "giáo", "nhỏ", "ngoại", "nội"))  # bà con, chị em, anh hùng, cô giáo
_LEANS = re.compile(
    r"(?:họ|đây|đó|theo đó|qua đó|từ đó|nhờ đó|tại đây|ở đây|trong đó|bên cạnh đó|ngoài ra|dịp này|cùng với đó|"
    r"song song|tuy nhiên|do đó|vì vậy|vì thế|đồng thời|cũng (?:tại|trong|theo)|phát biểu)\b",
    re.IGNORECASE,
)
_NAME_ENDS = re.compile(r"phong cách (?:Hồ Chí Minh|của Bác|của Người)|tấm gương đạo đức Hồ Chí Minh")
_UNBROKEN = re.compile(r"tư tưởng, đạo đức(?:, phương pháp)?(?:,| và) phong cách|“[^”]*”?|\"[^\"]*\"?|\([^)]*\)?")
_CLAUSE = re.compile(r"[;,](?=\s)|\s[-–—](?=\s)")
_JOINT = re.compile(r"\s(?=(?:về|nhằm|để|trong|tại|do|với|gắn|giai đoạn|góp phần|thuộc|ngày)\s)")


def line(article: Article) -> str:
    """Return one sentence of at most LIMIT characters that tells what happened.

    The lead's first sentence that stands by itself and is not the title again, else the body's;
    "" when the article has none. A longer sentence ends where a clause does, with "…".
    """
    title = comparable(article.title).strip(" .")
    texts = [article.lead, *article.body[:4]]
    told = [sentence for text in texts for sentence in sentences(without_opening(clean(text)))]
    usable = [s for s in told if len(s) >= _SHORTEST and comparable(s).strip(" ./") != title]
    chosen = next((s for s in usable if not _leans(s)), usable[0] if usable else "")
    return _shorten(re.sub(r"\./\.$", ".", chosen))


def _leans(sentence: str) -> bool:
    """Tell whether a sentence needs the one before it: "Tại đây, …", "Ông bảo …"."""
    address = _ADDRESS.match(sentence)
    if address:
        following = address["next"]
        return not following[0].isupper() and following.lower() not in _NO_ADDRESS
    return bool(_LEANS.match(sentence))


def _shorten(sentence: str) -> str:
    """Cut a long sentence at its last clause that fits, else before a preposition, else at a word.

    Never inside the campaign's name, a quotation or brackets, nor between the parts of an
    enumeration: what is left must read as said.
    """
    if len(sentence) <= LIMIT:
        return sentence
    head = sentence[: LIMIT - 1]
    unbroken = [(part.start(), part.end()) for part in _UNBROKEN.finditer(sentence)]

    def whole(place: int) -> bool:
        return place > LIMIT // 2 and not any(start < place < end for start, end in unbroken)

    clauses = [mark.start() for mark in _CLAUSE.finditer(head) if _parts_clauses(sentence, mark)]
    names = [name.end() for name in _NAME_ENDS.finditer(head)]
    joints = [mark.start() for mark in _JOINT.finditer(head)]
    words = [mark.start() for mark in re.finditer(r"\s", head)] or [len(head)]
    for places in (sorted([*clauses, *names]), joints, words):
        if fitting := [place for place in places if whole(place)]:
            return head[: fitting[-1]].rstrip(" ,;-–—") + "…"
    return head[: words[-1]].rstrip(" ,;-–—") + "…"


def _parts_clauses(sentence: str, mark: re.Match[str]) -> bool:
    """Tell whether a comma parts clauses rather than the items of a list or a number's unit."""
    before = re.split(r"[;,]", sentence[: mark.start()])[-1].split()
    after = re.split(r"[;,.]", sentence[mark.end() :])[0].split()
    return len(before) > 3 and len(after) > 3 and not after[0][0].isdigit()
