"""Which host was seen to lead to which other one: an edition may link there."""

from collections.abc import Iterable

from monitor.edges.store.database import Database

_OF_ONE, _OF_ALL = 20, 10_000  # redirects of one host, of all: each edition names those it may link to


class Redirects:
    """Rows `redirect`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, host: str, leads_to: str) -> None:
        """Write down that a host was seen to lead to another one; one that leads to ever others, the first of them."""
        with self._db.write() as db:
            db.execute(
                "INSERT INTO redirect (host, leads_to) SELECT :host, :leads_to"
                " WHERE (SELECT count(*) FROM redirect WHERE host = :host) < :of_one"
                " AND (SELECT count(*) FROM redirect) < :of_all ON CONFLICT DO NOTHING",
                {"host": host, "leads_to": leads_to, "of_one": _OF_ONE, "of_all": _OF_ALL},
            )

    def reached(self, hosts: Iterable[str]) -> set[str]:
        """Return the hosts to which these were seen to lead, also over one another."""
        rows = self._db.read(
            "WITH RECURSIVE reached (host) AS (SELECT value FROM json_each(:hosts)"
            " UNION SELECT leads_to FROM redirect JOIN reached ON redirect.host = reached.host)"
            " SELECT host FROM reached",
            {"hosts": list(hosts)},
        )
        return {row["host"] for row in rows}
