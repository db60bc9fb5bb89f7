"""Bytes become clean text: charset, escaped letters, Unicode.

Rule from the pages seen: trust UTF-8 wherever it decodes strictly, whatever the page declares;
only then the declared charset, and only one of an allow-list (a hostile `charset=` can crash or
stall a general decoder); windows-1258 writes tones apart, so NFC follows.
"""

import re
import unicodedata
import zlib
from html import unescape

from monitor.errors import UnreadableError

_ALLOWED = {"windows-1252": "cp1252", "windows-1258": "cp1258", "iso-8859-1": "cp1252",
            "cp1258": "cp1258", "utf-16": "utf-16"}  # fmt: skip
_DECLARED = re.compile(rb"""charset\s*+=\s*+["']?\s*+([\w-]{3,20})|encoding=["']([\w-]{3,20})""", re.IGNORECASE)
_BINARY_TYPE = re.compile(
    r"(?<!\s)\s*(?:image|audio|video|font)/|application/(?:pdf|zip|msword|vnd\.|octet)", re.IGNORECASE
)
_ESCAPED_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_XML_ENCODING = re.compile(rb"^(\s*<\?xml[^>]*?(?<!\s))\s+encoding\s*=\s*(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_REFERENCE = re.compile(rb"&#(x[0-9a-fA-F]{1,8}|\d{1,9});")
_LARGEST = 20_000_000  # bytes of a decompressed sitemap; the standard allows 50 MB


def decompress(content: bytes) -> bytes:
    """Return the content of a gzip file (`sitemap.xml.gz`), other bytes as they are.

    Raises UnreadableError when it is broken, cut short or would grow beyond 20 MB.
    """
    if not content.startswith(b"\x1f\x8b"):
        return content
    parts: list[bytes] = []
    try:
        while content:
            inflater = zlib.decompressobj(wbits=31)
            parts.append(inflater.decompress(content, _LARGEST))
            if not inflater.eof or sum(map(len, parts)) > _LARGEST:
                raise UnreadableError("gzip file is cut short, or larger than 20 MB")
            content = inflater.unused_data.lstrip(b"\x00")
    except zlib.error as fault:
        raise UnreadableError(f"broken gzip file: {fault}") from fault
    return b"".join(parts)


def decode(content: bytes, content_type: str = "") -> str:
    """Return the text of a page; bytes that fit no charset become U+FFFD.

    What is UTF-8 is left as it is: `clean` composes what is taken from it. Raises UnreadableError
    for a picture, a document or any other file that is not text.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if _BINARY_TYPE.match(content_type) or b"\x00" in content[:1024]:
        raise UnreadableError(f"not a web page ({content_type.partition(';')[0] or 'a binary file'})")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = _DECLARED.search(content_type.encode("ascii", "ignore") + b" " + content[:2048])
        name = (declared[1] or declared[2]).decode("ascii").lower() if declared else ""
        text = unicodedata.normalize("NFC", content.decode(_ALLOWED.get(name, "utf-8"), errors="replace"))
    return text.replace("\x00", "")


def xml(content: bytes, content_type: str = "") -> bytes:
    """Return an XML file as UTF-8 whose references name characters that exist.

    Some feeds write an emoji as two halves ("&#55357;&#56832;"), which no parser takes. Of the
    content type only the charset counts: servers send feeds and sitemaps as any kind of file.
    """
    charset = content_type.partition(";")[2]
    text = _XML_ENCODING.sub(rb"\1", decode(content, charset).encode("utf-8", "replace"), count=1)
    return _REFERENCE.sub(_existing, text)


def _existing(found: re.Match[bytes]) -> bytes:
    digits = found[1].lower()
    code = int(digits[1:], 16) if digits.startswith(b"x") else int(digits)
    return found[0] if 31 < code < 0xD800 or 0xE000 <= code < 0x110000 or code in {9, 10, 13} else b" "


def plain(text: str) -> str:
    """Undo letters that were escaped twice ("Chi&#7871;n" left in parsed text)."""
    for _ in range(2):
        if not _ESCAPED_ENTITY.search(text):
            break
        text = unescape(text)
    return text
