"""How much of a story one sentence keeps: ours against the first sentence, TextRank and LexRank.

Data: the campaign articles of tests/corpus, each with 2 to 4 facts that a good sentence should keep;
those of the other files were written by people who knew no rule. A fact is kept when it stands in the
sentence, spelling of tones and dashes aside; "+ headline": in the sentence or the headline above it, as
it is read. The peers (sumy) get our sentence splitter: with its own, sumy returns the same sentences
for every method.
"""

import json
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer

from monitor.digest.shorten import LIMIT, shorten
from monitor.digest.summary import line
from monitor.marks import without_opening
from monitor.models import Article
from monitor.vietnamese import clean, comparable, sentences

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


class _Syllables:
    """sumy's tokenizer, by syllables: what stands between spaces."""

    def to_words(self, text: str) -> tuple[str, ...]:
        """Return the syllables of a sentence."""
        return tuple(re.findall(r"\w+", comparable(text)))


def told(article: Article) -> list[str]:
    """Return the sentences of lead and body."""
    return [s for text in (article.lead, *article.body) for s in sentences(without_opening(clean(text)))]


def first(article: Article) -> str:
    """Return the lead's first sentence."""
    return next(iter(told(article)), "")


def ranked(summarizer: Callable[[ObjectDocumentModel, int], Sequence[object]], article: Article) -> str:
    """Return the sentence that sumy's method ranks first."""
    model = ObjectDocumentModel([Paragraph([Sentence(s, _Syllables()) for s in told(article)])])
    return str(summarizer(model, 1)[0])


def main() -> None:
    """Print a table for each file."""
    for file in ("articles.jsonl", "later.jsonl", "fifth.jsonl", "sixth.jsonl"):
        table(file)


def table(file: str) -> None:
    """Print the share of facts kept (whole, in our length, with the headline), letters, invented figures, speed."""
    rows = [json.loads(row) for row in (CORPUS / file).open(encoding="utf-8")]
    rows = [row for row in rows if row["label"] == "campaign"]
    articles = [
        Article(url="", title=row["title"], lead=row["lead"], body=tuple(row["body"]), authors=tuple(row["authors"]))
        for row in rows
    ]
    facts = [row["key_facts"] for row in rows]
    text_rank, lex_rank = TextRankSummarizer(), LexRankSummarizer()
    methods: dict[str, Callable[[Article], str]] = {
        "ours": line,
        "first sentence": first,
        "TextRank": lambda article: ranked(text_rank, article),
        "LexRank": lambda article: ranked(lex_rank, article),
    }
    print(f"\nSummary in one sentence, {file}: share of {sum(map(len, facts))} key facts kept")
    print(f"{'':>16}{'as it is':>10}{f'≤ {LIMIT}':>10}{'+ headline':>12}{'letters':>9}{'invented':>10}{'ms':>7}")
    for name, method in methods.items():
        began = time.process_time()
        lines = [method(article) for article in articles]
        spent = (time.process_time() - began) * 1000 / len(articles)
        whole, cut = kept(lines, facts), kept([shorten(one) for one in lines], facts)
        read = kept([f"{a.title}\n{shorten(one)}" for one, a in zip(lines, articles, strict=True)], facts)
        letters = sum(map(len, lines)) / len(lines)
        invented = sum(len(figures(one) - figures(a.text)) for one, a in zip(lines, articles, strict=True))
        print(f"{name:>16}{whole:>10.3f}{cut:>10.3f}{read:>12.3f}{letters:>9.0f}{invented:>10}{spent:>7.1f}")


def kept(lines: list[str], facts: list[list[str]]) -> float:
    """Return the share of all facts that stand in their line."""
    found = [comparable(fact) in comparable(one) for one, few in zip(lines, facts, strict=True) for fact in few]
    return sum(found) / len(found)


def figures(text: str) -> set[str]:
    """Return the figures of a text."""
    return set(_FIGURE.findall(text))
