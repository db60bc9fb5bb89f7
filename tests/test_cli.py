"""The commands as their users meet them: exit codes, JSON, one clear line for every mistake."""

import asyncio
import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.app import DATABASE
from monitor.demo import show
from monitor.demo.papers import PAPERS, Press, path, texts
from monitor.edges.store import Store
from monitor.edges.store.moving import move_store
from tests.conftest import Run, environment, in_sqlite, on_both, write_config
from tests.loopback import Answer, Loopback
from tests.newsroom import article_page, campaign_body, publish
from tests.test_demo import Listening

TRY_FIELDS = {
    "url", "title", "lead", "body", "authors", "published", "modified", "section", "agency", "place", "provinces",
    "provinces_now", "images", "gap", "documents", "campaign",
}  # fmt: skip
EXPORT_FIELDS = (
    "url source title published label score story copy_of provinces documents summary relation because".split()
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, lasting_database: Path | str) -> Path:
    """The sources.yaml of a demonstration that has run: a store and an archive to look into."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    asyncio.run(show(folder, 0, Listening()))
    if isinstance(lasting_database, str):
        move_store(folder / DATABASE, lasting_database, lambda *_: None)
        (folder / ".env").touch(0o600)
        (folder / ".env").write_text(f"MONITOR_DATABASE={lasting_database}")
    return folder / "sources.yaml"


def saved_page(folder: Path) -> Path:
    """Save one of the demonstration's pages, as a browser would."""
    now = datetime.now(UTC)
    paper = next(one for one in PAPERS if one.slug == "dantoc")
    text = next(one for one in texts() if one.paper == "dantoc" and one.agency)
    page = Press(paper, "https://dantoc.example", now).page(path(paper, text, now), now)
    assert page is not None
    (folder / "page.html").write_text(page[1], encoding="utf-8")
    return folder / "page.html"


