"""Thousands of random configurations: each is valid, or every mistake has its line; nothing crashes, none is slow.

Keys are left out, given twice, misspelt, given values of other types; lines are cut, indented, mixed
with YAML that grows without end. DIEMBAO_CONFIGS sets how many (default 10,000), DIEMBAO_SEED the dice.
"""

import io
import os
import random
import re
import resource
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from battery.progress import stepped
from monitor.config import load
from monitor.errors import ConfigError

SLOW = 5.0  # seconds for one file
_GROWTH = 300_000  # kB
_GOOD: dict[str, Any] = {
    "campaign": {"name": "Chiến dịch", "phrases": ["gương sáng theo Bác"], "excludes": ["Bác sĩ"], "threshold": 2},
    "digest": {"at": "18:00", "timezone": "Asia/Ho_Chi_Minh", "max_age": "3d", "empty": "post", "weekly": True},
    "fetch": {"pause": "5s", "timeout": "30s", "largest": 5_000_000, "contact": "a@example.org"},
    "metrics": {"port": 9464, "host": "127.0.0.1"},
    "summary": {"url": "http://127.0.0.1:11434/v1", "model": "m", "timeout": "20s"},
    "sources": [
        {"name": "Báo Lai Châu", "province": "Lai Châu", "url": "https://baolaichau.vn/a", "aliases": ["Lai Châu cũ"]},
        {"name": "Báo Vĩnh Long", "url": "https://baovinhlong.com.vn/b/", "every": "1h", "note": "một ghi chú",
         "select": {"title": "h1.title", "body": "#abody"}},
    ],
}  # fmt: skip
_VALUES: list[Any] = [
    None,
    "",
    " ",
    0,
    -1,
    3.7,
    1e400,
    float("nan"),
    True,
    [],
    {},
    [[]],
    [{}],
    {"a": {"b": {}}},
    "x" * 5000,
    "5s",
    "99999999d",
    "18:00",
    "25:61",
    "https://",
    "http://[",
    "https://báo mẫu/",
    "javascript:alert(1)",
    "#",
    ">>>",
    "h1 >",
    "“a”",
    "Asia/Nowhere",
    "../../etc/passwd",
    "\x00",
    "\ud7ff",
    "🗞",
    "Lai Châu",
    ["a", "a"],
    [1, None],
    "2026-11-21",
    "0x10",
    "1_000",
    "=SUM(A1)",
    10**30,
]
_LINES = [
    "a: &x [*x]",
    "b: *y",
    "? [1, 2]\n: z",
    "!!python/object:os.system x",
    "!!binary aGVsbG8=",
    "<<: *d",
    "- - - -",
    "\t- a",
    "{" * 300,
    "[" * 300,
    "%YAML 9.9",
    "---\n---",
    "...",
    "&a a: b",
    "sources: 1",
    "x: !!set {a, b}",
    "key: |\n text\n  more",
    "'",
    '"',
    ": :",
    "a: &a [l,l,l,l,l,l,l,l,l]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]",
    "\ufeff",
    "y: 1e999999",
    "n: 0o777777777777",
    "d: 9999-99-99",
    "t: 2001-12-14t21:59:43.10-05:00",
    "s: 190:20:30",
    "k: .inf",
    "\x07",
    "# only a remark",
    "!!omap [a: 1]",
    "? a",
]


def _places(data: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - YAML is of any shape
    """Return every place of a file below its root."""
    items: list[tuple[Any, Any]] = []
    if isinstance(data, dict):
        items = list(data.items())
    elif isinstance(data, list):
        items = list(enumerate(data))
    return [one for key, value in items for one in ((*place, key), *_places(value, (*place, key)))]


def _changed(dice: random.Random) -> Any:  # noqa: ANN401
    """Return the good file with some of its keys taken out, misspelt or given other values."""
    data = _copy(_GOOD)
    for _ in range(dice.randrange(5)):
        place = dice.choice(_places(data) or [()])
        if not place:
            break
        above = data
        for part in place[:-1]:
            above = above[part]
        way = dice.randrange(4)
        if way == 0:
            del above[place[-1]]
        elif way == 1 and isinstance(above, dict):
            above[f"{place[-1]}{dice.choice('xs_ ')}"] = above.pop(place[-1])
        elif way == 2 and isinstance(above, list):
            above += [_copy(above[place[-1]])] * dice.choice([1, 1, 1, 200])
        else:
            above[place[-1]] = _copy(dice.choice(_VALUES))
    return data


def _copy(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


def _mangled(text: str, dice: random.Random) -> bytes:
    """Return a file's text with some lines cut, doubled, indented, or put in from elsewhere."""
    lines = text.split("\n")
    for _ in range(dice.choice([0, 0, 0, 1, 1, 2, 3])):
        at, way = dice.randrange(len(lines)), dice.randrange(5)
        if way == 0:
            lines[at] = lines[at][: dice.randrange(len(lines[at]) + 1)]
        elif way == 1:
            lines.insert(at, lines[dice.randrange(len(lines))])
        elif way == 2:
            lines[at] = " " * dice.randrange(5) + lines[at]
        else:
            lines.insert(at, dice.choice(_LINES))
    content = "\n".join(lines).encode("utf-8", "surrogatepass")
    if dice.random() < 0.02:
        content = bytes(byte ^ (dice.random() < 0.01) for byte in content)
    if dice.random() < 0.002:
        content *= 2_500_000 // (len(content) + 1)
    return content


def _judge(path: Path) -> str:
    """Load a file; returns "valid", "refused", or what is wrong with the answer."""
    try:
        load(path)
    except ConfigError as fault:
        wrong = [one for one in fault.mistakes if not re.match(r"sources\.yaml(:\d+)?: \S", one) or "\n" in one]
        return f"UNCLEAR: {wrong[0][:150]!r}" if wrong or not fault.mistakes else "refused"
    except Exception as fault:  # noqa: BLE001 - that is what is looked for
        return f"CRASH: {type(fault).__name__}: {str(fault)[:100]}"
    return "valid"


def main() -> bool:
    """Print the figures; returns whether every promise was kept."""
    count, seed = int(os.environ.get("DIEMBAO_CONFIGS", "10000")), int(os.environ.get("DIEMBAO_SEED", "1"))
    dice = random.Random(seed)  # noqa: S311 - dice
    came: Counter[str] = Counter()
    yaml, slowest, settled = YAML(typ="safe"), 0.0, 0
    yaml.allow_unicode = True
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "sources.yaml"
        for number in stepped("configurations", range(count)):
            written = io.StringIO()
            yaml.dump(_changed(dice), written)
            path.write_bytes(_mangled(written.getvalue(), dice))
            began = time.process_time()
            came[_judge(path)] += 1
            slowest = max(slowest, time.process_time() - began)
            settled = settled or (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if number == count // 10 else 0)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - settled
    print(f"{count} random configurations, seed {seed}: slowest {slowest:.2f} s, memory +{grown} kB")
    for outcome, times in came.most_common():
        print(f"  {outcome:90}{times:6}")
    return set(came) <= {"valid", "refused"} and slowest < SLOW and grown < _GROWTH


if __name__ == "__main__":
    raise SystemExit(not main())
