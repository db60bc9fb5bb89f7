"""Conversations with the bot through the real update loop; the far side is the stand-in."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.app import App
from monitor.delivery.pace import Pace
from monitor.edges.store import Store
from monitor.models import Memory, Round, State
from monitor.publish import publish
from tests import bot_api
from tests.newsroom import report
from tests.talking import READER, heard, talking
from tests.test_store import keep

AppFor = Callable[..., App]
HELP = "Bạn có thể gõ:"


@pytest.fixture
def app(app_for: AppFor, now: datetime, telegram: bot_api.BotApi) -> App:
    settings = {name.lower(): value for name, value in telegram.environment().items()}
    sources = (("Báo Mẫu", "https://bao.example/rss"), ("Báo Mẫu Chiều", "https://chieu.example/rss"))
    return app_for(*sources, now=now, telegram_admin_chat=str(bot_api.ADMIN), **settings)


@pytest.fixture(autouse=True)
def known(store: Store, now: datetime) -> None:
    store.sources.enrol(["Báo Mẫu", "Báo Mẫu Chiều"], now)
    store.sources.end_round(Round("Báo Mẫu", State.ON_TOPIC), Memory(), now, now + timedelta(minutes=30))
    for number in range(1, 8):
        keep(store, report(number, now))


async def test_start_greets_and_names_every_command(app: App, store: Store, telegram: bot_api.BotApi) -> None:
    async with talking(telegram, app, store) as (reader,):
        (said,) = await reader.says("/start")
    assert said.startswith("Chào bạn! Đây là Điểm Báo")
    for command in ("/homnay", "/ngay 20/11/2026", "/tim đạo đức", "/tinh Lai Châu", "/nguon", "/trogiup"):
        assert f"\n{command} – " in said
    assert "/tamdung" not in said


async def test_commands_are_registered_and_the_operator_s_only_in_the_admin_chat(
    app: App, store: Store, telegram: bot_api.BotApi
) -> None:
    async with talking(telegram, app, store) as (reader,):
        await reader.says("/trogiup")
    offered = telegram.world.bots[bot_api.TOKEN].commands
    readers = ["homnay", "ngay", "tim", "tinh", "nguon", "trogiup"]
    assert offered == {
        "all_private_chats": readers,
        str(bot_api.ADMIN): ["tinhtrang", "tamdung", "chaylai", *readers],
    }


@pytest.mark.parametrize("trouble", ["unknown", "kicked", "moved"])
async def test_readers_are_answered_though_the_admin_chat_cannot_be_offered_its_commands(
    app: App, store: Store, telegram: bot_api.BotApi, trouble: str
) -> None:
    if trouble == "unknown":
        del telegram.world.chats[bot_api.ADMIN]
    elif trouble == "kicked":
        telegram.admin.bots.clear()
    else:
        telegram.admin.moved_to = -1005
    async with talking(telegram, app, store) as (reader,):
        assert (await reader.says("/trogiup"))[0].startswith(HELP)


async def test_today_is_shown_as_it_stands_in_the_channel(
    app: App, store: Store, telegram: bot_api.BotApi, now: datetime
) -> None:
    await publish(app, store, now.date(), now)
    cover, text = telegram.shown
    text.text = text.text.replace("Xã số 1", "Xã số 1 (đã đính chính)")
    async with talking(telegram, app, store) as (reader,):
        for asked in ("/homnay", "/ngay 21/11/2026", "/ngay 2026-11-21", "/ngay 21/11", "/HomNay"):
            assert await reader.says(asked) == [cover.text, text.text]
        assert [sent.photo for sent in reader.seen[1:3]] == [True, False]


async def test_before_the_hour_the_newest_digest_is_shown_and_said_to_be_so(
    app: App, store: Store, telegram: bot_api.BotApi, now: datetime
) -> None:
    async with talking(telegram, app, store) as (reader,):
        assert await reader.says("/homnay") == [
            "Chưa có bản điểm báo nào. Bản hằng ngày ra lúc 18:00, mời bạn quay lại sau."
        ]
    await publish(app, store, now.date(), now)
    tomorrow = replace(app, clock=lambda: now + timedelta(days=1))
    async with talking(telegram, tomorrow, store) as (reader,):
        said, *digest = await reader.says("/homnay")
    assert said == (
        "Hôm nay chưa có bản điểm báo; bản hằng ngày ra lúc 18:00. Mời bạn xem bản gần nhất, ngày 21/11/2026."
    )
    assert [one.splitlines()[0] for one in digest] == [f"🗞 ĐIỂM BÁO 21/11/2026 · phần {n}/2" for n in (1, 2)]


async def test_a_digest_that_left_the_channel_or_never_was_there_is_told_from_the_store(
    app: App, store: Store, telegram: bot_api.BotApi, now: datetime
) -> None:
    await publish(app, store, now.date(), now)
    posted = [sent.text for sent in telegram.shown]
    telegram.channel.messages.clear()
    async with talking(telegram, app, store) as (reader,):
        assert await reader.says("/homnay") == posted


async def test_a_search_finds_with_and_without_marks_and_its_pages_turn(
    app: App, store: Store, telegram: bot_api.BotApi
) -> None:
    async with talking(telegram, app, store) as (reader,):
        for typed in ("học tập", "HOC TAP", "hoc  tap", '"học tập"'):
            (first,) = await reader.says(f"/tim {typed}")
            assert ": 7 bài (trang 1/2)" in first.splitlines()[0]
            assert first.count("▪️") == 5
            assert [label for label, _ in reader.buttons] == ["Sau ›"]
            messages = len(reader.seen)
            (second,) = await reader.presses("Sau ›")
            assert ": 7 bài (trang 2/2)" in second.splitlines()[0]
            assert second.count("▪️") == 2
            assert await reader.presses("‹ Trước") == [first.replace("HOC TAP", "hoc tap")]
            assert len(reader.seen) == messages


NO_DIGEST = [
    ("/ngay", "Xin ghi ngày sau lệnh, ví dụ: /ngay 20/11/2026 hoặc /ngay 20/11"),
    ("/ngay hôm nọ", "“hôm nọ” không phải là ngày. Xin ghi ngày sau lệnh"),
    ("/ngay 31/02/2026", "“31/02/2026” không phải là ngày."),
    ("/ngay <b>20/11</b>", "“<b>20/11</b>” không phải là ngày."),
    ("/ngay 25/12/2026", "Ngày 25/12/2026 chưa đến."),
    ("/ngay 01/01/2020", "Không có bản điểm báo ngày 01/01/2020."),
    ("/ngay 25/12", "Không có bản điểm báo ngày 25/12/2025."),
]
NOTHING_FOUND = [
    ("/tim", "Xin ghi từ cần tìm sau lệnh, ví dụ: /tim đạo đức"),
    ("/tim  !?  ", "Không tìm thấy bài nào có “!?”."),
    ("/tim <b>xe</b> & <script>", "Không tìm thấy bài nào có “<b>xe</b> & <script>”."),
    ("/tim " + "từ " * 100, "Câu tìm dài quá."),
    ('/tim "', "Không tìm thấy bài nào"),
    ("/tim xe lửa AND NOT OR *", "Không tìm thấy bài nào"),
]


@pytest.mark.parametrize("asked", [NO_DIGEST, NOTHING_FOUND], ids=["no digest", "nothing found"])
async def test_where_there_is_nothing_to_show_it_is_said_kindly(
    app: App, store: Store, telegram: bot_api.BotApi, asked: list[tuple[str, str]]
) -> None:
    async with talking(telegram, app, store) as (reader,):
        for typed, said in asked:
            (answer,) = await reader.says(typed)
            assert answer.startswith(said)


async def test_markup_in_what_is_searched_and_found_is_read_as_text(
    app: App, store: Store, telegram: bot_api.BotApi, now: datetime
) -> None:
    keep(store, report(30, now, title="<b>Cầu</b> & <i>đường", url="https://bao.example/cau?a=1&b=2"))
    async with talking(telegram, app, store) as (reader,):
        (answer,) = await reader.says("/tim <b>cầu</b>")
    assert answer.splitlines()[:3] == ["🔎 “<b>cầu</b>”: 1 bài", "", "▪️ <b>Cầu</b> & <i>đường"]
    assert 'href="https://bao.example/cau?a=1&amp;b=2"' in reader.seen[-1].fields["text"]


PROVINCES = [
    ("Lai Châu", "📍 Lai Châu: tin mới nhất (trang 1/2)"),
    ("lai chau", "📍 Lai Châu: tin mới nhất (trang 1/2)"),
    ("tỉnh Lai Châu", "📍 Lai Châu: tin mới nhất (trang 1/2)"),
    ("Hà Giang", "Hà Giang nay thuộc Tuyên Quang."),
    ("tinh ha giang", "Hà Giang nay thuộc Tuyên Quang."),
    ("#TPHCM", "📍 Thành phố Hồ Chí Minh: chưa có tin nào."),
    ("Atlantis", "Không có tỉnh, thành phố nào tên là “Atlantis”. Danh sách địa phương: /tinh"),
    ("<b>", "Không có tỉnh, thành phố nào tên là “<b>”."),
    ("Cà Mau", "📍 Cà Mau: chưa có tin nào."),
]


async def test_a_province_is_known_by_any_of_its_names(
    app: App, store: Store, telegram: bot_api.BotApi, now: datetime
) -> None:
    await publish(app, store, now.date(), now)
    async with talking(telegram, app, store) as (reader,):
        for typed, first in PROVINCES:
            (answer,) = await reader.says(f"/tinh {typed}")
            assert answer.splitlines()[0].startswith(first)


async def test_the_stories_of_a_province_turn_and_a_name_nearly_right_is_asked_back(
    app: App, store: Store, telegram: bot_api.BotApi, now: datetime
) -> None:
    await publish(app, store, now.date(), now)
    async with talking(telegram, app, store) as (reader,):
        (asked,) = await reader.says("/tinh Lai Chao")
        assert asked.endswith("Có phải bạn muốn tìm:")
        (found,) = await reader.presses("Lai Châu")
        assert found.count("▪️") == 5
        assert "Báo Mẫu · 21/11/2026" in found
        (more,) = await reader.presses("Sau ›")
        assert more.count("▪️") == 2
        (choice,) = await reader.says("/tinh")
        assert choice == "Bạn muốn xem tin của địa phương nào?"
        assert len(reader.buttons) == 34


async def test_sources_are_listed_with_their_state(
    app: App, store: Store, telegram: bot_api.BotApi, now: datetime
) -> None:
    async with talking(telegram, app, store) as (reader,):
        (listed,) = await reader.says("/nguon")
        store.visits.pause("Báo Mẫu", now)
        (paused,) = await reader.says("/nguon")
    assert listed.splitlines() == [
        "📡 2 nguồn",
        "",
        "✅ Báo Mẫu: có tin, đọc lúc 16:00 21/11",
        "▫️ Báo Mẫu Chiều: chưa đọc lượt nào",
    ]
    assert "⏸ Báo Mẫu: tạm dừng theo dõi" in paused


async def test_words_without_a_command_are_taken_for_a_day_a_province_or_something_to_look_for(
    app: App, store: Store, telegram: bot_api.BotApi
) -> None:
    """A tap in Telegram's menu sends a command bare; the words come behind it, alone."""
    async with talking(telegram, app, store) as (reader,):
        assert "ví dụ: /tim đạo đức" in (await reader.says("/tim"))[0]
        for said, command in (("chi bộ", "/tim chi bộ"), ("lai chau", "/tinh lai chau"), ("25/12", "/ngay 25/12")):
            assert await reader.says(said) == await reader.says(command)
        assert await reader.says("hôm nay") == await reader.says("/homnay")


