"""The `monitor` command as a process of its own, forked from one that has everything imported: most of what a
start costs is imports, and the tests start some hundred commands."""

import logging
import multiprocessing
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory

from monitor.cli.catalogue import COMMANDS, SOURCES

_processes = multiprocessing.get_context("forkserver")
_rooms = {place.partition(":")[0] for place in (*COMMANDS.values(), *SOURCES.values())}
_edges = ("fetch", "model", "parsing.pool", "server", "store.postgres", "telegram")  # loaded only when they are used
_preloaded = [__name__, *(f"monitor.edges.{one}" for one in _edges), *(f"monitor.cli.{room}" for room in _rooms)]
_processes.set_forkserver_preload(_preloaded)


def run(words: tuple[str, ...], folder: Path, env: Mapping[str, str], timeout: float) -> CompletedProcess[str]:
    """Run a command in a folder, with this environment and nothing on its standard input.

    Raises subprocess.TimeoutExpired, the process killed.
    """
    with TemporaryDirectory() as streams:
        printed, told = Path(streams, "stdout"), Path(streams, "stderr")
        with started(words, folder, env, printed, told) as process:
            code = ended(process, timeout)
        return CompletedProcess(words, code, printed.read_text("utf-8"), told.read_text("utf-8"))


class _Loud(logging.Logger):
    """A logger that takes no other level than DEBUG."""

    def setLevel(self, _: int | str) -> None:  # noqa: N802 - the library's name
        super().setLevel(logging.DEBUG)


@contextmanager
def started(
    words: tuple[str, ...], folder: Path, env: Mapping[str, str], printed: Path, told: Path, *, loud: bool = False
) -> Iterator[BaseProcess]:
    """Start a command whose standard output and error go to these files; it is killed at the end if it still runs.

    A `loud` one and all its libraries log all that they ever would.
    """
    process = _processes.Process(target=_command, args=(words, folder, dict(env), printed, told, loud))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def ended(process: BaseProcess, timeout: float = 30) -> int:
    """Wait for the end of a command; returns its exit code, raises subprocess.TimeoutExpired."""
    process.join(timeout)
    if process.exitcode is None:
        raise TimeoutExpired(process.name, timeout)
    return process.exitcode


def _command(words: tuple[str, ...], folder: Path, env: dict[str, str], printed: Path, told: Path, loud: bool) -> None:
    """Be the command: its folder, environment and standard streams, then its `main`."""
    from monitor.cli import main, options  # noqa: PLC0415 - imported already where this runs, and nowhere else

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    for number, path in ((1, printed), (2, told)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    for console in (options.out, options.err):  # they asked the environment when they were made
        console.width, console.no_color = int(env["COLUMNS"]), True
    if loud:
        _raise_voices()
    sys.argv = ["monitor", *words]
    main()


def _raise_voices() -> None:
    """Let every logger log all, those that are there as those to come."""
    logging.setLoggerClass(_Loud)
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.__class__ = _Loud
            logger.setLevel(logging.DEBUG)
