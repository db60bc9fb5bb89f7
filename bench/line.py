"""How fast the whole line is: the demonstration's papers over loopback HTTP, poll to message."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from monitor.demo import show
from monitor.models import Progress, Round
from monitor.publish import Published


class _Quiet:
    """A stage without an audience."""

    def __init__(self) -> None:
        self.pages = 0

    def step(self, text: str) -> None:
        """Say nothing."""

    def polled(self, done: Sequence[Round]) -> None:
        """Count the pages."""
        self.pages += sum(one.new for one in done)

    def published(self, made: Published) -> None:
        """Show nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""

    def end(self, text: str) -> None:
        """Say nothing."""

    def progress(self, total: int) -> AbstractContextManager[Progress]:  # noqa: ARG002
        """Show nothing."""
        return nullcontext(lambda _source, _what: None)


def main() -> None:
    """Print pages a second over the whole line, and the CPU it took."""
    stage = _Quiet()
    with tempfile.TemporaryDirectory() as folder:
        began, cpu = time.perf_counter(), time.process_time()
        asyncio.run(show(Path(folder) / "demo", 0, stage))
        seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    print("\nThe whole line (fetch, read, decide, store, compose; two polls, two digests)")
    print(f"  {stage.pages} pages in {seconds:.1f} s, {spent / stage.pages * 1000:.0f} ms CPU a page")
