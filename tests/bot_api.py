"""A stand-in for Telegram's Bot API on loopback, used through TELEGRAM_API_URL by the real library."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Event, Thread
from urllib.parse import parse_qs

from tests.loopback import QuietServer

TOKEN = "123456789:AAinvented-token-for-the-tests_000000"


@dataclass
class BotApi:
    """A running server: `posts` is the channel; `faults` are spent one a sendMessage.

    Faults: "reset_before", "reset_after" (closed without an answer), "hang", "429", "400", "403",
    "502_after" (posted, but the answer is an error), "401" at getMe.
    """

    root: str
    posts: list[dict[str, str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    stopping: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        """What TELEGRAM_API_URL is set to."""
        return self.root + "/bot"

    def environment(self) -> dict[str, str]:
        """Return the settings by which a process posts here."""
        return {
            "TELEGRAM_API_URL": self.url,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_CHANNEL": "@kenhthu",
        }


_REFUSALS = {
    "400": (400, "Bad Request: can't parse entities"),
    "401": (401, "Unauthorized"),
    "403": (403, "Forbidden: bot is not a member of the channel chat"),
    "502_after": (502, "Bad Gateway"),
}


def _handler(api: BotApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            fields = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            method = self.path.rsplit("/", 1)[1]
            api.calls.append(method)
            if method == "getMe":
                self._get_me()
            elif method == "sendMessage":
                self._send_message(fields)
            else:
                self._refuse(404, "Not Found")

        def _get_me(self) -> None:
            if api.faults[:1] == ["401"]:
                self._refuse(*_REFUSALS["401"])
                return
            self._answer({"id": 123456789, "is_bot": True, "first_name": "Điểm Báo", "username": "diembao_bot"})

        def _send_message(self, fields: dict[str, str]) -> None:
            fault = api.faults.pop(0) if api.faults else ""
            if fault not in {"reset_before", "429", "400", "403"}:
                api.posts.append(fields)
            if fault in {"reset_before", "reset_after"}:
                self.close_connection = True
            elif fault == "hang":
                api.stopping.wait(30)
                self.close_connection = True
            elif fault == "429":
                self._refuse(429, "Too Many Requests: retry after 7", {"retry_after": 7})
            elif fault:
                self._refuse(*_REFUSALS[fault])
            else:
                chat = {"id": -1001, "type": "channel", "title": "Kênh thử", "username": "kenhthu"}
                self._answer({"message_id": len(api.posts), "date": 1_790_000_000, "chat": chat, "text": "…"})

        def _answer(self, result: object) -> None:
            self._write(200, {"ok": True, "result": result})

        def _refuse(self, code: int, words: str, parameters: dict[str, int] | None = None) -> None:
            more = {"parameters": parameters} if parameters else {}
            self._write(code, {"ok": False, "error_code": code, "description": words, **more})

        def _write(self, code: int, data: object) -> None:
            content = json.dumps(data).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Keep the test's output quiet."""

    return Handler


@contextmanager
def serving() -> Iterator[BotApi]:
    """Open the stand-in on a free port and close it at the end."""
    server = QuietServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    api = BotApi(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = _handler(api)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield api
    finally:
        api.stopping.set()
        server.shutdown()
        server.server_close()
