"""Makes monitor/data/syllables.toml: in how many of the labelled articles each syllable stands."""

import re
import textwrap
from collections import Counter, defaultdict
from pathlib import Path

from monitor.vietnamese import comparable, sort_key
from tests.republished import labelled

_HEAD = """\
# In how many of the labelled articles (tests/corpus) each syllable stands; those of one article alone are left out.
# Vietnamese has some 7,000 syllables and writes words with them, so this small table weighs any text:
# what is not in it is rare. Made by `python -m bench.syllables`.

articles = {articles}

[standing_in]
"""
_TABLE = Path(__file__).parents[1] / "monitor" / "data" / "syllables.toml"


def table() -> str:
    """Return the table as it is kept."""
    articles = labelled()
    counts = Counter(s for one in articles for s in set(re.findall(r"[^\W\d_]+", comparable(one.report.article.text))))
    rows: defaultdict[int, list[str]] = defaultdict(list)
    for syllable, number in counts.items():
        if number > 1:
            rows[number].append(syllable)
    lines = []
    for number in sorted(rows, reverse=True):
        words = textwrap.fill(" ".join(sorted(rows[number], key=sort_key)), 118, break_long_words=False)
        lines.append(f'{number} = """\n{words}\n"""' if "\n" in words else f'{number} = "{words}"')
    return _HEAD.format(articles=len(articles)) + "\n".join(lines) + "\n"


if __name__ == "__main__":
    _TABLE.write_text(table(), encoding="utf-8")
