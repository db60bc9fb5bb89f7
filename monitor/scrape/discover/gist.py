"""What of a listing's answer can bring news: the part that is compared from one visit to the next.

Many listings carry a clock, a visitor counter or a token, so that no two answers are alike byte for
byte. Their links change only when there is something new.
"""

import re

_GZIP, _GZIP_HEAD = b"\x1f\x8b", 10  # bytes, RFC 1952
_ITEMS = re.compile(rb"<(?:\w+:)?(?:item|entry|url|sitemap)[\s>]")
_COMMENT = re.compile(rb"<!--[^<]{0,500}-->")
_LINK = re.compile(rb"<a\s[^<>]*?href\s*=\s*(\"[^\"<>]*|'[^'<>]*|[^\s\"'<>]+)", re.IGNORECASE)


def gist(content: bytes) -> bytes:
    """Return the items of a feed or sitemap, the addresses to which a web page links, or all of what is neither.

    A gzip file stays packed, because it may be a bomb; its head, which may tell the time, is left out.
    """
    if content.startswith(_GZIP):
        return content[_GZIP_HEAD:]
    start = content[:8000].lower()
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return content
    if b"<?xml" in start or b"<rss" in start or b"<feed" in start or b"<urlset" in start or b"<sitemapindex" in start:
        first = _ITEMS.search(content)
        return _COMMENT.sub(b"", content[first.start() :]) if first else content
    return b"\n".join(_LINK.findall(content)) or content
