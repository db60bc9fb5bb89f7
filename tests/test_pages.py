import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from monitor.digest.message import render
from monitor.digest.pages import as_data, as_json, escape_markdown, markdown
from monitor.digest.words import heading
from monitor.models import Edition, Part, SourceDay, State, Story, Telling
from monitor.vietnamese import clean
from tests.judge import HOSTILE, SEARCH, hostile_editions

FEWER = settings(SEARCH, max_examples=25)
READER = MarkdownIt("commonmark")  # HTML is let through, as on the sites where the archive is read
VIETNAM = timezone(timedelta(hours=7))
TOLD = Telling("https://bao.vn/cau-(moi)-a1.html", "Báo A", "Cầu mới", datetime(2026, 11, 20, 8, 30, tzinfo=VIETNAM))
COPY = Telling("https://bao-b.vn/2", "Báo B", "Bản có cầu", None, copy=True)
EDITION = Edition(
    date(2026, 11, 20),
    "Học và làm theo Bác",
    (
        Story(1, "Thi đua", "Cả nước cùng làm.", (), (Telling("https://bao.vn/1", "Báo A", "Thi đua", None),)),
        Story(2, "Cầu mới", "Cầu dài 26 m.", ("Lai Châu", "Huế"), (TOLD, COPY)),
        Story(3, "Lớp mới", "", ("Lai Châu",), (COPY,)),
    ),
    (SourceDay("Báo A", State.ON_TOPIC), SourceDay("Báo C", State.UNREADABLE, "503 Service Unavailable")),
)


def text_of(inline: Token) -> str:
    """Return what a reader sees of a line."""
    return "".join(child.content for child in inline.children or [])


def headings(tokens: list[Token]) -> list[tuple[str, str]]:
    return [(tokens[n].tag, text_of(tokens[n + 1])) for n in range(len(tokens)) if tokens[n].type == "heading_open"]


def links(tokens: list[Token]) -> list[str]:
    found = [child for token in tokens for child in token.children or [] if child.type == "link_open"]
    return [str(child.attrs["href"]) for child in found]


def expected_headings(made: Edition) -> list[tuple[str, str]]:
    found = [("h1", f"Điểm báo {made.date:%d/%m/%Y}")]
    last = None
    for story in made.stories:
        if heading(story) != last:
            last = heading(story)
            found.append(("h2", last))
        found.append(("h3", clean(story.title)))
    return found


@FEWER
@given(hostile_editions(15))
def test_the_headings_of_a_page_are_its_own_whatever_a_headline_holds(made: Edition) -> None:
    assert headings(READER.parse(markdown(made))) == expected_headings(made)


@FEWER
@given(hostile_editions(15))
def test_a_page_holds_text_headings_lists_and_its_own_links_and_nothing_else(made: Edition) -> None:
    tokens = READER.parse(markdown(made))
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert kinds <= {"heading", "paragraph", "inline", "bullet_list", "list_item", "hr"}
    inside = {child.type for token in tokens for child in token.children or []}
    assert inside <= {"text", "text_special", "strong_open", "strong_close", "link_open", "link_close"}
    assert [token.type for token in tokens].count("hr") == 1
    wanted = [url for story in made.stories for url in (story.articles[0].url, *(a.url for a in story.articles))]
    assert len(links(tokens)) == len(wanted)
    assert all(found.startswith("https://bao.vn/tin-") for found in links(tokens))


@FEWER
@given(hostile_editions(15))
def test_no_line_of_a_page_begins_with_a_mark_that_is_not_its_own(made: Edition) -> None:
    lines = markdown(made).splitlines()
    own = expected_headings(made)
    assert [len(line) - len(line.lstrip("#")) for line in lines if line.startswith("#")] == [
        int(tag[1]) for tag, _ in own
    ]
    assert not any(re.match(r"\s*(?:<|```|~~~|\||>|\d+[.)]\s|\*\s|\+\s|\t| {4})", line) for line in lines)


@SEARCH
@given(st.sampled_from(HOSTILE) | st.text(st.sampled_from("ab1.)#+->*_`[]()<>|~&\\!= \n\"'"), max_size=30) | st.text())
def test_escaped_text_is_read_as_it_was(text: str) -> None:
    (paragraph,) = [token for token in READER.parse(f"x {escape_markdown(text)} y") if token.type == "inline"]
    assert text_of(paragraph) == f"x {clean(text)} y"


