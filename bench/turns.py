"""What many workers do one after the other, and what it costs them: a PostgreSQL server that waits for its disk.

An article finds its story while no other worker looks for one, among the labelled articles as if all
were of one day; before a request a worker takes its turn at a machine; a visit is made under a lease.
"""

import time
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

from bench.scale import Press, line, stored, timed
from monitor.edges.store import Store
from monitor.edges.store.leases import Leases
from tests import postgres
from tests.judge import labelled_articles

_TIMES, _ARTICLES = 100, 240
_LEASE = timedelta(seconds=45)


def _store(address: str, seed: int, first: int, number: int) -> None:
    """Store articles beside other processes that do the same."""
    with Store(address, shared=True) as store:
        stored(store, map(Press(seed).article, range(first, first + number)))


def _together(address: str, workers: int) -> float:
    """Return how many articles a second some processes store side by side, in an empty database."""
    each = _ARTICLES // workers
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        list(pool.map(_open, [address] * workers))
        began = time.perf_counter()
        shares = [pool.submit(_store, address, n, n * each, each) for n in range(workers)]
        for share in shares:
            share.result()
        return workers * each / (time.perf_counter() - began)


def _open(address: str) -> None:
    """Import what storing needs, before it is timed."""
    Store(address, shared=True).__exit__()


def _turn(leases: Leases, name: str) -> None:
    if lease := leases.claim(name, _LEASE):
        leases.release(lease)


def main() -> None:
    """Print the table."""
    with (
        postgres.serving(careful=True) as server,
        server.database() as address,
        Store(address, shared=True) as store,
    ):
        print("\nTurns among workers, on a server that waits for its disk")
        line("an article finds its story", stored(store, [one.article for one in labelled_articles()]))
        machines, leases = store.machines, Leases(store.database)
        line("a turn at a machine", [timed(lambda: machines.reserve("192.0.2.1:443", 0)) for _ in range(_TIMES)])
        line("a lease taken and given back", [timed(lambda: _turn(leases, "host:a")) for _ in range(_TIMES)])
    for workers in (1, 2, 4):
        with postgres.serving(careful=True) as server, server.database() as address:
            rate = _together(address, workers)
            print(f"  {f'articles a second, {workers} processes':34} {rate:.0f}")


if __name__ == "__main__":
    main()
