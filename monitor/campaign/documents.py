"""Numbers of documents as papers print them, and whose document a number is.

Numbers restart with each Congress and stand for other papers elsewhere ("05-CT/TU",
"07/CT-UBND"). A number is the campaign's unless the text gives it another issuer, date or subject.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_NUMBER = re.compile(r"(?<!\d)(\d+)(?:/(\d{4}))?[-/]([^\W\d]+)[-/]([^\W\d][\w.]*(?:-[\w.]+)*)")
_CENTRAL = r"(?:tw|t\.? ?ư)"
_STATE = r"(?:thủ tướng|chính phủ|chủ tịch|ubnd|ủy ban nhân dân|bộ (?!chính trị)|bộ trưởng|hđnd|sở |giám đốc)"
_LOCAL = r"(?:ban thường vụ |ban chấp hành )?(?:(?:tỉnh|thành|huyện|quận|thị|đảng) ủy|tỉnh|huyện|xã|đảng bộ)(?!\w)"
_COUNTED = r"(?:vụ|cuộc|đơn|trường hợp|tổ chức|đảng viên|người|đồng chí|nội dung|việc|đối tượng)(?!\w)"  # things
_DATED = re.compile(r",? ?\(?ngày (\d{1,2})(?: ?[-/.] ?| tháng )(\d{1,2})(?: ?[-/.] ?| năm |, )(\d{4})")
_BY = r",?(?: ?\(?ngày [\d/. -]+\)?)? (?:của|do) "
_SUBJECT = re.compile(
    r"(?:,? ?\(?ngày [^,;]{4,24}?)?(?:,? (?:của|do) [^,;.]{3,50}?)? về (?!từng|tận|tới|đến|cơ sở|các)"
)
_BY_CENTRE = re.compile(_BY + r"(?:bộ chính trị|bct|trung ương|ban chấp hành trung ương)")
_NEAR = 90  # letters in which a subject is named
_STATES = re.compile(_BY + _STATE)
_LOCALS = re.compile(_BY + _LOCAL)


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its number in one spelling, the day it was issued, the words of its subject.

    `full` finds the number with its type and issuer, `short` "Chỉ thị 05", `foreign` the same
    number and type with another issuer; all over comparable text. `first` are the words with which
    the first two can begin.
    """

    number: str
    issued: date | None
    about: re.Pattern[str] | None
    full: str
    short: str
    foreign: re.Pattern[str]
    anchors: frozenset[str]
    first: frozenset[str]


def document(
    number: str,
    kinds: Mapping[str, list[str]],
    issued: date | None = None,
    about: re.Pattern[str] | None = None,
) -> Document:
    """Return a document by its number ("05-CT/TW", "749/QĐ-TTg"); `kinds` are the names of each type.

    Raises ValueError for what is no number with type and issuer.
    """
    found = _NUMBER.fullmatch(number.strip())
    if not found:
        raise ValueError(f"{number!r} is no number of a document; write it in full, such as 05-CT/TW or 749/QĐ-TTg")
    digits, year, kind, issuer = found[1].lstrip("0") or "0", found[2], found[3].lower(), found[4].lower()
    names = [name.lower() for name in kinds.get(found[3].upper(), [])]
    central = issuer == "tw"
    by = _CENTRAL if central else re.escape(issuer)
    counted = rf"(?<![\d/.,-])0?{digits}"
    dated = rf"(?: ?/ ?{year})?" if year else ""
    called = "|".join((*(rf"{re.escape(name)} (?:số )?0?{digits}" for name in names), rf"{kind} ?(?:số )?{digits:0>2}"))
    return Document(
        number=number,
        issued=issued,
        about=about,
        full=rf"{counted}{dated} ?[-/] ?{re.escape(kind)} ?[-/] ?{by}(?!\w)",
        short=rf"(?<!\w)(?:{called})(?![\d%]|[.,/-]\w| ?[-/] ?{re.escape(kind)}(?!\w)| {_COUNTED})",
        foreign=re.compile(rf"{counted} ?[-/] ?{re.escape(kind)} ?[-/] ?(?!{by}(?!\w))\w"),
        anchors=frozenset(_anchors(digits, year, kind, issuer, names)),
        first=frozenset({digits, f"0{digits}", kind, f"{kind}{digits:0>2}", *(name.split()[0] for name in names)}),
    )


def _anchors(digits: str, year: str | None, kind: str, issuer: str, names: list[str]) -> set[str]:
    """Return strings in comparable spelling of which every spelling of the number holds one."""
    dated = (f"{digits}-", *([f"{digits}/{year}-"] if year else ()))
    full = {f"{number}{kind}/{by}" for number in dated for by in (("tw", "tư") if issuer == "tw" else (issuer,))}
    short = {f"{name} {so}{number}" for name in names for so in ("", "số ") for number in (digits, f"0{digits}")}
    return full | short | {f"{kind} {so}{digits:0>2}" for so in ("", "số ")}


def is_elsewhere(doc: Document, after: str, *, alone: bool) -> bool:
    """Tell whether a number is another body's, by what follows it in its sentence.

    `alone`: nothing else in the text speaks of the campaign, so that a local office is the issuer
    ("Chỉ thị 05 của Tỉnh ủy"), not who carries the campaign's directive out.
    """
    dated = _DATED.match(after)
    if dated and doc.issued and int(dated[3]) != doc.issued.year:
        return True
    if doc.number.endswith("/TW") and (_STATES.match(after) or (alone and _LOCALS.match(after))):
        return True
    subject = _SUBJECT.match(after)
    return bool(doc.about and subject and not doc.about.search(after, subject.end(), subject.end() + _NEAR))


def has_subject(after: str) -> bool:
    """Tell whether a number is followed by its document's own subject ("… ngày 15/5/2016 về đẩy mạnh học tập")."""
    return bool(_SUBJECT.match(after))


def is_by_the_centre(after: str) -> bool:
    """Tell whether what follows a number names the Party's centre as its issuer."""
    return bool(_BY_CENTRE.match(after))