async def test_greetings_and_commands_that_do_not_exist_are_answered_with_what_can_be_asked(
    app: App, store: Store, telegram: bot_api.BotApi
) -> None:
    async with talking(telegram, app, store) as (reader,):
        assert await reader.says("Xin chào!") == await reader.says("/start")
        assert (await reader.says("/lenhla"))[0].startswith(f"Không có lệnh “/lenhla”. {HELP}")
        assert "Cách dùng: /trogiup" in (await reader.says("không có ở đâu cả"))[0]


async def test_the_number_for_telegram_admin_chat_is_told_in_a_private_chat_and_in_a_group(
    app: App, store: Store, telegram: bot_api.BotApi
) -> None:
    telegram.world.add_chat(-500, "group", "", telegram.world.bots[bot_api.TOKEN])
    async with talking(telegram, app, store, 4242, -500) as (reader, group):
        assert await reader.says("/id") == ["Số của cuộc trò chuyện này: 4242"]
        assert await group.says("/id@diembao_bot") == ["Số của cuộc trò chuyện này: -500"]
        assert await group.says("/id homnay") == []


async def test_in_groups_and_channels_the_bot_is_silent(app: App, store: Store, telegram: bot_api.BotApi) -> None:
    bot = telegram.world.bots[bot_api.TOKEN]
    telegram.world.add_chat(-500, "group", "", bot)
    async with talking(telegram, app, store):
        telegram.world.write(-500, "/homnay")
        telegram.world.write(bot_api.CHANNEL, "/homnay")
        await heard(telegram)
    assert [sent for sent in telegram.world.shown(-500) if sent.bot] == []
    assert [sent for sent in telegram.shown if sent.bot] == []


