"""The OCMW's own number of a case file, as a user gives it: it stands in clear in the store, so it may not tell who."""

import re

from intake.desk.logged import check_reason
from intake.desk.office import Office
from intake.errors import WrongUse
from intake.special import is_national_number
from intake.texts import _

_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z ./_-]{0,39}")


def checked_number(office: Office, reference: str, number: str) -> str:
    """The number, if it may stand as the number of this referral's case file.

    Raises WrongUse for other signs, more than 40 of them, or a national register number; PersonNamed for one that holds
    the client's name or telephone; NotAssignedToYou.
    """
    given = number.strip()
    if not _NUMBER.fullmatch(given):
        raise WrongUse(
            problem=_("A case file number has at most 40 letters, digits, spaces and the signs . / - _.")
        )
    row = office.row_of(office.store.snapshot(), reference)
    office.facts(row, reference)
    check_reason(given, office.payload(row, reference).client)
    if is_national_number(given):
        raise WrongUse(
            problem=_("That is a national register number. Give the OCMW's own number of the case file.")
        )
    return given
