"""Posted once, whatever happens: every outcome, every way of reading back, two processes, a store put back."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from monitor import alerting
from monitor.app import App
from monitor.bot import Desk
from monitor.delivery.finding import TEST
from monitor.delivery.mark import read, signed
from monitor.delivery.pace import Pace
from monitor.edges import archive
from monitor.edges.store import Delivery, Store
from monitor.errors import RefusedError
from monitor.models import Answer, Edition, Part, Question
from monitor.posting import at_once, deliver, try_ways
from tests import bot_api
from tests.bot_api import ADMIN, CHANNEL
from tests.conftest import Run, on_both, write_config
from tests.postgres import LENT, Server

AppFor = Callable[..., App]
DAY = date(2026, 11, 21)
SOURCE = ("Báo Mẫu", "https://bao.example/rss")
SETTLE = timedelta(seconds=120)


@pytest.fixture
def app(app_for: AppFor, now: datetime, telegram: bot_api.BotApi) -> App:
    """An app that can read the channel's public page."""
    return app_for(SOURCE, now=now, **settings(telegram))


def settings(telegram: bot_api.BotApi, *ways: str) -> dict[str, object]:
    """Return settings by which the channel can be read in these ways alone; without any, from its public page."""
    found: dict[str, object] = {name.lower(): value for name, value in telegram.environment().items()}
    if ways and "preview" not in ways:
        found["telegram_channel"] = str(CHANNEL)
    if "witness" in ways:
        found["telegram_witness_token"] = bot_api.WITNESS
    if "forward" in ways:
        found["telegram_admin_chat"] = str(ADMIN)
    return found


def at(app: App, moment: datetime) -> App:
    return App(**{**vars(app), "clock": lambda: moment})


def freeze(store: Store, app: App, now: datetime, parts: int = 1, day: date = DAY) -> None:
    """Put an edition of so many parts into the outbox."""
    made = [signed(day, Part(number, parts, f"<b>Bản tin</b> phần {number}")) for number in range(1, parts + 1)]
    store.editions.add(Edition(day, "Tên", (), ()), (), now, app.chat, tuple(made))


def states(store: Store, day: date = DAY) -> list[Delivery]:
    return [message.state for message in store.outbox.of(day)]


def shown(telegram: bot_api.BotApi) -> list[str]:
    """Return what a subscriber reads, without the marks."""
    return [sent.text.partition("\nMã tin")[0] for sent in telegram.shown]


