"""One edition: told once, archived once, posted once, whatever happens in between."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from monitor.app import App
from monitor.edges import archive
from monitor.edges.store import Delivery, Store
from monitor.errors import ArchiveError, TooEarlyError, UsageError
from monitor.models import Memory, Round, State
from monitor.publish import preview, publish, resume
from tests import bot_api
from tests.newsroom import report
from tests.test_store import keep

AppFor = Callable[..., App]
DAY = date(2026, 11, 21)


@pytest.fixture
def app(app_for: AppFor, now: datetime) -> App:
    return app_for(("Báo Mẫu", "https://bao.example/rss"), now=now)


@pytest.fixture
def posting(app_for: AppFor, now: datetime, telegram: bot_api.BotApi) -> App:
    settings = {name.lower(): value for name, value in telegram.environment().items()}
    return app_for(("Báo Mẫu", "https://bao.example/rss"), now=now, **settings)


@pytest.fixture(autouse=True)
def told(store: Store, now: datetime) -> None:
    store.sources.enrol(["Báo Mẫu"], now)
    for number in (1, 2, 3):
        keep(store, report(number, now))


def archived(app: App) -> dict[str, bytes]:
    """Return the editions' own files; the pages that list them change with every edition."""
    return {str(path.relative_to(app.digests)): path.read_bytes() for path in app.digests.glob("*/*/2026-*.*")}


def at(app: App, moment: datetime) -> App:
    return App(**{**vars(app), "clock": lambda: moment})


async def test_an_edition_is_archived_as_page_picture_markdown_and_json(app: App, store: Store, now: datetime) -> None:
    made = await publish(app, store, DAY, now)
    assert made.fresh
    assert sorted(archived(app)) == [f"2026/11/2026-11-21.{ending}" for ending in ("html", "json", "md", "png")]
    data = json.loads(archived(app)["2026/11/2026-11-21.json"])
    assert data["date"] == "2026-11-21"
    assert [story["title"] for story in data["stories"]] == [story.title for story in made.edition.stories]
    assert "Xã số 2 học tập và làm theo Bác" in archived(app)["2026/11/2026-11-21.md"].decode()


async def test_a_second_digest_tells_posts_and_changes_nothing(
    posting: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    first = await publish(posting, store, DAY, now)
    files = archived(posting)
    keep(store, report(9, now))
    again = await publish(posting, store, DAY, now + timedelta(minutes=5))
    assert (first.fresh, again.fresh) == (True, False)
    assert again.edition == first.edition
    assert again.files == ()
    assert archived(posting) == files
    assert len(telegram.posts) == 1


async def test_what_came_too_late_for_one_edition_stands_in_the_next(app: App, store: Store, now: datetime) -> None:
    await publish(app, store, DAY, now)
    keep(store, report(9, now + timedelta(hours=3)))
    tomorrow = await publish(app, store, DAY + timedelta(days=1), now + timedelta(days=1))
    assert [story.title for story in tomorrow.edition.stories] == ["Xã số 9 học tập và làm theo Bác"]


async def test_a_new_sources_old_articles_are_stored_but_not_told(app: App, store: Store, now: datetime) -> None:
    keep(store, report(9, now, published=now - timedelta(days=30)))
    made = await publish(app, store, DAY, now)
    assert len(made.edition.stories) == 3
    assert len(store.articles.search("xã số 9", 5)) == 1


async def test_a_preview_changes_nothing(app: App, store: Store, now: datetime) -> None:
    seen = preview(app, store, DAY, now)
    assert len(seen.edition.stories) == 3
    assert store.editions.last() is None
    assert not app.digests.exists()
    assert preview(app, store, DAY, now) == seen


async def test_a_past_date_is_made_of_what_was_published_then(app: App, store: Store, now: datetime) -> None:
    later = now + timedelta(days=9)
    keep(store, report(9, later))
    assert len(preview(app, store, DAY, later).edition.stories) == 3
    assert len(preview(app, store, later.date(), later).edition.stories) == 1


async def test_a_date_to_come_is_refused(app: App, store: Store, now: datetime) -> None:
    with pytest.raises(UsageError, match="lies in the future"):
        await publish(app, store, DAY + timedelta(days=1), now)


async def test_before_anything_was_visited_no_empty_day_is_made(
    app: App, another_database: Path | str, now: datetime
) -> None:
    with Store(another_database) as empty:
        with pytest.raises(TooEarlyError, match="no source was visited"):
            await publish(app, empty, DAY, now)
        with pytest.raises(TooEarlyError, match="nothing is known of that day"):
            await publish(app, empty, DAY - timedelta(days=400), now)
        assert empty.editions.last() is None
        empty.sources.enrol(["Báo Mẫu"], now)
        empty.sources.end_round(Round("Báo Mẫu", State.SILENT), Memory(), now - timedelta(hours=1), now)
        assert (await publish(app, empty, DAY, now)).edition.stories == ()


async def test_lost_files_of_the_last_editions_are_made_again_as_they_were(
    posting: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    await publish(posting, store, DAY, now)
    keep(store, report(9, now + timedelta(hours=3)))
    next_day = now + timedelta(days=1)
    await publish(at(posting, next_day), store, DAY + timedelta(days=1), next_day)
    files = archived(posting)
    for path in posting.digests.rglob("2026-11-21.*"):
        path.unlink()
    await resume(at(posting, next_day), store)
    assert archived(posting) == files
    assert len(telegram.posts) == 2


async def test_an_edition_made_before_there_was_a_channel_is_posted_when_asked_for_once(
    app: App, posting: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    assert (await publish(app, store, DAY, now)).messages == ()
    for _ in range(2):
        again = await publish(posting, store, DAY, now + timedelta(minutes=5))
        assert not again.fresh
    assert [post["text"] for post in telegram.posts] == [part.html for part in again.parts]


async def test_the_message_reaches_the_channel_as_html_without_preview(
    posting: App, store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    made = await publish(posting, store, DAY, now)
    assert [post["text"] for post in telegram.posts] == [part.html for part in made.parts]
    assert telegram.posts[0]["parse_mode"] == "HTML"
    assert telegram.posts[0]["chat_id"] == "@kenhthu"
    assert [(message.state, message.message_id) for message in made.messages] == [(Delivery.SENT, 1)]


async def test_a_process_that_died_before_the_archive_is_finished_by_the_next(
    app: App, store: Store, now: datetime
) -> None:
    made = preview(app, store, DAY, now)
    store.editions.add(made.edition, made.told, now, None, made.parts)
    await resume(app, store)
    resumed = archived(app)
    assert len(resumed) == 4
    for path in app.digests.rglob("2026-11-21.*"):
        path.unlink()
    await resume(app, store)
    assert archived(app) == resumed


async def test_an_archive_that_cannot_be_written_tells_nothing(app: App, store: Store, now: datetime) -> None:
    app.digests.write_text("a file where the folder should be")
    with pytest.raises(ArchiveError, match="cannot be written"):
        await publish(app, store, DAY, now)
    assert store.editions.last() is None


def test_only_whole_files_ever_stand_in_the_archive(tmp_path: Path) -> None:
    written = archive.write(tmp_path, DAY, {"md": "một", "json": "{}"})
    assert archive.write(tmp_path, DAY, {"md": "một", "json": "{}"}) == []
    assert archive.write(tmp_path, DAY, {"md": "hai"}) == [written[0]]
    assert sorted(path.name for path in tmp_path.rglob("2026-*") if path.is_file()) == [
        "2026-11-21.json",
        "2026-11-21.md",
    ]
    assert [path.name for path in tmp_path.rglob(".*")] == []
