"""Pages are read in processes that can be killed, and only such a process pays for a page."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.app import App
from monitor.campaign import builtin
from monitor.edges.parsing.pool import Parsing
from monitor.edges.store import Store
from monitor.errors import TooHardError, UnreadableError
from monitor.models import Page, Round, State
from monitor.poll import poll
from monitor.reading import read
from tests.loopback import Answer, Loopback
from tests.newsroom import article_page, campaign_body, publish


@pytest.fixture
def parsing() -> Parsing:
    return Parsing(workers=1)


async def test_a_page_read_elsewhere_gives_what_it_gives_here(parsing: Parsing, now: datetime) -> None:
    page = Page("https://bao.vn/a-b-c-d-123456.html", article_page("Học Bác", campaign_body(1), now).encode())
    assert await parsing.call(read, page, now, builtin()) == read(page, now, builtin())


async def test_a_fault_comes_back_as_it_was_raised(parsing: Parsing, now: datetime) -> None:
    with pytest.raises(UnreadableError) as there:
        await parsing.call(read, Page("https://bao.vn/", b"<html>"), now, builtin())
    with pytest.raises(UnreadableError) as here:
        read(Page("https://bao.vn/", b"<html>"), now, builtin())
    assert (str(there.value), there.value.passing) == (str(here.value), here.value.passing)
    with pytest.raises(ZeroDivisionError):
        await parsing.call(divmod, 1, 0)


HARD: list[tuple[Callable[..., Any], object, str]] = [
    (time.sleep, 60, "longer than 3 s"),
    (sum, range(10**15), "longer than 3 s"),
    (bytearray, 10**9, "too much memory"),
    (os.kill, "itself", "brings its reader down (signal 11)"),
]


@pytest.mark.parametrize(("function", "argument", "words"), HARD, ids=["sleep", "compute", "memory", "crash"])
async def test_what_takes_too_much_is_stopped_and_named_and_the_next_page_is_read(
    function: Callable[..., Any], argument: object, words: str
) -> None:
    parsing = Parsing(workers=1, seconds=3.0)
    reader, began = await parsing.call(os.getpid), time.monotonic()
    with pytest.raises(TooHardError, match=words.replace("(", r"\(").replace(")", r"\)")) as stopped:
        await parsing.call(function, *((reader, signal.SIGSEGV) if argument == "itself" else (argument,)))
    assert str(stopped.value).startswith(TooHardError.SIGN)
    assert time.monotonic() - began < 30
    assert await parsing.call(os.getpid) != reader


async def test_pages_side_by_side_take_several_readers_and_no_more_than_there_may_be() -> None:
    both = Parsing(workers=2)
    await asyncio.gather(*(both.call(time.sleep, 0.2) for _ in range(4)))
    readers = await asyncio.gather(*(both.call(os.getpid) for _ in range(6)))
    assert len(set(readers)) <= 2
    assert os.getpid() not in readers


async def test_a_page_that_nobody_waits_for_any_more_holds_nobody_up(parsing: Parsing) -> None:
    await parsing.call(os.getpid)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await parsing.call(time.sleep, 60)
    assert await parsing.call(os.getpid)
    assert time.monotonic() - began < 20


async def test_a_reader_that_died_while_it_waited_costs_no_page(parsing: Parsing) -> None:
    reader = await parsing.call(os.getpid)
    os.kill(reader, signal.SIGKILL)  # as the kernel does when memory is short
    await asyncio.to_thread(os.waitid, os.P_PID, reader, os.WEXITED | os.WNOWAIT)
    assert await parsing.call(os.getpid) != reader


async def test_a_reader_is_replaced_after_many_pages(parsing: Parsing) -> None:
    readers = [await parsing.call(os.getpid) for _ in range(501)]
    assert len(set(readers[:500])) == 1
    assert readers[500] != readers[0]


async def test_a_reader_knows_no_secret(parsing: Parsing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:secret")
    assert await parsing.call(os.getenv, "TELEGRAM_BOT_TOKEN") is None
    assert "TELEGRAM_BOT_TOKEN" not in str(await parsing.call(Path.read_text, Path("/proc/self/environ")))


def test_readers_end_with_the_program_even_if_it_is_killed() -> None:
    code = (
        "import asyncio, os, signal\nfrom monitor.edges.parsing.pool import Parsing\n"
        "parsing = Parsing()\nprint(asyncio.run(parsing.call(os.getpid)), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30)
    reader = Path("/proc") / ended.stdout.strip()
    until = time.monotonic() + 5
    while reader.exists() and "(zombie)" not in (reader / "status").read_text() and time.monotonic() < until:
        time.sleep(0.02)
    assert not reader.exists() or "(zombie)" in (reader / "status").read_text()


async def round_of(app: App, store: Store, parsing: Parsing, now: datetime) -> Round:
    made = App(**{**vars(app), "parsing": parsing, "clock": lambda: now})
    async with made.web() as web:
        return (await poll(made, store, web, made.sources, lambda *_: None))[0]


async def test_a_round_without_news_starts_no_reader(
    site: Loopback, store: Store, app_for: Callable[..., App], now: datetime
) -> None:
    publish(site, 1, now)
    app, idle = app_for(("Báo Mẫu", site.url("/rss/home.rss"))), Parsing()
    assert (await round_of(app, store, app.parsing, now)).kept == 1
    assert (await round_of(app, store, idle, now)).state is State.SILENT
    assert idle.started == 0


async def test_pages_that_must_be_stopped_are_named_cost_one_try_a_round_and_are_read_later(
    site: Loopback, store: Store, app_for: Callable[..., App], now: datetime
) -> None:
    publish(site, 3, now)
    pages = {path: answer for path, answer in site.routes.items() if path.endswith(".html")}
    app, hasty = app_for(("Báo Mẫu", site.url("/rss/home.rss"))), Parsing(seconds=0.001)
    listing = await round_of(app, store, hasty, now)
    assert (listing.state, listing.reason) == (State.UNREADABLE, "reading it takes longer than 0.001 s")
    site.routes |= dict.fromkeys(pages, Answer("", status=503))
    assert len((await round_of(app, store, app.parsing, now)).messages) == 3
    site.routes |= pages
    stopped = await round_of(app, store, hasty, now + timedelta(hours=1))
    assert [message.rsplit(": ", 1)[1] for message in stopped.messages] == ["reading it takes longer than 0.001 s"]
    assert (await round_of(app, store, app.parsing, now + timedelta(hours=2))).kept == 3
