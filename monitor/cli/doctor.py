"""The command that looks for what is wrong before it goes wrong: doctor."""

import typer

from monitor import doctor as checks
from monitor.app import utc_now
from monitor.cli.options import DEFAULT, Config, Json, out, print_json


def doctor(config: Config = DEFAULT, as_json: Json = False) -> None:
    """Check the configuration, the database, the archive and the clock."""
    found = checks.examine(config, utc_now())
    if as_json:
        print_json([{"check": one.name, "ok": one.ok, "warns": one.warns, "says": one.says} for one in found])
    else:
        for one in found:
            mark = "[red]✗[/]" if not one.ok else "[yellow]![/]" if one.warns else "[green]✓[/]"
            out.print(f"{mark} {one.name}: ", end="")
            out.print(one.says, markup=False, soft_wrap=True)
    if not all(one.ok for one in found):
        raise typer.Exit(1)
