"""The quick ways of grouping give what the plain ones give, which look at every pair again and again."""

from collections.abc import Callable
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from monitor.dedup.grouping import LIKEST, Pair, agglomerate, joined, sharing

Groups = list[list[int]]


def plainly_linked(groups: Groups, alike: dict[Pair, float], asked: Callable[[list[int], list[int]], float]) -> Groups:
    """Join the best pair of groups until none is good enough, reckoning all anew each time."""

    def spare(one: list[int], other: list[int]) -> float:
        pairs = [alike[min(i, j), max(i, j)] for i in one for j in other]
        return LIKEST * max(pairs) + (1 - LIKEST) * (sum(pairs) / len(pairs)) - asked(one, other)

    while len(groups) > 1:
        best = max(combinations(sorted(groups), 2), key=lambda pair: spare(*pair))  # of equals the first
        if spare(*best) < 0:
            break
        groups = [group for group in groups if group not in best] + [sorted(best[0] + best[1])]
    return sorted(groups)


@given(st.data(), st.integers(1, 9))
def test_groups_joined_by_a_heap_are_what_looking_at_all_pairs_each_time_joins(data: st.DataObject, count: int) -> None:
    # quarters add up exactly in any order
    drawn = {pair: data.draw(st.integers(-4, 8)) / 4 for pair in combinations(range(count), 2)}
    told = data.draw(st.sets(st.integers(0, count - 1), max_size=3))

    def asked(one: list[int], other: list[int]) -> float:
        both = not told.isdisjoint(one) and not told.isdisjoint(other)
        return float("inf") if both else 0.25 * (len(one) + len(other)) / 4

    singles = [[place] for place in range(count)]
    found = agglomerate(singles, lambda i, j: drawn[min(i, j), max(i, j)], asked)
    assert found == plainly_linked(singles, drawn, asked)


@given(st.lists(st.sets(st.integers(0, 6), max_size=4), max_size=14), st.integers(2, 20))
def test_what_no_crowd_holds_is_paired_whole_and_of_a_crowd_all_stay_connected(
    keys: list[set[int]], crowd: int
) -> None:
    whole, pairs = sharing(keys), sharing(keys, crowd)
    assert set(pairs) <= set(whole)
    holders = [[place for place, own in enumerate(keys) if key in own] for key in range(7)]
    small = {pair for places in holders if len(places) <= crowd for pair in combinations(places, 2)}
    assert small <= set(pairs)
    untold = [0] * len(keys)
    assert [sorted(group) for group in joined(untold, pairs)] == [sorted(group) for group in joined(untold, whole)]


@given(st.data(), st.integers(1, 12))
def test_joining_asks_only_of_pairs_that_would_join_something_and_comes_to_the_same(
    data: st.DataObject, count: int
) -> None:
    pairs = list(combinations(range(count), 2))
    holding = [pair for pair in pairs if data.draw(st.booleans())]
    told = [data.draw(st.sampled_from((0, 0, 7, 9))) for _ in range(count)]
    asked: list[Pair] = []

    def holds(pair: Pair) -> bool:
        asked.append(pair)
        return pair in holding

    assert joined(told, pairs, holds) == joined(told, holding)
    assert len([pair for pair in asked if pair in holding]) < count
    assert all(len({told[place] for place in group} - {0}) < 2 for group in joined(told, holding))


@given(st.lists(st.sets(st.integers(0, 9), max_size=3), max_size=10))
def test_pairs_that_share_a_key_are_found(keys: list[set[int]]) -> None:
    assert sharing(keys) == [(a, b) for a, b in combinations(range(len(keys)), 2) if keys[a] & keys[b]]
