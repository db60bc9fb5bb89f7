"""Whose certificates are trusted: those of this machine's store, so that an operator's own authority counts."""

import ssl
from functools import cache
from pathlib import Path

import certifi


@cache
def trusted() -> ssl.SSLContext:
    """Return TLS settings that trust the store, read once: that takes longer than all else about a connection."""
    return system_store()


def system_store() -> ssl.SSLContext:
    """Return new TLS settings that trust the system's store; certifi's where there is none."""
    context = ssl.create_default_context()
    folder = ssl.get_default_verify_paths().capath  # OpenSSL reads it only when it looks for somebody
    if not context.get_ca_certs() and not (folder and any(Path(folder).iterdir())):
        context.load_verify_locations(certifi.where())
    return context
