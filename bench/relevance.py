"""How well the campaign is told from the rest, on the labelled articles of tests/corpus."""

import json
import time
from collections import Counter
from pathlib import Path

from monitor.campaign import cited, decide
from monitor.models import Article, Label

CORPUS = Path(__file__).parents[1] / "tests" / "corpus" / "articles.jsonl"


def main() -> None:
    """Print the confusion table, precision and recall, each error, and the speed."""
    print("\nRelevance")
    rows = [json.loads(line) for line in CORPUS.open(encoding="utf-8")]
    articles = [
        Article(url="", title=r["title"], lead=r["lead"], body=tuple(r["body"]), section=r["section"]) for r in rows
    ]
    began = time.process_time()
    found = [(decide(article), set(cited(article))) for article in articles]
    seconds = time.process_time() - began
    table = Counter((row["label"], str(match.label)) for row, (match, _) in zip(rows, found, strict=True))
    print(f"{'labelled':>12}" + "".join(f"{label:>12}" for label in Label))
    for label in Label:
        print(f"{label:>12}" + "".join(f"{table[label, str(said)]:>12}" for said in Label))
    kept = sum(number for (_, said), number in table.items() if said == Label.CAMPAIGN)
    right = table["campaign", "campaign"]
    wanted = sum(number for (label, _), number in table.items() if label == Label.CAMPAIGN)
    print(f"campaign against the rest: precision {right / kept:.3f}, recall {right / wanted:.3f}")
    exact = sum(set(row["documents"]) == documents for row, (_, documents) in zip(rows, found, strict=True))
    print(f"documents exact: {exact} of {len(rows)}; {len(rows) / seconds:.0f} articles a second")
    for row, (match, _) in zip(rows, found, strict=True):
        if row["label"] != match.label:
            print(f"  {row['label']} taken for {match.label} ({row['group']}, {match.score:g}): {row['title'][:70]}")
            print("    " + "; ".join(map(str, match.reasons)))
