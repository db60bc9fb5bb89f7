"""The only door to the web: one polite, bounded GET that never reaches into the local network.

What is guarded against, with the figures that led to it, is in docs/fetching.md.
"""

from monitor.edges.fetch.addresses import Resolve, is_public
from monitor.edges.fetch.robots import Book
from monitor.edges.fetch.visits import Rules
from monitor.edges.fetch.web import Web

__all__ = ["Book", "Resolve", "Rules", "Web", "is_public"]
