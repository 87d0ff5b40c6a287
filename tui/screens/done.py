"""What is said when a step on a referral was taken: what was recorded, so that nobody needs to look for it. Draws nothing."""

from datetime import date
from pathlib import Path

from intake.formats import show_date
from intake.referral import Step
from intake.texts import N_, _
from intake.words import CHANNEL_WORDS, CLOSURE_WORDS, CONSENT_WORDS, WISH_WORDS, result_words
from tui.dialogs.attempt import AttemptData
from tui.dialogs.close import CloseData
from tui.dialogs.consent import ConsentData
from tui.dialogs.hold import HoldData
from tui.dialogs.wish import WishData

_DRAFT = N_("The draft lies in the mailbox. Read it and send it in the mail program.")
_PLAINLY: dict[Step, str] = {
    Step.TAKE: N_("The referral is assigned to you."),
    Step.UNASSIGN: N_("The referral is nobody's again."),
    Step.CASE_OPEN: N_("The case file is open."),
    Step.CASE_CONFIRM: N_("The hand-over is confirmed."),
    Step.REOPEN: N_("The referral is open again."),
    Step.RELEASE: N_("The hold has ended."),
    Step.QUALITY: _DRAFT,
    Step.ASK: _DRAFT,
}


def done_text(step: Step, sent: object, reference: str) -> str:
    """One sentence without client data; empty for a step that shows by itself what came of it."""
    match sent:
        case AttemptData():
            what = f"{_(CHANNEL_WORDS[sent.channel])}, {_(result_words(sent.channel, sent.result))}"
            return _("Contact attempt recorded: %(what)s.") % {"what": what}
        case WishData():
            wish = {"what": _(WISH_WORDS[sent.wish])}
            if sent.informed:
                return _("Wish recorded: %(what)s. The client was informed.") % wish
            return _("Wish recorded: %(what)s.") % wish
        case ConsentData():
            return _("Consent recorded: %(what)s.") % {"what": _(CONSENT_WORDS[sent.consent])}
        case CloseData():
            return _("The referral is closed: %(what)s.") % {"what": _(CLOSURE_WORDS[sent.because])}
        case HoldData():
            return _("It is kept until %(day)s.") % {"day": show_date(sent.until)}
        case date() if step is Step.INFORM:
            return _("Recorded: the client was informed on %(day)s.") % {"day": show_date(sent)}
        case date() if step is Step.CASE_CLOSE:
            return _("The case file was closed on %(day)s.") % {"day": show_date(sent)}
        case Path() if step is Step.CASE_HAND_OVER:
            return _("The hand-over sheet of %(reference)s is in %(folder)s.") % {
                "reference": reference,
                "folder": sent,
            }
    return _(_PLAINLY[step]) if step in _PLAINLY else ""
