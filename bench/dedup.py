"""Is it the same text? Our rule against MinHash, SimHash and the headline, on texts as other papers print them.

Originals: the labelled articles and the invented reports. What must be found: each as republished,
at several strengths. What must be left: all pairs of originals that are no copies, among them
reports of one event and forms filled in twice. A peer is given its threshold as its users set it.
"""

import re
import time
from collections.abc import Callable
from functools import cache
from itertools import combinations

from datasketch import MinHash, MinHashLSH
from simhash import Simhash

from battery.progress import stepped
from monitor.dedup.copies import is_copy
from monitor.dedup.texts import keys
from monitor.models import Article, Report
from tests.republished import CHANGES, TOGETHER, Told, events, labelled, republished

Rule = Callable[[Report, Report], bool]


def _words(article: Article) -> list[str]:
    return re.findall(r"\w+", " ".join((article.lead, *article.body)).lower())


@cache
def _minhash(article: Article) -> MinHash:
    words, sketch = _words(article), MinHash(num_perm=128)
    sketch.update_batch([" ".join(words[i : i + 3]).encode() for i in range(len(words) - 2)])
    return sketch


@cache
def _simhash(article: Article) -> Simhash:
    words = _words(article)
    return Simhash([" ".join(words[i : i + 2]) for i in range(len(words) - 1)])


def _indexed(one: Report, other: Report) -> bool:
    """Find through the index, then decide: what the program does."""
    return bool(set(keys(one.article)) & set(keys(other.article))) and is_copy(one, other)


def _lsh(threshold: float) -> Rule:
    lsh = MinHashLSH(threshold=threshold, num_perm=128)

    def rule(one: Report, other: Report) -> bool:  # as `query` does, without filling its tables for each pair
        mine, yours = _minhash(one.article).hashvalues, _minhash(other.article).hashvalues
        return any((mine[i : i + lsh.r] == yours[i : i + lsh.r]).all() for i in range(0, lsh.b * lsh.r, lsh.r))

    return rule


def _title(one: Report, other: Report) -> bool:
    mine, yours = (set(re.findall(r"\w+", report.article.title.lower())) for report in (one, other))
    return len(mine & yours) >= 0.5 * len(mine | yours)


RULES: dict[str, Rule] = {
    "ours": _indexed,
    "datasketch LSH 0.8": _lsh(0.8),
    "datasketch LSH 0.5": _lsh(0.5),
    "datasketch MinHash >= 0.4": lambda one, other: _minhash(one.article).jaccard(_minhash(other.article)) >= 0.4,
    "simhash, distance <= 3": lambda one, other: _simhash(one.article).distance(_simhash(other.article)) <= 3,
    "simhash, distance <= 12": lambda one, other: _simhash(one.article).distance(_simhash(other.article)) <= 12,
    "headline, half the words": _title,
}


def _wrong(rule: Rule, told: list[Told]) -> tuple[int, int, int]:
    """Return how many pairs of originals are joined wrongly, and of the true copies how many are found, of how many."""
    wrong = found = copies = 0
    for one, other in combinations(told, 2):
        said = rule(one.report, other.report)
        if one.root == other.root:
            copies, found = copies + 1, found + said
        else:
            wrong += said
    return wrong, found, copies


def main() -> None:
    """Print a row a rule: the share of each change that is found, false joins, the labelled copies, time."""
    told = [*labelled(), *events(), *events("unseen.txt")]
    originals = [one.report for one in told if one.root == one.id]
    kinds = [*((name,) for name in CHANGES), *TOGETHER]
    pairs = {kind: [(one, republished(one, kind)) for one in originals] for kind in kinds}
    print(f"\nCopies: {len(originals)} originals, each republished in {len(kinds)} ways; share found")
    for number, kind in enumerate(kinds):
        print(f"  {chr(97 + number)} = {' + '.join(kind)}")
    print(
        f"{'':27}" + "".join(f"{chr(97 + n):>5}" for n in range(len(kinds))) + "   false joins  true copies   µs a pair"
    )
    for name, rule in stepped("rules", list(RULES.items())):
        shares = [sum(rule(*pair) for pair in pairs[kind]) / len(originals) for kind in kinds]
        began = time.process_time()
        wrong, found, copies = _wrong(rule, told)
        spent = (time.process_time() - began) / (len(told) * (len(told) - 1) / 2)
        row = "".join(f"{share:5.2f}" for share in shares)
        print(f"{name:27}{row}{wrong:14}{found:8} of {copies}{spent * 1e6:12.0f}")


if __name__ == "__main__":
    main()
