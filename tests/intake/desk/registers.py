"""What the tests of the registers share: contacts in the settings, and looking at drafts as they lie in the mailbox."""

from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from intake.agreement import Agreement, Contact, Processor
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Result
from tests.intake.desk.conftest import DeskOffice

TEAM = "menen@opgroeien.example"
DPO, SENDER_DPO = "dpo@ocmw.example", "dpo@opgroeien.example"
PARTNERS = ("CAW Zuid-West-Vlaanderen", "Huis van het Kind")


def agree(office: DeskOffice, **more: object) -> None:
    """Put an agreement with all contacts in force."""
    settings = office.lead.settings.show()
    values: dict[str, object] = {
        "ocmw": "OCMW Voorbeeld",
        "in_force_from": date(2023, 12, 1),
        "team": Contact(email=TEAM),
        "dpo": Contact(name="DPO Voorbeeld", email=DPO),
        "sender_dpo": Contact(email=SENDER_DPO),
        "partners": PARTNERS,
    }
    agreement = Agreement.model_validate(values | more)
    office.lead.settings.change(settings.model_copy(update={"agreement": agreement}))


def processor(name: str = "Postvak BV") -> Processor:
    return Processor(name=name)


def referral(office: DeskOffice, **options: str) -> str:
    """One referral that came in; its reference."""
    office.send(**options)
    (reference,) = office.lead.polling.poll().references
    return reference


def reach(office: DeskOffice, reference: str) -> None:
    office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))


def draft_files(office: DeskOffice, folder: str = "Drafts") -> list[Path]:
    root = office.server.maildir(office.mailbox, folder)
    return [path for part in ("cur", "new") for path in sorted((root / part).glob("*"))]


def opened(raw: bytes) -> tuple[EmailMessage, str, list[bytes]]:
    """A message: itself, its text, and its attachments."""
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    parts = [part.get_payload(decode=True) for part in message.iter_attachments()]
    return message, body.get_content(), [part for part in parts if isinstance(part, bytes)]


def everything_said(raw: bytes) -> str:
    """All that a reader of the mail sees without the passphrase: headers and text, raw and decoded."""
    message, text, _archives = opened(raw)
    names = [part.get_filename() or "" for part in message.iter_attachments()]
    return "\n".join((*map(str, message.values()), text, *names)) + raw.decode("latin-1")
