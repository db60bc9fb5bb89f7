"""The sentence worth quoting, copied from the article, never invented.

Of the sentences that stand alone the one is taken that tells most to a reader of the headline: who did
what (the lead, where it says so), figures that the headline has not, what came of it by now.
`bench/summary.py` measures the choice against the first sentence, TextRank and LexRank.
"""

import re
from dataclasses import dataclass

from monitor.digest.shorten import shorten
from monitor.marks import without_opening
from monitor.models import Article
from monitor.vietnamese import clean, comparable, sentences

_SYLLABLE = re.compile(r"\w+")
_SHORTEST = 40  # characters; below it a sentence says nothing alone
_BRIEF = 60  # characters; below it a sentence says little
_PARAGRAPHS = 8  # of the body; what tells the event stands above
_CAPTION = re.compile(r"^(?:ảnh|trong ảnh|quang cảnh|toàn cảnh|đồ họa|video|clip)\b|\b(?:ảnh|nguồn)\s*:", re.IGNORECASE)
# a sentence that leans on the one before it says nothing alone; a person is named after the address
_ADDRESS = re.compile(r"(?:ông|bà|anh|chị|em|cô|thầy|già|cụ|bác|chú)\s+(?P<next>\w+)", re.IGNORECASE)
_NO_ADDRESS = frozenset(  # bà con, chị em, anh hùng, cô giáo, thầy trò, bác sĩ
    "con em hùng giáo nhỏ ngoại nội sĩ sỹ trò cô thầy chị anh bà chú mẹ bộ nuôi đỡ dâu út đồng".split()
)
_PRONOUN = re.compile(r"(?:họ|nó|mình|người này|đơn vị này)\s", re.IGNORECASE)
# what may stand before the subject: "Suốt 16 năm, ", "Từ năm 2020, mỗi sáng, ", "Nay "
_ADVERBIAL = re.compile(r"[^,;]{2,60},\s+|(?:nay|hiện nay|hiện|rồi|giờ đây|hằng ngày|mỗi \w+)\s+", re.IGNORECASE)
_LEANS = re.compile(
    r"(?:đây|đó|này|theo đó|qua đó|từ đó|nhờ đó|nhờ vậy|tại đây|ở đây|trong đó|bên cạnh đó|ngoài ra|"
    r"dịp này|trước đó|sau đó|khi đó|lúc đó|cùng với đó|không chỉ vậy|song song|tuy nhiên|tuy vậy|nhưng|song,|và|rồi|"
    r"do đó|do vậy|vì vậy|vì thế|bởi vậy|đồng thời|cũng (?:tại|trong|theo|nhân)|phát biểu|kết quả là|cụ thể)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"^(?:\S+(?: \S+){0,2} đó|[^,;]* (?:này|ấy|nói trên))\b")  # "Hôm đó …", "… mô hình này …"
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
_NO_AMOUNT = re.compile(  # a day, a year, a span, an age, the ladder of prizes; a document's number, a class
    r"(?<![\d.,])(?:\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{2,4})?(?![.,]?\d)|(?:19|20)\d\d(?![.,]?\d)|"
    r"\d+\s(?:năm|tháng|ngày|tuổi|giải (?:nhất|nhì|ba|tư|khuyến khích))\b)|"
    r"(?:ngày|tháng|chỉ thị|kết luận|số|thứ|lớp)\s\d+"
)
_NUMBER = r"(?:\d+|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười(?: \w+)?)"
_OUTCOME = re.compile(  # "Đến nay, …", "Sau 3 tháng, …", "10 năm qua, …", "Từ 512 tác phẩm, …"
    rf"^(?:(?:tính )?đến nay|kết quả|(?:sau|qua) (?:gần |hơn )?{_NUMBER}|{_NUMBER} (?:năm|tháng)|từ \d+)\b"
)
_CAPITAL = f"[A-Z{''.join(letter for letter in map(chr, range(0xC0, 0x1EFA)) if letter.isupper())}]"
_NAME = re.compile(rf"(?<!^)(?<!\w){_CAPITAL}\w*(?:\s+{_CAPITAL}\w*)+")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence in its own spelling and in the one to compare by, and where it stands.

    `place` counts sentences from the lead's first.
    """

    text: str
    spelled: str
    place: int
    in_lead: bool


def line(article: Article) -> str:
    """Return one sentence of at most LIMIT characters that tells what happened; "" when there is none.

    It is the article's own; a longer one ends where a clause does, with "…".
    """
    title = comparable(article.title).strip(" .")
    usable = [s for s in _sentences(article) if len(s.text) >= _SHORTEST and s.spelled.strip(" ./") != title]
    if not usable:
        return ""
    headline = frozenset((*_SYLLABLE.findall(title), *_FIGURE.findall(title)))
    alone = [s for s in usable if not _leans(s.text)]
    best = max(alone or usable, key=lambda one: (round(_score(one, headline), 6), -one.place))
    return shorten(re.sub(r"\./\.$", ".", best.text))


def _sentences(article: Article) -> list[_Sentence]:
    """Return the sentences of lead and upper body, marks of papers taken off, captions left out."""
    found: list[_Sentence] = []
    for number, text in enumerate((article.lead, *article.body[:_PARAGRAPHS])):
        for one in sentences(without_opening(clean(text))):
            if not _CAPTION.search(one):
                found.append(_Sentence(one, comparable(one), len(found), in_lead=number == 0))
    return found


def _score(one: _Sentence, headline: frozenset[str]) -> float:
    """Return what a sentence tells a reader of the headline; weights in the order of what is missed most."""
    amounts = set(_FIGURE.findall(_NO_AMOUNT.sub(" ", one.spelled)))
    names = _NAME.findall(one.text)
    tells = bool(_WHAT.search(one.spelled)) and bool(names or _WHO.search(one.spelled))
    score = 2.0 / (1 + one.place) + (1.5 if one.in_lead and tells else 0.0) + (0.5 if tells else 0.0)
    score += 2.5 if len(amounts) > 1 and _OUTCOME.match(one.spelled) else 0.0
    score += 1.0 * len(headline.intersection(_SYLLABLE.findall(one.spelled))) / max(1, len(headline))
    score += 1.0 * min(len(amounts - headline), 3) + 0.5 * min(len(names), 2)
    score -= 1.5 * bool(_SPOKEN.search(one.text)) + 1.5 * one.text.endswith(("?", "!", ":"))
    score -= 1.0 * (len(one.text) < _BRIEF) + 2.0 * (len(one.text) - len(shorten(one.text))) / 100
    return score


def _leans(sentence: str) -> bool:
    """Tell whether a sentence needs the one before it: "Tại đây, …", "Suốt 16 năm, bà …", "Mô hình này …"."""
    if _LEANS.match(sentence) or _POINTS_BACK.match(sentence):
        return True
    subjects, opening = [sentence], _ADVERBIAL.match(sentence)
    while opening and len(subjects) < 3:
        subjects.append(sentence[opening.end() :])
        opening = _ADVERBIAL.match(sentence, opening.end())
    return any(_speaks_of_somebody(subject) for subject in subjects)


def _speaks_of_somebody(clause: str) -> bool:
    """Tell whether the subject of a clause is a pronoun, or an address without a name."""
    if _PRONOUN.match(clause):
        return True
    address = _ADDRESS.match(clause)
    following = address["next"] if address else ""
    return bool(address) and not following[0].isupper() and following.lower() not in _NO_ADDRESS
