"""The far side of the network: a web server on loopback whose answers a test writes down."""

import gzip
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers.

    `validated` sends an ETag and honours it. `fault`: "hang" never answers, "endless" never ends,
    "drop" closes in the middle, "cut" ends a gzip body early.
    """

    body: str | bytes = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    validated: bool = False
    packed: bool = False
    fault: str = ""

    @property
    def content(self) -> bytes:
        """The body as it goes over the wire, before any fault."""
        plain = self.body.encode() if isinstance(self.body, str) else self.body
        return gzip.compress(plain) if self.packed else plain


@dataclass
class Loopback:
    """A running server: `routes` may be changed at any time, `seen` lists the paths asked for.

    `robots` is as long as robots.txt was asked for often; `headers` are those of every request.
    """

    root: str
    routes: dict[str, Answer] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    robots: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    before: Callable[[str], None] = lambda _path: None
    stopping: Event = field(default_factory=Event)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return self.root + path


def _handler(site: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # headers and body are sent apart: the second would wait for 40 ms

        def do_GET(self) -> None:
            (site.robots if self.path == "/robots.txt" else site.seen).append(self.path)
            site.headers.append({name.lower(): value for name, value in self.headers.items()})
            site.before(self.path)
            answer = site.routes.get(self.path, Answer("nothing here", status=404))
            if answer.fault == "hang":
                site.stopping.wait(30)
                self.close_connection = True
                return
            self._send(answer)

        def _send(self, answer: Answer) -> None:
            content = answer.content
            etag = f'"{sha256(content).hexdigest()[:12]}"'
            if answer.validated and self.headers.get("If-None-Match") == etag:
                self.send_response(304)
                self.send_header("ETag", etag)
                self.end_headers()
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            for name, value in answer.headers:
                self.send_header(name, value)
            if answer.validated:
                self.send_header("ETag", etag)
            if answer.packed:
                self.send_header("Content-Encoding", "gzip")
            if answer.fault == "endless":
                self._never_end()
                return
            sent = content[: len(content) // 2] if answer.fault in {"drop", "cut"} else content
            self.send_header("Content-Length", str(len(content) if answer.fault == "drop" else len(sent)))
            self.end_headers()
            self.wfile.write(sent)
            self.close_connection = bool(answer.fault)

        def _never_end(self) -> None:
            self.end_headers()
            try:
                while not site.stopping.is_set():
                    self.wfile.write(b"<p>" + b"x" * 4000 + b"</p>")
                    time.sleep(0.002)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Keep the test's output quiet."""

    return Handler


class QuietServer(ThreadingHTTPServer):
    """A server that says nothing when a visitor goes away in the middle of an answer."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep the test's output quiet."""


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    """Open a server on a free port and close it at the end; with `tls` its name is localhost."""
    server = QuietServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    site = Loopback(f"http://127.0.0.1:{server.server_port}")
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        site.root = f"https://localhost:{server.server_port}"
    server.RequestHandlerClass = _handler(site)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.stopping.set()
        server.shutdown()
        server.server_close()
