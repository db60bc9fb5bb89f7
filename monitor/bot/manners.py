"""How much one person may ask. Nothing of it outlives the process."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from enum import Enum

STALE = timedelta(minutes=10)
"""A message this old is not answered: it was sent while the bot was away."""
_QUESTIONS, _WITHIN = 20, timedelta(minutes=1)
_REMEMBERED = 10_000  # people; of more, those who were quiet longest are forgotten


class Verdict(Enum):
    """Whether a question is answered, turned away with a word, or passed over."""

    WELCOME = "welcome"
    TOO_MANY = "too many"
    IGNORED = "ignored"


class Manners:
    """What was asked of late, and by whom."""

    def __init__(self) -> None:
        self._asked: OrderedDict[int, deque[datetime]] = OrderedDict()

    @property
    def remembered(self) -> int:
        """Of how many people something is kept, at most 10,000."""
        return len(self._asked)

    def asks(self, person: int, now: datetime) -> Verdict:
        """Count a question; the first one too many is answered with a word, those behind it with nothing."""
        times = self._asked.setdefault(person, deque(maxlen=_QUESTIONS + 1))
        self._asked.move_to_end(person)
        if len(self._asked) > _REMEMBERED:
            self._asked.popitem(last=False)
        while times and now - times[0] >= _WITHIN:
            times.popleft()
        if len(times) > _QUESTIONS:
            return Verdict.IGNORED
        times.append(now)
        return Verdict.WELCOME if len(times) <= _QUESTIONS else Verdict.TOO_MANY
