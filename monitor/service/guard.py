"""What runs a service's pieces of work, so that the fault of one is a line in the log and not its end."""

import asyncio
import faulthandler
import logging
from collections.abc import Awaitable

from monitor.errors import AwayError, DamagedError, DiemBaoError

_log = logging.getLogger(__name__)


class Guard:
    """Told to stop from outside, or by a store that is found damaged (`damage`).

    `away` says why the store's server does not answer, "" while it does. Many pieces of work meet that
    at once; it is said when it begins and when it is over.
    """

    def __init__(self, patience: float | None = None) -> None:
        """Take after how many seconds without a sign of life the process ends itself; None: never."""
        self.stopping = asyncio.Event()
        self.damage: DamagedError | None = None
        self.away = ""
        self._patience = patience

    def alive(self) -> None:
        """Note that the work goes on; from the first time to `rest` it must be called within the `patience`.

        Otherwise the process ends at once with exit code 1, so that its supervisor starts it
        again; what each thread was at stands on standard error.
        """
        if self._patience:
            faulthandler.dump_traceback_later(self._patience, exit=True)

    def rest(self) -> None:
        """Note that the work has come to its end: nothing is expected any more."""
        if self._patience:
            faulthandler.cancel_dump_traceback_later()

    async def run(self, work: Awaitable[None], what: str) -> None:
        """Run one piece of work; whatever else it raises, the service goes on."""
        try:
            await work
        except DamagedError as fault:
            self.damage = fault
            self.stopping.set()
        except AwayError as fault:
            self.lost(str(fault))
        except DiemBaoError as fault:
            _log.error("%s: %s", what, fault)
        except Exception:  # noqa: BLE001 - a fault in one job must not stop the heartbeat
            _log.exception("%s: unexpected fault", what)

    def lost(self, why: str) -> None:
        """Note that the store's server does not answer: what was under way is done again when it is back."""
        if not self.away:
            _log.error("the database is away, work waits for it: %s", why)
        self.away = why

    def found(self) -> None:
        """Note that it answers."""
        if self.away:
            _log.info("the database answers again, work goes on")
        self.away = ""
