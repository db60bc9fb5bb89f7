"""The papers' web servers on loopback: real HTTP, validators, 304 and 404."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from monitor.app import utc_now
from monitor.demo.papers import PAPERS, Paper, Press
from monitor.errors import UsageError


@dataclass(frozen=True, slots=True)
class Open:
    """A paper that can be visited."""

    paper: Paper
    press: Press

    @property
    def address(self) -> str:
        """What stands in sources.yaml: the first of its listings."""
        return self.press.root + next(iter(self.paper.listings))


def _handler(press: Press) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # headers and body are sent apart: the second would wait for 40 ms

        def do_GET(self) -> None:
            page = press.page(urlsplit(self.path).path, utc_now())
            if page is None:
                self.send_error(404)
                return
            kind, text = page
            content = text.encode()
            etag = f'"{sha256(content).hexdigest()[:16]}"'
            unchanged = self.headers.get("If-None-Match") == etag
            self.send_response(304 if unchanged else 200)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", "0" if unchanged else str(len(content)))
            self.end_headers()
            if not unchanged:
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Keep quiet: the terminal belongs to the demonstration."""

    return Handler


@contextmanager
def opened(port: int, now: datetime) -> Iterator[list[Open]]:
    """Open every paper on loopback, from `port` on (0: any free ones), and close them at the end.

    Raises UsageError when a port is in use.
    """
    with ExitStack() as stack:
        papers = []
        for number, paper in enumerate(PAPERS):
            wanted = port + number if port else 0
            try:
                server = ThreadingHTTPServer(("127.0.0.1", wanted), BaseHTTPRequestHandler)
            except OSError as fault:
                raise UsageError(
                    f"port {wanted} cannot be used ({fault.strerror}); name another with --port, or leave it out"
                ) from fault
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            press = Press(paper, f"http://127.0.0.1:{server.server_port}", now)
            server.RequestHandlerClass = _handler(press)
            Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            papers.append(Open(paper, press))
        yield papers
