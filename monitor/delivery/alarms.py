"""When a source's trouble is worth telling the operator, and how many lines are told in one message."""

from html import escape

from monitor.models import Alert
from monitor.vietnamese import clean

_RUNGS = (3, 6, 12, 24)
_LONGEST_LINE, _LONGEST = 600, 3500


def rises(failures: int) -> bool:
    """Tell whether this many failures in a row are worth saying: the 3rd, 6th, 12th, 24th, then each 24th."""
    return failures in _RUNGS or (failures > 0 and failures % _RUNGS[-1] == 0)


def source_line(source: str, failures: int, reason: str) -> str:
    """Return the line that tells the operator of a source's failures in a row."""
    return f"📡 {source}: không đọc được {failures} lần liên tiếp. {reason}".strip()


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
