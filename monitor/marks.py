"""Marks of papers and agencies round a text: "(VLO) ", "TTXVN - " before it, "(TTXVN/Vietnam+)" after it.

They say who sent a text and are no part of what it tells: copies differ in them, a summary drops
them. The forms are those listed in docs/vietnamese.md.
"""

import re

_DASH = r"\s?[-–—:]\s*"
_IN_BRACKETS = rf"[\[(](?:[A-ZĐ][\w.+/]{{1,24}}|Ngày Nay)[\])](?:{_DASH})?"
_PLAIN = rf"(?:[A-ZĐ]{{2,7}}|\w+\.(?:vn|VN)){_DASH}"
_OPENING = re.compile(rf"^\s*(?:{_IN_BRACKETS}|{_PLAIN}|[-–—•]\s)\s*(?=\S)")
_AGENCY = (
    r"(?:TTXVN|Thông tấn xã Việt Nam|VietnamPlus(?:\.vn)?|Vietnam\+)"
    r"(?:\s*+/\s*+(?:Báo Tin tức|[\w+.]++))*+"
)
_CLOSING = re.compile(rf"(?<!\s)\s*(?:[(\[]\s*+(?:Theo\s++)?{_AGENCY}\s*+[)\]]|\bTheo\s++{_AGENCY})\s*+\.?/?\.?\s*+$")
_ALONE = re.compile(rf"^\s*+[(\[]?\s*+(?:(?:Theo|Nguồn|Tổng hợp từ)\s*+:?\s*+)?{_AGENCY}\s*+[)\]]?\s*+\.?/?\.?\s*+$")


def without_opening(text: str) -> str:
    """Return a lead or first paragraph without the mark before it."""
    return _OPENING.sub("", text, count=1)


def without_closing(text: str) -> str:
    """Return a last paragraph without the agency's signature at its end."""
    return _CLOSING.sub("", text, count=1)


def is_signature(line: str) -> bool:
    """Tell whether a line is nothing but an agency's signature."""
    return bool(_ALONE.match(line))


def opens_with_agency(text: str) -> bool:
    """Tell whether a text begins with the agency's mark."""
    opening = _OPENING.match(text)
    return bool(opening) and "TTXVN" in text[: opening.end() if opening else 0]


def closes_with_agency(text: str) -> bool:
    """Tell whether a text ends with the agency's signature."""
    return bool(_CLOSING.search(text))
