"""Nothing that a site says ever leads into the local network: a listening trap counts who comes.

The far side is a stand-in: one public address leads to the test's own server, every other one to
where it says. Ports are allowed, so that it is the address that is refused.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpcore
import pytest

from monitor.app import App
from monitor.edges.fetch import Rules, Web
from monitor.edges.fetch.addresses import look_up
from monitor.edges.store import Store
from monitor.errors import FetchError
from monitor.poll import poll
from tests.authority import authority, server
from tests.loopback import Answer, Loopback, serving
from tests.newsroom import article_page, campaign_body, rss

PUBLIC = "203.162.4.190"  # the name server of a Vietnamese provider; never dialled here


@dataclass
class Trap:
    """A listening socket inside: how often it was reached, and who was dialled at all."""

    port: int = 0
    caught: int = 0
    dialled: list[str] = field(default_factory=list)

    async def catch(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.caught += 1
        writer.close()


class Far(httpcore.AsyncNetworkBackend):
    """The internet: its one public address is the test's server."""

    def __init__(self, trap: Trap, port: int) -> None:
        self._trap, self._port, self._real = trap, port, httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        *more: Any,  # noqa: ANN401 - httpcore's own, handed on
        **options: Any,  # noqa: ANN401
    ) -> httpcore.AsyncNetworkStream:
        self._trap.dialled.append(host)
        there = ("127.0.0.1", self._port) if host == PUBLIC else (host, port)
        return await self._real.connect_tcp(*there, *more, **options)


@asynccontextmanager
async def outside(
    site: Loopback, resolve: Callable[[str], Sequence[str]] | None = None
) -> AsyncIterator[tuple[Web, Trap]]:
    """Open a door to a public site `bao.vn`; a trap listens inside."""

    async def resolved(host: str, port: int) -> Sequence[str]:
        if resolve:
            return resolve(host)
        return [PUBLIC] if host.endswith("bao.vn") else await look_up(host, port)

    trap = Trap()
    listening = await asyncio.start_server(trap.catch, "127.0.0.1", 0)
    trap.port = listening.sockets[0].getsockname()[1]
    ports = frozenset({trap.port})
    far = Far(trap, int(site.root.rsplit(":", 1)[1]))
    try:
        yield Web(pause=0, timeout=2, largest=100_000, rules=Rules(ports=ports), resolve=resolved, network=far), trap
    finally:
        listening.close()
        await listening.wait_closed()


INSIDE = """
    http://127.0.0.1:{port}/ http://127.1:{port}/ http://2130706433:{port}/ http://0x7f000001:{port}/
    http://0177.0.0.1:{port}/ http://0x7f.1:{port}/ http://017700000001:{port}/ http://localhost:{port}/
    http://localhost.:{port}/ http://LOCALHOST:{port}/ http://0.0.0.0:{port}/ http://0:{port}/
    http://[::1]:{port}/ http://[::]:{port}/ http://[0:0:0:0:0:0:0:1]:{port}/ http://[::ffff:127.0.0.1]:{port}/
    http://[::ffff:7f00:1]:{port}/ http://[::127.0.0.1]:{port}/ http://[64:ff9b::7f00:1]:{port}/
    http://[2002:7f00:1::]:{port}/ http://[::1%25lo]:{port}/ http://user@127.0.0.1:{port}/
    http://bao.vn@127.0.0.1:{port}/ http://bao.vn:80@127.0.0.1:{port}/ http://127.0.0.1:{port}\\@bao.vn/
    http://127.0.0.1:{port}#@bao.vn/ http://１２７.０.０.１:{port}/ http://①②⑦.⓪.⓪.①:{port}/ http://127。0。0。1:{port}/
    //127.0.0.1:{port}/ ///127.0.0.1:{port}/ \\\\127.0.0.1:{port}\\ https://127.0.0.1:{port}/
    http://10.0.0.1/ http://192.168.1.1/ http://169.254.169.254/latest/meta-data/ http://100.64.0.1/
    http://[fd00::1]/ http://[fe80::1]/ file:///etc/passwd gopher://127.0.0.1:{port}/_x ftp://127.0.0.1:{port}/
    dict://127.0.0.1:{port}/ javascript:alert(1) data:text/html,x http://127.0.0.1:99999/ http://[::1/ http:///x
""".split()


@pytest.mark.parametrize("target", INSIDE)
async def test_no_redirect_and_no_address_leads_inside(site: Loopback, target: str) -> None:
    async with outside(site) as (web, trap):
        target = target.replace("{port}", str(trap.port))
        site.routes["/a"] = Answer("", status=302, headers=(("Location", target.encode().decode("latin-1")),))
        for address in ("http://bao.vn/a", target):
            with pytest.raises(FetchError):
                await web.get(address)
        assert trap.caught == 0
        assert set(trap.dialled) <= {PUBLIC}


