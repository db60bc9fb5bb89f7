"""When each machine on the web may be asked next, whichever of many workers asks."""

from datetime import datetime, timedelta

from monitor.edges.store.database import Database, stamp
from monitor.edges.store.leases import NOW

_KEPT = timedelta(days=1)


class Machines:
    """Rows `machine`, one for each address and port; those of a server, where its clock is everybody's."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def reserve(self, address: str, pause: float) -> float:
        """Take a machine's next free instant, and the `pause` after it; returns in how many seconds it is.

        PostgreSQL only. Raises StoreError.
        """
        with self._db.write() as db:
            row = db.execute(
                f"INSERT INTO machine (address, free_at) VALUES (:address, {NOW} + :pause)"  # noqa: S608 - a constant
                f" ON CONFLICT (address) DO UPDATE SET free_at = greatest(machine.free_at, {NOW}) + :pause"
                f" RETURNING free_at - :pause - {NOW} AS wait",
                {"address": address, "pause": int(pause * 1000)},
            ).fetchone()
        return max(0.0, float(row["wait"]) / 1000)

    def forget(self, now: datetime) -> None:
        """Let go of the machines that have not been asked for a day: pages lead to ever other ones."""
        with self._db.write() as db:
            db.execute("DELETE FROM machine WHERE free_at < ?", (stamp(now - _KEPT),))
