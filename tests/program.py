"""The program's own text, parsed when it is first asked for."""

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "monitor"


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
"""The file of each module, by its name."""


@cache
def parsed(name: str) -> ast.Module:
    """Return the text of a module as Python's parser reads it."""
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    """Return every node of a module's text."""
    return tuple(ast.walk(parsed(name)))
