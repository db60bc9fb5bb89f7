"""Certificates: the system's store decides, also where a server forgets to send what leads up to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.edges.authorities import trusted
from monitor.edges.fetch import Rules, Web
from monitor.errors import FetchError
from monitor.health import remedy
from tests.authority import Signed, authority, server
from tests.conftest import Run, on_both
from tests.loopback import Answer, Loopback, serving
from tests.newsroom import rss

AT = "/issuer.crt"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Signed]:
    """The one authority in the system's store."""
    made = authority("Root")
    (tmp_path / "root.pem").write_bytes(made.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    trusted.cache_clear()
    yield made
    trusted.cache_clear()


def opened(**more: object) -> Web:
    usual: dict[str, object] = {"pause": 0, "timeout": 5, "largest": 100_000, "allow_private": True}
    return Web(**(usual | more))  # type: ignore[arg-type]  # settings of several types


async def fault(web: Web, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        await web.get(url)
    return str(caught.value)


async def test_a_server_that_speaks_no_tls_is_told_as_such(site: Loopback) -> None:
    async with opened() as web:
        assert await fault(web, site.root.replace("http:", "https:")) == "no secure connection: wrong version number"
    assert "http:// address" in remedy("no secure connection: wrong version number")


async def test_what_the_store_signed_is_trusted_and_nothing_else(root: Signed) -> None:
    for signer, good in ((root, True), (authority("Root"), False)):
        with serving(server(signer).serving()) as site:
            site.routes["/a"] = Answer("here")
            if good:
                assert await opened().get(site.url("/a"))
            else:
                assert "certificate not trusted" in await fault(opened(), site.url("/a"))
                assert site.seen == []


async def test_a_certificate_for_another_name_is_refused(root: Signed) -> None:
    with serving(server(root, name="bao.vn").serving()) as site:
        assert "certificate not trusted" in await fault(opened(), site.url("/a"))


@pytest.mark.parametrize("form", ["der", "pem"])
async def test_a_link_that_a_server_forgot_is_fetched_once_and_the_chain_checked(
    root: Signed, site: Loopback, form: str
) -> None:
    between = authority("Between", root)
    site.routes[AT] = Answer(between.der if form == "der" else between.pem, kind="application/pkix-cert")
    with serving(server(between, site.url(AT)).serving()) as secured:
        secured.routes["/a"] = Answer("here")
        web = opened()
        for _ in range(3):
            page = await web.get(secured.url("/a"))
            assert page is not None
            assert page.content == b"here"
    assert site.seen == [AT]


async def test_two_forgotten_links_are_found_one_after_the_other(root: Signed, site: Loopback) -> None:
    upper = authority("Upper", root)
    lower = authority("Lower", upper, site.url("/upper.crt"))
    site.routes |= {"/upper.crt": Answer(upper.der), AT: Answer(lower.der)}
    with serving(server(lower, site.url(AT)).serving()) as secured:
        secured.routes["/a"] = Answer("here")
        assert await opened().get(secured.url("/a"))


async def test_nothing_that_is_fetched_is_trusted_by_itself(root: Signed, site: Loopback) -> None:
    stranger = authority("Stranger")
    below = authority("Below", stranger)
    twin = authority("Root")  # a root of the same name with another key
    for signer, told in ((stranger, stranger), (below, below), (twin, twin), (twin, root), (below, stranger)):
        site.routes[AT] = Answer(told.der)
        with serving(server(signer, site.url(AT)).serving()) as secured:
            secured.routes["/a"] = Answer("here")
            assert "certificate not trusted" in await fault(opened(), secured.url("/a"))
            assert secured.seen == []


async def test_what_one_host_brought_helps_no_other(root: Signed, site: Loopback) -> None:
    between = authority("Between", root)
    site.routes[AT] = Answer(between.der)
    web = opened()
    with serving(server(between, site.url(AT)).serving()) as first:
        first.routes["/a"] = Answer("here")
        assert await web.get(first.url("/a"))
    with serving(server(between, name="127.0.0.1").serving()) as second:
        other = second.url("/a").replace("localhost", "127.0.0.1")
        assert "certificate not trusted" in await fault(web, other)


@pytest.mark.parametrize(
    "told",
    [
        Answer("x" * 70_000),
        Answer(b"\x30\x82\xff\xff" + b"\x00" * 500),
        Answer("", status=404),
        Answer("", status=302, headers=(("Location", "file:///etc/passwd"),)),
        Answer(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
        Answer(fault="drop"),
    ],
    ids=["large", "broken", "missing", "elsewhere", "empty", "cut"],
)
async def test_whatever_stands_where_the_link_should_be_the_fault_is_the_certificate(
    root: Signed, site: Loopback, told: Answer
) -> None:
    site.routes[AT] = told
    with serving(server(authority("Between", root), site.url(AT)).serving()) as secured:
        web = opened()
        for _ in range(2):
            assert "certificate not trusted" in await fault(web, secured.url("/a"))
    assert site.seen.count(AT) == 1


async def test_a_source_may_be_visited_whatever_its_certificate_and_only_that_one() -> None:
    with serving(server(authority("Nobody")).serving()) as secured:
        secured.routes["/a"] = Answer("here")
        host = secured.root.removeprefix("https://")
        assert await opened(rules=Rules(unverified=frozenset({host}))).get(secured.url("/a"))
        assert "certificate not trusted" in await fault(opened(), secured.url("/a"))


@on_both
def test_a_source_whose_certificate_is_not_checked_is_named_wherever_sources_are_looked_at(
    monitor: Run, tmp_path: Path
) -> None:
    with serving(server(authority("Nobody")).serving()) as secured:
        secured.routes["/rss"] = Answer(rss([]), kind="text/xml")
        source = f'{{name: "Báo Mẫu", url: "{secured.url("/rss")}", tls_verify: false, robots: ignore}}'
        (tmp_path / "sources.yaml").write_text(f"fetch: {{pause: 0s}}\nsources:\n  - {source}\n", encoding="utf-8")
        monitor("poll")
        said = {words: monitor(*words.split()).stdout for words in ("status", "sources list", "sources check")}
    assert secured.seen
    assert "Certificates are not checked (tls_verify: false): Báo Mẫu." in said["status"]
    assert "its robots.txt is not asked (robots: ignore)" in said["sources list"]
    for words in ("sources list", "sources check"):
        assert "its certificate is not checked (tls_verify: false)" in said[words]