async def test_parts_arrive_in_order_each_with_its_mark_as_last_line(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    freeze(store, app, now, parts=3)
    await deliver(app, store)
    assert shown(telegram) == ["Bản tin phần 1", "Bản tin phần 2", "Bản tin phần 3"]
    marks = [read(sent.text) for sent in telegram.shown]
    assert [(mark.day, mark.number) for mark in marks if mark] == [(DAY, 1), (DAY, 2), (DAY, 3)]
    assert marks == [read(message.part.html) for message in store.outbox.of(DAY)]
    assert [post.get("disable_notification") for post in telegram.posts] == ["false", "true", "true"]


@pytest.mark.parametrize("fault", ["reset_before", "502_before", "500_before"])
@pytest.mark.parametrize("way", ["witness", "preview", "forward"])
async def test_what_was_not_posted_is_looked_for_and_sent_again(
    app_for: AppFor, store: Store, now: datetime, telegram: bot_api.BotApi, fault: str, way: str
) -> None:
    app = app_for(SOURCE, now=now, **settings(telegram, way))
    telegram.world.write(CHANNEL, "Bài của ban biên tập")
    store.chats.saw(app.chat or "", 1)
    freeze(store, app, now, parts=2)
    telegram.faults = ["", fault]
    await deliver(app, store)
    assert states(store) == [Delivery.SENT, Delivery.UNKNOWN]
    telegram.world.write(CHANNEL, "Một bài khác")
    await deliver(at(app, now + SETTLE - timedelta(seconds=1)), store)
    assert states(store) == [Delivery.SENT, Delivery.UNKNOWN]
    await deliver(at(app, now + SETTLE), store)
    assert states(store) == [Delivery.SENT, Delivery.SENT]
    assert shown(telegram) == ["Bài của ban biên tập", "Bản tin phần 1", "Một bài khác", "Bản tin phần 2"]


@pytest.mark.parametrize("fault", ["reset_after", "502_after", "500_after", "bad_json"])
@pytest.mark.parametrize("way", ["witness", "preview", "forward"])
async def test_what_was_posted_all_the_same_is_found_and_never_sent_again(
    app_for: AppFor, store: Store, now: datetime, telegram: bot_api.BotApi, fault: str, way: str
) -> None:
    app = app_for(SOURCE, now=now, **settings(telegram, way))
    store.chats.saw(app.chat or "", telegram.world.write(CHANNEL, "Bài trước").id)
    freeze(store, app, now, parts=2)
    telegram.faults = [fault]
    await deliver(app, store)
    assert states(store) == [Delivery.UNKNOWN, Delivery.PENDING]
    telegram.world.write(CHANNEL, "Một bài khác")
    await deliver(at(app, now + SETTLE), store)
    assert store.outbox.of(DAY)[0].message_id == 2
    assert shown(telegram) == ["Bài trước", "Bản tin phần 1", "Một bài khác", "Bản tin phần 2"]
    assert telegram.world.shown(ADMIN) == []


@pytest.mark.parametrize("way", ["witness", "preview", "forward"])
async def test_a_picture_with_its_caption_is_found_as_a_text_is(
    app_for: AppFor, store: Store, now: datetime, telegram: bot_api.BotApi, way: str
) -> None:
    app = app_for(SOURCE, now=now, **settings(telegram, way))
    store.chats.saw(app.chat or "", telegram.world.write(CHANNEL, "Bài trước").id)
    archive.write(app.digests, DAY, {"png": b"a picture"})
    cover = signed(DAY, Part(1, 1, "<b>Bản tin</b> bìa", photo=True))
    store.editions.add(Edition(DAY, "Tên", (), ()), (), now, app.chat, (cover,))
    telegram.faults = ["reset_after"]
    await deliver(app, store)
    await deliver(at(app, now + SETTLE), store)
    assert [(sent.photo, read(sent.text)) for sent in telegram.shown[1:]] == [(True, read(cover.html))]
    assert states(store) == [Delivery.SENT]


async def test_where_nothing_can_be_read_ids_in_a_row_prove_that_it_is_not_there(
    app_for: AppFor, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    app = app_for(SOURCE, now=now, **(settings(telegram) | {"telegram_channel": str(CHANNEL)}))
    freeze(store, app, now, parts=2)
    telegram.faults = ["", "reset_before"]
    await deliver(app, store)
    await deliver(at(app, now + SETTLE), store)
    assert shown(telegram) == ["Bản tin phần 1", "Bản tin phần 2"]


@pytest.mark.parametrize(
    ("pressed", "fault"), [("Đã thấy, không đăng lại", "reset_after"), ("Chưa có, đăng lại", "reset_before")]
)
async def test_where_nobody_can_tell_the_operator_is_asked_and_answers_by_a_button(
    app_for: AppFor, store: Store, now: datetime, telegram: bot_api.BotApi, pressed: str, fault: str
) -> None:
    app = app_for(SOURCE, now=now, **(settings(telegram) | {"telegram_channel": str(CHANNEL)}))
    app = replace(app, settings=app.settings.model_copy(update={"telegram_admin_chat": str(ADMIN)}))
    store.chats.tested(app.chat or "", (), now)
    freeze(store, app, now, parts=2)
    telegram.faults = [fault]
    await deliver(app, store)
    telegram.world.write(CHANNEL, "Một bài khác")
    for minutes in (3, 10, 30, 120):
        await deliver(at(app, now + timedelta(minutes=minutes)), store)
    assert states(store) == [Delivery.UNKNOWN, Delivery.PENDING]
    asked = store.alerts.waiting()
    assert [alert.text for alert in asked] == [
        "❓ Không rõ phần 1/2 của bản tin 21/11/2026 đã lên kênh hay chưa. Xin xem kênh rồi chọn:"
    ]
    later = now + timedelta(hours=4)
    choice = next(one for one in asked[0].choices if one.label == pressed)
    desk = Desk(lambda: at(app, later), store)
    question = Question(ADMIN, ADMIN, choice.data, None, below=1)
    for words in ("phần 1/2 của bản tin 21/11/2026", "Không còn phải chờ trả lời"):
        (said,) = desk.answer(question)
        assert isinstance(said, Answer)
        assert words in said.html
    await deliver(at(app, later), store)
    assert [text for text in shown(telegram) if text != "Một bài khác"] == ["Bản tin phần 1", "Bản tin phần 2"]


async def test_an_answer_that_never_comes_is_given_by_sources_yaml(
    app_for: AppFor, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    private = settings(telegram) | {"telegram_channel": str(CHANNEL)}
    app = app_for(SOURCE, now=now, more="digest: {in_doubt: repost, in_doubt_after: 2h}", **private)
    freeze(store, app, now)
    telegram.faults = ["reset_before"]
    await deliver(app, store)
    telegram.world.write(CHANNEL, "Một bài khác")
    for minutes, state in ((3, Delivery.UNKNOWN), (119, Delivery.UNKNOWN), (121, Delivery.SENT)):
        await deliver(at(app, now + timedelta(minutes=minutes)), store)
        assert states(store) == [state]


async def test_a_request_carried_out_after_everyone_had_given_up_leaves_one_copy_after_the_sweep(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    freeze(store, app, now)
    telegram.faults = ["reset_before"]
    await deliver(app, store)
    await deliver(at(app, now + SETTLE), store)
    late = telegram.shown[-1]
    bot = next(iter(telegram.world.bots.values()))
    telegram.server.call(bot, "sendMessage", late.fields)
    assert shown(telegram) == ["Bản tin phần 1"] * 2
    await deliver(at(app, now + timedelta(minutes=11)), store)
    assert shown(telegram) == ["Bản tin phần 1"] * 2
    await deliver(at(app, now + timedelta(minutes=13)), store)
    assert [sent.id for sent in telegram.shown] == [late.id]


async def test_too_many_requests_waits_as_long_as_telegram_says(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    freeze(store, app, now)
    telegram.faults = ["429"]
    for seconds, posts in ((0, 0), (6, 0), (7, 1)):
        await deliver(at(app, now + timedelta(seconds=seconds)), store)
        assert len(telegram.posts) == posts


async def test_a_text_that_telegram_does_not_take_goes_without_its_markup(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    broken = signed(DAY, Part(1, 1, '<b>Đậm <a href="https://bao.vn/a?b=1&amp;c=2">tin</b> &lt;3'))
    store.editions.add(Edition(DAY, "Tên", (), ()), (), now, app.chat, (broken,))
    await deliver(app, store)
    assert shown(telegram) == ["Đậm tin <3"]
    assert read(telegram.shown[0].text) == read(broken.html)
    assert [alert.topic for alert in store.alerts.waiting()] == ["telegram:markup"]


@contextmanager
def without_rights(telegram: bot_api.BotApi) -> Iterator[None]:
    """Let the bot be no administrator of the channel within the block."""
    kept = set(telegram.channel.bots)
    telegram.channel.bots.clear()
    yield
    telegram.channel.bots |= kept


async def test_lost_rights_are_told_and_the_digest_goes_when_they_are_back(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    freeze(store, app, now)
    with without_rights(telegram):
        for minutes in (0, 20, 59):
            await deliver(at(app, now + timedelta(minutes=minutes)), store)
    assert states(store) == [Delivery.REFUSED]
    assert telegram.calls.count("sendMessage") == 1
    assert [alert.topic for alert in store.alerts.waiting()] == ["telegram:rights"]
    await deliver(at(app, now + timedelta(hours=1)), store)
    assert shown(telegram) == ["Bản tin phần 1"]


async def test_a_token_that_is_not_valid_is_named_without_being_shown(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    freeze(store, app, now)
    telegram.faults = ["401"]
    await deliver(app, store)
    message = store.outbox.of(DAY)[0]
    assert message.state is Delivery.PENDING
    assert "token is not valid" in message.reason
    assert bot_api.TOKEN not in repr((message, store.alerts.waiting()))


@pytest.mark.parametrize("fault", ["401", "rights"])
async def test_what_was_put_off_goes_at_once_when_the_operator_asks(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi, fault: str
) -> None:
    freeze(store, app, now)
    with without_rights(telegram) if fault == "rights" else nullcontext():
        telegram.faults = [fault] if fault == "401" else []
        await deliver(app, store)
    telegram.faults.clear()
    await deliver(at(app, now + timedelta(seconds=10)), store)
    assert not shown(telegram)
    asked = at(app, now + timedelta(seconds=20))
    at_once(asked, store)
    await deliver(asked, store)
    assert shown(telegram) == ["Bản tin phần 1"]


async def test_a_pause_that_telegram_asked_for_is_kept_also_when_the_operator_asks(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    freeze(store, app, now)
    telegram.faults = ["429"]
    await deliver(app, store)
    telegram.faults.clear()
    at_once(app, store)
    await deliver(app, store)
    assert not shown(telegram)


async def test_a_group_that_became_a_supergroup_is_followed(
    app_for: AppFor, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    bot = next(iter(telegram.world.bots.values()))
    telegram.world.add_chat(-55, "group", "", bot).moved_to = -10055
    telegram.world.add_chat(-10055, "supergroup", "", bot)
    app = app_for(SOURCE, now=now, **(settings(telegram) | {"telegram_channel": "-55"}))
    freeze(store, app, now, parts=2)
    await deliver(app, store)
    assert [sent.id for sent in telegram.world.shown(-10055)] == [1, 2]
    assert store.chats.get("-55").address == "-10055"


async def test_six_hours_without_telegram_cost_few_calls_and_the_digest_arrives_once(
    app_for: AppFor, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    known = settings(telegram)
    cut_off = app_for(SOURCE, now=now, **(known | {"telegram_api_url": "http://127.0.0.1:9/bot"}))
    reachable = app_for(SOURCE, now=now, **known)
    freeze(store, cut_off, now, parts=2)
    tried = 0
    for minute in range(0, 12 * 60, 3):
        moment = now + timedelta(minutes=minute)
        before = store.chats.get("@kenhthu").failures
        await deliver(at(cut_off if minute < 6 * 60 else reachable, moment), store)
        tried += store.chats.get("@kenhthu").failures > before
    assert shown(telegram) == ["Bản tin phần 1", "Bản tin phần 2"]
    assert 20 < tried < 32
    assert telegram.shown[0].id == 1


async def test_a_stuck_edition_does_not_hold_back_the_next(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    freeze(store, app, now)
    telegram.faults = ["403"]
    await deliver(app, store)
    freeze(store, app, now, day=DAY + timedelta(days=1))
    await deliver(app, store)
    assert states(store, DAY + timedelta(days=1)) == [Delivery.SENT]


@pytest.mark.parametrize("way", ["preview", "forward"])
@pytest.mark.parametrize("posted", [0, 1])
async def test_a_store_put_back_from_a_copy_posts_nothing_twice(
    app_for: AppFor,
    now: datetime,
    telegram: bot_api.BotApi,
    way: str,
    posted: int,
    database: Path | str,
    postgres: Server,
) -> None:
    """The copy is of a time when so many of the two parts had been posted."""
    app = app_for(SOURCE, now=now, **settings(telegram, way))
    with Store(database) as store:
        freeze(store, app, now - timedelta(days=1), day=DAY - timedelta(days=1))
        await deliver(app, store)
        freeze(store, app, now, parts=2)
        telegram.faults = [""] * posted + ["429"]
        await deliver(app, store)
    with copy_of(database, postgres) as copy, Store(copy) as restored:
        with Store(database) as store:
            await deliver(at(app, now + timedelta(minutes=1)), store)
        before = [sent.id for sent in telegram.shown]
        await deliver(at(app, now + timedelta(hours=1)), restored)
        assert [message.message_id for message in restored.outbox.of(DAY)] == [2, 3]
        assert "không đăng lại" in restored.alerts.waiting()[0].text
        assert [sent.id for sent in telegram.shown] == before


@contextmanager
def copy_of(database: Path | str, postgres: Server) -> Iterator[Path | str]:
    """Copy a store that nobody has open."""
    if isinstance(database, Path):
        yield shutil.copy(database, database.with_name("copy.sqlite3"))
    else:
        with postgres.database(like=LENT) as made:
            yield made


async def test_a_new_store_does_not_post_a_day_that_the_channel_shows_in_other_words(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    telegram.world.write(CHANNEL, signed(DAY, Part(1, 1, "Bản tin như đã soạn lần trước")).html)
    freeze(store, app, now, parts=2)
    await deliver(app, store)
    assert len(telegram.shown) == 1
    assert [(message.state, message.message_id) for message in store.outbox.of(DAY)] == [
        (Delivery.SENT, 1),
        (Delivery.SENT, None),
    ]


@on_both
def test_two_processes_at_once_post_once(now: datetime, telegram: bot_api.BotApi, app: App, monitor: Run) -> None:
    with app.store() as store:
        freeze(store, app, now, parts=2)
    with ThreadPoolExecutor() as pool:
        digest = partial(monitor, "digest", "--date", "2026-11-21", env=telegram.environment())
        both = [running.result() for running in [pool.submit(digest) for _ in range(2)]]
    assert shown(telegram) == ["Bản tin phần 1", "Bản tin phần 2"]
    assert sorted(done.returncode for done in both) == [0, 2], both
    assert any("is writing here; stop it first" in done.stderr for done in both)


@pytest.mark.parametrize("broken", ["", "witness", "preview", "forward"])
async def test_the_self_test_finds_out_which_ways_work_and_leaves_nothing_behind(
    app_for: AppFor, store: Store, now: datetime, telegram: bot_api.BotApi, broken: str
) -> None:
    known = settings(telegram, "witness", "preview", "forward")
    if broken == "witness":
        telegram.channel.bots.remove(987654321)
    if broken == "preview":
        known["telegram_preview_url"] = "http://127.0.0.1:9/s/"
    if broken == "forward":
        known["telegram_admin_chat"] = "778"
    app = app_for(SOURCE, now=now, **known)
    works = await try_ways(app, store)
    assert works == {way: way != broken for way in ("witness", "preview", "forward")}
    assert set(store.chats.get("@kenhthu").ways) == {way for way, good in works.items() if good}
    assert telegram.shown == telegram.world.shown(ADMIN) == []
    assert store.chats.get("@kenhthu").last_id == 1


async def test_a_test_message_that_stayed_is_deleted_with_the_next(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    freeze(store, app, now)
    telegram.world.write(CHANNEL, "Một bài khác")
    telegram.faults = ["reset_before", "reset_after"]
    await deliver(app, store)
    await deliver(at(app, now + SETTLE), store)
    assert TEST in shown(telegram)
    await deliver(at(app, now + 2 * SETTLE), store)
    assert shown(telegram) == ["Một bài khác", "Bản tin phần 1"]


@on_both
def test_doctor_tries_the_channel_and_names_what_does_not_work(
    monitor: Run, tmp_path: Path, telegram: bot_api.BotApi
) -> None:
    write_config(tmp_path, SOURCE)
    env = telegram.environment() | {"TELEGRAM_WITNESS_TOKEN": bot_api.WITNESS, "TELEGRAM_ADMIN_CHAT": "778"}
    done = monitor("doctor", "--json", env=env)
    found = {one["check"]: (one["ok"], one["says"]) for one in json.loads(done.stdout)}
    assert done.returncode == 1
    assert found["Telegram"] == (True, "posts to @kenhthu")
    assert [found[f"read-back, {way}"][0] for way in ("witness", "preview", "forward")] == [True, True, False]
    assert "TELEGRAM_ADMIN_CHAT" in found["read-back, forward"][1]
    assert bot_api.TOKEN not in done.stdout + done.stderr
    assert telegram.shown == []


async def test_a_channel_in_which_the_bot_may_not_post_is_named(
    app: App, store: Store, telegram: bot_api.BotApi
) -> None:
    telegram.channel.bots.clear()
    with pytest.raises(RefusedError, match="not a member of the channel"):
        await try_ways(app, store)
    assert not store.chats.get("@kenhthu").tested


async def test_what_the_second_bot_may_have_missed_is_not_taken_for_absent(
    app_for: AppFor, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    app = app_for(SOURCE, now=now, **settings(telegram, "witness"))
    store.chats.saw(app.chat or "", telegram.world.write(CHANNEL, "Bài trước").id)
    freeze(store, app, now)
    telegram.faults = ["reset_after"]
    await deliver(app, store)
    next(bot for bot in telegram.world.bots.values() if bot.token == bot_api.WITNESS).updates.clear()
    await deliver(at(app, now + timedelta(hours=25)), store)
    assert states(store) == [Delivery.UNKNOWN]
    assert shown(telegram) == ["Bài trước", "Bản tin phần 1"]


async def test_a_copy_that_may_not_be_deleted_is_told_of_and_holds_nothing_up(
    app: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    freeze(store, app, now)
    await deliver(app, store)
    bot = next(iter(telegram.world.bots.values()))
    telegram.server.call(bot, "sendMessage", telegram.shown[0].fields)
    for sent in telegram.shown:
        sent.at -= 72 * 3600
    await deliver(at(app, now + timedelta(minutes=11)), store)
    assert [alert.topic for alert in store.alerts.waiting()] == ["telegram:delete"]
    assert store.chats.get("@kenhthu").failures == 0
    freeze(store, app, now, day=DAY + timedelta(days=1))
    await deliver(at(app, now + timedelta(minutes=12)), store)
    assert states(store, DAY + timedelta(days=1)) == [Delivery.SENT]


async def test_calls_to_the_channel_keep_their_distance_also_after_a_restart(
    app: App, store: Store, telegram: bot_api.BotApi
) -> None:
    between = 0.15
    began = datetime.now(UTC)
    slow = replace(app, pace=Pace(between=timedelta(seconds=between)), clock=lambda: datetime.now(UTC))
    for number in range(2):
        freeze(store, slow, began, parts=2, day=DAY + timedelta(days=number))
        await deliver(replace(slow), store)
    times = [sent.at for sent in telegram.shown]
    assert len(times) == 4
    assert min(after - before for before, after in pairwise(times)) > between


async def test_an_operator_who_cannot_be_reached_does_not_hold_back_the_digest(
    app_for: AppFor, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    app = app_for(SOURCE, now=now, **(settings(telegram) | {"telegram_admin_chat": "779"}))
    store.alerts.add("disk", "Đĩa đầy.", now)
    freeze(store, app, now)
    await asyncio.gather(alerting.send(app, store), deliver(app, store))
    assert states(store) == [Delivery.SENT]
    assert len(store.alerts.waiting()) == 1
