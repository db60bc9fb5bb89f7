"""The archive's folder as a web site on this machine: files only, no lists of folders, strict headers."""

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from monitor.errors import UsageError

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}
# the pages forbid the rest themselves; these two only a server can say
_HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | _KINDS
    # readers of the archive meet it: all of it is Vietnamese
    error_message_format = (
        '<!DOCTYPE html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>Không có trang này</title>"
        '<p>Kho lưu trữ không có trang này. <a href="/">Về trang đầu</a>'
    )
    server_version = "diembao"
    sys_version = ""

    def list_directory(self, path: object) -> None:
        """Answer 404: a folder without an index page shows nothing."""
        del path
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet: the terminal shows the address, not every file."""


def opened(folder: Path, host: str, port: int) -> ThreadingHTTPServer:
    """Return a server of `folder` that listens already; `serve_forever` runs it. Raises UsageError."""
    if not (folder / "index.html").exists():
        raise UsageError(f"{folder}: no archive yet; `monitor digest` or `monitor run` makes it")
    try:
        return ThreadingHTTPServer((host, port), partial(_Handler, directory=str(folder)))
    except OSError as fault:
        raise UsageError(f"port {port} cannot be used ({fault.strerror}); name another with --port") from fault
