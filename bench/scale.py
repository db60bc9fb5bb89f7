"""What the index costs with a million articles in the store: bytes, look-up, insert, start-up.

`python -m bench.scale [ARTICLES]`, a million by default, some minutes. Texts are invented: syllables
as frequent as in the labelled articles, an eighth of the sentences from a stock of phrases. Of every
fiftieth article the text is made and hashed; the shingles of the others are drawn as the hash
spreads them, with as many common ones. A look-up is of half an article's text, one word in ten replaced.
"""

import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from battery.progress import stepped
from monitor import joining
from monitor.campaign import builtin
from monitor.dedup import texts
from monitor.edges.store import Store, traces
from monitor.models import Article, Label, Link, Match, Report
from tests.judge import labelled_articles

_EVERY = 50  # of so many articles one has a text
_NOW = datetime(2026, 11, 20, tzinfo=UTC)
_OPEN = (
    "import resource, sys, time; from pathlib import Path; from monitor.edges.store import Store\n"
    "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; began = time.perf_counter()\n"
    "Store(Path(sys.argv[1]), read_only=True).__exit__()\n"
    "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
    "print((time.perf_counter() - began) * 1000, after - before)"
)


class Press:
    """A source of invented articles, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - invented text
        self._syllables = [s for one in labelled_articles() for s in one.article.text.split()]
        self._stock = [self._sentence() for _ in range(400)]

    def _sentence(self) -> str:
        return " ".join(self._dice.choices(self._syllables, k=self._dice.randint(8, 26))) + "."

    def article(self, number: int) -> Article:
        """Return an article of 120 to 700 syllables."""
        paragraphs = [
            " ".join(self._dice.choice(self._stock) if self._dice.random() < 1 / 8 else self._sentence() for _ in "abc")
            for _ in range(self._dice.randint(3, 12))
        ]
        address = f"https://bao-{number % 97}.example/tin-{number}.html"
        return Article(address, f"Tin số {number}", body=tuple(paragraphs), published=_NOW)

    def half(self, article: Article) -> Article:
        """Return a copy on another paper: the tail half cut, one word in ten replaced."""
        words = " ".join(article.body).split()
        kept = [self._dice.choice(self._syllables) if self._dice.random() < 0.1 else word for word in words]
        return replace(article, url=article.url + "?ban-lai", lead="", body=(" ".join(kept[: len(kept) // 2]),))

    def drawn(self, like: tuple[int, ...], common: list[int]) -> list[int]:
        """Return shingle keys as another text's would be: random, but for the common ones of a text's."""
        known = set(common)
        return [key if key in known else self._dice.getrandbits(32) - (1 << 31) for key in like]


def _filled(store: Store, press: Press, count: int) -> dict[int, Article]:
    """Write the shingles of `count` articles; returns the texts that were made, by number."""
    made: dict[int, Article] = {}
    hashed: list[tuple[int, ...]] = []
    seen: dict[int, int] = {}
    store.database.read("PRAGMA synchronous = OFF")
    store.database.read("PRAGMA cache_size = -600000")
    for first in stepped("thousands of articles, by five", range(1, count + 1, 5000)):
        with store.database.write() as db:
            for number in range(first, min(first + 5000, count + 1)):
                if number % _EVERY == 1 or not hashed:
                    made[number] = press.article(number)
                    hashed.append(texts.keys(made[number]))
                    for key in hashed[-1]:
                        seen[key] = seen.get(key, 0) + 1
                    keys: Iterable[int] = hashed[-1]
                else:
                    common = [key for key in hashed[number % len(hashed)] if seen[key] > 1]
                    keys = press.drawn(hashed[number % len(hashed)], common)
                traces.add(db, number, keys, ())
    store.database.read("PRAGMA synchronous = FULL")
    store.database.read("PRAGMA cache_size = -2000")
    return made


def timed(work: Callable[[], object]) -> tuple[float, float, object]:
    """Return how many milliseconds a call took by the wall and of the processor, and its answer."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000, answer


def line(what: str, times: list[tuple[float, float, object]]) -> None:
    """Print a row: how long calls took by the wall, median and 99th percentile, and of the processor."""
    wall = sorted(one[0] for one in times)
    cpu = statistics.mean(one[1] for one in times)
    print(f"  {what:34} p50 {wall[len(wall) // 2]:6.2f}  p99 {wall[int(len(wall) * 0.99)]:6.2f}  cpu {cpu:6.2f} ms")


