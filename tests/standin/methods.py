"""The methods of the Bot API that this project calls, each a function of the world, the bot and its parameters."""

import json
from collections.abc import Callable
from typing import Any

from tests.standin.world import Bot, Chat, Refusal, Sent, World, visible

Fields = dict[str, str]
_CAPTION = 1024


def _writable(world: World, bot: Bot, fields: Fields) -> Chat:
    chat = world.find(fields["chat_id"])
    if bot.id not in chat.bots:
        where = "channel" if chat.kind == "channel" else "supergroup"
        words = f"Forbidden: bot is not a member of the {where} chat"
        raise Refusal(
            403, "Forbidden: bot can't initiate conversation with a user" if chat.kind == "private" else words
        )
    return chat


def _answer(world: World, chat: Chat, sent: Sent) -> dict[str, Any]:
    return world.as_data(chat, sent)


def _check_keyboard(fields: Fields) -> None:
    """Refuse buttons that Telegram would not take."""
    rows = json.loads(fields.get("reply_markup", "{}")).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")


def send_message(world: World, bot: Bot, fields: Fields) -> object:
    chat = _writable(world, bot, fields)
    _check_keyboard(fields)
    text = visible(fields.get("text", ""), fields.get("parse_mode", ""))
    return _answer(world, chat, world.put(chat, Sent(0, text, world.clock(), bot.id, fields=fields)))


def send_photo(world: World, bot: Bot, fields: Fields) -> object:
    chat = _writable(world, bot, fields)
    if not fields.get("photo"):
        raise Refusal(400, "Bad Request: there is no photo in the request")
    caption = fields.get("caption", "")
    text = visible(caption, fields.get("parse_mode", ""), _CAPTION) if caption else ""
    sent = Sent(0, text, world.clock(), bot.id, photo=True, fields=fields | {"text": caption})
    return _answer(world, chat, world.put(chat, sent))


def _edited(world: World, bot: Bot, fields: Fields, name: str, longest: int) -> object:
    chat = _writable(world, bot, fields)
    sent = chat.messages.get(int(fields["message_id"]))
    if sent is None:
        raise Refusal(400, "Bad Request: message to edit not found")
    if sent.bot != bot.id or sent.photo != (name == "caption"):
        raise Refusal(400, "Bad Request: message can't be edited")
    text = visible(fields.get(name, ""), fields.get("parse_mode", ""), longest)
    if fields.get(name, "") == sent.fields.get("text"):
        raise Refusal(
            400,
            "Bad Request: message is not modified: specified new message content and reply markup are exactly"
            " the same as a current content and reply markup of the message",
        )
    kept = {key: value for key, value in sent.fields.items() if key != "reply_markup"}
    sent.text, sent.fields = text, kept | fields | {"text": fields.get(name, "")}
    return _answer(world, chat, sent)


def edit_message_text(world: World, bot: Bot, fields: Fields) -> object:
    _check_keyboard(fields)
    return _edited(world, bot, fields, "text", 4096)


def edit_message_caption(world: World, bot: Bot, fields: Fields) -> object:
    return _edited(world, bot, fields, "caption", _CAPTION)


def delete_message(world: World, bot: Bot, fields: Fields) -> object:
    chat = _writable(world, bot, fields)
    sent = chat.messages.get(int(fields["message_id"]))
    if sent is None:
        raise Refusal(400, "Bad Request: message to delete not found")
    if sent.at < world.clock() - 48 * 3600:
        raise Refusal(400, "Bad Request: message can't be deleted for everyone")
    del chat.messages[sent.id]
    return True


def _taken(world: World, bot: Bot, fields: Fields, what: str) -> tuple[Chat, Sent]:
    chat = world.find(fields["from_chat_id"])
    sent = chat.messages.get(int(fields["message_id"]))
    if bot.id not in chat.bots:
        raise Refusal(400, "Bad Request: chat not found")
    if sent is None or sent.service:
        raise Refusal(400, f"Bad Request: message to {what} not found")
    return chat, sent


