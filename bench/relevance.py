"""How well the campaign is told from the rest, on the labelled articles of tests/corpus, and how fast."""

import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.campaign import builtin, judge
from monitor.models import Article, Label, Match

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
FOLDS = 5
ROUNDS = 5
FIRST_LOOK = {
    "held": "P 1.00, R 0.72, mentions 10 of 10",
    "final": "P 0.93, R 0.81, mentions 9 of 10",
    "blind": "P 1.00, R 0.83, mentions 8 of 8",
    "last": "P 1.00, R 0.75, mentions 6 of 6",
    "first": "P 1.00, R 0.98, mentions 12 of 12",
    "second": "P 0.97, R 0.85, mentions 6 of 9",
    "third": "P 1.00, R 0.92, mentions 6 of 8",
    "fourth": "P 0.99, R 0.89, mentions 12 of 12",
    "fifth": "P 0.98, R 0.86, mentions 9 of 10",
    "sixth": "P 1.00, R 0.98, mentions 8 of 8",
}
NAIVE: dict[str, Callable[[str], object]] = {
    "“hồ chí minh” anywhere": re.compile("hồ chí minh").search,
    "“làm theo” anywhere": re.compile("làm theo").search,
    "“học tập” and “hồ chí minh”": lambda text: "học tập" in text and "hồ chí minh" in text,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled article and what the program makes of it."""

    part: str
    story: str
    group: str
    label: Label
    documents: frozenset[str]
    article: Article
    cited: frozenset[str]
    match: Match


def rows() -> list[Row]:
    """Return all labelled articles, judged."""
    found = []
    for name in ("articles", "own", "blind", "later", "fifth", "sixth"):
        for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            given = json.loads(line)
            article = Article(
                url="",
                title=given["title"],
                lead=given["lead"],
                body=tuple(given["body"]),
                section=given["section"],
                published=datetime.fromisoformat(given["published"]),
            )
            told, match = judge(article)
            part, story = given.get("set", "articles"), given.get("story", given["id"])
            cited, wanted = frozenset(told.documents), frozenset(given["documents"])
            found.append(Row(part, story, given["group"], Label(given["label"]), wanted, article, cited, match))
    return found


def scored(pairs: Sequence[tuple[Label, bool]]) -> str:
    """Return precision and recall of what was kept, mentions left aside as neither right nor wrong."""
    kept = [label for label, keep in pairs if keep and label is not Label.MENTIONS]
    wanted = sum(label is Label.CAMPAIGN for label, _ in pairs)
    right = sum(label is Label.CAMPAIGN for label in kept)
    return f"precision {right / max(1, len(kept)):.3f}, recall {right / max(1, wanted):.3f}"


def sets(judged: list[Row]) -> None:
    """Print each set on its own line: what it is now, and what it was before anything was changed for it."""
    print(f"\n{'set':<10}{'articles':>9}{'precision':>11}{'recall':>8}{'mentions':>10}  at first sight")
    for part in dict.fromkeys(row.part for row in judged):
        rows = [row for row in judged if row.part == part]
        kept = [row.label for row in rows if row.match.label is Label.CAMPAIGN and row.label is not Label.MENTIONS]
        wanted = sum(row.label is Label.CAMPAIGN for row in rows)
        right = kept.count(Label.CAMPAIGN)
        apart = [row.match.label is Label.MENTIONS for row in rows if row.label is Label.MENTIONS]
        shares = f"{right / max(1, len(kept)):>11.3f}{right / wanted:>8.3f}"
        told = f"{sum(apart)} of {len(apart)}"
        print(f"{part:<10}{len(rows):>9}{shares}{told:>10}  {FIRST_LOOK.get(part, 'the rules were written on it')}")


def table(name: str, judged: list[Row]) -> None:
    """Print a confusion table with precision and recall, campaign against the rest."""
    counts = Counter((row.label, row.match.label) for row in judged)
    print(f"\n{name}: {len(judged)}\n{'labelled':>12}" + "".join(f"{label:>12}" for label in Label))
    for label in Label:
        print(f"{label:>12}" + "".join(f"{counts[label, said]:>12}" for said in Label))
    kept = sum(number for (_, said), number in counts.items() if said is Label.CAMPAIGN)
    wanted = sum(number for (label, _), number in counts.items() if label is Label.CAMPAIGN)
    right = counts[Label.CAMPAIGN, Label.CAMPAIGN]
    apart = counts[Label.MENTIONS, Label.MENTIONS]
    mentions = sum(number for (label, _), number in counts.items() if label is Label.MENTIONS)
    exact = sum(row.cited == row.documents for row in judged)
    print(f"  campaign against the rest: precision {right / kept:.3f}, recall {right / wanted:.3f}")
    print(f"  mentions told apart: {apart} of {mentions}; documents exact: {exact} of {len(judged)}")


def groups(judged: list[Row]) -> None:
    """Print how each group of hard neighbours fares."""
    by_group: defaultdict[str, list[Row]] = defaultdict(list)
    for row in judged:
        if row.label is Label.NOT:
            by_group[row.group].append(row)
    right = {name: sum(row.match.label is Label.NOT for row in group) for name, group in by_group.items()}
    print("\nHard neighbours, rightly left out of all")
    for name, group in sorted(by_group.items()):
        print(f"  {name:<24}{right[name]:>3} of {len(group)}")


def errors(judged: list[Row]) -> None:
    """Print every wrong label with its reasons, and every document read wrongly."""
    print("\nErrors")
    for row in judged:
        if row.label is not row.match.label:
            print(f"  {row.label} taken for {row.match.label} ({row.group}, {row.match.score:g}): {row.article.title}")
            print("    " + "; ".join(map(str, row.match.reasons)))
        if row.cited != row.documents:
            print(f"  documents {sorted(row.cited)}, not {sorted(row.documents)}: {row.article.title}")


def folded(judged: list[Row]) -> None:
    """Print what the threshold is worth when it is chosen on four fifths of the stories and tried on the rest."""
    stories = sorted({row.story for row in judged})
    fold = {story: number % FOLDS for number, story in enumerate(stories)}
    tried = []
    for held in range(FOLDS):
        train = [row for row in judged if fold[row.story] != held]
        steps = sorted({row.match.score for row in train})
        best = max(
            steps, key=lambda step: sum((row.match.score >= step) == (row.label is Label.CAMPAIGN) for row in train)
        )
        tried += [(row.label, row.match.score >= best) for row in judged if fold[row.story] == held]
    print(f"\nThreshold chosen on {FOLDS - 1} of {FOLDS} folds of stories, tried on the other: {scored(tried)}")
    for name, rule in NAIVE.items():
        hits = [(row.label, bool(rule(f"{row.article.section} {row.article.text}".lower()))) for row in judged]
        print(f"  for comparison, {name}: {scored(hits)}")


def speed(judged: list[Row]) -> None:
    """Print articles a second of CPU time, the best of some rounds."""
    articles, words = [row.article for row in judged], builtin()
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for article in articles:
            judge(article, words)
        spent.append(time.process_time() - began)
    letters = sum(len(article.text) for article in articles) / len(articles)
    print(f"\n{len(articles) / min(spent):,.0f} articles a second on one core ({letters:.0f} letters each)")


def main() -> None:
    """Print everything."""
    print("\nRelevance")
    judged = rows()
    sets(judged)
    table("articles.jsonl", [row for row in judged if row.part == "articles"])
    table("all the others", [row for row in judged if row.part != "articles"])
    groups(judged)
    errors(judged)
    folded(judged)
    speed(judged)
