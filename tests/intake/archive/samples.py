"""What the tests of this folder share: passphrases, a form's bytes, and the cause of a refusal."""

import random
import zlib
from collections.abc import Sequence

import pytest

from intake.archive import ArchiveError, KeyCache, Limits, Passphrase, open_archive
from intake.causes import Cause

SECRET = "Zonnebloem-8940!"
RIGHT = Passphrase("autumn", SECRET)
WRONG = Passphrase("spring", "Boterbloem-8940!")
TEXT = b"Voornaam: An\r\nNaam: Voorbeeld\r\nGemeente: Wervik\r\n" * 40
# Compressed already, as a Word form is: packing cannot make it smaller.
FORM = zlib.compress(bytes(random.Random(7).choices(b"abcdefgh 0123", k=30_000)), 9)


def cause_of(
    data: bytes,
    passphrases: Sequence[Passphrase] = (RIGHT,),
    *,
    keys: KeyCache | None = None,
    limits: Limits | None = None,
) -> Cause:
    """Why `data` is refused."""
    with pytest.raises(ArchiveError) as caught:
        open_archive(data, passphrases, keys=keys, limits=limits or Limits())
    return caught.value.cause
