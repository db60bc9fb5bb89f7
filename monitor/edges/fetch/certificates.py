"""What leads from a host's certificate up to one that is trusted.

Many servers send their own certificate without the one that links it to the store. Browsers fetch
that one from where the certificate says (AIA, RFC 5280 4.2.2.1), OpenSSL does not.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import httpcore

from monitor.edges import authorities
from monitor.errors import FetchError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

T = TypeVar("T")
LARGEST = 65_536  # bytes of a fetched certificate
_LINKS = 3  # between a server's certificate and the store
_MANY = 64  # hosts whose links are held; addresses of certificates likewise
_AGAIN = 3600.0  # seconds until an address that gave no certificate, or another one, is asked again
_NO_ISSUER = {20, 21}  # X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, _UNABLE_TO_VERIFY_LEAF_SIGNATURE


class Certificates:
    """The TLS settings for each host."""

    def __init__(self, fetch: Callable[[str], Awaitable[bytes]]) -> None:
        """Take `fetch`: returns what an address holds, LARGEST bytes at most; raises FetchError."""
        self._fetch = fetch
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._found: dict[str, tuple[float, Certificate | None]] = {}

    def context(self, host: str, *, verified: bool) -> ssl.SSLContext:
        """Return what a host's certificate is held against: nothing at all unless `verified`."""
        return self._contexts.get(host, authorities.trusted()) if verified else unverified()

    async def mend(self, host: str, certificate: bytes) -> bool:
        """Fetch what leads from a host's certificate (DER) up to the store; tells whether anything was found.

        What is fetched is trusted in nothing: it only takes part in a chain that must end in the
        store. So a root is never taken, and what one host brought helps no other.
        """
        links = await self._links(certificate)
        if not links:
            return False
        context = authorities.system_store()
        context.verify_flags &= ~ssl.VERIFY_X509_PARTIAL_CHAIN  # on since Python 3.13: a link would do as an end
        context.load_verify_locations(cadata=b"".join(links))
        _put(self._contexts, host, context)
        return True

    async def _links(self, certificate: bytes) -> list[bytes]:
        """Return the certificates above one, each having signed the one below it."""
        from cryptography import x509  # noqa: PLC0415 - few servers need it
        from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

        links: list[bytes] = []
        try:
            below = x509.load_der_x509_certificate(certificate)
            while len(links) < _LINKS and (address := _issuer_address(below)):
                above = await self._at(address)
                if above is None or above.subject == above.issuer:
                    break
                below.verify_directly_issued_by(above)
                links.append(above.public_bytes(Encoding.DER))
                below = above
        except Exception:  # noqa: BLE001 - whatever is wrong with a stranger's certificate, it leads nowhere
            return links
        return links

    async def _at(self, address: str) -> "Certificate | None":
        """Return the certificate at an address, None where there is none."""
        now = asyncio.get_running_loop().time()
        since, known = self._found.get(address, (-_AGAIN, None))
        if now - since < _AGAIN:
            return known
        try:
            found = _read(await self._fetch(address))
        except (FetchError, ValueError):
            found = None
        _put(self._found, address, (now, found))
        return found


def is_incomplete(fault: BaseException) -> bool:
    """Tell whether a connection failed because a certificate's issuer is not known."""
    cause = fault.__cause__ or fault.__context__ if isinstance(fault, httpcore.ConnectError) else None
    return isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_code in _NO_ISSUER


@cache
def unverified() -> ssl.SSLContext:
    """Return settings under which any certificate does."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _issuer_address(certificate: "Certificate") -> str:
    """Return where a certificate says that its issuer's is found, "" if nowhere on the web."""
    from cryptography import x509  # noqa: PLC0415 - few servers need it
    from cryptography.x509.oid import AuthorityInformationAccessOID  # noqa: PLC0415

    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return ""
    named = [
        one.access_location.value for one in access if one.access_method == AuthorityInformationAccessOID.CA_ISSUERS
    ]
    return next((one for one in named if isinstance(one, str) and one.startswith(("http://", "https://"))), "")


def _read(content: bytes) -> "Certificate":
    """Return the certificate in a file: DER, PEM, or the first of a PKCS #7 bundle; raises ValueError."""
    from cryptography import x509  # noqa: PLC0415 - few servers need it
    from cryptography.hazmat.primitives.serialization import pkcs7  # noqa: PLC0415

    if content.startswith(b"-----"):
        return x509.load_pem_x509_certificate(content)
    try:
        return x509.load_der_x509_certificate(content)
    except ValueError:
        return pkcs7.load_der_pkcs7_certificates(content)[0]


def _put(known: dict[str, T], key: str, value: T) -> None:
    known[key] = value
    if len(known) > _MANY:
        del known[next(iter(known))]
