"""The commands that tell how things stand: status, health."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor.app import App, build, store_beside, utc_now
from monitor.cli import status_screens
from monitor.cli.options import DEFAULT, Config, Json, fail, out, print_json
from monitor.edges.store import Store
from monitor.edges.store.leases import crew
from monitor.errors import StoreError
from monitor.health import diagnose
from monitor.models import Beat


def status(
    every: Annotated[
        bool, typer.Option("--all", help="Every source, also of a long list, and more to review.")
    ] = False,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Show how every source fares, the last edition, and what waits to be sent."""
    app = build(config)
    with app.store(read_only=True) as store:
        found = _standing(app, store, app.clock(), 10 if every or as_json else 3)
    if as_json:
        print_json(status_screens.standing_data(found))
    else:
        out.print(status_screens.standing(found, app.config.digest.timezone, every=every))
        if found.review:
            out.print(status_screens.review(found, app.config.digest.timezone), soft_wrap=True)


def _standing(app: App, store: Store, now: datetime, to_review: int) -> status_screens.Standing:
    """Return how things stand, with so many of the articles that somebody should look through."""
    watched = {source.name for source in app.sources}
    waits = now - store.visits.longest_due(watched, now)
    return status_screens.Standing(
        fares=[(one, diagnose(one, now)) for one in store.standing.health(now) if one.source in watched],
        last=store.editions.last(),
        outbox=store.outbox.waiting(),
        counts=store.articles.count(),
        revisions=store.articles.revision_count(),
        review=store.articles.review(to_review),
        beat=store.beats.last(anywhere=True),
        now=now,
        unverified=[source.name for source in app.sources if not source.tls_verify],
        crew=None if isinstance(app.database, Path) else crew(store.database, waits),
    )


def health(
    anywhere: Annotated[bool, typer.Option("--any", help="A process on any host of a PostgreSQL database.")] = False,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Say whether the service is at work: exit code 0 when it is, 1 when it is not."""
    now, beat = utc_now(), None
    try:
        with store_beside(config) as store:
            beat = store.beats.last(anywhere=anywhere)
        trouble = beat.trouble(now) if beat else "no service is at work here"
    except StoreError as fault:
        trouble = str(fault)
    if as_json:
        print_json(_health_data(beat, trouble))
    elif beat and not trouble:
        out.print(f"well: {beat.host} was at work {(now - beat.at).total_seconds():.0f} s ago", markup=False)
    if trouble and not as_json:
        fail(trouble)
    raise typer.Exit(bool(trouble))


def _health_data(beat: Beat | None, trouble: str) -> dict[str, object]:
    return {
        "ok": not trouble,
        "trouble": trouble,
        "host": beat.host if beat else None,
        "last_beat": beat.at.isoformat() if beat else None,
    }
