"""Bot tokens never reach a log, an error or the database: they are taken out of every text."""

import logging
import re

_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}|(?<=/bot)[^/\s]+(?=/)")


def redact(text: str) -> str:
    """Return `text` with each bot token replaced."""
    return _TOKEN.sub("<token>", text)


class RedactToken(logging.Filter):
    """Takes bot tokens out of log records: httpx writes them at INFO, inside the address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True; the record's message and traceback are rewritten when they hold a token."""
        message = record.getMessage()
        if _TOKEN.search(message):
            record.msg, record.args = redact(message), None
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True
