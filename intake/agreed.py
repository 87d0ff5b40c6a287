"""What an agreement says, line by line, what may be done under it today, and what it still lacks. Pure.

For whoever keeps the agreement: each line has its value, and what is missing names what that stands in the way of.
The rules themselves are where they are applied (`agreement.py`, `lawful.py` and the desk).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from intake.agreement import Agreement, Contact, Party, Standing
from intake.formats import show_date, show_phone
from intake.plaintext import clean_line
from intake.texts import N_, _


class Mark(StrEnum):
    """What there is to say of a line.

    HERE: filled in, or allowed. MISSING: something cannot be done without. OPEN: not whole, and nothing waits for it.
    ENDED: nothing is missing, and it is over.
    """

    HERE = "here"
    MISSING = "missing"
    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """One line: what it is about, what it says, and in whole sentences what follows. All in the user's language."""

    key: str
    about: str
    value: str
    mark: Mark
    told: str


STANDING_WORDS: dict[Standing, str] = {
    Standing.IN_FORCE: N_("in force"),
    Standing.NOT_YET: N_("not in force yet"),
    Standing.ENDED: N_("ended"),
    Standing.NOT_SET: N_("no dates set"),
}


def agreed_lines(agreement: Agreement, selection_rule: str | None, today: date) -> tuple[AgreedLine, ...]:
    """Everything, what may be done today first. `selection_rule` is None where no case files are kept here."""
    return (
        *_lawful(agreement, selection_rule, today),
        *_dates(agreement, today),
        *_who(agreement),
        *_papers(agreement, today),
    )


def last_day(agreement: Agreement) -> date | None:
    """The last day on which data may flow; None while no end is known."""
    return agreement.ends_on - timedelta(days=1) if agreement.ends_on is not None else None


# -- what may be done -------------------------------------------------------------------------------------------------


def _lawful(agreement: Agreement, selection_rule: str | None, today: date) -> Iterator[AgreedLine]:
    standing = agreement.standing(today)
    yes = standing is Standing.IN_FORCE
    yield AgreedLine(
        "receive",
        _("Receiving referrals"),
        _(STANDING_WORDS[standing]),
        Mark.HERE if yes else Mark.ENDED if standing is Standing.ENDED else Mark.MISSING,
        _("Messages are taken in from the mailbox as long as the agreement is in force. (P1, P5)")
        if yes
        else _(
            "Nothing is taken in: messages stay untouched in the mailbox. What was received before can be worked to its "
            "end. (P5, P8)"
        ),
    )
    needs = (
        (
            "quality",
            _("Reporting wrong data"),
            bool(agreement.team.email),
            _("The e-mail address of the local team is needed to report data that are not right. (P7)"),
        ),
        (
            "breach",
            _("Reporting a data breach"),
            bool(agreement.dpo.email and agreement.sender_dpo.email),
            _("The e-mail addresses of both DPOs are needed to report a breach without delay. (P9, GDPR 33)"),
        ),
        (
            "letter",
            _("Writing to a client"),
            bool(agreement.contact.phone or agreement.contact.email),
            _("A telephone number or e-mail address of the social service is needed on the letter. (P3)"),
        ),
        (
            "disclose",
            _("Data to partners"),
            bool(agreement.partners),
            _("Data go only to partners that are named here, with the client's agreement. (P4)"),
        ),
        (
            "destroy",
            _("Destroying case files"),
            bool(selection_rule),
            _("The rule of the selection list is needed before case files kept here can be destroyed. (P3)"),
        ),
    )
    for key, about, there, why in needs:
        if key == "destroy" and selection_rule is None:
            continue
        value = _("possible") if there else _("not possible yet")
        yield AgreedLine(key, about, value, Mark.HERE if there else Mark.MISSING, why)


# -- dates --------------------------------------------------------------------------------------------------------------


def _dates(agreement: Agreement, today: date) -> Iterator[AgreedLine]:
    start = agreement.in_force_from
    yield AgreedLine(
        "from",
        _("In force from"),
        show_date(start) or _("not filled in"),
        Mark.HERE if start else Mark.MISSING,
        _("The first day on which data may flow. Without it nothing is received. (P5, P11)"),
    )
    end = last_day(agreement)
    yield AgreedLine(
        "until",
        _("In force until"),
        show_date(end) or _("no end is known"),
        Mark.HERE if end is None or end >= today else Mark.ENDED,
        _("The last day on which data may flow: six months after notice, or ended at once. (P1, P8, P11)"),
    )
    for key, about, day in (
        ("notice", _("Notice given on"), agreement.notice_given_on),
        ("ended", _("Ended on"), agreement.ended_on),
        ("council", _("Decided by the council on"), agreement.council_decided_on),
    ):
        if day is not None:
            yield AgreedLine(key, about, show_date(day), Mark.HERE, "")
    yield _plain("reference", _("Reference of the protocol"), agreement.reference)


# -- who ------------------------------------------------------------------------------------------------------------------


