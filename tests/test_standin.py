"""The stand-in is as strict as Telegram: what it lets pass, Telegram lets pass."""

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from telegram import Bot, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from tests import bot_api

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@asynccontextmanager
async def bot(telegram: bot_api.BotApi, token: str = bot_api.TOKEN) -> "AsyncIterator[Bot]":
    async with Bot(token, base_url=telegram.url) as opened:
        yield opened


async def post(telegram: bot_api.BotApi, html: str = "<b>Tin</b>") -> Message:
    async with bot(telegram) as ours:
        return await ours.send_message("@kenhthu", html, parse_mode="HTML")


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>đoạn</p>", "can't parse entities"),
        ("<b>hở", "can't parse entities"),
        ("a < b", "can't parse entities"),
        (" \n ", "message text is empty"),
        ("ệ" * 4097, "message is too long"),
        ("x" * 33_000, "too long"),
        ("".join(f'<a href="https://bao.vn/{"y" * 900}{n}">t</a> ' for n in range(12)), "ENTITIES_TOO_LONG"),
    ],
)
async def test_what_telegram_refuses_is_refused(telegram: bot_api.BotApi, html: str, words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await post(telegram, html)
    assert telegram.shown == []


async def test_four_thousand_and_ninety_six_emoji_pass(telegram: bot_api.BotApi) -> None:
    await post(telegram, "😀" * 4096)
    assert len(telegram.shown[0].text) == 4096


async def test_a_bot_never_gets_its_own_channel_posts_and_another_bot_there_does(telegram: bot_api.BotApi) -> None:
    sent = await post(telegram)
    written = telegram.world.write(bot_api.CHANNEL, "Bài của ban biên tập")
    async with bot(telegram) as ours, bot(telegram, bot_api.WITNESS) as other:
        mine, theirs = await ours.get_updates(), await other.get_updates()
        assert [update.channel_post.message_id for update in mine if update.channel_post] == [written.id]
        seen = [update.channel_post.message_id for update in theirs if update.channel_post]
        assert seen == [sent.message_id, written.id]
        assert await other.get_updates(offset=theirs[-1].update_id) == (theirs[-1],)
        assert await other.get_updates(offset=theirs[-1].update_id + 1) == ()


async def test_a_message_is_forwarded_edited_deleted_and_pinned_as_in_telegram(telegram: bot_api.BotApi) -> None:
    sent = await post(telegram)
    async with bot(telegram) as ours:
        copy = await ours.forward_message(bot_api.ADMIN, "@kenhthu", sent.message_id)
        assert copy.text == "Tin"
        assert copy.forward_origin is not None
        with pytest.raises(BadRequest, match=r"(?i)not modified"):
            await ours.edit_message_text("<b>Tin</b>", "@kenhthu", sent.message_id, parse_mode="HTML")
        await ours.edit_message_text("Tin mới", "@kenhthu", sent.message_id)
        await ours.pin_chat_message("@kenhthu", sent.message_id)
        pinned = (await ours.get_chat("@kenhthu")).pinned_message
        assert isinstance(pinned, Message)
        assert pinned.text == "Tin mới"
        await ours.delete_message("@kenhthu", sent.message_id)
        with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
            await ours.delete_message("@kenhthu", sent.message_id)
        with pytest.raises(BadRequest, match=r"(?i)message to forward not found"):
            await ours.forward_message(bot_api.ADMIN, "@kenhthu", sent.message_id)
    assert (await post(telegram)).message_id == 3  # the note that something was pinned has an id too


async def test_twenty_calls_a_minute_are_what_a_channel_takes(telegram: bot_api.BotApi) -> None:
    telegram.server.per_minute = 20
    for _ in range(20):
        await post(telegram)
    with pytest.raises(RetryAfter):
        await post(telegram)
    assert len(telegram.shown) == 20


async def test_rights_tokens_and_chats_are_checked(telegram: bot_api.BotApi) -> None:
    telegram.channel.bots.clear()
    with pytest.raises(Forbidden, match=r"(?i)not a member of the channel"):
        await post(telegram)
    telegram.channel.moved_to = -1002
    with pytest.raises(ChatMigrated):
        await post(telegram)
    async with bot(telegram) as ours:
        with pytest.raises(BadRequest, match=r"(?i)chat not found"):
            await ours.send_message("@khac", "Tin")
    with pytest.raises(InvalidToken):
        async with bot(telegram, "1:AAinvented-token-for-the-tests_999999"):
            pass
