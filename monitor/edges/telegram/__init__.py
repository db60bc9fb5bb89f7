"""The only door to Telegram: a chat that is written to, the outcome of each call, what a channel shows."""

from monitor.edges.telegram.channel import Channel
from monitor.edges.telegram.updates import Listener, listening_bot
from monitor.edges.telegram.witness import Witness

__all__ = ["Channel", "Listener", "Witness", "listening_bot"]