def forward_message(world: World, bot: Bot, fields: Fields) -> object:
    chat = _writable(world, bot, fields)
    _, sent = _taken(world, bot, fields, "forward")
    copy = Sent(0, sent.text, world.clock(), bot.id, origin=sent.id, photo=sent.photo, fields=fields)
    return _answer(world, chat, world.put(chat, copy))


def copy_message(world: World, bot: Bot, fields: Fields) -> object:
    chat = _writable(world, bot, fields)
    _, sent = _taken(world, bot, fields, "copy")
    copy = Sent(0, sent.text, world.clock(), bot.id, photo=sent.photo, fields=fields)
    return {"message_id": world.put(chat, copy).id}


def copy_messages(world: World, bot: Bot, fields: Fields) -> object:
    """Copy those that are there; the others are skipped, as Telegram does."""
    _writable(world, bot, fields)
    there = world.find(fields["from_chat_id"]).messages
    numbers = [number for number in json.loads(fields["message_ids"]) if number in there]
    if not numbers:
        raise Refusal(400, "Bad Request: there are no messages to copy")
    return [copy_message(world, bot, fields | {"message_id": str(number)}) for number in numbers]


def pin_chat_message(world: World, bot: Bot, fields: Fields) -> object:
    chat = _writable(world, bot, fields)
    if int(fields["message_id"]) not in chat.messages:
        raise Refusal(400, "Bad Request: message to pin not found")
    chat.pinned = int(fields["message_id"])
    world.put(chat, Sent(0, "", world.clock(), bot.id, service=True))
    return True


def unpin_chat_message(world: World, bot: Bot, fields: Fields) -> object:
    _writable(world, bot, fields).pinned = None
    return True


def get_chat(world: World, bot: Bot, fields: Fields) -> object:
    chat = _writable(world, bot, fields)
    pinned = chat.messages.get(chat.pinned or 0)
    more = {"pinned_message": world.as_data(chat, pinned)} if pinned else {}
    return {**chat.as_data(), "accent_color_id": 0, "max_reaction_count": 11, **more,
            "accepted_gift_types": {"unlimited_gifts": False, "limited_gifts": False, "unique_gifts": False,
                                    "premium_subscription": False, "gifts_from_channels": False}}  # fmt: skip


def get_me(_world: World, bot: Bot, _fields: Fields) -> object:
    return bot.as_data()


def get_updates(world: World, bot: Bot, fields: Fields) -> object:
    offset, wait = int(fields.get("offset", "0")), float(fields.get("timeout", "0"))
    allowed = json.loads(fields.get("allowed_updates", "[]"))
    if offset < 0:  # so many from the end, the others are forgotten
        bot.updates = bot.updates[offset:]
    bot.updates = [one for one in bot.updates if one["update_id"] >= offset]
    if not bot.updates and wait:
        world.changed.wait(min(wait, 2))
    found = [one for one in bot.updates if not allowed or set(one) & set(allowed)]
    return found[: int(fields.get("limit", "100"))]


def set_my_commands(world: World, bot: Bot, fields: Fields) -> object:
    scope = json.loads(fields.get("scope", "{}"))
    named = str(scope.get("chat_id", ""))
    where = str(_writable(world, bot, {"chat_id": named}).id) if named else scope.get("type", "default")
    bot.commands[where] = [command["command"] for command in json.loads(fields["commands"])]
    return True


def done(_world: World, _bot: Bot, _fields: Fields) -> object:
    return True


METHODS: dict[str, Callable[[World, Bot, Fields], object]] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "getChat": get_chat,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "deleteMessage": delete_message,
    "forwardMessage": forward_message,
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "setMyCommands": set_my_commands,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    **dict.fromkeys(["answerCallbackQuery", "sendChatAction", "deleteWebhook"], done),
}
