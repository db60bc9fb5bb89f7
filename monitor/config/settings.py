"""What comes from the environment, never from sources.yaml."""

import os
from pathlib import Path

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from monitor.config.reading import words_for
from monitor.errors import ConfigError


class Settings(BaseModel):
    """The environment's part: secrets, and where things are kept. Names are those of the variables."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    telegram_bot_token: SecretStr | None = Field(None, description="The bot's token, from @BotFather.")
    telegram_channel: str | None = Field(None, description="The channel to post to: @name or its number.")
    telegram_api_url: str = Field("https://api.telegram.org/bot", description="Another Bot API server.")
    telegram_proxy: str | None = Field(None, description="A proxy for Telegram: socks5:// or http://.")
    monitor_database: str | None = Field(None, description="The database file; default: beside sources.yaml.")
    monitor_digests: Path | None = Field(
        None, description="The archive's folder; default: digests beside sources.yaml."
    )
    monitor_allow_private_addresses: bool = Field(default=False, description="Visit hosts of the local network too.")


def load_settings(folder: Path) -> Settings:
    """Read the environment, and `folder`/.env for what it does not say; raises ConfigError."""
    try:
        said = {**dotenv_values(folder / ".env"), **os.environ}
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError([f"{folder / '.env'}: cannot be read: {fault}"]) from fault
    values = {name: value for name in Settings.model_fields if (value := said.get(name.upper()))}
    try:
        return Settings.model_validate(values)
    except ValidationError as fault:
        mistakes = [f"environment: {str(e['loc'][0]).upper()}: {words_for(e)}" for e in fault.errors()]
        raise ConfigError(mistakes) from None
