"""A command loads what it uses: who looks at the store does not wait for a web client, a bot and a scheduler."""

import subprocess
import sys
from pathlib import Path

from monitor.cli.catalogue import COMMANDS
from monitor.edges.store import Store
from tests.conftest import environment, in_sqlite, write_config

FOR_THE_WEB = {"httpx", "bs4", "lxml", "soupsieve", "feedparser", "protego", "cryptography"}
FOR_THE_SERVICE = {"telegram", "apscheduler", "jinja2", "prometheus_client"}
FOR_THE_CONFIGURATION = {"ruamel", "dotenv", "monitor.config"}
CALLS = """
import contextlib, sys
from monitor.cli import main
for call in sys.argv[1:]:
    sys.argv = ["monitor", *call.split()]
    with contextlib.suppress(SystemExit):
        main()
print("loaded:", *sys.modules)
"""


def loaded_by(folder: Path, *calls: str) -> tuple[str, set[str]]:
    """Call commands one after another in a new process; return what they print, and the packages loaded at the end."""
    done = subprocess.run(
        [sys.executable, "-c", CALLS, *calls],
        cwd=folder, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    printed, _, names = done.stdout.rpartition("loaded: ")
    return printed, set(names.split())


def test_help_and_version_load_neither_the_configuration_nor_what_works_with_it(tmp_path: Path) -> None:
    printed, loaded = loaded_by(tmp_path, "--version", "--help", "sources --help")
    assert all(f"  {name}" in printed for name in COMMANDS)
    assert loaded & (FOR_THE_WEB | FOR_THE_SERVICE | FOR_THE_CONFIGURATION) == set()


@in_sqlite("what is loaded is asked, not what is stored")
def test_what_only_looks_into_the_store_loads_nothing_for_the_web_or_the_service(tmp_path: Path) -> None:
    write_config(tmp_path, ("Báo Mẫu", "http://127.0.0.1:9/rss"))
    Store(tmp_path / "diembao.sqlite3").__exit__()
    printed, loaded = loaded_by(tmp_path, "status", "search học", "sources list", "export", "health")
    assert printed.startswith("Sources: 0 of 0 well.")
    assert "Báo Mẫu" in printed
    assert loaded & (FOR_THE_WEB | FOR_THE_SERVICE | {"ruamel"}) == set()


def test_without_a_token_nothing_of_telegram_is_loaded_nor_a_model_that_is_not_set(tmp_path: Path) -> None:
    write_config(tmp_path, ("Báo Mẫu", "http://127.0.0.1:9/rss"))
    program = """
import sys
from pathlib import Path
from monitor.app import build
app = build(Path("sources.yaml"))
print(app.channel(), app.admin_chat(), app.witness(), app.listener([], list, print), app.model())
print("telegram" in sys.modules, "httpx" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [*["None"] * 5, "False", "False"]


def test_the_list_of_commands_says_in_full_what_each_does(tmp_path: Path) -> None:
    printed, _ = loaded_by(tmp_path, "--help")
    assert "..." not in printed.replace("[ARGS]...", "")
