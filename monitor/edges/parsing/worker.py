"""A process that reads pages: it gets a plain function and its arguments, one page at a time.

It imports what that function needs, and nothing before.
"""

import pickle
import resource
import signal
import sys
from multiprocessing.connection import Connection

_MEMORY = 512 * 1024 * 1024  # bytes of address space


def work() -> None:
    """Be a worker: read pages until the other side is gone. Called in a process of its own."""
    pipe, seconds = Connection(int(sys.argv[1])), int(sys.argv[2])
    _limit(resource.RLIMIT_AS, _MEMORY)
    _limit(resource.RLIMIT_CORE, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program; the pipe's end is for us
    while True:
        try:
            message = pipe.recv_bytes()
        except EOFError:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds)
        pipe.send_bytes(_answer(message))


def _limit(what: int, most: int) -> None:
    """Set a soft limit where the system knows it."""
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _answer(message: bytes) -> bytes:
    """Return whether a function returned, and its result or fault, pickled."""
    try:
        function, args, named = pickle.loads(message)  # noqa: S301 - from our own process
        return pickle.dumps((True, function(*args, **named)))
    except MemoryError:
        return pickle.dumps((False, MemoryError()))
    except Exception as fault:  # noqa: BLE001 - told to the process that asked
        try:
            return pickle.dumps((False, fault))
        except Exception:  # noqa: BLE001 - a fault that cannot be sent is told by its name
            return pickle.dumps((False, RuntimeError(f"{type(fault).__name__}: {fault}"[:500])))
