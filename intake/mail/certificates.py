"""A private key with its certificate in one text (PEM), by which an application signs in to Microsoft 365."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from intake.mail.token_errors import CertificateUnusable, ClientSecretExpired

__all__ = ["check_certificate"]


def check_certificate(pem: str, now: datetime | None = None) -> None:
    """Whether it holds an RSA key and its certificate. Raises CertificateUnusable, ClientSecretExpired."""
    try:
        data = pem.encode("ascii")
        key, certificate = load_pem_private_key(data, None), x509.load_pem_x509_certificate(data)
        if not isinstance(key, rsa.RSAPrivateKey) or key.public_key() != certificate.public_key():
            raise CertificateUnusable
    except (ValueError, TypeError, UnicodeEncodeError):
        raise CertificateUnusable from None
    if certificate.not_valid_after_utc < (now or datetime.now(UTC)):
        raise ClientSecretExpired
