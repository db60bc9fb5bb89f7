"""XML from the far side: entities neither read files, nor ask other servers, nor grow."""

import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.errors import UnreadableError
from monitor.models import Page
from monitor.scrape.discover import discover
from monitor.scrape.discover.offers import offers
from monitor.scrape.extract import extract
from monitor.scrape.repair import decode
from tests.loopback import Answer, Loopback
from tests.newsroom import campaign_body

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SITE = "https://baobanmuong.vn"
ADDRESS = f"{SITE}/lop-hoc-moi-o-ban-nam-hong-post123456.html"
SECRET = "mat-khau-cua-may-nay"
BODY = "".join(f"<p>{text}</p>" for text in campaign_body(1))
# each holds the entity `a` wherever text or an address stands
DOCUMENTS = {
    "feed": "<rss version='2.0'><channel><title>&a;</title><item><title>Lớp học mới &a;</title>"
    f"<link>{ADDRESS}?&a;</link><description>&a;</description></item></channel></rss>",
    "atom": "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Lớp học mới &a;</title>"
    f"<link href='{ADDRESS}'/><summary>&a;</summary></entry></feed>",
    "sitemap": "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    f"<url><loc>{ADDRESS}</loc></url><url><loc>{SITE}/&a;-lop-hoc-moi-o-ban-nam-hong-9.html</loc></url></urlset>",
    "index": f"<sitemapindex><sitemap><loc>{SITE}/&a;/sitemap-1.xml</loc></sitemap></sitemapindex>",
    "page": f"<html><head><title>&a; Lớp học</title></head>"
    f"<body><h1>Lớp học &a;</h1><article>{BODY}&a;</article></body></html>",
}
Declared = Callable[[str, str], str]
# what is declared before the document: given the address of a file and of a server
WAYS: dict[str, Declared] = {
    "a file": lambda file, _: f"<!DOCTYPE x [<!ENTITY a SYSTEM '{file}'>]>",
    "a server": lambda _, url: f"<!DOCTYPE x [<!ENTITY a SYSTEM '{url}/entity'>]>",
    "an external declaration": lambda _, url: f"<!DOCTYPE x SYSTEM '{url}/dtd'>",
    "a parameter": lambda file, url: f"<!DOCTYPE x [<!ENTITY % f SYSTEM '{file}'><!ENTITY % d SYSTEM '{url}/dtd'>%d;]>",
    "an inclusion": lambda file, _: (
        f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{file}' parse='text'/>"
    ),
    "a stylesheet": lambda _, url: f"<?xml-stylesheet href='{url}/style.xsl' type='text/xsl'?>",
}


def everything(content: str) -> str:
    """Read a document in every way the monitor reads pages; returns all that came out, as text."""
    page = Page(f"{SITE}/rss/tin.xml", content.encode(), "text/xml; charset=utf-8")
    said = []
    for read in (
        lambda: discover(page, NOW),
        lambda: offers(page.content, page.url, page.content_type),
        lambda: extract(decode(page.content, page.content_type), ADDRESS, NOW),
    ):
        try:
            said.append(repr(read()))
        except UnreadableError as fault:
            said.append(str(fault))
    return "\n".join(said)


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_xml_reads_no_file_and_asks_no_server(way: Declared, document: str, site: Loopback, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    site.routes["/dtd"] = Answer(f"<!ENTITY a SYSTEM '{secret.as_uri()}'>", kind="application/xml-dtd")
    said = everything(f"<?xml version='1.0' encoding='utf-8'?>{way(secret.as_uri(), site.url(''))}{document}")
    assert SECRET not in said
    assert site.seen == []


def laughs() -> str:
    """Declare entities that grow to a billion letters."""
    named = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else 'ha'}'>" for n in range(10))
    return f"<!DOCTYPE x [{named}<!ENTITY a '&e9;'>]>"


def long_one() -> str:
    """Declare one long entity; it is called many times."""
    return f"<!DOCTYPE x [<!ENTITY b '{'h' * 50_000}'><!ENTITY a '{'&b;' * 2_000}'>]>"


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
@pytest.mark.parametrize("declare", [laughs, long_one])
def test_entities_do_not_grow(declare: Callable[[], str], document: str) -> None:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    said = everything(f"<?xml version='1.0' encoding='utf-8'?>{declare()}{document}")
    assert time.process_time() - began < 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    assert len(said) < 500_000
