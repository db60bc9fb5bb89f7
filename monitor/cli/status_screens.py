"""What `monitor status` prints: one screen for a person, all of it for a program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from monitor.cli.screens import Rows, deliveries, local, report_data, state_words, unchecked, with_numbers
from monitor.edges.store import Message
from monitor.edges.store.leases import Crew
from monitor.health import Condition, Diagnosis, expected
from monitor.models import Beat, Health, Label, Match, Reason, Report
from monitor.reach import cut_off, is_lost
from monitor.vietnamese import sort_key

_ROWS = 20  # sources that fit on a screen; of more, only those that are not well are shown
_STYLES = {
    Condition.WELL: "green",
    Condition.NEW: "dim",
    Condition.PAUSED: "dim",
    Condition.MISDATED: "yellow",
    Condition.PAGES: "yellow",
    Condition.GAP: "yellow",
}
_QUIET = {Condition.WELL, Condition.NEW, Condition.PAUSED}  # conditions that ask for nothing


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything `monitor status` tells; each source with its diagnosis."""

    fares: Sequence[tuple[Health, Diagnosis]]
    last: date | None
    outbox: Sequence[Message]
    counts: Mapping[Label, int]
    revisions: int
    review: Sequence[Report]
    now: datetime
    beat: Beat | None = None
    unverified: Sequence[str] = ()
    crew: Crew | None = None

    @property
    def cut_off(self) -> datetime | None:
        """Since when no source was met at all."""
        return cut_off([health for health, _ in self.fares], self.now)


def standing(found: Standing, zone: ZoneInfo, *, every: bool) -> RenderableType:
    """Return one screen: sources, articles, the last edition, the outbox; all sources when `every`."""
    kept = ", ".join(f"{found.counts.get(label, 0)} {label}" for label in Label)
    return Group(
        *_sources(found, zone, every=every),
        *([_network(found.cut_off, zone)] if found.cut_off else []),
        Text(f"Articles: {kept}; {found.revisions} earlier texts kept."),
        *([unchecked(found.unverified)] if found.unverified else []),
        Text(f"Last edition: {found.last:%d/%m/%Y}" if found.last else "No edition yet."),
        deliveries(found.outbox) if found.outbox else Text("Outbox: empty."),
        *([_workers(found.crew)] if found.crew else [_service(found)]),
    )


def _network(since: datetime, zone: ZoneInfo) -> RenderableType:
    """Return the line that says that the fault is here, not with the sources."""
    said = f"Network: no source was met since {local(since, zone)}; look at this machine's connection and name server."
    return Text(said, style="red")


def _service(found: Standing) -> RenderableType:
    """Return a line about the process that visits the sources by itself."""
    if found.beat is None:
        return Text("Service: not running; `monitor run` starts it.")
    if trouble := found.beat.trouble(found.now):
        return Text(f"Service: {trouble}.", style="red")
    return Text(f"Service: at work on {found.beat.host}.")


def _workers(crew: Crew) -> RenderableType:
    """Return a line about who shares the work, and how far behind they are."""
    names = f": {', '.join(crew.workers)}" if crew.workers else ""
    queue = f"{crew.waiting} hosts wait, {crew.under_way} are being visited"
    return Text(f"Workers: {len(crew.workers)}{names}. Queue: {queue}; {crew.behind.total_seconds():.0f} s behind.")


def _sources(found: Standing, zone: ZoneInfo, *, every: bool) -> list[RenderableType]:
    """Return the table of sources, those in trouble first, why they are, and the sum in a line.

    While nothing is met, sources that were not met have no trouble of their own.
    """
    fares, away = found.fares, found.cut_off
    ordered = sorted(fares, key=lambda one: (not one[1].alarming, one[1].condition in _QUIET, sort_key(one[0].source)))
    troubled = [one for one in ordered if one[1].condition not in _QUIET and not (away and is_lost(one[0]))]
    shown = ordered if every or len(ordered) <= _ROWS else troubled[:_ROWS]
    blocks: list[RenderableType] = [_table(shown, zone)] if shown else []
    for health, diagnosis in troubled if every else troubled[:_ROWS]:
        blocks.append(Text(f"✗ {health.source}: {diagnosis.reason}", style="red" if diagnosis.alarming else "yellow"))
        blocks += [Text(f"  → {diagnosis.advice}")] if diagnosis.advice else []
    hidden = f" (`--all` shows all {len(fares)})" if len(shown) < len(fares) else ""
    well = sum(one[1].condition is Condition.WELL for one in fares)
    gaps = sum(one[0].possible_gaps for one in fares)
    unfilled = sum(one[0].unfilled_gaps for one in fares)
    missed = f", {gaps} possible gap{'s' * (gaps > 1)}" if gaps else ""
    missed += f" ({unfilled} not filled)" if unfilled else ""
    return [*blocks, Text(f"Sources: {well} of {len(fares)} well{missed}{hidden}.")]


