"""How one source of the configuration fares right now, and what to do where it does not."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor import urls
from monitor.app import App
from monitor.edges.fetch import Web
from monitor.errors import FetchError, UnreadableError
from monitor.gather import Visitor, gather
from monitor.health import remedy
from monitor.models import Kind, Memory, Progress, Select, Source, Specimen
from monitor.scrape.mending import Break, breaks, given
from monitor.survey.sample import Sample, newest, samples

_LOOKED_AT = 3  # articles, until one can be read
_FORGEABLE = "its certificate is not checked (tls_verify: false): anybody on the way may forge its news"


@dataclass(frozen=True, slots=True)
class Check:
    """How one source fares right now; `advice` says what to do about it, or better.

    `breaks` are the fields that its articles do not give though they should; `good` is the last
    page that did.
    """

    source: Source
    kind: Kind | None = None
    links: int = 0
    newest: datetime | None = None
    sample: Sample | None = None
    fault: str = ""
    advice: str = ""
    seconds: float = 0.0
    breaks: tuple[Break, ...] = ()
    good: Specimen | None = None

    @property
    def ok(self) -> bool:
        """Whether it can be read."""
        return not self.fault


async def check(app: App, web: Web, source: Source, progress: Progress, kept: Sequence[Specimen] = ()) -> Check:
    """Visit a source's listing and the first article on it that can be read; `kept` are its specimens."""
    began = time.monotonic()
    progress(source.name, "listing")
    try:
        found = await _compared(app, await _checked(app, web, source, progress), kept)
    except (FetchError, UnreadableError) as fault:
        found = Check(source, fault=str(fault), advice=remedy(str(fault)))
    if not source.tls_verify:
        found = replace(found, advice="; ".join(filter(None, (_FORGEABLE, found.advice))))
    progress(source.name, "done")
    return replace(found, seconds=round(time.monotonic() - began, 2))


async def _checked(app: App, web: Web, source: Source, progress: Progress) -> Check:
    gathered = await gather(Visitor(web, app.parsing), source, Memory(), app.clock())
    links = gathered.links
    kind = gathered.listing.kind if gathered.listing else None
    progress(source.name, "a sample")
    read = await samples(app, web, source, links[:_LOOKED_AT], enough=1)
    good = next((one for one in read if one.article), read[-1])
    fault = f"none of its first articles can be read: {good.fault}" if good.fault else ""
    advice = "see `monitor try` with one of its addresses; `select:` names where title and text stand" if fault else ""
    if gathered.landed and urls.site(gathered.landed) != urls.site(source.url):
        advice = f"its address leads to another host: put {gathered.landed} into `url`"
    elif gathered.via and not fault:
        advice = f"read from {gathered.via}; put that into `url` to spare a visit"
    return Check(source, kind, len(links), newest(links), good, fault, advice)


async def _compared(app: App, found: Check, kept: Sequence[Specimen]) -> Check:
    """Hold the newest article's page, else the kept bad one, against the last good one."""
    select, now = found.source.select, app.clock()
    good = next((one for one in kept if one.good), None)
    bad = next((one.page for one in kept if not one.good), None)
    page = found.sample.page if found.sample and found.sample.page else bad
    if page is None or not (good or select != Select()):
        return found
    before = await app.parsing.call(given, good.page, select, now) if good else frozenset[str]()
    return replace(found, breaks=await app.parsing.call(breaks, page, select, now, before), good=good)
