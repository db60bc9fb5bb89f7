"""What an edition looks like: a map of 34 equal tiles and a strip of days, as SVG drawn from counts.

The same drawing stands in a page, where its style sheet recolours it for dark screens by the
classes, and in the card that goes to Telegram as PNG (1200 × 630), where the colours written here
hold. One hue from pale to deep can be told apart by everyone; the figure in each tile says the rest.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from html import escape
from importlib.resources import as_file, files
from math import ceil

import resvg_py

from monitor.digest import words
from monitor.models import Edition
from monitor.provinces import current, islands
from monitor.vietnamese import clean

DAYS = 30
"""How many days a strip shows."""
FACE = "Be Vietnam Pro"
_PAPER, _INK, _SOFT, _ACCENT = "#fbfaf7", "#1d1c1a", "#5d5a54", "#0d5c68"
_SHADES = ("#efece6", "#b9dade", "#86bfc5", "#2b7b86", "#0b4a55")
_INKS = (_SOFT, _INK, _INK, "#ffffff", "#ffffff")
_WIDE, _HIGH, _GAP = 72, 66, 4  # of a tile; its letters are 9 pixels high on a phone
_COLUMNS, _ROWS = 9, 17
_CARD = (1200, 630)


def bounds(most: int) -> list[int]:
    """Return from which count each of at most four shades begins: [1, 2, 3, 4] up to four, else quarters."""
    if most <= 4:
        return list(range(1, most + 1))
    return [1, *(max(n + 1, ceil(most * n / 4)) for n in (1, 2, 3))]


def _shade(count: int, limits: list[int]) -> int:
    return sum(count >= limit for limit in limits)


def tile_map(counts: Mapping[str, int], *, title: str, detail: bool = True) -> str:
    """Return the map as an <svg>: a tile a province, shaded by `counts` (by current name), archipelagos included.

    With `detail` each tile has its name and figure, and there is a legend; without it only shades,
    for small pictures.
    """
    limits = bounds(max(counts.values(), default=0))
    parts = [
        _tile(name, province.tile, counts.get(name, 0), limits, detail=detail) for name, province in current().items()
    ]
    parts += [_island(name, *of, counts=counts, limits=limits, detail=detail) for name, of in islands().items()]
    if detail:
        parts.append(_legend(limits))
    size = f"{_COLUMNS * (_WIDE + _GAP) - _GAP} {_ROWS * (_HIGH + _GAP) - _GAP}"
    said = f"{title}: " + (", ".join(f"{name} {count}" for name, count in counts.items() if name) or "không có tin")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 {size}" role="img"'
        f' aria-label="{_text(said)}" font-family="{FACE}, sans-serif">{"".join(parts)}</svg>'
    )


def _text(text: str) -> str:
    """Return any text of the outside as text or attribute of an SVG."""
    return escape(clean(text))


def _corner(tile: tuple[int, int]) -> tuple[int, int]:
    return tile[0] * (_WIDE + _GAP), tile[1] * (_HIGH + _GAP)


def _tile(name: str, tile: tuple[int, int], count: int, limits: list[int], *, detail: bool) -> str:
    """Return a province's tile: its name on two lines, its figure below."""
    (x, y), shade = _corner(tile), _shade(count, limits)
    box = f'<rect class="t{shade}" x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="5" fill="{_SHADES[shade]}"/>'
    if not detail:
        return box
    lines = _lines(name)
    middle = x + _WIDE // 2
    top = y + (21 if count else 30) + (0 if len(lines) > 1 else 8)
    words_ = "".join(f'<tspan x="{middle}" y="{top + 18 * n}">{_text(part)}</tspan>' for n, part in enumerate(lines))
    label = f'<text class="i{shade}" font-size="17.5" text-anchor="middle" fill="{_INKS[shade]}">{words_}</text>'
    figure = (
        f'<text class="i{shade}" x="{middle}" y="{y + _HIGH - 7}" font-size="19" font-weight="600"'
        f' text-anchor="middle" fill="{_INKS[shade]}">{count}</text>'
        if count
        else ""
    )
    return f"<g><title>{_text(name)}: {count} tin</title>{box}{label}{figure}</g>"


