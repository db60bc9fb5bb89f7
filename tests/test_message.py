import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.delivery.mark import signed
from monitor.digest import words
from monitor.digest.message import Layout, render
from monitor.digest.packing import measure
from monitor.models import Edition, Part, Review, SourceDay, State, Story, Telling
from monitor.provinces import current
from monitor.reasons import NOT_VISITED, in_vietnamese
from monitor.vietnamese import clean
from tests.judge import SEARCH, Message, RefusedError, hostile_editions, mark, received

DAY = date(2026, 11, 20)
FEWER = settings(SEARCH, max_examples=30)
ARCHIVE = "https://diembao.example/kho/"
PAGE = f"{ARCHIVE}2026/11/2026-11-20.html"
PREVIEW, COVER = Layout("preview", ARCHIVE), Layout("cover")
LAYOUTS = st.sampled_from([Layout(), PREVIEW, COVER, Layout("cover", ARCHIVE), Layout("none", ARCHIVE)])


def telling(source: str, *, copy: bool = False, agency: str = "", url: str = "https://bao.vn/a1.html") -> Telling:
    return Telling(url, source, "Chuyện", None, copy, agency)


def story(
    title: str = "Cầu mới", *tellings: Telling, provinces: tuple[str, ...] = ("Huế",), summary: str = ""
) -> Story:
    return Story(1, title, summary, provinces, tellings or (telling("Báo A"),))


def edition(*stories: Story, sources: tuple[SourceDay, ...] = (), name: str = "Học và làm theo Bác") -> Edition:
    return Edition(DAY, name, stories, sources)


def only(made: Edition) -> Message:
    (part,) = render(made)
    return received(part.html)


def test_the_judge_knows_what_telegram_refuses() -> None:
    for html in ("<p>x</p>", "<b>x", "x < y", " \n ", "x" * 4097, "<b>x</b> " * 101):
        with pytest.raises(RefusedError):
            received(html)
    assert received("x" * 4096).text == "x" * 4096


@FEWER
@given(hostile_editions(), LAYOUTS, st.integers(0, 3))
def test_telegram_accepts_every_part_of_any_edition_in_every_layout(
    made: Edition, layout: Layout, notable: int
) -> None:
    for part in render(replace(made, notable=min(notable, len(made.stories))), layout):
        message = received(signed(made.date, part).html, caption=part.photo)
        assert {entity.kind for entity in message.entities} <= {"Bold", "Italic", "TextUrl"}


@FEWER
@given(hostile_editions(), LAYOUTS)
def test_every_story_is_told_once_and_in_order(made: Edition, layout: Layout) -> None:
    texts = [received(part.html).text for part in render(made, layout) if not part.photo]
    assert [found for text in texts for found in re.findall(r"▪️ (Tin\d{3}x)", text)] == [
        mark(one.id) for one in made.stories
    ]


@FEWER
@given(hostile_editions(40))
def test_every_headline_leads_to_its_story_and_nothing_else_is_a_link(made: Edition) -> None:
    links = [link for part in render(made) for link in received(part.html).of("TextUrl")]
    expected = [one for one in made.stories if len(one.articles[0].url) <= 1500]
    assert [link.text[:7] for link in links] == [mark(one.id) for one in expected]
    assert [link.url.split("?")[0] for link in links] == [one.articles[0].url.split("?")[0] for one in expected]


@FEWER
@given(hostile_editions())
def test_a_heading_is_never_the_last_line_of_a_part(made: Edition) -> None:
    for part in render(made):
        lines = [line for line in part.html.splitlines() if line]
        assert not lines[-1].startswith("<b>📍")
        for heading, below in pairwise(lines):
            assert not heading.startswith("<b>📍") or below.startswith("▪️")


@FEWER
@given(hostile_editions())
def test_every_part_says_which_day_it_is_and_which_part_it_is(made: Edition) -> None:
    parts = render(made)
    assert [(part.number, part.of) for part in parts] == [(n, len(parts)) for n in range(1, len(parts) + 1)]
    for part in parts:
        first = received(part.html).text.splitlines()[0]
        assert first == "🗞 ĐIỂM BÁO 20/11/2026" + (f" · phần {part.number}/{part.of}" if part.of > 1 else "")


@FEWER
@given(hostile_editions(30))
def test_what_is_measured_is_what_telegram_counts(made: Edition) -> None:
    for part in render(made):
        message, size = received(part.html), measure(part.html)
        assert (size.points, size.entities) == (len(message.text), len(message.entities))
        assert size.raw_bytes == len(part.html.encode())
        assert size.entity_bytes >= sum(len(entity.url.encode()) for entity in message.entities)


