"""A second bot in the channel: as its administrator it is told of every post, which the first one never is."""

from typing import Self

from telegram import Message, Update
from telegram.error import TelegramError

from monitor.edges.telegram.channel import bot, enter
from monitor.edges.telegram.outcome import verdict
from monitor.models import Post

_AT_ONCE = 100
_PATIENCE = 20.0


class Witness:
    """The second bot; use it as an async context. Raises what Channel does."""

    def __init__(self, token: str, api_url: str, proxy: str | None = None) -> None:
        self._bot = bot(token, api_url, proxy, _PATIENCE)

    async def __aenter__(self) -> Self:
        await enter(self._bot)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._bot.shutdown()

    async def updates(self, chat: str, begin: int) -> tuple[list[Post], int, bool]:
        """Return what was posted in a chat (@name or number), where the updates go on, whether there are more.

        Telegram forgets what lies before `begin`; so keep what was returned before you pass the next one.
        """
        try:
            found = await self._bot.get_updates(
                offset=begin, limit=_AT_ONCE, timeout=0, allowed_updates=[Update.CHANNEL_POST]
            )
        except TelegramError as fault:
            raise verdict(fault) from None
        messages = [update.channel_post for update in found if update.channel_post]
        posts = [post(message) for message in messages if _is_in(message, chat)]
        return posts, found[-1].update_id + 1 if found else begin, len(found) == _AT_ONCE


def _is_in(message: Message, chat: str) -> bool:
    name = f"@{message.chat.username or ''}".lower()
    return chat.lower() in {name, str(message.chat.id)}


def post(message: Message) -> Post:
    """Return a message as the channel shows it."""
    text = message.text or message.caption or ""
    return Post(message.message_id, "" if message.forward_origin else text)
