"""The commands that work until they are stopped: run, worker."""

import asyncio
import logging
from typing import Annotated

import typer

from monitor.app import build
from monitor.cli.live import log_to_terminal
from monitor.cli.options import DEFAULT, Config, fail
from monitor.service import run as run_service


def run(
    as_json: Annotated[bool, typer.Option("--log-json", help="Write the log as one JSON object a line.")] = False,
    config: Config = DEFAULT,
) -> None:
    """Poll, digest and post until stopped: the service."""
    log_to_terminal(logging.INFO, as_json=as_json)
    asyncio.run(run_service(build(config)))


def worker(
    jobs: Annotated[int, typer.Option(min=1, max=200, help="Hosts visited at a time.")] = 16,
    metrics_port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Where this worker tells its figures, instead of metrics.port; 0: any."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--log-json", help="Write the log as one JSON object a line.")] = False,
    config: Config = DEFAULT,
) -> None:
    """Take part in the work of many machines that share a PostgreSQL database, until stopped."""
    try:
        from monitor import cluster  # noqa: PLC0415 - its libraries are an extra
    except ImportError:
        fail("workers need more than is installed: `make cluster` installs it (docs/scale.md)")
    log_to_terminal(logging.INFO, as_json=as_json)
    asyncio.run(cluster.work(build(config), jobs, metrics_port))
