"""The gate turns away most pages unread, and never one that could be kept."""

import json
import re
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.campaign import builtin, decide
from monitor.errors import UnreadableError
from monitor.models import Label
from monitor.scrape.extract import extract
from monitor.scrape.gate import gate
from monitor.scrape.repair import decode
from tests.newsroom import article_page, campaign_body, other_body

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ANCHORS = (
    "học tập và làm theo",
    "gương Bác",
    "hòa giải ở cơ sở",
    "05-CT/TW",
    "lời Bác dặn",
    "đạo đức Hồ Chí Minh",
    "ủy ban",
)
GATE, BUILT_IN = gate(frozenset(ANCHORS)), gate(builtin().anchors)
FILLER = "Giá cà phê nhân xô sáng nay tăng hai nghìn đồng mỗi ki-lô-gam ở các xã vùng cao. " * 12
NAMED = {
    "à": "&agrave;",
    "á": "&aacute;",
    "â": "&acirc;",
    "ê": "&ecirc;",
    "ô": "&ocirc;",
    "ý": "&yacute;",
    "ò": "&ograve;",
}

Dress = Callable[[str], str]
as_is: Dress = str
in_capitals: Dress = str.upper


def apart(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def decimal(text: str) -> str:
    return "".join(f"&#{ord(c)};" if ord(c) > 127 else c for c in text)


def every_letter_decimal(text: str) -> str:
    return "".join(f"&#{ord(c)};" for c in text)


def hexadecimal_apart(text: str) -> str:
    return "".join(f"&#x{ord(c):x};" if ord(c) > 127 else c for c in apart(text))


def named(text: str) -> str:
    return "".join(NAMED.get(c, c) for c in text)


def named_without_semicolon(text: str) -> str:
    return named(text).replace(";", "")


def escaped_twice(text: str) -> str:
    return decimal(text).replace("&", "&amp;")


def tagged(text: str) -> str:
    return "".join(f"<b class='x>y'>{c}</b>" if n % 3 == 1 else c for n, c in enumerate(text))


def broken_over_lines(text: str) -> str:
    return text.replace(" ", "\n\t\u00a0  <br/>  ")


def commented(text: str) -> str:
    return text.replace(" ", "<!-- quảng cáo > ở đây --> ")


def new_tones(text: str) -> str:
    return text.replace("hòa", "hoà").replace("ủy", "uỷ").replace("Hòa", "Hoà")


def with_eth(text: str) -> str:
    return text.replace("đ", "\u00f0").replace("Đ", "\u00d0")


def invisible(text: str) -> str:
    return "\u200b".join(text)


DRESSES = [
    as_is, in_capitals, apart, decimal, every_letter_decimal, hexadecimal_apart, named, named_without_semicolon,
    escaped_twice, tagged, broken_over_lines, commented, new_tones, with_eth, invisible,
]  # fmt: skip


def page(text: str) -> str:
    return f"<html><head><title>Tin</title></head><body><p>{FILLER}</p><p>{text}</p></body></html>"


@pytest.mark.parametrize("dress", DRESSES, ids=lambda dress: getattr(dress, "__name__", "as_is"))
@pytest.mark.parametrize("anchor", ANCHORS)
def test_an_anchor_passes_however_its_letters_are_written(anchor: str, dress: Dress) -> None:
    assert GATE.passes(page(f"Chi bộ {dress(anchor)} thôn").encode())


@given(st.sampled_from(ANCHORS), st.lists(st.sampled_from(DRESSES), max_size=3), st.sampled_from(["utf-8", "utf-16"]))
def test_an_anchor_passes_in_any_mixture_of_dresses(anchor: str, dresses: list[Dress], charset: str) -> None:
    text = anchor
    for dress in sorted(set(dresses), key=DRESSES.index):
        if "&" not in text and "<" not in text:  # markup is not dressed again
            text = dress(text)
    assert GATE.passes(page(text).encode(charset, "surrogatepass"))


def test_an_anchor_in_windows_1258_passes() -> None:
    text = "".join(
        unicodedata.normalize("NFC", c) if len(c) == 1 else c for c in unicodedata.normalize("NFD", page("gương Bác"))
    )
    composed = re.sub("[aeiouyAEIOUY][\u0302\u0306\u031b]", lambda m: unicodedata.normalize("NFC", m[0]), text)
    assert GATE.passes(composed.encode("cp1258"))


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="og:description" content="Học tập và làm theo lời Người">',
        '<META NAME="description" CONTENT="H&#7885;c t&#7853;p v&#224; l&#224;m theo">',
        "<title>Học tập và làm theo</title>",
        f'<script type="application/ld+json">{json.dumps({"articleSection": "Học tập và làm theo"})}</script>',
    ],
    ids=["description", "old description", "title", "JSON-LD"],
)
def test_what_a_page_says_in_its_head_counts(head: str) -> None:
    assert GATE.passes(f"<html><head>{head}</head><body>{FILLER}</body></html>".encode())


