"""A filled form as the encrypted archive that the agreement asks for (P6), after our own readers found it good.

The archive is opened again as a poll would; a form that would end in quarantine is refused before it is sent.
"""

import re
from dataclasses import dataclass

from intake.archive import ArchiveError, Member, Passphrase, open_archive, pack
from intake.causes import CAUSE_WORDS
from intake.client import Consent
from intake.errors import NotLawful, WrongUse
from intake.form import FormError, read_form
from intake.special import signs
from intake.texts import _

_ENDING = re.compile(r"\.[a-z0-9]{1,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive, and what a poll will find in it: the consent of each client, and whether superfluous text is there."""

    archive: bytes
    consents: tuple[Consent, ...]
    superfluous: bool

    def __repr__(self) -> str:
        return f"Packed({len(self.archive)})"


def pack_form(form: bytes, ending: str, passphrase: str) -> Packed:
    """Pack the bytes of one form, as a file `fiche` with this ending: nobody's name stands in a file name.

    Raises WrongUse when the form cannot be read surely, NotLawful (P3) when it bears signs of data that may not be sent.
    """
    try:
        readings = read_form("fiche", form)
    except FormError as error:
        raise WrongUse(
            problem=_("The form was not packed, for the receiver could not read it. %(why)s")
            % {"why": _(CAUSE_WORDS[error.cause])}
        ) from None
    if any(signs(reading.leftovers) for reading in readings):
        raise NotLawful(
            problem=_(
                "The form holds health, origin, belief or criminal data, which may not be sent. Take it out and pack it again."
            ),
            article="P3",
        )
    name = "fiche" + (ending.lower() if _ENDING.fullmatch(ending.lower()) else "")
    archive = pack([Member(name, form)], passphrase)
    try:
        opened = open_archive(archive, [Passphrase("", passphrase)])
    except ArchiveError as error:
        raise WrongUse(
            problem=_("The form was not packed, for the receiver could not open it. %(why)s")
            % {"why": _(CAUSE_WORDS[error.cause])}
        ) from None
    assert opened.names_encrypted
    assert [member.data for member in opened.members] == [form]
    return Packed(archive, tuple(r.consent for r in readings), any(reading.leftovers for reading in readings))
