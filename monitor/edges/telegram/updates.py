"""What people ask the bot: heard by long polling, answered by whoever is handed in.

An outage of Telegram, a second process with the same token (409), a token that is no longer valid or an
update that the library cannot read never ends the listening: each is said in one log line and waited out.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, Self

from telegram import (
    Bot,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    CallbackQuery,
    ChatMemberAdministrator,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    Update,
)
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from monitor.edges.authorities import trusted
from monitor.edges.telegram.outcome import in_words, seconds_asked
from monitor.models import Choice, Copies, Menu, Question, Reply, Standing

_HEARD = ("message", "callback_query", "my_chat_member", "channel_post")
_LONG_POLL = 50  # seconds that Telegram holds a question for news
_LONGEST_WAIT = 300.0
_NEWEST = -1  # the last update alone; Telegram forgets those before it
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

_log = logging.getLogger(__name__)


class Listener:
    """The bot's ear and mouth in chats; use it as an async context.

    `answer` decides what is said, `changed` hears of the bot's rights.
    """

    def __init__(
        self,
        bot: Bot,
        menus: Iterable[Menu],
        answer: Callable[[Question], Sequence[Reply]],
        changed: Callable[[Standing], None],
        first_wait: float,
    ) -> None:
        """Take the library's bot; `first_wait` seconds pass after a first failure, twice as many after each further."""
        self._bot, self._menus, self._first_wait = bot, tuple(menus), first_wait
        self._answer, self._changed = answer, changed
        self._offered = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._bot.shutdown()

    async def listen(self) -> NoReturn:
        """Hear and answer until cancelled."""
        offset, failures, said = None, 0, ""
        while True:
            try:
                await self._bot.initialize()
                await self._offer()
                heard = await self._bot.get_updates(offset, timeout=_LONG_POLL, allowed_updates=_HEARD)
            except Exception as fault:  # noqa: BLE001 - the library fails in many ways on what it cannot read
                if type(fault).__name__ != said:
                    said = type(fault).__name__
                    _log.warning("the bot hears nothing from Telegram, and goes on trying: %s", in_words(fault))
                offset = offset if isinstance(fault, TelegramError) else _NEWEST
                await asyncio.sleep(_wait(fault, failures, self._first_wait))
                failures += 1
                continue
            if failures:
                failures, said = 0, ""
                _log.info("the bot hears Telegram again")
            await asyncio.gather(*(self._take(update) for update in heard))
            offset = heard[-1].update_id + 1 if heard else offset

    async def _offer(self) -> None:
        """Ask for updates here and register the commands, once; a chat in which the bot may not write gets none."""
        if self._offered:
            return
        await self._bot.delete_webhook()  # one that is left from another program would take all updates
        for menu in self._menus:
            scope = BotCommandScopeChat(menu.chat) if menu.chat else BotCommandScopeAllPrivateChats()
            try:
                await self._bot.set_my_commands(menu.commands, scope)
            except (BadRequest, Forbidden, ChatMigrated) as fault:
                _log.warning("commands of chat %s: %s", menu.chat, in_words(fault))
        self._offered = True

    async def _take(self, update: Update) -> None:
        """Deal with one update; its fault is logged and hurts nobody else."""
        try:
            if update.callback_query:
                await self._pressed(update.callback_query)
            elif update.message and update.message.text and update.message.from_user:
                await self._asked(update.message, update.message.text, update.message.from_user.id)
            elif update.my_chat_member:
                self._changed(_standing(update.my_chat_member))
        except Forbidden:
            _log.info("a reader has blocked the bot")
        except TelegramError as fault:
            _log.warning("an answer was not sent: %s", in_words(fault))
        except Exception:  # noqa: BLE001 - a fault in one answer must not end the listening
            _log.exception("an answer was not found: unexpected fault")

    async def _asked(self, message: Message, text: str, person: int) -> None:
        private = message.chat.type == ChatType.PRIVATE
        addressed = text.replace(f"@{self._bot.username}", "", 1)
        for reply in self._answer(Question(message.chat.id, person, addressed, message.date, private)):
            await self._say(message.chat.id, reply)

    async def _pressed(self, press: CallbackQuery) -> None:
        """Answer a pressed button: the message above it is replaced, copies are sent below."""
        await self._let_go(press)
        if not press.message or not press.data:
            return
        chat, below = press.message.chat, press.message.message_id
        private = chat.type == ChatType.PRIVATE
        for reply in self._answer(Question(chat.id, press.from_user.id, press.data, None, private, below)):
            await self._say(chat.id, reply, below)

    async def _let_go(self, press: CallbackQuery) -> None:
        """Stop the clock on a button; one that is too old has stopped by itself."""
        try:
            await self._bot.answer_callback_query(press.id)
        except BadRequest as fault:
            _log.debug("a pressed button: %s", in_words(fault))

    async def _say(self, chat: int, reply: Reply, below: int | None = None) -> None:
        if isinstance(reply, Copies):
            await self._copy(chat, reply)
            return
        rows = _buttons(reply.rows)
        if below is None:
            await self._bot.send_message(
                chat, reply.html, parse_mode=ParseMode.HTML, link_preview_options=_NO_PREVIEW, reply_markup=rows
            )
            return
        try:
            await self._bot.edit_message_text(
                reply.html, chat, below,
                parse_mode=ParseMode.HTML, link_preview_options=_NO_PREVIEW, reply_markup=rows,
            )  # fmt: skip
        except BadRequest as fault:
            if "not modified" not in str(fault).lower():  # pressed twice: it reads so already
                raise

    async def _copy(self, chat: int, copies: Copies) -> None:
        """Copy messages of the channel; what cannot be copied is told instead."""
        try:
            copied = await self._bot.copy_messages(chat, copies.chat, copies.messages)
        except BadRequest as fault:
            _log.warning("messages of %s cannot be copied: %s", copies.chat, in_words(fault))
            copied = ()
        if len(copied) < len(copies.messages):
            for answer in copies.instead:
                await self._say(chat, answer)


def listening_bot(token: str, api_url: str, proxy: str | None) -> Bot:
    """Return the library's bot for asking and answering: its long poll has a connection of its own."""
    usual: dict[str, Any] = {"verify": trusted()}
    request = HTTPXRequest(proxy=proxy, connect_timeout=20, read_timeout=20, write_timeout=20, httpx_kwargs=usual)
    poll = HTTPXRequest(1, proxy=proxy, connect_timeout=20, read_timeout=20, httpx_kwargs=usual)
    return Bot(token, base_url=api_url, request=request, get_updates_request=poll)


def _wait(fault: Exception, failures: int, first: float) -> float:
    """Return how many seconds to wait after so many failures in a row before this one."""
    if isinstance(fault, RetryAfter):
        return seconds_asked(fault)
    return min(first * float(1 << min(failures, 12)), _LONGEST_WAIT)


def _buttons(rows: tuple[tuple[Choice, ...], ...]) -> InlineKeyboardMarkup | None:
    made = [[InlineKeyboardButton(one.label, callback_data=one.data) for one in row] for row in rows]
    return InlineKeyboardMarkup(made) if made else None


def _standing(change: ChatMemberUpdated) -> Standing:
    """Return what the bot may do in a chat now."""
    now, chat = change.new_chat_member, change.chat
    may_post = isinstance(now, ChatMemberAdministrator) and bool(now.can_post_messages)
    names = (str(chat.id), *([f"@{chat.username}"] if chat.username else []))
    return Standing(names, chat.title or "", may_post)
