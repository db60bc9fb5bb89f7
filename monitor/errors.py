"""What can go wrong, as one tree; every message is one line a person can act on.

DiemBaoError
├── ConfigError        sources.yaml or the environment is wrong: every mistake at once
├── UsageError         the call itself is wrong (a future date, an unknown source)
│   └── TooEarlyError      nothing has been visited yet of which an edition could tell
├── StoreError         the database cannot be opened, written or trusted
│   ├── AwayError          its server does not answer at the moment
│   ├── TakenError         another process holds what a write needs, for a moment
│   ├── LeaseLostError     another worker has taken over what this one was doing
│   ├── BusyError          another process is writing to it
│   └── DamagedError       it is no longer whole: nothing more may be written
├── ArchiveError       the folder of digests cannot be written
├── FetchError         an address gave no usable answer; says whether trying again may help
├── UnreadableError    an answer came, but it is not the kind of page it should be
│   └── TooHardError       reading it took more time or memory than a page may take
├── ModelError         the language model gave no usable answer: the quoted line stands
└── DeliveryError      Telegram did not take a message
    ├── NotSentError       it certainly was not posted: try again later
    ├── RefusedError       Telegram said no: trying again would not help
    │   ├── MalformedError     because of the text itself
    │   └── MovedError         because the chat has another number since
    └── UnknownError       it may have been posted: never send it again blindly
"""


class DiemBaoError(Exception):
    """Any expected fault; `str()` is the one line shown to the person."""


class ConfigError(DiemBaoError):
    """Wrong configuration.

    `mistakes` holds one line for each, such as
    `sources.yaml:12: sources[2].provnice: unknown key; did you mean 'province'?`.
    """

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class UsageError(DiemBaoError):
    """The command was called with something that cannot be done."""


class TooEarlyError(UsageError):
    """No source was visited in an edition's time, so nobody knows what there is to tell."""


class StoreError(DiemBaoError):
    """The database cannot be used."""


class AwayError(StoreError):
    """The database's server was stopped or cannot be reached: the same may be done when it is back."""


class TakenError(StoreError):
    """Another process holds what a write needs: the same may be done a moment later."""


class BusyError(StoreError):
    """Another process works with this database; two would post everything twice."""


class DamagedError(StoreError):
    """The database file is damaged; working on would do more harm."""


class LeaseLostError(StoreError):
    """Another worker has taken over what this one was doing: nothing more of it is kept."""


class ArchiveError(DiemBaoError):
    """The archive folder cannot be used."""


class FetchError(DiemBaoError):
    """No usable answer from an address.

    `gone` is true when the address says that it holds nothing (404, 410), so that trying again
    is pointless; everything else is `passing`. `retry_after` is set when its whole host is to be left
    alone: for so many seconds, a day at most.
    """

    def __init__(self, reason: str, *, gone: bool = False, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.gone = gone
        self.passing = not gone
        self.retry_after = retry_after


class UnreadableError(DiemBaoError):
    """An answer that is not a feed, sitemap, listing or article as it should be.

    `passing` is true when the same address may well hold one later: a wall of script, an empty
    answer.
    """

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


class TooHardError(UnreadableError):
    """A page that its reader had to be stopped at; on a machine less busy it may pass.

    Its reason begins with SIGN, as in "reading it takes too much memory": by it such pages are found in the store.
    """

    SIGN = "reading it "

    def __init__(self, reason: str) -> None:
        super().__init__(reason, passing=True)


class ModelError(DiemBaoError):
    """No usable answer from the language model; never a reason to hold an edition back."""


class DeliveryError(DiemBaoError):
    """Telegram did not confirm a message."""


class NotSentError(DeliveryError):
    """The message was certainly not posted; `retry_after` seconds is Telegram's own wish, if any."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class RefusedError(DeliveryError):
    """Telegram understood and refused."""


class MalformedError(RefusedError):
    """Telegram does not take this text: its markup is wrong, or it is too long."""


class MovedError(RefusedError):
    """A group became a supergroup; `number` is where it is reached."""

    def __init__(self, reason: str, *, number: int) -> None:
        super().__init__(reason)
        self.number = number


class UnknownError(DeliveryError):
    """No answer that tells whether the message was posted."""
