"""The words for the closed lists of the referral: message ids, translated where they are shown. Pure."""

from intake.client import Consent
from intake.referral import Channel, Closure, Flag, Result, State, Step, Wish
from intake.retention import Outcome
from intake.texts import N_

STATE_WORDS: dict[State, str] = {
    State.RECEIVED: N_("received"),
    State.ASSIGNED: N_("assigned"),
    State.CONTACTED: N_("contact made"),
    State.UNDECIDED: N_("undecided"),
    State.WANTS_HELP: N_("wants help"),
    State.CASE_OPEN: N_("case file"),
    State.HANDED_OVER: N_("handed over"),
    State.CASE_CLOSED: N_("case file closed"),
    State.DECLINED: N_("declines help"),
    State.CLOSED: N_("closed"),
    State.DISCARDING: N_("still to discard"),
    State.DISCARDED: N_("discarded"),
}
CHANNEL_WORDS: dict[Channel, str] = {
    Channel.PHONE: N_("phone"),
    Channel.EMAIL: N_("e-mail"),
    Channel.VISIT: N_("home visit"),
    Channel.LETTER: N_("letter"),
    Channel.SMS: N_("text message"),
}
RESULT_WORDS: dict[Result, str] = {
    Result.REACHED: N_("reached"),
    Result.NO_ANSWER: N_("no answer"),
    Result.VOICEMAIL: N_("voicemail left"),
    Result.WRONG_NUMBER: N_("wrong number"),
    Result.CARD_LEFT: N_("card left"),
    Result.APPOINTMENT: N_("appointment made"),
    Result.NO_SHOW: N_("did not show up"),
}
_SENT = N_("sent, no answer yet")
_WRITTEN = frozenset({Channel.EMAIL, Channel.LETTER, Channel.SMS})


def result_words(channel: Channel, result: Result) -> str:
    """What an attempt led to, as a message id; what is written is sent, and nobody fails to pick it up."""
    return _SENT if channel in _WRITTEN and result is Result.NO_ANSWER else RESULT_WORDS[result]


WISH_WORDS: dict[Wish, str] = {
    Wish.YES: N_("wants help"),
    Wish.NO: N_("declines help"),
    Wish.UNDECIDED: N_("undecided"),
}
CLOSURE_WORDS: dict[Closure, str] = {
    Closure.UNREACHABLE: N_("unreachable"),
    Closure.CONSENT_WITHDRAWN: N_("consent withdrawn"),
    Closure.WRONG_OCMW: N_("wrong OCMW, or moved away"),
    Closure.DUPLICATE: N_("duplicate"),
    Closure.ALREADY_KNOWN: N_("already known"),
    Closure.DECEASED: N_("deceased"),
}
OUTCOME_WORDS: dict[str, str] = {
    Outcome.DECLINED: N_("declines help"),
    Outcome.UNREACHABLE: N_("unreachable"),
    Outcome.CONSENT_REFUSED: N_("does not consent"),
    Outcome.WRONG_OCMW: N_("sent to the wrong OCMW"),
    Outcome.DUPLICATE: N_("duplicate"),
    Outcome.ALREADY_KNOWN: N_("already known"),
    Outcome.DECEASED: N_("deceased"),
    Outcome.HANDED_OVER: N_("handed over"),
    Outcome.CASE_CLOSED: N_("case file closed"),
}
FIELD_WORDS: dict[str, str] = {
    "first_name": N_("First name"),
    "last_name": N_("Surname"),
    "street": N_("Street"),
    "house_number": N_("Number"),
    "box": N_("Box"),
    "postcode": N_("Postcode"),
    "municipality": N_("Municipality"),
    "phone": N_("Telephone"),
    "email": N_("E-mail"),
}
"""The client's fields (P3)."""
CONSENT_WORDS: dict[Consent, str] = {
    Consent.CONFIRMED: N_("confirmed"),
    Consent.NOT_STATED: N_("not stated"),
    Consent.DISPUTED: N_("disputed"),
    Consent.WITHDRAWN: N_("withdrawn"),
}
STEP_WORDS: dict[Step, str] = {
    Step.ASSIGN: N_("Assign"),
    Step.TAKE: N_("Take"),
    Step.UNASSIGN: N_("Take the assignment back"),
    Step.CONSENT: N_("Record consent"),
    Step.ATTEMPT: N_("Contact attempt"),
    Step.WISH: N_("Wish of the client"),
    Step.CASE_OPEN: N_("Open case file"),
    Step.CASE_HAND_OVER: N_("Hand over case file"),
    Step.CASE_CLOSE: N_("Close case file"),
    Step.CLOSE: N_("Close"),
    Step.REOPEN: N_("Reopen"),
    Step.CASE_CONFIRM: N_("Confirm hand-over"),
    Step.ASK: N_("Ask the sender"),
    Step.INFORM: N_("Client informed"),
    Step.HOLD: N_("Keep longer"),
    Step.RELEASE: N_("End the hold"),
    Step.QUALITY: N_("Notice of data quality"),
    Step.DISCLOSE: N_("Disclosure to a partner"),
    Step.LETTER: N_("Neutral letter"),
}
FLAG_WORDS: dict[Flag, str] = {
    Flag.FOREIGN_POSTCODE: N_("postcode of another municipality"),
    Flag.NAMES_READABLE: N_("file names in the archive were readable"),
    Flag.SUPERFLUOUS: N_("superfluous data: to be looked at once"),
    Flag.SUPERFLUOUS_SEEN: N_("superfluous data: looked at"),
    Flag.BY_HAND: N_("registered by hand: compare with the form when in doubt"),
    Flag.SENDER_DENIED: N_("the mail server doubts the sender: call the local team before any contact"),
    Flag.SENDER_UNCONFIRMED: N_("the mail server did not confirm the sender"),
    Flag.ANSWERS_ELSEWHERE: N_("answers to the mail go to another domain than the sender's"),
}
PURPOSE = N_("Purpose: clarify the question and find the most fitting help (P2)")
"""Stands wherever a client's data are shown (P2)."""
PURPOSES = (N_("clarify the question for help (P2)"), N_("find the most fitting help (P2)"))
