"""The commands about sources.yaml as it stands: sources list, schema."""

from collections.abc import Container, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from monitor.app import App, build
from monitor.cli.options import DEFAULT, Config, Json, out, print_json
from monitor.config import schema as json_schema
from monitor.errors import StoreError
from monitor.models import Source


def sources_list(config: Config = DEFAULT, as_json: Json = False) -> None:
    """List the sources of the configuration."""
    app = build(config)
    paused = _paused(app)
    if as_json:
        print_json([_data(source, paused) for source in app.sources])
    else:
        out.print(_blocks(app.sources, paused), soft_wrap=True)


def _paused(app: App) -> set[str]:
    """Return the sources that are not visited for now, none without a store that can be read."""
    try:
        with app.store(read_only=True) as store:
            return {one.source for one in store.standing.health(app.clock()) if one.paused_at}
    except StoreError:
        return set()


def _blocks(listed: Sequence[Source], paused: Container[str]) -> RenderableType:
    """Return the sources of the configuration, a block each; addresses stay whole."""
    blocks = []
    for source in listed:
        minutes = f"every {source.every.total_seconds() / 60:g} min" if source.every else "as often as it changes"
        blocks += [
            Text(source.name, style="bold"),
            Text(f"  {source.province or 'national'} · {'paused' if source.name in paused else minutes}"),
            Text(f"  {source.url}", style="blue"),
            *(Text(f"  {leave}", style="red") for leave in _leaves(source)),
            *([Text(f"  {source.note}", style="dim")] if source.note else []),
        ]
    return Group(*blocks)


def _leaves(source: Source) -> Iterator[str]:
    """Return what the operator waived for a source."""
    if not source.tls_verify:
        yield "its certificate is not checked (tls_verify: false)"
    if not source.robots:
        yield "its robots.txt is not asked (robots: ignore)"


def _data(source: Source, paused: Container[str]) -> dict[str, object]:
    """Return one source for a program."""
    return {
        "source": source.name,
        "province": source.province,
        "url": source.url,
        "every_seconds": source.every.total_seconds() if source.every else None,
        "tls_verify": source.tls_verify,
        "robots": "obey" if source.robots else "ignore",
        "note": source.note,
        "paused": source.name in paused,
    }


def schema() -> None:
    """Print the JSON Schema of sources.yaml, for editors."""
    print_json(json_schema())
