"""The files for systemd and containers: what they name exists, what they promise stands in them."""

import ctypes
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from monitor.config import Settings
from tests.conftest import ROOT, environment
from tests.test_documentation import commands

DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "diembao.service").read_text(encoding="utf-8")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = YAML(typ="safe").load(DEPLOY / "compose.yaml")["services"]["diembao"]
CLUSTER = YAML(typ="safe").load(DEPLOY / "cluster" / "compose.yaml")
OURS = {"diembao": COMPOSE, "worker": CLUSTER["services"]["worker"]}
OTHERS = {"PATH", "TZ", "SQLITE_TMPDIR", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
"""Variables that are read by what the program stands on."""
INSTALL = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
SETTINGS = {name.upper() for name in Settings.model_fields}
STATE = "/var/lib/diembao"


def unit(key: str) -> list[str]:
    """Return the values of a key of the unit."""
    return re.findall(rf"^{key}=(.*)$", UNIT, re.MULTILINE)


def test_the_unit_runs_the_service_and_writes_only_its_own_folder() -> None:
    program, *words = unit("ExecStart")[0].split()
    assert words[0] in {name for name, _ in commands()}
    assert words[1:] == ["--config", "/etc/diembao/sources.yaml"]
    assert f"uv pip install --python {Path(program).parent}/python" in INSTALL
    assert unit("StateDirectory") == [Path(STATE).name]
    assert unit("WorkingDirectory") == [STATE]
    kept = dict(pair.split("=", 1) for line in unit("Environment") for pair in line.split())
    assert all(kept[name].startswith(STATE + "/") for name in ("MONITOR_DATABASE", "MONITOR_DIGESTS"))
    assert unit("DynamicUser") == ["yes"]
    assert unit("ProtectSystem") == ["strict"]
    assert unit("RestartPreventExitStatus") == ["2"]


def test_the_units_token_is_a_credential_and_stands_in_no_environment() -> None:
    name, path = unit("LoadCredential")[0].split(":")
    assert name.upper() in SETTINGS
    assert path in INSTALL
    assert not any("TOKEN" in line for line in unit("Environment"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_accepts_the_unit_and_rates_its_exposure_as_low(tmp_path: Path) -> None:
    program = unit("ExecStart")[0].split()[0]
    (tmp_path / "diembao.service").write_text(UNIT.replace(program, sys.executable), encoding="utf-8")
    checked = subprocess.run(
        ["/usr/bin/env", "systemd-analyze", "verify", tmp_path / "diembao.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "diembao.service" not in checked.stderr, checked.stderr
    rated = subprocess.run(
        ["/usr/bin/env", "systemd-analyze", "security", "--offline=true", tmp_path / "diembao.service"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    exposure = re.search(r"Overall exposure level for diembao.service: ([\d.]+)", rated.stdout)
    assert exposure, rated.stderr
    assert float(exposure[1]) <= 1.5


def test_the_program_runs_where_memory_is_never_both_written_and_run() -> None:
    def deny() -> None:
        ctypes.CDLL(None).prctl(65, 1, 0, 0, 0)  # PR_SET_MDWE, as MemoryDenyWriteExecute= asks for

    done = subprocess.run(
        [sys.executable, "-c", "import monitor.cli, monitor.service, monitor.digest.pictures, monitor.edges.parsing"],
        env=environment(), preexec_fn=deny, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_image_is_locked_runs_as_nobody_and_starts_the_service() -> None:
    _, build, final = DOCKERFILE.split("\nFROM ")
    assert build.count("uv sync --locked --no-dev") == 2
    users = re.findall(r"^USER (\d+):(\d+)$", final, re.MULTILINE)
    assert users == [("10001", "10001")]
    assert f"--uid {users[0][0]}" in final
    assert final.index("\nUSER ") < final.index("\nENTRYPOINT ")
    assert 'ENTRYPOINT ["monitor"]' in final
    assert 'CMD ["run", "--config", "/etc/diembao/sources.yaml"]' in final
    assert set(re.findall(r"\b(MONITOR_\w+)=(?:/data)", final)) == {"MONITOR_DATABASE", "MONITOR_DIGESTS"}
    copied = {word for line in re.findall(r"^COPY (?!--)(.*)$", build, re.MULTILINE) for word in line.split()[:-1]}
    allowed = set(re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE))
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


def test_the_container_can_write_nothing_but_its_data() -> None:
    assert COMPOSE["read_only"] is True
    assert COMPOSE["cap_drop"] == ["ALL"]
    assert COMPOSE["security_opt"] == ["no-new-privileges:true"]
    assert COMPOSE["user"] == "10001:10001"
    writable = [one for one in COMPOSE["volumes"] if not one.endswith(":ro")]
    assert writable == ["data:/data"]
    assert "TELEGRAM_BOT_TOKEN" not in COMPOSE["environment"]
    assert (DEPLOY / COMPOSE["build"]["context"] / COMPOSE["build"]["dockerfile"]).exists()


def test_every_call_in_the_files_is_one_that_the_program_takes() -> None:
    known = dict(commands())
    calls = [json.loads(found) for found in re.findall(r"^(?:CMD|    CMD) (\[.*\])$", DOCKERFILE, re.MULTILINE)]
    calls += [CLUSTER["services"]["worker"]["command"], unit("ExecStart")[0].split()]
    assert len(calls) == 4
    for call in calls:
        name, *words = call[1:] if Path(call[0]).name == "monitor" else call
        options = {option for parameter in known[name].params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, call
        assert words[words.index("--config") + 1] == "/etc/diembao/sources.yaml"


def test_every_variable_in_the_files_is_one_that_is_read() -> None:
    final = DOCKERFILE.split("\nFROM ")[-1]
    lines = re.findall(r"^ENV (.*(?:\\\n.*)*)$", final, re.MULTILINE)
    named = {name for line in lines for name in re.findall(r"\b([A-Z_]+)=", line)}
    named |= {name for service in OURS.values() for name in service["environment"]}
    named |= {pair.partition("=")[0] for line in unit("Environment") for pair in line.split()}
    assert {name for name in named if name.removesuffix("_FILE") not in SETTINGS} <= OTHERS
    assert {"MONITOR_DATABASE", "TZ", "TELEGRAM_BOT_TOKEN_FILE"} <= named


@pytest.mark.parametrize("name", list(OURS))
def test_a_container_starts_again_stops_in_order_and_fills_no_disk(name: str) -> None:
    service = OURS[name]
    assert service["restart"] == "unless-stopped"
    assert service["init"] is True
    assert int(service["stop_grace_period"].removesuffix("s")) > 10, "the service takes up to ten"
    assert service["logging"] == {"driver": "local", "options": {"max-size": "10m", "max-file": "5"}}
    assert "healthcheck" not in service, "that of the image"
    assert {volume.split(":")[1] for volume in service["volumes"]} == {"/etc/diembao", "/data"}
    secrets = {path.rsplit("/", 1)[1] for key, path in service["environment"].items() if key.endswith("_FILE")}
    assert secrets == set(service["secrets"])


def test_the_unit_is_started_again_however_often_and_outlives_a_killed_reader() -> None:
    assert unit("Restart") == ["on-failure"]
    assert unit("StartLimitIntervalSec") == ["0"]
    assert unit("KillMode") == ["mixed"]
    assert unit("OOMPolicy") == ["continue"]
    assert "ProcSubset" not in UNIT, "without /proc/stat the process_ figures are empty"


def test_the_health_check_is_a_command_that_needs_no_port() -> None:
    check = re.search(r"^HEALTHCHECK .*\\\n +CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert check
    program, name, *options = json.loads(check[1])
    assert (program, options) == ("monitor", ["--config", "/etc/diembao/sources.yaml"])
    assert name in {one for one, _ in commands()}


def test_a_wheel_holds_all_that_the_program_reads(tmp_path: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    made = subprocess.run(
        [uv, "build", "--wheel", "--offline", "--quiet", "--out-dir", tmp_path, ROOT],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip(f"nothing can be built here: {made.stderr.strip().splitlines()[-1]}")
    held = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "monitor").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours <= held
    assert not [name for name in held if name.startswith(("tests/", "battery/", "bench/"))]
    for kind in (".sql", ".toml", ".json", ".j2", ".css", ".js", ".svg"):
        assert any(name.endswith(kind) for name in held), kind
