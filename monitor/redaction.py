"""Secrets never reach a log, an error or the database: bot tokens, and passwords in addresses, are taken out."""

import logging
import re

_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}|(?<=/bot)[^/\s]+(?=/)")
# up to the last "@": a password may hold one, or a "/"; ":8080/" is a port
_PASSWORD = re.compile(r"(?<=://)[^\s/:@]*:(?!\d{1,5}/)\S{1,200}(?=@)")


def redact(text: str) -> str:
    """Return `text` with each bot token, and each name with its password in an address, replaced."""
    return _PASSWORD.sub("<secret>", _TOKEN.sub("<token>", text))


class RedactToken(logging.Filter):
    """Takes secrets out of log records: httpx writes the token at INFO, inside the address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True; the record's message and traceback are rewritten when they hold a secret."""
        message = record.getMessage()
        if (said := redact(message)) != message:
            record.msg, record.args = said, None
        for name, value in vars(record).items():
            if isinstance(value, str) and name not in {"msg", "exc_text"} and (said := redact(value)) != value:
                setattr(record, name, said)
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True