@FEWER
@given(hostile_editions(30))
def test_the_same_edition_gives_the_same_messages(made: Edition) -> None:
    assert render(made) == render(made)


@FEWER
@given(hostile_editions())
def test_a_message_holds_as_many_stories_as_it_can(made: Edition) -> None:
    for part, following in pairwise(render(made)):
        room = measure(part.html) + measure(_first_block(following))
        assert room.points > 3000 or room.entities > 80 or room.entity_bytes > 7500 or room.raw_bytes > 27_000


def _first_block(part: Part) -> str:
    """Return what follows the head of a later part, up to its second story or the next heading."""
    heading, _, story = part.html.partition("\n\n")[2].partition("▪️")
    return heading + re.split(r"▪️|\n\n", story)[0]


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("x", "https://bao.vn/a"),
        ("x", "https://bao.vn/" + "y" * 900),
        ("x", "https://bao.vn/" + "y" * 1480),
        ("chữ " * 60, "https://bao.vn/a"),
        ("🗞" * 250, "https://bao.vn/a"),
        ("&" * 250, "https://bao.vn/?" + "a&" * 700),
        ("<" * 250, "https://bao.vn/a"),
    ],
    ids=["entities", "bytes of entities", "longest links", "characters", "emoji", "ampersands", "brackets"],
)
@pytest.mark.parametrize("count", [1, 44, 120])
def test_no_single_budget_of_telegram_is_overdrawn(title: str, url: str, count: int) -> None:
    stories = [replace(story(f"{mark(n)} {title}", telling(title, url=url), summary=title), id=n) for n in range(count)]
    parts = [received(part.html) for part in render(edition(*stories))]
    told = [link.text[:7] for message in parts for link in message.of("TextUrl")]
    assert told == [mark(n) for n in range(count)]


def test_quotes_and_marks_in_an_address_stay_inside_it() -> None:
    url = "https://bao.vn/a'b?x=1&lt;=2&amp;c"
    (link,) = only(edition(story("Cầu mới", telling("Báo A", url=url)))).of("TextUrl")
    assert link.url == url
    assert len(only(edition(story("Cầu mới", telling("Báo A", url='https://bao.vn/"><b>x')))).of("TextUrl")) == 1


def test_markup_in_a_headline_is_read_as_text() -> None:
    title = '<b>Cầu</b> & "đường" <script>x</script> &amp; &nbsp;'
    message = only(edition(story(title)))
    assert f"▪️ {title}" in message.text
    assert [link.text for link in message.of("TextUrl")] == [title]


def test_a_story_is_its_headline_as_link_its_line_and_who_told_it() -> None:
    message = only(edition(story("Cầu mới", telling("Báo A", agency="TTXVN"), summary="Cầu đã thông.")))
    assert "▪️ Cầu mới\nCầu đã thông.\nBáo A – theo TTXVN\n" in message.text
    assert [(link.text, link.url) for link in message.of("TextUrl")] == [("Cầu mới", "https://bao.vn/a1.html")]
    assert [piece.text for piece in message.of("Italic")] == ["Học và làm theo Bác", "Báo A – theo TTXVN"]


@pytest.mark.parametrize(
    ("tellings", "said"),
    [
        ([telling("Báo A")], "Báo A"),
        ([telling("Báo A", agency="TTXVN")], "Báo A – theo TTXVN"),
        ([telling("TTXVN", agency="TTXVN")], "TTXVN"),
        ([telling("Báo A"), telling("Báo B", copy=True)], "Báo A; đăng lại: Báo B"),
        ([telling("Báo A"), telling("Báo B", copy=True), telling("Báo C", copy=True)], "Báo A; đăng lại: Báo B, Báo C"),
        (
            [telling(f"Báo {letter}", copy=letter > "A") for letter in "ABCDEF"],
            "Báo A; đăng lại: Báo B, Báo C và 3 nguồn khác",
        ),
        ([telling("Báo A"), telling("Báo B"), telling("Báo C")], "Báo A; cùng đưa tin: Báo B, Báo C"),
        ([telling("Báo A"), telling("Báo A", copy=True), telling("Báo A")], "Báo A"),
        (
            [telling("Báo A"), telling("Báo B"), telling("Báo C", copy=True)],
            "Báo A; đăng lại: Báo C; cùng đưa tin: Báo B",
        ),
    ],
)
def test_who_told_it_is_said_in_full(tellings: list[Telling], said: str) -> None:
    assert [piece.text for piece in only(edition(story("Cầu mới", *tellings))).of("Italic")][1:] == [said]