def _table(fares: Sequence[tuple[Health, Diagnosis]], zone: ZoneInfo) -> RenderableType:
    """Return a row for each source; a column of nothing but noughts is left out."""
    counts = with_numbers([health for health, _ in fares], "waiting", "failures", "possible_gaps", "unfilled_gaps")
    told = {"possible_gaps": "gaps", "unfilled_gaps": "unfilled"}
    numbers = ("kept", *(told.get(name, name) for name in counts))
    rows: list[Sequence[str | Text]] = [
        (
            Text(health.source),
            Text(diagnosis.condition, style=_STYLES.get(diagnosis.condition, "red")),
            state_words(health.state),
            local(health.last_good_at, zone),
            "–" if health.paused_at else local(health.next_poll_at, zone)[-5:],
            str(health.articles),
            *(str(getattr(health, name) or "") for name in counts),
        )
        for health, diagnosis in fares
    ]
    spare = ("last good", "last round", "next", *numbers)
    return Rows(("source", "condition", "last round", "last good", "next", *numbers), rows, numbers, spare)


def review(found: Standing, zone: ZoneInfo) -> RenderableType:
    """Return the newest articles that only mention the campaign, each with what spoke for it."""
    number = found.counts.get(Label.MENTIONS, 0)
    newest = f", the newest {len(found.review)} of {number}" if number > len(found.review) else ""
    blocks = [Text(f"\nTo look through: articles that only mention the campaign{newest}\n", style="bold")]
    for report in found.review:
        where = f"{report.source} · {local(report.dated, zone)} · score {report.match.score:g}"
        blocks += [Text(report.article.title, style="bold"), Text(where, style="dim")]
        blocks += [Text(f"  {reason}") for reason in _heaviest(report.match)]
        blocks += [Text(report.article.url, style="blue"), Text("")]
    return Group(
        *blocks,
        Text(
            "A word that misleads goes under campaign.excludes, one that is missing under "
            "campaign.phrases; `monitor try URL` shows all reasons.",
            style="dim",
        ),
    )


def _heaviest(match: Match, most: int = 3) -> list[Reason]:
    """Return the reasons that weigh most, those that weigh nothing left out."""
    return sorted((one for one in match.reasons if one.weight), key=lambda one: -one.weight)[:most]


def standing_data(found: Standing) -> dict[str, object]:
    """Return what `monitor status --json` prints."""
    return {
        "sources": [_health_data(*one) for one in found.fares],
        "unverified": list(found.unverified),
        "cut_off_since": found.cut_off.isoformat() if found.cut_off else None,
        "last_edition": found.last.isoformat() if found.last else None,
        "outbox": [
            {"edition": one.edition.isoformat(), "part": one.part.number, "state": one.state, "reason": one.reason}
            for one in found.outbox
        ],
        "articles": {label: found.counts.get(label, 0) for label in Label},
        "revisions": found.revisions,
        "service": {
            "host": found.beat.host if found.beat else None,
            "last_beat": found.beat.at.isoformat() if found.beat else None,
            "trouble": found.beat.trouble(found.now) if found.beat else "not running",
        },
        "cluster": _crew_data(found.crew) if found.crew else None,
        "review": [
            report_data(report) | {"reasons": [str(reason) for reason in report.match.reasons]}
            for report in found.review
        ],
    }


def _crew_data(crew: Crew) -> dict[str, object]:
    return {
        "workers": list(crew.workers),
        "waiting": crew.waiting,
        "under_way": crew.under_way,
        "behind_seconds": crew.behind.total_seconds(),
    }


def _health_data(one: Health, diagnosis: Diagnosis) -> dict[str, object]:
    """Return how one source fares, for a program."""
    return {
        "source": one.source,
        "condition": diagnosis.condition,
        "because": diagnosis.reason,
        "advice": diagnosis.advice,
        "alarming": diagnosis.alarming,
        "kind": one.kind,
        "state": one.state,
        "reason": one.reason,
        "failures": one.failures,
        "last_poll": one.last_poll_at.isoformat() if one.last_poll_at else None,
        "last_good": one.last_good_at.isoformat() if one.last_good_at else None,
        "next_poll": one.next_poll_at.isoformat(),
        "interval_seconds": one.interval.total_seconds() if one.interval else None,
        "possible_gaps": one.possible_gaps,
        "unfilled_gaps": one.unfilled_gaps,
        "behind_since": one.behind.isoformat() if one.behind else None,
        "expected_a_day": round(expected(one.volume), 2),
        "kept": one.articles,
        "waiting": one.waiting,
        "paused_since": one.paused_at.isoformat() if one.paused_at else None,
    }
