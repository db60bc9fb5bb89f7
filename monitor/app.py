"""The only place where real things are built and handed over: one App for every command.

Each edge but the store is imported by the method that builds it: `monitor status` loads no web client.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitor import urls
from monitor.campaign import Vocabulary
from monitor.config import Config, Settings, exposed, load, load_settings
from monitor.delivery.pace import Pace
from monitor.edges.store import Store
from monitor.errors import ConfigError, UsageError
from monitor.models import Menu, Question, Reply, Source, Standing

if TYPE_CHECKING:
    from monitor.edges.fetch import Rules, Web
    from monitor.edges.model import Model
    from monitor.edges.parsing.pool import Parsing
    from monitor.edges.telegram import Channel, Listener, Witness

DATABASE = "diembao.sqlite3"
DIGESTS = "digests"
BACKUPS = "backups"
_PATIENCE_FOR_ALERTS = 20.0  # seconds that an answer from the admin chat is waited for


def utc_now() -> datetime:
    """Return the time of the system's clock; everything below takes it as an argument."""
    return datetime.now(UTC)


@cache
def _parsing() -> "Parsing":
    """Return the processes in which pages are read, shared by all that this one does."""
    from monitor.edges.parsing.pool import Parsing

    return Parsing()


@dataclass(frozen=True)
class App:
    """What the three stories work with."""

    config: Config
    settings: Settings
    sources: tuple[Source, ...]
    database: Path | str
    digests: Path
    clock: Callable[[], datetime] = utc_now
    pace: Pace = field(default_factory=Pace)
    path: Path = Path("sources.yaml")
    parsing: "Parsing" = field(default_factory=_parsing)

    def store(self, *, read_only: bool = False) -> Store:
        """Open the database; raises StoreError."""
        return Store(self.database, read_only=read_only)

    def web(self, store: Store | None = None, asked: str = "") -> "Web":
        """Return the door to the web; a store keeps what robots.txt said for the next run.

        `asked` is an address that the operator named at the terminal: its port is visited too.
        """
        from monitor.edges.fetch import Web

        fetch = self.config.fetch
        return Web(
            pause=fetch.pause.total_seconds(),
            timeout=fetch.timeout.total_seconds(),
            largest=fetch.largest,
            contact=fetch.contact or "",
            allow_private=self.settings.monitor_allow_private_addresses,
            rules=replace(self.rules, ports=self.rules.ports | _ports(asked)),
            book=store.robots if store else None,
            machines=store.machines if store and store.shared else None,
            clock=self.clock,
        )

    @property
    def rules(self) -> "Rules":
        """What sources.yaml decided about single hosts."""
        from monitor.edges.fetch import Rules

        return Rules(
            unverified=frozenset(urls.site(one.url) for one in self.sources if not one.tls_verify),
            unasked=frozenset(urls.site(one.url) for one in self.sources if not one.robots),
            ports=_ports(*(one.url for one in self.sources)),
        )

    @property
    def exposed(self) -> str:
        """A line about `.env` when others on this machine can read the secrets in it, "" when not."""
        return exposed(self.path.parent)

    @property
    def words(self) -> Vocabulary:
        """The words by which articles are judged."""
        return self.config.words()

    @property
    def backups(self) -> Path:
        """Where copies of the database lie."""
        return self.disk / (self.config.store.folder or BACKUPS)

    @property
    def disk(self) -> Path:
        """The folder of the database; when that is on a server, the archive's."""
        return self.database.parent if isinstance(self.database, Path) else self.digests

    @property
    def file(self) -> Path:
        """The database as a file; raises UsageError when it is on a server."""
        if isinstance(self.database, Path):
            return self.database
        raise UsageError("the store is a PostgreSQL database: copy it with pg_dump, put it back with pg_restore")

    @property
    def phrases(self) -> tuple[re.Pattern[str], ...]:
        """What every article about the campaign says, as patterns over comparable text: no evidence of one event."""
        return tuple(phrase.pattern for phrase in self.words.phrases)

    @property
    def address(self) -> str:
        """Where the archive can be read on the web, ending in "/"; "" when sources.yaml does not say."""
        url = self.config.digest.archive_url
        return f"{url.rstrip('/')}/" if url else ""

    def model(self) -> "Model | None":
        """Return the way to the language model, None when none is set."""
        summary, key = self.config.summary, self.settings.summary_api_key
        if summary is None:
            return None
        from monitor.edges.model import Model

        seconds = summary.timeout.total_seconds()
        return Model(summary.url, summary.model, key.get_secret_value() if key else "", seconds)

    @property
    def chat(self) -> str | None:
        """The channel to post to; None unless both token and channel are set."""
        return self.settings.telegram_channel if self.settings.telegram_bot_token else None

    def channel(self, address: str | None = None) -> "Channel | None":
        """Return the way to the Telegram channel, at its new number if it moved; None without token and channel."""
        return self._chat(address or self.chat, self.pace.patience)

    def admin_chat(self, address: str | None = None) -> "Channel | None":
        """Return the operator's chat by a bot instance of its own; None when it is not set."""
        return self._chat(address or self.settings.telegram_admin_chat, _PATIENCE_FOR_ALERTS)

    def listener(
        self,
        menus: Iterable[Menu],
        answer: Callable[[Question], Sequence[Reply]],
        changed: Callable[[Standing], None],
    ) -> "Listener | None":
        """Return the bot's ear in chats; None without a token."""
        settings = self.settings
        if not settings.telegram_bot_token:
            return None
        from monitor.edges.telegram import Listener, listening_bot

        token = settings.telegram_bot_token.get_secret_value()
        bot = listening_bot(token, settings.telegram_api_url, settings.telegram_proxy)
        return Listener(bot, menus, answer, changed, self.pace.hear_again)

    def witness(self) -> "Witness | None":
        """Return the second bot, which sees what the first one posts; None without its token."""
        token = self.settings.telegram_witness_token
        settings = self.settings
        if not token:
            return None
        from monitor.edges.telegram import Witness

        return Witness(token.get_secret_value(), settings.telegram_api_url, settings.telegram_proxy)

    def _chat(self, address: str | None, patience: float) -> "Channel | None":
        settings = self.settings
        if not settings.telegram_bot_token or not address:
            return None
        from monitor.edges.telegram import Channel

        token = settings.telegram_bot_token.get_secret_value()
        return Channel(token, address, settings.telegram_api_url, settings.telegram_proxy, read_timeout=patience)


