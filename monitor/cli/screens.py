"""What the commands print: data as Rich renderables for a person, as plain data for a program."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from html import unescape
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from monitor.digest.summary import line
from monitor.edges.store import Health, Message
from monitor.models import Article, Label, Match, Part, Reason, Report, Round, State
from monitor.vietnamese import sort_key

_STATES = {
    State.ON_TOPIC: ("on topic", "green"),
    State.OFF_TOPIC: ("nothing on topic", "yellow"),
    State.SILENT: ("nothing new", "dim"),
    State.UNREADABLE: ("unreadable", "red"),
}
_TAG = re.compile(r"<(/?)(b|i|a)(?:\s+href=\"([^\"]*)\")?>")


def _table(*columns: str, right: Iterable[str] = ()) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        first = not table.columns
        table.add_column(column, justify="right" if column in right else "left", overflow="fold", no_wrap=not first)
    return table


def _state(state: State | None) -> Text:
    words, style = _STATES[state] if state else ("not visited yet", "dim")
    return Text(words, style=style)


def local(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a moment as an operator reads it, without its year."""
    return moment.astimezone(zone).strftime("%d/%m %H:%M") if moment else "–"


def rounds(done: Sequence[Round]) -> RenderableType:
    """Return a table of what each source gave, and the faults below it."""
    counts = ["links", "new", "kept", *_with_numbers(done, "copies", "revised")]
    table = _table("source", "state", *counts, "seconds", right=(*counts, "seconds"))
    for one in done:
        numbers = (str(getattr(one, name)) for name in counts)
        table.add_row(Text(one.source), _state(one.state), *numbers, f"{one.seconds:.1f}")
    faults = [Text(f"✗ {message}", style="red") for one in done for message in one.messages]
    return Group(table, *faults)


def _with_numbers(rows: Sequence[object], *names: str) -> list[str]:
    """Return the columns that hold anything but noughts."""
    return [name for name in names if any(getattr(row, name) for row in rows)]


def rounds_data(done: Sequence[Round]) -> dict[str, object]:
    """Return what `monitor poll --json` prints."""
    return {
        "sources": [
            {
                "source": one.source,
                "state": one.state,
                "reason": one.reason,
                "links": one.links,
                "new": one.new,
                "kept": one.kept,
                "copies": one.copies,
                "revised": one.revised,
                "errors": len(one.messages),
                "messages": list(one.messages),
                "seconds": one.seconds,
            }
            for one in done
        ],
        "kept": sum(one.kept for one in done),
        "stories": len(frozenset[int]().union(*(one.stories for one in done))),
    }


def message(parts: Sequence[Part]) -> RenderableType:
    """Return an edition's messages as a subscriber would see them on a phone."""
    return Group(*(Panel(_telegram(part.html), box=box.ROUNDED, width=76, padding=(1, 2)) for part in parts))


def _telegram(html: str) -> Text:
    """Return Telegram's markup as styled text of a terminal."""
    text, styles, start = Text(), [""], 0
    for tag in _TAG.finditer(html):
        text.append(unescape(html[start : tag.start()]), style=" ".join(filter(None, styles)))
        start = tag.end()
        if tag[1]:
            styles.pop()
        else:
            link = f"underline link {unescape(tag[3] or '')}"
            styles.append({"b": "bold", "i": "dim italic", "a": link}[tag[2]])
    text.append(unescape(html[start:]))
    return text


def deliveries(messages: Sequence[Message]) -> RenderableType:
    """Return how far each message of an edition has come."""
    marks = {"sent": "[green]✓[/]", "refused": "[red]✗[/]", "unknown": "[red]?[/]"}
    lines = []
    for item in messages:
        reason = f" – {item.reason}" if item.reason and item.state != "sent" else ""
        line = Text.from_markup(f"{marks.get(item.state, '…')} ")
        lines.append(
            line.append(f"message {item.part.number} of {item.part.of} to {item.channel}: {item.state}{reason}")
        )
    return Group(*lines)


