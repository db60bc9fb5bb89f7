"""The only door to Telegram: a chat that is written to, the outcome of each call, what a channel shows."""

from monitor.edges.telegram.channel import Channel

__all__ = ["Channel"]
