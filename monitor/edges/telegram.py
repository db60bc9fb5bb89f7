"""One message to one channel: sent once, and its outcome told apart.

python-telegram-bot's `BadRequest` and `TimedOut` are both `NetworkError`, and its read time-out of
5 s makes duplicates: a post waits 90 s, and whatever is not certainly unsent counts as unknown.
"""

from typing import Self

import httpx
from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from monitor.errors import NotSentError, RefusedError, UnknownError
from monitor.models import Part
from monitor.redaction import redact

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Channel:
    """The bot's way to one channel; use it as an async context."""

    def __init__(self, token: str, chat: str, api_url: str, proxy: str | None = None) -> None:
        """Take the bot's token, the channel (@name or number) and the Bot API's base address."""
        self.chat = chat
        request = HTTPXRequest(
            proxy=proxy,
            connect_timeout=20,
            read_timeout=90,
            write_timeout=60,
            media_write_timeout=60,
            # no kept connection: one that went stale would leave a post in doubt
            httpx_kwargs={"limits": httpx.Limits(max_connections=4, max_keepalive_connections=0)},
        )
        self._bot = Bot(token, base_url=api_url, request=request)

    async def __aenter__(self) -> Self:
        """Ask Telegram who the bot is; raises NotSentError or RefusedError: nothing was posted."""
        try:
            await self._bot.initialize()
        except InvalidToken as fault:
            await self._bot.shutdown()
            raise RefusedError(redact(f"the token is not valid: {fault}")) from None
        except TelegramError as fault:
            await self._bot.shutdown()
            raise NotSentError(redact(f"{type(fault).__name__}: {fault}")) from None
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._bot.shutdown()

    async def post(self, part: Part, picture: bytes | None = None) -> int:
        """Send one message in one request; returns its id in the channel.

        A part with `photo` goes as the caption of `picture` (PNG), as text where there is none.
        Raises NotSentError, RefusedError or UnknownError, their text without the token.
        """
        try:
            if part.photo and picture:
                sent = await self._bot.send_photo(
                    self.chat,
                    picture,
                    caption=part.html,
                    parse_mode=ParseMode.HTML,
                    filename="diembao.png",
                    disable_notification=part.number > 1,
                )
            else:
                sent = await self._bot.send_message(
                    self.chat,
                    part.html,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=_preview(part.preview),
                    disable_notification=part.number > 1,
                )
        except TelegramError as fault:
            raise _verdict(fault) from None
        return sent.message_id


def _preview(address: str) -> LinkPreviewOptions:
    """Return how links of a message are shown: one large picture above the text, or none."""
    if not address:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(url=address, prefer_large_media=True, show_above_text=True)


def _verdict(fault: TelegramError) -> NotSentError | RefusedError | UnknownError:
    """Tell from an error whether the message was posted: no, refused, or nobody knows."""
    said = redact(f"{type(fault).__name__}: {fault}")
    if isinstance(fault, RetryAfter):
        wait = fault.retry_after  # the library is about to change the type; both are read
        return NotSentError(said, retry_after=wait if isinstance(wait, int) else wait.total_seconds())
    if isinstance(fault, BadRequest | Forbidden | InvalidToken | Conflict | ChatMigrated):
        return RefusedError(said)
    cause = fault.__cause__
    if isinstance(fault, NetworkError) and isinstance(cause, _NOT_SENT):
        return NotSentError(said)
    return UnknownError(said)
