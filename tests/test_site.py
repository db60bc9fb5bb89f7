"""Pages, feeds, search data, pictures: whatever a paper prints stays text; the same facts give the same bytes."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import feedparser
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from monitor.digest import feeds, frame, pictures, site, words
from monitor.digest.edition import linkable
from monitor.digest.message import render
from monitor.digest.pages import as_json, markdown
from monitor.digest.rank import notable
from monitor.digest.reviews import MONTH, WEEK, by_province, ending, review
from monitor.models import Edition, Headline, Note, SourceDay, State, Story, Telling
from monitor.provinces import current, islands
from monitor.vietnamese import clean
from tests.judge import HOSTILE, SEARCH, hostile_editions, received

FEW = settings(SEARCH, max_examples=12)
LOOK = frame.Look("Học và làm theo Bác", "https://kho.example/diembao/")
DAY = date(2026, 11, 20)
SAFE = re.compile(r"https://bao\.vn/|https://kho\.example/|(?:\.\./)*[\w./-]*(?:#[\w-]+)?$|#")


@st.composite
def hostile_days(draw: st.DrawFn) -> tuple[Edition, list[Note]]:
    """Draw a hostile edition, some of whose stories came late or may not be linked, and notes to it."""
    made = draw(hostile_editions(12))
    stories = [
        replace(one, articles=tuple(replace(told, linked=(one.id + n) % 3 > 0) for n, told in enumerate(one.articles)))
        for one in made.stories
    ]
    late = draw(st.integers(0, len(stories)))
    notes = [
        Note(one.id, datetime(2026, 11, 22, tzinfo=UTC), f"Báo {draw(st.sampled_from(HOSTILE))}",
             one.articles[0].url, one.title, linked=bool(n % 2), line=draw(st.sampled_from(HOSTILE)))
        for n, one in enumerate(stories)
    ]  # fmt: skip
    edition = replace(made, stories=tuple(stories[late:]), late=tuple(stories[:late]))
    return replace(edition, reviews=(review(WEEK, edition.date, [edition]),)), notes


def pages_of(edition: Edition, notes: list[Note]) -> dict[str, str]:
    """Return every page on which an edition leaves a mark."""
    counts = {edition.date: len(edition.stories)}
    heads = [Headline(edition.date, one.id, one.title, 1) for one in edition.stories]
    return {
        "edition": site.edition_page(edition, notes, counts, edition.date - timedelta(days=1), LOOK),
        "month": site.month_page(edition.date.replace(day=1), [edition], [], LOOK),
        "year": site.year_page(2026, [2026], counts, by_province([edition]), LOOK),
        "home": site.home_page(edition, counts, [(edition.date.replace(day=1), 1)], by_province([edition]), LOOK),
        "province": site.province_page("Huế", heads, len(heads), LOOK),
        "provinces": site.provinces_page(by_province([edition]), LOOK),
        "search": site.search_page([edition.date.replace(day=1)], LOOK),
    }


@FEW
@given(hostile_days())
def test_no_headline_name_or_address_becomes_markup_on_any_page(drawn: tuple[Edition, list[Note]]) -> None:
    edition, notes = drawn
    for name, html in pages_of(edition, notes).items():
        page = BeautifulSoup(html, "lxml")
        scripts = [script.get("src") for script in page.find_all("script")]
        assert scripts == (["search.js"] if name == "search" else []), name
        assert not page.find_all(["iframe", "object", "embed", "img", "style", "base", "b", "font"]), name
        for tag in page.find_all(True):
            assert not [key for key in tag.attrs if key.startswith("on") or key == "style"], name
            for key in ("href", "src", "action"):
                assert SAFE.match(str(tag.get(key, ""))), (name, tag.get(key))


@FEW
@given(hostile_days())
def test_a_page_tells_each_story_as_it_was_and_links_only_what_may_be_linked(drawn: tuple[Edition, list[Note]]) -> None:
    edition, notes = drawn
    page = BeautifulSoup(site.edition_page(edition, notes, {}, None, LOOK), "lxml")
    told = page.select("article.story")
    assert sorted(int(one["id"].removeprefix("tin-")) for one in told) == sorted(  # type: ignore[union-attr]
        one.id for one in edition.told
    )
    for one in edition.told:
        (article,) = page.select(f"#tin-{one.id}")
        heading = article.find("h3")
        assert heading
        assert heading.get_text() == frame.one_line(one.title, 400)
        assert bool(heading.find("a")) is one.articles[0].linked


@FEW
@given(hostile_days())
def test_feeds_hold_any_edition_and_are_read_by_feed_readers(drawn: tuple[Edition, list[Note]]) -> None:
    edition, _ = drawn
    entry = feeds.Entry(edition, datetime(2026, 11, 20, 11, tzinfo=UTC))
    text = feeds.atom([entry], LOOK)
    etree.fromstring(text.encode())
    read = feedparser.parse(text)
    assert not read.bozo
    assert [one.title for one in read.entries] == [entry.title]
    assert read.entries[0].link == f"https://kho.example/diembao/{frame.page_of(edition.date)}"
    data = json.loads(feeds.json_feed([entry], LOOK))
    assert data["items"][0]["id"] == read.entries[0].id
    for html in (data["items"][0]["content_html"], read.entries[0].content[0].value):
        links = [str(link["href"]) for link in BeautifulSoup(html, "lxml").find_all("a")]
        assert all(link.startswith("https://bao.vn/tin-") for link in links)
        assert not BeautifulSoup(data["items"][0]["content_html"], "lxml").find_all(["script", "b", "img"])


@FEW
@given(hostile_days())
def test_search_data_are_one_call_with_plain_values(drawn: tuple[Edition, list[Note]]) -> None:
    edition, _ = drawn
    text = feeds.search_data(DAY.replace(day=1), [edition])
    found = re.fullmatch(r'diembao\.add\("2026-11",(\[.*\])\);\n', text)
    assert found
    assert not re.search("[<>&\u2028\u2029]", text)
    assert [row[2] for row in json.loads(found[1])] == [frame.one_line(one.title, 400) for one in edition.told]


@FEW
@given(hostile_days())
def test_markdown_and_json_hold_late_stories_reviews_and_notes(drawn: tuple[Edition, list[Note]]) -> None:
    edition, notes = drawn
    data = json.loads(as_json(edition, (), notes))
    assert len(data["late"]) == len(edition.late)
    assert len(data["notes"]) == len(notes)
    assert ("## Tin đến muộn" in markdown(edition, notes)) is bool(edition.late)
    assert "## Nhìn lại tuần" in markdown(edition, notes)


@FEW
@given(hostile_days())
def test_telegram_accepts_late_stories_and_reviews_too(drawn: tuple[Edition, list[Note]]) -> None:
    edition, _ = drawn
    parts = [received(part.html) for part in render(edition)]
    assert ("🕓 Tin đến muộn" in "".join(part.text for part in parts)) is bool(edition.late)
    linked = {one.articles[0].url for one in edition.told if one.articles[0].linked}
    assert {link.url for part in parts for link in part.of("TextUrl")} <= linked


@FEW
@given(hostile_days())
def test_the_same_facts_give_the_same_bytes(drawn: tuple[Edition, list[Note]]) -> None:
    assert pages_of(*drawn) == pages_of(*drawn)


def test_turning_letters_and_ten_thousand_letters_stay_in_their_place() -> None:
    told = Telling("https://bao.vn/a1.html", "Báo \u202egược", "x", None)
    story = Story(1, "Á" * 10_000, "\u202etxt.exe\u202c", ("Huế",), (told,))
    html = site.edition_page(Edition(DAY, "Tên", (story,), ()), [], {}, None, LOOK)
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]", html)
    assert max(map(len, re.findall(r"Á+", html))) < 400


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//la.example/x", "../../../etc", "", "https://"],
)
def test_what_is_no_web_address_is_never_linkable(url: str) -> None:
    assert not linkable(url, None)
    assert not linkable(url, {"bao.vn"})


def test_every_page_forbids_what_it_does_not_need() -> None:
    for name, html in pages_of(Edition(DAY, "Tên", (), ()), []).items():
        policy = BeautifulSoup(html, "lxml").find("meta", {"http-equiv": "Content-Security-Policy"})
        assert policy
        assert str(policy["content"]).startswith("default-src 'none'")
        assert ("script-src" in str(policy["content"])) is (name == "search")
        assert "unsafe" not in str(policy["content"])


def test_a_sitemap_names_pages_in_full() -> None:
    root = etree.fromstring(feeds.sitemap([("index.html", DAY), ("2026/index.html", None)], LOOK).encode())
    names = [element.text for element in root.iter("{*}loc")]
    assert names == ["https://kho.example/diembao/index.html", "https://kho.example/diembao/2026/index.html"]


# --- pictures -----------------------------------------------------------------------------------------


def test_the_map_shows_34_provinces_and_both_archipelagos() -> None:
    svg = etree.fromstring(pictures.tile_map({"Lai Châu": 3, "Huế": 1}, title="Số tin").encode())
    titles = [element.text for element in svg.iter("{*}title")]
    assert {
        f"{name}: {dict(zip(['Lai Châu', 'Huế'], [3, 1], strict=True)).get(name, 0)} tin" for name in current()
    } < set(titles)
    assert {f"{name} ({province})" for name, (province, _) in islands().items()} < set(titles)
    assert set(islands()) == {"Hoàng Sa", "Trường Sa"}
    assert len({province.tile for province in current().values()} | {tile for _, tile in islands().values()}) == 36


@pytest.mark.parametrize(
    ("most", "limits", "said"),
    [
        (0, [], ["0"]),
        (1, [1], ["0", "1"]),
        (3, [1, 2, 3], ["0", "1", "2", "3"]),
        (8, [1, 2, 4, 6], ["0", "1", "2–3", "4–5", "6 trở lên"]),
        (100, [1, 25, 50, 75], ["0", "1–24", "25–49", "50–74", "75 trở lên"]),
    ],
)
def test_shades_part_the_counts_evenly_and_the_legend_says_how(most: int, limits: list[int], said: list[str]) -> None:
    assert pictures.bounds(most) == limits
    svg = etree.fromstring(pictures.tile_map({"Huế": most}, title="x").encode())
    texts = ["".join(element.itertext()) for element in svg.iter("{*}text")]
    assert [text for text in said if text not in texts] == []


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_shades_differ_in_lightness_alone_and_their_letters_can_be_read() -> None:
    style = site.fixed_files()["style.css"].decode()
    light, dark = (dict(re.findall(r"--([ti]\d): (#[0-9a-f]{6})", part)) for part in style.split("@media (prefers", 1))
    for theme in (light, dark):
        shades = [luminance(theme[f"t{n}"]) for n in range(5)]
        assert shades in (sorted(shades), sorted(shades, reverse=True))
        assert all(contrast(theme[f"t{n}"], theme[f"i{n}"]) >= 4.5 for n in range(5))
        assert all(contrast(theme[f"t{n}"], theme[f"t{n + 1}"]) >= 1.15 for n in range(4))


def test_the_card_is_a_png_of_1200_by_630_and_the_same_each_time() -> None:
    edition = Edition(
        DAY, "Tên", (Story(1, "Đẩy mạnh", "", ("Huế",), (Telling("https://bao.vn/1", "B", "x", None),)),), ()
    )
    svg = pictures.card(edition, {"Huế": 1}, {DAY: 1})
    etree.fromstring(svg.encode())
    picture = pictures.png(svg)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1200, 630)
    assert pictures.png(svg) == picture


def test_the_typeface_has_every_vietnamese_letter() -> None:
    vowels = "aăâeêioôơuưy"
    letters = {clean(vowel + tone) for vowel in vowels for tone in "\u0300\u0301\u0303\u0309\u0323"} | set("đĐ–…“”·")
    for name, content in pictures.typeface().items():
        if name.endswith(".ttf"):
            assert [
                letter for letter in letters | {one.upper() for one in letters} if ord(letter) not in glyphs(content)
            ] == []


def glyphs(font: bytes) -> set[int]:
    """Return the characters of a TrueType font: its format 4 `cmap`."""
    tables = {
        font[12 + 16 * n : 16 + 16 * n]: int.from_bytes(font[20 + 16 * n : 24 + 16 * n])
        for n in range(int.from_bytes(font[4:6]))
    }
    cmap = tables[b"cmap"]

    def at(place: int) -> int:
        return int.from_bytes(font[place : place + 2])

    found: set[int] = set()
    for n in range(at(cmap + 2)):
        start = cmap + int.from_bytes(font[cmap + 8 + 8 * n : cmap + 12 + 8 * n])
        if at(start) == 4:
            segments = at(start + 6)
            for m in range(0, segments, 2):
                found |= set(range(at(start + 16 + segments + m), at(start + 14 + m) + 1))
    return found


# --- what is notable, and what a review says ------------------------------------------------------------


def told(day: date, number: int, *provinces: str, papers: int = 1) -> Story:
    articles = tuple(Telling(f"https://bao{n}.vn/{number}", f"Báo {n}", "x", None, copy=n > 0) for n in range(papers))
    return Story(number, f"Tin {number} {day:%d/%m}", "", provinces, articles)


def day_of(day: date, *stories: Story) -> Edition:
    return Edition(day, "Tên", stories, ())


def test_a_review_counts_provinces_names_what_was_republished_and_who_was_silent() -> None:
    last_week = [
        day_of(date(2026, 11, 10), told(date(2026, 11, 10), 1, "Huế"), told(date(2026, 11, 10), 2, "Lai Châu"))
    ]
    week = [
        day_of(date(2026, 11, 16), told(date(2026, 11, 16), 3, "Lai Châu", papers=4), told(date(2026, 11, 16), 4)),
        day_of(date(2026, 11, 22), told(date(2026, 11, 22), 5, "Lai Châu", "Cà Mau", papers=2)),
    ]
    found = review(WEEK, date(2026, 11, 22), [*last_week, *week])
    assert (found.first, found.stories, found.before, found.papers) == (date(2026, 11, 16), 3, 2, 4)
    assert found.provinces == (("Lai Châu", 2), ("Cà Mau", 1))
    assert [(story.id, papers) for _, story, papers in found.republished] == [(3, 4), (5, 2)]
    assert (found.returned, found.silent) == (("Cà Mau",), ("Huế",))
    assert words.review_lines(found) == [
        "3 tin ở 2 địa phương, từ 4 nguồn (tuần trước: 2 tin).",
        "Nhiều tin nhất: Lai Châu (2), Cà Mau (1).",
        "Có tin trở lại: Cà Mau.",
        "Tuần này chưa có tin: Huế.",
    ]


def test_a_first_review_calls_nobody_silent() -> None:
    found = review(MONTH, date(2026, 11, 30), [day_of(date(2026, 11, 3), told(date(2026, 11, 3), 1, "Huế"))])
    assert (found.returned, found.silent) == ((), ())
    assert found.weeks == ((date(2026, 11, 2), 1),)


@given(st.dates(date(2025, 1, 1), date(2030, 12, 31)))
def test_a_week_ends_on_sunday_and_a_month_before_the_first(day: date) -> None:
    kinds = ending(day, weekly=True, monthly=True)
    assert (WEEK in kinds) is (day.strftime("%a") == "Sun")
    assert (MONTH in kinds) is ((day + timedelta(days=1)).day == 1)
    assert ending(day, weekly=False, monthly=False) == ()


def test_only_a_full_day_has_notable_stories_and_only_those_that_are() -> None:
    assert notable([9.0] * 5) == []
    assert notable([0.0, 2.5, 0.5, 4.0, 1.9, 2.0]) == [3, 1, 5]
    assert notable([0.5] * 40) == []
    assert notable([3.0] * 40) == [0, 1, 2]


def test_notable_stories_stand_first_and_nowhere_twice() -> None:
    stories = tuple(told(DAY, n, "Huế") for n in range(1, 8))
    made = Edition(DAY, "Tên", stories, (SourceDay("Báo A", State.ON_TOPIC),), notable=2)
    groups = [(section.heading, [story.id for story in section.stories]) for section in words.sections(made)]
    assert groups == [("Nổi bật", [1, 2]), ("Huế", [3, 4, 5, 6, 7])]
