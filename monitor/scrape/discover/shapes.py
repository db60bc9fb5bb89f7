"""The shape of an address: what the articles of one site share, whatever they are about."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from monitor.models import VIETNAM

_DATED = re.compile(r"^(?:19|20)\d{2}(?:[-_]?[01]\d){0,2}$|^[0-3]?\d$")
_ENDING = re.compile(r"\.([a-z]{2,5})$", re.IGNORECASE)
_ID_LAST = re.compile(r"(?:^|[-_])(?P<mark>[a-z]{0,6}?|c\d+a)(?P<id>\d{2,})$", re.IGNORECASE)
_HEX_LAST = re.compile(r"-(?=[0-9a-f]*\d)[0-9a-f]{7,32}$")
_ID_FIRST = re.compile(r"^(?P<mark>[a-z]{0,2}?)(?P<id>\d+)-")
_ID_FOLDER = re.compile(r"^(?P<mark>[a-z]{0,2})(?P<id>\d{3,})$")
_DATE_LAST = re.compile(r"(?:nam|\d{1,2})[-_](?:19|20)\d{2}$", re.IGNORECASE)
_OF_SECTIONS = {"c", "cat", "cate", "ct"}  # "xa-hoi-c12.html"
_SECTION_PARAMETERS = frozenset(
    "cat cate category categoryid category_id cateid catid chuyenmuc danhmuc tag tags topic author month year date "
    "sort tabid menuid zoneid lang".split()
)
_PAGE = re.compile(r"^(?:page|p|trang|paged|pg|start|offset|pageindex|page_?no|pagenumber)$", re.IGNORECASE)
_VALUE = re.compile(r"\d|^[0-9a-f-]{32,36}$", re.IGNORECASE)

_MONTH_FOLDER = re.compile(r"/((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])(?:[/-]?(0[1-9]|[12]\d|3[01]))?/")
_STAMP = re.compile(r"[-_/](?:(20\d{2})|\d{3}(\d{2}))(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{6,12}(?=\.|/|$)")


@dataclass(frozen=True, slots=True)
class Shape:
    """What kind of address it is.

    `kin` is shared by addresses built alike; `numbered` tells that it holds an id, of `digits`
    figures, `queried` that the id stands in the query, where sections have theirs too; `path` and
    `above` are its path and the folders above it, without slashes at the end; `listed` tells that
    its query asks for a section, or for a further page of a list.
    """

    kin: str
    numbered: bool
    queried: bool
    digits: int
    path: str
    above: frozenset[str]
    listed: bool


def shape_of(address: str) -> Shape:
    """Return the shape of a cleaned address."""
    parts = urlsplit(address)
    path = _ENDING.sub("", parts.path.rstrip("/"))
    ending = (_ENDING.search(parts.path) or [""])[0].lower()
    *folders, last = path.lstrip("/").split("/")
    query = [(name.lower(), value) for name, value in parse_qsl(parts.query)]
    valued = sorted(name for name, value in query if _VALUE.search(value) and not _is_page(name, value))
    paged = any(_is_page(name, value) for name, value in query)
    folder, tail, digits = _folder(folders), *_tail(last)
    if valued:
        kin, digits = f"{last}{ending}?{'&'.join(valued)}", 0
    elif tail or folder:
        kin = f"{folder}/{tail}{ending}"
    else:
        kin = f"{'/'.join(['', *folders])}/*{ending}"
    return Shape(
        kin=kin,
        numbered=bool(tail or valued or folder),
        queried=bool(valued),
        digits=digits,
        path=path,
        above=frozenset("/" + "/".join(folders[:n]) for n in range(1, len(folders) + 1)),
        listed=bool(query) and _SECTION_PARAMETERS.issuperset(valued) and (bool(valued) or paged),
    )


def _is_page(name: str, value: str) -> bool:
    return bool(_PAGE.match(name)) and value.isdecimal() and len(value) <= 3


def _folder(folders: list[str]) -> str:
    """Return how the folders mark an article: by a date, an id of its own, or Liferay's "/-/"; "" if not."""
    if "-" in folders:
        return "/-"
    for one in folders:
        if found := _ID_FOLDER.match(one):
            return "/d" if _DATED.match(one) else f"/{found['mark']}9"
    if any(_DATED.match(one) for one in folders):
        return "/d"
    return "/n" if any(_ID_FIRST.match(one) for one in folders) else ""


def _tail(last: str) -> tuple[str, int]:
    """Return how the last part of a path holds an id ("-post9", "9-", "-hex"; "" if it holds none) and its length."""
    if last.isdecimal() and len(last) > 1:
        return "9", len(last)
    if _HEX_LAST.search(last):
        return "-hex", 0
    if found := _ID_FIRST.match(last):
        return f"{found['mark'].lower()}9-", len(found["id"])
    if (found := _ID_LAST.search(last)) and not _DATE_LAST.search(last):
        mark = re.sub(r"\d+", "", found["mark"].lower())
        return ("", 0) if mark in _OF_SECTIONS else (f"-{mark}9", len(found["id"]))
    return "", 0


def day_of(address: str) -> datetime | None:
    """Return the end of the day, or of the month, that an article's address names, in Vietnamese time.

    Folders (`/2026/11/19/`, `/202611/`) and ids that are a time stamp (`-20261119083012345.htm` of
    TTXVN, `-196261119083012345.htm` of VCCorp, where three figures name the site).
    """
    path = urlsplit(address).path
    if found := _MONTH_FOLDER.search(path):
        year, month, day = int(found[1]), int(found[2]), int(found[3] or 0)
    elif found := _STAMP.search(path):
        year, month, day = int(found[1] or f"20{found[2]}"), int(found[3]), int(found[4])
    else:
        return None
    last = monthrange(year, month)[1]
    return datetime(year, month, min(day or last, last), 23, 59, tzinfo=VIETNAM)
