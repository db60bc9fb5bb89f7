"""The only door to the web: bounded, polite, and closed towards the local network."""

import asyncio
import gzip
import time
import zlib
from collections.abc import AsyncIterator, Sequence

import pytest

from monitor.edges.fetch import Rules, Web, is_public
from monitor.errors import FetchError
from monitor.models import Memory
from monitor.reach import unreached
from tests.loopback import Answer, Loopback


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web(pause=0, timeout=2.0, largest=200_000, allow_private=True) as opened:
        yield opened


async def fault(web: Web, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        await web.get(url)
    return str(caught.value)


@pytest.mark.parametrize("packed", [True, False])
async def test_plain_and_packed_answers_give_the_same_bytes(site: Loopback, web: Web, packed: bool) -> None:
    site.routes["/a"] = Answer("<p>Xin chào</p>" * 500, packed=packed, validated=True)
    page = await web.get(site.url("/a"))
    assert page is not None
    assert page.content.decode() == "<p>Xin chào</p>" * 500
    assert page.etag
    assert page.url == site.url("/a")


async def test_an_unchanged_page_is_not_sent_again(site: Loopback, web: Web) -> None:
    site.routes["/a"] = Answer("x", validated=True)
    page = await web.get(site.url("/a"))
    assert page is not None
    assert await web.get(site.url("/a"), Memory(etag=page.etag)) is None
    site.routes["/a"] = Answer("y", validated=True)
    assert await web.get(site.url("/a"), Memory(etag=page.etag)) is not None


async def test_deflate_without_its_header_is_read(site: Loopback, web: Web) -> None:
    packer = zlib.compressobj(wbits=-15)
    body = packer.compress(b"xin chao " * 100) + packer.flush()
    site.routes["/a"] = Answer(body, headers=(("Content-Encoding", "deflate"),))
    page = await web.get(site.url("/a"))
    assert page is not None
    assert page.content == b"xin chao " * 100


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("x", status=500), "500 Internal Server Error"),
        (Answer("x", status=403), "403 Forbidden"),
        (Answer("x" * 300_000), "larger than 200,000 bytes"),
        (Answer("x" * 10_000_000, packed=True), "larger than 200,000 bytes"),
        (Answer(fault="hang"), "no complete answer within 2 s"),
        (Answer(fault="endless"), "larger than 200,000 bytes"),
        (Answer("x" * 5000, fault="drop"), "broke off"),
        (Answer("x" * 5000, packed=True, fault="cut"), "cut short"),
        (Answer("not gzip", headers=(("Content-Encoding", "gzip"),)), "packed answer is broken"),
        (Answer("x", headers=(("Content-Encoding", "br"),)), "packed in an unknown way (br)"),
        (Answer("x", headers=(("Content-Encoding", "\x1b[31mé"),)), "packed in an unknown way (?[31m?)"),
        (Answer(gzip.compress(b"") * 25_000, headers=(("Content-Encoding", "gzip"),)), "more than 20,000 pieces"),
        (Answer("", status=302, headers=(("Location", "/a"),)), "more than 5 redirects"),
    ],
)
async def test_a_bad_answer_is_one_short_reason_in_time(site: Loopback, web: Web, answer: Answer, words: str) -> None:
    site.routes["/a"] = answer
    began = time.monotonic()
    assert words in await fault(web, site.url("/a"))
    assert time.monotonic() - began < 6


async def test_a_missing_page_is_gone_and_a_failing_one_is_not(site: Loopback, web: Web) -> None:
    site.routes["/down"] = Answer("x", status=503)
    for path, gone in (("/nowhere", True), ("/down", False)):
        with pytest.raises(FetchError) as caught:
            await web.get(site.url(path))
        assert caught.value.gone is gone


async def test_a_refused_connection_and_an_unknown_host_are_named(web: Web) -> None:
    assert "connection refused" in await fault(web, "http://127.0.0.1:9/")
    assert "no-such-host.invalid is not known" in await fault(web, "http://no-such-host.invalid/")


async def test_a_name_server_that_does_not_answer_is_told_from_a_host_that_does_not() -> None:
    async def silent(_host: str, _port: int) -> Sequence[str]:
        await asyncio.sleep(30)
        return []

    async with Web(pause=0, timeout=0.1, largest=200_000, resolve=silent) as web:
        reason = await fault(web, "http://bao.example/")
    assert reason == "the host name bao.example was not found within 0.1 s"
    assert unreached(reason)


async def test_a_redirect_is_followed_to_the_address_that_answered(site: Loopback, web: Web) -> None:
    site.routes["/old"] = Answer("", status=301, headers=(("Location", "/new"),))
    site.routes["/new"] = Answer("here")
    page = await web.get(site.url("/old"))
    assert page is not None
    assert page.url == site.url("/new")


async def test_one_host_is_visited_with_a_pause_between_requests(site: Loopback) -> None:
    site.routes["/a"] = Answer("x")
    async with Web(pause=0.2, timeout=5, largest=1000, allow_private=True) as web:
        began = time.monotonic()
        for _ in range(3):
            await web.get(site.url("/a"))
        assert time.monotonic() - began >= 0.4


async def test_cookies_are_not_kept(site: Loopback, web: Web) -> None:
    site.routes["/a"] = Answer("x", headers=(("Set-Cookie", "id=1; Path=/"),))
    for _ in range(2):
        await web.get(site.url("/a"))
    assert all("cookie" not in asked for asked in site.headers)


async def test_the_visitor_says_who_it_is(site: Loopback) -> None:
    site.routes["/a"] = Answer("x")
    async with Web(pause=0, timeout=5, largest=1000, contact="bao@example.org", allow_private=True) as web:
        await web.get(site.url("/a"))
    assert {asked["user-agent"][:8] for asked in site.headers} == {"diembao/"}
    assert all("bao@example.org" in asked["user-agent"] for asked in site.headers)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]"])
async def test_the_local_network_is_never_visited_unless_allowed(site: Loopback, host: str) -> None:
    port = site.root.rsplit(":", 1)[1]
    async with Web(pause=0, timeout=5, largest=1000, rules=Rules(ports=frozenset({int(port)}))) as web:
        assert "local network" in await fault(web, f"http://{host}:{port}/a")
    assert site.seen == []


CLOSED = (
    "10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 "
    ":: ::1 fe80::1 fc00::1 fec0::1 ff02::1 64:ff9b::7f00:1 2002:7f00:1:: ::ffff:10.0.0.1"
)


@pytest.mark.parametrize("address", CLOSED.split())
def test_addresses_that_are_not_public_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "203.162.4.190", "2405:4800::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_let_through(address: str) -> None:
    assert is_public(address)
