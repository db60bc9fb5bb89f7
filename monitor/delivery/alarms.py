"""When a source's trouble is worth telling the operator, and how many lines are told in one message."""

from datetime import datetime
from html import escape

from monitor.models import Alert
from monitor.reasons import in_vietnamese
from monitor.vietnamese import clean

NETWORK = "network"
"""The topic of what is the matter with this machine's own network."""
_RUNGS = (3, 6, 12, 24)
_LONGEST_LINE, _LONGEST = 600, 3500


def rung(failures: int) -> int:
    """Return the last number of failures in a row that is worth saying: 3, 6, 12, 24, then each 24; 0 before."""
    highest = _RUNGS[-1]
    if failures >= highest:
        return failures - failures % highest
    return max((one for one in _RUNGS if one <= failures), default=0)


_LINES = {
    "certificate": "không đọc được: {reason}.",
    "gone": "địa chỉ không còn dùng được ({reason}), cần sửa trong sources.yaml.",
    "empty": "không lấy được tin nào: {reason}.",
    "moved": "địa chỉ đã chuyển sang {detail}; nên ghi địa chỉ mới vào sources.yaml.",
    "layout": "giao diện trang có lẽ đã đổi, các bài gần đây không đọc được {detail}. "
    'Lệnh monitor sources check "{source}" chỉ ra chỗ cần sửa.',
    "quiet": "im lặng lâu hơn thường lệ, không có tin mới từ ngày {detail}.",
}
_FIELDS = {
    "article": "nội dung",
    "lead": "sapo",
    "body": "thân bài",
    "authors": "tác giả",
    "published": "ngày đăng",
    "images": "ảnh",
}


def source_line(source: str, condition: str, detail: str, failures: int) -> str:
    """Return the line that tells the operator what is the matter with a source; "" while nothing is to be said.

    `detail` is what a diagnosis turns on; failures in a row are told at each rung.
    """
    why = in_vietnamese(detail)
    if condition not in _LINES:
        return f"📡 {source}: không đọc được {step} lần liên tiếp: {why}." if (step := rung(failures)) else ""
    said = ", ".join(_FIELDS[name] for name in detail.split(", ")) if condition == "layout" else detail
    return f"📡 {source}: {_LINES[condition].format(detail=said, reason=why, source=source)}"


def network_line(since: datetime) -> str:
    """Return the line that tells the operator that nothing on the network is met, since a local time."""
    return (
        f"🌐 Từ {since:%H:%M %d/%m} không kết nối được với nguồn nào;"
        " có lẽ máy chủ mất mạng hoặc không phân giải được tên miền (DNS)."
    )


def grouped(alerts: list[Alert]) -> list[tuple[str, list[Alert]]]:
    """Return messages for the admin chat as (HTML, the alerts it tells); one with buttons stands alone."""
    messages: list[tuple[str, list[Alert]]] = []
    open_lines: list[str] = []
    told: list[Alert] = []
    for alert in alerts:
        text = clean(alert.text)
        line = escape(text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + "…", quote=False)
        if alert.choices:
            messages.append((line, [alert]))
            continue
        if told and len("\n".join((*open_lines, line))) > _LONGEST:
            messages.append(("\n".join(open_lines), told))
            open_lines, told = [], []
        open_lines.append(line)
        told.append(alert)
    return [*messages, *([("\n".join(open_lines), told)] if told else [])]
