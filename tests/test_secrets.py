"""The token is in no output of any command, in no file it leaves behind, and in no `repr`."""

import asyncio
import json
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from monitor.app import App
from monitor.config import Settings, exposed, load_settings
from monitor.edges.store import Store
from monitor.errors import ConfigError, DeliveryError
from monitor.models import Part
from tests import bot_api, commands
from tests.commands import ended
from tests.conftest import Run, environment, on_both, write_config
from tests.loopback import Loopback
from tests.newsroom import publish, report
from tests.postgres import dumped
from tests.talking import Person, heard
from tests.test_service import started, until
from tests.test_store import keep

SECRET = bot_api.TOKEN.split(":")[1]


@contextmanager
def loud(folder: Path, *words: str, env: dict[str, str]) -> Iterator[tuple[BaseProcess, Path]]:
    """Start a command with everything it and its libraries say in one file; it is killed if it still runs."""
    with TemporaryDirectory() as streams:
        told = Path(streams, "told")
        env |= {"PYTHONASYNCIODEBUG": "1"}
        with commands.started(words, folder, env, told, told, loud=True) as process:
            yield process, told


def said(folder: Path, *words: str, env: dict[str, str]) -> str:
    with loud(folder, *words, env=env) as (process, told):
        ended(process, 120)
        return told.read_text("utf-8")


def left_behind(folder: Path, database: Path | str) -> bytes:
    """Return all bytes of all files below a folder, and of a database on a server."""
    files = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return files + (dumped(database) if isinstance(database, str) else b"")


@pytest.mark.parametrize("fault", ["", "401", "unreachable"])
def test_posting_never_says_the_token_and_no_file_holds_it(
    telegram: bot_api.BotApi, tmp_path: Path, env: dict[str, str], database: Path | str, fault: str
) -> None:
    now = datetime.now(UTC)
    write_config(tmp_path, ("Báo Mẫu", "https://bao.example/rss"))
    with Store(database) as store:
        store.sources.enrol(["Báo Mẫu"], now)
        keep(store, report(1, now))
    env |= telegram.environment() | {"TELEGRAM_ADMIN_CHAT": str(bot_api.ADMIN)}
    if fault == "unreachable":
        env |= {"TELEGRAM_API_URL": "http://127.0.0.1:9/bot"}
    telegram.faults = [fault] if fault else []
    output = said(tmp_path, "digest", env=env)
    assert "DEBUG httpcore" in output
    assert "DEBUG telegram" in output
    assert "Archived:" in output
    assert SECRET not in output
    assert SECRET.encode() not in left_behind(tmp_path, database)


def test_commands_that_only_look_never_say_the_token(
    site: Loopback, telegram: bot_api.BotApi, tmp_path: Path, env: dict[str, str], database: Path | str
) -> None:
    publish(site, 2, datetime.now(UTC))
    write_config(tmp_path, ("Báo Mẫu", site.url("/rss/home.rss")))
    for word in ("poll", "status", "doctor"):
        assert SECRET not in said(tmp_path, word, env=env | telegram.environment())
    assert SECRET.encode() not in left_behind(tmp_path, database)


async def test_the_service_and_its_bot_never_say_the_token(
    site: Loopback, telegram: bot_api.BotApi, tmp_path: Path, env: dict[str, str], database: Path | str
) -> None:
    publish(site, 2, datetime.now(UTC))
    write_config(tmp_path, ("Báo Mẫu", site.url("/rss/home.rss")))
    telegram.server.poll_faults = ["502_before", "409"]
    bot = telegram.world.bots[bot_api.TOKEN]
    telegram.world.add_chat(4242, "private", "", bot)
    with loud(tmp_path, "run", env=env | telegram.environment()) as (process, told):
        reader = Person(telegram, 4242)
        telegram.world.write(reader.number, "/tim học")
        await heard(telegram)
        process.terminate()
        await asyncio.to_thread(ended, process, 60)
        output = told.read_text("utf-8")
    assert reader.seen[-1].bot
    assert "getUpdates" in output
    assert "<token>" in output
    assert SECRET not in output
    assert SECRET.encode() not in left_behind(tmp_path, database)


FAULTY = f"""
import sys
from monitor.cli import app, main
@app.command()
def fail():
    "Raise what a library might."
    raise RuntimeError("POST https://api.telegram.org/bot{bot_api.TOKEN}/sendMessage")
sys.argv = ["monitor", "fail"]
main()
"""


def test_a_fault_nobody_foresaw_is_told_in_full_without_the_token(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAULTY], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "RuntimeError: POST https://api.telegram.org/bot<token>/sendMessage" in done.stderr
    assert SECRET not in done.stdout + done.stderr


async def test_no_repr_and_no_traceback_holds_the_token(
    app_for: Callable[..., App], store: Store, telegram: bot_api.BotApi
) -> None:
    settings = {name.lower(): value for name, value in telegram.environment().items()}
    proxy = "socks5://ten:matkhau@127.0.0.1:9"
    app = app_for(("Báo Mẫu", "https://bao.example/rss"), telegram_proxy=proxy, **settings)
    channel = app.channel()
    listener = app.listener([], lambda _: [], lambda _: None)
    assert channel
    assert listener
    told = [repr(one) for one in (app, app.settings, channel, listener, store)]
    try:
        async with channel:
            await channel.post(Part(1, 1, "x"))
    except DeliveryError as fault:
        told += [repr(fault), str(fault), "".join(traceback.format_exception(fault))]
    else:
        pytest.fail("the proxy is not there")
    async with listener:
        pass
    assert not [one for one in told if SECRET in one or "matkhau" in one]