def article(found: Article, match: Match) -> RenderableType:
    """Return everything read from a page, and the decision with its reasons."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in article_data(found, match).items():
        if name == "campaign":
            continue
        shown = "\n\n".join(map(_shown, value)) if isinstance(value, list) else str(value or "–")
        table.add_row(name, Text(shown or "–"))
    table.add_row("campaign", Text(f"{match.label}, score {match.score:g}"))
    for reason in match.reasons:
        table.add_row("", Text(str(reason)))
    return table


def _shown(value: object) -> str:
    return " | ".join(str(part) for part in value.values() if part) if isinstance(value, dict) else str(value)


def article_data(found: Article, match: Match) -> dict[str, object]:
    """Return what `monitor try --json` prints."""
    return {
        **_fields(found),
        "provinces_now": list(found.provinces_now),
        "documents": list(found.documents),
        "campaign": {
            "label": match.label,
            "score": match.score,
            "reasons": [asdict(reason) for reason in match.reasons],
        },
    }


def saved_data(found: Article, seen: datetime) -> dict[str, object]:
    """Return what is kept beside a saved page: its fields, and when it was seen."""
    return {"seen": seen.isoformat(timespec="seconds"), **_fields(found)}


def _fields(found: Article) -> dict[str, object]:
    """Return what stands on a page, as JSON tells it."""
    return {
        "url": found.url,
        "title": found.title,
        "lead": found.lead,
        "body": list(found.body),
        "authors": list(found.authors),
        "published": found.published.isoformat() if found.published else None,
        "modified": found.modified.isoformat() if found.modified else None,
        "section": found.section,
        "agency": found.agency,
        "place": found.place,
        "provinces": list(found.provinces),
        "images": [asdict(image) for image in found.images],
        "gap": found.gap,
    }


def reports(found: Sequence[Report], zone: ZoneInfo) -> RenderableType:
    """Return found articles, a block each."""
    blocks: list[RenderableType] = []
    for report in found:
        head = Text(report.article.title, style="bold")
        where = f"{report.source} · {local(report.dated, zone)} · {report.match.label} {report.match.score:g}"
        blocks += [head, Text(where, style="dim"), Text(report.article.url, style="blue"), Text("")]
    return Group(*blocks)


def review(found: "Standing", zone: ZoneInfo) -> RenderableType:
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


def report_data(report: Report) -> dict[str, object]:
    """Return one line of the export and of `monitor search --json`."""
    article = report.article
    return {
        "url": article.url,
        "source": report.source,
        "title": article.title,
        "published": report.article.published.isoformat() if report.article.published else None,
        "label": report.match.label,
        "score": report.match.score,
        "story": report.story,
        "copy_of": report.copy_of,
        "provinces": list(article.provinces_now),
        "documents": list(article.documents),
        "summary": line(article),
        "relation": report.relation,
        "because": report.because,
    }


def health(fares: Sequence[Health], zone: ZoneInfo) -> RenderableType:
    """Return how every source fares, those in trouble first, and below it why they are.

    A column of nothing but noughts is left out.
    """
    shown = _with_numbers(fares, "waiting", "failures")
    table = _table("source", "state", "last good", "next", "kept", *shown, right=("kept", *shown))
    ordered = sorted(fares, key=lambda one: (-one.failures, sort_key(one.source)))
    for one in ordered:
        following = "paused" if one.paused_at else local(one.next_poll_at, zone)[-5:]
        when = (local(one.last_good_at, zone), following)
        counts = (str(getattr(one, name) or "") for name in shown)
        table.add_row(Text(one.source), _state(one.state), *when, str(one.articles), *counts)
    reasons = [Text(f"✗ {one.source}: {one.reason}", style="red") for one in ordered if one.reason]
    return Group(table, *reasons)


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything `monitor status` tells."""

    fares: Sequence[Health]
    last: date | None
    outbox: Sequence[Message]
    counts: Mapping[Label, int]
    revisions: int
    review: Sequence[Report]
    unverified: Sequence[str] = ()


def standing(found: Standing, zone: ZoneInfo) -> RenderableType:
    """Return one screen: sources, articles, the last edition, the outbox."""
    kept = ", ".join(f"{found.counts.get(label, 0)} {label}" for label in Label)
    return Group(
        health(found.fares, zone),
        Text(f"Articles: {kept}; {found.revisions} earlier texts kept."),
        *([unchecked(found.unverified)] if found.unverified else []),
        Text(f"Last edition: {found.last:%d/%m/%Y}" if found.last else "No edition yet."),
        deliveries(found.outbox) if found.outbox else Text("Outbox: empty."),
    )


def unchecked(names: Sequence[str]) -> Text:
    """Return the warning about sources that anybody on the way may forge."""
    return Text(f"Certificates are not checked (tls_verify: false): {', '.join(names)}.", style="red")


def standing_data(found: Standing) -> dict[str, object]:
    """Return what `monitor status --json` prints."""
    return {
        "sources": [health_data(one) for one in found.fares],
        "unverified": list(found.unverified),
        "last_edition": found.last.isoformat() if found.last else None,
        "outbox": [
            {"edition": one.edition.isoformat(), "part": one.part.number, "state": one.state, "reason": one.reason}
            for one in found.outbox
        ],
        "articles": {label: found.counts.get(label, 0) for label in Label},
        "revisions": found.revisions,
        "review": [
            report_data(report) | {"reasons": [str(reason) for reason in report.match.reasons]}
            for report in found.review
        ],
    }


def health_data(one: Health) -> dict[str, object]:
    """Return how one source fares, for a program."""
    return {
        "source": one.source,
        "kind": one.kind,
        "state": one.state,
        "reason": one.reason,
        "failures": one.failures,
        "last_poll": one.last_poll_at.isoformat() if one.last_poll_at else None,
        "last_good": one.last_good_at.isoformat() if one.last_good_at else None,
        "next_poll": one.next_poll_at.isoformat(),
        "kept": one.articles,
        "waiting": one.waiting,
        "paused_since": one.paused_at.isoformat() if one.paused_at else None,
    }
