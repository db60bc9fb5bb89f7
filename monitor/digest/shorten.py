"""A long sentence cut so that what is left reads as said."""

import re

LIMIT = 210  # characters, about three lines on a phone; a whole sentence is worth the third
_NAME_ENDS = re.compile(r"phong cách (?:Hồ Chí Minh|của Bác|của Người)|tấm gương đạo đức Hồ Chí Minh")
_UNBROKEN = re.compile(
    r"(?:học tập(?:,| và) (?:làm theo|thực hành) )?tư tưởng, đạo đức(?:, phương pháp)?(?:,| và) phong cách|"
    r"“[^”]*”?|\"[^\"]*\"?|\([^)]*\)?|\d\s[-–—]\s[\dA-ZĐ]"
)
_CLAUSE = re.compile(r"[;,](?=\s)|\s[-–—](?=\s)")
_JOINT = re.compile(  # never between "gắn" and "với", "chỉ" and "với"
    r"(?<!\sgắn)(?<!\schỉ)(?<!\svà)\s(?=(?:về|nhằm|để|trong|tại|do|với|gắn|giai đoạn|góp phần|thuộc|ngày)\s)"
)


def shorten(sentence: str) -> str:
    """Cut a sentence of more than LIMIT characters where a clause ends, else before a preposition, else at a word.

    It then ends with "…". Never inside the campaign's name, a document's number, a quotation or brackets, nor between
    the parts of an enumeration.
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