async def test_what_was_asked_while_the_bot_was_away_long_is_passed_over(
    app: App, store: Store, telegram: bot_api.BotApi, now: datetime
) -> None:
    async with talking(telegram, app, store) as (reader,):
        telegram.world.clock = (now - timedelta(minutes=11)).timestamp
        assert await reader.says("/homnay") == []
        telegram.world.clock = (now - timedelta(minutes=9)).timestamp
        assert await reader.says("/homnay") != []


async def test_who_asks_too_fast_is_told_once_and_others_are_answered(
    app: App, store: Store, telegram: bot_api.BotApi
) -> None:
    async with talking(telegram, app, store, READER, READER + 1) as (hasty, other):
        answers = [await hasty.says("/trogiup") for _ in range(23)]
        assert [len(said) for said in answers] == [1] * 21 + [0, 0]
        assert answers[20] == ["Bạn hỏi nhanh quá, xin chờ một phút rồi hỏi tiếp."]
        assert (await other.says("/trogiup"))[0].startswith(HELP)


async def test_the_operator_s_commands_are_none_for_a_reader(app: App, store: Store, telegram: bot_api.BotApi) -> None:
    async with talking(telegram, app, store) as (reader,):
        answers = [await reader.says(command) for command in ("/tinhtrang", "/tamdung Báo Mẫu", "/chaylai Báo Mẫu")]
    assert all(told.startswith("Không có lệnh “/") for (told,) in answers)
    assert not any(one.paused_at for one in store.standing.health(app.clock()))