async def test_the_address_that_was_checked_is_dialled_whatever_the_next_look_up_says(site: Loopback) -> None:
    site.routes["/a"] = Answer("here")
    asked: list[str] = []

    def resolve(host: str) -> Sequence[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) % 2 else ["127.0.0.1"]

    async with outside(site, resolve) as (web, trap):
        assert await web.sitemaps("http://bao.vn/") == []
        for _ in range(2):
            with pytest.raises(FetchError, match="local network"):
                await web.get("http://bao.vn/a")
            assert await web.get("http://bao.vn/a")
        assert trap.caught == 0
        assert set(trap.dialled) == {PUBLIC}
        assert len(asked) == len(trap.dialled) + 2  # one look-up for each request


async def test_only_the_ports_of_the_web_and_of_the_operators_own_sources_are_visited(
    site: Loopback, app_for: Callable[..., App]
) -> None:
    app = app_for(("Báo Mẫu", "https://bao.vn:8443/tin"), monitor_allow_private_addresses=False)
    assert app.web().rules.ports == {8443}
    assert app.web(asked="http://bao.vn:8080/").rules.ports == {8080, 8443}
    async with outside(site) as (web, trap):
        for port in (22, 25, 8443):
            with pytest.raises(FetchError, match=f"port {port} is not visited"):
                await web.get(f"http://bao.vn:{port}/")
        assert trap.dialled == []


@pytest.mark.parametrize("addresses", [(PUBLIC, "127.0.0.1"), ("::1", PUBLIC), ("fe80::1%lo",), ("::ffff:10.0.0.1",)])
async def test_one_closed_address_refuses_the_host(site: Loopback, addresses: Sequence[str]) -> None:
    site.routes["/a"] = Answer("here")
    async with outside(site, lambda _: addresses) as (web, trap):
        with pytest.raises(FetchError, match="local network"):
            await web.get("http://bao.vn/a")
        assert trap.dialled == []


async def test_a_robots_txt_that_leads_inside_is_not_followed(site: Loopback) -> None:
    async with outside(site) as (web, trap):
        inside = f"http://127.0.0.1:{trap.port}/robots.txt"
        site.routes |= {"/robots.txt": Answer("", status=301, headers=(("Location", inside),)), "/a": Answer("here")}
        with pytest.raises(FetchError, match="local network"):
            await web.get("http://bao.vn/a")
        assert trap.caught == 0


@pytest.mark.parametrize("where", ["http://127.0.0.1:{port}/ca.crt", "http://localhost:{port}/ca.crt", "file:///etc/x"])
async def test_a_certificate_that_names_an_issuer_inside_leads_nowhere(where: str) -> None:
    trap = Trap()
    listening = await asyncio.start_server(trap.catch, "127.0.0.1", 0)
    trap.port = listening.sockets[0].getsockname()[1]
    below = server(authority("Nobody"), where.replace("{port}", str(trap.port)), name="bao.vn")
    async with listening:
        with serving(below.serving()) as site:
            async with outside(site) as (web, inner):
                web.rules = Rules(ports=web.rules.ports | {trap.port})
                with pytest.raises(FetchError, match="certificate not trusted"):
                    await web.get("https://bao.vn/a")
    assert trap.caught == inner.caught == 0
    assert set(inner.dialled) == {PUBLIC}


def _index(*addresses: str) -> Answer:
    entries = "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in addresses)
    return Answer(f"<?xml version='1.0'?><sitemapindex>{entries}</sitemapindex>", kind="application/xml")


async def test_feeds_sitemaps_and_articles_that_point_inside_reach_nothing_in_a_whole_round(
    site: Loopback, store: Store, app_for: Callable[..., App], now: datetime
) -> None:
    earlier = now - timedelta(minutes=1)
    async with outside(site) as (web, trap):
        hosts = ("127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]")
        inside = [f"http://{host}:{trap.port}/tin-xa-so-ket-hoc-bac-{n}.html" for n, host in enumerate(hosts, 100001)]
        good = "http://bao.vn/tin-xa-hoi-nghi-so-ket-hoc-bac-100001.html"
        page = article_page("Hội nghị sơ kết học Bác", campaign_body(1), now, canonical=inside[0])
        site.routes |= {
            "/feed": Answer(rss([(one, "Tin", earlier) for one in (good, *inside)]), kind="text/xml"),
            "/index.xml": _index(*inside),
            "/": Answer(f"<html><head><link rel=alternate type=application/rss+xml href='{inside[0]}'></head></html>"),
            "/robots.txt": Answer(f"Sitemap: {inside[1]}\n", kind="text/plain"),
            "/tin-xa-hoi-nghi-so-ket-hoc-bac-100001.html": Answer(page),
        }
        app = app_for(*((path, f"http://bao.vn{path}") for path in ("/feed", "/index.xml", "/")), now=now)
        done = {one.source: one for one in await poll(app, store, web, app.sources, lambda *_: None)}
        assert trap.caught == 0
        assert set(trap.dialled) == {PUBLIC}
    assert done["/feed"].kept == 1
    assert len([message for message in done["/feed"].messages if "local network" in message]) == 5
    assert "local network" in done["/index.xml"].reason
    assert done["/"].reason
