"""What all files of the archive share: where they stand, how a text of the outside is printed, the templates."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from monitor.digest import words
from monitor.vietnamese import clean

_NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")  # XML knows none of them


@dataclass(frozen=True, slots=True)
class Look:
    """What all pages share: the campaign's name, the archive's public address ("" or ending in "/")."""

    name: str
    address: str = ""


def page_of(day: date) -> str:
    """Return where the page of an edition stands below the archive's folder."""
    return f"{day:%Y}/{day:%m}/{day.isoformat()}.html"


def one_line(text: str, longest: int) -> str:
    """Return any text of the outside as one line of at most `longest` characters, without unseen or turning ones."""
    text = _NO_CHARACTER.sub("", clean(text))
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def templates(**filters: Callable[..., object]) -> Environment:
    """Return the templates, which know `words` and these filters.

    Values are escaped where they are printed; in Markdown, which has other signs, a filter must do it.
    """
    environment = Environment(
        loader=PackageLoader("monitor.digest"),
        autoescape=select_autoescape(disabled_extensions=("md.j2",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= filters
    environment.globals |= {"words": words}
    return environment
