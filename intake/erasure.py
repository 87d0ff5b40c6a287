"""When a client's request for erasure may be followed, and what it does to the referral (GDPR 17). Pure.

A request for erasure withdraws the consent on which everything rests (recital C; GDPR 17.1(b)): the referral closes as
*consent withdrawn* and is due at once. Not so while a case file exists (the social file is kept by law: P3; GDPR 17.3(b))
or while a hold keeps it for a complaint or a claim (GDPR 17.3(e)).
"""

from dataclasses import replace
from datetime import date, datetime

from intake.client import Consent
from intake.errors import NotLawful
from intake.formats import show_date
from intake.referral import GONE_STATES, Closure, Happening, Referral, State, Step
from intake.steps import close
from intake.texts import _
from intake.workdays import local_date


def check_erasable(referral: Referral, today: date) -> None:
    """Raise `NotLawful` with the article when the client's data may not be erased on request now."""
    if referral.state in GONE_STATES:
        raise NotLawful(
            problem=_("The referral has been discarded; nothing can be done with it any more."), article="P3"
        )
    if referral.hold_until is not None and referral.hold_until >= today:
        raise NotLawful(
            problem=_("It is kept until %(day)s for a complaint or a claim; ask again after that day.")
            % {"day": show_date(referral.hold_until)},
            article=_("GDPR 17.3(e)"),
        )
    if referral.state is State.CASE_OPEN or referral.state is State.CASE_CLOSED:
        raise NotLawful(
            problem=_(
                "The client has a case file, which the law has the OCMW keep; it is not erased on request."
            ),
            article=_("P3, GDPR 17.3(b)"),
        )
    if referral.state is State.HANDED_OVER:
        raise NotLawful(
            problem=_(
                "The case file was handed over and is kept by law; the copy here goes when the hand-over is confirmed."
            ),
            article=_("P3, GDPR 17.3(b)"),
        )


def erase_on_request(referral: Referral, by: str, at: datetime) -> Referral:
    """The referral closed as *consent withdrawn*; one that was so already stays as it is, being due.

    Raises NotLawful as `check_erasable`. One that was closed for another reason, which may keep it for some days, is
    closed anew for this one: the client's request goes first.
    """
    today = local_date(at)
    check_erasable(referral, today)
    if referral.closed_because is Closure.CONSENT_WITHDRAWN:
        return referral
    if referral.is_open:
        return close(referral, Closure.CONSENT_WITHDRAWN, by, at, attempts_needed=0)
    line = Happening(at, by, Step.CLOSE.value, Closure.CONSENT_WITHDRAWN.value)
    return replace(
        referral,
        version=referral.version + 1,
        state=State.CLOSED,
        closed_because=Closure.CONSENT_WITHDRAWN,
        closed_on=today,
        consent=Consent.WITHDRAWN,
        duplicate_of=None,
        timeline=(*referral.timeline, line),
    )