async def test_the_operator_pauses_a_source_and_lets_it_go(
    app: App, store: Store, telegram: bot_api.BotApi, now: datetime
) -> None:
    async with talking(telegram, app, store, bot_api.ADMIN) as (operator,):
        assert await operator.says("/tamdung") == ["Xin ghi tên nguồn sau lệnh, ví dụ: /tamdung Báo Lai Châu"]
        assert await operator.says("/tamdung Báo Lạ") == ["Không có nguồn nào tên là “Báo Lạ”. Danh sách nguồn: /nguon"]
        assert await operator.says("/tamdung bao mau") == ["⏸ Báo Mẫu: đã tạm dừng; cho đọc lại bằng lệnh /chaylai."]
        assert store.visits.due(["Báo Mẫu"], now + timedelta(days=1), timedelta(days=8)) == []
        assert await operator.says("/tamdung Báo Mẫu") == ["⏸ Báo Mẫu: đang tạm dừng từ trước."]
        (asked,) = await operator.says("/chaylai")
        assert asked.endswith("Đang tạm dừng: Báo Mẫu.")
        (unclear,) = await operator.says("/chaylai mẫu")
        assert unclear == "Có 2 nguồn giống tên ấy, xin ghi rõ hơn:\n▫️ Báo Mẫu\n▫️ Báo Mẫu Chiều"
        assert await operator.says("/chaylai chiều") == ["▶️ Báo Mẫu Chiều: không bị tạm dừng."]
        assert await operator.says("/chaylai Báo Mẫu") == ["▶️ Báo Mẫu: sẽ được đọc lại ngay."]
    assert store.visits.due(["Báo Mẫu"], now, timedelta(days=8)) == ["Báo Mẫu"]


