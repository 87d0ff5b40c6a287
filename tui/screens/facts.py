"""What the referral's screen tells of a referral: the client's fields, and how the work stands. Draws nothing itself."""

from collections.abc import Callable

from textual.content import Content

from intake.deadlines import KIND_WORDS
from intake.formats import show_address, show_date, show_moment, show_name, show_phone
from intake.informing import informed_text
from intake.plaintext import clean_line
from intake.referral import Flag, Step
from intake.rows import Payload
from intake.steps import report_proposed
from intake.texts import _
from intake.words import CLOSURE_WORDS
from tui import asks
from tui.shown import (
    MASK,
    NOT_YOURS,
    alike_text,
    consent_text,
    deadline_text,
    discard_text,
    due_text,
    flag_text,
    late,
    person,
    state_text,
)
from tui.widgets.facts import Fact

CLIENT = ("name", "address", "phone", "email")
WORK = (
    "state",
    "worker",
    "consent",
    "flags",
    "alike",
    "proposal",
    "received",
    "informed",
    "due",
    "later",
    "case",
    "closed",
    "discard",
    "readers",
    "opened",
)
"""The rows, in their order."""
SUPERFLUOUS_KEY = "f7"


def client_facts(payload: Payload, *, masked: bool) -> list[Fact]:
    """The fields of P3, or a mask in their place."""
    client = payload.client

    def shown(text: str) -> str:
        return MASK if masked and text else clean_line(text)

    return [
        ("name", _("Name"), shown(show_name(client)) or NOT_YOURS),
        ("address", _("Address"), shown(show_address(client, _("box"))) or NOT_YOURS),
        ("phone", _("Telephone"), shown(show_phone(client.phone)) or NOT_YOURS),
        ("email", _("E-mail"), shown(client.email or "") or NOT_YOURS),
    ]


def work_facts(opened: asks.Opened, key: Callable[[Step], str]) -> list[Fact]:
    """How the work stands: state, deadlines, case file, when it goes, who can read it. `key` writes that of a step."""
    line = opened.view.line
    referral = line.referral
    due: str | Content = due_text(referral, line.due_on, opened.today)
    if opened.view.deadlines:
        due = f"{due} · {_(KIND_WORDS[opened.view.deadlines[0].kind])}"
    if late(referral, line.due_on, opened.today):
        due = Content.styled(str(due), "bold $text-error")
    case = ""
    if referral.case_number:
        number = clean_line(referral.case_number)
        case = _("%(number)s, opened on %(day)s") % {
            "number": number,
            "day": show_date(referral.case_opened_on),
        }
    closed = ""
    if referral.closed_because is not None:
        closed = f"{_(CLOSURE_WORDS[referral.closed_because])}, {show_date(referral.closed_on)}"
        if referral.duplicate_of:
            closed += f" → {referral.duplicate_of}"
    discard = ""
    if line.discard is not None:
        day = discard_text(line.discard)
        discard = f"{day} ({_(line.discard.basis)})"
    readers = sorted((person(opened.names, name) for name in line.readers), key=str.casefold)
    return [
        ("state", _("State"), state_text(referral.state)),
        ("worker", _("Worker"), person(opened.names, referral.assigned_to) or _("nobody yet")),
        ("consent", _("Consent"), consent_text(referral.consent)),
        ("flags", _("Remarks"), "\n".join(_remark(code) for code in referral.flags)),
        ("alike", _("Perhaps the same"), "\n".join(alike_text(other) for other in line.alike)),
        ("proposal", _("Proposal"), _proposal(opened, key)),
        ("received", _("Received"), show_moment(referral.received_at)),
        ("informed", _("Informed"), informed_text(referral, opened.today)),
        ("due", _("Due"), due),
        ("later", _("After that"), "\n".join(deadline_text(one) for one in opened.view.deadlines[1:])),
        ("case", _("Case file"), case),
        ("closed", _("Closed"), closed),
        ("discard", _("Discard on"), discard),
        ("readers", _("Readable by"), ", ".join(readers)),
        ("opened", _("Opened with"), clean_line(referral.opened_with or "")),
    ]


def _proposal(opened: asks.Opened, key: Callable[[Step], str]) -> str:
    """Reporting a number that proved wrong (P7); the neutral letter, after attempts in vain (P3)."""
    proposed = []
    if report_proposed(opened.view.referral):
        proposed.append(
            _("wrong number: notice of data quality to the sender (%(key)s)") % {"key": key(Step.QUALITY)}
        )
    if opened.view.letter_proposed:
        proposed.append(_("a neutral letter (%(key)s)") % {"key": key(Step.LETTER)})
    return "\n".join(proposed)


def _remark(code: str) -> str:
    """A flag, with the key of what can be done about it."""
    key = f" ({SUPERFLUOUS_KEY.upper()})" if code == Flag.SUPERFLUOUS else ""
    return flag_text(code) + key