def _ports(*addresses: str) -> frozenset[int]:
    return frozenset(port for one in addresses if (port := urlsplit(one).port))


def store_beside(path: Path) -> Store:
    """Open the database of a sources.yaml for reading, whatever stands in that file; raises ConfigError, StoreError.

    A running service refuses an edit with a mistake and goes on: who asks after it must not stumble over it.
    """
    folder = path.absolute().parent
    return Store(_database(load_settings(folder), folder), read_only=True)


def build(path: Path, clock: Callable[[], datetime] = utc_now, settings: Settings | None = None) -> App:
    """Read sources.yaml and (unless `settings` are given) the environment.

    Raises ConfigError with every mistake.
    """
    return _app(load(path), path, clock, settings)


def begin(path: Path) -> App:
    """Return an App for a sources.yaml that is yet to be written: without sources, all else as by default."""
    return _app(Config.model_construct(sources=[]), path, utc_now, None)


def _app(config: Config, path: Path, clock: Callable[[], datetime], settings: Settings | None) -> App:
    folder = path.absolute().parent
    settings = settings or load_settings(folder)
    return App(
        config=config,
        settings=settings,
        sources=config.source_list(),
        database=_database(settings, folder),
        digests=(folder / (settings.monitor_digests or DIGESTS)).absolute(),
        clock=clock,
        path=path.absolute(),
    )


def _database(settings: Settings, folder: Path) -> Path | str:
    """Return the file of the store, or the address of the PostgreSQL database that takes its place."""
    named = settings.monitor_database or DATABASE
    if "://" not in named:
        return (folder / named).absolute()
    if not named.startswith(("postgresql://", "postgres://")):
        raise ConfigError(["environment: MONITOR_DATABASE: give the path of a file, or postgresql://user@host/name"])
    return named
