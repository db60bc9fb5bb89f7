"""How many article links of a listing page are found, and how many other links are taken for them.

Our own pages in the structure of each family (tests/listings), and real saved ones where they lie
beside the project (DIEMBAO_PAGES names their folder), whose article links are those whose address
has the site's article shape. Beside ours: courlan, which finds links for trafilatura, and the test
by which newspaper4k knows an article's address.
"""

import json
import logging
import os
import re
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bs4 import BeautifulSoup

from monitor import urls
from monitor.errors import UnreadableError
from monitor.models import Page
from monitor.scrape.discover import discover

OURS = Path(__file__).parents[1] / "tests" / "listings"
BESIDE = Path(__file__).parents[1].parent / "shared" / "pages"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
_REAL = {
    "baochinhphu_list": ("https://baochinhphu.vn/chinh-sach-va-cuoc-song/chinh-sach-moi.htm", r"-\d{15,18}\.htm$"),
    "cafef_list": ("https://cafef.vn/thi-truong-chung-khoan.chn", r"-\d{15,18}\.chn$"),
    "nld_list": ("https://nld.com.vn/kinh-te.htm", r"-\d{15,18}\.htm$"),
    "vnexpress_list": ("https://vnexpress.net/kinh-doanh", r"-\d{7}\.html$"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A listing page and the addresses on it that name articles."""

    name: str
    page: Page
    articles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """What came of a page: article links there and missed, other links there and taken."""

    articles: int
    missed: tuple[str, ...]
    others: int
    taken: tuple[str, ...]
    milliseconds: float


def cases(folder: Path = OURS, beside: Path = BESIDE) -> Iterator[Case]:
    """Return our own pages, then the saved ones that are there."""
    for path in sorted(folder.glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        page = Page(told["url"], path.with_suffix(".html").read_bytes(), "text/html; charset=utf-8")
        yield Case(path.stem, page, frozenset(urls.clean(one) for one in told["articles"]))
    for name, (url, shape) in _REAL.items():
        path = beside / f"{name}.html"
        if path.exists():
            page = Page(url, path.read_bytes(), "text/html; charset=utf-8")
            yield Case(name, page, frozenset(one for one in addresses(page) if re.search(shape, one)))


def addresses(page: Page) -> set[str]:
    """Return every address to which a page links."""
    soup = BeautifulSoup(page.content, "lxml")
    base = soup.find("base", href=True)
    origin = urls.clean(str(base["href"]), page.url) if base else page.url
    return {one for a in soup.find_all("a", href=True) if (one := urls.clean(str(a["href"]), origin))}


def ours(page: Page) -> set[str]:
    """Return what the monitor takes for articles."""
    try:
        return {link.url for link in discover(page, NOW).links}
    except UnreadableError:
        return set()


def _courlan(page: Page) -> set[str]:
    from courlan import extract_links  # noqa: PLC0415 - a peer, absent where only the monitor is installed

    found = extract_links(page.content.decode("utf-8", "replace"), url=page.url, external_bool=False, language="vi")
    return {urls.clean(one) for one in found}


def _newspaper(page: Page) -> set[str]:
    logging.getLogger("tldextract").setLevel(logging.CRITICAL)  # it tells at length that it is offline
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses a part that it does not need here
        from newspaper.urls import valid_url  # noqa: PLC0415 - a peer
    return {one for one in addresses(page) if urls.site(one) == urls.site(page.url) and valid_url(one)}


def score(case: Case, read: Callable[[Page], set[str]] = ours) -> Score:
    """Read a page and hold what was found against what is there."""
    began = time.process_time()
    found = read(case.page)
    spent = time.process_time() - began
    keys = {urls.key(one) for one in case.articles}
    others = {urls.key(one) for one in addresses(case.page)} - keys
    return Score(
        articles=len(keys),
        missed=tuple(sorted(one for one in case.articles if urls.key(one) not in {urls.key(f) for f in found})),
        others=len(others),
        taken=tuple(sorted(one for one in found if urls.key(one) not in keys)),
        milliseconds=spent * 1000,
    )


def main() -> None:
    """Print a line a page, what was missed or taken wrongly, and the sums."""
    print("\nDiscovery (article links found; other links taken)")
    folder = Path(os.environ.get("DIEMBAO_PAGES", BESIDE))
    scores = []
    for case in cases(beside=folder):
        one = score(case)
        scores.append(one)
        print(
            f"  {case.name:20} {one.articles - len(one.missed):3} of {one.articles:3}   "
            f"{len(one.taken)} of {one.others:3}   {one.milliseconds:4.0f} ms"
        )
        for address in one.missed:
            print(f"      missed {address}")
        for address in one.taken:
            print(f"      taken  {address}")
    _sum("ours", scores)
    for name, read in (("courlan", _courlan), ("newspaper4k", _newspaper)):
        try:
            _sum(name, [score(case, read) for case in cases(beside=folder)])
        except ImportError:
            print(f"  {name:12} not installed (uv sync --group peers)")


def _sum(name: str, scores: list[Score]) -> None:
    there, missed = sum(one.articles for one in scores), sum(len(one.missed) for one in scores)
    others, taken = sum(one.others for one in scores), sum(len(one.taken) for one in scores)
    spent = sum(one.milliseconds for one in scores) / len(scores)
    print(
        f"  {name:12} found {(there - missed) / there:.4f} of {there}; "
        f"taken {taken / others:.4f} of {others} others; {spent:.0f} ms CPU a page"
    )
