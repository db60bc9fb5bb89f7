"""What comes from the environment, never from sources.yaml."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from monitor.config.reading import words_for
from monitor.errors import ConfigError


class Settings(BaseSettings):
    """What comes from the environment, or from a `.env` file beside sources.yaml; never from it."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

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
    """Read the environment and `folder`/.env; raises ConfigError."""
    try:
        return Settings(_env_file=folder / ".env")
    except ValidationError as fault:
        raise ConfigError(
            [f"environment: {str(e['loc'][0]).upper()}: {words_for(e)}" for e in fault.errors()]
        ) from None
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError([f"{folder / '.env'}: cannot be read: {fault}"]) from fault