async def test_the_operator_sees_how_everything_stands(
    app: App, store: Store, telegram: bot_api.BotApi, now: datetime
) -> None:
    moved = Memory(landed="moi.example")
    store.sources.end_round(Round("Báo Mẫu", State.ON_TOPIC), moved, now, now + timedelta(hours=1))
    bad = Round("Báo Mẫu Chiều", State.UNREADABLE, "404 Not Found")
    store.sources.end_round(bad, Memory(failures=3), now, now + timedelta(hours=1))
    await publish(app, store, now.date(), now)
    async with talking(telegram, app, store, bot_api.ADMIN) as (operator,):
        (said,) = await operator.says("/tinhtrang")
    assert said.splitlines() == [
        "🩺 Tình trạng lúc 16:00 21/11/2026",
        "📡 2 nguồn: 1 có tin, 1 không đọc được (Báo Mẫu Chiều).",
        "⚠️ Báo Mẫu Chiều: lỗi 404: không còn trang này (3 lần liên tiếp)",
        "📡 Báo Mẫu: địa chỉ đã chuyển sang moi.example; nên ghi địa chỉ mới vào sources.yaml.",
        "🗞 Bản gần nhất: 21/11/2026, đã đăng 2/2 tin nhắn.",
        "📮 Không có tin nhắn nào chờ đăng.",
    ]


async def test_on_a_day_when_all_goes_wrong_the_operator_sees_it_in_several_messages(
    app_for: AppFor, store: Store, telegram: bot_api.BotApi, now: datetime
) -> None:
    names = [f"Cổng thông tin điện tử tỉnh số {number}" for number in range(60)]
    settings = {name.lower(): value for name, value in telegram.environment().items()}
    sources = [(name, f"https://bao{number}.example/rss") for number, name in enumerate(names)]
    app = app_for(*sources, now=now, telegram_admin_chat=str(bot_api.ADMIN), **settings)
    store.sources.enrol(names, now)
    reason = "no connection: the server closed it in the middle of a handshake that nobody had asked for, twice over"
    for place, name in enumerate(names):
        memory = Memory(failures=3) if place % 3 == 0 else Memory(landed="trang-tin-moi-cua-tinh.example.vn")
        state = State.UNREADABLE if place % 3 == 0 else State.ON_TOPIC
        store.sources.end_round(Round(name, state, reason), memory, now, now + timedelta(hours=1))
        if place % 3 == 1:
            store.visits.pause(name, now)
    async with talking(telegram, app, store, bot_api.ADMIN) as (operator,):
        said = await operator.says("/tinhtrang")
    assert len(said) > 1
    assert said[0].startswith("🩺 Tình trạng lúc 16:00 21/11/2026")
    assert said[-1].endswith("📮 Không có tin nhắn nào chờ đăng.")
    assert sum(message.count("… và 5 nguồn khác.") for message in said) == 3


