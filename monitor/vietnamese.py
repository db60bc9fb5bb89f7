"""Vietnamese text: one spelling to compare by, letters without marks, dictionary order, sentences.

The spellings met on provincial pages and the SQLite facts behind `fold` were measured for this
project; see docs/vietnamese.md.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from itertools import product

_ETH = {"\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ", "\u0256": "đ"}  # look like Đ, are other letters
_IS_ETH = re.compile(f"[{''.join(_ETH)}]")
# zero-width, bidirectional and control characters, fillers, soft hyphen, byte order mark, tags, surrogates, U+FFFD
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffd\U000e0000-\U000e007f]"
)
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_QUOTES = re.compile("[“”„‟«»″＂]")
_APOSTROPHES = re.compile("[‘’‚‛′＇`´]")


def clean(text: str) -> str:
    """Return `text` as a person sees it: NFC, real Đ, no invisible characters, single spaces."""
    seen = _INVISIBLE.sub("", " ".join(text.split()))
    composed = _IS_ETH.sub(lambda found: _ETH[found[0]], unicodedata.normalize("NFC", seen))
    return " ".join(composed.split())


def grouped(number: int) -> str:
    """Return a whole number as Vietnamese writes it: 4.300."""
    return f"{number:,}".replace(",", ".")


def _tone_placements() -> dict[str, str]:
    """Map each vowel pair with the tone on its second letter ("oà") to the other style ("òa")."""
    placements: dict[str, str] = {}
    for (first, second), tone in product((("o", "a"), ("o", "e"), ("u", "y")), "\u0300\u0301\u0303\u0309\u0323"):
        new = unicodedata.normalize("NFC", first + second + tone)
        old = unicodedata.normalize("NFC", first + tone + second)
        placements |= {new: old, new.title(): old.title(), new.upper(): old.upper()}
    return placements


_PLACEMENTS = _tone_placements()
# only at the end of a syllable, and never after q: quý and quỳ have no other spelling
_PLACED = re.compile(rf"[oOuU](?:{'|'.join(sorted({pair[1] for pair in _PLACEMENTS}))})(?<![qQ]..)(?!\w)")
_DASH_IN_NUMBER = re.compile(r"(?<=\d) ?- ?(?=[A-ZĐ]{2})")


def normalise(text: str) -> str:
    """Return `clean(text)` in one spelling of tones, dashes and quotes; case and marks stay.

    "Tỉnh uỷ" and "Tỉnh ủy", "05–CT/TW" and "05 - CT/TW" come out the same.
    """
    text = _PLACED.sub(lambda found: _PLACEMENTS.get(found[0], found[0]), clean(text))
    text = _APOSTROPHES.sub("'", _QUOTES.sub('"', _DASHES.sub("-", text)))
    return _DASH_IN_NUMBER.sub(lambda found: found[0].strip(), text)


def comparable(text: str) -> str:
    """Return `normalise(text)` in lower case: the form in which phrases are looked for."""
    return normalise(text).lower()


def alike(one: str, other: str) -> float:
    """Return how far two lines agree, 0 to 1, one of them perhaps cut or with a suffix."""
    one, other = comparable(one), comparable(other)
    if not one or not other:
        return 0.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) > 15 and longer.startswith(shorter):
        return 1.0
    if len(longer) > 3 * len(shorter) + 20:
        return 0.0  # too unlike in length to be one line
    return SequenceMatcher(None, one[:400], other[:400]).ratio()


def fold(text: str) -> str:
    """Return lower-case letters without any mark ("Đạo đức" gives "dao duc"), for search.

    SQLite's own folding knows no đ, so the store folds text and query with this.
    """
    decomposed = unicodedata.normalize("NFD", normalise(text).lower())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")
    return " ".join(bare.split())


_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: rank for rank, letter in enumerate(_ALPHABET, start=1)}
_TONE_RANK = {mark: rank for rank, mark in enumerate("\u0300\u0309\u0303\u0301\u0323", start=1)}


def _letter(character: str) -> tuple[int, int]:
    """Return a letter's place in the alphabet and the rank of its tone (0: no tone)."""
    decomposed = unicodedata.normalize("NFD", character)
    tone = next((_TONE_RANK[mark] for mark in decomposed if mark in _TONE_RANK), 0)
    bare = "".join(mark for mark in decomposed if mark not in _TONE_RANK)
    return _LETTER_RANK.get(unicodedata.normalize("NFC", bare), 0), tone


def sort_key(text: str) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    """Return a key for dictionary order: letters first (Cao before Cà Mau's "u"), then tones.

    Words are compared one by one, so that "Hà Nội" stands before "Hải Phòng".
    """
    words = [[_letter(c) for c in word] for word in normalise(text).lower().split()]
    return (
        tuple(tuple(letter for letter, _ in word) for word in words),
        tuple(tuple(tone for _, tone in word) for word in words),
    )


_END = re.compile(r"(?:\./\.|[.!?…]+)[\"”’»)\]]*")
_ABBREVIATIONS = frozenset(
    "tp tx tt ts ths pgs gs bs bscki bsckii ks kts cn ncs nsnd nsut nghs q p tr st mr mrs ms dr "
    "nxb ub ubnd đ/c t.ư v.v tgđ gđ pgđ gs.ts pgs.ts bs.cki bs.ckii".split()
)
_CLASS = re.compile(r"(?:giải|loại|hạng|khối|nhóm|lớp|bảng|mẫu|vitamin|khu|lô) \w$")  # "25 giải B." is no initial
_SIGN = re.compile(r"(?<!\w)[A-ZĐ]{2,6}$")
_SIGN_GOES_ON = re.compile(r"[A-ZĐ]{2,6}(?!\w)")
_LAST_TOKEN = re.compile(r"(?<![\w./])[\w./]+$")
_NEAR = 40  # letters either side of a full stop that tell what it is


def _ends_sentence(text: str, mark: re.Match[str]) -> bool:
    """Tell whether the punctuation at `mark` closes a sentence of `text`."""
    before, after = text[max(0, mark.start() - _NEAR) : mark.start()], text[mark.end() : mark.end() + _NEAR]
    if not after.strip():
        return True
    following = after.lstrip(" \"“‘'([-–")
    glued = not after[0].isspace()
    if not following or (glued and not after[0].isupper()):
        return False
    if glued and _SIGN.search(before) and _SIGN_GOES_ON.match(after):
        return False  # a name in capitals: TP.HCM, VOV.VN
    if not (following[0].isupper() or following[0].isdigit()):
        return False
    token = _LAST_TOKEN.search(before)
    word = token[0].strip("./").lower() if token else ""
    if mark[0].startswith(".") and not mark[0].startswith("./."):
        last = re.split(r"[./]", word)[-1]
        initial = len(last) == 1 and last.isalpha() and text[mark.start() - 1].isupper()
        return not (word in _ABBREVIATIONS or last in _ABBREVIATIONS or (initial and not _CLASS.search(before)))
    return True


def sentences(text: str) -> list[str]:
    """Split one paragraph into its sentences, also where they are glued ("trình.Cùng dự").

    Abbreviations ("TP.HCM", "PGS.TS."), initials and dates ("17.5") do not end a sentence; a class does ("giải B.").
    """
    found, start = [], 0
    for mark in _END.finditer(text):
        if _ends_sentence(text, mark):
            found.append(text[start : mark.end()].strip())
            start = mark.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]
