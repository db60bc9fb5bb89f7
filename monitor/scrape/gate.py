"""May a page be about the campaign at all? Asked of its bytes, before any tree is built.

Most pages a monitor fetches are about something else, and reading them to learn that costs some
forty times as much as looking. The gate only rejects: whatever holds the letters of an anchor, in
a menu or a related title, passes and is read properly.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import product

from ahocorasick_rs import BytesAhoCorasick

from monitor.vietnamese import fold, normalise

# looked for only before the last ">": where each is closed somewhere, no letter is looked at twice
_HEAD = re.compile(rb"<(?:[mM][eE][tT][aA]|[tT][iI][tT][lL][eE])\b[^>]*>[^<]*")
_MARKUP = re.compile(rb"<(?!meta|META)[a-zA-Z/!?][^>]*>")
_QUOTED_MARKUP = re.compile(rb"""<[a-zA-Z/!?][^<>"']*(?:(?:"[^<"]*"|'[^<']*')[^<>"']*)*>""")
# letters as entities, which old pages write without the semicolon, and as escapes of JSON
_ENTITY = r"&(?:#[xX]?[0-9a-fA-F]{1,7};?|[aeiouyAEIOUY](?:grave|acute|circ|tilde|uml);?|[a-zA-Z]{2,8};)"
_ENTITIES, _ENTITIES_RAW = re.compile(_ENTITY), re.compile(_ENTITY.encode())
_PLAIN = re.compile(rb"&#(?:[xX]0*([2-7][0-9a-fA-F])(?![0-9a-fA-F])|0*([3-9][0-9]|1[01][0-9]|12[0-7])(?![0-9]));?")
_MARK_APART = re.compile(rb"&#(?:0*(?:7[6-9]|8[0-7])[0-9](?![0-9])|[xX]0*3[0-6][0-9a-fA-F](?![0-9a-fA-F]))")
_TWICE = re.compile(rb"&amp;(?:amp;)*(?:#|[a-zA-Z]{2,8};)")
_JSON_LETTER = re.compile(r"\\u([0-9a-fA-F]{4})")
_CHARSETS = ("utf-8", "cp1258", "cp1252")  # those a Vietnamese page may be in
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_TONE_FIRST = re.compile(r"([ou])([\u0300\u0301\u0303\u0309\u0323])([aey])(?!\w)")
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_NO_LETTER = bytes(set(range(256)) - set(_LETTERS))
_BETWEEN = bytes(set(range(128)) - set(_LETTERS + b"&#;\\"))  # parts words, and is no part of an escape
_SMALL = bytes(range(256)).lower()
_FEW = 400  # letters of a page that has not even a menu


@dataclass(frozen=True, slots=True)
class Gate:
    """What a page must hold to be read: one anchor, without anything between its letters.

    `unmarked` are the anchors' letters without a mark, the others left out; `folded` all their
    letters.
    """

    unmarked: BytesAhoCorasick
    folded: BytesAhoCorasick

    def passes(self, content: bytes) -> bool:
        """Tell whether a page, as it came, may hold an anchor: False is certain, True is not.

        Neither charset nor escaped letters, letters with their marks apart, or tags inside words
        hide one. Letters with a mark are first only left out, which is quick; a page that then
        looks likely, or in which marks may stand apart, is folded. A page with hardly any words
        passes: it may be a wall before the article, and is to be named.
        """
        if content.startswith(_UTF_16):
            return True
        said = _said(content)
        if len(said) < _FEW:
            return True
        if _is_composed(said) and not _stands_in(_without_marked(said), self.unmarked):
            return False
        return any(_stands_in(reading, self.folded) for reading in _readings(said))


@lru_cache(maxsize=8)
def gate(anchors: frozenset[str]) -> Gate:
    """Return the gate for a vocabulary's anchors, plain phrases with their marks; without any, nothing passes."""
    unmarked = (spelling for phrase in anchors for spelling in _unmarked(phrase))
    return Gate(_finder(unmarked), _finder(_squeezed(fold(phrase)) for phrase in anchors))


