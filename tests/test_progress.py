"""A long battery says where it stands, and never among its figures."""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from battery.progress import progress, stepped


def test_where_a_battery_stands_is_told_now_and_then_on_standard_error_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress("editions posted", 90, every=0.02) as step:
        with ThreadPoolExecutor(3) as pool:
            for _ in range(60):
                pool.submit(step)
        sys.stdout.write("a figure\n")
        time.sleep(0.1)
    said = capsys.readouterr()
    assert said.out == "a figure\n"
    assert said.err.splitlines()[-1].startswith("editions posted: 60 of 90 after 0 s, ")


def test_a_battery_that_hangs_goes_on_telling(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("killed", 5, every=0.01):
        time.sleep(0.1)
    assert len(capsys.readouterr().err.splitlines()) > 2


def test_a_short_battery_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(stepped("zones", "abc")) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")


def test_the_live_line_of_a_terminal_stays_out_of_a_file_of_figures(tmp_path: Path) -> None:
    screen, terminal = os.openpty()
    figures = tmp_path / "figures.txt"
    with (
        os.fdopen(terminal, "w") as line,
        figures.open("w") as file,
        redirect_stderr(line),
        redirect_stdout(file),
        progress("zones", 3) as step,
    ):
        step()
        sys.stdout.write("a figure\n")
    shown = os.read(screen, 100_000).decode()
    os.close(screen)
    assert figures.read_text() == "a figure\n"
    assert "zones" in shown
    assert "a figure" not in shown
