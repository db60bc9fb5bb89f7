"""What a paper corrects after it was posted reaches the posted message, within Telegram's limits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.app import App
from monitor.delivery.mark import read, signed
from monitor.digest.correction import corrected
from monitor.digest.message import render
from monitor.edges.store import Store
from monitor.models import VIETNAM, Edition, Note, Part, Story, Telling
from monitor.publish import publish, resume
from tests import bot_api
from tests.judge import received
from tests.newsroom import report
from tests.test_archiving import correct
from tests.test_store import keep

AppFor = Callable[..., App]
DAY = date(2026, 11, 21)


@pytest.fixture
def app(app_for: AppFor, now: datetime, telegram: bot_api.BotApi, store: Store) -> App:
    store.sources.enrol(["Báo Mẫu"], now)
    for number in (1, 2, 3):
        keep(store, report(number, now))
    settings = {name.lower(): value for name, value in telegram.environment().items()}
    return app_for(("Báo Mẫu", "https://bao.example/rss"), now=now, **settings)


def at(app: App, moment: datetime) -> App:
    return App(**{**vars(app), "clock": lambda: moment})


async def test_a_correction_is_added_to_the_posted_message_before_its_mark(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    second = store.articles.search("xã số 2", 1)[0]
    await publish(app, store, DAY, now)
    before = telegram.shown[-1].text
    later = now + timedelta(hours=15, minutes=12)
    correct(store, second, later, title="Xã số 2 đính chính tên chi bộ")
    await resume(at(app, later), store)
    after = telegram.shown[-1].text
    assert "✏️ Đính chính 07:12 22/11 (Báo Mẫu): Xã số 2 đính chính tên chi bộ" in after
    assert read(after) == read(before)
    assert len(telegram.shown) == len(store.outbox.of(DAY))


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "500_before", "502_after", "429", "bad_json"])
async def test_an_edit_is_repeated_until_it_is_done_and_the_newest_text_wins(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi, fault: str
) -> None:
    second = store.articles.search("xã số 2", 1)[0]
    await publish(app, store, DAY, now)
    telegram.server.edit_faults = [fault]
    for hours, title in ((1, "Lần một"), (2, "Lần hai")):
        moment = now + timedelta(hours=hours)
        correct(store, second, moment, title=title)
        await resume(at(app, moment), store)
    assert "Lần hai" in telegram.shown[-1].text
    assert "Lần một" not in telegram.shown[-1].text
    assert store.outbox.to_edit("@kenhthu") == []
    edits = telegram.calls.count("editMessageText")
    await resume(at(app, now + timedelta(hours=3)), store)
    assert telegram.calls.count("editMessageText") == edits


async def test_a_message_that_cannot_be_edited_is_told_of_and_left(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    second = store.articles.search("xã số 2", 1)[0]
    await publish(app, store, DAY, now)
    telegram.channel.messages.clear()
    moment = now + timedelta(hours=1)
    correct(store, second, moment, title="Lần một")
    for minutes in (0, 5):
        await resume(at(app, moment + timedelta(minutes=minutes)), store)
    assert telegram.calls.count("editMessageText") == 1
    assert [alert.topic for alert in store.alerts.waiting()] == ["telegram:edit"]


def edition(stories: int) -> Edition:
    told = [
        Story(number, f"Chuyện số {number}", "Câu kể. " * 20, (), (
            Telling(f"https://bao.vn/tin-{number}.html", "Báo Mẫu", f"Chuyện số {number}", None),
        ))
        for number in range(stories)
    ]  # fmt: skip
    return Edition(DAY, "Tên", tuple(told), ())


@pytest.mark.parametrize("notes", [1, 3, 12, 60])
def test_corrections_stand_with_their_story_and_never_break_telegrams_limits(notes: int) -> None:
    made = edition(60)
    parts = [signed(DAY, part) for part in render(made)]
    known = [
        Note(number, datetime(2026, 11, 22, 2, 12, tzinfo=UTC), "Báo Mẫu", f"https://bao.vn/tin-{number}.html",
             f"Chuyện số {number} <kể lại>", line="Dòng mới & đúng. " * 9)
        for number in range(60 - notes, 60)
    ]  # fmt: skip
    desired = corrected(made, parts, known, VIETNAM)
    by_number = {part.number: part for part in parts}
    for number, html in desired.items():
        text = received(html).text
        assert read(text) == read(by_number[number].html)
        assert "✏️ Đính chính 09:12 22/11 (Báo Mẫu): Chuyện số" in text
    if notes == 1:
        ((_, html),) = desired.items()
        assert "Chuyện số 59 &lt;kể lại&gt;" in html


def test_a_note_without_a_correction_changes_nothing() -> None:
    made = edition(2)
    joined = Note(0, datetime(2026, 11, 22, tzinfo=UTC), "Báo Khác", "https://khac.vn/1", "Chuyện số 0", copy=True)
    assert corrected(made, render(made), [joined], VIETNAM) == {}
    pictured = replace(Part(1, 1, "x"), photo=True)
    assert corrected(made, [pictured], [replace(joined, line="y")], VIETNAM) == {}