async def test_a_bot_that_loses_its_rights_in_the_channel_alerts_the_operator(
    app: App, store: Store, telegram: bot_api.BotApi
) -> None:
    bot = telegram.world.bots[bot_api.TOKEN]
    async with talking(telegram, app, store):
        telegram.world.set_rights(bot_api.CHANNEL, bot, may_post=False)
        await heard(telegram)
        assert [one.text for one in store.alerts.waiting()] == ["🚫 Bot không còn quyền đăng bài lên kênh @kenhthu."]
        telegram.world.set_rights(bot_api.CHANNEL, bot, may_post=True)
        await heard(telegram)
    assert store.alerts.waiting() == []


async def test_the_number_of_a_channel_that_is_not_set_yet_stands_in_the_log(
    app_for: AppFor, store: Store, telegram: bot_api.BotApi, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "monitor")
    settings = {name.lower(): value for name, value in telegram.environment().items() if name != "TELEGRAM_CHANNEL"}
    app = app_for(("Báo Mẫu", "https://bao.example/rss"), now=now, **settings)
    async with talking(telegram, app, store):
        telegram.world.set_rights(bot_api.CHANNEL, telegram.world.bots[bot_api.TOKEN], may_post=True)
        await heard(telegram)
    assert f": TELEGRAM_CHANNEL={bot_api.CHANNEL}" in caplog.text


async def test_a_question_that_breaks_the_answer_leaves_the_bot_listening(
    app: App, store: Store, telegram: bot_api.BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(telegram, app, store) as (reader,):
        (asked,) = await reader.says("/tinh")
        assert asked
        for data in ("", "la:1:x", "tinh:x:y", "tim:99999999999999999999:<b>", "nguon", ":::"):
            telegram.world.press(READER, reader.seen[-1].id, data)
        await heard(telegram)
        assert (await reader.says("/trogiup"))[0].startswith(HELP)
    assert "unexpected fault" not in caplog.text


async def test_an_update_that_the_library_cannot_read_never_ends_the_listening(
    app: App, store: Store, telegram: bot_api.BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    bot = telegram.world.bots[bot_api.TOKEN]
    async with talking(telegram, replace(app, pace=Pace(hear_again=0.01)), store) as (reader,):
        with telegram.world.changed:
            telegram.world.update(bot, {"message": {"message_id": 1, "kind": "of another year"}})
        async with asyncio.timeout(60):
            while "the bot hears nothing" not in caplog.text:  # noqa: ASYNC110 - the stand-in knows no event
                await asyncio.sleep(0.01)
        assert (await reader.says("/trogiup"))[0].startswith(HELP)


async def test_an_outage_or_another_process_never_ends_the_listening_and_is_said_once(
    app: App, store: Store, telegram: bot_api.BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="monitor")
    telegram.server.poll_faults = ["409", "409", "409", "502_before", "502_before", "reset_before", "hang"]
    telegram.server.hanging = 0.1
    async with talking(telegram, replace(app, pace=Pace(hear_again=0.001)), store) as (reader,):
        await reader.says("/nguon")
        telegram.server.poll_faults = []
        assert (await reader.says("/trogiup"))[0].startswith(HELP)
    lines = [record.getMessage() for record in caplog.records if "the bot hears" in record.getMessage()]
    assert [sum(kind in line for line in lines) for kind in ("Conflict", "NetworkError")] == [1, 1]
    assert lines[-1] == "the bot hears Telegram again"
    assert bot_api.TOKEN not in caplog.text


async def test_a_token_that_is_not_valid_is_said_once_and_tried_again(
    app: App, store: Store, telegram: bot_api.BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.faults = ["401"]
    async with talking(telegram, replace(app, pace=Pace(hear_again=0.001)), store) as (reader,):
        telegram.world.write(reader.number, "/trogiup")
        while len(telegram.calls) < 5:  # noqa: ASYNC110 - the stand-in's thread knows no event of this loop
            await asyncio.sleep(0.005)
        telegram.faults = []
        await heard(telegram)
    assert reader.seen[-1].text.startswith(HELP)
    assert caplog.text.count("the token is not valid") == 1
