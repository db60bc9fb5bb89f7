"""The archive in a real browser: Debian's Chromium, from a server and from a folder."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, ViewportSize, expect, sync_playwright

from monitor.app import build
from monitor.config import Settings
from monitor.edges.server import opened
from tests.conftest import in_sqlite, write_config
from tests.shelf import fill

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; on Debian: apt install chromium"),
    in_sqlite("what a browser shows, not what is stored"),
]
PHONE: ViewportSize = {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CALENDARS = "2026/index.html"  # twelve months of what the month's page shows once; contrast is measured there
LAST = date(2026, 11, 22)
PAGES = [
    "index.html",
    "2026/11/2026-11-22.html",
    "2026/11/index.html",
    CALENDARS,
    "provinces/index.html",
    "provinces/lai-chau.html",
    "search.html?q=dao+duc",
]


@pytest.fixture(scope="module")
def digests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a year of invented editions."""
    home = tmp_path_factory.mktemp("archive")
    app = build(write_config(home, ("Báo Mẫu", "https://bao.example/rss")), settings=Settings())
    with app.store() as store:
        fill(app, store, LAST, days=365, most=14)
    return app.digests


@pytest.fixture(scope="module")
def served(digests: Path) -> Iterator[str]:
    with opened(digests, "127.0.0.1", 0) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)


class Watched:
    """A page, what it asked the network for, and every complaint of the browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("requestfailed", self._failed)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))

    def _failed(self, request: Request) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # the test went on to another page
            self.complaints.append(f"failed: {request.url}: {request.failure}")


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    seen = Watched(context.new_page())
    yield seen
    context.close()
    assert seen.complaints == []


@pytest.fixture(params=["http", "file"])
def root(request: pytest.FixtureRequest, served: str, digests: Path) -> str:
    return served if request.param == "http" else f"{digests.as_uri()}/"


def test_a_page_asks_for_nothing_but_the_archive_s_own_files(watched: Watched, root: str) -> None:
    for path in PAGES:
        watched.page.goto(root + path)
        watched.page.wait_for_function("document.fonts.status === 'loaded'")
        assert watched.page.evaluate("[...document.fonts].some(face => face.status === 'loaded')"), path
    assert [url for url in watched.asked if not url.startswith(root)] == []


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_and_fits_every_screen(browser: Browser, served: str, path: str) -> None:
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    page = context.new_page()
    page.goto(served + path)
    for scheme, rules in (("light", RULES), ("dark", ["wcag2aa"]))[: 1 if path == CALENDARS else 2]:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size(PHONE)
        for details in page.locator("summary").all()[:1]:
            details.click()
        contrast = {"color-contrast": {"enabled": path != CALENDARS}}
        found = Axe().run(page, options={"runOnly": rules, "rules": contrast})
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} at {width}"
    context.close()


def test_a_reader_finds_the_way_from_the_first_page_to_a_story_and_back(watched: Watched, root: str) -> None:
    page = watched.page
    page.goto(f"{root}index.html")
    page.get_by_role("link", name="Đọc cả bản ngày 22/11/2026").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chủ nhật 22/11/2026")
    page.get_by_role("link", name="← Bản trước: 21/11/2026").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thứ Bảy 21/11/2026")
    page.get_by_role("link", name="Tháng 11/2026").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tháng 11/2026")
    page.get_by_role("link", name="Gia Lai", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gia Lai")
    page.get_by_role("link", name="Điểm Báo").click()
    expect(page.get_by_role("heading", name="Bản mới nhất")).to_be_visible()


def test_a_year_is_searched_with_and_without_marks_alike_in_under_200_ms(watched: Watched, root: str) -> None:
    page = watched.page
    page.goto(f"{root}search.html")
    expect(page.get_by_role("status")).to_have_text("", timeout=20_000)
    told = {}
    for asked in ("dao duc", "đạo đức", "ĐẠO ĐỨC", "Đạo Đức"):
        page.get_by_role("searchbox").fill(asked)
        expect(page.get_by_role("status")).to_contain_text("tin.")
        page.wait_for_timeout(120)
        told[asked] = (page.get_by_role("status").inner_text(), page.locator("#ket-qua a").all_inner_texts())
    assert len({str(one) for one in told.values()}) == 1
    assert len(told["dao duc"][1]) == 50
    spent = page.evaluate(
        """() => { const box = document.querySelector('input'), began = performance.now();
           box.value = 'hoc bac'; box.form.elements.tinh.dispatchEvent(new Event('change'));
           document.body.offsetHeight; return performance.now() - began; }"""
    )
    assert page.get_by_role("status").inner_text().endswith("tin.")
    assert spent < 200, f"{spent:.0f} ms"


def test_a_search_leads_to_the_story_it_found(watched: Watched, root: str) -> None:
    page = watched.page
    page.goto(f"{root}index.html")
    page.get_by_role("searchbox").fill("gia lai mot viec kho")
    page.get_by_role("button", name="Tìm").click()
    first = page.locator("#ket-qua a").first
    expect(first).to_be_visible()
    assert {mark.lower() for mark in first.locator("mark").all_inner_texts()} <= {"gia", "lai", "một", "việc", "khó"}
    assert first.get_attribute("href").split("#")[0].endswith(".html")  # type: ignore[union-attr]


def test_a_search_can_be_kept_to_one_province(watched: Watched, served: str) -> None:
    page = watched.page
    page.goto(f"{served}search.html?tinh=gia-lai")
    expect(page.get_by_role("status")).to_contain_text("tin.", timeout=20_000)
    expect(page.get_by_label("Địa phương", exact=True)).to_have_value("gia-lai")


def test_a_question_nobody_answers_says_so(watched: Watched, root: str) -> None:
    watched.page.goto(f"{root}search.html?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E")
    expect(watched.page.get_by_role("status")).to_have_text(
        "Không tìm thấy tin nào. Hãy thử ít từ hơn hoặc chọn tất cả địa phương.", timeout=20_000
    )


def test_nothing_is_said_to_be_missing_while_months_are_still_loaded(browser: Browser, served: str) -> None:
    page = browser.new_page()
    page.route("**/search/2025-12.js", lambda _held: None)
    page.goto(f"{served}search.html?q=khongcotunay", wait_until="commit")
    expect(page.locator("#trang-thai")).to_have_text("Đang tải thêm các tháng trước (còn 2)…")
    page.close()


def test_the_keyboard_alone_is_enough(watched: Watched, served: str) -> None:
    page = watched.page
    page.goto(f"{served}2026/11/2026-11-22.html")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung")).to_be_focused()
    expect(page.get_by_role("link", name="Đến nội dung")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")
    page.goto(f"{served}search.html")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("hoc bac")
    page.keyboard.press("Enter")
    expect(page.locator("#ket-qua a").first).to_be_visible(timeout=20_000)


def test_pages_read_the_same_without_scripts(browser: Browser, served: str) -> None:
    texts: list[list[str]] = []
    for scripts in (True, False):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        texts.append([])
        for path in PAGES[:-1]:
            page.goto(served + path)
            texts[-1].append(page.locator("body").inner_text())
        context.close()
    assert texts[0] == texts[1]


def test_without_scripts_the_search_page_says_what_else_there_is(browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}search.html")
    expect(page.get_by_text("Trang tìm kiếm cần JavaScript")).to_be_visible()
    context.close()
