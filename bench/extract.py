"""How exactly articles are read, on saved pages with what a careful reader gets from them.

The pages are third-party data and no part of the project: DIEMBAO_PAGES names a folder of pairs
(name.html, name.json), or it is looked for beside the project. Body: F1 over 4-word shingles.
"""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from monitor.scrape.extract import extract
from monitor.scrape.repair import decode

BESIDE = Path(__file__).parents[2] / "shared" / "pages"


def shingles(paragraphs: list[str]) -> set[tuple[str, ...]]:
    """Return the runs of four words of a text."""
    words = " ".join(paragraphs).split()
    return {tuple(words[i : i + 4]) for i in range(len(words) - 3)}


def f1(wanted: list[str], got: list[str]) -> float:
    """Return the harmonic mean of precision and recall over shingles."""
    one, other = shingles(wanted), shingles(got)
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def main() -> None:
    """Print a line a page, and the means."""
    folder = Path(os.environ.get("DIEMBAO_PAGES", BESIDE))
    pairs = sorted(folder.glob("*.json")) if folder.exists() else []
    print("\nExtraction", "" if pairs else "(no saved pages here; set DIEMBAO_PAGES)")
    scores = []
    for path in pairs:
        wanted = json.loads(path.read_text(encoding="utf-8"))
        content = path.with_suffix(".html").read_bytes()
        began = time.process_time()
        got = extract(decode(content), wanted["url"], datetime.now(UTC))
        spent = time.process_time() - began
        published = got.published.isoformat() if got.published else None
        fields = (
            f1(wanted["body"], list(got.body)),
            got.title == wanted["title"],
            got.lead == wanted["lead"],
            published == wanted["published"],
            list(got.authors) == (wanted["authors"] or []),
            spent * 1000,
        )
        scores.append(fields)
        print(f"  {path.stem:34} body {fields[0]:.3f}  {spent * 1000:4.0f} ms")
    if scores:
        body, title, lead, minute, authors, spent = (sum(column) / len(scores) for column in zip(*scores, strict=True))
        print(
            f"  mean: body {body:.3f}  title {title:.2f}  lead {lead:.2f}  minute {minute:.2f}  authors {authors:.2f}"
        )
        print(f"  {spent:.0f} ms CPU a page")
