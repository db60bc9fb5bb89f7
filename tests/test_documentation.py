"""What can be used is documented, and what is documented can be used."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.catalogue import COMMANDS, SOURCES, loaded
from monitor.config import Settings, load, schema
from monitor.provinces import current

ROOT = Path(__file__).parent.parent
DOCUMENTED = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
KEYS = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def commands() -> Iterator[tuple[str, Any]]:
    """Return every command by its full name."""
    for above, table in (("", COMMANDS), ("sources ", SOURCES)):
        yield from ((f"{above}{name}", loaded(name, place)) for name, place in table.items())


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_command_and_option_is_documented(name: str, command: Any) -> None:  # noqa: ANN401 - Click's own class
    assert f"## `monitor {name}" in DOCUMENTED
    part = DOCUMENTED.split(f"## `monitor {name}")[1].split("\n## ")[0]
    missing = [
        option for one in command.params for option in one.opts if option.startswith("--") and option not in part
    ]
    assert [option for option in missing if option not in {"--config", "--help"}] == []


def test_no_command_is_documented_that_does_not_exist() -> None:
    told = re.findall(r"^## `monitor ((?:sources )?[a-z-]+)", DOCUMENTED, re.MULTILINE)
    assert sorted(told) == sorted(name for name, _ in commands())


def keys(part: dict[str, Any], where: str = "") -> Iterator[str]:
    """Return every key of the schema as an operator writes it: digest.at, sources.select.body."""
    for name, value in part.get("properties", {}).items():
        yield f"{where}{name}"
        for inner in (value, value.get("items", {}), *value.get("anyOf", [])):
            if reference := inner.get("$ref"):
                yield from keys(schema()["$defs"][reference.rsplit("/", 1)[1]], f"{where}{name}.")


@pytest.mark.parametrize("key", list(keys(schema())))
def test_every_key_of_sources_yaml_is_documented(key: str) -> None:
    assert f"`{key}`" in KEYS


@pytest.mark.parametrize("setting", [name.upper() for name in Settings.model_fields])
def test_every_setting_of_the_environment_is_documented(setting: str) -> None:
    assert f"`{setting}`" in KEYS


def test_the_schema_for_editors_is_the_one_the_program_uses() -> None:
    kept = json.loads((ROOT / "docs" / "sources.schema.json").read_text(encoding="utf-8"))
    assert kept == schema(), "run: monitor schema > docs/sources.schema.json"


@pytest.mark.parametrize("page", ["README.md", "README.vi.md", "docs/sources.md"])
def test_every_example_of_sources_yaml_is_accepted(page: str, tmp_path: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    examples = [one for one in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "sources:" in one]
    assert examples
    for example in examples:
        (tmp_path / "sources.yaml").write_text(example, encoding="utf-8")
        assert load(tmp_path / "sources.yaml").sources


def test_the_shipped_list_watches_every_province_and_says_what_is_known_of_each_address() -> None:
    text = (ROOT / "sources.yaml").read_text(encoding="utf-8")
    assert "$schema=docs/sources.schema.json" in text.splitlines()[0]
    config = load(ROOT / "sources.yaml")
    assert {entry.province for entry in config.sources} >= set(current())
    assert [entry.name for entry in config.sources if not re.match(r"seen|inferred", entry.note or "")] == []


def test_the_readme_names_the_two_commands_and_every_link_leads_somewhere() -> None:
    assert "make demo" in README
    assert "make test" in README
    for page in [ROOT / "README.md", ROOT / "README.vi.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target, heading in re.findall(r"\]\(([^)#\s]*)(?:#([^)]*))?\)", page.read_text(encoding="utf-8")):
            if not target.startswith(("http://", "https://")):
                led = page.parent / target if target else page
                assert led.exists(), f"{page.name} links to {target}"
                assert not heading or heading in headings(led), f"{page.name} links to {target}#{heading}"


def headings(page: Path) -> set[str]:
    """Return the headings of a page as they are named in links."""
    told = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in told}


def test_what_docs_and_messages_tell_to_make_can_be_made() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "monitor").rglob("*.py")]
    told = {
        name for page in pages for name in re.findall(r"(?:^|`)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"demo", "test", "cluster"} <= told <= made
    extras = {extra for page in pages for extra in re.findall(r"--extra ([a-z]+)", page.read_text("utf-8"))}
    packaged = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert extras == set(packaged)


def test_help_is_there_for_every_command() -> None:
    for name, command in commands():
        assert command.help or command.callback.__doc__, name
        assert isinstance(command.params, list)
        assert all(one.help for one in command.params), name


def test_every_proof_that_the_threat_model_names_exists() -> None:
    proofs = re.findall(r"`((?:tests|battery|deploy|\.ci)/[\w./-]+)(?:::(\w+))?`", SECURITY)
    assert len(proofs) > 30
    for path, name in proofs:
        assert (ROOT / path).exists(), path
        assert not name or f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{name}"
