"""Saved pages: each is read as the careful person read it who wrote the JSON beside it.

A new page is two files in tests/pages/<family>/: the HTML as it came, and the fields that stand in
it, with `seen`, the moment of the visit.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest
from lxml.cssselect import CSSSelector

from monitor.models import Article
from monitor.scrape import cms, markup, metadata
from monitor.scrape.extract import extract
from monitor.scrape.repair import decode

PAGES = Path(__file__).parent / "pages"
SAVED = sorted(PAGES.glob("*/*.html"))
FIELDS = frozenset(
    "url title lead body authors published modified section agency place provinces images gap".split()
)  # fmt: skip


def told(article: Article) -> dict[str, object]:
    """Return an article as JSON tells it."""
    fields: dict[str, object] = json.loads(json.dumps(asdict(article), default=datetime.isoformat))
    return fields


def test_every_saved_page_has_all_its_fields_beside_it() -> None:
    assert len(SAVED) >= 30
    for page in SAVED:
        wanted = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
        assert wanted.keys() >= FIELDS | {"seen"}, page
    assert {page.stem for page in PAGES.glob("*/*.json")} == {page.stem for page in SAVED}


def test_every_family_has_a_saved_page_and_selectors_that_can_be_read() -> None:
    roots = [markup.parse(decode(page.read_bytes())) for page in SAVED]
    shown = {cms.recognise(cms.names_on(root), metadata.read(root).generator).name for root in roots}
    assert {family.name for family in cms.families()} <= shown
    for family in cms.families():
        assert family.signs or family.generator
        for field in ("place", "title", "lead", "body", "date", "authors", "section"):
            for selector in getattr(family, field):
                CSSSelector(selector, translator="html")


@pytest.mark.parametrize("page", SAVED, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_saved_page_is_read_as_a_careful_person_reads_it(page: Path) -> None:
    wanted = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    seen = datetime.fromisoformat(wanted.pop("seen"))
    found = told(extract(decode(page.read_bytes()), wanted["url"], seen))
    assert {name: found[name] for name in wanted} == wanted
