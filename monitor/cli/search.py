"""The commands that give what is stored: search, export."""

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, time
from enum import StrEnum
from typing import Annotated

import typer

from monitor.app import build
from monitor.cli import screens
from monitor.cli.options import DEFAULT, Config, Json, err, local_date, out, print_json
from monitor.models import Label


class Format(StrEnum):
    """How the export is written."""

    JSONL = "jsonl"
    CSV = "csv"


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
    labels = list(Label) if every else [Label.CAMPAIGN]
    with app.store(read_only=True) as store, closing(store.articles.export(after, before, labels)) as found:
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
