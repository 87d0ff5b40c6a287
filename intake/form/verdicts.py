"""What one statement on consent can say, and the one status that all of them make (recital C)."""

from enum import Enum, auto

from intake.causes import Cause
from intake.client import Consent
from intake.form.model import FormError

__all__ = ["Verdict", "decide"]


class Verdict(Enum):
    """What one statement says."""

    YES = auto()
    NO = auto()
    WITHDRAWN = auto()
    UNCLEAR = auto()
    INFORMED = auto()
    NOT_INFORMED = auto()
    FOREIGN_NO = auto()
    """Someone refuses something that may or may not be this."""


def decide(verdicts: list[Verdict]) -> Consent:
    """One status from all that was said. Raises FormError(UNCLEAR_CONSENT)."""
    said = set(verdicts)
    agree = said & {Verdict.YES, Verdict.NO, Verdict.WITHDRAWN, Verdict.UNCLEAR}
    if Verdict.UNCLEAR in said or len(agree) > 1:
        raise FormError(Cause.UNCLEAR_CONSENT)
    if Verdict.YES in said:
        if said & {Verdict.NOT_INFORMED, Verdict.FOREIGN_NO}:
            raise FormError(Cause.UNCLEAR_CONSENT)
        return Consent.CONFIRMED
    if Verdict.WITHDRAWN in said:
        return Consent.WITHDRAWN
    if Verdict.NO in said:
        return Consent.DISPUTED
    return Consent.NOT_STATED
