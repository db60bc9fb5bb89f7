"""What stands behind the Bot API: chats with messages, bots with their updates, people who write too.

As in Telegram, the ids of a channel's messages run in order, a bot never gets its own channel posts as
updates, and every other bot that is an administrator there does.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition
from typing import Any

from tests import judge


class Refusal(Exception):  # noqa: N818 - what Telegram does, not a fault of ours
    """An answer that is no result: code, words, parameters, as the Bot API gives them."""

    def __init__(self, code: int, words: str, **parameters: int) -> None:
        super().__init__(words)
        self.code, self.words, self.parameters = code, words, parameters


@dataclass
class Sent:
    """One message of a chat; `bot` wrote it (None: a person), `fields` are the parameters of its call."""

    id: int
    text: str
    at: float
    bot: int | None = None
    origin: int | None = None
    photo: bool = False
    service: bool = False
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Chat:
    """A channel, group or private chat; `bots` may write in it."""

    id: int
    kind: str
    name: str = ""
    bots: set[int] = field(default_factory=set)
    messages: dict[int, Sent] = field(default_factory=dict)
    last_id: int = 0
    moved_to: int | None = None
    pinned: int | None = None
    calls: list[float] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """Return the chat as the Bot API does."""
        title = {"first_name": "Người vận hành"} if self.kind == "private" else {"title": "Kênh thử"}
        name = {"username": self.name} if self.name else {}
        return {"id": self.id, "type": self.kind, **title, **name}


@dataclass
class Bot:
    """A bot: its updates wait until a later offset confirms them."""

    id: int
    token: str
    username: str
    updates: list[dict[str, Any]] = field(default_factory=list)
    commands: dict[str, list[str]] = field(default_factory=dict)
    last_update: int = 0

    def as_data(self) -> dict[str, Any]:
        """Return the bot as getMe does."""
        more = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return {"id": self.id, "is_bot": True, "first_name": "Điểm Báo", "username": self.username, **more}


class World:
    """All chats and bots; every change happens under `changed`, which wakes those who wait for updates."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.chats: dict[int, Chat] = {}
        self.bots: dict[str, Bot] = {}
        self.changed = Condition()
        self.order: list[Sent] = []

    def add_bot(self, token: str, username: str) -> Bot:
        """Let a bot with this token exist."""
        bot = Bot(int(token.partition(":")[0]), token, username)
        self.bots[token] = bot
        return bot

    def add_chat(self, number: int, kind: str, name: str = "", *bots: Bot) -> Chat:
        """Open a chat in which these bots may write."""
        chat = Chat(number, kind, name, {bot.id for bot in bots})
        self.chats[number] = chat
        return chat

    def find(self, asked: str) -> Chat:
        """Return the chat of a chat_id; refuses unknown ones and those that moved."""
        for chat in self.chats.values():
            if str(chat.id) == asked or (chat.name and asked.lower() == f"@{chat.name}".lower()):
                if chat.moved_to:
                    words = "Bad Request: group chat was upgraded to a supergroup chat"
                    raise Refusal(400, words, migrate_to_chat_id=chat.moved_to)
                return chat
        raise Refusal(400, "Bad Request: chat not found")

    def put(self, chat: Chat, sent: Sent) -> Sent:
        """Add a message to a chat and tell the bots that see it."""
        chat.last_id += 1
        sent.id = chat.last_id
        chat.messages[sent.id] = sent
        self.order.append(sent)
        kind = "channel_post" if chat.kind == "channel" else "message"
        for bot in self.bots.values():
            hears = bot.id in chat.bots and bot.id != sent.bot
            if hears and (chat.kind == "channel" or sent.bot is None):
                self.update(bot, {kind: self.as_data(chat, sent)})
        return sent

    def update(self, bot: Bot, data: dict[str, Any]) -> None:
        """Put an update into a bot's queue."""
        bot.last_update += 1
        bot.updates.append({"update_id": bot.last_update, **data})
        self.changed.notify_all()

    def as_data(self, chat: Chat, sent: Sent) -> dict[str, Any]:
        """Return a message as the Bot API does."""
        data: dict[str, Any] = {"message_id": sent.id, "date": int(sent.at), "chat": chat.as_data()}
        if chat.kind != "channel" and sent.bot is None:
            data["from"] = {"id": abs(chat.id), "is_bot": False, "first_name": "Người vận hành"}
        if chat.kind == "channel":
            data["sender_chat"] = chat.as_data()
        if sent.origin is not None:
            channel = next(one for one in self.chats.values() if one.kind == "channel")
            data["forward_origin"] = {
                "type": "channel", "date": int(sent.at), "chat": channel.as_data(), "message_id": sent.origin,
            }  # fmt: skip
        if sent.photo:
            size = {"file_id": "anh", "file_unique_id": "anh", "width": 1200, "height": 630}
            data |= {"photo": [size], "caption": sent.text}
        else:
            data["text"] = sent.text
        if sent.text.startswith("/"):
            data["entities"] = [{"type": "bot_command", "offset": 0, "length": len(sent.text.split()[0])}]
        return data

    def write(self, number: int, text: str) -> Sent:
        """Let a person write into a chat."""
        with self.changed:
            return self.put(self.chats[number], Sent(0, text, self.clock()))

    def press(self, number: int, message_id: int, data: str) -> None:
        """Let the person of a private chat press a button below a bot's message."""
        with self.changed:
            chat = self.chats[number]
            sent = chat.messages[message_id]
            bot = next(one for one in self.bots.values() if one.id == sent.bot)
            person = {"id": number, "is_bot": False, "first_name": "Người vận hành"}
            query = {"id": f"{number}-{message_id}", "from": person, "chat_instance": "1", "data": data}
            self.update(bot, {"callback_query": query | {"message": self.as_data(chat, sent)}})

    def set_rights(self, number: int, bot: Bot, *, may_post: bool) -> None:
        """Let a bot become or cease to be an administrator who posts in a channel."""
        rights = ("can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats"
                  " can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories"
                  " can_edit_stories can_delete_stories").split()  # fmt: skip
        now = {"status": "administrator", "user": bot.as_data(), "can_post_messages": may_post}
        now |= dict.fromkeys(rights, False)
        change = {"chat": self.chats[number].as_data(), "from": bot.as_data(), "date": int(self.clock())}
        with self.changed:
            left = {"status": "left", "user": bot.as_data()}
            self.update(bot, {"my_chat_member": change | {"old_chat_member": left, "new_chat_member": now}})

    def shown(self, number: int) -> list[Sent]:
        """Return what a member of the chat sees now, in order."""
        with self.changed:
            return [sent for sent in self.chats[number].messages.values() if not sent.service]


def visible(html: str, parse_mode: str, longest: int = judge.POINTS) -> str:
    """Return a text as it is shown; refuses what Telegram's own parser and limits refuse."""
    if parse_mode != "HTML":
        text = html.strip()
    else:
        try:
            text = judge.received(html).text
        except judge.RefusedError as fault:
            words = str(fault)
            kind = next((told for sign, told in _TOLD.items() if sign in words), f"can't parse entities: {words}")
            raise Refusal(400, f"Bad Request: {kind}") from None
    if not text:
        raise Refusal(400, "Bad Request: message text is empty")
    if len(text) > longest:
        raise Refusal(400, f"Bad Request: message {'caption ' if longest < judge.POINTS else ''}is too long")
    return text


# what the judge says, as the Bot API words it; too many entities are dropped by Telegram, and refused here
_TOLD = {
    "text is empty": "message text is empty",
    "bytes of markup": "text is too long",
    "characters": "message is too long",
    "bytes of entities": "ENTITIES_TOO_LONG",
    " entities, ": "ENTITIES_TOO_LONG",
}
