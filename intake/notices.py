"""What the mails say that the program prepares: to the local team (P7, recital C) and to both DPOs (P9, GDPR 33). Pure.

Always in Dutch: they go to Flemish partners. Subject and text name the received message by its moment and the field,
never the client. What is personal is in `enclosed`, which only ever leaves inside the encrypted archive. Nothing here
knows state, wish, outcome or case number of a referral: the outcome is never reported back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from intake.agreement import Agreement, Contact
from intake.causes import CAUSE_TITLES, Cause
from intake.client import Client
from intake.formats import show_moment, show_name, show_phone
from intake.registers import BREACH_WORDS, NOTICE_WORDS, WHAT_WORDS, Breach, BreachText, Notice
from intake.rejecting import Because
from intake.texts import N_, dutch


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be prepared. `enclosed` goes into the archive; None where there is nothing personal to say."""

    subject: str
    body: str
    enclosed: str | None = field(default=None, repr=False)


def quality_letter(
    notice: Notice, received_at: datetime, client: Client, value: str | None, ocmw: str
) -> Letter:
    """The notice of data quality for the local team (P7); `value` is what it should be, where that is known."""
    words = {
        "mark": notice.id,
        "when": show_moment(received_at),
        "field": dutch(NOTICE_WORDS[notice.field]),
        "what": dutch(WHAT_WORDS[notice.what]),
        "client": show_name(client),
    }
    body = [
        N_("Dear colleague,"),
        N_(
            "As article 7 of the protocol asks, we report a datum in the referral that we received from you on "
            "%(when)s."
        ),
        N_("Field: %(field)s\nFound: %(what)s"),
        N_("Which client it is stands in the attached archive, encrypted with the agreed passphrase."),
        N_(
            "Please look into it and tell us what you did about it. Name the number %(mark)s and not the client."
        ),
    ]
    enclosed = [
        dutch(N_("Notice: %(mark)s")) % words,
        dutch(N_("Client: %(client)s")) % words,
        dutch(N_("Field: %(field)s\nFound: %(what)s")) % words,
    ]
    received = client.as_dict().get(notice.field)
    if received:
        shown = show_phone(received) if notice.field == "phone" else received
        enclosed.append(dutch(N_("As received: %(value)s")) % {"value": shown})
    if value:
        enclosed.append(dutch(N_("As it should be: %(value)s")) % {"value": value})
    subject = dutch(N_("Notice of data quality %(mark)s")) % words
    return Letter(subject, _body(body, words, ocmw), _lines(enclosed))


def ask_letter(mark: str, received_at: datetime, client: Client, ocmw: str) -> Letter:
    """The question to the local team whether the client consents to the referral (recital C)."""
    words = {"mark": mark, "when": show_moment(received_at), "client": show_name(client)}
    body = [
        N_("Dear colleague,"),
        N_(
            "The referral that we received from you on %(when)s does not say whether the client consents to it."
        ),
        N_("Which client it is stands in the attached archive, encrypted with the agreed passphrase."),
        N_(
            "Please tell us whether the client was informed and consents, as recital C of the protocol has it. Name the "
            "number %(mark)s and not the client."
        ),
    ]
    enclosed = [dutch(N_("Question: %(mark)s")) % words, dutch(N_("Client: %(client)s")) % words]
    subject = dutch(N_("Question about a referral, number %(mark)s")) % words
    return Letter(subject, _body(body, words, ocmw), _lines(enclosed))


