"""From what one round costs to what 1,000 to 1,000,000 sources need: a model and a simulation of its queue.

The costs are those that bench/cluster.py and bench/scale.py measure; what a source does in a day is a
guess that may be changed here. The simulation plays an hour: sources fall due around their interval,
`dispatch` looks every five seconds, places take hosts, a round lasts as long as its answers and
pauses do.
"""

import heapq
import random
import statistics
from dataclasses import dataclass

_DAY = 86_400
_PLAYED = 3600  # seconds
_MOST_PLAYED = 20_000  # sources; of more, a part with its share of the places is played


@dataclass(frozen=True)
class Costs:
    """Measured: seconds of processor time (workers', server's), bytes on the disk and on the wire."""

    quiet: float = 0.0053  # with its part of the queue
    quiet_server: float = 0.0020
    page: float = 0.0145  # one with the campaign's name in its menu, which is read whole
    page_server: float = 0.0042
    handshake: float = 0.0038  # TLS, a new connection each time
    page_stored: float = 7_000  # its link, and what was read, kept as rejected
    article_stored: float = 6_500  # with its words, shingles and clues
    round_stored: float = 276
    listing_wire: float = 15_000  # compressed
    page_wire: float = 30_000


@dataclass(frozen=True)
class Habits:
    """What a source does: seconds between visits, new pages and articles kept a day, seconds for an answer."""

    interval: float = 1800
    pages: float = 20
    kept: float = 1
    answer: float = 0.8
    pause: float = 5


def needs(sources: int, costs: Costs, habits: Habits) -> tuple[float, float, float, float]:
    """Return cores for workers, cores for the server, gigabytes a year, megabits a second."""
    rounds = _DAY / habits.interval
    own = rounds * (costs.quiet + costs.handshake) + habits.pages * (costs.page + costs.handshake)
    server = rounds * costs.quiet_server + habits.pages * costs.page_server
    stored = rounds * costs.round_stored + habits.pages * costs.page_stored + habits.kept * costs.article_stored
    wire = rounds * costs.listing_wire + habits.pages * costs.page_wire
    return sources * own / _DAY, sources * server / _DAY, sources * stored * 365 / 1e9, sources * wire * 8 / _DAY / 1e6


def lags(sources: int, places: int, habits: Habits, dice: random.Random) -> list[float]:
    """Play an hour; returns how many seconds each round began after it was due."""
    due = [(dice.uniform(0, habits.interval), number) for number in range(sources)]
    heapq.heapify(due)
    free = [0.0] * places
    found = []
    while due[0][0] < _PLAYED:
        at, number = heapq.heappop(due)
        seen = (at // 5 + 1) * 5  # the next look of `dispatch`
        begun = max(seen, heapq.heappop(free))
        pages = _drawn(habits.pages * habits.interval / _DAY, dice)
        ended = begun + dice.expovariate(1 / habits.answer) + pages * (habits.pause + habits.answer)
        heapq.heappush(free, ended)
        heapq.heappush(due, (ended + habits.interval * dice.uniform(0.8, 1.2), number))
        if at > _PLAYED / 4:
            found.append(begun - at)
    return found


def _drawn(mean: float, dice: random.Random) -> int:
    """Return a number of pages: some of the rounds bring several."""
    number, rest = 0, dice.expovariate(1)
    while rest < mean:
        number, rest = number + 1, rest + dice.expovariate(1)
    return number


def main() -> None:
    """Print the table of docs/scale.md."""
    costs, habits, dice = Costs(), Habits(), random.Random(1)  # noqa: S311
    print("\nWhat a number of sources needs (a visit every 30 minutes, 20 new pages and 1 article kept a day)")
    print("   sources  rounds/s  places  cores  server  Mbit/s  GB/year  late p50  p99 s")
    for sources in (1_000, 10_000, 100_000, 1_000_000):
        own, server, stored, wire = needs(sources, costs, habits)
        lasting = habits.answer + habits.pages * habits.interval / _DAY * (habits.pause + habits.answer)
        places = max(16, int(sources / habits.interval * lasting * 1.5))
        part = min(1.0, _MOST_PLAYED / sources)
        late = sorted(lags(int(sources * part), max(1, int(places * part)), habits, dice))
        p50, p99 = statistics.median(late), late[int(len(late) * 0.99)]
        print(
            f"{sources:10,}{sources / habits.interval:10.1f}{places:8,}{own:7.2f}{server:8.2f}"
            f"{wire:8.1f}{stored:9.1f}{p50:10.1f}{p99:7.1f}"
        )


if __name__ == "__main__":
    main()
