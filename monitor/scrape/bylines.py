"""Who wrote it and who sent it: bylines, photo credits and agency marks as Vietnamese papers print them."""

import re
from collections.abc import Iterable

from monitor import marks
from monitor.provinces import now as current_name
from monitor.vietnamese import clean

_ROLE = re.compile(
    r"^by\s+(?=[A-Z])|^(?:được viết bởi|viết bởi|đăng bởi|bởi)\s*:?\s+|"
    r"^(?:tác giả(?: bài viết)?|người viết|(?:tin|bài)(?:\s*+(?:,|và|-|&)?\s*+(?:bài|ảnh|hình|clip|video)\b){0,3}|"
    r"(?:ảnh|lời|thơ)(?: và (?:bài|ảnh))|nội dung|thực hiện|"
    r"nhóm phóng viên|nguồn tin)\s*+[:：]\s*|"
    r"^(?:ghi chép|phóng sự|bút ký|ký sự|ghi nhanh|tản văn|truyện ngắn)\s*(?:[:：]|của\b)\s*",
    re.IGNORECASE,
)
# "Theo Hồ Hương" is a reporter, "Theo Tuổi Trẻ" a paper: persons have a family name
_TAKEN_FROM = re.compile(
    r"^Theo ((?:Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đào|Đinh|Mai|Trịnh|Lâm|Cao|"
    r"Hà|Tạ|Chu|Đoàn|Trương|Lương|Lưu|Phùng|Quách|Thái|Tô|Vương) [^,;:–-]{2,30})$"
)
_FROM_AGENCY = re.compile(r"^Theo ([^()\d]{2,40}?)\s*\((?:TTXVN|Vietnam\+)[^()]{0,80}\)$")
_TEAM = re.compile(r"^nhóm (?:pv|phóng viên)\b[^.:]{0,30}$", re.IGNORECASE)
_PHOTOGRAPHER = re.compile(r"(?<=\w)\s*[-–,;]\s*(?:ảnh|clip|video|đồ họa)\s*[:：].*$", re.IGNORECASE)
# an address; "/VOV-Tây Nguyên"; a role
_AFTER_NAME = re.compile(
    r"(?:^|(?<!\s)\s+)[^\s@]{1,64}@\S{1,255}$|(?:/[A-ZĐ]{2,20}[\d.]{0,8}){1,4}(?:[-. ]\S.{0,30})?$|"
    r"(?<!\s)\s+(?:tổng hợp|thực hiện|lược ghi|biên soạn|sưu tầm|phóng viên|cộng tác viên)$|"
    r"(?<!\s)\s*(?:\((?:thực hiện|tổng hợp|ghi|lược ghi|biên soạn|ctv|st|sưu tầm|"
    r"(?:ttxvn|theo |tổng hợp )[^()]{0,80}|vietnam\+|t/h|th|"
    r"(?:văn phòng|ban|sở|phòng|trung tâm|công an|đoàn|hội|trường|xã|phường|đài|bộ)\b[^()]{0,80}|"
    r"[^()]{0,80}?báo[^()]{0,80})\)|\|$)",
    re.IGNORECASE,
)
_POST = re.compile(
    r"^(?:ủy viên|uỷ viên|bí thư|phó|trưởng|chủ tịch|giám đốc|tổng|hiệu trưởng|nguyên|viện|học viện|ban|"
    r"đại biểu|trường|thạc sĩ|tiến sĩ|chuyên viên|báo|tạp chí|văn phòng|phòng|sở|đoàn|hội|công an|"
    r"trung tâm|tỉnh đoàn|thành đoàn|đài|khoa|chi bộ|đảng bộ|đảng ủy|xã|phường|huyện|tỉnh ủy|thành ủy|bộ chỉ huy)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?:từ|tại|theo|ở)\b", re.IGNORECASE)
# where one works: "VHTT xã Long Châu", "BTG"
_OFFICE = re.compile(r"\b(?:xã|phường|huyện|tỉnh|thị trấn|trường)\s+[A-ZĐ]|^(?!PV)[A-ZĐ]{2,5}$")
_TITLE = re.compile(
    r"^(?:(?:Th\.?S|TS|PGS|GS|BS|KTS|NSND|NSƯT|Ths)\.?\s*(?:TS\.?\s*)?|(?:CTV|PV|Phóng viên|Cộng tác viên|Nhà báo|"
    r"Bác sĩ|Luật sư|(?:Thiếu|Trung|Thượng|Đại) (?:úy|tá|tướng))\.?\s+(?=[A-ZĐ]))"
)
_AGENCY_GLUED = re.compile(r"(?<!\s)\s*+[-/(]?\s*+(?:TTXVN|Vietnam\+|VietnamPlus|THX)(?:/\S{1,80})?\)?\s*+$")
_BETWEEN = re.compile(r"(?<!\s)\s*(?:\s[-–—]\s|,|;|/|&|\svà\s|\s\+\s|[•·|])\s*")
_NOT_A_PERSON = re.compile(
    r"(?!(?-i:(?<=\w )(?:Hội|Phòng|Đài|Ban)$))"  # a person's own name: "Nguyễn Văn Hội"
    r"\b(?:báo|đài|ban biên tập|bbt|ban|sở|tòa soạn|đảng ủy|tỉnh ủy|ubnd|hội|cổng|tin|tin tức|vccorp|www|http|admin|"
    r"editor|staff|user|webmaster|administrator|guest|published|posted|comments?|related|more|news|image|photo|"
    r"share|updated|see all|view|phòng|trung tâm|theo|nguồn|"
    r"ảnh|video|chủ đề|từ khóa|xem thêm|tin liên quan|chia sẻ|bình luận)\b",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?<![\s(_|\-–])[\s(_|\-–]*\b(?:Ảnh|ẢNH|ảnh)\s*+(?:minh họa|tư liệu)?\s*+[:：.]?\s*+(?P<who>[^()]{0,60}?)[\s).|]*$"
)
# below a picture also "Hội nghị. Ảnh Đức Anh" and "Hội nghị. Nguồn: Báo Cao Bằng"
_CREDIT_ALONE = re.compile(r"(?<=[.!?”\w])\s+[(]?(?:Ảnh (?=[A-ZĐ])|Nguồn(?: ảnh)?\s?: ?)(?P<who>[^().:]{2,60})\)?\.?$")
_CREDIT_MARK = re.compile(r"(?:^|[\s(_|.”\"])(?:Ảnh|ẢNH)\s*(?:[:：]|tư liệu|minh họa|BTC|CTV)|\(ảnh", re.UNICODE)
_LONGEST_POST = 80  # letters
_AGENCY = re.compile(r"TTXVN\b|Thông tấn xã Việt Nam|Vietnam\+|VietnamPlus", re.IGNORECASE)


