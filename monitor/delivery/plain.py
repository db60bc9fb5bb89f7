"""A message without markup, for when Telegram does not take it with it."""

import re
from html import escape, unescape

_LINK = re.compile(r"<a\s+href=\"([^\"]*)\"[^<>]*>((?:[^<]|<(?!/?a\b))*+)</a>")
_TAG = re.compile(r"</?[a-z][^<>]*>")
_LONGEST = 4096


def plain(html: str) -> str:
    """Return the words of a message as markup that holds no tag, with its addresses while there is room."""
    with_links = _bare(_LINK.sub(r"\2 (\1)", html))
    return with_links if len(unescape(with_links)) <= _LONGEST else _bare(html)


def _bare(html: str) -> str:
    return escape(unescape(_TAG.sub("", html)), quote=False)
