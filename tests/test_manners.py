"""Politeness: robots.txt, pauses, and the waits that a host asks for."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.edges.fetch import Rules, Web
from monitor.edges.fetch.manners import wait_of
from monitor.edges.fetch.robots import Robots
from monitor.edges.store import Store
from monitor.errors import FetchError
from tests.loopback import Answer, Loopback, serving

DAY = 86_400.0


def opened(**more: object) -> Web:
    usual: dict[str, object] = {"pause": 0, "timeout": 2, "largest": 100_000, "allow_private": True}
    return Web(**(usual | more))  # type: ignore[arg-type]  # settings of several types


async def fault(web: Web, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await web.get(url)
    return caught.value


async def test_robots_txt_is_obeyed_in_the_sites_own_words_and_asked_once(site: Loopback) -> None:
    site.routes["/robots.txt"] = Answer("User-agent: *\nDisallow: /tin\nAllow: /tin/mo\n", kind="text/plain")
    site.routes |= {"/tin/mo/1": Answer("open"), "/a": Answer("open")}
    web = opened()
    assert "robots.txt of 127.0.0.1 asks programs not to visit /tin/kin" in str(await fault(web, site.url("/tin/kin")))
    for path in ("/tin/mo/1", "/a", "/a"):
        assert await web.get(site.url(path))
    assert site.seen == ["/tin/mo/1", "/a", "/a"]
    assert len(site.robots) == 1


async def test_a_group_for_this_program_counts_before_that_for_all(site: Loopback) -> None:
    site.routes["/robots.txt"] = Answer("User-agent: *\nDisallow: /\n\nUser-agent: diembao\nDisallow: /x$\n")
    site.routes["/a"] = Answer("open")
    web = opened()
    assert await web.get(site.url("/a"))
    assert "robots.txt" in str(await fault(web, site.url("/x")))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
async def test_a_site_without_robots_txt_may_be_visited(site: Loopback, status: int) -> None:
    site.routes |= {"/robots.txt": Answer("Disallow: /", status=status), "/a": Answer("open")}
    assert await opened().get(site.url("/a"))


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_site_whose_robots_txt_fails_is_left_alone_for_now_and_not_asked_again(
    site: Loopback, status: int
) -> None:
    site.routes |= {"/robots.txt": Answer("x", status=status), "/a": Answer("open")}
    web = opened()
    first, second = await fault(web, site.url("/a")), await fault(web, site.url("/a"))
    assert f"robots.txt cannot be read ({status}" in str(first)
    assert 0 < (second.retry_after or 0) <= 600
    assert site.seen == []
    assert len(site.robots) == 1


async def test_what_robots_txt_said_before_holds_while_it_fails_and_is_asked_again_after_a_day(site: Loopback) -> None:
    at = [datetime(2026, 11, 21, tzinfo=UTC)]
    site.routes |= {"/robots.txt": Answer("User-agent: *\nDisallow: /x"), "/a": Answer("open")}
    web = opened(clock=lambda: at[0])
    assert await web.get(site.url("/a"))
    site.routes["/robots.txt"] = Answer("x", status=500)
    at[0] += timedelta(hours=23)
    assert await web.get(site.url("/a"))
    assert len(site.robots) == 1
    at[0] += timedelta(hours=2)
    assert await web.get(site.url("/a"))
    assert "asks programs" in str(await fault(web, site.url("/x")))
    assert len(site.robots) == 2


async def test_the_next_run_knows_robots_txt_from_the_store(site: Loopback, store: Store) -> None:
    site.routes |= {"/robots.txt": Answer("User-agent: *\nDisallow: /x\0"), "/a": Answer("open")}
    assert await opened(book=store.robots).get(site.url("/a"))
    web = opened(book=store.robots)
    assert await web.get(site.url("/a"))
    assert "asks programs" in str(await fault(web, site.url("/x")))
    assert len(site.robots) == 1


async def test_a_store_that_cannot_be_written_stops_no_visit(site: Loopback, database: Path | str) -> None:
    site.routes |= {"/robots.txt": Answer("User-agent: *\nDisallow: /x"), "/a": Answer("open")}
    with Store(database, read_only=True) as store:
        web = opened(book=store.robots)
        assert await web.get(site.url("/a"))
        assert "asks programs" in str(await fault(web, site.url("/x")))


async def test_two_that_ask_at_once_share_one_robots_txt(site: Loopback) -> None:
    site.routes["/a"] = Answer("open")
    web = opened()
    await asyncio.gather(*(web.get(site.url("/a")) for _ in range(8)))
    assert len(site.robots) == 1


async def test_only_the_beginning_of_an_endless_robots_txt_is_read(site: Loopback) -> None:
    rules = "User-agent: *\nDisallow: /x\n" + "# much\n" * 200_000
    site.routes |= {"/robots.txt": Answer(rules), "/a": Answer("open")}
    web = opened()
    assert await web.get(site.url("/a"))
    assert "asks programs" in str(await fault(web, site.url("/x")))


async def test_long_texts_are_not_kept_and_many_hosts_do_not_fill_the_memory(store: Store) -> None:
    at, asked = datetime(2026, 11, 21, tzinfo=UTC), list[str]()
    rules = "User-agent: *\nDisallow: /x\nSitemap: https://bao.vn/s.xml\n"

    async def fetch(url: str) -> str:
        asked.append(url)
        return rules + "#" * 400_000

    robots = Robots(fetch, store.robots, lambda: at)
    for number in range(8):
        assert await robots.sitemaps(httpx.URL(f"https://bao{number}.vn/")) == ["https://bao.vn/s.xml"]
    await robots.check(httpx.URL("https://bao7.vn/a"))
    assert len(asked) == 8
    await robots.check(httpx.URL("https://bao0.vn/a"))
    assert len(asked) == 9
    assert store.robots.recall("https://bao7.vn") is None


def test_the_store_forgets_the_texts_of_hosts_that_nobody_leads_to_any_more(store: Store) -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    store.robots.keep("https://old.vn", "x", at - timedelta(days=40))
    store.robots.keep("https://new.vn", "x", at)
    assert store.robots.recall("https://old.vn") is None
    assert store.robots.recall("https://new.vn") == ("x", at)


def test_a_robots_txt_fetched_since_is_not_replaced_by_an_older_one(store: Store) -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    store.robots.keep("https://bao.vn", "new", at)
    store.robots.keep("https://bao.vn", "of a process that was frozen", at - timedelta(minutes=5))
    assert store.robots.recall("https://bao.vn") == ("new", at)
    store.robots.keep("https://bao.vn", "by the right clock", at - timedelta(days=2))
    assert store.robots.recall("https://bao.vn") == ("by the right clock", at - timedelta(days=2))


async def test_an_operator_with_the_owners_leave_may_ignore_robots_txt(site: Loopback) -> None:
    site.routes |= {"/robots.txt": Answer("User-agent: *\nDisallow: /"), "/a": Answer("open")}
    host = site.root.removeprefix("http://")
    assert await opened(rules=Rules(unasked=frozenset({host}))).get(site.url("/a"))
    assert site.robots == []


async def test_a_crawl_delay_lengthens_the_pause(site: Loopback) -> None:
    site.routes |= {"/robots.txt": Answer("User-agent: *\nCrawl-delay: 0.3"), "/a": Answer("open")}
    web, began = opened(), time.monotonic()
    for _ in range(3):
        await web.get(site.url("/a"))
    assert time.monotonic() - began >= 0.6


async def test_a_redirect_obeys_the_robots_txt_of_where_it_leads(site: Loopback) -> None:
    with serving() as other:
        other.routes |= {"/robots.txt": Answer("User-agent: *\nDisallow: /x"), "/x": Answer("closed")}
        site.routes["/a"] = Answer("", status=302, headers=(("Location", other.url("/x")),))
        assert "asks programs" in str(await fault(opened(), site.url("/a")))
        assert other.seen == []


async def test_hosts_of_one_machine_are_visited_one_after_another() -> None:
    """Two names, one address and port: what they share is the machine."""

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    began: list[float] = []
    with serving() as site:
        site.routes["/a"] = Answer("x")
        site.before = lambda path: began.append(time.monotonic()) if path == "/a" else None
        port = site.root.rsplit(":", 1)[1]
        names = [f"bao{number}.vn:{port}" for number in range(3)]
        web = opened(pause=0.15, resolve=resolve, rules=Rules(unasked=frozenset(names)))
        await asyncio.gather(*(web.get(f"http://{name}/a") for name in names))
    assert len(began) == 3
    assert all(later - earlier >= 0.14 for earlier, later in itertools.pairwise(began))


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_asks_for_time_gets_it_and_is_not_asked_meanwhile(site: Loopback, status: int) -> None:
    site.routes |= {"/a": Answer("", status=status, headers=(("Retry-After", "3600"),)), "/b": Answer("open")}
    web = opened()
    first, second = await fault(web, site.url("/a")), await fault(web, site.url("/b"))
    assert 3600 <= (first.retry_after or 0) <= 4320
    assert "asked to be left alone for" in str(second)
    assert (second.retry_after or 0) > 3500
    assert site.seen == ["/a"]


NOON = "Sat, 21 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("status", "said", "least", "most"),
    [
        (503, "120", 120, 144),
        (429, "", 300, 360),
        (429, "0", 0, 0),
        (503, "Sat, 21 Nov 2026 12:10:00 GMT", 600, 720),
        (503, "Sat, 21 Nov 2026 11:00:00 GMT", 0, 0),
        (503, "99999999999999999999", DAY, DAY),
        (429, "9" * 5000, DAY, DAY),
        (503, "Fri, 31 Dec 9999 23:59:59 GMT", DAY, DAY),
    ],
)
def test_retry_after_is_read_as_seconds_or_date_and_never_longer_than_a_day(
    status: int, said: str, least: float, most: float
) -> None:
    wait = wait_of(status, said, NOON)
    assert wait is not None
    assert least <= wait <= most


@pytest.mark.parametrize(("status", "said"), [(200, "60"), (404, "60"), (503, ""), (503, "soon"), (503, "-5")])
def test_nothing_else_makes_a_host_wait(status: int, said: str) -> None:
    assert wait_of(status, said, NOON) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_header_ever_breaks_or_overflows_the_wait(said: str, date: str) -> None:
    for status in (429, 503):
        assert 0 <= (wait_of(status, said, date) or 0) <= DAY
