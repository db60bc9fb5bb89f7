"""Is a site out of reach, or this machine? Told by what fails together. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.models import Health

_SIGNS = ("host name", "no connection")
_LEAST = 3  # sources that were not met, before it is said of all
_AFTER = timedelta(minutes=20)  # less than a source of its own takes to fail three times


def unreached(reason: str) -> bool:
    """Tell whether a fault is that nobody was met: no such host, no connection."""
    return any(sign in reason for sign in _SIGNS)


def cut_off(fares: Sequence[Health], now: datetime) -> datetime | None:
    """Return since when nothing on the network was met, None while something is or it is too early to say.

    That is the last visit at which any source answered, if since then three of them (all of fewer, never
    one alone) were looked for and none was met. Where none ever answered, the first of these visits.
    """
    answered = (one.last_good_at if is_lost(one) else one.last_poll_at for one in fares)
    last = max((moment for moment in answered if moment), default=None)
    missed = [
        one.last_poll_at for one in fares if is_lost(one) and one.last_poll_at and (not last or one.last_poll_at > last)
    ]
    if len(missed) < max(2, min(_LEAST, len(fares))) or (last and now - last < _AFTER):
        return None
    return last or min(missed)


def is_lost(one: Health) -> bool:
    """Tell whether a source was not met at its last visit."""
    return bool(one.failures) and not one.paused_at and unreached(one.reason)
