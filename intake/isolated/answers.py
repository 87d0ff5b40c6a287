"""What the process that reads says, doubted: it read hostile bytes, and may be under a stranger's hand.

An answer has the form of a judgement and nothing else, names only parts, labels and methods that can be, holds no text that
is longer than the readers give and none with control characters. It can still lie about what stands in a form; that is
all it can do.
"""

import re
from collections.abc import Iterator
from functools import cache
from unicodedata import normalize

from pydantic import TypeAdapter, ValidationError

from intake.causes import Cause
from intake.form.model import MAX_LEFTOVER, MAX_LEFTOVERS
from intake.mail.message import ATTACHMENT_LIMIT, Incoming
from intake.plaintext import clean_lines
from intake.receive import TEXT_LIMIT, Accepted, Judgement, Terms
from intake.referral import Flag

_SPOT = re.compile(r"(?:(\d{1,3})(?:\.\d{1,3})?)?", re.ASCII)
_METHODS = frozenset({"AES-256", "Copy", "LZMA", "LZMA2", "BZip2", "Deflate"})
_KIND = re.compile(r"[a-z]{1,12}", re.ASCII)
_FLAGS = frozenset({Flag.FOREIGN_POSTCODE, Flag.NAMES_READABLE, Flag.SUPERFLUOUS})
_FIELD_LIMIT = 1_000
_MOST = 5_000
"""Parts of one judgement: attachments, files and clients multiply."""


class Doubtful(Exception):
    """The answer is none that an honest reader gives. Carries nothing of it."""


@cache
def _form() -> TypeAdapter[Judgement]:
    return TypeAdapter(Judgement)


def judgement_of(answer: bytes, incoming: Incoming, terms: Terms) -> Judgement:
    """The judgement that an answer holds. Raises Doubtful."""
    try:
        found = _form().validate_json(answer, strict=True)
    except ValidationError:
        raise Doubtful from None
    if not 0 < len(found.accepted) + len(found.rejected) <= _MOST:
        raise Doubtful
    labels = {passphrase.label for passphrase in terms.passphrases}
    for accepted in found.accepted:
        _check_spot(accepted.spot, incoming)
        if (
            accepted.passphrase_label not in labels
            or not _FLAGS.issuperset(accepted.flags)
            or not _METHODS.issuperset(accepted.methods)
            or len(accepted.methods) > len(_METHODS)
            or not _KIND.fullmatch(accepted.reading.kind)
        ):
            raise Doubtful
        if not all(_is_clean(text, limit) for text, limit in _texts(accepted)):
            raise Doubtful
    for rejected in found.rejected:
        _check_spot(rejected.spot, incoming)
        if not isinstance(rejected.cause, Cause) or rejected.seen or not _is_clean(rejected.text, TEXT_LIMIT):
            raise Doubtful
    return found


def _check_spot(spot: str, incoming: Incoming) -> None:
    match = _SPOT.fullmatch(spot)
    if match is None or (match[1] and int(match[1]) >= min(len(incoming.attachments), ATTACHMENT_LIMIT)):
        raise Doubtful


def _texts(accepted: Accepted) -> Iterator[tuple[str, int]]:
    reading = accepted.reading
    if len(reading.leftovers) > MAX_LEFTOVERS:
        raise Doubtful
    yield from ((value, _FIELD_LIMIT) for value in reading.client.as_dict().values() if value is not None)
    yield from ((line, MAX_LEFTOVER) for line in reading.leftovers)


def _is_clean(text: str, limit: int) -> bool:
    if len(text) > limit:
        return False
    # What was cut or joined after it was cleaned may compose anew; that harms nobody.
    composed = text if text.isascii() else normalize("NFC", text)
    return clean_lines(composed) == composed
