"""The house: which room may import which, and that nothing runs in a circle."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter

import pytest

from monitor import errors
from tests.program import MODULES, PACKAGE, nodes

GROUND = {"models", "vietnamese", "provinces", "urls", "errors", "redaction", "marks", "links", "reasons"}
STAGES = {"scrape", "campaign", "dedup", "digest", "delivery", "schedule", "health", "impressions", "reach"}
EDGES = {"authorities", "fetch", "store", "telegram", "archive", "memory", "metrics", "model", "parsing", "server"}
STORIES = {"poll", "publish", "archiving", "drafting"}
JOINING = {"joining"}  # what both stories do with what is stored: an article finds its story
# who may import whom, by room; a stage or an edge may always import itself
ALLOWED: dict[str, set[str]] = {
    **dict.fromkeys(GROUND, GROUND),
    **dict.fromkeys(STAGES, GROUND),
    **{f"edges.{room}": GROUND | {"edges.authorities"} for room in EDGES},
    "health": GROUND | {"impressions"},
    "config": GROUND | {"campaign"},
    "app": GROUND | {"campaign", "config", "delivery"} | {f"edges.{room}" for room in EDGES},
    "following": GROUND | STAGES | JOINING | {"app", "gather", "reading", "edges.fetch", "edges.store"},
    "reading": GROUND | {"scrape", "campaign"},
    "gather": GROUND | {"scrape", "edges.fetch", "edges.parsing"},
    "backfill": GROUND | {"scrape", "gather", "edges.fetch", "edges.store"},
    "catching_up": GROUND | {"schedule", "gather", "backfill", "following"},
    "survey": GROUND | STAGES | {"app", "gather", "reading", "edges.fetch"},
    "joining": GROUND | {"dedup", "edges.store"},
    **{
        room: GROUND
        | STAGES
        | JOINING
        | {"app", "gather", "backfill", "catching_up", "following", "reading"}
        | {f"edges.{edge}" for edge in EDGES}
        for room in STORIES
    },
    "alerting": GROUND | {"app", "delivery", "edges.store"},
    "archiving": GROUND | STAGES | {"app", "drafting", "edges.archive", "edges.store"},
    "posting": GROUND | {"app", "delivery", "digest", "drafting"} | {f"edges.{edge}" for edge in EDGES},
    "publish": GROUND
    | STAGES
    | JOINING
    | {"app", "archiving", "drafting", "posting"}
    | {f"edges.{edge}" for edge in EDGES},
    "bot": GROUND | STAGES | {"app", "drafting", "posting", "publish", "edges.store"},
    "housekeeping": GROUND | {"app", "edges.store"},
    "service": GROUND
    | STORIES
    | {"alerting", "app", "bot", "delivery", "digest", "health", "housekeeping", "reach", "schedule"}
    | {f"edges.{edge}" for edge in EDGES},
    "cluster": GROUND
    | STORIES
    | {"app", "bot", "service", "housekeeping", "alerting"}
    | {f"edges.{edge}" for edge in EDGES},
    "doctor": GROUND | {"app", "posting"} | {f"edges.{edge}" for edge in EDGES},
    "demo": GROUND | STORIES | {"app", "config", "edges.archive"},
    "cli": GROUND
    | STAGES
    | STORIES
    | {"app", "cluster", "config", "service", "doctor", "demo", "reading", "survey"}
    | {f"edges.{e}" for e in EDGES},
    "__main__": {"cli"},
}
WIDEST = 110  # letters of a line of the design's tree
# what reaches outside the process, or makes the same data give different results
EFFECTS = {"httpx", "sqlite3", "telegram", "apscheduler", "yaml", "ruamel", "os", "random", "time", "socket", "asyncio"}


def room(module: str) -> str:
    """Return the room of a module: its first part below the package, an edge with its name."""
    parts = module.split(".")[1:]
    return ".".join(parts[:2]) if parts[:1] == ["edges"] else parts[0]


ROOMS = sorted({room(name) for name in MODULES if name not in {"monitor", "monitor.edges"}})


def imports(name: str) -> Iterator[str]:
    """Return every module that a module imports, anywhere in its text."""
    for node in nodes(name):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = [f"{node.module}.{alias.name}" for alias in node.names]
            ours = [one for one in below if one in MODULES]
            yield from ours or [node.module]


def imported_rooms(name: str) -> set[str]:
    ours = {one for one in imports(name) if one.startswith("monitor.") and one in MODULES}
    return {room(one) for one in ours if one != "monitor.edges"}


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_imports_only_what_the_plan_allows(name: str) -> None:
    assert name in ALLOWED, f"{name} is a new room: give it a place in ALLOWED and in docs/design.md"
    inside = [module for module in MODULES if module not in {"monitor", "monitor.edges"} and room(module) == name]
    taken = set().union(*(imported_rooms(module) for module in inside)) - {name}
    assert taken <= ALLOWED[name], f"{name} imports {sorted(taken - ALLOWED[name])}"


@pytest.mark.parametrize("name", sorted(GROUND | STAGES))
def test_ground_and_stages_have_no_effects(name: str) -> None:
    inside = [module for module in MODULES if module != "monitor" and room(module) == name]
    outside = {one.split(".")[0] for module in inside for one in imports(module)}
    assert not outside & EFFECTS


def test_nothing_imports_in_a_circle() -> None:
    graph = {name: {one for one in imports(name) if one in MODULES and one != name} for name in MODULES}
    for taken in graph.values():
        taken.discard("monitor")  # only its version number
    assert list(TopologicalSorter(graph).static_order())


def test_the_tree_of_faults_is_drawn_whole() -> None:
    drawn = re.findall(r"^[│├└─ ]*(\w+Error)\b", errors.__doc__ or "", re.MULTILINE)
    assert Counter(drawn) == Counter(name for name in vars(errors) if name.endswith("Error"))


def test_the_design_draws_every_room_and_names_every_file_once() -> None:
    design = (PACKAGE.parent / "docs" / "design.md").read_text(encoding="utf-8")
    tree = next(block for block in design.split("```") if block.startswith("\nmonitor/"))
    assert [name for name in ROOMS if name.removeprefix("edges.") not in tree] == []
    files = Counter(path.name for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
    assert Counter(re.findall(r"\w+\.py\b", tree)) == files
    assert max(map(len, tree.splitlines())) <= WIDEST


def readers(name: str) -> set[str]:
    """Return what a module imports of those who read pages, by the names it has for them."""
    taken = (node for node in nodes(name) if isinstance(node, ast.ImportFrom) and node.module)
    return {
        alias.asname or alias.name
        for node in taken
        for alias in node.names
        if str(node.module).startswith(("monitor.scrape", "monitor.reading"))
    }


def test_what_reads_a_stranger_s_page_is_called_only_in_a_process_that_can_be_killed() -> None:
    handed, called = set[str](), set[tuple[str, str]]()
    for name in MODULES:
        if name == "monitor" or room(name) in {"scrape", "reading"}:
            continue
        for call in (node for node in nodes(name) if isinstance(node, ast.Call)):
            of = [call.func] if not ast.unparse(call.func).endswith(".call") else call.args[:1]
            found = {one.id for one in of if isinstance(one, ast.Name)} & readers(name)
            if of == [call.func]:
                called |= {(name, one) for one in found}
            else:
                handed |= found
    assert {"read", "discover", "offers", "onward", "given", "breaks"} <= handed
    assert {(name, one) for name, one in called if one in handed} == set()
