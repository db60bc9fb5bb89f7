"""What goes wrong reaches the operator: together, once a day, and never in the digest's way."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from monitor import alerting
from monitor.app import App
from monitor.delivery.alarms import grouped, rung, source_line
from monitor.edges.store import Store
from monitor.errors import ArchiveError
from monitor.health import Condition
from monitor.models import Alert, Choice, Memory, Round, State
from monitor.service import publish_due
from tests import bot_api

AppFor = Callable[..., App]


@pytest.fixture
def app(app_for: AppFor, now: datetime, telegram: bot_api.BotApi) -> App:
    settings = {name.lower(): value for name, value in telegram.environment().items()}
    return app_for(("Báo Mẫu", "https://bao.example/rss"), now=now, telegram_admin_chat="777", **settings)


def at(app: App, moment: datetime) -> App:
    return App(**{**vars(app), "clock": lambda: moment})


async def test_lines_of_several_troubles_come_as_one_message_to_the_admin_chat(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    store.alerts.add("disk", "Đĩa sắp đầy: còn < 1 GB.", now)
    store.alerts.add("source:Báo Mẫu", "Báo Mẫu & bạn: không đọc được.", now + timedelta(seconds=1))
    await alerting.send(app, store)
    assert [(post["chat_id"], post["text"]) for post in telegram.posts] == [
        ("777", "Đĩa sắp đầy: còn &lt; 1 GB.\nBáo Mẫu &amp; bạn: không đọc được.")
    ]
    await alerting.send(at(app, now + timedelta(hours=1)), store)
    assert len(telegram.posts) == 1


def test_the_same_line_is_not_queued_again_within_a_day_unless_the_trouble_was_over(
    store: Store, now: datetime
) -> None:
    for hours, waiting in ((0, 1), (1, 0), (23, 0), (24, 1)):
        store.alerts.add("disk", "Đĩa đầy.", now + timedelta(hours=hours))
        assert len(store.alerts.waiting()) == waiting
        store.alerts.said(store.alerts.waiting(), now)
    assert store.alerts.clear("disk", now + timedelta(hours=25))
    assert not store.alerts.clear("disk", now + timedelta(hours=25))
    store.alerts.add("disk", "Đĩa đầy.", now + timedelta(hours=26))
    assert [alert.topic for alert in store.alerts.waiting()] == ["disk"]


@pytest.mark.parametrize("was_told", [True, False])
def test_the_end_of_a_trouble_is_told_to_who_was_told_of_it(store: Store, now: datetime, was_told: bool) -> None:
    for again in range(2):
        at = now + timedelta(hours=again)
        store.alerts.stand("disk", "Đĩa đầy.", "", at)
        if was_told:
            store.alerts.said(store.alerts.waiting(), at)
        store.alerts.stand("disk", "", "Đĩa đã có chỗ.", at)
        store.alerts.stand("disk", "", "Đĩa đã có chỗ.", at)
        assert [one.text for one in store.alerts.waiting()] == ["Đĩa đã có chỗ."] * was_told
        store.alerts.said(store.alerts.waiting(), at)


async def test_an_archive_that_cannot_be_written_is_told_and_so_never_keeps_the_digest_back_in_silence(
    app: App, store: Store, now: datetime
) -> None:
    evening = at(app, now + timedelta(hours=3))
    store.sources.enrol(["Báo Mẫu"], now)
    store.sources.end_round(Round("Báo Mẫu", State.SILENT), Memory(), now, now)
    app.digests.write_text("no folder", encoding="utf-8")
    with pytest.raises(ArchiveError):
        await publish_due(evening, store)
    assert list(store.alerts.open()) == ["archive"]
    told = f"Bản điểm báo phải chờ vì không ghi được kho lưu trữ {app.digests}: không đọc ghi được."
    assert store.alerts.open()["archive"] == told
    app.digests.unlink()
    await publish_due(evening, store)
    assert store.editions.last() == now.date()
    assert store.alerts.open() == {}


def test_a_source_is_told_of_at_its_3rd_6th_12th_24th_failure_and_when_it_is_back(
    app: App, store: Store, now: datetime
) -> None:
    told = []
    for failures in [*range(1, 30), 0, 0, 1, 2, 3, 0]:
        line = source_line("Báo Mẫu", "failing", "500 Internal Server Error", failures)
        if line != store.alerts.open().get("source:Báo Mẫu", ""):
            alerting.source_stands(app, store, "Báo Mẫu", line)
        told += [alert.text for alert in store.alerts.waiting()]
        store.alerts.said(store.alerts.waiting(), now)
    failed = "📡 Báo Mẫu: không đọc được {} lần liên tiếp: lỗi 500 của máy chủ."
    back = "📡 Báo Mẫu: đã đọc lại được bình thường."
    assert told == [*(failed.format(number) for number in (3, 6, 12, 24)), back, failed.format(3), back]


def test_a_long_trouble_is_told_again_each_24_failures() -> None:
    assert [number for number in range(1, 100) if rung(number) == number] == [3, 6, 12, 24, 48, 72, 96]


@pytest.mark.parametrize(
    "condition", [one for one in Condition if one not in {"well", "new", "paused", "misdated", "gap"}]
)
def test_every_condition_that_asks_for_the_operator_has_its_words(condition: Condition) -> None:
    detail = {"layout": "lead, published"}.get(condition, "bao.example")
    line = source_line("Báo Mẫu", condition, detail, failures=3)
    assert line.startswith("📡 Báo Mẫu: ")
    assert "{" not in line


async def test_an_alert_that_cannot_be_sent_waits_and_tries_ever_less_often(
    app_for: AppFor, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    settings = {name.lower(): value for name, value in telegram.environment().items()}
    source = ("Báo Mẫu", "https://bao.example/rss")
    store.alerts.add("disk", "Đĩa đầy.", now)
    waits = []
    moment = now
    for _ in range(8):
        cut_off = app_for(
            source,
            now=moment,
            telegram_admin_chat="777",
            **(settings | {"telegram_api_url": "http://127.0.0.1:9/bot"}),
        )
        await alerting.send(cut_off, store)
        waits.append(store.chats.get("777").free_at - moment)
        moment = store.chats.get("777").free_at
    assert waits == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240, 480, 900, 900, 900)]
    await alerting.send(app_for(source, now=moment, telegram_admin_chat="777", **settings), store)
    assert len(telegram.posts) == 1


def test_many_lines_are_parted_before_telegrams_limit_and_buttons_stand_alone() -> None:
    lines = [Alert("x", "chữ " * 300) for _ in range(30)]
    asked = Alert("y", "Đã thấy chưa?", (Choice("Đã thấy", "a"),))
    messages = grouped([*lines, asked])
    assert [alert for _, told in messages for alert in told if alert.choices] == [asked]
    assert sum(len(told) for _, told in messages) == 31
    assert all(len(html) < 4096 for html, _ in messages)