def file_of(folder: Path, text: str, mode: int, name: str = "token") -> Path:
    path = folder / name
    path.write_text(text)
    path.chmod(mode)
    return path


def token_of(settings: Settings) -> str:
    assert settings.telegram_bot_token
    return settings.telegram_bot_token.get_secret_value()


def test_the_token_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(file_of(tmp_path, f"{bot_api.TOKEN}\n", 0o600)))
    assert token_of(load_settings(tmp_path)) == bot_api.TOKEN


def test_the_token_may_be_a_credential_of_systemd_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert load_settings(tmp_path).telegram_bot_token is None
    file_of(tmp_path, bot_api.TOKEN, 0o400, "telegram_bot_token")
    assert token_of(load_settings(tmp_path)) == bot_api.TOKEN
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", bot_api.WITNESS)
    assert token_of(load_settings(tmp_path)) == bot_api.WITNESS


@pytest.mark.parametrize(
    ("mode", "text", "told"),
    [
        (0o644, bot_api.TOKEN, "can be read by everyone on this machine; run: chmod 600 "),
        (0o604, bot_api.TOKEN, "can be read by everyone on this machine; run: chmod 600 "),
        (0o600, "no token", "not a bot's token"),
    ],
)
def test_a_token_s_file_that_is_open_or_wrong_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, text: str, told: str
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(file_of(tmp_path, text, mode)))
    with pytest.raises(ConfigError, match=told) as fault:
        load_settings(tmp_path)
    assert len(fault.value.mistakes) == 1
    assert SECRET not in str(fault.value)


@pytest.mark.parametrize(
    ("line", "mode", "named"),
    [
        ("TELEGRAM_BOT_TOKEN=1:x", 0o644, True),
        ("TELEGRAM_BOT_TOKEN=1:x", 0o640, True),
        ("TELEGRAM_BOT_TOKEN=1:x", 0o600, False),
        ("MONITOR_DATABASE=postgresql://a:mat-khau@db/x", 0o644, True),
        ("MONITOR_DATABASE=postgresql://a@db/x\nTELEGRAM_CHANNEL=@kenh", 0o644, False),
    ],
)
def test_an_env_file_with_secrets_that_others_can_read_is_named_with_what_to_do(
    tmp_path: Path, line: str, mode: int, named: bool
) -> None:
    path = tmp_path / ".env"
    path.write_text(line)
    path.chmod(mode)
    said = exposed(tmp_path)
    assert said.endswith(f"run: chmod 600 {path}") is named
    assert bool(said) is named


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("TELEGRAM_BOT_TOKN=1:x", ".env: TELEGRAM_BOT_TOKN: unknown name; did you mean TELEGRAM_BOT_TOKEN?"),
        ("TELEGRAM_API_ID=1\nMONITOR_LOG_LEVEL=1", ""),
        ("TZ=Asia/Ho_Chi_Minh\nTELEGRAM_BOT_TOKEN_FILE=", ""),
    ],
)
def test_a_misspelt_name_in_the_env_file_is_told_and_those_of_others_are_left_alone(
    tmp_path: Path, line: str, told: str
) -> None:
    (tmp_path / ".env").write_text(f"{line}\n", encoding="utf-8")
    try:
        load_settings(tmp_path)
        said = ""
    except ConfigError as fault:
        said = str(fault)
    assert said == told


@on_both
def test_run_warns_of_an_open_env_file_once_and_doctor_fails(
    tmp_path: Path, telegram: bot_api.BotApi, monitor: Run, env: dict[str, str]
) -> None:
    write_config(tmp_path, ("Báo Mẫu", "http://127.0.0.1:9/"))
    (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN={bot_api.TOKEN}\n")
    (tmp_path / ".env").chmod(0o644)
    found = {one["check"]: one for one in json.loads(monitor("doctor", "--json").stdout)}
    assert found["secrets"]["ok"] is False
    assert "chmod 600" in found["secrets"]["says"]
    log = tmp_path / "log.txt"
    with started(tmp_path, "run", env=env | {"TELEGRAM_API_URL": telegram.url}) as process:
        until(lambda: "watching 1 sources" in log.read_text())
        process.terminate()
        ended(process)
    assert log.read_text().count("chmod 600") == 1
    assert SECRET not in log.read_text()


def test_a_file_that_is_not_there_and_a_secret_given_twice_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("SUMMARY_API_KEY", "x")
    monkeypatch.setenv("SUMMARY_API_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(ConfigError) as fault:
        load_settings(tmp_path)
    assert fault.value.mistakes == [
        f"environment: TELEGRAM_BOT_TOKEN_FILE: {tmp_path / 'none'}: cannot be read: No such file or directory",
        "environment: SUMMARY_API_KEY and SUMMARY_API_KEY_FILE: give one of them",
    ]


def test_a_key_that_no_header_can_carry_is_refused_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUMMARY_API_KEY", "khoá-bí-mật")
    with pytest.raises(ConfigError, match="SUMMARY_API_KEY: not a key") as fault:
        load_settings(tmp_path)
    assert "mật" not in str(fault.value)


@pytest.mark.parametrize("name", ["TELEGRAM_CHANNEL", "TELEGRAM_ADMIN_CHAT", "TELEGRAM_PROXY", "TELEGRAM_API_URL"])
def test_a_token_pasted_into_the_wrong_place_is_not_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, bot_api.TOKEN)
    with pytest.raises(ConfigError, match=name) as fault:
        load_settings(tmp_path)
    assert SECRET not in str(fault.value)
