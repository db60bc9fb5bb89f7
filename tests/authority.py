"""Certificates for tests: a root, what it signed, and what only looks like it."""

import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID


@dataclass(frozen=True)
class Signed:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        """The certificate as authorities publish it."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The certificate as text."""
        return self.certificate.public_bytes(Encoding.PEM)

    def serving(self, *above: "Signed") -> ssl.SSLContext:
        """Return a server's settings: this certificate, and those it sends along."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "chain.pem"
            path.write_bytes(b"".join([key, self.pem, *(one.pem for one in above)]))
            context.load_cert_chain(path)
        return context


def authority(name: str, by: Signed | None = None, issuer_at: str = "") -> Signed:
    """Return an authority: a root, or one that another signed."""
    return _signed(name, by, issuer_at, is_authority=True)


def server(by: Signed, issuer_at: str = "", name: str = "localhost") -> Signed:
    """Return a server's certificate; `issuer_at` is where it says that its issuer's is found."""
    return _signed(name, by, issuer_at, is_authority=False)


def _signed(name: str, by: Signed | None, issuer_at: str, *, is_authority: bool) -> Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    signer = by.key if by else key
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = builder.add_extension(issuer, critical=False)
    if not is_authority:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    if issuer_at:
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(issuer_at)
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    return Signed(builder.sign(signer, hashes.SHA256()), key)