def test_stories_stand_under_their_province_with_its_count_and_hashtag() -> None:
    made = edition(
        story("Chung", provinces=()), story("Một", provinces=("Lai Châu",)), story("Hai", provinces=("Lai Châu", "Huế"))
    )
    lines = only(made).text.splitlines()
    assert [line for line in lines if line.startswith("📍")] == [
        "📍 Trung ương, cả nước · 1 tin",
        "📍 Lai Châu · 2 tin #LaiChau",
    ]
    assert lines.index("▪️ Hai") > lines.index("▪️ Một") > lines.index("▪️ Chung")


@pytest.mark.parametrize("province", current())
def test_every_province_has_a_heading_with_its_hashtag(province: str) -> None:
    assert f"📍 {province} · 1 tin #{current()[province].hashtag}\n" in only(edition(story(provinces=(province,)))).text


def test_a_heading_that_goes_on_in_the_next_part_is_repeated() -> None:
    made = edition(*(story(f"Chuyện {n} {'dài ' * 50}", provinces=("Huế",)) for n in range(40)))
    parts = [received(part.html).text.splitlines() for part in render(made)]
    assert len(parts) > 1
    assert parts[0].count("📍 Huế · 40 tin #Hue") == 1
    assert all(lines[2] == "📍 Huế (tiếp)" for lines in parts[1:])


def test_the_head_tells_campaign_day_and_counts() -> None:
    made = edition(story("Một", telling("Báo A"), telling("Báo B")), story("Hai", provinces=("Huế", "Lai Châu")))
    assert only(made).text.splitlines()[:3] == [
        "🗞 ĐIỂM BÁO 20/11/2026",
        "Thứ Sáu · 2 tin · 2 địa phương · 2 nguồn",
        "Học và làm theo Bác",
    ]


def test_an_empty_day_is_said_and_not_passed_over() -> None:
    message = only(edition(sources=(SourceDay("Báo A", State.SILENT),)))
    assert "Không có tin mới về chủ đề này." in message.text
    assert "📡 Báo A: không có bài mới." in message.text


def test_numbers_are_grouped_as_vietnamese_writes_them() -> None:
    assert words.overview(edition(*[story()] * 1234)) == "1.234 tin · 1 địa phương · 1 nguồn"
    month = Review("month", DAY.replace(day=1), DAY.replace(day=30), 2040, 1972, 43, (), (), (), (), ())
    assert words.review_lines(month) == ["2.040 tin, từ 43 nguồn (tháng trước: 1.972 tin)."]


def test_a_day_on_which_nothing_could_be_read_is_not_called_a_day_without_news() -> None:
    message = only(edition(sources=(SourceDay("Báo A", State.UNREADABLE, "503"),)))
    assert "Không đọc được nguồn nào nên chưa có tin." in message.text
    assert "Không có tin mới" not in message.text


def test_sources_that_nobody_visited_are_not_spoken_of() -> None:
    assert "📡" not in only(edition(story(), sources=(SourceDay("Báo A", State.UNREADABLE, NOT_VISITED),))).text


def test_every_source_stands_in_one_of_four_states_and_unreadable_ones_by_name() -> None:
    days = tuple(
        SourceDay(f"Báo {letter}", state)
        for letter, state in zip("ABCDE", [*State, State.UNREADABLE], strict=True)
    )  # fmt: skip
    assert (
        "📡 5 nguồn: 1 có tin, 1 không có tin về chủ đề, 1 không có bài mới, 2 không đọc được (Báo D, Báo E)."
        in only(edition(sources=days)).text
    )


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("404 Not Found", "lỗi 404: không còn trang này"),
        ("503 Service Unavailable", "lỗi 503 của máy chủ"),
        ("connection refused", "không kết nối được"),
        ("0 items: the feed holds no article links", "trang không có bài nào"),
        (NOT_VISITED, "chưa đọc lượt nào"),
        ("something else", "trục trặc chưa rõ nguyên nhân"),
    ],
)
def test_why_a_source_could_not_be_read_is_said_in_the_reader_s_words(said: str, read: str) -> None:
    assert in_vietnamese(said) == read


