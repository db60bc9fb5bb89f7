"""Where the running service answers `/metrics` and `/health`: at the address that sources.yaml names now."""

import logging
from contextlib import ExitStack

from monitor.edges.metrics import Metrics, serving
from monitor.errors import UsageError

_log = logging.getLogger(__name__)

Address = tuple[str, int]
"""A host to listen on and a port; 0: any free one."""


class Figures:
    """The address at which a service's figures are told; nowhere at first."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._open = ExitStack()
        self._told: Address | None = None

    def move(self, told: Address | None) -> None:
        """Answer at this address and no longer at the one before; None: nowhere.

        Raises UsageError when it cannot be used; the one before then stays.
        """
        if told == self._told:
            return
        self._open.close()
        try:
            self._answer(told)
        except UsageError:
            self._answer(self._told)
            raise
        self._told = told

    def _answer(self, told: Address | None) -> None:
        if told:
            address = self._open.enter_context(serving(self._metrics, *told))
            _log.info("figures at %s/metrics, %s/health", address, address)

    def close(self) -> None:
        """Answer nobody any more."""
        self._open.close()
