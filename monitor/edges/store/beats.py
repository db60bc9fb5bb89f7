"""Signs of life of the processes that work on a store, so that others can tell whether they are well."""

import socket
from datetime import datetime, timedelta

from monitor.edges.store.database import Database, moment, stamp
from monitor.edges.store.sqlite import Sqlite
from monitor.models import Beat

_KEPT = timedelta(days=30)  # containers come and go, each under a name of its own


class Beats:
    """Rows `beat`, one for each host on which a process works or worked until it was killed."""

    def __init__(self, database: Database) -> None:
        self._db, self._host = database, socket.gethostname()
        # one process works on a file, whatever its host is called: a container's has a name of its own
        self._alone = isinstance(database, Sqlite)

    def beat(self, now: datetime, held: str = "") -> None:
        """Leave a sign of life of this host; `held` says why nothing is visited. Raises StoreError."""
        with self._db.write() as db:
            db.execute(
                "INSERT INTO beat (host, beat_at, held) VALUES (:host, :now, :held)"
                " ON CONFLICT (host) DO UPDATE SET beat_at = excluded.beat_at, held = excluded.held",
                {"host": self._host, "now": stamp(now), "held": held},
            )
            db.execute("DELETE FROM beat WHERE beat_at < ?", (stamp(now - _KEPT),))

    def end(self) -> None:
        """Write down that the process of this host was stopped."""
        with self._db.write() as db:
            db.execute("DELETE FROM beat WHERE host = ? OR ? = 1", (self._host, int(self._alone)))

    def last(self, *, anywhere: bool = False) -> Beat | None:
        """Return the last sign of life of this host, or of the host that gave one last; None when there is none."""
        rows = self._db.read(
            "SELECT * FROM beat WHERE host = :host OR :anywhere = 1 ORDER BY beat_at DESC LIMIT 1",
            {"host": self._host, "anywhere": int(anywhere or self._alone)},
        )
        return Beat(rows[0]["host"], moment(rows[0]["beat_at"]), rows[0]["held"]) if rows else None
