"""What every kind of listing ends in: links once each, newest first."""

from collections.abc import Iterable
from datetime import UTC, datetime

from monitor import urls
from monitor.models import Kind, Link, Listing

MOST = 10_000  # entries of one listing that are looked at
OLDEST = datetime(1970, 1, 1, tzinfo=UTC)


def tidy(kind: Kind, links: Iterable[Link], sitemaps: tuple[Link, ...] = (), older: str = "") -> Listing:
    """Return a listing whose links are there once each by key, newest first; undated ones keep their order."""
    unique: dict[str, Link] = {}
    for link in links:
        if link.url:
            unique.setdefault(urls.key(link.url), link)
    newest_first = sorted(unique.values(), key=lambda link: link.published or link.modified or OLDEST, reverse=True)
    return Listing(kind, tuple(newest_first), sitemaps, older)