def test_the_day_s_hashtag_closes_the_last_part() -> None:
    assert render(edition(story()))[-1].html.splitlines()[-1] == "#DiemBao20112026"


def test_a_headline_of_ten_thousand_letters_is_cut_and_says_so() -> None:
    (link,) = only(edition(story("Á" * 10_000))).of("TextUrl")
    assert len(link.text) <= 250
    assert link.text.endswith("…")


def test_a_link_too_long_for_telegram_leaves_its_headline_as_text() -> None:
    message = only(edition(story("Cầu mới", telling("Báo A", url="https://bao.vn/" + "x" * 9000))))
    assert "▪️ Cầu mới" in message.text
    assert message.of("TextUrl") == []


def test_unseen_and_turned_letters_do_not_reach_the_reader() -> None:
    text = only(edition(story("Cầu \u202emới\u202c \u200fthông\u200b \x07xe"))).text
    assert "▪️ Cầu mới thông xe" in text
    assert clean(text) == " ".join(text.split())


def day(stories: int, notable: int = 0) -> Edition:
    """Return an edition of stories with a line each, three papers at the fourth, under two provinces."""
    told = [
        replace(
            story(
                f"Chuyện số {n} ở xã vùng cao",
                *(telling(f"Báo {letter}", copy=letter > "A") for letter in ("ABC" if n == 3 else "A")),
                provinces=("Lai Châu",) if n < stories // 2 else ("Huế",),
                summary=f"Dòng kể của chuyện số {n}, " + "dài vừa phải, " * 12 + "rồi hết.",
            ),
            id=n,
        )
        for n in range(stories)
    ]
    return replace(edition(*told), notable=notable)


def lines_told(parts: tuple[Part, ...]) -> int:
    return sum(received(part.html).text.count("Dòng kể") for part in parts)


def test_with_the_archive_on_the_web_its_page_is_shown_large_above_one_message() -> None:
    (part,) = render(day(6), PREVIEW)
    assert (part.preview, part.photo) == (PAGE, False)
    message = received(part.html)
    assert "🗂 Xem đủ 6 tin và bản đồ\n#DiemBao20112026" in message.text
    assert message.of("TextUrl")[-1].url == PAGE


@pytest.mark.parametrize(("stories", "lines"), [(6, 6), (20, 5), (65, 3)])
def test_lines_give_way_so_that_a_day_stays_one_message(stories: int, lines: int) -> None:
    parts = render(day(stories, notable=3), PREVIEW)
    assert len(parts) == 1
    assert lines_told(parts) == lines


def test_without_the_archive_three_messages_keep_every_line() -> None:
    assert (len(render(day(30))), lines_told(render(day(30)))) == (3, 30)
    assert lines_told(render(day(60, notable=2))) < 60


def test_a_story_without_its_line_names_its_first_paper_and_how_many_more() -> None:
    (part,) = render(day(45), PREVIEW)
    message = received(part.html)
    assert "▪️ Chuyện số 3 ở xã vùng cao — Báo A +2 nguồn\n▪️ Chuyện số 4 ở xã vùng cao — Báo A\n" in message.text
    assert [link.url for link in message.of("TextUrl") if link.text == "+2 nguồn"] == [f"{PAGE}#tin-3"]


def test_a_cover_is_the_picture_with_the_top_stories_and_the_text_follows() -> None:
    cover, *texts = render(day(20, notable=1), COVER)
    caption = received(cover.html, caption=True)
    assert (cover.photo, cover.preview) == (True, "")
    assert caption.text.splitlines() == [
        f"🗞 ĐIỂM BÁO 20/11/2026 · phần 1/{cover.of}",
        "Thứ Sáu · 20 tin · 2 địa phương · 3 nguồn",
        "Học và làm theo Bác",
        "",
        "1. Chuyện số 0 ở xã vùng cao",
        "2. Chuyện số 3 ở xã vùng cao",
        "3. Chuyện số 1 ở xã vùng cao",
        "",
        "📍 Lai Châu 10 · Huế 10",
        "#DiemBao20112026",
    ]
    assert [(part.photo, part.preview) for part in texts] == [(False, "")] * len(texts)
    assert lines_told(tuple(texts)) == 20


@pytest.mark.parametrize("stories", [0, 1, 3])
def test_a_day_of_which_a_cover_would_say_everything_has_none(stories: int) -> None:
    assert [part.photo for part in render(day(stories), COVER)] == [False]
    assert [part.photo for part in render(day(4), COVER)] == [True, False]
