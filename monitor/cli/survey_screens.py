"""What `sources check` and `sources add` print: for a person, and for a program."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from monitor.cli.screens import local
from monitor.scrape.mending import Break
from monitor.survey import Check, Sample, Survey
from monitor.vietnamese import sort_key


def checks(done: Sequence[Check], zone: ZoneInfo) -> RenderableType:
    """Return how sources fare, a block each, those in trouble first, and the sum in a line."""
    blocks: list[RenderableType] = []
    for one in sorted(done, key=lambda one: (one.ok, sort_key(one.source.name))):
        head = Text("✓ " if one.ok else "✗ ", style="green" if one.ok else "red").append(one.source.name, style="bold")
        blocks.append(head)
        if one.kind:
            newest = f", newest {local(one.newest, zone)}" if one.newest else ""
            blocks.append(Text(f"  {one.kind}, {one.links} article links{newest}"))
        if one.sample and one.sample.article:
            blocks.append(Text(f"  “{one.sample.article.title}”"))
            blocks.append(Text(f"  gives {', '.join(one.sample.fields)}", style="dim"))
        if one.fault:
            blocks.append(Text(f"  {one.fault}", style="red"))
        blocks += [Text(f"  {mend(broken)}", style="red") for broken in one.breaks]
        if one.breaks and one.good:
            blocks.append(Text(f"  the last page that gave them: {local(one.good.seen_at, zone)} {one.good.page.url}"))
        if one.advice:
            blocks.append(Text(f"  → {one.advice}"))
        blocks.append(Text(f"  {one.source.url}", style="blue"))
    failing = sum(not one.ok for one in done)
    return Group(*blocks, Text(f"{len(done) - failing} of {len(done)} sources can be read."))


def mend(one: Break) -> str:
    """Return what is broken and what mends it, in a line."""
    said = f"select.{one.field}: {one.selector!r} names nothing" if one.selector else f"{one.field}: not found any more"
    if one.spare:
        return f"{said}; leave it out: the common reader finds it"
    found = f'{one.field}: "{one.proposal}"' if one.proposal.startswith("#") else f"{one.field}: {one.proposal}"
    return f"{said}; `select: {{{found}}}` does" if one.proposal else f"{said}; nothing on the page stands for it"


def check_data(one: Check) -> dict[str, object]:
    """Return how a source fares, for a program."""
    return {
        "source": one.source.name,
        "url": one.source.url,
        "ok": one.ok,
        "kind": one.kind,
        "links": one.links,
        "newest": one.newest.isoformat() if one.newest else None,
        "sample": sample_data(one.sample) if one.sample else None,
        "fault": one.fault,
        "advice": one.advice,
        "breaks": [asdict(broken) for broken in one.breaks],
        "seconds": one.seconds,
    }


def sample_data(one: Sample) -> dict[str, object]:
    """Return what an article would look like, for a program."""
    article = one.article
    return {
        "url": one.url,
        "title": article.title if article else "",
        "published": article.published.isoformat() if article and article.published else None,
        "lead": article.lead if article else "",
        "label": one.match.label if one.match else None,
        "fields": list(one.fields),
        "fault": one.fault,
    }


def survey(found: Survey, entry: Mapping[str, str], zone: ZoneInfo) -> RenderableType:
    """Return what was found at an address: what was tried, the first articles, the entry to be written."""
    newest = f", newest {local(found.newest, zone)}" if found.newest else ""
    blocks: list[RenderableType] = [Text(f"✗ {one}", style="dim") for one in found.tried]
    blocks.append(Text(f"✓ {found.source.url}", style="green"))
    blocks += [Text(f"  {found.kind}, {found.links} article links{newest}"), Text("")]
    for one in found.samples:
        if one.article and one.match:
            blocks.append(Text(one.article.title, style="bold"))
            blocks.append(
                Text(f"{local(one.article.published, zone)} · {one.match.label} {one.match.score:g}", style="dim")
            )
            blocks += [Text(one.article.lead or "no lead"), Text("")]
        else:
            blocks += [Text(f"✗ {one.url}: {one.fault}", style="red"), Text("")]
    return Group(*blocks, *(Text(f"{key}: {value}") for key, value in entry.items()))


def survey_data(found: Survey, entry: Mapping[str, str]) -> dict[str, object]:
    """Return what was found at an address, for a program."""
    return {
        "entry": dict(entry),
        "kind": found.kind,
        "links": found.links,
        "newest": found.newest.isoformat() if found.newest else None,
        "samples": [sample_data(one) for one in found.samples],
        "tried": list(found.tried),
    }