def _measured(store: Store, press: Press, made: dict[int, Article], count: int) -> None:
    """Print the times of look-ups, inserts into the index, and whole articles stored."""
    dice = random.Random(7)  # noqa: S311
    some = dice.sample(sorted(made), min(1000, len(made)))
    copies = {number: texts.keys(press.half(made[number])) for number in some}
    looked = [(number, timed(lambda keys=keys: store.traces.copies(keys))) for number, keys in copies.items()]  # type: ignore[misc]
    line("look-up of a copy's candidates", [times for _, times in looked])
    found = sum(number in ids for number, (_, _, ids) in looked if isinstance(ids, list))
    unseen = [texts.keys(press.article(count + i)) for i in range(1000)]
    line("look-up of an unseen article's", [timed(lambda keys=keys: store.traces.copies(keys)) for keys in unseen])  # type: ignore[misc]
    print(f"  {'halves found among candidates':34} {found / len(looked):.3f}")

    def insert(number: int, keys: tuple[int, ...]) -> None:
        with store.database.write() as db:
            traces.add(db, number, keys, ())

    with store.database.write() as db:
        rows = [
            timed(lambda n=count + i, keys=keys: traces.add(db, n, keys, ()))  # type: ignore[misc]
            for i, keys in enumerate(unseen[:500], start=1)
        ]
    line("insert, within a transaction", rows)
    rows = [
        timed(lambda n=count + i, keys=keys: insert(n, keys))  # type: ignore[misc]
        for i, keys in enumerate(unseen[500:], start=501)
    ]
    line("insert, a synced transaction each", rows)


def stored(store: Store, articles: Iterable[Article]) -> list[tuple[float, float, object]]:
    """Return what storing each article takes, all of one day: hashing, look-up, decision, text, full-text index."""
    phrases = tuple(phrase.pattern for phrase in builtin().phrases)
    store.sources.enrol(["Báo Mẫu"], _NOW)
    times = []
    with asyncio.Runner() as loop:
        for number, told in enumerate(articles):
            article = replace(told, published=_NOW + timedelta(minutes=number))
            link, found = Link(article.url), Report(0, 0, "Báo Mẫu", None, article, Match(Label.CAMPAIGN, 3.0), _NOW)
            store.links.remember("Báo Mẫu", [link], _NOW)
            times.append(timed(lambda link=link, found=found: loop.run(_kept(store, link, found, phrases))))  # type: ignore[misc]
    return times


async def _kept(store: Store, link: Link, found: Report, phrases: tuple[re.Pattern[str], ...]) -> None:
    prints = joining.fingerprint(found, phrases)

    def keep() -> None:
        joining.known(store, found, prints)
        joining.keep(store, link, found, phrases, prints)

    await store.in_turn(keep)


def _started(path: Path) -> str:
    """Return how long opening a store takes in a new process, and how much memory it adds."""
    done = subprocess.run([sys.executable, "-c", _OPEN, str(path)], capture_output=True, text=True, check=True)  # noqa: S603
    milliseconds, kilobytes = map(float, done.stdout.split())
    return f"{milliseconds:.1f} ms, {kilobytes / 1024:.1f} MB"


def _peer(made: dict[int, Article], press: Press) -> None:
    """Print the same of datasketch's MinHashLSH, which lives in memory and is built anew at each start."""
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415 - only who measures needs it

    def sketch(article: Article) -> MinHash:
        words = " ".join(article.body).lower().split()
        minhash = MinHash(num_perm=128)
        minhash.update_batch([" ".join(words[i : i + 4]).encode() for i in range(len(words) - 3)])
        return minhash

    some = list(made.items())[:10_000]
    lsh, before, began = MinHashLSH(threshold=0.5, num_perm=128), _resident(), time.process_time()
    for number, article in some:
        lsh.insert(number, sketch(article))
    spent, size = (time.process_time() - began) / len(some), (_resident() - before) / len(some)
    queries = [(number, sketch(press.half(article))) for number, article in some[:500]]
    times = [(number, timed(lambda one=one: lsh.query(one))) for number, one in queries]  # type: ignore[misc]
    print(f"datasketch MinHashLSH 0.5, 128 permutations, {len(some)} articles in memory")
    line("look-up", [one for _, one in times])
    print(f"  {'halves found among candidates':34} {sum(n in ids for n, (_, _, ids) in times) / len(times):.3f}")  # type: ignore[operator]
    print(f"  {'bytes of memory an article':34} {size:.0f}")
    print(f"  {'insert, with its hashing':34} cpu {spent * 1000:.2f} ms")
    print(f"  {'a million anew at each start':34} {spent * 1e6 / 60:.0f} min")


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main(count: int = 1_000_000) -> None:
    """Print the table for a store of `count` articles, and the peer's."""
    press = Press(1)
    with tempfile.TemporaryDirectory() as folder:
        path, empty = Path(folder) / "big.sqlite3", Path(folder) / "empty.sqlite3"
        Store(empty).__exit__()
        with Store(path) as store:
            began = time.process_time()
            made = _filled(store, press, count)
            store.database.read("PRAGMA wal_checkpoint(TRUNCATE)")
            pages, size = (store.database.read(f"PRAGMA {what}")[0][what] for what in ("page_count", "page_size"))
            print(f"\nThe index of {count:,} articles (filled in {time.process_time() - began:.0f} s of cpu)")
            print(f"  {'bytes an article':34} {(pages * size - empty.stat().st_size) / count:.0f}")
            _measured(store, press, made, count)
            line("a whole campaign article kept", stored(store, map(press.article, range(2 * count, 2 * count + 200))))
        print(f"  {'opening an empty store':34} {_started(empty)}")
        print(f"  {'opening this store':34} {_started(path)}")
    _peer(made, press)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
