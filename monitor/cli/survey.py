"""The commands that visit sites and keep nothing of them: sources check, sources add."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from monitor import urls
from monitor.app import App, begin, build
from monitor.cli import survey_screens as screens
from monitor.cli.live import log_to_terminal, progress
from monitor.cli.options import DEFAULT, Config, Json, chosen, err, out, print_json
from monitor.config.writing import add_source, check_options
from monitor.errors import StoreError, UsageError
from monitor.models import Source, Specimen
from monitor.poll import AT_ONCE
from monitor.survey import Check, Survey
from monitor.survey import check as check_source
from monitor.survey import survey as survey_site
from monitor.vietnamese import fold


def sources_check(
    source: Annotated[list[str] | None, typer.Argument(help="Names of sources; all when none is given.")] = None,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Visit sources without keeping anything, and say how each fares and what to do."""
    log_to_terminal(logging.ERROR)
    app = build(config)
    done = asyncio.run(_checks(app, chosen(app.sources, source or [])))
    if as_json:
        print_json([screens.check_data(one) for one in done])
    else:
        out.print(screens.checks(done, app.config.digest.timezone), soft_wrap=True)
    if not all(one.ok for one in done):
        raise typer.Exit(1)


async def _checks(app: App, listed: Sequence[Source]) -> list[Check]:
    places = asyncio.Semaphore(AT_ONCE)
    async with app.web() as web:
        with progress(len(listed)) as told:

            async def one(source: Source) -> Check:
                async with places:
                    return await check_source(app, web, source, told, _specimens(app, source))

            return list(await asyncio.gather(*(one(source) for source in listed)))


def _specimens(app: App, source: Source) -> list[Specimen]:
    """Return the pages kept of a source, none without a store that can be read."""
    try:
        with app.store(read_only=True) as store:
            return store.standing.specimens(source.name)
    except StoreError:
        return []


def sources_add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A site, a section of it, a feed or a sitemap.")],
    name: Annotated[str | None, typer.Option("--name", help="The name readers see; default: the site's own.")] = None,
    province: Annotated[str | None, typer.Option("--province", help="Default: known from the site, or none.")] = None,
    every: Annotated[str | None, typer.Option("--every", help="How often it is visited, such as 30m or 2h.")] = None,
    note: Annotated[str | None, typer.Option("--note", help="A remark for yourself.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write it without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show it; write nothing.")] = False,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Find what is best watched at an address, show its first articles, write it into sources.yaml."""
    log_to_terminal(logging.ERROR)
    app = build(config) if config.exists() else begin(config)
    address = _address(url)
    _refuse_known(app, config, address, name)
    check_options(_entry(Source(name or address, address, province), every, note))
    found = asyncio.run(_survey(app, address))
    found = replace(found, source=_named(app, found.source, name, province))
    _refuse_known(app, config, found.source.url, None)
    entry = _entry(found.source, every, note)
    if not as_json:
        out.print(screens.survey(found, entry, app.config.digest.timezone), soft_wrap=True)
    if written := not dry_run and (yes or as_json or _agreed(config)):
        add_source(config, entry)
    if as_json:
        print_json(screens.survey_data(found, entry) | {"written": written})
    else:
        err.print(f"Written into {config}." if written else "Nothing was written.", markup=False, soft_wrap=True)


def _agreed(config: Path) -> bool:
    """Ask whether the entry is to be written; it is where nobody could answer."""
    somebody = out.is_terminal and typer.get_text_stream("stdin").isatty()
    return not somebody or typer.confirm(f"Write it into {config}?", default=True)


def _address(typed: str) -> str:
    """Return the address that was typed, with or without https://; raises UsageError."""
    if address := urls.clean(typed if "://" in typed else f"https://{typed}"):
        return address
    raise UsageError(f"not a web address: {typed!r}")


async def _survey(app: App, address: str) -> Survey:
    async with app.web(asked=address) as web:
        with progress(1) as told:
            return await survey_site(app, web, address, told)


def _refuse_known(app: App, config: Path, address: str, name: str | None) -> None:
    """Raise UsageError for an address or a name that is watched already."""
    for source in app.sources:
        if urls.key(source.url) == urls.key(address):
            raise UsageError(f"{address}: watched already, as {source.name!r} in {config}")
        if name and fold(source.name) == fold(name):
            raise UsageError(f"{name!r}: a source is called so already in {config}; choose another --name")


def _named(app: App, found: Source, name: str | None, province: str | None) -> Source:
    """Return a source under the name it is given, else its site's own, made different from all others."""
    taken = {fold(source.name) for source in app.sources}
    own = found.name or urls.site(found.url)
    ways = (own, f"{own} – {urls.site(found.url)}", *(f"{own} ({number})" for number in range(2, len(taken) + 3)))
    return replace(
        found,
        name=name or next(one for one in ways if fold(one) not in taken),
        province=province or found.province,
    )


def _entry(source: Source, every: str | None, note: str | None) -> dict[str, str]:
    """Return what is written into sources.yaml."""
    keys = {"name": source.name, "province": source.province, "url": source.url, "every": every, "note": note}
    return {key: value for key, value in keys.items() if value}
