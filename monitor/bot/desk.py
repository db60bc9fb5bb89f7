"""The desk: a question comes in, its answer goes out. Who may ask what stands in three tables."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.app import App
from monitor.bot import operator, readers, reading, turning
from monitor.bot.asking import Asking
from monitor.bot.manners import STALE, Manners, Verdict
from monitor.digest.pieces import text
from monitor.edges.store import Store
from monitor.errors import StoreError
from monitor.models import Answer, Menu, Question, Reply, Standing
from monitor.vietnamese import clean, fold

_NUMBER = "id"  # asked once, by who sets TELEGRAM_ADMIN_CHAT, also in a group: it stands in no menu
_GREETINGS = frozenset({"", "alo", "chao", "chao ban", "hello", "hi", "xin chao"})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Command:
    """What a command answers (to the words behind it), and how menu and help describe it."""

    answer: Callable[[Asking, str], list[Reply]]
    does: str
    example: str = ""


def _greet(asking: Asking, _: str) -> list[Reply]:
    name = text(asking.app.config.campaign.heading)
    return [
        Answer(
            f"Chào bạn! Đây là <b>Điểm Báo</b>: mỗi ngày một bản tin tổng hợp từ báo chí địa phương về"
            f" “{name}”.\n\n{_commands(READERS)}"
        )
    ]


def _help(asking: Asking, _: str, before: str = "") -> list[Reply]:
    operators = f"\n\nDành cho người quản trị:\n{_commands(OPERATOR)}" if asking.operator else ""
    return [Answer(f"{before}Bạn có thể gõ:\n{_commands(READERS)}{operators}")]


READERS: Mapping[str, Command] = {
    "homnay": Command(readers.today, "bản điểm báo hôm nay"),
    "ngay": Command(readers.on_day, "bản điểm báo của một ngày", "20/11/2026"),
    "tim": Command(readers.search, "tìm trong các bài đã lưu", "đạo đức"),
    "tinh": Command(readers.province, "tin của một tỉnh, thành phố", "Lai Châu"),
    "nguon": Command(readers.sources, "các báo đang theo dõi"),
    "trogiup": Command(_help, "cách dùng"),
}
"""The commands of every private chat, by name; /start greets."""
OPERATOR: Mapping[str, Command] = {
    "tinhtrang": Command(operator.standing, "tình trạng các nguồn và việc đăng bài"),
    "tamdung": Command(operator.pause, "tạm dừng một nguồn", "Báo Lai Châu"),
    "chaylai": Command(operator.resume, "đọc lại một nguồn đã tạm dừng", "Báo Lai Châu"),
}
"""The commands of the admin chat alone."""
ROUTES: Mapping[str, Callable[[Asking, str], list[Reply]]] = {
    "tim": turning.turned(readers.search),
    "tinh": turning.turned(readers.province),
    "nguon": turning.turned(readers.sources),
}
"""What a pressed button answers, by the first part of its data ("prefix:…"), given what stands behind it."""
OPERATOR_ROUTES: Mapping[str, Callable[[Asking, str], list[Reply]]] = {
    "seen": operator.seen,
    "again": operator.again,
}
"""The same for buttons that only the admin chat may press."""


def _commands(table: Mapping[str, Command]) -> str:
    return "\n".join(f"/{name}{f' {one.example}' if one.example else ''} – {one.does}" for name, one in table.items())


class Desk:
    """Answers questions; remembers only who asked how much of late."""

    def __init__(self, app: Callable[[], App], store: Store) -> None:
        """Take what gives the App of the moment, and the store."""
        self._app, self._store = app, store
        self._manners = Manners()

    def menus(self) -> list[Menu]:
        """Return the commands that Telegram is to offer, in every private chat and in the admin chat."""
        readers_own = tuple((name, one.does) for name, one in READERS.items())
        operators = tuple((name, one.does) for name, one in OPERATOR.items())
        admin = self._admin_chat()
        return [Menu(readers_own), *([Menu(operators + readers_own, admin)] if admin else [])]

    def answer(self, question: Question) -> list[Reply]:
        """Return what is said to a question: nothing in groups and channels, to stale ones, and to a flood.

        A store that cannot be read is said kindly, and in the log.
        """
        try:
            return self._answer(question)
        except StoreError as fault:
            _log.error("a question is not answered: %s", fault)
            sorry = Answer("Xin lỗi, lúc này chưa trả lời được. Mời bạn thử lại sau ít phút.")
            return [sorry] if question.private else []

    def _answer(self, question: Question) -> list[Reply]:
        app, now = self._app(), self._app().clock()
        asking = Asking(app, self._store, now, operator=str(question.chat) == self._admin_chat())
        heard = question.private or asking.operator or reading.command(question.text) == (_NUMBER, "")
        if not heard or (question.at and now - question.at > STALE):
            return []
        if not asking.operator:
            verdict = self._manners.asks(question.person, now)
            if verdict is Verdict.TOO_MANY:
                return [Answer("Bạn hỏi nhanh quá, xin chờ một phút rồi hỏi tiếp.")]
            if verdict is Verdict.IGNORED:
                return []
        if question.below is not None:
            return _press(asking, question.text)
        return self._typed(asking, question)

    def _typed(self, asking: Asking, question: Question) -> list[Reply]:
        """Answer a command; other words, in a private chat, by what they name."""
        table = {"start": Command(_greet, ""), **READERS, **(OPERATOR if asking.operator else {})}
        name, argument = reading.command(question.text) or ("", "")
        if name == _NUMBER:
            return [Answer(f"Số của cuộc trò chuyện này: <code>{question.chat}</code>")]
        if name in table:
            return table[name].answer(asking, argument)
        if not question.private:
            return []
        said = clean(question.text)
        if said.startswith("/"):
            return _help(asking, "", f"Không có lệnh “{text(said, 40)}”. ")
        return _greet(asking, "") if fold(said).strip(" .!") in _GREETINGS else readers.meant(asking, said)

    def rights_changed(self, standing: Standing) -> None:
        """Tell the operator when the bot may no longer post to the channel, and when it may again.

        Where no channel is set yet, the log tells the number of one in which it may post: a private one has no name.
        """
        app = self._app()
        if app.chat is None and standing.may_post:
            _log.info("the bot may post in %s: TELEGRAM_CHANNEL=%s", standing.title, standing.names[0])
        names = {name.lower() for name in standing.names}
        if app.chat is None or self._store.chats.get(app.chat).address.lower() not in names:
            return
        lost = "" if standing.may_post else f"🚫 Bot không còn quyền đăng bài lên kênh {app.chat}."
        over = f"Bot lại có quyền đăng bài lên kênh {app.chat}."
        self._store.alerts.stand(f"rights:{app.chat}", lost, over, app.clock())

    def _admin_chat(self) -> str | None:
        named = self._app().settings.telegram_admin_chat
        return self._store.chats.get(named).address if named else None


def _press(asking: Asking, pressed: str) -> list[Reply]:
    """Answer a pressed button; one that nobody knows (of an older version) is passed over."""
    prefix, _, behind = pressed.partition(":")
    routes = {**ROUTES, **(OPERATOR_ROUTES if asking.operator else {})}
    return routes[prefix](asking, behind) if prefix in routes else []
