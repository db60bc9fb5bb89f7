"""The sentence worth quoting, copied from the article, never invented.

Every sentence of lead and body is scored by what a reader of one line wants: who did what (the
lead, where it says so), with its figure, near the headline, shared by the story's other reports.
`bench/summary.py` measures the choice against the first sentence, TextRank and LexRank.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from monitor.digest.shorten import LIMIT, shorten
from monitor.marks import without_opening
from monitor.models import Article
from monitor.vietnamese import clean, comparable, sentences

_SYLLABLE = re.compile(r"\w+")
_SHORTEST = 40  # characters; below it a sentence says nothing alone
_PARAGRAPHS = 8  # of the body; what tells the event stands above
_CAPTION = re.compile(r"^(?:ảnh|trong ảnh|quang cảnh|toàn cảnh|đồ họa|video|clip)\b|\b(?:ảnh|nguồn)\s*:", re.IGNORECASE)
# a sentence that leans on the one before it says nothing alone; a person is named after the address
_ADDRESS = re.compile(r"(?:ông|bà|anh|chị|em|cô|thầy|già|cụ|bác|chú)\s+(?P<next>\w+)", re.IGNORECASE)
_NO_ADDRESS = frozenset(  # bà con, chị em, anh hùng, cô giáo, thầy trò, bác sĩ
    "con em hùng giáo nhỏ ngoại nội sĩ sỹ trò cô thầy chị anh bà chú mẹ bộ nuôi đỡ dâu út đồng".split()
)
_PRONOUN = re.compile(r"(?:họ|nó|mình|người này|đơn vị này)\s", re.IGNORECASE)
# what may stand before the subject: "Suốt 16 năm, ", "Từ năm 2020, mỗi sáng, ", "Nay "
_ADVERBIAL = re.compile(
    r"(?:[^,;]{2,60},\s+){1,2}|(?:nay|hiện nay|hiện|rồi|giờ đây|hằng ngày|mỗi \w+)\s+", re.IGNORECASE
)
_LEANS = re.compile(
    r"(?:đây|đó|này|theo đó|qua đó|từ đó|nhờ đó|nhờ vậy|tại đây|ở đây|trong đó|bên cạnh đó|ngoài ra|"
    r"dịp này|trước đó|sau đó|khi đó|lúc đó|cùng với đó|không chỉ vậy|song song|tuy nhiên|tuy vậy|nhưng|song,|và|rồi|"
    r"do đó|do vậy|vì vậy|vì thế|bởi vậy|đồng thời|cũng (?:tại|trong|theo|nhân)|phát biểu|kết quả là|cụ thể)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"^\S+(?: \S+){0,2} (?:này|ấy|trên|nói trên|đó)\b", re.IGNORECASE)  # "Mô hình này …"
_SPOKEN = re.compile(r"^[“\"–-]|\b(?:tôi|chúng ta|chúng tôi)\b", re.IGNORECASE)
_WHO = re.compile(
    r"(?:tỉnh|thành|huyện|thị|quận|đảng) ủy|đảng bộ|chi bộ|ubnd|hđnd|ủy ban|ban thường vụ|ban tuyên giáo|mặt trận|bộ|"
    r"hội|đoàn|công an|đồn|trung đoàn|quân|trường|công ty|chi nhánh|ngân hàng|bệnh viện|trung tâm|sở|thôn|bản|xã|"
    r"phường|trạm|báo|nhà máy|tổ|câu lạc bộ",
)
_WHAT = re.compile(
    r"(?<!\w)(?:tổ chức|khai mạc|bế mạc|diễn ra|khép lại|phát động|ra mắt|biểu dương|tôn vinh|tuyên dương|khen thưởng|"
    r"trao|tặng|sơ kết|tổng kết|quán triệt|triển khai|ban hành|công bố|khánh thành|khởi công|bàn giao|thăm|chủ trì|"
    r"hiến|góp|đóng góp|xây dựng|giúp|hỗ trợ|vận động|thành lập|dành|đã có|đạt|đoạt|giành|thu hút|quyên góp|trồng|"
    r"sửa|dựng|nấu|dạy|cưu mang|tiết kiệm|huy động|được)(?!\w)"
)
_FIGURE = re.compile(r"(?<![\w/.,-])\d+(?:[.,]\d+)*(?![\w/-]|[.,]\d)")
_DATE = re.compile(
    r"\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{2,4})?|(?:ngày|tháng|năm|giai đoạn)\s+\d+(?:\s?-\s?\d+)?"
)
_CAPITAL = f"[A-Z{''.join(letter for letter in map(chr, range(0xC0, 0x1EFA)) if letter.isupper())}]"
_NAME = re.compile(rf"(?<!^)(?<!\w){_CAPITAL}\w*(?:\s+{_CAPITAL}\w*)+")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence in its own spelling and in the one to compare by, and where it stands.

    `place` counts sentences from the lead's first; `pairs` are its neighbouring syllables.
    """

    text: str
    spelled: str
    pairs: frozenset[tuple[str, str]]
    place: int
    in_lead: bool


