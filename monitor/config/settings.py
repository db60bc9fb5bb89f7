"""What comes from the environment, never from sources.yaml."""

import difflib
import os
import re
import shlex
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from monitor.config.mistakes import words_for
from monitor.config.secrets import from_files, readable_by_others
from monitor.errors import ConfigError
from monitor.redaction import redact


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d{1,20}:[\w-]+", value.get_secret_value()):
        raise ValueError("not a bot's token; @BotFather gives one such as 123456789:AA…")
    return value


def _key(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\x21-\x7e]+", value.get_secret_value()):
        raise ValueError("not a key: it holds a space, or a letter that no key has")
    return value


def _chat(value: str) -> str:
    if not re.fullmatch(r"@\w+|-?\d+", value):
        raise ValueError(f"not a channel: {redact(value)!r}; write @name, or its number such as -1001234567890")
    return value


def _url(schemes: tuple[str, ...], example: str, value: str) -> str:
    """Accept an address of one of `schemes` with a valid host and port."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in schemes and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"not an address: {redact(value)!r}; write it as {example}")
    return value


Token = Annotated[SecretStr, AfterValidator(_token)]
Key = Annotated[SecretStr, AfterValidator(_key)]
Chat = Annotated[str, AfterValidator(_chat)]
Url = Annotated[str, AfterValidator(partial(_url, ("http", "https"), "https://api.telegram.org/bot"))]
Proxy = Annotated[str, AfterValidator(partial(_url, ("http", "https", "socks5", "socks5h"), "socks5://host:1080"))]


class Settings(BaseModel):
    """The environment's part: secrets, and where things are kept. Names are those of the variables."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    telegram_bot_token: Token | None = Field(None, description="The bot's token, from @BotFather.")
    telegram_channel: Chat | None = Field(None, description="The channel to post to: @name or its number.")
    telegram_admin_chat: Chat | None = Field(
        None, description="Where the operator is told of trouble: a chat's number."
    )
    telegram_witness_token: Token | None = Field(
        None, description="The token of a second bot in the channel, which sees what the first one posted."
    )
    telegram_preview_url: Url = Field(
        "https://t.me/s/", description="Where a public channel can be read without an account."
    )
    telegram_api_url: Url = Field("https://api.telegram.org/bot", description="Another Bot API server.")
    telegram_proxy: Proxy | None = Field(None, repr=False, description="A proxy for Telegram: socks5:// or http://.")
    summary_api_key: Key | None = Field(None, description="The key for the language model of `summary`.")
    monitor_database: str | None = Field(
        None, repr=False, description="The database file (default: beside sources.yaml), or postgresql://…"
    )
    monitor_digests: Path | None = Field(
        None, description="The archive's folder; default: digests beside sources.yaml."
    )
    monitor_allow_private_addresses: bool = Field(default=False, description="Visit hosts of the local network too.")


_SECRETS = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_WITNESS_TOKEN", "SUMMARY_API_KEY", "MONITOR_DATABASE")


def exposed(folder: Path) -> str:
    """Return a line, with what to do, about `folder`/.env when it holds secrets that others can read; else ""."""
    path = folder / ".env"
    if not readable_by_others(path):
        return ""
    held = {name: value for name, value in dotenv_values(path).items() if value and name in _SECRETS}
    if not any(name != "MONITOR_DATABASE" or redact(value) != value for name, value in held.items()):
        return ""
    return f"{path} holds secrets that others on this machine can read; run: chmod 600 {shlex.quote(str(path))}"


def _misspelt(names: Iterable[str]) -> list[str]:
    """Return a line for each name of `.env` that is nearly one of ours; the names of other programs are left alone."""
    known = {name.upper() for name in Settings.model_fields} | {f"{name}_FILE" for name in _SECRETS}
    close = {name: difflib.get_close_matches(name, known, n=1, cutoff=0.85) for name in names if name not in known}
    return [f".env: {name}: unknown name; did you mean {near[0]}?" for name, near in close.items() if near]


def load_settings(folder: Path) -> Settings:
    """Read the environment, files that it names for secrets, and `folder`/.env for the rest; raises ConfigError."""
    try:
        written = dotenv_values(folder / ".env")
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError([f"{folder / '.env'}: cannot be read: {getattr(fault, 'strerror', fault)}"]) from fault
    if wrong := _misspelt(written):
        raise ConfigError(wrong)
    said = {**written, **os.environ}
    said |= from_files(_SECRETS, said)
    values = {name: value for name in Settings.model_fields if (value := said.get(name.upper()))}
    try:
        return Settings.model_validate(values)
    except ValidationError as fault:
        mistakes = [f"environment: {str(e['loc'][0]).upper()}: {words_for(e)}" for e in fault.errors()]
        raise ConfigError(mistakes) from None
