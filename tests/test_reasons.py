"""What went wrong is told in Vietnamese wherever it leaves the terminal: every reason of the code has its words."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from monitor.config import load
from monitor.delivery.alarms import source_line
from monitor.errors import ConfigError
from monitor.health import Condition, diagnose
from monitor.models import Health
from monitor.reasons import UNKNOWN, in_vietnamese, mistakes_in_vietnamese
from tests.program import MODULES, nodes
from tests.test_health import NOW, WELL

RAISED = {"FetchError", "TooFarError", "IncompleteError", "UnreadableError", "TooHardError"}
AT_THE_TERMINAL = ("monitor.survey", "monitor.cli")  # what they raise nobody is told of elsewhere
SAYING = {
    ("monitor.scrape.discover.walls", "wall"),
    ("monitor.edges.fetch.faults", "words"),
    ("monitor.edges.parsing.pool", "_cause"),
}
SAMPLE = "5 min"  # in the place of whatever a reason names
FAULTS = {"fault", "str(fault)", "refused", "reason", "found.reason"}
ENGLISH = re.compile(r"\b(?:the|of|not|is|and|cannot|read|free|error|page|found|with)\b")


def text_of(node: ast.AST | None) -> str:
    """Return the text of a string or of an f-string, with a sample in its gaps; "" when it is all gap."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
        return "".join(SAMPLE if part is None else str(part) for part in parts) if parts[0] is not None else ""
    if isinstance(node, ast.BinOp):
        return text_of(node.left)
    return ""


def found() -> Iterator[str]:
    """Return every reason that the code gives for a page or a listing that cannot be read; "" is all gap."""
    for name in MODULES:
        if name.startswith(AT_THE_TERMINAL):
            continue
        for node in nodes(name):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
                yield text_of(node.args[0])
            if isinstance(node, ast.FunctionDef) and (name, node.name) in SAYING:
                for one in ast.walk(node):
                    value = one.value if isinstance(one, ast.Return) else None
                    yield from map(text_of, (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,))


@cache
def reasons() -> list[str]:
    return sorted(set(found()) - {""})


def test_every_reason_for_which_a_page_cannot_be_read_has_its_words() -> None:
    assert [reason for reason in reasons() if in_vietnamese(reason) == UNKNOWN] == []


def alerts() -> Iterator[tuple[str, ast.AST]]:
    """Return each part of each text that is queued for the admin chat, with where it stands."""
    for name in MODULES:
        for node in nodes(name):
            if isinstance(node, ast.Call) and re.search(r"alerts\.add$|\.alert$", ast.unparse(node.func)):
                for argument in node.args:
                    yield from ((f"{name}:{node.lineno}", one) for one in ast.walk(argument))


def test_no_alert_repeats_a_fault_in_the_words_of_the_log() -> None:
    bare = [
        where for where, one in alerts() if isinstance(one, ast.FormattedValue) and ast.unparse(one.value) in FAULTS
    ]
    assert bare == []
    assert len({where for where, _ in alerts()}) > 10


def test_the_reasons_are_found_in_the_code() -> None:
    assert len(reasons()) > 40
    assert "no article text found" in reasons()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("certificate not trusted: certificate has expired", "chứng chỉ bảo mật đã hết hạn"),
        ("a.vn asked to be left alone for 12 h", "máy chủ yêu cầu chờ 12 giờ"),
        ("0 items: it only leads on to https://a.vn/x; name that address", "trang chỉ dẫn tiếp sang https://a.vn/x"),
        ("robots.txt cannot be read (503 Unavailable); the host is left alone for now",
         "không đọc được robots.txt của trang nên tạm thời để yên"),
        ("none of its pages can be read: 404 Not Found", "không đọc được bài nào trong danh sách"),
        ("/data/a.sqlite3: cannot be written: the disk is full", "ổ đĩa đã đầy"),
        ("Forbidden: bot was kicked from the channel chat", "bot không còn trong kênh hoặc nhóm"),
        ("BadRequest: not enough rights to send text messages to the chat", "bot chưa được cấp đủ quyền"),
        ("BadRequest: Can't parse entities: unclosed start tag", "Telegram không đọc được định dạng của tin"),
        ("BadRequest: message to edit not found", "tin không còn trên kênh"),
        ("something nobody thought of", UNKNOWN),
    ],
)  # fmt: skip
def test_a_reason_is_said_as_one_would_say_it(reason: str, words: str) -> None:
    assert in_vietnamese(reason) == words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sources:\n  - {name: Báo A, ulr: x}\n", "dòng 2, sources[1].url: thiếu khoá này"),
        ("sources: [\n", "dòng 2: viết sai cú pháp"),
        ("", "còn để trống"),
        ('digest: {at: "25:00"}\nsources:\n  - {name: A, url: "https://a.vn/"}\n', "dòng 1, digest.at: giờ phải viết"),
        ("sources:\n  - {name: A, url: a.vn}\n", "dòng 2, sources[1].url: không phải địa chỉ web"),
        ("fetch: {largest: -1}\nsources:\n  - {name: A, url: 'https://a.vn/'}\n", "dòng 1, fetch.largest: giá trị"),
    ],
)
def test_a_mistake_in_sources_yaml_is_told_with_its_place(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as found:
        load(tmp_path / "sources.yaml")
    assert told in mistakes_in_vietnamese(found.value.mistakes)


@pytest.mark.parametrize("condition", list(Condition))
def test_no_alert_about_a_source_mixes_in_english(condition: Condition) -> None:
    for reason in reasons():
        detail = {"layout": "lead, published", "moved": "bao.vn", "quiet": "01/11/2026"}.get(condition, reason)
        assert not ENGLISH.search(source_line("Báo Mẫu", condition, detail, failures=3))


def test_whatever_is_wrong_with_a_source_the_admin_chat_hears_of_it() -> None:
    for reason in reasons():
        faulty = {name: getattr(WELL, name) for name in Health.__slots__} | {"failures": 3, "reason": reason}
        found = diagnose(Health(**faulty), NOW)
        assert found.alarming, reason
        assert source_line("Báo Mẫu", found.condition, found.detail, 3).endswith("."), reason
