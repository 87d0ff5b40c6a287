"""What mail programs wrap a message in: Outlook's winmail.dat (TNEF), the signed S/MIME message (RFC 8551, smime.p7m), and a mail
that was saved and attached as a file.

Opened by what they are, not by what they are called. What a wrapper holds is added behind the parts of the message, which keep
their places and their digest; the signature is not judged. Pure; whatever is wrong with a wrapper, it is then simply not opened.
"""

import logging
import re
import struct

__all__ = ["is_encrypted_mail", "is_saved_mail", "signed_mail", "tnef_files"]

_TNEF_MAGIC = b"\x78\x9f\x3e\x22"
_TNEF_OBJECTS = 2_000
_TNEF_FILES = 50
_REND_DATA, _TITLE, _DATA = 0x9002, 0x8010, 0x800F
_OID = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"  # PKCS #7: ...\x02 signed data, ...\x03 enveloped data
_SIGNED, _ENVELOPED = _OID + b"\x02", _OID + b"\x03"
_AUTH_ENVELOPED = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17"
_OID_WITHIN = 20
_PGP = b"-----BEGIN PGP MESSAGE-----"
_HEAD = 65_536
_FIELD = re.compile(rb"[A-Za-z][A-Za-z-]{1,40}:[ \t]")
_SENT = re.compile(rb"^(?:from|received|mime-version):", re.IGNORECASE | re.MULTILINE)
_HOLDS_PARTS = re.compile(rb"^content-type:\s{0,10}(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_PIECES = 200_000
"""Octet strings that a signed message may come in; each begins with a byte 4, which the text of a mail never holds."""

# The library writes what it stumbles over, names of files among it, to this logger.
logging.getLogger("tnefparse").setLevel(logging.CRITICAL + 1)


def _is_cms(data: bytes, *kinds: bytes) -> bool:
    return data[:1] == b"\x30" and any(kind in data[:_OID_WITHIN] for kind in kinds)


def is_encrypted_mail(data: bytes) -> bool:
    """Whether this is a message encrypted in a mail program (S/MIME, PGP), which nobody here has the key of."""
    return _is_cms(data, _ENVELOPED, _AUTH_ENVELOPED) or data[:200].lstrip().startswith(_PGP)


def is_saved_mail(data: bytes) -> bool:
    """Whether a file is a mail with parts of its own (RFC 5322, as in an .eml), whatever it is called."""
    if not _FIELD.match(data):
        return False
    head = re.split(rb"\r?\n\r?\n", data[:_HEAD], maxsplit=1)[0]
    return bool(_SENT.search(head) and _HOLDS_PARTS.search(head))


def signed_mail(data: bytes) -> bytes | None:
    """The MIME message inside an opaque signature; None where this is none, or the message lies outside it."""
    if not _is_cms(data, _SIGNED) or data.count(b"\x04") > _PIECES:
        return None
    from asn1crypto.cms import ContentInfo

    try:
        content = ContentInfo.load(data)["content"]["encap_content_info"]["content"]
        inner = content.native
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, ArithmeticError):
        return None
    return inner if isinstance(inner, bytes) else None


def tnef_files(data: bytes) -> list[tuple[str, bytes]]:
    """Names and bytes of the files in a winmail.dat; empty where this is none or it is broken before the first.

    The library is given one file at a time, and only the few kinds of object that files are made of, counted before: it walks
    tables of four billion rows where a stranger says so, and copies all that is left at every step. So messages embedded in
    it stay closed.
    """
    if not data.startswith(_TNEF_MAGIC):
        return []
    from tnefparse import TNEF

    found: list[tuple[str, bytes]] = []
    for stream in _streams(data):
        try:
            one = TNEF(stream, do_checksum=False).attachments[0]
            name, content = one.name, one.data
        except Exception:  # noqa: BLE001, S112 - another's reader of a hostile format: what it raises says nothing
            continue
        if isinstance(content, bytes):
            found.append((name if isinstance(name, str) else "", content))
    return found


def _streams(data: bytes) -> list[bytes]:
    """A stream of its own for each file."""
    files: list[list[bytes]] = []
    at = 6
    for _count in range(_TNEF_OBJECTS):
        if at + 11 > len(data):
            break
        level, name, kind, size = struct.unpack_from("<BHHI", data, at)
        end = at + 9 + size + 2
        if end > len(data):
            break  # cut off: what was whole until here counts
        if level == 2 and name == _REND_DATA:
            if len(files) == _TNEF_FILES:
                break
            files.append([data[:6], data[at:end]])
        elif level == 2 and name == _TITLE and files:
            title = data[at + 9 : end - 2].split(b"\0")[0].decode("cp1252", "replace").encode()[:1_000]
            files[-1].append(struct.pack("<BHHI", level, name, kind, len(title)) + title + bytes(2))
        elif level == 2 and name == _DATA and files:
            files[-1].append(data[at:end])
        at = end
    # The library leaves out a last object that is as small as one can be.
    return [b"".join((*file, bytes(12))) for file in files]
