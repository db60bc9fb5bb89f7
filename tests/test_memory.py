"""A long running program gives back what it used for large pages."""

import platform
import subprocess
import sys

import pytest

_PROGRAM = """
import sys
from pathlib import Path
from monitor.edges.memory import give_back_large_pieces

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

if sys.argv[1] == "gives back":
    give_back_large_pieces()
bytearray(20_000_000)  # from then on glibc keeps pieces up to this size
before, pages, kept = resident(), [], []
for _ in range(20):
    pages.append(bytearray(2_000_000))
    kept.append(bytearray(5_000))
del pages
print(resident() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a setting of glibc")
def test_large_pages_leave_no_memory_behind_them() -> None:
    left = {}
    for what in ("gives back", "as it is"):
        command = [sys.executable, "-c", _PROGRAM, what]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        left[what] = int(done.stdout)
    assert left["gives back"] < 3_000_000
    assert left["as it is"] > 20_000_000
