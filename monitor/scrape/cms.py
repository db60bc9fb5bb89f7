"""CMS families as rows of data: which selectors to trust on a page; the operator's win."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bs4 import BeautifulSoup, Tag

from monitor.models import Select


@dataclass(frozen=True, slots=True)
class Family:
    """One row of data/cms.toml: CSS selectors, "" where the common reader does well alone."""

    name: str
    sign: str
    title: str = ""
    lead: str = ""
    body: str = ""
    date: str = ""
    authors: str = ""
    section: str = ""


UNKNOWN = Family(name="", sign="")


@cache
def families() -> tuple[Family, ...]:
    """Return the known families in the order in which their signs are tried."""
    text = files("monitor").joinpath("data/cms.toml").read_text(encoding="utf-8")
    return tuple(Family(**row) for row in tomllib.loads(text)["family"])


def recognise(soup: BeautifulSoup) -> Family:
    """Return the family whose sign stands on the page, or UNKNOWN."""
    return next((family for family in families() if soup.select_one(family.sign)), UNKNOWN)


def selected(soup: BeautifulSoup, ours: str | None, family: str) -> Tag | None:
    """Return the first element of the operator's selector, else of the family's, else None.

    A family's selectors are alternatives in order of trust, not one CSS list.
    """
    for selector in [ours] if ours else family.split(", "):
        if selector and (element := soup.select_one(selector)):
            return element
    return None


def of_operator(select: Select) -> dict[str, str]:
    """Return the selectors the operator gave, by field."""
    names = ("links", "title", "lead", "body", "date", "authors")
    return {name: value for name in names if (value := getattr(select, name))}
