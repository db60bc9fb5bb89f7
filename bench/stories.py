"""Is it the same event? Stories of the labelled articles and two invented collections, ours and simpler ways.

B-cubed and pairs as tests/corpus/README.md defines them. The rules and their weights were tuned on
the labelled articles and events.txt; unseen.txt was written afterwards (its first reading, before
what it showed was put right: B-cubed F1 0.911, pairs 0.75 / 0.86), later.jsonl by somebody who knew no
rule (first reading: 0.910, 1.00 / 0.60), fifth.jsonl before its writer had read one (0.967,
1.00 / 0.86), sixth.jsonl too (0.981, 1.00 / 0.90); all were read since. Each simpler way is given the
threshold that suits it best on the very collection: an advantage that ours has not.
"""

import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import combinations

from datasketch import MinHash

from battery.progress import stepped
from monitor.dedup import facts
from monitor.dedup.stories import settle
from monitor.models import Report
from monitor.vietnamese import comparable
from tests.republished import PHRASES, Told, events, labelled

Stories = dict[int, int]  # a report's id → the number of its story


def scores(told: list[Told], found: Stories) -> tuple[float, float, float]:
    """Return B-cubed F1, pair precision and pair recall."""
    precision = recall = 0.0
    for one in told:
        mine = [other for other in told if found[other.report.id] == found[one.report.id]]
        same = [other for other in told if other.story == one.story]
        both = sum(other.story == one.story for other in mine)
        precision, recall = precision + both / len(mine) / len(told), recall + both / len(same) / len(told)
    pairs = list(combinations(told, 2))
    joined = [(a, b) for a, b in pairs if found[a.report.id] == found[b.report.id]]
    gold = [(a, b) for a, b in pairs if a.story == b.story]
    right = sum(a.story == b.story for a, b in joined)
    bcubed = 2 * precision * recall / (precision + recall)
    return bcubed, right / max(1, len(joined)), right / max(1, len(gold))


def ours(reports: list[Report]) -> Stories:
    """Settle the whole day at once."""
    settled = enumerate(settle(reports, PHRASES))
    return {member.report.id: number for number, story in settled for member in story.members}


def streaming(like: Callable[[Report, Report], float], threshold: float, reports: Iterable[Report]) -> Stories:
    """Put each report, as it comes, into the story that it is most like on average within three days."""
    stories: list[list[Report]] = []
    for report in sorted(reports, key=lambda one: one.dated):
        near = [story for story in stories if abs((story[-1].dated - report.dated).days) < 3]
        rated = [(sum(like(report, other) for other in story) / len(story), story) for story in near]
        best, story = max(rated, key=lambda pair: pair[0], default=(0.0, []))
        if best >= threshold:
            story.append(report)
        else:
            stories.append([report])
    return {report.id: number for number, story in enumerate(stories) for report in story}


def _tfidf(reports: list[Report], phrases: tuple[re.Pattern[str], ...]) -> Callable[[Report, Report], float]:
    """Return the cosine of syllables, rare ones in this very collection weighing more; `phrases` are left out."""
    texts = {}
    for report in reports:
        text = comparable(
            f"{report.article.title}\n" * 3 + f"{report.article.lead}\n" * 2 + "\n".join(report.article.body)
        )
        for phrase in phrases:
            text = phrase.sub(" ", text)
        texts[report.id] = Counter(re.findall(r"\w+", text))
    having = Counter(word for counts in texts.values() for word in counts)
    vectors = {}
    for number, counts in texts.items():
        weights = {w: (1 + math.log(n)) * math.log(len(texts) / having[w]) for w, n in counts.items()}
        length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        vectors[number] = {w: weight / length for w, weight in weights.items()}
    return lambda a, b: sum(weight * vectors[b.id].get(w, 0.0) for w, weight in vectors[a.id].items())


def _minhash(reports: list[Report]) -> Callable[[Report, Report], float]:
    sketches = {}
    for report in reports:
        words = comparable(report.article.text).split()
        sketches[report.id] = MinHash(num_perm=128)
        sketches[report.id].update_batch([" ".join(words[i : i + 3]).encode() for i in range(len(words) - 2)])
    return lambda a, b: float(sketches[a.id].jaccard(sketches[b.id]))


def _titles(a: Report, b: Report) -> float:
    mine, yours = (set(comparable(report.article.title).split()) for report in (a, b))
    return len(mine & yours) / len(mine | yours)


def _campaign(told: list[Told]) -> list[Told]:
    return [one for one in told if one.report.match.label == "campaign"]


def _best(told: list[Told], like: Callable[[Report, Report], float]) -> tuple[float, float, float]:
    reports = [one.report for one in told]
    return max(scores(told, streaming(like, step / 50, reports)) for step in range(2, 40))


def main() -> None:
    """Print a table a collection."""
    collections = {
        "66 labelled campaign articles": _campaign(labelled()),
        "events.txt": events(),
        "unseen.txt": events("unseen.txt"),
        "75 of later.jsonl": _campaign(labelled("later.jsonl")),
        "71 of fifth.jsonl": _campaign(labelled("fifth.jsonl")),
        "41 of sixth.jsonl": _campaign(labelled("sixth.jsonl")),
    }
    for name, told in stepped("collections", list(collections.items())):
        reports = [one.report for one in told]
        facts._facts.cache_clear()  # noqa: SLF001 - the time is of reading the articles as well
        began = time.process_time()
        found = ours(reports)
        spent = (time.process_time() - began) / len(reports) * 1000
        rows = {
            f"ours ({spent:.1f} ms an article)": scores(told, found),
            "TF-IDF, phrases masked": _best(told, _tfidf(reports, PHRASES)),
            "TF-IDF": _best(told, _tfidf(reports, ())),
            "datasketch MinHash": _best(told, _minhash(reports)),
            "headline overlap": _best(told, _titles),
        }
        print(f"\nStories: {name}\n{'':32}{'B-cubed F1':>12}{'pairs P':>10}{'R':>8}")
        for way, (bcubed, precision, recall) in rows.items():
            print(f"  {way:30}{bcubed:12.3f}{precision:10.3f}{recall:8.3f}")


if __name__ == "__main__":
    main()
