"""A small news site of our own, on which the whole line runs as it does in production.

`show` is the story: papers open, a poll, a digest, a correction, and a second poll and digest
that tell nothing twice. Everything it writes stays in a folder of its own.
"""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from monitor.app import App, build, utc_now
from monitor.config import Settings
from monitor.demo.site import Open, opened
from monitor.edges.archive import place
from monitor.errors import StoreError, UsageError
from monitor.models import Progress, Round
from monitor.poll import poll
from monitor.publish import Published, publish

_CORRECTED_AGO = timedelta(minutes=10)
_MARK = ".diembao-demo"
_OWN = ("sources.yaml", ".env", "diembao.sqlite3", "diembao.sqlite3-wal", "diembao.sqlite3-shm",
        "diembao.sqlite3.lock", "digests")  # fmt: skip


class Stage(Protocol):
    """Where the demonstration is shown: a terminal, or a test's list."""

    def step(self, text: str) -> None:
        """Announce what comes next."""

    def polled(self, done: Sequence[Round]) -> None:
        """Show what each paper gave."""

    def published(self, made: Published) -> None:
        """Show a digest as a subscriber sees it."""

    def note(self, text: str) -> None:
        """Say something in a line."""

    def end(self, text: str) -> None:
        """Close with what to do next."""

    def progress(self, total: int) -> AbstractContextManager[Progress]:
        """Show how a poll of `total` sources goes on."""


async def show(folder: Path | None, port: int, stage: Stage, *, stay: bool = False) -> None:
    """Run the demonstration in `folder`; with `stay` the papers remain open until interrupted.

    Raises UsageError when the folder holds something else, or a port is in use.
    """
    home = _own_folder(folder)
    with opened(port, utc_now()) as papers:
        app = _app(home, papers)
        stage.step(f"{len(papers)} papers of our own are open on this machine; the first poll")
        first = await _poll(app, stage)
        stage.step("the digest, as a subscriber sees it")
        now = app.clock()
        made = await _publish(app, now)
        stage.published(made)
        stage.step("one paper corrects a figure; a second poll and a second digest")
        for one in papers:
            one.press.edit(utc_now() - _CORRECTED_AGO)
        second = await _poll(app, stage)
        again = await _publish(app, now)
        _hold(first, made, second, again)
        revised = sum(one.revised for one in second)
        stage.note(f"New articles: 0. Corrected text kept beside the first: {revised}. Stories told twice: 0.")
        stage.end(_what_next(home, app, made))
        if stay:
            stage.note(
                f"The papers stay open until Ctrl-C; try: monitor poll --config {_as_typed(home / 'sources.yaml')}"
            )
            await asyncio.Event().wait()


def _own_folder(folder: Path | None) -> Path:
    """Make or empty the demonstration's folder; one that holds anything else is left alone."""
    home = (folder or _usual_folder()).absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
        if any(home.iterdir()) and not (home / _MARK).exists():
            raise UsageError(f"{home}: holds other files; name an empty folder with --folder")
        (home / _MARK).touch()
        for name in _OWN:
            path = home / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    except OSError as fault:
        raise UsageError(
            f"{home}: cannot be used for the demonstration: {fault.strerror}; name another with --folder"
        ) from fault
    return home


def _usual_folder() -> Path:
    """Return demo/ here, or a new temporary folder where nothing can be written."""
    here = Path("demo")
    try:
        here.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=here):
            return here
    except OSError:
        return Path(tempfile.mkdtemp(prefix="diembao-demo-"))


def _app(home: Path, papers: Sequence[Open]) -> App:
    """Write a sources.yaml for the open papers and build the App on it, deaf to the environment."""
    lines = [
        "# The demonstration's own papers; see the README for real ones.",
        "fetch:",
        "  pause: 0s",
        "sources:",
    ]
    for one in papers:
        lines += [f"  - name: {one.paper.name}", f"    url: {one.address}"]
        lines += [f"    province: {one.paper.province}"] if one.paper.province else []
    (home / "sources.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (home / ".env").write_text("MONITOR_ALLOW_PRIVATE_ADDRESSES=true\n", encoding="utf-8")
    settings = Settings(
        telegram_bot_token=None,
        telegram_channel=None,
        telegram_proxy=None,
        monitor_database=str(home / "diembao.sqlite3"),
        monitor_digests=home / "digests",
        monitor_allow_private_addresses=True,
    )
    return build(home / "sources.yaml", settings=settings)


async def _poll(app: App, stage: Stage) -> list[Round]:
    with app.store() as store:
        async with app.web(store) as web:
            with stage.progress(len(app.sources)) as told:
                done = await poll(app, store, web, app.sources, told)
    stage.polled(done)
    return done


async def _publish(app: App, now: datetime) -> Published:
    with app.store() as store:
        return await publish(app, store, now.astimezone(app.config.digest.timezone).date(), now)


def _hold(first: list[Round], made: Published, second: list[Round], again: Published) -> None:
    """Raise StoreError unless the promises shown here were kept."""
    kept = sum(one.kept for one in first)
    faults = [message for one in (*first, *second) for message in one.messages]
    new = sum(one.new for one in second)
    if faults or not kept or not made.edition.stories or new or again.fresh or again.edition != made.edition:
        named = "; ".join(faults) or "no fault named"
        raise StoreError(f"the demonstration went wrong: {kept} kept, {new} new at the second poll; {named}")


def _what_next(home: Path, app: App, made: Published) -> str:
    program = _as_typed(Path(sys.executable).with_name("monitor")) if not shutil.which("monitor") else "monitor"
    config = f"--config {_as_typed(home / 'sources.yaml')}"
    return "\n".join(
        [
            f"The archive of this demonstration: {place(app.digests, made.edition.date, 'html')}",
            f"In a browser:      {program} serve {config}",
            f"Look around in it: {program} status {config}",
            f'                   {program} search "lam theo bac" {config}',
            "",
            "For real use: edit sources.yaml (the shipped one names a paper of every province), then",
            f"  {program} doctor             what is set up and what is missing",
            f"  {program} poll               one round of the real sites",
            f"  {program} digest --dry-run   the digest they would give",
            f"  {program} run                the service; README, “Post to your channel”, tells the rest",
        ]
    )


def _as_typed(path: Path) -> str:
    """Return a path as a person here would type it."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
