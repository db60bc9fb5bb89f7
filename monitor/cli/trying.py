"""`monitor try`: what is read from one page, whether it is about the campaign, and why."""

import asyncio
import json
import logging
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor import urls
from monitor.app import App, build, utc_now
from monitor.campaign import builtin
from monitor.cli import screens
from monitor.cli.live import log_to_terminal
from monitor.cli.options import DEFAULT, Config, Json, err, out, print_json
from monitor.edges.parsing.pool import Parsing
from monitor.errors import FetchError, UsageError
from monitor.models import Article, Page, Select
from monitor.reading import read
from monitor.vietnamese import fold


def try_page(
    page: Annotated[str, typer.Argument(metavar="URL-or-FILE", help="An address, or a saved page.")],
    url: Annotated[str | None, typer.Option("--url", help="The address a saved page was taken from.")] = None,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="DIR", help="Keep the page there, and beside it what was read.")
    ] = None,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Show what is read from a page, whether it is about the campaign, and why."""
    log_to_terminal(logging.ERROR)
    app = build(config) if config.exists() or config != DEFAULT else None
    taken, seen = _page(app, page, url), utc_now()
    words, select = (app.words, _select(app, taken.url)) if app else (builtin(), None)
    found, match = asyncio.run(Parsing(workers=1).call(read, taken, seen, words, select))
    if save:
        err.print(f"saved: {_save(save, taken, found, seen)}", highlight=False)
    if as_json:
        print_json(screens.article_data(found, match))
    else:
        out.print(screens.article(found, match))


def _page(app: App | None, page: str, url: str | None) -> Page:
    """Return a saved page, or fetch an address."""
    if page.startswith(("http://", "https://")):
        if app is None:
            raise UsageError("no sources.yaml here, which says how sites are visited; name one with --config")
        if not (address := urls.clean(page)):
            raise UsageError(f"{page}: not a web address")
        return asyncio.run(_fetched(app, address))
    path = Path(page)
    try:
        return Page(urls.clean(url or "") or path.absolute().as_uri(), path.read_bytes())
    except OSError as fault:
        said = f"{page}: neither an address (https://…) nor a readable file: {fault.strerror}"
        raise UsageError(said) from fault


async def _fetched(app: App, address: str) -> Page:
    async with app.web(asked=address) as web:
        page = await web.get(address)
    if page is None:
        raise FetchError(f"{address}: no answer")
    return page


def _select(app: App, address: str) -> Select:
    """Return the selectors of the source to whose site an address belongs."""
    return next((one.select for one in app.sources if urls.site(one.url) == urls.site(address)), Select())


def _save(folder: Path, page: Page, found: Article, seen: datetime) -> Path:
    """Write the page as it came, and what was read from it, as the tests of saved pages take them."""
    name = re.sub(r"[^a-z0-9]+", "-", fold(" ".join(urls.slug(found.url)) or found.title))[:80].strip("-") or "page"
    html, fields = folder / f"{name}.html", screens.saved_data(found, seen)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with html.open("xb") as file:
            file.write(page.content)
        html.with_suffix(".json").write_text(json.dumps(fields, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except FileExistsError as fault:
        raise UsageError(f"{html}: is there already; remove it first or name another folder") from fault
    except OSError as fault:
        raise UsageError(f"{html}: cannot be written: {fault.strerror}") from fault
    return html
