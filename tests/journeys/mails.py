"""Mails as the sending side makes them, around an archive of one's own choice."""

import random
from email.message import EmailMessage
from email.policy import SMTP

from intake.client import Client, Consent
from intake.demo.forms import make_form

CANARY = Client(
    first_name="Zwaantje",
    last_name="Kwispelaere",
    street="Krakelingstraat",
    house_number="12",
    box="3",
    postcode="8940",
    municipality="Wervik",
    phone="+32470123456",
    email="zwaantje.kwispelaere@example.com",
)


def form(
    client: Client = CANARY, kind: str = "docx", consent: Consent = Consent.CONFIRMED
) -> tuple[str, bytes]:
    """A fiche of the client: file name and bytes."""
    return make_form(kind, client, consent, random.Random(3))


def mail(
    *attachments: tuple[str, bytes],
    sender: str = "lien.claes@opgroeien.be",
    subject: str = "Doorverwijzing",
    message_id: str | None = None,
) -> bytes:
    """A mail with these attachments."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = "kindengezin@ocmw.example"
    message["Subject"] = subject
    message["Date"] = "Fri, 20 Nov 2026 10:00:00 +0100"
    message["Message-ID"] = message_id or f"<{random.SystemRandom().getrandbits(64):x}@mail.opgroeien.be>"
    message.set_content("Beste, in bijlage een doorverwijzing. Vriendelijke groeten")
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()
