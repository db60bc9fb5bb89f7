"""Whose turn it is: a lease held while a block runs, and the block ended before another worker may begin."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from monitor.edges.store import Store
from monitor.edges.store.leases import Lease, Leases
from monitor.errors import AwayError, LeaseLostError, StoreError

_LEASE = timedelta(seconds=45)
_HELD = 35  # seconds after which a worker that could not renew its lease stops, well before others may begin


class Turns:
    """The leases of one worker."""

    def __init__(self, store: Store) -> None:
        self._store, self._leases = store, Leases(store.database)
        self._left: list[Lease] = []

    @asynccontextmanager
    async def leased(self, name: str) -> AsyncIterator[Store | None]:
        """Hold a lease while a block runs: returns the store, fenced by it, or None when another worker has it.

        A block whose lease could not be renewed in time is cancelled: LeaseLostError.
        """
        lease = self._leases.claim(name, _LEASE)
        if lease is None:
            yield None
            return
        try:
            async with asyncio.timeout(_HELD) as limit:
                renewing = asyncio.create_task(self._renew(lease, limit))
                try:
                    yield self._store.fenced(lease)
                finally:
                    renewing.cancel()
        except TimeoutError as fault:
            raise LeaseLostError(f"{name}: this worker was away for too long; another one goes on") from fault
        finally:
            self._release(lease)

    def give_back(self) -> None:
        """Release the leases whose end could not be written when it came; raises StoreError."""
        while self._left:
            self._leases.release(self._left[-1])
            self._left.pop()

    def _release(self, lease: Lease) -> None:
        try:
            self._leases.release(lease)
        except AwayError:
            self._left.append(lease)
            raise

    async def _renew(self, lease: Lease, limit: asyncio.Timeout) -> None:
        """Put the end of a lease and of the work under it off, until the lease is lost."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_HELD / 3)
            try:
                self._leases.renew(lease, _LEASE)
            except LeaseLostError:
                limit.reschedule(loop.time())
                return
            except StoreError:
                continue  # the server is away: it may come back before the end
            limit.reschedule(loop.time() + _HELD)
