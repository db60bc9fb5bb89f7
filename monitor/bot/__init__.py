"""What a person may ask the bot in a private chat, and the answer; the operator may ask more in the admin chat.

Decisions are functions of the question, the store and the time; Telegram is at the edge
(`edges.telegram.updates`).
"""

from monitor.bot.desk import Desk
from monitor.bot.listening import listening

__all__ = ["Desk", "listening"]
