"""How much one person may ask, and how often help is offered unasked. Nothing of it outlives the process."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from enum import Enum

STALE = timedelta(minutes=10)
"""A message this old is not answered: it was sent while the bot was away."""
_QUESTIONS, _WITHIN = 20, timedelta(minutes=1)
_HELP_AGAIN = timedelta(hours=1)
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
        self._helped: OrderedDict[int, datetime] = OrderedDict()

    @property
    def remembered(self) -> int:
        """How many entries are kept, at most two for each of 10,000 people."""
        return len(self._asked) + len(self._helped)

    def asks(self, person: int, now: datetime) -> Verdict:
        """Count a question; the first one too many is answered with a word, those behind it with nothing."""
        times = self._asked.setdefault(person, deque(maxlen=_QUESTIONS + 1))
        self._asked.move_to_end(person)
        _forget(self._asked)
        while times and now - times[0] >= _WITHIN:
            times.popleft()
        if len(times) > _QUESTIONS:
            return Verdict.IGNORED
        times.append(now)
        return Verdict.WELCOME if len(times) <= _QUESTIONS else Verdict.TOO_MANY

    def may_help(self, chat: int, now: datetime) -> bool:
        """Tell whether help may be offered unasked in a chat, and note that it is."""
        if chat in self._helped and now - self._helped[chat] < _HELP_AGAIN:
            return False
        self._helped[chat] = now
        self._helped.move_to_end(chat)
        _forget(self._helped)
        return True


def _forget(kept: OrderedDict[int, deque[datetime]] | OrderedDict[int, datetime]) -> None:
    while len(kept) > _REMEMBERED:
        kept.popitem(last=False)