def _is_name(text: str) -> bool:
    """Tell whether `text` could be a person's name or pen name: each word begins with a capital."""
    words = text.split()
    if not 1 <= len(words) <= 6 or len(text) > 40 or any(mark in text for mark in ":+") or _NOT_A_PERSON.search(text):
        return False
    return all(word[0].isupper() and not any(c.isdigit() for c in word) for word in words)


def names(text: str) -> tuple[str, ...]:
    """Return the persons of a byline, capitals as printed; () when it is none.

    "Tác giả: Lê A - Ủy viên …" gives the name without the post; "Thanh B - Hoàng C" gives two.
    """
    text = clean(text)
    if len(text) > 200:
        return ()
    inside = text[1:-1] if text.startswith("(") and text.endswith(")") else ""
    if " " in inside and not (_PLACE.match(inside) or _POST.match(inside) or current_name(inside)):
        text = inside
    if _TEAM.match(text):
        return (text,)
    if taken := _FROM_AGENCY.match(text) or _TAKEN_FROM.match(_AFTER_NAME.sub("", text)):
        return (taken[1],) if _is_name(taken[1]) else ()
    role = _ROLE.match(text)
    text = _PHOTOGRAPHER.sub("", text[role.end() :] if role else text)
    text = _AGENCY_GLUED.sub("", _AFTER_NAME.sub("", text)).strip(" .-–|:")
    parts = [part.strip(" .") if len(part) > 4 else part.strip() for part in _BETWEEN.split(text) if part.strip()]
    found: list[str] = []
    for part in parts:
        if found and (_POST.match(part) or (not found[0].isupper() and _OFFICE.search(part))):
            break
        name = _AGENCY_GLUED.sub("", _TITLE.sub("", part)).strip()
        if not _is_name(name):
            return tuple(found) if role and found else ()
        found.append(name)
    return tuple(dict.fromkeys(found))


def is_post(line: str) -> bool:
    """Tell whether a line is the post or the office of a person: "Phó Bí thư Đoàn xã"."""
    return len(line) < _LONGEST_POST and bool(_POST.match(line)) and line[-1] not in ".!?…:;"


def is_signed(text: str) -> bool:
    """Tell whether a line is a byline that says what each did: "Bài: Mai Sương - Ảnh: Đèo Hùng"."""
    return bool(_ROLE.match(text) and names(text))


def people(candidates: Iterable[str], sites: Iterable[str]) -> tuple[str, ...]:
    """Return the persons among author names given for machines; the site's own names are none."""
    known = {site.lower() for site in sites if site}
    found = [
        name
        for text in candidates
        if text.lower() not in known and "." not in text.rsplit(" ", 1)[-1][1:-1]
        for name in names(text)
        if name.lower() not in known
    ]
    return tuple(dict.fromkeys(found))


def has_credit(text: str) -> bool:
    """Tell whether a line carries a photographer's mark, and so is a caption."""
    return bool(_CREDIT_MARK.search(text[:600]))


def caption(text: str) -> tuple[str, str]:
    """Part a caption line into caption and credit: "Hội nghị. (Ảnh: A/TTXVN)"."""
    text = text[:600]
    mark = _CREDIT.search(text) if has_credit(text) else _CREDIT_ALONE.search(text)
    if mark is None:
        return text, ""
    return text[: mark.start()].strip(" (_|"), mark["who"].strip(" ).:|")


def agency(
    lead: str,
    body: tuple[str, ...],
    bylines: Iterable[str],
    credits_: Iterable[str],
    authors: Iterable[str],
) -> str:
    """Return "TTXVN" when the text came from the agency, "" otherwise.

    Signs: the text opens with its mark, ends with it, the byline carries it, or the author is
    credited with the agency on the pictures. A picture of the agency alone is no sign.
    """
    opens = any(marks.opens_with_agency(text) for text in (lead, *body[:1]))
    ends = any(marks.closes_with_agency(text) or marks.is_signature(text) for text in body[-2:])
    signed = any(_AGENCY.search(line) for line in bylines)
    by_author = any(author in credit and _AGENCY.search(credit) for author in authors for credit in credits_)
    return "TTXVN" if opens or ends or signed or by_author else ""
