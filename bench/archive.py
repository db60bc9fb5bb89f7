"""How long an edition of 500 stories takes: composed, its four files written, every page that lists it drawn."""

import tempfile
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from battery.progress import stepped
from monitor.app import build
from monitor.archiving import shelve
from monitor.config import Settings
from monitor.digest.edition import compose
from monitor.digest.message import render
from tests.shelf import HANOI, reports

DAY = date(2026, 11, 30)
STORIES = 500


def main() -> None:
    """Print seconds of CPU for a first day, and for a month's last day after a year of such days."""
    told = [replace(one, story=n, copy_of="") for n, one in enumerate(reports(DAY, STORIES, 1))]
    began = time.process_time()
    edition = compose(DAY, "Học và làm theo Bác", told, [], ["Báo Mẫu"])
    parts = render(edition)
    composed = time.process_time() - began
    print(f"\nAn edition of {STORIES} stories, seconds of CPU\n  composed, {len(parts)} messages: {composed:.2f}")
    for days in (0, 364):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            (home / "sources.yaml").write_text("sources: [{name: Báo Mẫu, url: 'https://bao.example/rss'}]\n")
            app = build(home / "sources.yaml", settings=Settings())
            with app.store() as store:
                for ago in stepped("days archived", range(days, -1, -1)):
                    day = DAY - timedelta(days=ago)
                    closed = datetime.combine(day, app.config.digest.at, HANOI)
                    store.editions.add(replace(edition, date=day), (), closed, None, ())
                began = time.process_time()
                shelve(app, store, edition, parts)
                print(f"  archived and drawn after {days} such days: {time.process_time() - began:.2f}")
