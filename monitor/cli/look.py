"""The commands that only look: status, health, search, export, doctor, schema."""

import csv
import json
import sys
from collections.abc import Iterator
from datetime import datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor import doctor as checks
from monitor.app import build, store_beside, utc_now
from monitor.cli import screens, status_screens
from monitor.cli.options import (
    DEFAULT,
    Config,
    Json,
    err,
    fail,
    local_date,
    out,
    print_json,
)
from monitor.config import schema as json_schema
from monitor.edges.store.leases import crew
from monitor.errors import StoreError
from monitor.health import diagnose
from monitor.models import Beat, Label


class Format(StrEnum):
    """How the export is written."""

    JSONL = "jsonl"
    CSV = "csv"


def status(
    every: Annotated[
        bool, typer.Option("--all", help="Every source, also of a long list, and more to review.")
    ] = False,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Show how every source fares, the last edition, and what waits to be sent."""
    app = build(config)
    watched = {source.name for source in app.sources}
    now = app.clock()
    with app.store(read_only=True) as store:
        found = status_screens.Standing(
            fares=[(one, diagnose(one, now)) for one in store.standing.health(now) if one.source in watched],
            last=store.editions.last(),
            outbox=store.outbox.waiting(),
            counts=store.articles.count(),
            revisions=store.articles.revision_count(),
            review=store.articles.review(10 if every or as_json else 3),
            unverified=[source.name for source in app.sources if not source.tls_verify],
            crew=None
            if isinstance(app.database, Path)
            else crew(store.database, now - store.sources.longest_due(watched, now)),
        )
    if as_json:
        print_json(status_screens.standing_data(found))
    else:
        out.print(status_screens.standing(found, app.config.digest.timezone, every=every))
        if found.review:
            out.print(status_screens.review(found, app.config.digest.timezone), soft_wrap=True)


def health(
    anywhere: Annotated[bool, typer.Option("--any", help="A process on any host of a PostgreSQL database.")] = False,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Say whether the service is at work: exit code 0 when it is, 1 when it is not."""
    now, beat = utc_now(), None
    try:
        with store_beside(config) as store:
            beat = store.beats.last(anywhere=anywhere)
        trouble = beat.trouble(now) if beat else "no service is at work here"
    except StoreError as fault:
        trouble = str(fault)
    if as_json:
        print_json(_health_data(beat, trouble))
    elif beat and not trouble:
        out.print(f"well: {beat.host} was at work {(now - beat.at).total_seconds():.0f} s ago", markup=False)
    if trouble and not as_json:
        fail(trouble)
    raise typer.Exit(bool(trouble))


def _health_data(beat: Beat | None, trouble: str) -> dict[str, object]:
    return {
        "ok": not trouble,
        "trouble": trouble,
        "host": beat.host if beat else None,
        "last_beat": beat.at.isoformat() if beat else None,
    }


def search(
    text: Annotated[str, typer.Argument(help='Words, with or without marks; "words in quotes" stand together.')],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    every: Annotated[bool, typer.Option("--all", help="Also articles that are not about the campaign.")] = False,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Search the stored articles, with or without Vietnamese marks."""
    app = build(config)
    with app.store(read_only=True) as store:
        found = store.articles.search(text, limit, every=every)
    if as_json:
        print_json([screens.report_data(report) for report in found])
    elif found:
        out.print(screens.reports(found, app.config.digest.timezone), soft_wrap=True)
    else:
        err.print("Nothing found.")


def export(
    since: Annotated[str | None, typer.Option(help="From this local date on, 2026-11-21.")] = None,
    until: Annotated[str | None, typer.Option(help="Up to and with this local date.")] = None,
    form: Annotated[Format, typer.Option("--format", help="One JSON object a line, or a table.")] = Format.JSONL,
    every: Annotated[bool, typer.Option("--all", help="Also mentions and rejected articles.")] = False,
    config: Config = DEFAULT,
) -> None:
    """Write the stored articles to standard output, one line each, for research."""
    app = build(config)
    zone = app.config.digest.timezone
    first, last = local_date(since, "--since"), local_date(until, "--until")
    after = datetime.combine(first, time(), zone) if first else None
    before = datetime.combine(last, time(23, 59, 59, 999999), zone) if last else None
    with app.store(read_only=True) as store:
        found = store.articles.export(after, before, list(Label) if every else [Label.CAMPAIGN])
        rows = (screens.report_data(report) for report in found)
        _write_csv(rows) if form is Format.CSV else _write_lines(rows)


def _write_lines(rows: Iterator[dict[str, object]]) -> None:
    for row in rows:
        typer.echo(json.dumps(row, ensure_ascii=False))


_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_COLUMNS = "url source title published label score story copy_of provinces documents summary relation because".split()


def _write_csv(rows: Iterator[dict[str, object]]) -> None:
    """Write a table; a cell that a spreadsheet would run as a formula is made text."""
    writer = csv.DictWriter(sys.stdout, _COLUMNS)
    writer.writeheader()
    for row in rows:
        joined = {name: "; ".join(value) if isinstance(value, list) else value for name, value in row.items()}
        writer.writerow(
            {
                name: f"'{value}" if isinstance(value, str) and value[:1] in _FORMULA else value
                for name, value in joined.items()
            }
        )


def doctor(config: Config = DEFAULT, as_json: Json = False) -> None:
    """Check the configuration, the database, the archive and the clock."""
    found = checks.examine(config, utc_now())
    if as_json:
        print_json([{"check": one.name, "ok": one.ok, "warns": one.warns, "says": one.says} for one in found])
    else:
        for one in found:
            mark = "[red]✗[/]" if not one.ok else "[yellow]![/]" if one.warns else "[green]✓[/]"
            out.print(f"{mark} {one.name}: ", end="")
            out.print(one.says, markup=False, soft_wrap=True)
    if not all(one.ok for one in found):
        raise typer.Exit(1)


def schema() -> None:
    """Print the JSON Schema of sources.yaml, for editors."""
    print_json(json_schema())
