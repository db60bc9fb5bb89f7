"""The stand-in's HTTP side: methods under /bot<token>/, the public preview under /s/, faults on demand."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from html import escape
from http.server import BaseHTTPRequestHandler
from threading import Event, Thread, Timer
from urllib.parse import parse_qs, urlsplit

from tests.loopback import QuietServer
from tests.standin.methods import METHODS
from tests.standin.world import Bot, Refusal, Sent, World

POSTS = {"sendMessage", "sendPhoto"}
BUDGETED = POSTS | {"editMessageText", "editMessageCaption"}
_SHOWN = 20  # posts on a page of the preview


@dataclass
class Telegram:
    """A running stand-in.

    `faults` are spent one a post to a channel, `edit_faults` one an edit, `poll_faults` one a getUpdates:
    reset_before, reset_after, hang, late (carried out `lateness` seconds after the client has given up), 409,
    429, 400, 403, 500_before, 500_after, 502_before, 502_after, bad_json; "401" stays and refuses getMe.
    `calls` are the methods called. A channel takes `per_minute` calls.
    """

    root: str
    world: World
    faults: list[str] = field(default_factory=list)
    edit_faults: list[str] = field(default_factory=list)
    poll_faults: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    per_minute: int | None = None
    retry_after: int = 7
    lateness: float = 0.2
    hanging: float = 30.0
    stopping: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        """What TELEGRAM_API_URL is set to."""
        return self.root + "/bot"

    @property
    def preview_url(self) -> str:
        """What TELEGRAM_PREVIEW_URL is set to."""
        return self.root + "/s/"

    def call(self, bot: Bot, method: str, fields: dict[str, str]) -> object:
        """Carry out one method; raises Refusal."""
        with self.world.changed:
            return METHODS[method](self.world, bot, fields)

    def count(self, method: str, fields: dict[str, str]) -> None:
        """Count a call to a channel; raises Refusal when there were too many in a minute."""
        if self.per_minute is None or method not in BUDGETED:
            return
        chat = self.world.find(fields.get("chat_id", ""))
        now = time.monotonic()
        chat.calls = [at for at in chat.calls if at > now - 60]
        if chat.kind == "channel" and len(chat.calls) >= self.per_minute:
            wait = int(61 - (now - chat.calls[0]))
            raise too_many(wait)
        chat.calls.append(now)

    def next_fault(self, method: str, fields: dict[str, str]) -> str:
        """Take the fault that this call meets; "" for none."""
        if method == "getUpdates":
            return self.poll_faults.pop(0) if self.poll_faults else ""
        queue = self.faults if method in POSTS else self.edit_faults if method in BUDGETED else []
        try:
            to_channel = self.world.find(fields.get("chat_id", "")).kind == "channel"
        except Refusal:
            to_channel = False
        return queue.pop(0) if queue and to_channel else ""


_REFUSALS = {
    "400": Refusal(400, "Bad Request: can't parse entities: unsupported start tag"),
    "403": Refusal(403, "Forbidden: bot is not a member of the channel chat"),
    "409": Refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one bot is running"),
    "500": Refusal(500, "Internal Server Error"),
    "502": Refusal(502, "Bad Gateway"),
}


def too_many(seconds: int) -> Refusal:
    """Return the answer to a call that came too soon."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def _fields(content_type: str, body: bytes) -> dict[str, str]:
    """Return a call's parameters, sent as a form or in parts; a file counts by its size."""
    if not content_type.startswith("multipart/"):
        return {name: values[0] for name, values in parse_qs(body.decode()).items()}
    parsed = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    found = {}
    for part in parsed.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = str(len(content)) if part.get_filename() else content.decode()
    return found


