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


def verdict(fault: TelegramError) -> DeliveryError:
    """Return what an error of the library means, its text without the token."""
    said = redact(f"{type(fault).__name__}: {fault}")
    if isinstance(fault, RetryAfter):
        wait = fault.retry_after  # the library is about to change the type; both are read
        return NotSentError(said, retry_after=wait if isinstance(wait, int) else wait.total_seconds())
    if isinstance(fault, ChatMigrated):
        return MovedError(said, number=fault.new_chat_id)
    if isinstance(fault, BadRequest) and any(words in said.lower() for words in _MALFORMED):
        return MalformedError(said)
    if isinstance(fault, BadRequest | Forbidden | InvalidToken | Conflict):
        return RefusedError(said)
    if isinstance(fault, NetworkError) and isinstance(fault.__cause__, _NOT_SENT):
        return NotSentError(said)
    return UnknownError(said)
