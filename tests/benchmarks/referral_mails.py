"""As many correct mails as a measure of the poll asks for, each with an archive and a Word form of its own.

The forms are those of the demonstration. Of `TEMPLATES` clients one is written by python-docx; the others are the same
with another telephone number, so that each is a form, an archive and a client of its own and making 500 takes seconds.
"""

import io
import random
import zipfile
from functools import cache

from intake.client import Client, Consent
from intake.demo.archives import keys_derived_once, sealed_7z
from intake.demo.forms import make_form
from intake.demo.people import make_client
from tests.journeys.mails import mail

__all__ = ["PASSPHRASE", "referral_mails"]

PASSPHRASE = "vier rode tractoren"
TEMPLATES = 10
_PART = "word/document.xml"


def referral_mails(count: int) -> list[bytes]:
    """The same mails for the same count, but for what the encryption draws."""
    chance = random.Random(20261121)
    templates = [_template(chance) for _ in range(TEMPLATES)]
    with keys_derived_once():
        return [
            mail(
                (
                    "doorverwijzing.7z",
                    sealed_7z([("fiche.docx", _form(*templates[n % TEMPLATES], n))], PASSPHRASE),
                ),
                message_id=f"<{n}.{chance.getrandbits(64):016x}@mail.opgroeien.be>",
            )
            for n in range(count)
        ]


def _template(chance: random.Random) -> tuple[bytes, bytes]:
    """A form, and the digits of its telephone number as they stand in it."""
    made = make_client(chance)
    client = Client.from_dict({**made.as_dict(), "phone": "+32470000000", "email": None})
    _name, form = make_form("docx", client, Consent.CONFIRMED, chance)
    with zipfile.ZipFile(io.BytesIO(form)) as document:
        text = document.read(_PART)
    shown = next(s for s in _shown("000000") if s in text)
    return form, shown


@cache
def _shown(six: str) -> tuple[bytes, ...]:
    """A mobile number that ends in these six digits, in the ways that people write it."""
    pairs = (six[:2], six[2:4], six[4:])
    return tuple(
        way.format(*pairs, plain=six).encode()
        for way in (
            "0470 {0} {1} {2}", "0470/{0} {1} {2}", "0470/{0}.{1}.{2}", "0470/{plain}", "0470{plain}",
            "+32 470 {0} {1} {2}", "+32470{plain}", "0032 470 {0} {1} {2}", "0032470{plain}", "0470-{0}-{1}-{2}",
            "0470.{0}.{1}.{2}",
        )
    )  # fmt: skip


def _form(template: bytes, shown: bytes, number: int) -> bytes:
    form = _shown("000000").index(shown)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as source, zipfile.ZipFile(made, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == _PART:
                data = data.replace(shown, _shown(f"{number + 1:06d}")[form])
            target.writestr(entry, data)
    return made.getvalue()
