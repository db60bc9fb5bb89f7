"""How exactly and how fast articles are read, on saved pages, beside the known extractors, in one run.

The pages are third-party data and no part of the project: DIEMBAO_PAGES names a folder of pages
(name.html, with name.json where it is an article), or it is looked for beside the project. Body:
F1 over 4-word shingles. Times are CPU, interleaved, the best of several; only ratios mean anything.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from lxml.html import fromstring

from battery.progress import stepped
from monitor.campaign import builtin
from monitor.errors import UnreadableError
from monitor.scrape.extract import extract
from monitor.scrape.gate import gate
from monitor.scrape.repair import decode

BESIDE = Path(__file__).parents[2] / "shared" / "pages"
ROUNDS = 5
SHARE = 0.05  # of pages about the campaign among all that are fetched


@dataclass(frozen=True, slots=True)
class Reading:
    """What an extractor took from a page; None where it does not give a field."""

    body: list[str]
    title: str | None = None
    lead: str | None = None
    published: str | None = None
    authors: list[str] | None = None


Reader = Callable[[bytes, str], Reading]


def ours(content: bytes, url: str) -> Reading:
    """Read as the monitor does."""
    try:
        got = extract(decode(content), url, datetime.now(UTC))
    except UnreadableError:
        return Reading([])
    published = got.published.isoformat() if got.published else ""
    return Reading(list(got.body), got.title, got.lead, published, list(got.authors))


def peers() -> dict[str, Reader]:
    """Return the known extractors that are installed (`make bench` installs them)."""
    try:
        newspaper, trafilatura, readability = map(import_module, ("newspaper", "trafilatura", "readability"))
    except ImportError:
        return {}

    def by_trafilatura(content: bytes, url: str) -> Reading:
        got = trafilatura.bare_extraction(content.decode("utf-8", "replace"), url=url, with_metadata=True)
        if got is None:
            return Reading([])
        authors = got.author.split("; ") if got.author else []
        return Reading((got.text or "").split("\n"), got.title, None, got.date or "", authors)

    def by_readability(content: bytes, url: str) -> Reading:
        got = readability.Document(content.decode("utf-8", "replace"), url=url)
        return Reading(fromstring(got.summary()).text_content().split("\n"), got.short_title())

    def by_newspaper(content: bytes, url: str) -> Reading:
        got = newspaper.Article(url, language="vi", fetch_images=False)  # else it asks the network for each picture
        got.download(input_html=content.decode("utf-8", "replace"))
        got.parse()
        published = got.publish_date.isoformat() if got.publish_date else ""
        return Reading(got.text.split("\n"), got.title, None, published, list(got.authors))

    return {"trafilatura": by_trafilatura, "readability": by_readability, "newspaper4k": by_newspaper}


def shingles(paragraphs: list[str]) -> set[tuple[str, ...]]:
    """Return the runs of four words of a text."""
    words = " ".join(paragraphs).split()
    return {tuple(words[i : i + 4]) for i in range(len(words) - 3)}


def f1(wanted: list[str], got: list[str]) -> float:
    """Return the harmonic mean of precision and recall over shingles."""
    one, other = shingles(wanted), shingles(got)
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def score(wanted: dict[str, object], got: Reading) -> tuple[float, ...]:
    """Return body, title, lead, minute and authors of one page, each 0 to 1."""
    body = wanted["body"]
    return (
        f1([str(text) for text in body] if isinstance(body, list) else [], got.body),
        float(got.title == wanted["title"]),
        float(got.lead == wanted["lead"]),
        float((got.published or "")[:16] == str(wanted["published"])[:16]),
        float((got.authors or []) == (wanted["authors"] or [])),
    )


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU time of one call in milliseconds, the best of several."""
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent) * 1000


def mean(values: list[float]) -> float:
    """Return the mean, 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def main() -> None:
    """Print how exactly each extractor reads, and how fast."""
    folder = Path(os.environ.get("DIEMBAO_PAGES", BESIDE))
    pages = {path: path.read_bytes() for path in sorted(folder.glob("*.html"))}
    print("\nExtraction", "" if pages else "(no saved pages here; set DIEMBAO_PAGES)")
    articles = {path: json.loads(path.with_suffix(".json").read_text("utf-8")) for path in pages if _expected(path)}
    readers: dict[str, Reader] = {"ours": ours, **peers()}
    if len(readers) == 1:
        print("  the known extractors are not installed: `make bench` does")
    print(f"  {'':12} {'body':>6} {'title':>6} {'lead':>6} {'minute':>6} {'author':>6}   ({len(articles)} articles)")
    for name, reader in readers.items():
        scores = [score(wanted, reader(pages[path], wanted["url"])) for path, wanted in articles.items()]
        if scores:
            print(f"  {name:12} " + " ".join(f"{mean(list(column)):6.3f}" for column in zip(*scores, strict=True)))
    if pages:
        _speed(pages, set(articles), readers)


def _expected(path: Path) -> bool:
    return path.with_suffix(".json").exists()


def _speed(pages: dict[Path, bytes], articles: set[Path], readers: dict[str, Reader]) -> None:
    """Print CPU times a page: of the gate on every page, of reading on the articles."""
    door = gate(builtin().anchors)
    looked = {path: cpu(lambda content=content: door.passes(content)) for path, content in pages.items()}  # type: ignore[misc]
    turned_away = [path for path, content in pages.items() if not door.passes(content)]
    print(
        f"  the gate turns away {len(turned_away)} of {len(pages)} pages: {mean(list(looked.values())):.2f} ms a page"
    )
    own: dict[Path, float] = {}
    for name, reader in stepped("extractors timed", list(readers.items())):
        spent = {p: cpu(lambda p=p, reader=reader: reader(pages[p], "https://bao.example/tin-1.html")) for p in pages}  # type: ignore[misc]
        own = own or spent
        read = mean([spent[path] for path in articles])
        line = f"  {name:12} {read:6.1f} ms an article"
        if name != "ours":
            rejected = mean([spent[path] for path in turned_away])
            away = mean([looked[path] for path in turned_away])
            passed = mean([own[path] + looked[path] for path in articles])
            mixed = (1 - SHARE) * away + SHARE * passed
            usual = (1 - SHARE) * rejected + SHARE * read
            line += f": ours is {read / passed:.1f} times as fast on an article, {rejected / away:.0f} times on a page"
            line += f" the gate turns away, {usual / mixed:.0f} times with {SHARE:.0%} about the campaign"
        print(line)
