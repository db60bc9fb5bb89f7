"""The commands by name. The module of one is imported when it is called: nobody waits for what another needs."""

import ast
from collections.abc import Mapping
from importlib import import_module
from importlib.resources import files
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup

Table = Mapping[str, str]
PLAIN = None  # the help in boxes loads a reader of Markdown, which takes longer than all else

# each in the form "module:function"
COMMANDS: Table = {
    "demo": "demo:demo",
    "run": "service:run",
    "worker": "service:worker",
    "poll": "poll:poll",
    "digest": "digest:digest",
    "try": "trying:try_page",
    "status": "look:status",
    "health": "look:health",
    "search": "search:search",
    "export": "search:export",
    "backup": "keep:backup",
    "restore": "keep:restore",
    "migrate-store": "keep:migrate_store",
    "serve": "serve:serve",
    "doctor": "doctor:doctor",
    "schema": "sources:schema",
}
SOURCES: Table = {"list": "sources:sources_list", "check": "survey:sources_check", "add": "survey:sources_add"}


class Catalogue(TyperGroup):
    """A group of commands that are listed with their first lines, and imported when they are called."""

    table: ClassVar[Table] = COMMANDS

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - Click's classes, which Typer may bring along
        """Return a command as it is listed: its name and what it does."""
        listed = super().get_command(ctx, cmd_name)
        if listed and cmd_name in self.table:
            listed.short_help = told(self.table[cmd_name])
        return listed

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # noqa: ANN401
        """Return the command that is called, whole."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, loaded(name, self.table[name]) if name and name in self.table else listed, rest


class SourceCatalogue(Catalogue):
    """The commands below `monitor sources`."""

    table = SOURCES


def enter(app: typer.Typer, table: Table) -> None:
    """Enter the commands of a table by their names."""
    for name in table:
        app.command(name)(lambda: None)


def told(place: str) -> str:
    """Return the docstring of the function at a place, read from its module's text."""
    module, _, name = place.partition(":")
    tree = ast.parse(files(__package__).joinpath(f"{module}.py").read_text(encoding="utf-8"))
    found = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name]
    return ast.get_docstring(found[0]) or ""


def loaded(name: str, place: str) -> Any:  # noqa: ANN401 - Click's class
    """Return the command at a place, with its options."""
    module, _, function = place.partition(":")
    alone = typer.Typer(add_completion=False, rich_markup_mode=PLAIN)
    alone.command(name)(getattr(import_module(f"{__package__}.{module}"), function))
    return typer.main.get_command(alone)
