"""Vietnam's provinces: 63 before 1 July 2025, 34 since, and their names in running text.

Data: data/provinces.json (names, aliases, what merged into what, tiles for a map), checked 63/63
against the package vietnamadminunits 1.0.4. The rules of reading names are in
docs/vietnamese.md: the longest name wins, bare "Hồ Chí Minh" is never the city, and names that
are also common words need "tỉnh" or an office of the province beside them.
"""

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ahocorasick_rs import AhoCorasick, MatchKind

from monitor.vietnamese import comparable, fold, normalise


@dataclass(frozen=True, slots=True)
class Province:
    """One of the 34: `name` as headings have it, `hashtag` without marks and spaces.

    `tile` is its place (column, row) on a map of equal tiles, from the north-west.
    """

    slug: str
    name: str
    hashtag: str
    tile: tuple[int, int] = (0, 0)


@cache
def _data() -> dict[str, list[dict[str, str | list[str]]]]:
    text = files("monitor").joinpath("data/provinces.json").read_text(encoding="utf-8")
    data: dict[str, list[dict[str, str | list[str]]]] = json.loads(text)
    return data


@cache
def current() -> dict[str, Province]:
    """Return the 34 provinces of today by name."""
    rows = _data()["provinces_34"]
    found = {}
    for row in rows:
        slug, name = str(row["slug"]), str(row["name"])
        hashtag = "".join(word.title() for word in slug.split("-"))
        found[name] = Province(slug, name, "TPHCM" if slug == "ho-chi-minh" else hashtag, _tile(row))
    return found


def _tile(row: dict[str, str | list[str]]) -> tuple[int, int]:
    column, line = (int(part) for part in row["tile34"])
    return column, line


@cache
def islands() -> dict[str, tuple[str, tuple[int, int]]]:
    """Return the archipelagos that every map of the country shows: the province of each, and its tile."""
    names = {province.slug: name for name, province in current().items()}
    return {str(row["name"]): (names[str(row["belongs_to"])], _tile(row)) for row in _data()["island_tiles"]}


@cache
def _capitals() -> dict[str, str]:
    """Map each provincial capital that only one place is called by to the current province, in comparable spelling."""
    by_slug = {province.slug: province.name for province in current().values()}
    new = {str(row["slug"]): str(row["new_slug"]) for row in _data()["provinces_63"]}
    return {comparable(str(row["name"])): by_slug[new[str(row["slug"])]] for row in _data()["capitals"]}


@cache
def _special_zones() -> dict[str, str]:
    """Map each of the 13 special zones, as texts name them, in comparable spelling to its province."""
    names = {province.slug: name for name, province in current().items()}
    return {comparable(f"đặc khu {row['name']}"): names[str(row["slug"])] for row in _data()["special_zones"]}


@cache
def _today_by_name() -> dict[str, str]:
    """Map every name and alias, old or new, in comparable spelling to the current name."""
    by_slug = {province.slug: province.name for province in current().values()}
    names = {}
    for row in _data()["provinces_63"]:
        aliases = row["aliases"] if isinstance(row["aliases"], list) else []
        for name in (row["name"], row["official"], *aliases):
            names[comparable(str(name))] = by_slug[str(row["new_slug"])]
    for name in current():
        names[comparable(name)] = name
    return _capitals() | names


def now(name: str) -> str:
    """Return the current name of a province named in the old or new way; "" when it is none."""
    return _today_by_name().get(comparable(name), "")


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z]", "", fold(text))


@cache
def _today_by_letters() -> dict[str, str]:
    """Map every name, squeezed to its bare letters ("laichau"), to the current one."""
    return {_squeezed(name): today for name, today in _today_by_name().items()}


def of_host(host: str) -> str:
    """Return the current name of the province that a host is called after, "" if after none.

    "baolaichau.vn", "congan.laichau.gov.vn" and "baodaklak.vn" are; the longest name wins.
    """
    letters = re.sub(r"[^a-z]", "", host.lower())
    found = [name for name in _today_by_letters() if len(name) >= 5 and name in letters]
    return _today_by_letters()[max(found, key=len)] if found else ""


def meant(typed: str) -> str:
    """Return the current name of the province that someone types, with or without marks; "" when it is none."""
    return now(typed) or _today_by_letters().get(_squeezed(typed), "")


def former(typed: str) -> str:
    """Return the name of the province of before 1 July 2025 that someone types and that is none today; "" if it is."""
    rows = (row for row in _data()["provinces_63"] if str(row["name"]) not in current())
    names = {_squeezed(str(name)): str(row["name"]) for row in rows for name in (row["name"], row["official"])}
    return names.get(_squeezed(typed), "")


def like(typed: str, most: int = 3) -> list[str]:
    """Return the current names of provinces whose names are close to what someone types, the closest first."""
    close = difflib.get_close_matches(_squeezed(typed), _today_by_letters(), n=3 * most, cutoff=0.7)
    return list(dict.fromkeys(_today_by_letters()[letters] for letters in close))[:most]