@pytest.mark.parametrize("text", ["15.000 người dự", "17.5 là ngày hội", "1) một", "2026. Một năm"])
def test_a_line_that_begins_with_a_figure_is_read_as_it_was(text: str) -> None:
    tokens = READER.parse(escape_markdown(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert text_of(tokens[1]) == text


@pytest.mark.parametrize(
    "text", ["# Lớn", "- gạch", "+ cộng", "> trích", "* sao", "---", "***", "<b>x</b>", "```", "a | b", "_x_"]
)
def test_a_line_that_begins_with_a_mark_is_read_as_it_was(text: str) -> None:
    tokens = READER.parse(escape_markdown(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert text_of(tokens[1]) == text


def test_a_page_reads_from_top_to_bottom() -> None:
    assert markdown(EDITION).splitlines() == [
        "# Điểm báo 20/11/2026",
        "",
        "**Học và làm theo Bác**",
        "",
        "Thứ Sáu · 3 tin · 2 địa phương · 2 nguồn",
        "",
        "## Trung ương, cả nước",
        "",
        "### [Thi đua](https://bao.vn/1)",
        "",
        "Cả nước cùng làm.",
        "",
        "Báo A",
        "",
        "- Báo A: [Thi đua](https://bao.vn/1)",
        "",
        "## Lai Châu",
        "",
        "### [Cầu mới](https://bao.vn/cau-%28moi%29-a1.html)",
        "",
        "Cầu dài 26 m.",
        "",
        "Báo A; đăng lại: Báo B",
        "",
        "- Báo A, 08:30 20/11/2026: [Cầu mới](https://bao.vn/cau-%28moi%29-a1.html)",
        "- Báo B (đăng lại): [Bản có cầu](https://bao-b.vn/2)",
        "",
        "### [Lớp mới](https://bao-b.vn/2)",
        "",
        "Báo B",
        "",
        "- Báo B (đăng lại): [Bản có cầu](https://bao-b.vn/2)",
        "",
        "---",
        "",
        "2 nguồn: 1 có tin, 1 không đọc được (Báo C).",
        "- Báo C: lỗi 503 của máy chủ",
    ]


def test_times_are_vietnamese_whatever_zone_a_paper_writes() -> None:
    assert TOLD.published is not None
    utc = replace(TOLD, published=TOLD.published.astimezone(UTC))
    page = markdown(replace(EDITION, stories=(replace(EDITION.stories[1], articles=(utc,)),)))
    assert "- Báo A, 08:30 20/11/2026:" in page


def test_an_empty_day_has_a_page_too() -> None:
    page = markdown(Edition(date(2026, 11, 20), "Tên", (), ()))
    assert "Không có tin mới về chủ đề này." in page
    assert headings(READER.parse(page)) == [("h1", "Điểm báo 20/11/2026")]


def test_the_data_of_an_edition_have_the_shape_that_programs_rely_on() -> None:
    parts = render(EDITION)
    assert as_data(EDITION, parts) == {
        "date": "2026-11-20",
        "campaign": "Học và làm theo Bác",
        "stories": [
            {
                "title": "Thi đua",
                "summary": "Cả nước cùng làm.",
                "provinces": [],
                "articles": [
                    {"url": "https://bao.vn/1", "source": "Báo A", "title": "Thi đua", "published": None, "copy": False}
                ],
            },
            {
                "title": "Cầu mới",
                "summary": "Cầu dài 26 m.",
                "provinces": ["Lai Châu", "Huế"],
                "articles": [
                    {
                        "url": "https://bao.vn/cau-(moi)-a1.html",
                        "source": "Báo A",
                        "title": "Cầu mới",
                        "published": "2026-11-20T08:30:00+07:00",
                        "copy": False,
                    },
                    {
                        "url": "https://bao-b.vn/2",
                        "source": "Báo B",
                        "title": "Bản có cầu",
                        "published": None,
                        "copy": True,
                    },
                ],
            },
            {
                "title": "Lớp mới",
                "summary": "",
                "provinces": ["Lai Châu"],
                "articles": [
                    {
                        "url": "https://bao-b.vn/2",
                        "source": "Báo B",
                        "title": "Bản có cầu",
                        "published": None,
                        "copy": True,
                    }
                ],
            },
        ],
        "notable": 0,
        "late": [],
        "reviews": [],
        "text": [part.html for part in parts],
        "sources": [
            {"source": "Báo A", "state": "on_topic", "reason": ""},
            {"source": "Báo C", "state": "unreadable", "reason": "503 Service Unavailable"},
        ],
        "notes": [],
    }


@FEWER
@given(hostile_editions(15))
def test_the_json_of_an_edition_is_its_data_and_always_the_same(made: Edition) -> None:
    parts: tuple[Part, ...] = render(made)
    text = as_json(made, parts)
    assert json.loads(text) == as_data(made, parts)
    assert as_json(made, render(made)) == text
    assert text.endswith("}\n")
    assert text.encode().decode() == text
