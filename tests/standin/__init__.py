"""A strict stand-in for Telegram: its chats, the Bot API's methods, a server on loopback, faults."""

from tests.standin.server import serving
from tests.standin.world import Bot, Chat, Sent, World

__all__ = ["Bot", "Chat", "Sent", "World", "serving"]