_SOBRIQUETS = frozenset(
    comparable(name)
    for name in ("Đất mỏ", "Đất Tổ", "Đất Cảng", "xứ Thanh", "xứ Nghệ", "Xứ Lạng", "Tây Đô", "Đất Mũi",
                 "quê hương Đồng Khởi")
)  # fmt: skip
# these say too little, or are other words as well
_TOO_WEAK = _SOBRIQUETS | {
    comparable(name)
    for name in ("HN", "xứ Đông", "xứ Quảng", "Sài Gòn", "thành phố mang tên Bác", "Thành phố mang tên Người")
}
# common words, rivers, wards or foreign places: only beside an office or "tỉnh"
_NEEDS_OFFICE = frozenset(comparable(n) for n in ("Hòa Bình", "Thái Bình", "Hà Nam", "Bình Định"))
# Điện Biên Phủ, Thái Bình Dương, Đồng Tháp Mười, Hà Nam Ninh
_LONGER = re.compile(r"\w|(?<!\s)\s+(?:phủ\b(?!\s+tỉnh)|dương\b|mười\b|ninh\b)")
# also where someone comes from or goes to: "chị Lài, quê Trà Vinh", "ra Hà Nội dự hội nghị"
_WITHIN = re.compile(r"(?:\w|(?:quê|quê ở|ra|thái|phường|đường|sông|chiến thắng|trường đua|phố|huyện) )$")
_NEAR = 20  # letters before a name that tell what it is
_OFFICE = re.compile(
    r"(?:vùng biển|tỉnh|tỉnh ủy|tỉnh đoàn|ubnd tỉnh|hđnd tỉnh|báo|đảng bộ|công an|cựu|cũ|"
    r"nông dân|phụ nữ|tuổi trẻ|thanh niên|bộ đội|biên phòng|nhân dân|mặt trận|công đoàn|doanh nghiệp)\s+$"
)


@cache
def _names() -> AhoCorasick:
    """Return what finds all names."""
    known = [n for n in _today_by_name() if n not in _TOO_WEAK and n not in _capitals()]
    return _any_of(n for n in known if not n.startswith("tỉnh "))


@cache
def _hints() -> AhoCorasick:
    """Return what finds capitals, special zones and sobriquets, which tell the province where its name is missing."""
    return _any_of((*_capitals(), *_special_zones(), *_SOBRIQUETS))


def _any_of(names: Iterable[str]) -> AhoCorasick:
    return AhoCorasick(sorted(set(names)), matchkind=MatchKind.LeftmostLongest)


def _finds(lowered: str, names: AhoCorasick) -> Iterator[tuple[int, int]]:
    """Return from where to where names stand in a text in small letters: as whole words, and no part of other names."""
    for _, start, end in names.find_matches_as_indexes(lowered):
        if not _LONGER.match(lowered, end) and not _WITHIN.search(lowered[max(0, start - _NEAR) : start]):
            yield start, end


def named(text: str) -> list[str]:
    """Return the province names of `text` as printed there, one for each time, in their order."""
    spelled = normalise(text)
    lowered = spelled.lower()
    found = []
    for start, end in _finds(lowered, _names()):
        name, printed = lowered[start:end], spelled[start:end]
        if not printed[0].isupper() and not name.startswith(("tp", "thành phố", "thủ đô")):
            continue
        if name in _NEEDS_OFFICE and not _OFFICE.search(lowered[:start]):
            continue
        found.append(_bare(printed))
    return found


def _hinted(text: str) -> list[str]:
    """Return the capitals and sobriquets of `text` as printed there, and the provinces of its special zones."""
    spelled = normalise(text)
    hits = (spelled[start:end] for start, end in _finds(spelled.lower(), _hints()))
    return [_special_zones().get(printed.lower(), printed) for printed in hits if printed != printed.lower()]


_PREFIX = re.compile(r"^(?:thành ủy|thủ đô|tỉnh|tp\.?|thành phố)\s*", re.IGNORECASE)


def _bare(printed: str) -> str:
    """Return a name as headings have it, without "TP", "Thành ủy" or "tỉnh" before it."""
    bare = _PREFIX.sub("", printed)
    return bare if now(bare) else printed


def about(title: str, lead: str, body: tuple[str, ...], place: str = "") -> tuple[str, ...]:
    """Return the names of the provinces an article is about, the most certain first.

    A place line decides alone. Names in title and lead count; without any, capitals, special zones
    and sobriquets there ("Đà Lạt", "đặc khu Phú Quốc", "xứ Thanh"); without these, the names of the
    body that come at least half as often as the most frequent, the first paragraph weighing double.
    Several spellings of one current province come out once, as first printed.
    """
    if now(place):
        return (place,)
    names = named(f"{title}\n{lead}") or _hinted(f"{title}\n{lead}")
    if not names:
        first = named(body[0]) if body else []
        names = [*first, *first, *(n for paragraph in body[1:] for n in named(paragraph))]
    counts = Counter(now(name) for name in names)
    most = max(counts.values(), default=0)
    spelled: dict[str, str] = {}
    for name in names:
        if counts[now(name)] * 2 >= most:
            spelled.setdefault(now(name), name)
    return tuple(spelled.values())
