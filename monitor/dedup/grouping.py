"""Places (numbers from 0) → groups of them: what has a key in common, what pairs join, what is alike."""

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, pairwise

Pair = tuple[int, int]

LIKEST = 0.4
"""Of what two groups are alike: the share of their likest pair. The rest is the average of all pairs."""


def sharing(keys: Sequence[Iterable[int]], crowd: float = math.inf) -> list[Pair]:
    """Return the pairs of places whose keys have one in common, in order.

    Of more than a `crowd` that hold one key only neighbours are paired: what all of them share says
    little, and what makes some of them alike stands in other keys too, or makes the neighbours alike.
    """
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for place, own in enumerate(keys):
        for key in own:
            holders[key].append(place)
    paired = (combinations(places, 2) if len(places) <= crowd else pairwise(places) for places in holders.values())
    return sorted({pair for pairs in paired for pair in pairs})


def joined(
    told: Sequence[int], pairs: Iterable[Pair], holds: Callable[[Pair], bool] = lambda _: True
) -> list[list[int]]:
    """Return the groups into which those `pairs` that hold join places, taken in their order.

    `told` gives each place the number of the story that was told of it, 0 for none; two such
    stories stay apart. Of a pair that would join nothing new it is not asked whether it holds.
    """
    group = [[place] for place in range(len(told))]
    for a, b in pairs:
        if group[a] is group[b] or len({told[i] for i in (*group[a], *group[b])} - {0}) == 2 or not holds((a, b)):
            continue
        group[a] += group[b]
        for i in group[b]:
            group[i] = group[a]
    return [group[i] for i in range(len(told)) if i == min(group[i])]


def agglomerate(
    groups: Sequence[list[int]], alike: Callable[[int, int], float], asked: Callable[[list[int], list[int]], float]
) -> list[list[int]]:
    """Join the two groups that are most alike, again and again, while they are alike enough.

    `groups` are sorted, `alike` tells how much two places are, `asked` what two groups must be. Two groups are
    alike as their likest pair and all pairs on average are: a report in quite other words may be near one other
    report alone. Of equals those with the smallest places are joined first.
    """
    left = dict(enumerate(groups))
    sums = {(a, b): sum(alike(i, j) for i in left[a] for j in left[b]) for a, b in combinations(left, 2)}
    likest = {(a, b): max(alike(i, j) for i in left[a] for j in left[b]) for a, b in combinations(left, 2)}
    waiting: list[tuple[float, int, int, int]] = []

    def offer(a: int, b: int) -> None:
        average = sums[a, b] / (len(left[a]) * len(left[b]))
        spare = LIKEST * likest[a, b] + (1 - LIKEST) * average - asked(left[a], left[b])
        if spare >= 0:
            heapq.heappush(waiting, (-spare, a, b, len(left[a]) + len(left[b])))

    for pair in sums:
        offer(*pair)
    while waiting:
        _, a, b, size = heapq.heappop(waiting)
        if a not in left or b not in left or len(left[a]) + len(left[b]) != size:
            continue  # one of them has grown since, or is gone
        left[a] = sorted(left[a] + left.pop(b))
        del sums[a, b], likest[a, b]
        for c in left.keys() - {a}:
            pair, gone = (min(a, c), max(a, c)), (min(b, c), max(b, c))
            sums[pair] += sums.pop(gone)
            likest[pair] = max(likest[pair], likest.pop(gone))
            offer(*pair)
    return sorted(left.values())
