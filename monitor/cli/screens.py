"""What the commands print: data as Rich renderables for a person, as plain data for a program."""

import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from html import unescape
from typing import Literal
from zoneinfo import ZoneInfo

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from monitor.digest.summary import line
from monitor.edges.store import Message
from monitor.models import Article, Match, Part, Report, Round, State

_STATES = {
    State.ON_TOPIC: ("on topic", "green"),
    State.OFF_TOPIC: ("nothing on topic", "yellow"),
    State.SILENT: ("nothing new", "dim"),
    State.UNREADABLE: ("unreadable", "red"),
}
_GAP, _NARROWEST = 3, 22  # between two columns; of the first one, when there is much beside it
_TAG = re.compile(r"<(/?)(b|i|a)(?:\s+href=\"([^\"]*)\")?>")


@dataclass(frozen=True, slots=True)
class Rows:
    """A table whose first column alone is broken into lines, and that never to less than a name's word.

    `columns` are its heads, `rows` as many cells each; where the terminal is narrow the columns named in
    `spare` are left out, first the last of them. `right` are those that stand at the right.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str | Text]]
    right: Collection[str] = ()
    spare: Sequence[str] = ()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Give the table with the columns that fit."""
        cells = dict(zip(self.columns, zip(*self.rows, strict=True), strict=True))
        widths = {name: max(cell_len(str(cell)) for cell in (name, *column)) + _GAP for name, column in cells.items()}
        widths[self.columns[0]] = min(widths[self.columns[0]], _NARROWEST)
        left_out = list(self.spare)
        while left_out and sum(widths.values()) > options.max_width:
            widths.pop(left_out.pop(), None)
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in widths:
            justify: Literal["left", "right"] = "right" if name in self.right else "left"
            table.add_column(name, justify=justify, overflow="fold", no_wrap=bool(table.columns))
        for row in zip(*(cells[name] for name in widths), strict=True):
            table.add_row(*row)
        yield table


def state_words(state: State | None) -> Text:
    """Return how a round left a source."""
    words, style = _STATES[state] if state else ("not visited yet", "dim")
    return Text(words, style=style)


def local(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a moment as an operator reads it, without its year."""
    return moment.astimezone(zone).strftime("%d/%m %H:%M") if moment else "–"


def rounds(done: Sequence[Round]) -> RenderableType:
    """Return a table of what each source gave, and the faults below it."""
    counts = ["links", "new", "kept", *with_numbers(done, "copies", "revised")]
    rows: list[Sequence[str | Text]] = [
        (Text(one.source), state_words(one.state), *(str(getattr(one, name)) for name in counts), f"{one.seconds:.1f}")
        for one in done
    ]
    numbers = (*counts, "seconds")
    table = Rows(("source", "state", *numbers), rows, numbers, spare=("kept", "new", "links", *counts[3:], "seconds"))
    faults = [Text(f"✗ {message}", style="red") for one in done for message in one.messages]
    return Group(table, *faults)


def with_numbers(rows: Sequence[object], *names: str) -> list[str]:
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
    """Return an edition's messages as a subscriber would see them on a phone; where the picture stands is said."""
    return Group(
        *(
            Panel(_telegram(part.html), box=box.ROUNDED, width=76, padding=(1, 2), title=_picture(part))
            for part in parts
        )
    )


def _picture(part: Part) -> Text | None:
    """Return what stands above a message, if anything."""
    if part.photo:
        return Text("picture of the day")
    return Text(f"preview of {part.preview}", overflow="ellipsis") if part.preview else None


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


def unchecked(names: Sequence[str]) -> Text:
    """Return the warning about sources that anybody on the way may forge."""
    return Text(f"Certificates are not checked (tls_verify: false): {', '.join(names)}.", style="red")
