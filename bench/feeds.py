"""Which library reads feeds: feedparser against fastfeedparser, on nasty feeds first, then on speed.

`raw` is a library alone, `mended` the same behind our own mending of bytes (charset, references),
`ours` what the monitor reads. A cell tells how many of a feed's items came out as a person reads
them: address, headline, moment.
"""

import contextlib
import io
import time
from calendar import timegm
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import feedparser

from monitor.models import Page
from monitor.scrape.discover import discover
from monitor.scrape.repair import xml

NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
SITE = "https://baobanmuong.vn"
Item = tuple[str, str, datetime | None]
AT = datetime(2026, 11, 19, 1, 30, tzinfo=UTC)
SAID = "Thu, 19 Nov 2026 08:30:00 +0700"


def _rss(title: str, date: str = SAID, link: str = f"{SITE}/tin-1.html", head: str = "", tail: str = "") -> str:
    item = f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"{head}><channel><title>x</title>{item}{tail}'


def _whole(*arguments: str, **more: str) -> str:
    return _rss(*arguments, **more) + "</channel></rss>"


def _one(title: str, moment: datetime | None = AT) -> list[Item]:
    return [(f"{SITE}/tin-1.html", title, moment)]


CASES: dict[str, tuple[bytes, list[Item]]] = {
    "plain": (_whole("Lớp học mới").encode(), _one("Lớp học mới")),
    "A & B < C": (_whole("A & B < C").encode(), _one("A & B < C")),
    "escaped twice": (_whole("L&amp;#7899;p h&amp;#7885;c").encode(), _one("Lớp học")),
    "CDATA with markup": (_whole("<![CDATA[<b>Lớp học</b> &amp; ao cá]]>").encode(), _one("Lớp học & ao cá")),
    "letter names": (_whole("M&ugrave;a v&agrave;ng").encode(), _one("Mùa vàng")),
    "says windows-1252": (_whole("Chợ phiên").replace("utf-8", "windows-1252").encode(), _one("Chợ phiên")),
    "says utf-16": (_whole("Chợ phiên").replace("utf-8", "utf-16").encode(), _one("Chợ phiên")),
    "is utf-16": (_whole("Chợ phiên").replace("utf-8", "utf-16").encode("utf-16"), _one("Chợ phiên")),
    "emoji in halves": (_whole("Tin &#55357;&#56832; vui").encode(), _one("Tin vui")),
    "cut short": (_rss("Lớp học", tail="<item><title>Hai</ti").encode(), _one("Lớp học")),
    "namespace missing": (_whole("Lớp học", tail="<media:x>1</media:x>").encode(), _one("Lớp học")),
    "blank line first": (b"\n\n" + _whole("Lớp học").encode(), _one("Lớp học")),
    "date without zone": (_whole("Tin", "2026-11-19 08:30:00").encode(), _one("Tin")),
    "GMT+7": (_whole("Tin", "Thu, 19 Nov 2026 08:30:00 GMT+7").encode(), _one("Tin")),
    "Vietnamese date": (_whole("Tin", "Thứ năm, 19/11/2026 - 08:30").encode(), _one("Tin")),
    "month first": (_whole("Tin", "11/19/2026 8:30:00 AM").encode(), _one("Tin")),
    "relative address": (_whole("Tin", SAID, "/tin-1.html").encode(), _one("Tin")),
    "Atom, two links": (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">Lớp &amp;amp; học</title>'
        f'<link rel="enclosure" href="{SITE}/a.mp3"/><link href="{SITE}/tin-1.html"/>'
        f"<published>2026-11-19T08:30:00+07:00</published></entry></feed>".encode(),
        _one("Lớp & học"),
    ),
    "RSS 0.91": (_whole("Tin").replace("2.0", "0.91").encode(), _one("Tin")),
    "RDF": (
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="{SITE}/tin-1.html"><title>Tin</title>'
        f"<link>{SITE}/tin-1.html</link><dc:date>2026-11-19T08:30:00+07:00</dc:date></item></rdf:RDF>".encode(),
        _one("Tin"),
    ),
}
LONG = _whole("Lớp học số 1", tail="".join(
    f"<item><title>Lớp học số {n}</title><link>{SITE}/tin-{n}.html</link><pubDate>{SAID}</pubDate>"
    f"<description><![CDATA[<p><img src='/anh-{n}.jpg'/>{'Bà con trong bản dựng lớp học. ' * 20}</p>]]></description>"
    "</item>" for n in range(2, 61))).encode()  # fmt: skip


def _moment(parsed: Any) -> datetime | None:  # noqa: ANN401 - a time.struct_time of the library
    return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None


def _feedparser(content: bytes) -> list[Item]:
    found = feedparser.parse(io.BytesIO(content), sanitize_html=False)
    return [(e.get("link", ""), e.get("title", ""), _moment(e.get("published_parsed"))) for e in found.entries]


def _fastfeedparser(content: bytes) -> list[Item]:
    import fastfeedparser  # noqa: PLC0415 - a peer, absent where only the monitor is installed

    found = fastfeedparser.parse(content)
    moments = [e.get("published") for e in found.entries]
    dated = [datetime.fromisoformat(one) if one else None for one in moments]
    return [(e.get("link") or "", e.get("title") or "", at) for e, at in zip(found.entries, dated, strict=True)]


def _ours(content: bytes) -> list[Item]:
    found = discover(Page(f"{SITE}/rss/tin.rss", content), NOW)
    return [(link.url, link.title, link.published) for link in found.links]


READERS: dict[str, Callable[[bytes], list[Item]]] = {
    "feedparser": _feedparser,
    "fastfeedparser": _fastfeedparser,
    "feedparser, mended": lambda content: _feedparser(xml(content)),
    "fastfeedparser, mended": lambda content: _fastfeedparser(xml(content)),
    "ours": _ours,
}


def _right(read: Callable[[bytes], list[Item]], content: bytes, wanted: list[Item]) -> str:
    """Return which of address, headline and moment came out right: "aht", "-" for what did not."""
    found: list[Item] = []
    with contextlib.suppress(Exception):  # a reader that raises has read nothing
        found = read(content)
    if not found:
        return "nothing"
    return "".join(mark if found[0][n] == wanted[0][n] else "-" for n, mark in enumerate("aht"))


def _speed(read: Callable[[bytes], list[Item]]) -> float:
    """Return milliseconds of CPU for a feed of 60 items."""
    began, rounds = time.process_time(), 0
    while time.process_time() - began < 0.5:
        read(LONG)
        rounds += 1
    return (time.process_time() - began) / rounds * 1000


def main() -> None:
    """Print a table: feeds down, readers across, and the CPU time of a feed of 60 items."""
    print("\nFeeds (a: address, h: headline, t: time; - what came out wrong)")
    readers = dict(READERS)
    try:
        import fastfeedparser  # noqa: F401, PLC0415
    except ImportError:
        readers = {name: read for name, read in READERS.items() if "fast" not in name}
    print(f"{'':20}" + "".join(f"{name:>24}" for name in readers))
    whole = dict.fromkeys(readers, 0)
    for case, (content, wanted) in CASES.items():
        cells = {name: _right(read, content, wanted) for name, read in readers.items()}
        for name, cell in cells.items():
            whole[name] += cell == "aht"
        print(f"{case:20}" + "".join(f"{cell:>24}" for cell in cells.values()))
    print(f"{'all right':20}" + "".join(f"{f'{n} of {len(CASES)}':>24}" for n in whole.values()))
    print(f"{'ms CPU, 60 items':20}" + "".join(f"{_speed(read):>24.1f}" for read in readers.values()))