def _unmarked(phrase: str) -> Iterator[bytes]:
    """Return a phrase's letters without a mark, for both places a tone may have (hòa, hoà)."""
    syllables = [unicodedata.normalize("NFD", syllable) for syllable in normalise(phrase).split()]
    for spelling in product(*({syllable, _TONE_FIRST.sub(r"\1\3\2", syllable)} for syllable in syllables)):
        composed = unicodedata.normalize("NFC", "".join(spelling))
        yield composed.encode("ascii", "ignore").translate(_SMALL, _NO_LETTER)


def _finder(anchors: Iterable[bytes]) -> BytesAhoCorasick:
    return BytesAhoCorasick(sorted(set(anchors) - {b""}))


def _stands_in(letters: bytes, anchors: BytesAhoCorasick) -> bool:
    return bool(anchors.find_matches_as_indexes(letters))


def _said(content: bytes) -> bytes:
    """Return the letters of a page: of titles, descriptions and JSON-LD, and of its body without markup."""
    body = content.find(b"<body")
    body = max(body if body >= 0 else content.find(b"<BODY"), 0)
    said = [*_HEAD.findall(content, 0, content.rfind(b">", 0, body) + 1), *_linked_data(content, body)]
    text = _without(_without(content[body:], b"<script", b"</script", b"ld+json"), b"<!--", b"-->")
    closed = text.rfind(b">") + 1
    said.append(_MARKUP.sub(b"", text[:closed]) + text[closed:])
    if b'">' in said[-1] or b"'>" in said[-1]:  # the rest of a tag that has ">" in an attribute
        said.append(_QUOTED_MARKUP.sub(b"", text))
    return b"\n".join(said).translate(None, _BETWEEN)


def _linked_data(content: bytes, until: int) -> Iterator[bytes]:
    at = 0
    while (start := content.find(b"ld+json", at, until)) >= 0 and (at := content.find(b"</script", start)) >= 0:
        yield content[start:at]


def _without(content: bytes, begins: bytes, ends: bytes, unless: bytes = b"") -> bytes:
    """Return a page without what stands between two marks; what is never closed, or opens with `unless`, stays."""
    kept, at = [], 0
    while (start := content.find(begins, at)) >= 0 and (end := content.find(ends, start)) >= 0:
        stays = unless and content.find(unless, start, min(end, start + 200)) >= 0
        kept.append(content[at : end if stays else start])
        at = end
    return b"".join((*kept, content[at:]))


def _is_composed(text: bytes) -> bool:
    """Tell whether a text is in UTF-8 and no mark stands apart from its letter, as it is or escaped."""
    if b"\xcc" in text or b"\xcd" in text or b"\\u" in text or (b"&#" in text and _MARK_APART.search(text)):
        return False
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"&amp;" not in text or not _TWICE.search(text)


def _without_marked(text: bytes) -> bytes:
    if b"&#" in text:
        text = _PLAIN.sub(lambda escape: bytes([int(escape[1], 16) if escape[1] else int(escape[2])]), text)
    text = _ENTITIES_RAW.sub(b"", text) if b"&" in text else text
    return text.translate(_SMALL, _NO_LETTER)


def _readings(text: bytes) -> Iterator[bytes]:
    """Return the letters of a text, folded: as UTF-8 where it is that, else in each charset it may be in."""
    try:
        yield _squeezed(_unescaped(text.decode("utf-8")))
    except UnicodeDecodeError:
        yield from (_squeezed(_unescaped(text.decode(charset, "ignore"))) for charset in _CHARSETS)


def _unescaped(text: str) -> str:
    while "&amp;" in text:
        text = text.replace("&amp;", "&")
    text = _ENTITIES.sub(lambda entity: _letter(entity[0]), text) if "&" in text else text
    return _JSON_LETTER.sub(lambda escape: chr(int(escape[1], 16)), text) if "\\u" in text else text


@lru_cache(maxsize=2048)
def _letter(entity: str) -> str:
    return unescape(entity)


def _squeezed(text: str) -> bytes:
    """Return a text's letters and digits, folded, without anything between them."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D").replace("ð", "d").replace("Ð", "D"))
    return bare.encode("ascii", "ignore").translate(_SMALL, _NO_LETTER)
