"""How a source fares, and why: its own past is the measure. Functions of what is stored and `now`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from monitor.impressions import LAST, broken, contradictions
from monitor.models import Health

_DATED = 10  # pages, of which half are dated otherwise by a listing that cannot be believed
_FEW_DAYS = 5  # with news, before a source's silences can be judged
_STUCK = 2  # pages that wait because of a fault: one alone is everyday
_GAP_SHOWN = timedelta(days=3)
_SHORTEST_SILENCE, _UNKNOWN_SILENCE = timedelta(hours=36), timedelta(days=14)


class Condition(StrEnum):
    """How a source stands, from what its visits gave over time."""

    WELL = "well"
    NEW = "new"
    PAUSED = "paused"
    FAILING = "failing"
    GONE = "gone"
    CERTIFICATE = "certificate"
    EMPTY = "empty"
    MOVED = "moved"
    LAYOUT = "layout"
    MISDATED = "misdated"
    PAGES = "pages"
    GAP = "gap"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A source's condition, the reason in a line, what to do, and whether the operator is to be told.

    `detail` is what the reason turns on, bare: a host, fields, a date, a fault.
    """

    condition: Condition
    reason: str = ""
    advice: str = ""
    alarming: bool = False
    detail: str = ""


_REMEDIES = (
    ("robots.txt of", "its owner wants no programs there: ask for leave, then set `robots: ignore`; or try its feed"),
    ("robots.txt cannot", "its server has trouble: check again later"),
    ("reading it", "a page made so that programs choke on it: its feed or sitemap may do"),
    ("404", "moved, or misspelt: `monitor sources add` with the site's front page looks for it"),
    ("410", "the page is gone: `monitor sources add` with the site's front page looks for another"),
    ("403", "the site refuses visitors like this one: ask its owner, or try its feed"),
    ("host name", "check the spelling; papers have moved since the provinces merged"),
    ("no secure connection", "its server speaks no TLS that is safe, or none at all: its http:// address may do"),
    ("certificate", "the site's certificate is wrong: its http:// address may do, or `tls_verify: false`"),
    ("local network", "only if it is a site of your own network: set MONITOR_ALLOW_PRIVATE_ADDRESSES=1"),
    ("feed answered with a web page", "the feed is gone: name the section's own page instead"),
    ("leads on", "put that address into `url`"),
    ("challenge", "no program gets past it: try the site's feed or sitemap with `monitor sources add`"),
    ("script", "`monitor sources add` with the site's front page looks for a feed or sitemap"),
    ("login", "this page is not public"),
    ("0 items", "if a browser shows news there, name their links with `select: {links: …}`"),
)
# what a reason says, the condition it shows, and after how many visits in a row the operator is told
_FAULTS = (
    ("certificate", Condition.CERTIFICATE, 2),
    ("404", Condition.GONE, 2),
    ("410", Condition.GONE, 2),
    ("feed answered with a web page", Condition.GONE, 2),
    ("host name", Condition.GONE, 3),
    ("0 items", Condition.EMPTY, 3),
    ("the answer is empty", Condition.EMPTY, 3),
    ("", Condition.FAILING, 3),
)


def remedy(reason: str) -> str:
    """Return what an operator can do about a listing that cannot be read."""
    return next((advice for sign, advice in _REMEDIES if sign in reason), "it may pass: check again later")


def diagnose(health: Health, now: datetime) -> Diagnosis:
    """Return how a source stands: the gravest thing that is the matter with it."""
    if health.paused_at:
        return Diagnosis(Condition.PAUSED, f"paused since {health.paused_at:%d/%m/%Y}")
    if health.failures:
        return _failing(health)
    if health.last_poll_at is None:
        return Diagnosis(Condition.NEW, "not visited yet")
    if gone := broken(health.pages):
        said = f"its last {LAST} pages " + ("are no articles" if gone == ("article",) else f"lack {', '.join(gone)}")
        advice = f'`monitor sources check "{health.source}"` compares them with the last good one'
        return Diagnosis(Condition.LAYOUT, said, advice, alarming=True, detail=", ".join(gone))
    if health.landed:
        advice = (
            f'put its new address into `url` (`monitor sources check "{health.source}"` tells it whole);'
            " under the same name the source keeps its history"
        )
        said = f"its address leads to {health.landed}"
        return Diagnosis(Condition.MOVED, said, advice, alarming=True, detail=health.landed)
    return _unread(health) or _misdated(health) or _gap(health, now) or _quiet(health, now) or Diagnosis(Condition.WELL)


