"""A running service can be watched: its figures, whether it is well, and a log that programs read."""

import asyncio
import json
import logging
import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.app import App
from monitor.edges.metrics import Metrics, serving
from monitor.edges.store import Store
from monitor.errors import UsageError
from monitor.service import Service
from monitor.service.guard import Guard
from tests import bot_api
from tests.commands import ended
from tests.conftest import on_both, write_config
from tests.loopback import Answer, Loopback
from tests.newsroom import publish
from tests.test_service import started, told, until

AppFor = Callable[..., App]


def figures(text: str) -> dict[str, float]:
    """Return every figure by its name and labels."""
    found = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {"|".join((one.name, *one.labels.values())): one.value for one in found}


async def test_the_figures_of_a_running_service_are_those_of_its_rounds(
    site: Loopback, store: Store, app_for: AppFor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    publish(site, 3, datetime.now(UTC))
    sources = ("Báo Mẫu", site.url("/rss/home.rss")), ("Báo Mất", site.url("/mat.rss"))
    app, guard = app_for(*sources, more="metrics: {port: 0}"), Guard()
    running = asyncio.create_task(Service(app, store, guard, tick=timedelta(seconds=0.05)).work())
    await told(caplog, "Báo Mẫu: on_topic")
    await told(caplog, "Báo Mất: unreadable")
    address = caplog.text.split("figures at ")[1].split("/metrics")[0]
    async with httpx.AsyncClient(base_url=address) as client:
        found = figures((await client.get("/metrics")).text)
        assert found["diembao_rounds_total|on_topic"] == 1
        assert found["diembao_rounds_total|unreadable"] == 1
        assert found["diembao_articles_kept_total"] == 3
        assert found["diembao_round_seconds_count"] == 2
        assert found["process_resident_memory_bytes"] > 0
        assert (await client.get("/health")).json() == {"ok": True, "trouble": ""}
        assert (await client.get("/elsewhere")).status_code == 404
    guard.stopping.set()
    await running


async def test_an_edit_moves_the_figures_or_closes_them_and_where_it_cannot_they_stay(
    store: Store, app_for: AppFor, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    source = ("Báo Mẫu", "http://127.0.0.1:9/")
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as later:
        occupied, second = (one.getsockname()[1] for one in (taken, later))
        app, guard = app_for(source, more="metrics: {port: 0}"), Guard()
        running = asyncio.create_task(Service(app, store, guard, tick=timedelta(seconds=0.05)).work())
        await told(caplog, "figures at ")
        write_config(tmp_path, source, more=f"metrics: {{port: {occupied}}}")
        await told(caplog, f"127.0.0.1:{occupied} cannot be used: Address already in use; the address before it stays")
        assert "vẫn dùng địa chỉ cũ" in store.alerts.open()["metrics"]
    async with httpx.AsyncClient() as client:
        kept = re.findall(r"figures at (\S+)/metrics", caplog.text)[-1]
        assert await answers(client, kept)
        write_config(tmp_path, source, more=f"metrics: {{port: {second}}}")
        await told(caplog, f"figures at http://127.0.0.1:{second}/metrics")
        assert await answers(client, f"http://127.0.0.1:{second}")
        assert not await answers(client, kept)
        assert "metrics" not in store.alerts.open()
        write_config(tmp_path, source)
        async with asyncio.timeout(60):
            while await answers(client, f"http://127.0.0.1:{second}"):  # noqa: ASYNC110 - a port has no event
                await asyncio.sleep(0.02)
    guard.stopping.set()
    await running


async def answers(client: httpx.AsyncClient, address: str) -> bool:
    try:
        return (await client.get(f"{address}/health")).is_success
    except httpx.TransportError:
        return False


def test_health_fails_when_the_heart_stands_still_and_when_nothing_can_be_stored() -> None:
    metrics = Metrics()
    with serving(metrics, "127.0.0.1", 0) as address:
        metrics.beat()
        assert httpx.get(f"{address}/health").status_code == 200
        metrics.beat(held="the disk is full")
        answer = httpx.get(f"{address}/health")
        assert (answer.status_code, answer.json()["trouble"]) == (503, "the disk is full")
    with serving(Metrics(stuck=0.0), "127.0.0.1", 0) as address:
        answer = httpx.get(f"{address}/health")
        assert answer.status_code == 503
        assert answer.json()["trouble"].startswith("no beat for ")


def test_a_port_that_is_taken_is_one_clear_line() -> None:
    with serving(Metrics(), "127.0.0.1", 0) as address:
        port = int(address.rsplit(":", 1)[1])
        with pytest.raises(UsageError, match=f"metrics: 127.0.0.1:{port} cannot be used: Address already in use"):
            serving(Metrics(), "127.0.0.1", port).__enter__()


@on_both
def test_a_log_for_programs_is_an_object_a_line_without_secrets(
    site: Loopback, tmp_path: Path, env: dict[str, str]
) -> None:
    publish(site, 2, datetime.now(UTC))
    site.routes["/nguon.rss"] = Answer(status=302, headers=(("Location", f"http://a:mat-khau@{site.root[7:]}/x"),))
    sources = ("Báo Mẫu", site.url("/rss/home.rss")), ("Báo Lạ", site.url("/nguon.rss"))
    write_config(tmp_path, *sources)
    log = tmp_path / "log.txt"
    with bot_api.serving() as telegram:  # noqa: SIM117 - the service ends before Telegram does
        with started(tmp_path, "run", "--log-json", env=env | telegram.environment()) as process:
            until(lambda: "Báo Mẫu: on_topic" in log.read_text() and "Báo Lạ: " in log.read_text())
            process.terminate()
            ended(process)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    made = next(line for line in lines if line.get("source") == "Báo Mẫu")
    assert (made["state"], made["new"], made["kept"], made["levelname"]) == ("on_topic", 2, 2, "INFO")
    assert all(line["time"] and line["name"] and line["message"] for line in lines)
    assert bot_api.TOKEN not in log.read_text()
    assert "mat-khau" not in log.read_text()
