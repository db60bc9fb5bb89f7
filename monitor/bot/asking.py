"""What every answer is made from: the App and store of the moment, and the time."""

from dataclasses import dataclass
from datetime import date, datetime

from monitor.app import App
from monitor.edges.store import Store


@dataclass(frozen=True, slots=True)
class Asking:
    """Within what a question is answered; `operator`: it came from the admin chat."""

    app: App
    store: Store
    now: datetime
    operator: bool

    def local(self, moment: datetime) -> datetime:
        """Return a time on the clock of the digest."""
        return moment.astimezone(self.app.config.digest.timezone)

    @property
    def today(self) -> date:
        """The local date."""
        return self.local(self.now).date()
