"""What a call to Telegram came to: not carried out, refused, or nobody knows.

python-telegram-bot's `BadRequest` and `TimedOut` are both `NetworkError`; only connections that were
never made, and answers of Telegram itself, say for certain that nothing happened.
"""

import httpx
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

from monitor.errors import DeliveryError, MalformedError, MovedError, NotSentError, RefusedError, UnknownError
from monitor.redaction import redact

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
# in lower case, from the server's sources: the text itself is what Telegram does not take
_MALFORMED = (
    "parse entities",
    "is too long",
    "entities_too_long",
    "entity_",
    "text is empty",
    "media_caption_too_long",
)
# what Telegram's words, in lower case, or a fault on the way ask of the operator
_REMEDIES = (
    (
        "chat not found",
        "is its name right, or its number, that of a channel with -100 before it? Does the bot belong to it?",
    ),
    ("not enough rights", "make the bot an administrator that may post"),
    ("administrator rights", "make the bot an administrator that may post"),
    ("not a member", "make the bot an administrator that may post"),
    ("was kicked", "let the bot in again, as an administrator that may post"),
    ("connecterror", "Telegram is not reached; where it is blocked, set TELEGRAM_PROXY"),
    ("connecttimeout", "Telegram is not reached; where it is blocked, set TELEGRAM_PROXY"),
)


def verdict(fault: TelegramError) -> DeliveryError:
    """Return what an error of the library means, its text without the token."""
    told = in_words(fault)
    if isinstance(fault, RetryAfter):
        return NotSentError(told, retry_after=seconds_asked(fault))
    if isinstance(fault, ChatMigrated):
        return MovedError(told, number=fault.new_chat_id)
    if isinstance(fault, BadRequest) and any(words in told.lower() for words in _MALFORMED):
        return MalformedError(told)
    if isinstance(fault, BadRequest | Forbidden | InvalidToken | Conflict):
        return RefusedError(told)
    if isinstance(fault, NetworkError) and isinstance(fault.__cause__, _NOT_SENT):
        return NotSentError(told)
    return UnknownError(told)


def seconds_asked(fault: RetryAfter) -> float:
    """Return how long Telegram asks to wait; the library is about to change the type, and both are read."""
    wait = fault.retry_after
    return wait if isinstance(wait, int) else wait.total_seconds()


def in_words(fault: Exception) -> str:
    """Return an error in the library's words, without the token, with what to do where that is known."""
    if isinstance(fault, InvalidToken):
        return "the token is not valid; copy it whole from @BotFather"
    words = redact(f"{type(fault).__name__}: {fault}")
    remedy = next((remedy for sign, remedy in _REMEDIES if sign in words.lower()), "")
    return f"{words} ({remedy})" if remedy else words