@pytest.mark.parametrize(
    "html",
    [
        page("Hội nghị sơ kết vụ mùa ở xã"),
        page("<script>var menu = 'học tập và làm theo gương Bác'</script>"),
        page('<a href="/hoc-tap-va-lam-theo-guong-bac.html">Tin khác</a>'),
    ],
    ids=["text", "script", "address"],
)
def test_a_page_that_never_says_it_is_turned_away(html: str) -> None:
    assert not GATE.passes(html.encode())


@pytest.mark.parametrize("html", ["", "<script>location.reload()</script>", "<h1>502 Bad Gateway</h1>"])
def test_a_page_of_few_words_passes_to_be_named(html: str) -> None:
    assert GATE.passes(html.encode())


@pytest.mark.parametrize(
    "unit",
    [b"<!--", b"<a", b"<a '", b'<a "x', b"<script", b"<script type=ld+json>", b"<meta", b"&amp;", b"&#", b"\\u", b'">',
     b"<title>", "học tập và làm theo ".encode(), b"<a b='>'>"],
)  # fmt: skip
@pytest.mark.parametrize("before", [b"<body>", b"<head>"])
def test_a_page_made_to_be_slow_is_looked_at_in_less_than_a_second(unit: bytes, before: bytes) -> None:
    began = time.process_time()
    GATE.passes(before + unit * (1_000_000 // len(unit)) + b"<body>x")
    assert time.process_time() - began < 1


SYLLABLES = (
    "học tập và làm theo tư tưởng đạo đức phong cách Hồ Chí Minh gương Bác chi bộ xã tỉnh hội nghị tấm chỉ thị 05"
).split()


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(SYLLABLES), min_size=60, max_size=90),
    st.sampled_from([as_is, apart, decimal, new_tones]),
)
def test_what_is_turned_away_would_not_have_been_kept(words: list[str], dress: Dress) -> None:
    sentences = [f"{' '.join(words[i : i + 15]).capitalize()}." for i in range(0, len(words), 15)]
    html = article_page("Tin vắn trong ngày ở các xã", (*other_body(1), *sentences), NOW)
    html = re.sub(r"(?<=>)[^<>]+(?=<)", lambda text: dress(text[0]), html)
    if not BUILT_IN.passes(html.encode()):
        try:
            article = extract(decode(html.encode()), "https://bao.example/tin-1.html", NOW)
        except UnreadableError:
            return
        assert decide(article).label is Label.NOT


def test_campaign_articles_pass_the_gate_of_the_built_in_words() -> None:
    html = article_page("Xã vùng cao đổi mới", campaign_body(3), NOW)
    assert BUILT_IN.passes(html.encode())
    bare = f"<html><body><h1>Giá cà phê</h1><p>{escape(FILLER)}</p></body></html>"
    assert not BUILT_IN.passes(bare.encode())
