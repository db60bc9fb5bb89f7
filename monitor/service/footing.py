"""What a process works by: the configuration of the moment, its door to the web, and whether anything can be stored."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from monitor.app import App
from monitor.edges.memory import give_back_large_pieces
from monitor.edges.metrics import Metrics
from monitor.edges.store import Store
from monitor.errors import ConfigError, StoreError, UsageError
from monitor.housekeeping import tell_held, why_not_store
from monitor.poll import enlist
from monitor.reasons import mistakes_in_vietnamese
from monitor.service.figures import Address, Figures
from monitor.service.guard import Guard
from monitor.service.reload import Edits

_EDIT, _FIGURES = "sources.yaml", "metrics"  # the topics of alerts about its mistakes

_LOOPBACK = "127.0.0.1"  # as in sources.yaml where no address is named

_log = logging.getLogger(__name__)


class Footing:
    """`app` and `web` are replaced by an edit of sources.yaml; `metrics` tell how this process fares."""

    def __init__(self, app: App, store: Store, guard: Guard, port: int | None = None) -> None:
        """Take the `port` for figures, where another one is to be used than sources.yaml says; 0: any free one."""
        self.app, self.store, self._port = app, store, port
        self.web, self.metrics = app.web(store), Metrics()
        self._guard, self._edits, self._figures = guard, Edits(app), Figures(self.metrics)
        self._held = ""  # why nothing can be stored

    @contextmanager
    def open(self) -> Iterator[None]:
        """Answer for the figures, where an address is named, until the block ends; raises UsageError."""
        give_back_large_pieces()
        if self.app.exposed:
            _log.warning(self.app.exposed)
        self._figures.move(self._address())
        try:
            yield
        finally:
            self._guard.rest()
            self._figures.close()
            with suppress(StoreError):  # a store that is full, damaged or away
                self.store.beats.end()

    async def look(self) -> bool:
        """Leave a sign of life; returns whether anything can be stored. An edited sources.yaml counts from then on."""
        await self._guard.run(self._look(), "store")
        if self.holds:
            await self._guard.run(self._take_up_edits(), "sources.yaml")
        self.metrics.beat(held=self._guard.away or self._held)
        self._guard.alive()
        return self.holds

    @property
    def holds(self) -> bool:
        """Whether anything could be stored at the last look."""
        return not (self._guard.away or self._held)

    async def _look(self) -> None:
        why = why_not_store(self.app, self.store)
        self._guard.found()
        if why != self._held:
            tell_held(self.app, self.store, why)
        self._held = why

    async def _take_up_edits(self) -> None:
        """Work by an edited sources.yaml from now on; rounds under way end by the one before."""
        try:
            edited = await self._edits.read()
        except ConfigError as fault:
            refused = "; ".join(fault.mistakes)
            _log.error("the edit is refused, the configuration before it stays: %s", refused)
            self.store.alerts.clear(_EDIT, self.app.clock())  # each refused edit is told, also the same mistake again
            self._edit_stands(
                "Bản sửa sources.yaml có lỗi nên chưa được dùng, cấu hình trước vẫn giữ nguyên."
                f" Lỗi: {mistakes_in_vietnamese(fault.mistakes)}."
            )
            return
        if edited is None:
            return
        enlist(edited, self.store, edited.sources)
        self._edit_stands("", f"sources.yaml đã đúng trở lại và được dùng: theo dõi {len(edited.sources)} nguồn.")
        if edited.config.fetch != self.app.config.fetch:
            self.web = edited.web(self.store)
        self.web.rules = edited.rules
        self.app = edited
        _log.info("sources.yaml was edited: watching %d sources", len(edited.sources))
        self._move_figures()

    def _edit_stands(self, line: str, over: str = "") -> None:
        self.store.alerts.stand(_EDIT, line, over, self.app.clock())

    def _move_figures(self) -> None:
        """Tell the figures where an edited sources.yaml wants them; where that cannot be, they stay, and it is said."""
        now = self.app.clock()
        try:
            self._figures.move(self._address())
        except UsageError as fault:
            _log.error("%s; the address before it stays", fault)
            self.store.alerts.add(
                _FIGURES, "Không mở được địa chỉ ghi ở metrics trong sources.yaml, vẫn dùng địa chỉ cũ.", now
            )
        else:
            self.store.alerts.clear(_FIGURES, now)

    def _address(self) -> Address | None:
        """Return where the figures are to be told, None when nowhere."""
        told = self.app.config.metrics
        if self._port is not None:
            return (told.host if told else _LOOPBACK), self._port
        return (told.host, told.port) if told else None
