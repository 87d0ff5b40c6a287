"""The evidence (*bewijsdossier*) that the OCMW hands over "op eenvoudig verzoek" (P6): its document, signed and verified.

The document is JSON; the signature is Ed25519 by who made it, over the canonical form of all the rest. Whoever has it can
check it without the office: the public key stands in it, and its fingerprint is on the paper. Nothing in it is about one
client. What goes into it is gathered in `intake/desk/evidence.py`; how it looks on paper is in `evidence_pdf.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from intake.errors import IntakeError
from intake.texts import N_
from storage.keys import Signer, key_id_of
from storage.rows import canonical, decoded, encoded
from storage.sealing import genuine

KIND = "ocmw-intake evidence 1"
LONGEST = 20_000_000
"""Bytes of a document that is read back."""
_DOMAIN = b"ocmw-intake evidence 1\x00"


class EvidenceUnreadable(IntakeError):
    """The file is no evidence."""

    template = N_(
        "That file is no evidence made by this program. Give the .json file that stands beside the PDF."
    )


class EvidenceNotGenuine(IntakeError):
    """The document is not as it was signed."""

    template = N_(
        "The evidence was changed after it was signed, or its signature is not one. Ask for a new one."
    )


class EvidenceByAnother(IntakeError):
    """The document is whole, and signed by someone else than expected."""

    template = N_(
        "The evidence is whole, but it is signed with the key %(found)s, which is not the one expected. Ask who made it."
    )


@dataclass(frozen=True, slots=True)
class Proven:
    """A document whose signature holds: who signed it when, and the key's fingerprint."""

    by: str
    name: str
    fingerprint: str
    made_at: str


def signed_evidence(content: Mapping[str, Any], signer: Signer, public: bytes) -> bytes:
    """The document as it is written: `content` and who signed it. `public` is the signer's raw public key."""
    document: dict[str, Any] = {
        "kind": KIND,
        **content,
        "signed": {
            "by": signer.user,
            "name": signer.name,
            "fingerprint": signer.key_id,
            "public_key": encoded(public),
        },
    }
    document["signature"] = encoded(signer.sign(_DOMAIN + canonical(document)))
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def verified(
    data: bytes,
    *,
    fingerprint: str | None = None,
    signing_key: Callable[[str], Ed25519PublicKey | None] | None = None,
) -> Proven:
    """Check a document against a fingerprint, or against the office's list of users (`Directory.signing_key`).

    Without either only that it is whole is checked. Raises EvidenceUnreadable, EvidenceNotGenuine, EvidenceByAnother.
    """
    document = _read(data)
    try:
        signed, signature = document["signed"], decoded(document["signature"])
        by, name, key_id = signed["by"], signed["name"], signed["fingerprint"]
        public = decoded(signed["public_key"])
        made_at = document["made_at"]
    except (KeyError, TypeError, ValueError):
        raise EvidenceUnreadable from None
    if not all(isinstance(text, str) for text in (by, name, key_id, made_at)):
        raise EvidenceUnreadable
    rest = {key: value for key, value in document.items() if key != "signature"}
    # The fingerprint covers the name: nobody's key proves somebody else's name.
    if key_id_of(by, public) != key_id or not genuine(public, signature, _DOMAIN + canonical(rest)):
        raise EvidenceNotGenuine
    if fingerprint is not None and fingerprint.replace(" ", "").lower() != key_id:
        raise EvidenceByAnother(found=key_id)
    if signing_key is not None:
        known = signing_key(key_id)
        if known is None or known.public_bytes_raw() != public:
            raise EvidenceByAnother(found=key_id)
    return Proven(by, name, key_id, made_at)


def _read(data: bytes) -> dict[str, Any]:
    if len(data) > LONGEST:
        raise EvidenceUnreadable
    try:
        document = orjson.loads(data)
    except ValueError:
        raise EvidenceUnreadable from None
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise EvidenceUnreadable
    return document


def digest_of(data: bytes) -> str:
    """The SHA-256 of the file, in hexadecimal: what the paper prints."""
    return sha256(data).hexdigest()
