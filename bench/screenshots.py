"""Draw the pictures of docs/pictures: an invented day and month in Chromium. `python -m bench.screenshots`."""

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from monitor.app import build
from monitor.config import Settings
from tests.shelf import fill

TARGET = Path(__file__).parents[1] / "docs" / "pictures"
DAY = "2026/11/2026-11-22"
SHOTS = (
    ("day-phone-light", f"{DAY}.html", 390, 1500, "light", ""),
    ("day-phone-dark", f"{DAY}.html", 390, 1500, "dark", ""),
    ("day-desk-light", f"{DAY}.html", 1280, 1000, "light", ""),
    ("day-desk-dark", f"{DAY}.html", 1280, 1000, "dark", ""),
    ("month-desk-light", "2026/11/index.html", 1280, 1000, "light", ""),
    ("month-phone-dark", "2026/11/index.html", 390, 1500, "dark", ""),
    ("map-phone-light", f"{DAY}.html", 390, 844, "light", ".map"),
    ("map-phone-dark", f"{DAY}.html", 390, 844, "dark", ".map"),
    ("search-desk-light", "search.html?q=dao+duc", 1280, 900, "light", ""),
)


def main() -> None:
    """Fill an archive in a temporary folder and photograph it."""
    chromium = shutil.which("chromium") or sys.exit("no Chromium here; on Debian: apt install chromium")
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        (home / "sources.yaml").write_text("sources: [{name: Báo Mẫu, url: 'https://bao.example/rss'}]\n")
        app = build(home / "sources.yaml", settings=Settings())
        with app.store() as store:
            fill(app, store, date(2026, 11, 22), days=60, most=26)
        shutil.copy(app.digests / f"{DAY}.png", TARGET / "card.png")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for shot in SHOTS:
            photograph(browser, app.digests, shot)
        browser.close()


def photograph(browser: Browser, digests: Path, shot: tuple[str, str, int, int, str, str]) -> None:
    """Write one picture of a page, or of a part of it (a selector)."""
    name, path, wide, high, scheme, part = shot
    context = browser.new_context(viewport={"width": wide, "height": high}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{digests.as_uri()}/{path}")
    page.wait_for_load_state("networkidle")
    target = TARGET / f"{name}.png"
    page.locator(part).screenshot(path=target) if part else page.screenshot(path=target)
    context.close()


if __name__ == "__main__":
    main()