def _handler(api: Telegram) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # headers and body are sent apart: the second would wait for 40 ms

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            fields = _fields(self.headers.get("Content-Type", ""), self.rfile.read(length))
            _, token, method = self.path.rsplit("/", 2)
            bot = api.world.bots.get(token.removeprefix("bot"))
            api.calls.append(method)
            if bot is None or (method == "getMe" and "401" in api.faults):
                self._refuse(Refusal(401, "Unauthorized"))
            elif method not in METHODS:
                self._refuse(Refusal(404, "Not Found"))
            else:
                self._meet(bot, method, fields, api.next_fault(method, fields))

        def _meet(self, bot: Bot, method: str, fields: dict[str, str], fault: str) -> None:
            kind, _, when = fault.partition("_")
            if kind == "late":
                Timer(api.lateness, self._late, (bot, method, fields)).start()
            if kind == "late" or fault == "reset_before":
                self._leave(waiting=kind == "late")
            elif kind == "429":
                self._refuse(too_many(api.retry_after))
            elif kind in _REFUSALS and when != "after":
                self._refuse(_REFUSALS[kind])
            else:
                self._carry_out(bot, method, fields, fault)

        def _late(self, bot: Bot, method: str, fields: dict[str, str]) -> None:
            api.call(bot, method, fields)

        def _carry_out(self, bot: Bot, method: str, fields: dict[str, str], fault: str) -> None:
            try:
                api.count(method, fields)
                result = api.call(bot, method, fields)
            except Refusal as refusal:
                self._refuse(refusal)
                return
            if fault in {"reset_after", "hang"}:
                self._leave(waiting=fault == "hang")
            elif fault == "bad_json":
                self._write(200, b'{"ok": tru')
            elif fault:
                self._refuse(_REFUSALS[fault.partition("_")[0]])
            else:
                self._write(200, json.dumps({"ok": True, "result": result}).encode())

        def _leave(self, *, waiting: bool) -> None:
            """Close the connection without an answer, at once or when the client has long gone."""
            if waiting:
                api.stopping.wait(api.hanging)
            self.close_connection = True

        def _refuse(self, said: Refusal) -> None:
            data: dict[str, object] = {"ok": False, "error_code": said.code, "description": said.words}
            if said.parameters:
                data["parameters"] = said.parameters
            self._write(said.code, json.dumps(data).encode())

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            name = parts.path.removeprefix("/s/")
            before = parse_qs(parts.query).get("before", ["0"])[0]
            page = preview(api.world, name, int(before))
            self._write(200 if page else 302, page.encode(), "text/html; charset=utf-8")

        def _write(self, code: int, content: bytes, kind: str = "application/json") -> None:
            try:
                self.send_response(code)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:  # the client was killed
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Keep the test's output quiet."""

    return Handler


def preview(world: World, name: str, before: int = 0) -> str:
    """Return the public page of a channel: its last 20 posts, or those before an id; "" for a channel that has none."""
    with world.changed:
        chat = next((one for one in world.chats.values() if one.kind == "channel" and one.name == name), None)
        if chat is None:
            return ""
        posts = [sent for sent in chat.messages.values() if not sent.service and (not before or sent.id < before)]
        return _PAGE.format("\n".join(_post(name, sent) for sent in posts[-_SHOWN:]))


def _post(name: str, sent: Sent) -> str:
    text = "<br/>".join(escape(line) for line in sent.text.split("\n"))
    at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(sent.at))
    return (
        f'<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message text_not_'
        f'supported_wrap js-widget_message" data-post="{name}/{sent.id}"><div class="tgme_widget_message_bubble">'
        f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>'
        f'<a class="tgme_widget_message_date" href="https://t.me/{name}/{sent.id}">'
        f'<time datetime="{at}" class="time"></time></a></div></div></div>'
    )


_PAGE = """<!DOCTYPE html><html><head><title>Kênh thử</title></head><body>
<section class="tgme_channel_history js-message_history">{}</section></body></html>"""


@contextmanager
def serving(world: World) -> Iterator[Telegram]:
    """Open the stand-in on a free port and close it at the end."""
    server = QuietServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    api = Telegram(f"http://127.0.0.1:{server.server_port}", world)
    server.RequestHandlerClass = _handler(api)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield api
    finally:
        api.stopping.set()
        server.shutdown()
        server.server_close()
