"""Figures said roughly: "gần 1.300 mô hình", where another report has 1.284."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ROUNDED = re.compile(
    r"(?<!\w)(gần|ngót|hơn|trên|khoảng|chừng|xấp xỉ) (\d{1,3}(?:\.\d{3})+|\d+)(?![\d/%,]|\.\d) ([^\W\d_]+)"
)
_BELOW, _ABOVE, _ABOUT = (0.85, 1.0), (1.0, 1.15), (0.9, 1.1)
_BOUNDS = {"gần": _BELOW, "ngót": _BELOW, "hơn": _ABOVE, "trên": _ABOVE}  # times what is said


@dataclass(frozen=True, slots=True)
class Rounded:
    """Between which numbers the exact one lies, and the syllable behind it."""

    least: float
    most: float
    unit: str

    def fits(self, number: str, units: frozenset[str]) -> bool:
        """Tell whether an exact figure ("18,6", "94%") with the syllables behind it may be this one."""
        return self.unit in units and self.least <= float(number.rstrip("%").replace(",", ".")) <= self.most


def rounded(text: str) -> Iterator[Rounded]:
    """Return the figures of a comparable text that are said roughly."""
    for how, number, unit in _ROUNDED.findall(text):
        least, most = _BOUNDS.get(how, _ABOUT)
        said = int(number.replace(".", ""))
        yield Rounded(said * least, said * most, unit)
