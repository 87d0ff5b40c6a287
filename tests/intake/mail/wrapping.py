"""Wrappers as mail programs make them: winmail.dat and S/MIME, by hand and by a real library. No test in here."""

import struct
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from tests.intake.mail.shapes import HEAD, b64


def tnef_object(level: int, name: int, data: bytes, kind: int = 6) -> bytes:
    """One object of a TNEF stream."""
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def tnef(*files: tuple[str, bytes], more: bytes = b"") -> bytes:
    """A winmail.dat as Outlook makes it: version, code page, then per file rendering data, title and bytes."""
    stream = struct.pack("<IH", 0x223E9F78, 1)
    stream += tnef_object(1, 0x9006, struct.pack("<I", 0x10000), 8)
    stream += tnef_object(1, 0x9007, struct.pack("<II", 1252, 0), 6)
    stream += tnef_object(1, 0x8008, b"IPM.Microsoft Mail.Note\0", 7) + more
    for name, data in files:
        stream += tnef_object(2, 0x9002, bytes(14), 6)
        stream += tnef_object(2, 0x8010, name.encode("cp1252") + b"\0", 1)
        stream += tnef_object(2, 0x800F, data, 6)
    return stream


@cache
def _identity() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lien")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def signed(mime: bytes) -> bytes:
    """An opaque signature (CMS) around MIME bytes."""
    key, certificate = _identity()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(mime).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def enveloped(mime: bytes) -> bytes:
    """MIME bytes encrypted for a receiver (CMS)."""
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(mime).add_recipient(_identity()[1])
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def pkcs7_mail(data: bytes, kind: str = "signed-data", head: bytes = HEAD) -> bytes:
    """A mail that is wholly an S/MIME wrapper."""
    return (
        head
        + b"Content-Type: application/pkcs7-mime; smime-type="
        + kind.encode()
        + b"; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b64(data)
    )
