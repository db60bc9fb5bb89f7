"""The day's picture in the channel: above one message, or before the text."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from monitor.app import App
from monitor.edges import archive
from monitor.edges.store import Store
from monitor.errors import ConfigError
from monitor.publish import publish
from tests import bot_api
from tests.newsroom import report
from tests.test_store import keep

AppFor = Callable[..., App]
ADDRESS = "https://diembao.example/kho"


@pytest.fixture
def made(app_for: AppFor, store: Store, now: datetime, telegram: bot_api.BotApi) -> Callable[[str], App]:
    store.sources.enrol(["Báo Mẫu"], now)
    for number in range(1, 6):
        keep(store, report(number, now))

    def make(digest: str) -> App:
        settings = {name.lower(): value for name, value in telegram.environment().items()}
        return app_for(("Báo Mẫu", "https://bao.example/rss"), now=now, more=f"digest: {{{digest}}}", **settings)

    return make


async def test_the_archive_s_page_is_shown_large_above_the_text_and_its_picture_is_the_day_s(
    made: Callable[[str], App], store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    app = made(f"archive_url: {ADDRESS}")
    await publish(app, store, now.date(), now)
    (sent,) = telegram.shown
    assert json.loads(sent.fields["link_preview_options"]) == {
        "url": f"{ADDRESS}/2026/11/2026-11-21.html",
        "prefer_large_media": True,
        "show_above_text": True,
    }
    page = (archive.read(app.digests, now.date(), "html") or b"").decode()
    assert f'<meta property="og:image" content="{ADDRESS}/2026/11/2026-11-21.png">' in page
    assert archive.read(app.digests, now.date(), "png")


async def test_without_the_archive_on_the_web_a_cover_comes_first_and_alone_notifies(
    made: Callable[[str], App], store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    app = made("weekly: true")
    await publish(app, store, now.date(), now)
    cover, text = telegram.shown
    assert (cover.photo, text.photo) == (True, False)
    assert int(cover.fields["photo"]) == len(archive.read(app.digests, now.date(), "png") or b"")
    assert cover.fields.get("disable_notification", "false").lower() == "false"
    assert text.fields["disable_notification"].lower() == "true"
    assert json.loads(text.fields["link_preview_options"]) == {"is_disabled": True}


async def test_a_cover_whose_picture_is_lost_goes_as_text(
    made: Callable[[str], App], store: Store, now: datetime, telegram: bot_api.BotApi
) -> None:
    telegram.faults = ["429"]
    app = made("picture: cover")
    await publish(app, store, now.date(), now)
    assert telegram.shown == []
    archive.place(app.digests, now.date(), "png").write_bytes(b"")
    later = App(**{**vars(app), "clock": lambda: now.replace(hour=12)})
    await publish(later, store, now.date(), now.replace(hour=12))
    assert [sent.photo for sent in telegram.shown] == [False, False]


def test_a_preview_without_an_address_is_a_mistake_in_sources_yaml(made: Callable[[str], App]) -> None:
    with pytest.raises(ConfigError, match=r"digest\.picture: preview shows the archive's page; give archive_url"):
        made("picture: preview")
    assert made(f"archive_url: {ADDRESS}, picture: none").config.digest.picture == "none"