def test_try_prints_every_field_of_a_saved_page(monitor: Run, tmp_path: Path) -> None:
    saved_page(tmp_path)
    done = monitor("try", "page.html", "--url", "https://dantoc.example/a-post1.html", "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert set(data) == TRY_FIELDS
    assert set(data["campaign"]) == {"label", "score", "reasons"}
    assert set(data["campaign"]["reasons"][0]) == {"phrase", "where", "weight"}
    assert set(data["images"][0]) == {"src", "caption", "credit"}
    assert data["campaign"]["label"] == "campaign"
    assert data["agency"] == "TTXVN"
    assert datetime.fromisoformat(data["published"]).utcoffset() is not None
    shown = monitor("try", "page.html")
    assert shown.returncode == 0
    assert all(field in shown.stdout for field in TRY_FIELDS)
    assert "tiêu đề: “" in shown.stdout


def test_try_reads_an_address_and_heeds_the_operators_selectors(site: Loopback, monitor: Run, tmp_path: Path) -> None:
    publish(site, 1, datetime.now(UTC))
    write_config(tmp_path, ("Báo Mẫu", site.url("/rss/home.rss")))
    config = (tmp_path / "sources.yaml").read_text().replace('home.rss"}', 'home.rss", select: {title: nav a}}')
    (tmp_path / "sources.yaml").write_text(config)
    done = monitor("try", site.url("/tin-xa-so-ket-viec-hoc-bac-100001.html"), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["title"].startswith("Học tập và làm theo tư tưởng")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["try", "no-such-file.html"], 2, "neither an address (https://…) nor a readable file"),
        (["try", "http://127.0.0.1:99999/"], 2, "http://127.0.0.1:99999/: not a web address"),
        (["try", "http://[::1"], 2, "http://[::1: not a web address"),
        (["try", "https://bao mau.vn/"], 2, "https://bao mau.vn/: not a web address"),
        (["try", "empty.html"], 1, "the answer is empty"),
        (["try", "picture.png"], 1, "not a web page"),
        (["poll", "Báo Mưu"], 2, "did you mean 'Báo Mẫu'?"),
        (["poll", "--since", "2999-01-01"], 2, "--since: 2999-01-01 lies in the future"),
        (["digest", "--date", "tomorrow"], 2, "--date: not a date: 'tomorrow'; write it 2026-11-21"),
        (["status"], 1, "no database yet; `monitor poll` makes it"),
        (["status", "--config", "elsewhere.yaml"], 2, "elsewhere.yaml: no such file"),
        (["--config", "elsewhere.yaml", "status"], 2, "elsewhere.yaml: no such file"),
        (["serve-me"], 2, "No such command"),
    ],
)
def test_a_wrong_call_is_one_clear_line_and_the_right_exit_code(
    monitor: Run, tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    write_config(tmp_path, ("Báo Mẫu", "http://127.0.0.1:9/rss"))
    (tmp_path / "empty.html").write_text("")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x01\x00" * 40)
    done = monitor(*words)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@on_both
def test_poll_names_each_source_and_what_failed(site: Loopback, monitor: Run, tmp_path: Path) -> None:
    publish(site, 2, datetime.now(UTC))
    site.routes["/hong.rss"] = Answer("x", status=500)
    write_config(tmp_path, ("Báo Tốt", site.url("/rss/home.rss")), ("Báo Hỏng", site.url("/hong.rss")))
    done = monitor("poll", "--json")
    assert done.returncode == 1
    data = json.loads(done.stdout)
    assert set(data) == {"sources", "kept", "stories"}
    assert (data["kept"], data["stories"]) == (2, 2)
    good, bad = data["sources"]
    assert {"source", "state", "links", "new", "kept", "copies", "errors", "seconds"} <= set(good)
    assert (good["source"], good["state"], good["errors"]) == ("Báo Tốt", "on_topic", 0)
    assert (bad["source"], bad["state"], bad["errors"]) == ("Báo Hỏng", "unreadable", 1)
    shown = monitor("poll", "bao tot")
    assert shown.returncode == 0
    assert "Báo Hỏng" not in shown.stdout
    assert "Nothing new" in shown.stdout
    unread = monitor("poll", "Báo Hỏng")
    assert (unread.returncode, "No source could be read." in unread.stdout) == (1, True)
    failing = monitor("poll")
    assert "Báo Hỏng: 500 Internal Server Error" in failing.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("export > /dev/full", 1, "monitor: what is printed: No space left on device\n"),
        ("export --format csv > /dev/full", 1, "monitor: what is printed: No space left on device\n"),
        ("sources list | true", 0, ""),
    ],
)
def test_what_cannot_be_printed_is_told_in_one_line(demo: Path, words: str, code: int, said: str) -> None:
    call = f"{sys.executable} -m monitor --config {demo} {words}"
    done = subprocess.run(("/bin/sh", "-c", call), env=environment(), capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (code, said)


def test_vietnamese_is_printed_as_utf_8_whatever_language_the_system_speaks(demo: Path) -> None:
    words = (sys.executable, "-m", "monitor", "--config", str(demo), "sources", "list")
    done = subprocess.run(words, env=environment() | {"PYTHONIOENCODING": "ascii"}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Báo Vĩnh Long (mẫu)" in done.stdout.decode()


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_a_narrow_terminal_costs_columns_not_names(demo: Path, monitor: Run, columns: int) -> None:
    done = monitor("status", "--config", str(demo), env={"COLUMNS": str(columns)})
    assert "Báo Vĩnh Long (mẫu)" in done.stdout
    assert "condition" in done.stdout
    assert max(len(line) for line in done.stdout.partition("Sources:")[0].splitlines()) <= columns


@on_both
def test_digest_shows_the_message_and_says_where_it_is_kept(site: Loopback, monitor: Run, tmp_path: Path) -> None:
    publish(site, 2, datetime.now(UTC))
    write_config(tmp_path, ("Báo Tốt", site.url("/rss/home.rss")))
    assert monitor("poll").returncode == 0
    dry = monitor("digest", "--dry-run", "--json")
    assert dry.returncode == 0, dry.stderr
    assert not (tmp_path / "digests").exists()
    data = json.loads(dry.stdout)
    assert {"date", "stories", "text", "sources"} <= set(data)
    assert set(data["stories"][0]) == {"title", "summary", "provinces", "articles"}
    assert set(data["stories"][0]["articles"][0]) == {"url", "source", "title", "published", "copy"}
    assert data["sources"][0]["state"] == "on_topic"
    made = monitor("digest")
    assert made.returncode == 0, made.stderr
    assert "ĐIỂM BÁO" in made.stdout
    assert "Not posted: set TELEGRAM_BOT_TOKEN and TELEGRAM_CHANNEL" in made.stderr
    again = monitor("digest", "--json")
    assert again.returncode == 0
    assert json.loads(again.stdout) == data
    early = monitor("digest", "--date", "2999-01-01")
    assert "lies in the future" in early.stderr


@on_both
def test_an_unwritable_archive_is_one_clear_line(site: Loopback, monitor: Run, tmp_path: Path) -> None:
    publish(site, 1, datetime.now(UTC))
    write_config(tmp_path, ("Báo Tốt", site.url("/rss/home.rss")))
    assert monitor("poll").returncode == 0
    (tmp_path / "digests").write_text("")
    done = monitor("digest")
    assert done.returncode == 1
    assert "digests: the archive cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    (tmp_path / "digests").unlink()
    assert monitor("digest").returncode == 0


def test_search_finds_with_and_without_marks(monitor: Run, demo: Path) -> None:
    found = [json.loads(monitor("search", text, "--json", "--config", str(demo)).stdout)
             for text in ("đạo đức", "dao duc", "ĐẠO ĐỨC")]  # fmt: skip
    assert found[0]
    assert found[0] == found[1] == found[2]
    nothing = monitor("search", "khủng long", "--config", str(demo))
    assert (nothing.returncode, nothing.stdout) == (0, "")


def test_export_gives_researchers_one_line_an_article(monitor: Run, demo: Path) -> None:
    lines = [json.loads(line) for line in monitor("export", "--config", str(demo)).stdout.splitlines()]
    assert lines
    assert all(list(line) == EXPORT_FIELDS for line in lines)
    assert {line["label"] for line in lines} == {"campaign"}
    origins = {line["url"] for line in lines if not line["copy_of"]}
    copies = [line for line in lines if line["copy_of"]]
    assert len(copies) == sum(bool(text.copy_of) for text in texts())
    assert {line["copy_of"] for line in copies} <= origins
    everything = monitor("export", "--all", "--config", str(demo)).stdout.splitlines()
    assert len(everything) == len(texts())
    table = list(csv.DictReader(io.StringIO(monitor("export", "--format", "csv", "--config", str(demo)).stdout)))
    assert [row["url"] for row in table] == [line["url"] for line in lines]
    today = datetime.now(UTC).date().isoformat()
    assert len(monitor("export", "--until", "2000-01-01", "--config", str(demo)).stdout) == 0
    assert monitor("export", "--since", today, "--config", str(demo)).returncode == 0


def test_status_shows_health_last_edition_and_what_waits(monitor: Run, demo: Path) -> None:
    data = json.loads(monitor("status", "--json", "--config", str(demo)).stdout)
    assert {one["state"] for one in data["sources"]} == {"silent"}
    assert len(data["sources"]) == len(PAPERS)
    assert data["last_edition"]
    assert data["outbox"] == []
    assert data["revisions"] == 1
    assert {one["label"] for one in data["review"]} == {"mentions"}
    shown = monitor("status", "--config", str(demo)).stdout
    assert "Outbox: empty" in shown
    assert "To look through" in shown
    narrow = monitor("status", "--all", "--config", str(demo), env={"COLUMNS": "40"}).stdout
    assert all(one["url"] in narrow for one in data["review"])


def test_a_paused_source_is_shown_as_paused(monitor: Run, tmp_path: Path, database: Path | str) -> None:
    write_config(tmp_path, ("Báo Mẫu", "http://127.0.0.1:9/rss"), ("Báo Nghỉ", "http://127.0.0.1:9/tin"))
    assert [one["paused"] for one in json.loads(monitor("sources", "list", "--json").stdout)] == [False, False]
    with Store(database) as store:
        store.sources.enrol(["Báo Mẫu", "Báo Nghỉ"], datetime.now(UTC))
        store.visits.pause("Báo Nghỉ", datetime.now(UTC))
    listed = json.loads(monitor("sources", "list", "--json").stdout)
    assert [one["paused"] for one in listed] == [False, True]
    assert monitor("sources", "list").stdout.count("paused") == 1
    assert monitor("status").stdout.count("paused") == 1


def test_doctor_finds_what_is_wrong(monitor: Run, demo: Path, tmp_path: Path) -> None:
    well = monitor("doctor", "--config", str(demo))
    assert well.returncode == 0, well.stdout
    assert all(check in well.stdout for check in ("configuration", "database", "archive", "clock", "Telegram"))
    (tmp_path / "sources.yaml").write_text("sources: 5")
    assert monitor("doctor").returncode == 1


@in_sqlite("a file that is none")
def test_doctor_finds_a_file_that_is_no_database(monitor: Run, tmp_path: Path) -> None:
    write_config(tmp_path, ("Báo Mẫu", "http://127.0.0.1:9/rss"))
    (tmp_path / "diembao.sqlite3").write_text("this is no database, but a text of more than a hundred letters. " * 9)
    done = monitor("doctor", "--json", env={"TELEGRAM_BOT_TOKEN": "1:x"})
    assert done.returncode == 1
    wrong = {one["check"] for one in json.loads(done.stdout) if not one["ok"]}
    assert wrong == {"database", "Telegram"}
    assert "Traceback" not in done.stderr


def test_sources_list_and_schema_are_for_programs_too(monitor: Run, demo: Path) -> None:
    listed = json.loads(monitor("sources", "list", "--json", "--config", str(demo)).stdout)
    assert [one["source"] for one in listed] == [paper.name for paper in PAPERS]
    assert monitor("sources", "list", "--config", str(demo)).stdout.count("(mẫu)") == len(PAPERS)
    assert json.loads(monitor("schema").stdout)["type"] == "object"


def test_a_broken_configuration_tells_every_mistake_with_its_line(monitor: Run, tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("digest:\n  att: 1\nsources:\n  - name: A\n    url: x\n")
    done = monitor("poll")
    assert done.returncode == 2
    assert "sources.yaml:2: digest.att: unknown key; did you mean 'at'?" in done.stderr
    assert "sources.yaml:5: sources[1].url: not a web address" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 2


def test_a_page_can_be_kept_with_what_was_read_from_it(monitor: Run, tmp_path: Path) -> None:
    page = tmp_path / "trang.html"
    page.write_text(article_page("Xã vùng cao đổi mới", campaign_body(2), datetime.now(UTC)), encoding="utf-8")
    call = ("try", "trang.html", "--url", "https://bao.example/xa-vung-cao-a12.html", "--save", "kept", "--json")
    shown = json.loads(monitor(*call).stdout)
    kept = tmp_path / "kept" / "xa-vung-cao-a12.html"
    assert kept.read_bytes() == page.read_bytes()
    fields = json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))
    assert datetime.fromisoformat(fields.pop("seen")).tzinfo
    assert fields == {name: shown[name] for name in fields}
    again = monitor(*call)
    assert again.returncode == 2
    assert "is there already" in again.stderr
