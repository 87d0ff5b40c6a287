"""Which steps the protocol allows on a referral now, and with which article it forbids the others. Pure.

What a step makes of a referral is in `steps.py`. Screens and commands show for every step whether it is open.
"""

from collections.abc import Iterator

from intake.client import Consent
from intake.errors import NotLawful
from intake.referral import GONE_STATES, Referral, State, Step, Verdict
from intake.texts import _


def not_lawful(problem: str, article: str) -> NotLawful:
    """The refusal of a step, with the article that forbids it."""
    return NotLawful(problem=problem, article=article)


def check_lawful(referral: Referral, step: Step) -> None:
    """Raise `NotLawful` when the protocol does not allow this step on this referral now."""
    state = referral.state
    if state in GONE_STATES:
        raise not_lawful(_("The referral has been discarded; nothing can be done with it any more."), "P3")
    if step is Step.QUALITY:
        return  # at any time: what is wrong is reported at once (P7)
    if step in (Step.HOLD, Step.RELEASE):
        if step is Step.RELEASE and referral.hold_until is None:
            raise not_lawful(_("There is no hold on this referral."), "P3")
        return
    if step is Step.REOPEN:
        if state not in (State.DECLINED, State.CLOSED):
            raise not_lawful(_("Only a closed referral can be reopened."), "P3")
        return
    if state in (State.DECLINED, State.CLOSED):
        raise not_lawful(_("The referral is closed. A team lead can reopen it until it is discarded."), "P3")
    if step is Step.CASE_CONFIRM:
        if state is not State.HANDED_OVER:
            raise not_lawful(_("There is no hand-over of this referral to confirm."), "P3")
        if referral.hand_over_confirmed_on is not None:
            raise not_lawful(_("The hand-over is confirmed already."), "P3")
        return
    if state in (State.HANDED_OVER, State.CASE_CLOSED):
        raise not_lawful(_("The case file has left the intake; the work goes on there."), "P3")
    if state is State.CASE_OPEN and step in (Step.CLOSE, Step.CONSENT):
        raise not_lawful(
            _("A case file is open for this client; it is handed over or closed as a case file."), "P3"
        )
    if step in (Step.ASSIGN, Step.TAKE, Step.CONSENT, Step.CLOSE):
        return
    if step is Step.UNASSIGN:
        if referral.assigned_to is None:
            raise not_lawful(_("The referral has no worker; there is no assignment to take back."), "P4")
        return
    if step is Step.ASK:
        if referral.consent is not Consent.NOT_STATED:
            raise not_lawful(
                _("The consent is known; there is nothing to ask the sender about it."), _("recital C")
            )
        return
    if referral.consent is Consent.NOT_STATED:
        raise not_lawful(
            _("The form does not say that the client consents. Ask the sender before any contact."),
            _("recital C"),
        )
    if referral.consent is not Consent.CONFIRMED:
        raise not_lawful(
            _("The client does not consent. Close the referral; it is then discarded."), _("recital C")
        )
    if step is Step.WISH:
        if referral.contacted_at is None:
            raise not_lawful(
                _(
                    "There has been no contact with the client yet. First record an attempt that reached the client."
                ),
                "P3",
            )
        if state is State.CASE_OPEN:
            raise not_lawful(_("A case file is already open for this client."), "P3")
    elif step is Step.CASE_OPEN:
        if state is State.CASE_OPEN:
            raise not_lawful(_("A case file is already open for this client."), "P3")
        if state is not State.WANTS_HELP:
            raise not_lawful(_("A case file is opened once the client has said to want help."), "P3")
    elif step in (Step.CASE_HAND_OVER, Step.CASE_CLOSE):
        if state is not State.CASE_OPEN:
            raise not_lawful(_("There is no open case file for this referral yet."), "P3")
    elif step is Step.INFORM:
        if referral.contacted_at is None:
            raise not_lawful(
                _(
                    "There has been no contact with the client yet. First record an attempt that reached the client."
                ),
                _("GDPR 14"),
            )
        if referral.informed_on is not None:
            raise not_lawful(_("It is recorded already that the client was informed."), _("GDPR 14"))
    elif step is Step.DISCLOSE:
        if referral.contacted_at is None:
            raise not_lawful(
                _("Data go to a partner once the client was reached and agrees. First record the contact."),
                "P4",
            )
    elif step in (Step.ATTEMPT, Step.LETTER) and state is State.CASE_OPEN:
        raise not_lawful(_("A case file is open; further contacts are recorded there."), "P3")


def verdicts(referral: Referral) -> Iterator[Verdict]:
    """For each step: open now, or why not."""
    for step in Step:
        try:
            check_lawful(referral, step)
        except NotLawful as error:
            yield Verdict(step, False, f"{error.values['problem']} ({error.values['article']})")
        else:
            yield Verdict(step, True)
