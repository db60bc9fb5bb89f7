"""A chat that is written to: one request an attempt, and its outcome told apart.

The library's read time-out of 5 s makes duplicates, because Telegram may answer later: a post waits
90 s, over a connection of its own.
"""

from contextlib import suppress
from typing import Self

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from monitor.edges import authorities
from monitor.edges.telegram.outcome import in_words, verdict
from monitor.errors import NotSentError, RefusedError
from monitor.models import Choice, Part, Post

READ_TIMEOUT = 90.0


def bot(token: str, api_url: str, proxy: str | None, read_timeout: float = READ_TIMEOUT) -> Bot:
    """Return the library's bot over connections that are not kept: a stale one would leave a post in doubt."""
    request = HTTPXRequest(
        proxy=proxy,
        connect_timeout=20,
        read_timeout=read_timeout,
        write_timeout=60,
        media_write_timeout=60,
        httpx_kwargs={
            "limits": httpx.Limits(max_connections=4, max_keepalive_connections=0),
            "verify": authorities.trusted(),
        },
    )
    return Bot(token, base_url=api_url, request=request, get_updates_request=request)


async def enter(bot: Bot) -> None:
    """Ask Telegram who the bot is; raises NotSentError or RefusedError: nothing was posted."""
    try:
        await bot.initialize()
    except TelegramError as fault:
        await bot.shutdown()
        if isinstance(fault, InvalidToken):
            raise RefusedError(in_words(fault)) from None
        found = verdict(fault)
        wait = found.retry_after if isinstance(found, NotSentError) else None
        raise NotSentError(str(found), retry_after=wait) from None


class Channel:
    """The bot's way to one chat; use it as an async context.

    Every call is one request and raises NotSentError, RefusedError (MalformedError, MovedError) or
    UnknownError, their text without the token.
    """

    def __init__(
        self, token: str, chat: str, api_url: str, proxy: str | None = None, *, read_timeout: float = READ_TIMEOUT
    ) -> None:
        """Take the bot's token, the chat (@name or number) and the Bot API's base address."""
        self.chat = chat
        self._bot = bot(token, api_url, proxy, read_timeout)

    async def __aenter__(self) -> Self:
        await enter(self._bot)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._bot.shutdown()

    async def post(self, part: Part, picture: bytes | None = None) -> int:
        """Send one message of an edition; returns its id in the chat.

        A part with `photo` goes as the caption of `picture` (PNG), as text where there is none.
        """
        silent = part.number > 1
        try:
            if part.photo and picture:
                sent = await self._bot.send_photo(
                    self.chat,
                    picture,
                    caption=part.html,
                    parse_mode=ParseMode.HTML,
                    filename="diembao.png",
                    disable_notification=silent,
                )
            else:
                sent = await self._bot.send_message(
                    self.chat,
                    part.html,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=_preview(part.preview),
                    disable_notification=silent,
                )
        except TelegramError as fault:
            raise verdict(fault) from None
        return sent.message_id

    async def say(self, html: str, choices: tuple[Choice, ...] = (), *, silent: bool = False) -> int:
        """Send one message that belongs to no edition, with a row of buttons, if any; returns its id."""
        row = [InlineKeyboardButton(one.label, callback_data=one.data) for one in choices]
        try:
            sent = await self._bot.send_message(
                self.chat,
                html,
                parse_mode=ParseMode.HTML,
                link_preview_options=_preview(""),
                disable_notification=silent,
                reply_markup=InlineKeyboardMarkup([row]) if row else None,
            )
        except TelegramError as fault:
            raise verdict(fault) from None
        return sent.message_id

    async def edit(self, message_id: int, part: Part) -> None:
        """Let a message of text read as `part` does; that it does so already counts as done."""
        try:
            await self._bot.edit_message_text(
                part.html,
                self.chat,
                message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=_preview(part.preview),
            )
        except BadRequest as fault:
            if "not modified" not in str(fault).lower():
                raise verdict(fault) from None
        except TelegramError as fault:
            raise verdict(fault) from None

    async def forward(self, message_id: int, to: str) -> Post | None:
        """Return a message as the chat shows it, by forwarding it to another chat and deleting the copy.

        None when there is no such message.
        """
        try:
            copy = await self._bot.forward_message(to, self.chat, message_id, disable_notification=True)
        except BadRequest as fault:
            if "message to forward not found" in str(fault).lower():
                return None
            raise verdict(fault) from None
        except TelegramError as fault:
            raise verdict(fault) from None
        with suppress(TelegramError):  # a copy that stays is a small harm
            await self._bot.delete_message(to, copy.message_id)
        own = not copy.forward_origin or getattr(copy.forward_origin, "message_id", message_id) == message_id
        return Post(message_id, (copy.text or copy.caption or "") if own else "")

    async def delete(self, message_id: int) -> bool:
        """Take a message away; returns whether it was there."""
        try:
            await self._bot.delete_message(self.chat, message_id)
        except BadRequest as fault:
            if "not found" not in str(fault).lower():
                raise verdict(fault) from None
            return False
        except TelegramError as fault:
            raise verdict(fault) from None
        return True


def _preview(address: str) -> LinkPreviewOptions:
    """Return how links of a message are shown: one large picture above the text, or none."""
    if not address:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(url=address, prefer_large_media=True, show_above_text=True)
