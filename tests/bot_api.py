"""A channel, a bot that posts in it, a second one that sees it, the operator's chat: Telegram as the tests meet it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests import standin
from tests.standin.server import Telegram
from tests.standin.world import Chat, Sent, World

TOKEN = "123456789:AAinvented-token-for-the-tests_000000"
WITNESS = "987654321:AAinvented-token-for-the-tests_111111"
CHANNEL, ADMIN = -1001, 777


@dataclass
class BotApi:
    """The stand-in with @kenhthu and the operator's chat; `faults` and `calls` are the server's."""

    server: Telegram
    channel: Chat
    admin: Chat

    @property
    def world(self) -> World:
        """What stands behind the server."""
        return self.server.world

    @property
    def posts(self) -> list[dict[str, str]]:
        """The parameters of every message of a bot that stands in a chat, in the order of sending."""
        chats = self.world.chats.values()
        standing = {id(sent) for chat in chats for sent in chat.messages.values() if sent.bot and not sent.service}
        return [sent.fields for sent in self.world.order if id(sent) in standing]

    @property
    def shown(self) -> list[Sent]:
        """What a subscriber sees in the channel."""
        return self.world.shown(CHANNEL)

    @property
    def calls(self) -> list[str]:
        """The methods that were called."""
        return self.server.calls

    @property
    def faults(self) -> list[str]:
        """What the next posts to the channel meet."""
        return self.server.faults

    @faults.setter
    def faults(self, faults: list[str]) -> None:
        self.server.faults = faults

    @property
    def url(self) -> str:
        """What TELEGRAM_API_URL is set to."""
        return self.server.url

    def environment(self) -> dict[str, str]:
        """Return the settings by which a process posts here."""
        return {
            "TELEGRAM_API_URL": self.url,
            "TELEGRAM_PREVIEW_URL": self.server.preview_url,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_CHANNEL": "@kenhthu",
        }


@contextmanager
def serving() -> Iterator[BotApi]:
    """Open the stand-in with one channel and one operator, and close it at the end."""
    world = World()
    bot, witness = world.add_bot(TOKEN, "diembao_bot"), world.add_bot(WITNESS, "nhanchung_bot")
    channel = world.add_chat(CHANNEL, "channel", "kenhthu", bot, witness)
    admin = world.add_chat(ADMIN, "private", "", bot)
    with standin.serving(world) as server:
        yield BotApi(server, channel, admin)