def _lines(name: str) -> list[str]:
    """Return a province's name for a tile: two syllables, two lines."""
    if name in {"Hồ Chí Minh", "Thành phố Hồ Chí Minh", "TP. Hồ Chí Minh", "TP Hồ Chí Minh"}:
        return ["TP.HCM"]
    first, _, rest = name.partition(" ")
    return [first, rest] if rest else [first]


def _island(
    name: str, province: str, tile: tuple[int, int], *, counts: Mapping[str, int], limits: list[int], detail: bool
) -> str:
    """Return an archipelago as three small isles in the shade of the province it belongs to."""
    (x, y), shade = _corner(tile), _shade(counts.get(province, 0), limits)
    isles = "".join(
        f'<rect class="t{shade} isle" x="{x + dx}" y="{y + dy}" width="{w}" height="{h}" rx="4" fill="{_SHADES[shade]}"'
        f' stroke="{_SOFT}" stroke-width="0.8"/>'
        for dx, dy, w, h in ((14, 4, 20, 13), (40, 0, 15, 10), (32, 19, 24, 11))
    )
    if not detail:
        return isles
    middle = min(x + _WIDE // 2, _COLUMNS * (_WIDE + _GAP) - 48)
    label = (
        f'<text class="soft" x="{middle}" y="{y + 52}" font-size="16.5" text-anchor="middle"'
        f' fill="{_SOFT}">{_text(name)}</text>'
    )
    return f"<g><title>{_text(name)} ({_text(province)})</title>{isles}{label}</g>"


def _legend(limits: list[int]) -> str:
    """Return the legend, in the empty west of the map's middle."""
    x, y, row = 0, 8 * (_HIGH + _GAP), 34
    parts = [f'<text class="ink" x="{x}" y="{y - 14}" font-size="19" font-weight="600" fill="{_INK}">Số tin</text>']
    for shade, said in enumerate(_ranges(limits)):
        top = y + shade * row
        parts.append(
            f'<rect class="t{shade}" x="{x}" y="{top}" width="32" height="24" rx="4" fill="{_SHADES[shade]}"/>'
            f'<text class="ink" x="{x + 44}" y="{top + 18}" font-size="18" fill="{_INK}">{said}</text>'
        )
    return "".join(parts)


def _ranges(limits: list[int]) -> list[str]:
    """Return what each shade stands for: "0", "1", "2–3", "4 trở lên"."""
    said = ["0"]
    for start, following in zip(limits, [*limits[1:], 0], strict=bool(limits)):
        if not following:
            said.append(f"{start} trở lên" if len(limits) == 4 else str(start))
        else:
            said.append(str(start) if following == start + 1 else f"{start}–{following - 1}")
    return said


def strip(counts: Mapping[date, int], last: date, *, title: str, width: int = 660, height: int = 150) -> str:
    """Return the last DAYS days as an <svg> of bars; a day without an edition has no bar, an empty one a dash."""
    days = [last - timedelta(days=n) for n in reversed(range(DAYS))]
    most = max([counts.get(day, 0) for day in days] + [1])
    step, floor, room = width / DAYS, height - 28, height - 52
    parts = []
    for number, day in enumerate(days):
        if day not in counts:
            continue
        tall = max(2.0, counts[day] / most * room)
        bar = f'x="{number * step + 2:.1f}" y="{floor - tall:.1f}" width="{step - 4:.1f}" height="{tall:.1f}" rx="2"'
        shade = f'class="now" {bar} fill="{_ACCENT}"' if day == last else f'class="bar" {bar} fill="{_SHADES[2]}"'
        parts.append(f"<g><title>{day:%d/%m/%Y}: {counts[day]} tin</title><rect {shade}/></g>")
        if counts[day] and (day == last or counts[day] == most):
            parts.append(_figure(number * step + step / 2, floor - tall - 7, counts[day], width))
    parts.append(f'<path class="line" d="M0 {floor + 1.5}H{width}" stroke="{_SOFT}" stroke-width="1"/>')
    ends = ((0, "start", days[0]), (width, "end", last))
    parts += [
        f'<text class="soft" x="{x}" y="{height - 6}" font-size="17" text-anchor="{anchor}" fill="{_SOFT}">'
        f"{day:%d/%m}</text>"
        for x, anchor, day in ends
    ]
    said = f"{title}: {sum(counts.get(day, 0) for day in days)} tin trong {DAYS} ngày, nhiều nhất {most} tin một ngày"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="strip" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="{_text(said)}" font-family="{FACE}, sans-serif">{"".join(parts)}</svg>'
    )