def reject_letter(mark: str, told: Mapping[str, str], ocmw: str) -> Letter:
    """What the sender of a message that is rejected is told, by its reason. It names the message by number and moment.

    `told` has `because`, `cause` and `received_at` (ISO, UTC). Nothing of the message is in it (P3, P6).
    """
    because = Because(told["because"])
    words = {
        "mark": mark,
        "when": show_moment(datetime.fromisoformat(told["received_at"])),
        "cause": dutch(CAUSE_TITLES[Cause(told["cause"])]),
    }
    body = [
        N_("Dear colleague,"),
        N_("Your message that we received on %(when)s could not be taken in (%(cause)s). We do not keep it."),
        _SAID.get(because, N_("If it was meant as a referral, please call us.")),
    ]
    if because in _WITH_HOW:
        body.append(
            N_(
                "This is how to send a referral: put the filled form into an archive with 7-Zip (7z, AES-256, with the file "
                "names encrypted too) and mail only that archive to this mailbox. Put no name in the subject, the text or the "
                "name of the archive. The passphrase never stands in a mail."
            )
        )
    body.append(N_("When you answer, name the number %(mark)s and not the client."))
    subject = dutch(N_("Message %(mark)s could not be taken in")) % words
    return Letter(subject, _body(body, words, ocmw))


_SAID: dict[Because, str] = {
    Because.SEND_AGAIN: N_(
        "Please send the referral again; call us first when you do not know what went wrong."
    ),
    Because.NOT_ENCRYPTED: N_(
        "It was not encrypted as article 6 of the protocol asks. That is an incident on which our data protection officers "
        "consult; please remove the message from your own sent mails too. Then send the referral again, encrypted."
    ),
    Because.TOO_MUCH: N_(
        "The form holds data that the protocol does not let us receive (article 3): only first name, surname, address, "
        "telephone and e-mail may be given. Please send it again with those alone."
    ),
    Because.WRONG_OCMW: N_(
        "It is meant for the OCMW of another municipality. Please send it to the OCMW where the client lives."
    ),
}
_WITH_HOW = frozenset({Because.SEND_AGAIN, Because.NOT_ENCRYPTED, Because.TOO_MUCH})


def breach_letter(breach: Breach, text: BreachText, agreement: Agreement) -> Letter:
    """What both DPOs are told of a breach: the facts of GDPR 33.3, as far as they are known (P9)."""
    unknown = dutch(N_("not known yet"))

    def said(what: str | int | None) -> str:
        return unknown if what is None or what == "" else str(what)

    words = {
        "mark": breach.id,
        "known": show_moment(breach.known_at),
        "due": show_moment(breach.due_at),
        "kind": dutch(BREACH_WORDS[breach.kind]),
        "what": said(text.what),
        "categories": said(text.categories),
        "people": said(text.people),
        "records": said(text.records),
        "consequences": said(text.consequences),
        "measures": said(text.measures),
        "dpo": _contact(agreement.dpo),
        "sender_dpo": _contact(agreement.sender_dpo),
    }
    body = [
        N_("Dear colleagues,"),
        N_(
            "As article 9 of the protocol and article 33 GDPR ask, we tell you of a data breach. It is known since "
            "%(known)s; the 72 hours end on %(due)s."
        ),
        N_("Kind: %(kind)s\nNature: %(what)s"),
        N_(
            "Categories of data and of people: %(categories)s\nNumber of people, about: %(people)s\n"
            "Number of records, about: %(records)s"
        ),
        N_("Likely consequences: %(consequences)s\nMeasures taken or proposed: %(measures)s"),
        N_("Points of contact: %(dpo)s; %(sender_dpo)s"),
        N_(
            "Let us consult at once on what limits the consequences. Name the number %(mark)s, and no client."
        ),
    ]
    subject = dutch(N_("Data breach %(mark)s")) % words
    return Letter(subject, _body(body, words, agreement.ocmw))


def _contact(contact: Contact) -> str:
    return ", ".join(part for part in (contact.name, contact.email or "", contact.phone) if part)


def _body(paragraphs: Sequence[str], words: dict[str, str], ocmw: str) -> str:
    parts = [dutch(paragraph) % words for paragraph in paragraphs]
    return "\n\n".join((*parts, "\n".join(line for line in (dutch(N_("Kind regards")), ocmw) if line))) + "\n"


def _lines(parts: Sequence[str]) -> str:
    return "\n".join(parts).replace("\n", "\r\n") + "\r\n"
