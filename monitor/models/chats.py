"""What is said and seen in Telegram chats beside the digest itself."""

from dataclasses import dataclass


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