def _failing(health: Health) -> Diagnosis:
    condition, least = next((what, least) for sign, what, least in _FAULTS if sign in health.reason)
    visits = f"{health.failures} visits in a row" if health.failures > 1 else "at its last visit"
    said = f"{health.reason} ({visits})"
    return Diagnosis(condition, said, remedy(health.reason), health.failures >= least, health.reason)


def _unread(health: Health) -> Diagnosis | None:
    """Return the diagnosis of a source of which single pages cannot be read, else None."""
    if page := health.too_hard:
        said = f"{page.url}: {page.because} (found {page.found_at:%d/%m/%Y %H:%M} UTC, tried {page.tries} times)"
        advice = f"look at the page: `monitor try {page.url}`; the source's other pages are read"
        return Diagnosis(Condition.PAGES, said, advice, detail=page.because)
    if health.stuck < _STUCK:
        return None
    said = f"{health.stuck} of its pages cannot be read: {health.stuck_because}"
    return Diagnosis(Condition.PAGES, said, "they are tried again, over half a day", detail=health.stuck_because)


def _misdated(health: Health) -> Diagnosis | None:
    """Return the diagnosis of a source that tells false dates, else None."""
    contradicted = contradictions(health.pages[-_DATED:])
    if not health.misdated and contradicted * 2 < _DATED:
        return None
    otherwise = f"it dates {contradicted} of its last {_DATED} articles otherwise than their own pages do"
    said = "its feed tells dates that are none, such as that of the visit" if health.misdated else otherwise
    advice = "nothing to do: articles are dated by their pages; a listing page of the site may tell more"
    return Diagnosis(Condition.MISDATED, said, advice)


def _gap(health: Health, now: datetime) -> Diagnosis | None:
    """Return the diagnosis of a source that lately printed what nothing shows any more, else None."""
    if health.unfilled is None or now - health.unfilled[1] > _GAP_SHOWN:
        return None
    since, until = health.unfilled
    span = f"{since:%d/%m/%Y %H:%M} and {until:%d/%m/%Y %H:%M} UTC"
    said = f"articles printed between {span} may be missing: nothing that it shows reaches back so far"
    return Diagnosis(Condition.GAP, said, "if it has a sitemap or older pages, name those as its `url`", detail=span)


def _quiet(health: Health, now: datetime) -> Diagnosis | None:
    """Return the diagnosis of a source that is silent longer than its own history explains, else None."""
    last = max((day for day, _ in health.volume), default=None)
    if last is None:
        return None
    silent = timedelta(days=(now.date() - last).days)
    if silent <= longest_silence([day for day, _ in health.volume]):
        return None
    usual = f"usually {expected(health.volume):.1f} a day" if len(health.volume) >= _FEW_DAYS else "young source"
    said = f"nothing new for {silent.days} days ({usual})"
    advice = "look at its page: the site may list its news elsewhere now"
    return Diagnosis(Condition.QUIET, said, advice, alarming=True, detail=f"{last:%d/%m/%Y}")


def longest_silence(days: Sequence[date]) -> timedelta:
    """Return how long a source may be silent: half as long again as ever between its days with news.

    Two weeks while there are too few to judge by.
    """
    if len(days) < _FEW_DAYS:
        return _UNKNOWN_SILENCE
    ordered = sorted(days)
    longest = max(after - before for before, after in pairwise(ordered))
    return max(_SHORTEST_SILENCE, longest * 1.5)


def expected(volume: Sequence[tuple[date, int]]) -> float:
    """Return how many new links a day bring, on average; the first day, with its backlog, is left out."""
    ordered = sorted(volume)
    if len(ordered) < 2:
        return 0.0
    days = (ordered[-1][0] - ordered[0][0]).days
    return sum(number for _, number in ordered[1:]) / days
