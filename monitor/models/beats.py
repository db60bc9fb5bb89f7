"""Whether a working process is well, read off its last sign of life."""

from dataclasses import dataclass
from datetime import datetime

STUCK = 120.0  # seconds without a beat; the heart beats every fifteen


@dataclass(frozen=True, slots=True)
class Beat:
    """The last sign of life of the process that works on `host`; `held` says why it visited nothing, "" if it did."""

    host: str
    at: datetime
    held: str = ""

    def trouble(self, now: datetime) -> str:
        """Return why the process is not well, "" when it is."""
        return trouble((now - self.at).total_seconds(), self.held)


def trouble(silent: float, held: str, stuck: float = STUCK) -> str:
    """Return why a process is not well that beat `silent` seconds ago, "" when it is.

    A beat that lies far in the future was dated by a clock that was wrong: it says nothing.
    """
    if silent < -stuck:
        return "its last beat lies in the future"
    return f"no beat for {silent:.0f} s" if silent > stuck else held
