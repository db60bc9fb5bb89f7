"""Whose certificates are trusted: those of the system's store."""

import ssl
from functools import cache
from pathlib import Path

import certifi


class Certificates:
    """The TLS settings for each visit."""

    def context(self, *, verified: bool) -> ssl.SSLContext:
        """Return what a host's certificate is held against: nothing at all unless `verified`."""
        return trusted() if verified else _unverified()


@cache
def trusted() -> ssl.SSLContext:
    """Return the system's store, so that an operator's own authority counts; certifi's where there is none.

    It is read once: truststore reads it anew for each connection.
    """
    context = ssl.create_default_context()
    if not context.get_ca_certs() and not _folder_holds_some():
        context.load_verify_locations(certifi.where())
    return context


def _folder_holds_some() -> bool:
    """Tell whether OpenSSL has a folder of certificates, which it reads when it needs one."""
    folder = ssl.get_default_verify_paths().capath
    return bool(folder) and any(Path(folder).iterdir())


@cache
def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