def _who(agreement: Agreement) -> Iterator[AgreedLine]:
    party = _("Named in the evidence and in the entry of the processing register. (P6, GDPR 30)")
    yield _party("receiver", _("Receiver"), agreement.receiving_party, agreement.ocmw, party)
    yield _party("sender", _("Sender"), agreement.sending_party, agreement.sender, party)
    yield _contact("dpo", _("Our DPO"), agreement.dpo, _("Told of every breach. (P9)"))
    yield _contact(
        "sender-dpo", _("DPO of the sender"), agreement.sender_dpo, _("Told of every breach. (P9)")
    )
    yield _contact("team", _("Local team"), agreement.team, _("Told of data that are not right. (P7)"))
    yield _contact(
        "contact", _("Our social service"), agreement.contact, _("Stands on letters to clients. (P3)")
    )


def _party(key: str, about: str, party: Party, short: str, why: str) -> AgreedLine:
    told = [
        ", ".join(map(clean_line, filter(None, (party.name, party.address)))),
        party.enterprise_number or "",
        ", ".join(map(clean_line, party.represented_by)),
        why,
    ]
    value = clean_line(party.name or short)
    whole = bool(party.name and party.address and party.enterprise_number)
    if not whole:
        told.append(_("Name, address and enterprise number are not all filled in."))
    return AgreedLine(
        key,
        about,
        value or _("not filled in"),
        Mark.HERE if whole else Mark.OPEN if value else Mark.MISSING,
        "\n".join(filter(None, told)),
    )


def _contact(key: str, about: str, contact: Contact, why: str) -> AgreedLine:
    parts = (
        clean_line(contact.name),
        clean_line(contact.email or ""),
        show_phone(contact.phone) if contact.phone else "",
    )
    value = ", ".join(filter(None, parts))
    reachable = bool(contact.email or contact.phone)
    return AgreedLine(
        key,
        about,
        value or _("not filled in"),
        Mark.HERE if reachable else Mark.MISSING,
        why,
    )


def _plain(key: str, about: str, value: str) -> AgreedLine:
    return AgreedLine(
        key, about, clean_line(value) or _("not filled in"), Mark.HERE if value else Mark.OPEN, ""
    )


# -- what belongs to it -----------------------------------------------------------------------------------------------


def _processors_version(agreement: Agreement) -> str:
    if not agreement.processors:
        return _("no processors are noted")
    sent = agreement.processors_sent_on
    said = _("sent on %(day)s") % {"day": show_date(sent)} if sent else _("not sent yet")
    return _("version %(version)d") % {"version": agreement.processors_version} + ", " + said


def _papers(agreement: Agreement, today: date) -> Iterator[AgreedLine]:
    for number, advice in enumerate(agreement.advices, 1):
        said = _("positive") if advice.positive else _("negative")
        yield AgreedLine(
            f"advice-{number}",
            _("Advice"),
            f"{clean_line(advice.by)}, {show_date(advice.on)}: {said}",
            Mark.HERE,
            clean_line(advice.reference),
        )
    if not agreement.advices:
        missing = _("The advices of both DPOs on the protocol are part of the evidence. (recitals E and F)")
        yield AgreedLine("advice", _("Advice"), _("not filled in"), Mark.OPEN, missing)
    sent = agreement.processors_sent_on
    yield AgreedLine(
        "processors",
        _("List of processors"),
        _processors_version(agreement),
        Mark.OPEN if not agreement.processors else Mark.HERE if sent else Mark.MISSING,
        _("The other party gets the list, and each new version of it. (P6, P9, GDPR 28)"),
    )
    now = agreement.processors_on(today)
    for number, processor in enumerate(agreement.processors, 1):
        facts = (
            clean_line(processor.service),
            clean_line(processor.country),
            _("agreement of %(day)s") % {"day": show_date(processor.agreement_on)}
            if processor.agreement_on
            else _("no processing agreement is noted (GDPR 28)"),
            _("from %(day)s") % {"day": show_date(processor.since)} if processor.since else "",
            _("until %(day)s") % {"day": show_date(processor.until)} if processor.until else "",
        )
        value = clean_line(processor.name)
        if processor not in now:
            value += " (" + _("no longer") + ")"
        mark = Mark.HERE if processor.agreement_on else Mark.MISSING
        yield AgreedLine(f"processor-{number}", _("Processor"), value, mark, ", ".join(filter(None, facts)))
    due = agreement.publications_to_check(today)
    for number, text in enumerate(agreement.publications, 1):
        looked = (
            _("looked at on %(day)s") % {"day": show_date(text.checked_on)}
            if text.checked_on
            else _("never looked at")
        )
        yield AgreedLine(
            f"publication-{number}",
            _("Publication"),
            f"{clean_line(text.by)}: {looked}",
            Mark.MISSING if text in due else Mark.HERE,
            clean_line(text.url)
            + "\n"
            + _("Protocol and agreement stand on both websites; look once a year. (recital D)"),
        )
    if not agreement.publications:
        missing = _("Protocol and agreement stand on both websites; look once a year. (recital D)")
        yield AgreedLine("publication", _("Publication"), _("not filled in"), Mark.MISSING, missing)
    for number, measure in enumerate(agreement.measures, 1):
        parts = (
            _("version %(version)s") % {"version": clean_line(measure.version)} if measure.version else "",
            show_date(measure.on),
        )
        value = ", ".join(filter(None, (clean_line(measure.title), *parts)))
        yield AgreedLine(
            f"measure-{number}", _("Measure"), value, Mark.HERE, _("Proves a measure of article 6. (P6)")
        )
    for number, partner in enumerate(agreement.partners, 1):
        yield AgreedLine(f"partner-{number}", _("Partner"), clean_line(partner), Mark.HERE, "")
