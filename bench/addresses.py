"""One address, many spellings: how many a canonicaliser joins, and which different articles it joins wrongly."""

from collections.abc import Callable, Iterator
from itertools import combinations

from courlan import clean_url
from ural import normalize_url
from w3lib.url import canonicalize_url

from monitor import urls
from tests.test_urls import PLAIN, VARIANTS

_SHAPES = ("/tin-{}.html", "/tin/{}", "/a.aspx?ItemID={}", "/a?eid={}", "/a?sid={}", "/a?articleId={}", "/a?id={}",
           "/a?ref={}", "/a?type={}", "/a?cid={}", "/in.aspx?print={}", "/tin-post{}.vnp", "/a?p={}",
           "/a?page={}")  # fmt: skip


def _ours(address: str) -> str:
    return urls.key(urls.clean(address))


def _courlan(address: str) -> str:
    return clean_url(address) or ""


CANONICALISERS: dict[str, Callable[[str], str]] = {
    "ours": _ours,
    "ural normalize_url": normalize_url,
    "courlan clean_url": _courlan,
    "w3lib canonicalize_url": canonicalize_url,
}


def _apart() -> Iterator[tuple[str, str]]:
    """Return pairs of addresses that name two articles."""
    for shape in _SHAPES:
        yield from combinations(("https://bao.vn" + shape.format(number) for number in (4711, 4712, 99173)), 2)


def main() -> None:
    """Print a row a canonicaliser."""
    apart = list(_apart())
    print(f"\nAddresses: {len(VARIANTS)} variants of one, {len(apart)} pairs that must stay apart")
    for name, key in CANONICALISERS.items():
        joined = sum(key(variant) == key(PLAIN) for variant in VARIANTS.values())
        wrong = sum(key(one) == key(other) for one, other in apart)
        print(f"  {name:26} joined {joined / len(VARIANTS):.2f}, false joins {wrong}")


if __name__ == "__main__":
    main()
