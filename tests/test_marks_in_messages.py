"""A message is known again by its last line, whatever stands above it; laws of finding it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.finding import TEST, Finding, Presence, View, already_there, left_over, place
from monitor.delivery.mark import Mark, read, signed
from monitor.delivery.plain import plain
from monitor.digest.message import Layout, render
from monitor.edges.telegram import preview
from monitor.models import Edition, Part, Post
from tests.judge import SEARCH, hostile_editions, received

DAY = date(2026, 11, 21)
MARK = Mark(DAY, 1, "k7qd2m")
OURS = f"Bản tin\nMã tin: {MARK}"


@SEARCH
@given(hostile_editions(most=40), st.sampled_from(["preview", "cover", "none"]))
def test_every_message_of_any_edition_carries_its_mark_within_telegrams_limits(edition: Edition, picture: str) -> None:
    layout = Layout(picture, "https://kho.example/")  # type: ignore[arg-type] # drawn from the three
    parts = [signed(edition.date, part) for part in render(edition, layout)]
    marks = []
    for part in parts:
        text = received(part.html).text
        assert len(text) <= (1024 if part.photo else 4096)
        mark = read(text)
        assert mark == read(part.html) == read(received(plain(part.html)).text)
        assert mark
        assert (mark.day, mark.number) == (edition.date, part.number)
        assert signed(edition.date, part) == part
        marks.append(mark)
    assert len(set(marks)) == len(parts)


def test_another_text_day_or_part_has_another_mark() -> None:
    part = signed(DAY, Part(1, 2, "một"))
    others = [
        signed(DAY, Part(1, 2, "hai")),
        signed(DAY, Part(2, 2, "một")),
        signed(DAY.replace(day=22), Part(1, 2, "một")),
    ]
    assert read(part.html) not in {read(other.html) for other in others}


@pytest.mark.parametrize(
    "text",
    ["", f"{OURS}.", f"{MARK} ở giữa", "Mã tin: DB20261321-1-k7qd2m", "DB20261121-1-K7QD2M", "DB20261121-1-k7qd2"],
)
def test_what_only_looks_like_a_mark_is_none(text: str) -> None:
    assert read(text) is None


def test_a_message_is_found_under_its_lowest_id_and_all_others_are_twins() -> None:
    views = [View("witness", (Post(9, OURS), Post(7, OURS))), View("preview", (Post(8, OURS), Post(6, "khác")), 8)]
    assert place(MARK, 5, views, 10) == Finding(Presence.FOUND, (7, 8, 9))


@pytest.mark.parametrize(
    ("views", "test", "presence"),
    [
        ([], None, Presence.UNCLEAR),
        ([View("preview", (Post(6, "khác"),))], None, Presence.UNCLEAR),
        ([View("preview", (Post(6, "khác"),))], 8, Presence.UNCLEAR),
        ([View("preview", (), 8)], 8, Presence.ABSENT),
        ([View("preview", (), 0), View("witness", (), 8)], 8, Presence.ABSENT),
        ([], 6, Presence.ABSENT),
        ([], 7, Presence.UNCLEAR),
    ],
)
def test_absence_needs_a_source_that_shows_something_later_or_ids_in_a_row(
    views: list[View], test: int | None, presence: Presence
) -> None:
    assert place(MARK, 5, views, test).presence is presence


def test_a_message_without_a_mark_is_never_taken_for_absent_by_what_a_source_shows() -> None:
    assert place(None, 5, [View("preview", (), 8)], 8).presence is Presence.UNCLEAR
    assert place(MARK, 0, [], 1).presence is Presence.UNCLEAR


def test_what_a_channel_shows_of_an_edition_is_adopted_and_another_text_of_that_day_counts_for_all_of_it() -> None:
    parts = [signed(DAY, Part(number, 3, f"phần {number}")) for number in (1, 2, 3)]
    seen = View("preview", (Post(4, parts[0].html), Post(5, parts[1].html)))
    assert already_there(parts, [seen]) == {1: 4, 2: 5}
    other = View("preview", (Post(4, signed(DAY, Part(1, 3, "soạn khác")).html),))
    assert already_there(parts, [other]) == {1: 4, 2: None, 3: None}
    before = View("preview", (Post(4, signed(DAY.replace(day=20), parts[0]).html.replace("1121", "1120")),))
    assert already_there(parts, [before]) == {}


def test_test_messages_are_told_from_anything_else() -> None:
    assert left_over([View("witness", (Post(4, TEST), Post(5, f"{TEST} Ai đó trích lại"), Post(6, f" {TEST}\n")))]) == (
        4,
        6,
    )


def test_the_public_page_is_read_with_its_emoji_links_captions_and_forwards() -> None:
    page = f"""<html><body><section class="tgme_channel_history js-message_history">
    <div class="tgme_widget_message" data-post="kenh/7"><a class="tgme_widget_message_photo_wrap"></a>
      <div class="tgme_widget_message_text js-message_text"><b><i class="emoji"><b>🗞</b></i> ĐIỂM BÁO</b><br/>
      <a href="https://bao.vn">Tin</a><br/>Mã tin: {MARK}</div></div>
    <div class="tgme_widget_message" data-post="kenh/8"><div class="tgme_widget_message_forwarded_from">Từ kênh</div>
      <div class="tgme_widget_message_text">Bản tin<br>Mã tin: {MARK}</div></div>
    <div class="tgme_widget_message" data-post="kenh/9"></div>
    <div class="tgme_widget_message" data-post="kenh/hỏng"></div></section></body></html>"""
    posts = preview.read(page)
    assert [post.id for post in posts] == [7, 8, 9]
    assert [read(post.text) for post in posts] == [MARK, None, None]


@pytest.mark.parametrize("page", ["", "<html></html>", "<p>Nếu bạn có Telegram, hãy mở kênh</p>", "\x00<<<>>"])
def test_another_page_is_not_taken_for_an_empty_channel(page: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - lxml's words differ
        preview.read(page)


@pytest.mark.parametrize(
    ("html", "bare"),
    [
        ('<b>a</b> <a href="https://x.vn/?a=1&amp;b=2">tin</a> 3 &lt; 4', "a tin (https://x.vn/?a=1&amp;b=2) 3 &lt; 4"),
        ("<b>hở <i>chéo</b></i> a < b", "hở chéo a &lt; b"),
        (f'<a href="https://x.vn/{"y" * 4090}">tin</a>', "tin"),
    ],
)
def test_without_markup_any_message_is_taken(html: str, bare: str) -> None:
    assert plain(html) == bare == plain(bare)
    assert received(plain(html)).entities == () or "https" in bare


def test_signing_keeps_everything_else_of_a_message() -> None:
    part = replace(Part(1, 2, "một"), preview="https://kho.example/", photo=True)
    assert replace(signed(DAY, part), html="một") == part