def _figure(x: float, y: float, count: int, width: int) -> str:
    x = min(max(x, 12), width - 12)
    return (
        f'<text class="ink" x="{x:.1f}" y="{y:.1f}" font-size="17" font-weight="600" text-anchor="middle"'
        f' fill="{_INK}">{count}</text>'
    )


def card(edition: Edition, places: Mapping[str, int], days: Mapping[date, int]) -> str:
    """Return the picture of an edition, 1200 × 630: date and counts, where most came from, map and strip."""
    wide, high = _CARD
    day = edition.date
    chart = tile_map(places, title="Số tin theo địa phương", detail=False)
    bars = strip(days, day, title="30 ngày qua", width=660, height=150)
    top = sorted(((count, name) for name, count in places.items() if name), key=lambda pair: -pair[0])[:3]
    lines = [f'<tspan x="64" dy="{0 if n == 0 else 46}">{_text(name)} · {count} tin</tspan>'
             for n, (count, name) in enumerate(top)]  # fmt: skip
    counts = words.overview(edition)
    size = 38 if len(counts) < 40 else 30
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="{FACE}, sans-serif">'
        f'<rect width="{wide}" height="{high}" fill="{_PAPER}"/><rect width="14" height="{high}" fill="{_ACCENT}"/>'
        f'<text x="64" y="88" font-size="36" font-weight="600" fill="{_ACCENT}">Điểm Báo</text>'
        f'<text x="64" y="172" font-size="68" font-weight="600" fill="{_INK}">{day:%d/%m/%Y}</text>'
        f'<text x="64" y="232" font-size="{size}" fill="{_INK}">{_text(counts)}</text>'
        f'<text x="64" y="304" font-size="34" fill="{_SOFT}">{"".join(lines)}</text>'
        f'<text x="64" y="446" font-size="26" fill="{_SOFT}">{DAYS} ngày qua</text>'
        f"{_nested(bars, 64, 456, 660, 150)}{_nested(chart, 770, 24, 400, 582)}</svg>"
    )


def _nested(svg: str, x: int, y: int, width: int, height: int) -> str:
    """Return a drawing placed inside another."""
    return svg.replace("<svg ", f'<svg x="{x}" y="{y}" width="{width}" height="{height}" ', 1)


def png(svg: str) -> bytes:
    """Return a card as PNG; the same drawing gives the same bytes."""
    return bytes(
        resvg_py.svg_to_bytes(svg_string=svg, width=_CARD[0], height=_CARD[1], skip_system_fonts=True,
                              font_files=_faces(), font_family=FACE)
    )  # fmt: skip


@cache
def typeface() -> dict[str, bytes]:
    """Return the typeface's files by name: regular and semi-bold, and its licence."""
    folder = files("fontpkg_be_vietnam_pro")
    faces = {
        f"BeVietnamPro-{cut}.ttf": folder.joinpath("files", f"BeVietnamPro-{cut}.ttf")
        for cut in ("Regular", "SemiBold")
    }
    return {name: path.read_bytes() for name, path in (faces | {"OFL.txt": folder.joinpath("LICENSE")}).items()}


@cache
def _faces() -> list[str]:
    folder = files("fontpkg_be_vietnam_pro")
    paths = [folder.joinpath("files", f"BeVietnamPro-{cut}.ttf") for cut in ("Regular", "SemiBold")]
    with as_file(paths[0]) as one, as_file(paths[1]) as other:
        return [str(one), str(other)]