def line(article: Article, others: Sequence[Article] = ()) -> str:
    """Return one sentence of at most LIMIT characters that tells what happened; "" when there is none.

    `others` are the further reports of the story: what they share counts. The sentence is the
    article's own; a longer one ends where a clause does, with "…".
    """
    found = _sentences(article)
    title = comparable(article.title).strip(" .")
    usable = [s for s in found if len(s.text) >= _SHORTEST and s.spelled.strip(" ./") != title]
    if not usable:
        return ""
    shared, headline = _shared(found, others), frozenset((*_SYLLABLE.findall(title), *_FIGURE.findall(title)))
    best = max(usable, key=lambda one: (round(_score(one, headline, shared), 6), -one.place))
    return shorten(re.sub(r"\./\.$", ".", best.text))


def _sentences(article: Article) -> list[_Sentence]:
    """Return the sentences of lead and upper body, marks of papers taken off, captions left out."""
    found: list[_Sentence] = []
    for number, text in enumerate((article.lead, *article.body[:_PARAGRAPHS])):
        for one in sentences(without_opening(clean(text))):
            if not _CAPTION.search(one):
                spelled = comparable(one)
                found.append(_Sentence(one, spelled, _pairs(spelled), len(found), in_lead=number == 0))
    return found


def _pairs(spelled: str) -> frozenset[tuple[str, str]]:
    """Return the pairs of neighbouring syllables of a text."""
    return frozenset(pairwise(_SYLLABLE.findall(spelled)))


def _shared(found: Sequence[_Sentence], others: Sequence[Article]) -> Counter[tuple[str, str]]:
    """Count in how many sentences of the article, and other reports, each pair of syllables stands."""
    counts = Counter(chain.from_iterable(one.pairs for one in found))
    for other in others:
        counts.update(_pairs(comparable("\n".join((other.lead, *other.body[:_PARAGRAPHS])))))
    return counts


def _score(one: _Sentence, headline: frozenset[str], shared: Counter[tuple[str, str]]) -> float:
    """Return what a sentence is worth; weights in the order of what a reader misses most."""
    figures = set(_FIGURE.findall(_DATE.sub(" ", one.text)))
    names = _NAME.findall(one.text)
    tells = bool(_WHAT.search(one.spelled)) and bool(names or _WHO.search(one.spelled))
    score = 2.0 / (1 + one.place) + (1.5 if one.in_lead and tells else 0.0) + (0.5 if tells else 0.0)
    score += 0.7 * min(len(figures), 3) + 0.4 * min(len(figures - headline), 2) + 0.5 * min(len(names), 2)
    score += 1.3 * len(headline.intersection(_SYLLABLE.findall(one.spelled))) / max(1, len(headline))
    score += 1.0 * sum(shared[pair] > 1 for pair in one.pairs) / max(1, len(one.pairs))
    score -= 3.0 * _leans(one.text) + 1.5 * bool(_SPOKEN.search(one.text))
    score -= 1.5 * one.text.endswith(("?", "!", ":")) + max(0, len(one.text) - LIMIT) / 100
    return score


def _leans(sentence: str) -> bool:
    """Tell whether a sentence needs the one before it: "Tại đây, …", "Suốt 16 năm, bà …", "Mô hình này …"."""
    if _LEANS.match(sentence) or _POINTS_BACK.match(sentence):
        return True
    opening = _ADVERBIAL.match(sentence)
    return any(_speaks_of_somebody(part) for part in (sentence, sentence[opening.end() :] if opening else ""))


def _speaks_of_somebody(clause: str) -> bool:
    """Tell whether the subject of a clause is a pronoun, or an address without a name."""
    if _PRONOUN.match(clause):
        return True
    address = _ADDRESS.match(clause)
    following = address["next"] if address else ""
    return bool(address) and not following[0].isupper() and following.lower() not in _NO_ADDRESS
