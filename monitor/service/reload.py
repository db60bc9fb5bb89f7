"""sources.yaml while the service runs: an edit counts from the next tick, a broken one is refused."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

from monitor.app import App, build
from monitor.errors import ConfigError


class Edits:
    """The file of the running configuration, and whether it was written since it was last read."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._seen = _stamp(app.path)

    async def read(self) -> App | None:
        """Return the App of an edited file, None when it is as it was.

        Raises ConfigError with the mistakes of an edit that cannot be used; each edit is read
        once. What the environment says stays as it was at the start.
        """
        seen = _stamp(self._app.path)
        if seen == self._seen:
            return None
        try:
            edited = await asyncio.to_thread(build, self._app.path, self._app.clock, self._app.settings)
        except ConfigError:
            if _stamp(self._app.path) != seen:  # an editor is still writing it: the next look finds it whole
                return None
            self._seen = seen
            raise
        self._seen = seen
        return replace(edited, pace=self._app.pace, parsing=self._app.parsing)


def _stamp(path: Path) -> tuple[int, ...]:
    """Return what changes when a file is written; () while it is not there."""
    try:
        found = os.stat(path)  # noqa: PTH116 - one call for the three
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns
