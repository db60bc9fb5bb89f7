"""What can go wrong on the way to an answer, as a person would say it."""

import httpcore
import httpx

from monitor.errors import FetchError

FAULTS = (
    httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, httpcore.UnsupportedProtocol,
    httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError, ExceptionGroup,
)  # fmt: skip
"""Whatever a network, a server or an address may raise."""


class TooFarError(FetchError):
    """Redirects that do not end."""


class IncompleteError(FetchError):
    """A certificate whose issuer is not known, with that certificate (DER)."""

    def __init__(self, reason: str, certificate: bytes) -> None:
        super().__init__(reason)
        self.certificate = certificate


def words(fault: BaseException) -> str:
    """Return a network fault in a few words."""
    if isinstance(fault, ExceptionGroup):
        return words(fault.exceptions[0])
    text = str(fault)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return f"certificate not trusted: {text.rsplit(': ', 1)[-1].split(' (_ssl', maxsplit=1)[0]}"
    if "[SSL: " in text:
        return f"no secure connection: {text.rsplit('] ', 1)[-1].split(' (_ssl', maxsplit=1)[0]}"
    if isinstance(fault, httpcore.ConnectError):
        return "connection refused" if "All connection attempts failed" in text else f"no connection: {text[:200]}"
    if isinstance(fault, (httpcore.ProtocolError, httpcore.NetworkError)):
        return f"the connection broke off: {text[:200]}" if text else "the connection broke off"
    if isinstance(fault, httpcore.TimeoutException):
        return "no connection in time"
    if isinstance(fault, (ValueError, OverflowError, httpx.InvalidURL)):
        return "an address that cannot be visited"
    return f"{type(fault).__name__}: {text}"[:200]
