"""The command `monitor`: results on standard output, progress and faults on standard error.

Exit codes: 0 done, 1 something failed and is named, 2 the call or the configuration is wrong.
"""

import io
import os
import sys
import traceback
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli.catalogue import COMMANDS, PLAIN, SOURCES, Catalogue, SourceCatalogue, enter
from monitor.cli.options import DEFAULT, Config, err
from monitor.errors import BusyError, ConfigError, DiemBaoError, UsageError
from monitor.redaction import redact

app = typer.Typer(
    name="monitor",
    cls=Catalogue,
    help="Reads provincial news sites, keeps one campaign's articles, posts one digest a day.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=PLAIN,
    context_settings={"help_option_names": ["-h", "--help"]},
)
enter(app, COMMANDS)
sources = typer.Typer(cls=SourceCatalogue, help="What is watched.", no_args_is_help=True, rich_markup_mode=PLAIN)
enter(sources, SOURCES)
app.add_typer(sources, name="sources")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"monitor {__version__}")
        raise typer.Exit


@app.callback()
def common(
    ctx: typer.Context,
    config: Config = DEFAULT,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take --config also before the command."""
    del version  # its callback has done all
    given = {"config": str(config)}
    ctx.default_map = {**dict.fromkeys(COMMANDS, given), "sources": dict.fromkeys(SOURCES, given)}


def main() -> None:
    """Run a command; expected faults end it with one line each, never with a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Vietnamese is printed whatever language the system speaks
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        _run()
    except DiemBaoError as fault:
        for one in redact(str(fault)).splitlines():
            err.print(f"monitor: {one}", style="red", markup=False, soft_wrap=True)
        sys.exit(2 if isinstance(fault, ConfigError | UsageError | BusyError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as fault:
        if not isinstance(fault, BrokenPipeError):  # the reader of a pipe has seen enough: nothing to tell
            said = f"{fault.filename or 'what is printed'}: {fault.strerror or fault}"
            err.print(f"monitor: {redact(said)}", style="red", markup=False, soft_wrap=True)
        sys.exit(1)
    except Exception:  # noqa: BLE001 - a fault of our own, told in full but for secrets
        err.print(redact(traceback.format_exc()), markup=False, soft_wrap=True)
        sys.exit(1)


def _run() -> None:
    """Run a command and see that all it printed is written; raises OSError when it is not."""
    try:
        app()
    finally:
        if sys.stdout:
            try:
                sys.stdout.flush()
            except OSError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else it is tried again at the exit
                raise
