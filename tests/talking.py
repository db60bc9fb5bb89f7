"""A person who talks with the running bot through the stand-in: real update loop, real library."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from monitor.app import App
from monitor.bot import listening
from monitor.edges.store import Store
from tests.bot_api import TOKEN, BotApi
from tests.standin import Sent

READER = 4242


@dataclass
class Person:
    """Someone in a chat with the bot."""

    telegram: BotApi
    number: int = READER

    async def says(self, text: str) -> list[str]:
        """Write to the bot; returns the messages it answers with, as this person sees them."""
        return [sent.text for sent in await self._after(lambda: self.telegram.world.write(self.number, text))]

    async def presses(self, label: str) -> list[str]:
        """Press a button below the newest message; returns the messages that came or read anew."""
        newest = self.seen[-1]
        data = next(data for said, data in self.buttons if said == label)
        before = newest.text
        came = await self._after(lambda: self.telegram.world.press(self.number, newest.id, data))
        return [sent.text for sent in ([newest] if newest.text != before else []) + came]

    @property
    def seen(self) -> list[Sent]:
        """All messages of the chat."""
        return self.telegram.world.shown(self.number)

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """The buttons below the newest message: what each says and sends."""
        rows = json.loads(self.seen[-1].fields.get("reply_markup", "{}")).get("inline_keyboard", [])
        return [(button["text"], button["callback_data"]) for row in rows for button in row]

    async def _after(self, act: object) -> list[Sent]:
        assert callable(act)
        before = {sent.id for sent in self.seen}
        act()
        await heard(self.telegram)
        return [sent for sent in self.seen if sent.id not in before and sent.bot]


async def heard(telegram: BotApi) -> None:
    """Wait until the bot has dealt with everything it was sent: only then it asks for what comes behind."""
    bot = telegram.world.bots[TOKEN]
    async with asyncio.timeout(60):
        while bot.updates:  # noqa: ASYNC110 - the stand-in's thread knows no event of this loop
            await asyncio.sleep(0.005)


@asynccontextmanager
async def talking(telegram: BotApi, app: App, store: Store, *chats: int) -> AsyncIterator[Sequence[Person]]:
    """Let the bot listen; yields a person for each private chat (default: one reader)."""
    bot = telegram.world.bots[TOKEN]
    telegram.world.clock = lambda: app.clock().timestamp()
    people = []
    for number in chats or (READER,):
        if number not in telegram.world.chats:
            telegram.world.add_chat(number, "private", "", bot)
        people.append(Person(telegram, number))
    async with listening(lambda: app, store):
        yield people
