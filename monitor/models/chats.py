"""What is said and seen in Telegram chats beside the digest itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it says, and what comes back when it is pressed (at most 64 bytes)."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One line for the operator; `topic` names what is wrong."""

    topic: str
    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks of the bot: a text, or the data of a button pressed below its message `below`.

    `at` is when it was sent; when a button was pressed, Telegram does not tell, and it is None.
    """

    chat: int
    person: int
    text: str
    at: datetime | None
    private: bool = True
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One message to who asked, in Telegram's HTML, with rows of buttons; below a button it replaces its message."""

    html: str
    rows: tuple[tuple[Choice, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Copies:
    """Messages of a channel that who asked is shown as they read today; `instead` where they cannot be copied."""

    chat: str
    messages: tuple[int, ...]
    instead: tuple[Answer, ...] = ()


Reply = Answer | Copies
"""What the bot says to a question."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the bot may do in a chat since it was changed there; `names` are its number and @name."""

    names: tuple[str, ...]
    title: str
    may_post: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands that Telegram offers beside the text field: (name, what it does); `chat` None: every private one."""

    commands: tuple[tuple[str, str], ...]
    chat: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A message as a channel shows it; `text` is "" for what was forwarded there."""

    id: int
    text: str
