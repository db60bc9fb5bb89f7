"""What stands in the archive stays as it was; what becomes known later is a dated note."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Thread

import httpx
import pytest
from typer.testing import CliRunner

from monitor import archiving, joining, urls
from monitor.app import App
from monitor.cli import app as cli
from monitor.drafting import linkable_hosts
from monitor.edges.server import opened
from monitor.edges.store import Store
from monitor.errors import UsageError
from monitor.models import Article, Link, Memory, Report, Round, State
from monitor.poll import poll
from monitor.publish import publish, rebuild, resume
from tests import bot_api, newsroom
from tests.conftest import Run, write_config
from tests.loopback import Answer, serving
from tests.newsroom import report
from tests.shelf import HANOI
from tests.test_publish import AppFor, archived, at
from tests.test_store import keep

DAY = date(2026, 11, 20)  # a Friday
SOURCE = ("Báo Mẫu", "https://bao.example/rss")


@pytest.fixture
def app(app_for: AppFor, now: datetime) -> App:
    return app_for(SOURCE, now=now)


@pytest.fixture
def now() -> datetime:
    return datetime.fromisoformat("2026-11-20T18:00:00+07:00")


@pytest.fixture(autouse=True)
def known(store: Store, now: datetime) -> None:
    """The source has been read before, three days ago."""
    store.sources.enrol(["Báo Mẫu", "Báo Bạn"], now - timedelta(days=3))
    for name in ("Báo Mẫu", "Báo Bạn"):
        visited(store, name, now - timedelta(days=3))


def visited(store: Store, name: str, when: datetime, state: State = State.ON_TOPIC) -> None:
    store.sources.end_round(Round(name, state), Memory(), when, when)


def tell(store: Store, number: int, now: datetime, **changes: object) -> Report:
    found = report(number, now, **changes)
    keep(store, found)
    kept = store.articles.find(found.article.url)
    assert kept
    return kept


def copy_of(store: Store, original: Report, number: int, when: datetime) -> None:
    """Let another paper print the text of a stored article again."""
    url = f"https://ban.example/tin-{number}.html"
    published = original.dated + timedelta(hours=1)
    article = replace(original.article, url=url, title="Bản in lại", published=published)
    link = Link(url)
    store.links.remember("Báo Bạn", [link], when)
    found = Report(0, 0, "Báo Bạn", None, article, original.match, when, "")
    joining.keep(store, link, found, ())


def correct(store: Store, known: Report, when: datetime, **changes: object) -> None:
    article: Article = replace(known.article, **changes)  # type: ignore[arg-type]
    joining.revise(store, Link(known.article.url), known, article, known.match, (), when)


def page(app: App, ending: str = "html", day: date = DAY) -> str:
    return (app.digests / f"{day:%Y/%m}" / f"{day}.{ending}").read_text(encoding="utf-8")


# --- what is told --------------------------------------------------------------------------------


async def test_an_article_found_long_after_it_was_published_is_told_as_late(
    app: App, store: Store, now: datetime
) -> None:
    tell(store, 1, now)
    tell(store, 2, now, published=now - timedelta(days=10))
    made = await publish(app, store, DAY, now)
    assert [story.title for story in made.edition.stories] == ["Xã số 1 học tập và làm theo Bác"]
    assert [story.title for story in made.edition.late] == ["Xã số 2 học tập và làm theo Bác"]
    assert "Tin đến muộn" in page(app)
    assert "Tin đến muộn" in page(app, "md")
    assert "🕓 Tin đến muộn" in "".join(part.html for part in made.parts)
    later = now + timedelta(days=1)
    visited(store, "Báo Mẫu", later)
    assert (await publish(at(app, later), store, DAY + timedelta(days=1), later)).edition.late == ()


async def test_what_a_source_held_when_it_was_first_read_is_never_told_as_late(
    app: App, store: Store, now: datetime
) -> None:
    store.sources.enrol(["Báo Mới"], now)
    tell(store, 1, now)
    tell(store, 2, now, source="Báo Mới", published=now - timedelta(days=10))
    visited(store, "Báo Mới", now + timedelta(minutes=5))
    for days in range(3):
        moment = now + timedelta(days=days, minutes=10)
        visited(store, "Báo Mẫu", moment)
        made = await publish(at(app, moment), store, DAY + timedelta(days=days), moment)
        assert made.edition.late == ()
    assert store.articles.search("xã số 2", 5)


async def test_what_was_fetched_from_a_source_s_past_is_never_told_as_late(
    app: App, store: Store, now: datetime
) -> None:
    tell(store, 1, now)
    old = report(2, now, published=now - timedelta(days=10))
    store.links.remember("Báo Mẫu", [Link(old.article.url)], now, backlog=True)
    keep(store, old)
    assert (await publish(app, store, DAY, now)).edition.late == ()


async def test_an_edition_missed_while_the_machine_was_off_carries_its_own_date(
    app: App, store: Store, now: datetime
) -> None:
    tell(store, 1, now)
    made = await publish(at(app, now + timedelta(hours=9)), store, DAY, now + timedelta(hours=9))
    assert made.edition.date == DAY
    assert len(made.edition.stories) == 1


async def test_a_sunday_looks_back_on_its_week_and_a_last_day_on_its_month(
    app: App, store: Store, now: datetime
) -> None:
    kinds = {}
    for days in range(12):
        moment = now + timedelta(days=days)
        tell(store, days + 1, moment)
        made = await publish(at(app, moment), store, DAY + timedelta(days=days), moment)
        kinds[made.edition.date] = [(review.kind, review.stories) for review in made.edition.reviews]
    assert {day: found for day, found in kinds.items() if found} == {
        date(2026, 11, 22): [("week", 3)],
        date(2026, 11, 29): [("week", 7)],
        date(2026, 11, 30): [("month", 11)],
    }
    assert "Nhìn lại tháng 11/2026" in page(app, day=date(2026, 11, 30))


async def test_a_week_with_one_edition_is_not_told_twice_on_its_sunday(app: App, store: Store, now: datetime) -> None:
    sunday = now + timedelta(days=1)
    tell(store, 1, sunday)
    assert (await publish(at(app, sunday), store, sunday.date(), sunday)).edition.reviews == ()


async def test_reviews_can_be_left_out(app_for: AppFor, store: Store, now: datetime) -> None:
    app = app_for(SOURCE, now=now, more="digest: {weekly: false, monthly: false}")
    sunday = now + timedelta(days=2)
    tell(store, 1, sunday)
    assert (await publish(at(app, sunday), store, sunday.date(), sunday)).edition.reviews == ()


@pytest.mark.parametrize(("policy", "posts"), [("post", 1), ("skip", 0)])
async def test_an_empty_day_is_archived_and_posted_only_if_the_operator_wants_it(
    app_for: AppFor, store: Store, now: datetime, policy: str, posts: int
) -> None:
    with bot_api.serving() as telegram:
        settings = {name.lower(): value for name, value in telegram.environment().items()}
        app = app_for(SOURCE, now=now, more=f"digest: {{empty: {policy}}}", **settings)
        visited(store, "Báo Mẫu", now - timedelta(hours=1), State.SILENT)
        for _ in range(2):
            await publish(app, store, DAY, now)
        assert len(telegram.posts) == posts
    assert "Không có tin mới về chủ đề này." in page(app)


# --- what is linked -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://bao.example/tin-a1.html", True),
        ("https://m.bao.example/tin-a1.html", True),
        ("https://anh.bao.example/tin-a1.html", True),
        ("https://xaubao.example/tin-a1.html", False),
        ("https://bao.example.la.example/tin-a1.html", False),
        ("https://la.example/bao.example", False),
    ],
)
async def test_only_hosts_of_the_source_list_become_links(
    app: App, store: Store, now: datetime, url: str, linked: bool
) -> None:
    tell(store, 1, now, url=url)
    made = await publish(app, store, DAY, now)
    outside = [page(app), page(app, "md"), (app.digests / "atom.xml").read_text(), made.parts[0].html]
    assert [f'href="{url}"' in text or f"]({url})" in text or f"href=&#34;{url}" in text for text in outside] == [
        linked
    ] * 4
    assert url in page(app, "json")


async def test_a_host_to_which_a_listed_one_led_becomes_a_link(app: App, store: Store, now: datetime) -> None:
    store.redirects.add("bao.example", "baomoi.example")
    tell(store, 1, now, url="https://baomoi.example/tin-a1.html")
    await publish(app, store, DAY, now)
    assert 'href="https://baomoi.example/tin-a1.html"' in page(app)


# --- what stands ----------------------------------------------------------------------------------


async def test_a_late_copy_joins_its_story_as_a_dated_note_and_is_told_nowhere_else(
    app: App, store: Store, now: datetime
) -> None:
    original = tell(store, 1, now)
    await publish(app, store, DAY, now)
    before = page(app)
    later = now + timedelta(days=1)
    copy_of(store, original, 5, later - timedelta(hours=2))
    await resume(at(app, later), store)
    after = page(app)
    assert "Bổ sung 21/11/2026: Báo Bạn đăng lại" in after
    assert "Bổ sung 21/11/2026: Báo Bạn đăng lại" in page(app, "md")
    note = after[after.index('<p class="note"') : after.index("</p>", after.index('<p class="note"')) + 5]
    assert after.replace(note, "") == before
    assert json.loads(page(app, "json"))["notes"][0]["kind"] == "copy"
    visited(store, "Báo Mẫu", later)
    next_day = await publish(at(app, later), store, DAY + timedelta(days=1), later)
    assert next_day.edition.stories == ()


async def test_a_corrected_article_gets_a_dated_note_and_its_line_stays(app: App, store: Store, now: datetime) -> None:
    told = tell(store, 1, now)
    made = await publish(app, store, DAY, now)
    line = made.edition.stories[0].summary
    assert "khen 5 tập thể" in line
    later = now + timedelta(days=2)
    correct(store, told, later, lead=told.article.lead.replace("5 tập thể", "7 tập thể"))
    await resume(at(app, later + timedelta(hours=1)), store)
    assert f'<p class="line">{line}</p>' in page(app)
    assert "Đính chính 22/11/2026: Báo Mẫu đã sửa bài, nay viết:" in page(app)
    assert "khen 7 tập thể" in page(app)


async def test_a_change_that_touches_nothing_told_changes_no_page(app: App, store: Store, now: datetime) -> None:
    told = tell(store, 1, now)
    await publish(app, store, DAY, now)
    before = archived(app)
    later = now + timedelta(days=1)
    correct(store, told, later, body=(*told.article.body, "Ảnh: Hoàng Anh."))
    await resume(at(app, later), store)
    assert archived(app) == before
    assert store.shelf.overtaken() == []


async def test_a_change_that_needs_no_note_rewrites_nothing_under_new_templates(
    app: App, store: Store, now: datetime
) -> None:
    told = tell(store, 1, now)
    await publish(app, store, DAY, now)
    old = app.digests / "2026/11/2026-11-20.html"
    old.write_text("<!DOCTYPE html>as an older version of the program wrote it", encoding="utf-8")
    later = now + timedelta(days=1)
    correct(store, told, later, body=(*told.article.body, "Ảnh: Hoàng Anh."))
    await resume(at(app, later), store)
    assert "older version" in old.read_text(encoding="utf-8")


async def test_nothing_is_written_twice_for_one_note(app: App, store: Store, now: datetime) -> None:
    original = tell(store, 1, now)
    await publish(app, store, DAY, now)
    copy_of(store, original, 5, now + timedelta(hours=3))
    later = at(app, now + timedelta(hours=4))
    assert store.shelf.overtaken() == [DAY]
    await resume(later, store)
    assert store.shelf.overtaken() == []


async def test_an_archived_edition_outlives_a_change_of_the_templates(app: App, store: Store, now: datetime) -> None:
    tell(store, 1, now)
    await publish(app, store, DAY, now)
    old = app.digests / "2026/11/2026-11-20.html"
    old.write_text("<!DOCTYPE html>as an older version of the program wrote it", encoding="utf-8")
    later = now + timedelta(days=1)
    tell(store, 2, later)
    await resume(at(app, later), store)
    await publish(at(app, later), store, DAY + timedelta(days=1), later)
    assert "older version" in old.read_text(encoding="utf-8")


# --- the proof --------------------------------------------------------------------------------------


async def test_an_edition_composed_again_long_after_is_the_same_bytes(app: App, store: Store, now: datetime) -> None:
    told = [tell(store, number, now) for number in (1, 2, 3)]
    tell(store, 4, now, published=now - timedelta(days=10))
    await publish(app, store, DAY, now)
    files = archived(app)
    later = now + timedelta(days=5)
    correct(store, told[0], later, title="Tiêu đề khác hẳn", lead="Đoạn mở đầu khác hẳn, dài hơn trước nhiều lắm.")
    copy_of(store, told[1], 9, later)
    for number in (11, 12):
        tell(store, number, later)
    done = rebuild(at(app, later), store, DAY)
    assert done.same
    assert done.restored == ()
    assert archived(app) == files


@pytest.mark.parametrize("damage", ["lost", "altered"])
async def test_a_rebuild_puts_lost_and_altered_files_right(app: App, store: Store, now: datetime, damage: str) -> None:
    tell(store, 1, now)
    await publish(app, store, DAY, now)
    files = archived(app)
    for ending in archiving.ENDINGS:
        path = app.digests / f"2026/11/2026-11-20.{ending}"
        path.unlink() if damage == "lost" else path.write_bytes(b"x")
    done = rebuild(app, store, DAY)
    assert len(done.restored) == 4
    assert archived(app) == files


async def test_of_files_half_written_by_a_process_that_died_all_are_noted_in_the_end(
    app: App, store: Store, now: datetime
) -> None:
    tell(store, 1, now)
    await publish(app, store, DAY, now)
    files, noted = archived(app), store.shelf.files(DAY)
    store.shelf.archived(DAY, {}, now)  # as it was before the files were written
    (app.digests / "2026/11/2026-11-20.html").unlink()
    await resume(app, store)
    assert archived(app) == files
    assert store.shelf.files(DAY) == noted


async def test_a_rebuild_of_facts_that_are_no_longer_the_same_says_so_and_writes_nothing(
    app: App, store: Store, now: datetime
) -> None:
    tell(store, 1, now)
    await publish(app, store, DAY, now)
    with store.articles._db.write() as db:  # noqa: SLF001 - a hand that meddled with the database
        db.execute("UPDATE article SET content = replace(content, '5 tập thể', '6 tập thể')")
    files = archived(app)
    done = rebuild(app, store, DAY)
    assert not done.same
    assert archived(app) == files


def test_a_rebuild_needs_an_edition(app: App, store: Store) -> None:
    with pytest.raises(UsageError, match="no edition of that date"):
        rebuild(app, store, DAY)


def test_the_command_proves_an_edition(monitor: Run, tmp_path: Path, another_database: Path | str) -> None:
    write_config(tmp_path, SOURCE)
    own = {"MONITOR_DATABASE": str(another_database)}
    yesterday = datetime.now(HANOI).replace(hour=10) - timedelta(days=1)
    with Store(another_database) as store:
        store.sources.enrol(["Báo Mẫu"], yesterday)
        tell(store, 1, yesterday)
    day = f"{yesterday:%Y-%m-%d}"
    assert monitor("digest", "--date", day, env=own).returncode == 0
    proof = monitor("digest", "--date", day, "--rebuild", "--json", env=own)
    assert proof.returncode == 0, proof.stderr
    assert json.loads(proof.stdout)["same"] is True


def test_a_proof_is_no_dry_run(tmp_path: Path) -> None:
    path = write_config(tmp_path, SOURCE)
    done = CliRunner().invoke(cli, ["digest", "--rebuild", "--dry-run", "--config", str(path)])
    assert isinstance(done.exception, UsageError)


async def test_a_redirect_seen_at_fetch_makes_its_host_linkable(app_for: AppFor, store: Store, now: datetime) -> None:
    with serving() as old, serving() as new:
        (url,) = newsroom.publish(new, 1, now)
        path = url.removeprefix(new.root)
        old.routes["/rss/home.rss"] = Answer(
            newsroom.rss([(old.url(path), "Xã số 1 sơ kết việc học tập và làm theo Bác", now)]),
            kind="application/rss+xml",
        )
        old.routes[path] = Answer("", status=301, headers=(("Location", url),))
        app = app_for(("Báo Dời", old.url("/rss/home.rss")), now=now, more="digest: {weekly: false}")
        assert urls.site(url) not in linkable_hosts(app, store)
        async with app.web() as web:
            await poll(app, store, web, app.sources, lambda *_: None)
        assert urls.site(url) in linkable_hosts(app, store)
        made = await publish(app, store, DAY, now)
        assert [(telling.url, telling.linked) for telling in made.edition.stories[0].articles] == [(url, True)]


def test_the_local_server_shows_files_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "digests"
    with pytest.raises(UsageError, match="no archive yet"):
        opened(folder, "127.0.0.1", 0)
    (folder / "2026" / "11").mkdir(parents=True)
    (folder / "index.html").write_text("<h1>Kho lưu trữ</h1>", encoding="utf-8")
    (folder / "2026" / "11" / "a.md").write_text("# Điểm báo", encoding="utf-8")
    (tmp_path / ".env").write_text("TELEGRAM_BOT_TOKEN=bi-mat")
    with opened(folder, "127.0.0.1", 0) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}"
        home = httpx.get(root)
        assert (home.status_code, home.text) == (200, "<h1>Kho lưu trữ</h1>")
        assert home.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in home.headers["Content-Security-Policy"]
        assert httpx.get(f"{root}/2026/11/a.md").headers["Content-Type"] == "text/markdown; charset=utf-8"
        for path in ("/2026/11/", "/../.env", "/%2e%2e/.env", "/..%2f.env", "/.env"):
            lost = httpx.get(root + path)
            assert lost.status_code == 404, path
            assert "Kho lưu trữ không có trang này." in lost.text
        server.shutdown()
