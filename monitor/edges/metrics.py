"""What a running service tells whoever asks it over HTTP: figures for Prometheus, and whether it is well.

The answers come from a thread of their own: a service whose loop is stuck can still be asked, and
says that it is.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client import Counter as Count

from monitor.errors import UsageError
from monitor.models import Health, Round
from monitor.models.beats import STUCK, trouble


class Metrics:
    """The figures of one service. Counters begin at its start; the rest is as it was last told."""

    def __init__(self, stuck: float = STUCK) -> None:
        """Take after how many seconds without a beat the service counts as stuck."""
        registry = self.registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._rounds = Count(
            "diembao_rounds", "Rounds made, by how they left the source.", ["state"], registry=registry
        )
        self._seconds = Histogram("diembao_round_seconds", "How long rounds took.", registry=registry)
        self._new = Count("diembao_links_new", "Links never seen before.", registry=registry)
        self._kept = Count("diembao_articles_kept", "Articles about the campaign that were stored.", registry=registry)
        self._gaps = Count(
            "diembao_possible_gaps", "Rounds whose listing shared nothing with the one before.", registry=registry
        )
        self._conditions = Gauge("diembao_sources", "Sources by condition.", ["condition"], registry=registry)
        self._good = Gauge(
            "diembao_source_last_good_timestamp_seconds", "When a source was last read.", ["source"], registry=registry
        )
        self._outbox = Gauge("diembao_messages_waiting", "Messages not yet in the channel.", registry=registry)
        self._edition = Gauge(
            "diembao_last_edition_timestamp_seconds", "When the last edition closed.", registry=registry
        )
        self._held = Gauge(
            "diembao_polling_held", "1 while nothing is visited because nothing can be stored.", registry=registry
        )
        self._beat_at, self._trouble, self._stuck = time.monotonic(), "", stuck

    def beat(self, held: str = "") -> None:
        """Note that the heart beats; `held` says why nothing is visited."""
        self._beat_at, self._trouble = time.monotonic(), held
        self._held.set(bool(held))

    def round_made(self, done: Round) -> None:
        """Count a round."""
        self._rounds.labels(done.state).inc()
        self._seconds.observe(done.seconds)
        self._new.inc(done.new)
        self._kept.inc(done.kept)
        self._gaps.inc(done.gap)

    def sources_stand(self, fares: Sequence[tuple[Health, str]]) -> None:
        """Take in how the sources fare, each with the name of its condition; those not named are forgotten."""
        self._conditions.clear()
        for condition, number in Counter(condition for _, condition in fares).items():
            self._conditions.labels(condition).set(number)
        self._good.clear()
        for health, _ in fares:
            if health.last_good_at:
                self._good.labels(health.source).set(health.last_good_at.timestamp())

    def published(self, waiting: int, closed: float | None) -> None:
        """Take in how many messages wait, and when the last edition closed (seconds since 1970)."""
        self._outbox.set(waiting)
        self._edition.set(closed or 0)

    @property
    def trouble(self) -> str:
        """Why the service is not well, "" when it is."""
        return trouble(time.monotonic() - self._beat_at, self._trouble, self._stuck)


@contextmanager
def serving(metrics: Metrics, host: str, port: int) -> Iterator[str]:
    """Answer /metrics and /health at an address until the block ends; gives the address. Raises UsageError."""
    try:
        server = ThreadingHTTPServer((host, port), _handler(metrics))
    except OSError as fault:
        raise UsageError(f"metrics: {host}:{port} cannot be used: {fault.strerror}") from fault
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _handler(metrics: Metrics) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version, timeout = "diembao", "", 10

        def do_GET(self) -> None:
            """Answer what was asked, 404 for all else."""
            if self.path == "/metrics":
                self._say(200, CONTENT_TYPE_LATEST, generate_latest(metrics.registry))
            elif self.path == "/health":
                trouble = metrics.trouble
                said = {"ok": not trouble, "trouble": trouble}
                self._say(503 if trouble else 200, "application/json", json.dumps(said).encode())
            else:
                self._say(404, "text/plain", b"only /metrics and /health\n")

        def _say(self, status: int, kind: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Keep questions out of the log."""

    return Handler
