"""Functions called in processes that can be killed.

A worker is this interpreter anew, with neither the environment's secrets nor open files. It is
started for the first page, so that a round in which nothing is new starts none.
"""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Pipe
from pathlib import Path
from threading import Timer
from typing import Any, ParamSpec, TypeVar

from monitor.errors import TooHardError

P = ParamSpec("P")
R = TypeVar("R")

_PAGES = 500  # until a worker is replaced: what its libraries never give back goes with it
_HANDED_ON = {"PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "SYSTEMROOT"}
_PROGRAM = "from monitor.edges.parsing.worker import work; work()"


class Parsing:
    """Reads pages outside this process, `workers` at once; `started` counts those there ever were."""

    def __init__(self, workers: int = 2, seconds: float = 15.0) -> None:
        """Take `seconds` that one page may hold a worker, two thirds of them computing."""
        self.started = 0
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="parsing")
        self._idle: list[_Worker] = []
        weakref.finalize(self, _end, self._threads, self._idle)

    async def call(self, function: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        """Return what a module's plain function returns, or raise what it raises.

        Arguments and result are data that can be pickled. Raises TooHardError when it takes too
        long or too much memory, or brings its process down.
        """
        asked, held = (function, args, named), list[_Worker]()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, asked, held)
        except asyncio.CancelledError:  # nobody waits any more: nor does the end of the program
            for worker in held:
                worker.stop()
            raise

    def _ask(self, asked: object, held: "list[_Worker]") -> Any:  # noqa: ANN401 - what the function returns
        worker = self._ready()
        held.append(worker)
        try:
            good, result = worker.ask(pickle.dumps(asked))
        except BaseException:
            worker.end()
            raise
        if worker.pages < _PAGES and not isinstance(result, MemoryError):
            self._idle.append(worker)
        else:
            worker.end()
        if good:
            return result
        raise TooHardError("reading it takes too much memory") if isinstance(result, MemoryError) else result

    def _ready(self) -> "_Worker":
        """Return a worker that waits for a page, else a new one; one that died while it waited is let go."""
        while True:
            try:
                worker = self._idle.pop()
            except IndexError:
                self.started += 1
                return _Worker(self._seconds)
            if worker.lives:
                return worker
            worker.end()


class _Worker:
    """One process, and the pipe to it."""

    def __init__(self, seconds: float) -> None:
        self.pages, self._seconds, self._late = 0, seconds, False
        self._pipe, theirs = Pipe()
        home = str(Path(__file__).parents[3])
        env = {name: value for name, value in os.environ.items() if name in _HANDED_ON}
        env["PYTHONPATH"] = os.pathsep.join(filter(None, (home, env.get("PYTHONPATH"))))
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with a program of our own
            [sys.executable, "-P", "-c", _PROGRAM, str(theirs.fileno()), str(int(seconds * 2 / 3) + 1)],
            pass_fds=[theirs.fileno()],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()

    def ask(self, message: bytes) -> tuple[bool, Any]:
        """Return whether the function returned, and what; raises TooHardError."""
        self.pages += 1
        alarm = Timer(self._seconds, self.stop)
        alarm.start()
        try:
            self._pipe.send_bytes(message)
            answer: tuple[bool, Any] = pickle.loads(self._pipe.recv_bytes())  # noqa: S301 - from our own process
        except (EOFError, OSError) as fault:
            raise TooHardError(self._cause()) from fault
        finally:
            alarm.cancel()
        return answer

    @property
    def lives(self) -> bool:
        """Whether nobody has killed the process."""
        return not self._late and self._process.poll() is None

    def stop(self) -> None:
        """Kill the process in the middle of its page."""
        self._late = True
        self._process.kill()

    def _cause(self) -> str:
        """Return why a worker is gone."""
        number = -self._process.wait()
        if number == signal.SIGXCPU or self._late:
            return f"reading it takes longer than {self._seconds:g} s"
        return f"reading it brings its reader down (signal {number})" if number > 0 else "reading it ended its reader"

    def end(self) -> None:
        """Kill the process."""
        self._pipe.close()
        self._process.kill()
        self._process.wait()


def _end(threads: ThreadPoolExecutor, idle: list[_Worker]) -> None:
    threads.shutdown(wait=False, cancel_futures=True)
    while idle:
        idle.pop().end()
