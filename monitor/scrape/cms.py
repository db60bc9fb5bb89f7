"""CMS families as rows of data: which selectors to trust on a page; the operator's win."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from monitor.scrape import markup

_CALLED = etree.XPath("//@class | //@id")
_NAMES = re.compile(r"[.#]([\w-]+)")


@dataclass(frozen=True, slots=True)
class Family:
    """One row of data/cms.toml: the signs of a family and its CSS selectors, in order of trust.

    `signs` are class names and ids that only this family's pages carry; `generator` is what its
    pages name as their software. A field without selectors is left to the common reader.
    """

    name: str
    signs: tuple[str, ...] = ()
    generator: str = ""
    title: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    section: tuple[str, ...] = ()


UNKNOWN = Family(name="")


@cache
def families() -> tuple[Family, ...]:
    """Return the known families in the order in which their signs are tried."""
    text = files("monitor").joinpath("data/cms.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["family"]
    return tuple(_row(row) for row in rows)


def _row(row: dict[str, Any]) -> Family:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Family(**fields)


def names_on(root: HtmlElement) -> frozenset[str]:
    """Return every class name and id of a page."""
    return frozenset(" ".join(_CALLED(root)).split())


def recognise(names: frozenset[str], generator: str) -> Family:
    """Return the family whose signs stand on a page, by the names on it; UNKNOWN when there is none."""
    for family in families():
        if (family.generator and generator.startswith(family.generator)) or not names.isdisjoint(family.signs):
            return family
    return UNKNOWN


def named(root: HtmlElement, selector: str, names: frozenset[str]) -> list[HtmlElement]:
    """Return the elements a selector names; `names` are those on the page, to tell quickly that there is none."""
    return markup.select(root, selector) if names.issuperset(_NAMES.findall(selector)) else []


def each(root: HtmlElement, selectors: Iterable[str], names: frozenset[str]) -> Iterator[HtmlElement]:
    """Yield the elements that the selectors name, those of the first selector first."""
    return (element for selector in selectors for element in named(root, selector, names))
