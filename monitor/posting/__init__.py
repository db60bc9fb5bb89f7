"""What waits goes to the channel: each message once, an edition's in order, whatever happens in between."""

from monitor.posting.deliver import at_once, deliver
from monitor.posting.doubt import answer
from monitor.posting.readback import try_ways

__all__ = ["answer", "at_once", "deliver", "try_ways"]
