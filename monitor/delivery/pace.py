"""How long to wait: between calls, after a call that failed, before a post in doubt is looked for."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """The waits of posting.

    `between` two calls to one channel: 20 a minute are allowed, edits among them. `settle`: how long
    after a request it may still be carried out. `patience`: how long an answer is waited for, in seconds.
    `sweeps`: how long after a post its twins are looked for; a bot may delete for 48 hours. `hear_again`:
    seconds between the first failure to hear what people ask and the next try. `first` and `longest`: the waits
    after calls that do not get through; `refused`: after one that Telegram refused, for rights may be given back.
    """

    between: timedelta = timedelta(seconds=3.5)
    settle: timedelta = timedelta(seconds=120)
    patience: float = 90.0
    sweeps: tuple[timedelta, ...] = (timedelta(minutes=10), timedelta(hours=24))
    hear_again: float = 1.0
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(minutes=15)
    refused: timedelta = timedelta(hours=1)

    def pause(self, failures: int, asked: float | None = None) -> timedelta:
        """Return how long to wait after a call that failed, `failures` having failed before it in a row.

        What Telegram asked for (seconds) is kept exactly; else `first`, twice as long each time, up to `longest`.
        """
        if asked is not None:
            return timedelta(seconds=asked)
        return min(self.first * (1 << min(failures, 10)), self.longest)
