"""The bot's token never reaches a log, whatever the libraries write at DEBUG."""

import io
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from monitor.app import App
from monitor.edges.store import Store
from monitor.publish import publish
from monitor.redaction import RedactToken, redact
from tests import bot_api
from tests.newsroom import report
from tests.test_secrets import left_behind
from tests.test_store import keep


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that any library logs, as it would stand on a terminal."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(RedactToken())
    root = logging.getLogger()
    loud = [root, *(logging.getLogger(name) for name in ("httpx", "httpcore", "telegram"))]
    before = [one.level for one in loud]
    root.addHandler(handler)
    for one in loud:
        one.setLevel(logging.DEBUG)
    yield written
    for one, level in zip(loud, before, strict=True):
        one.setLevel(level)
    root.removeHandler(handler)


@pytest.mark.parametrize("fault", ["", "reset_after", "400", "401", "502_after"])
async def test_no_log_record_shows_the_token(
    app_for: Callable[..., App],
    store: Store,
    database: Path | str,
    tmp_path: Path,
    now: datetime,
    log: io.StringIO,
    fault: str,
) -> None:
    with bot_api.serving() as telegram:
        telegram.faults = [fault] if fault else []
        settings = {name.lower(): value for name, value in telegram.environment().items()}
        app = app_for(("Báo Mẫu", "https://bao.example/rss"), now=now, **settings)
        store.sources.enrol(["Báo Mẫu"], now)
        keep(store, report(1, now))
        made = await publish(app, store, now.date(), now)
    assert "HTTP Request: POST" in log.getvalue()
    assert bot_api.TOKEN not in log.getvalue()
    assert bot_api.TOKEN.split(":")[1] not in log.getvalue()
    assert bot_api.TOKEN not in repr(made)
    assert bot_api.TOKEN.encode() not in left_behind(tmp_path, database)


def test_a_token_in_a_traceback_is_taken_out(log: io.StringIO) -> None:
    def fail() -> None:
        raise ValueError(f"https://api.telegram.org/bot{bot_api.TOKEN}/sendMessage")

    try:
        fail()
    except ValueError:
        logging.getLogger("any").exception("it failed")
    assert "ValueError" in log.getvalue()
    assert bot_api.TOKEN not in log.getvalue()


@pytest.mark.parametrize("password", ["bimat", "b@bimat", "b/bimat", "b:bimat@", "b@b/bimat"])
def test_a_password_is_taken_out_of_an_address_whatever_its_letters(password: str) -> None:
    assert "bimat" not in redact(f"socks5://ai:{password}@127.0.0.1:1080 does not answer")


def test_other_text_is_left_alone() -> None:
    assert redact("https://bao.vn:8080/@tac-gia/bai-1.html") == "https://bao.vn:8080/@tac-gia/bai-1.html"
    assert redact("Ngày 12:30, 4.585 hội nghị/258.833 lượt người") == "Ngày 12:30, 4.585 hội nghị/258.833 lượt người"
