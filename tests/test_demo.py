"""The demonstration: the whole line on six layouts, every field of every article exact."""

import json
import socket
import subprocess
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.demo import show
from monitor.demo.papers import PAPERS, Press, Text, path, texts
from monitor.errors import UsageError
from monitor.models import Article, Label, Page, Progress, Round
from monitor.publish import Published
from monitor.scrape.discover import discover
from monitor.scrape.extract import extract
from tests.conftest import Run, in_sqlite

pytestmark = in_sqlite("the demonstration keeps its store in its folder")
OPENED = datetime(2026, 11, 21, 12, 34, 56, tzinfo=UTC)
BY_SLUG = {paper.slug: paper for paper in PAPERS}
PRESSES = {paper.slug: Press(paper, f"https://{paper.slug}.example", OPENED) for paper in PAPERS}


class Listening:
    """A stage that only remembers."""

    def __init__(self) -> None:
        self.rounds: list[Sequence[Round]] = []
        self.editions: list[Published] = []
        self.said: list[str] = []

    def step(self, text: str) -> None:
        self.said.append(text)

    def polled(self, done: Sequence[Round]) -> None:
        self.rounds.append(done)

    def published(self, made: Published) -> None:
        self.editions.append(made)

    def note(self, text: str) -> None:
        self.said.append(text)

    def end(self, text: str) -> None:
        self.said.append(text)

    def progress(self, total: int) -> AbstractContextManager[Progress]:
        assert total == len(PAPERS)
        return nullcontext(lambda _source, _what: None)


def read(text: Text) -> Article:
    press = PRESSES[text.paper]
    where = path(press.paper, text, OPENED)
    page = press.page(where, OPENED)
    assert page is not None
    return extract(page[1], press.root + where, OPENED)


@pytest.mark.parametrize("text", texts(), ids=lambda text: str(text.id))
def test_every_field_of_every_layout_is_exact(text: Text) -> None:
    article = read(text)
    mark = {"dantoc": "TTXVN - " if text.agency else "", "vinhlong": "(VLO) "}.get(text.paper, "")
    lead_mark = "(Baothanhhoa.vn) - " if text.paper == "thanhhoa" else ""
    published = (OPENED - timedelta(hours=text.hours_ago)).replace(second=0, microsecond=0)
    assert article.title == text.title
    assert article.lead == lead_mark + text.lead
    assert article.body == (mark + text.body[0], *text.body[1:])
    assert article.authors == text.authors
    assert article.published == published
    assert article.agency == text.agency
    assert article.place == text.place
    assert article.section == ("" if text.paper == "tayninh" else text.section)
    assert [image.caption + (f" Ảnh: {image.credit.removesuffix('/TTXVN')}" if image.credit else "")
            for image in article.images] == list(text.captions)  # fmt: skip


@pytest.mark.parametrize("slug", BY_SLUG)
def test_every_listing_gives_its_articles_and_nothing_else(slug: str) -> None:
    press = PRESSES[slug]
    *_, where = press.paper.listings
    page = press.page(where, OPENED)
    assert page is not None
    listing = discover(Page(press.root + where, page[1].encode(), page[0]), OPENED)
    wanted = {press.root + path(press.paper, text, OPENED) for text in texts() if text.paper == slug}
    assert {link.url for link in listing.links} == wanted


async def test_the_whole_line_runs_and_a_second_time_tells_nothing(tmp_path: Path) -> None:
    stage = Listening()
    await show(tmp_path / "demo", 0, stage)
    first, second = stage.rounds
    kept = [text for text in texts() if text.label == Label.CAMPAIGN]
    assert sum(one.kept for one in first) == len(kept)
    assert sum(one.copies for one in first) == sum(bool(text.copy_of) for text in texts())
    assert [one.new for one in second] == [0] * len(PAPERS)
    assert sum(one.revised for one in second) == 1
    edition = stage.editions[0].edition
    told = {article.title: story for story in edition.stories for article in story.articles}
    fresh = [text for text in kept if text.hours_ago < 72]
    assert set(told) == {text.title for text in fresh}
    for text in fresh:
        if text.copy_of:
            origin = next(one for one in texts() if one.id == text.copy_of)
            assert told[text.title].title == origin.title
    assert str(tmp_path / "demo" / "digests") in stage.said[-1]


def test_the_command_needs_no_token_and_never_uses_the_operators_own(monitor: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    operators = {
        "HOME": str(home),
        "TELEGRAM_BOT_TOKEN": "123456789:AAnobody-must-post-with-this-000000000",
        "TELEGRAM_CHANNEL": "@that",
        "TELEGRAM_API_URL": "http://127.0.0.1:9/bot",
        "MONITOR_DATABASE": str(tmp_path / "operators.sqlite3"),
        "MONITOR_DIGESTS": str(tmp_path / "operators-digests"),
    }
    done = monitor("demo", env=operators)
    assert done.returncode == 0, done.stderr
    assert "ĐIỂM BÁO" in done.stdout
    assert "New articles: 0" in done.stdout
    assert sorted(one.name for one in tmp_path.iterdir()) == ["demo", "home"]
    archived = next((tmp_path / "demo" / "digests").glob("*/*/*.json"))
    assert str(archived.with_suffix(".html")) in done.stdout
    assert json.loads(archived.read_text(encoding="utf-8"))["stories"]
    again = monitor("demo")
    assert again.returncode == 0, again.stderr


def test_a_folder_with_other_files_is_left_alone(monitor: Run, tmp_path: Path) -> None:
    precious = tmp_path / "mine" / "letter.txt"
    precious.parent.mkdir()
    precious.write_text("keep me")
    done = monitor("demo", "--folder", str(precious.parent))
    assert done.returncode == 2
    assert "holds other files" in done.stderr
    assert precious.read_text() == "keep me"


def test_a_port_in_use_is_one_clear_line(monitor: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = monitor("demo", "--port", str(port))
    assert done.returncode == 2
    assert f"port {port} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be used"):
        await show(tmp_path / "file" / "demo", 0, Listening())


def test_the_archive_stays_readable_by_others(monitor: Run, tmp_path: Path) -> None:
    done: subprocess.CompletedProcess[str] = monitor("demo")
    assert done.returncode == 0
    for file in (tmp_path / "demo" / "digests").rglob("*.md"):
        assert file.stat().st_mode & 0o444 == 0o444
