"""Whatever is typed or pressed, the answer is one that Telegram takes; judged by Telegram's own parser."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app import App, build
from monitor.bot import Desk
from monitor.bot.manners import Manners, Verdict
from monitor.bot.reading import command, day, matter
from monitor.config import Settings
from monitor.models import Answer, Copies, Question, Reply
from monitor.publish import publish
from tests.conftest import write_config
from tests.judge import HOSTILE, SEARCH, received
from tests.newsroom import report
from tests.test_store import keep

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OPERATOR, READER = 777, 4242
COMMANDS = "start homnay ngay tim tinh nguon trogiup tinhtrang tamdung chaylai".split()
TEXTS = st.sampled_from(HOSTILE) | st.text(max_size=40)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, lasting_database: Path | str) -> Iterator[Desk]:
    """A desk on a store full of hostile texts."""
    app = hostile_app(tmp_path_factory.mktemp("desk"), lasting_database)
    with app.store() as store:
        paper = app.sources[0].name
        store.sources.enrol([source.name for source in app.sources], NOW)
        for number, text in enumerate(HOSTILE, start=1):
            keep(store, report(number, NOW, title=f"{text} học {number}"[:900], source=paper))
        asyncio.run(publish(app, store, NOW.date(), NOW))
        yield Desk(lambda: app, store)


def hostile_app(folder: Path, database: Path | str) -> App:
    path = write_config(folder, *((f"Báo <b>&</b> {n} {'Á' * 60}", f"https://bao{n}.example/") for n in range(50)))
    built = build(path, settings=Settings(telegram_admin_chat=str(OPERATOR)))
    return replace(built, clock=lambda: NOW, database=database)


def judged(replies: list[Reply]) -> list[Answer]:
    """Return the messages of an answer; each must be one that Telegram takes."""
    answers = [one for reply in replies for one in (reply.instead if isinstance(reply, Copies) else (reply,))]
    for answer in answers:
        received(answer.html)
        for choice in (choice for row in answer.rows for choice in row):
            assert 1 <= len(choice.data.encode()) <= 64
            assert choice.label
    return answers


@SEARCH
@given(st.sampled_from(COMMANDS), TEXTS, st.sampled_from([OPERATOR, READER]), st.integers(1, 10**9))
def test_every_answer_is_one_that_telegram_takes(desk: Desk, name: str, behind: str, chat: int, person: int) -> None:
    judged(desk.answer(Question(chat, person, f"/{name} {behind}", NOW)))


@SEARCH
@given(TEXTS)
def test_words_without_a_command_are_answered_with_what_telegram_takes(desk: Desk, said: str) -> None:
    assert judged(desk.answer(Question(OPERATOR, OPERATOR, said, NOW)))


@SEARCH
@given(
    prefix=st.sampled_from(["tim", "tinh", "nguon", "seen", "again", ""]), behind=TEXTS, page=st.integers(-3, 10**30)
)
def test_every_pressed_button_is_survived(desk: Desk, prefix: str, behind: str, page: int) -> None:
    for data in (f"{prefix}:{page}:{behind}", f"{prefix}:{behind}", prefix):
        judged(desk.answer(Question(OPERATOR, OPERATOR, data, None, below=5)))


def test_pages_turn_from_the_first_to_the_last_and_back(desk: Desk) -> None:
    (page,) = judged(desk.answer(Question(OPERATOR, OPERATOR, "/tim học", NOW)))
    seen = [page.html]
    while following := [choice for row in page.rows for choice in row if choice.label == "Sau ›"]:
        (page,) = judged(desk.answer(Question(OPERATOR, OPERATOR, following[0].data, None, below=5)))
        seen.append(page.html)
    assert len(set(seen)) == len(seen) == -(-len(HOSTILE) // 5)


def test_a_store_that_cannot_be_read_is_said_kindly_and_groups_stay_quiet(
    tmp_path: Path, another_database: Path | str
) -> None:
    app = hostile_app(tmp_path, another_database)
    asked = Question(READER, READER, "/nguon", NOW)
    with app.store() as store:
        with store.database.write() as db:
            db.execute("ALTER TABLE source RENAME TO lost")
        desk = Desk(lambda: app, store)
        (sorry,) = judged(desk.answer(asked))
        assert sorry.html == "Xin lỗi, lúc này chưa trả lời được. Mời bạn thử lại sau ít phút."
        assert desk.answer(replace(asked, private=False)) == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("20/11/2026", date(2026, 11, 20)),
        ("20-11-2026", date(2026, 11, 20)),
        ("20.11.2026", date(2026, 11, 20)),
        ("1/2", date(2026, 2, 1)),
        ("21/11", date(2026, 11, 21)),
        ("22/11", date(2025, 11, 22)),
        ("29/2", None),
        ("29/2/2024", date(2024, 2, 29)),
        ("0/0", None),
        ("٢٠/١١", None),
        ("20/11/26", date(2026, 11, 20)),
        ("20/11/1926", None),
        ("ngày 20/11", date(2026, 11, 20)),
        ("20 tháng 11", date(2026, 11, 20)),
        ("ngay 2 thang 12", date(2025, 12, 2)),
        ("ngày 2 tháng 9 năm 2025", date(2025, 9, 2)),
        ("Hôm qua", date(2026, 11, 20)),
        ("hom nay", date(2026, 11, 21)),
        ("", None),
    ],
)
def test_days_are_read_as_people_write_them(typed: str, read: date | None) -> None:
    assert day(typed, date(2026, 11, 21)) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/tim đạo  đức ", ("tim", "đạo đức")),
        ("/HomNay", ("homnay", "")),
        ("/tim\nhai dòng", ("tim", "hai dòng")),
        ("/homnay@bot_khac", None),
        ("homnay", None),
        ("/", None),
        ("/đạo", None),
    ],
)
def test_commands_are_read(typed: str, read: tuple[str, str] | None) -> None:
    assert command(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("tin Lai Châu", "Lai Châu"),
        ("Bản tin hôm qua", "hôm qua"),
        ("điểm báo 20/11", "20/11"),
        ("dân vận khéo", "dân vận khéo"),
        ("tin", ""),
    ],
)
def test_what_people_put_before_a_day_or_a_province_is_passed_over(typed: str, read: str) -> None:
    assert matter(typed) == read


def test_a_long_search_is_answered_though_no_button_can_hold_it(desk: Desk) -> None:
    words = '"học" ' + "học " * 30
    (page,) = judged(desk.answer(Question(OPERATOR, OPERATOR, f"/tim {words}", NOW)))
    assert "trang 1/" in page.html
    assert page.html.endswith("xin ghi ít từ hơn để xem tiếp.")
    assert page.rows == ()
    (refused,) = judged(desk.answer(Question(OPERATOR, OPERATOR, f"/tim {words * 2}", NOW)))
    assert refused.html.startswith("Câu tìm dài quá.")


def test_who_waits_a_minute_may_ask_again_and_a_crowd_is_not_remembered_for_ever() -> None:
    manners = Manners()
    verdicts = [manners.asks(1, NOW) for _ in range(22)]
    assert verdicts == [Verdict.WELCOME] * 20 + [Verdict.TOO_MANY, Verdict.IGNORED]
    assert manners.asks(1, NOW + timedelta(minutes=1)) is Verdict.WELCOME
    for person in range(2, 20_002):
        assert manners.asks(person, NOW) is Verdict.WELCOME
    assert manners.remembered <= 10_000
