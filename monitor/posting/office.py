"""Where posts to one channel are made: the store, the way to the channel, and whose turn it is."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.app import App
from monitor.edges.store import Chat, Store
from monitor.errors import DeliveryError, NotSentError, RefusedError
from monitor.models import Choice
from monitor.reasons import in_vietnamese

if TYPE_CHECKING:
    from monitor.edges.telegram import Channel


@dataclass(frozen=True, slots=True)
class Office:
    """What every step of posting works with; `name` is the channel as the settings have it."""

    app: App
    store: Store
    channel: "Channel"
    name: str

    @property
    def now(self) -> datetime:
        """The time."""
        return self.app.clock()

    @property
    def chat(self) -> Chat:
        """What the store knows of the channel."""
        return self.store.chats.get(self.name)

    async def turn(self) -> None:
        """Wait until the channel may be called again; the next call waits in its turn, also after a restart."""
        chat, between = self.chat, self.app.pace.between
        await asyncio.sleep(min(max(chat.free_at - self.now, timedelta()), between).total_seconds())
        self.store.chats.hold(self.name, self.now + between, failures=chat.failures)

    def got_through(self) -> None:
        """Write down that Telegram answered: the next call keeps its distance from now, failures are forgotten."""
        self.store.chats.hold(self.name, self.now + self.app.pace.between)

    async def delete(self, number: int) -> bool:
        """Delete a message; returns whether that was done. What Telegram does not let us delete stays, and is told."""
        try:
            return await self.channel.delete(number)
        except RefusedError as fault:
            self.alert("telegram:delete", f"🧹 Không xoá được tin số {number} trên kênh: {in_vietnamese(str(fault))}.")
            return False

    def alert(self, topic: str, text: str, choices: tuple[Choice, ...] = ()) -> None:
        """Let the operator know."""
        self.store.alerts.add(topic, text, self.now, choices)


def hold(app: App, store: Store, name: str, fault: DeliveryError) -> datetime:
    """Let a chat rest after a call that did not get through, longer each time; returns until when."""
    failures = store.chats.get(name).failures
    asked = fault.retry_after if isinstance(fault, NotSentError) else None
    until = app.clock() + app.pace.pause(failures, asked)
    store.chats.hold(name, until, failures=failures + 1 if asked is None else 0)
    return until
