"""Compose a mail to be put among the drafts: plain text, and what is personal only as an encrypted archive beside it.

What it says is in `intake/notices.py`; placing it, and what the store remembers of it, in `intake/desk/outgoing.py`.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from intake.workdays import local


def sender_of(user: str, host: str) -> str:
    """The address of the shared mailbox: its user name, completed with the server's name where that is no address."""
    return user if "@" in user else f"{user}@{host}"


def new_message_id(sender: str) -> str:
    """A Message-ID that nobody can guess, in the domain of the sender: it tells nothing of machine or moment."""
    return f"<{secrets.token_hex(16)}@{sender.rpartition('@')[2]}>"


def compose(
    *,
    sender: str,
    to: Sequence[str],
    subject: str,
    body: str,
    message_id: str,
    at: datetime,
    archive: tuple[str, bytes] | None = None,
) -> bytes:
    """The bytes of the message, lines ending in CRLF; `archive` is a file name and the bytes of a 7z archive."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Subject"] = subject
    message["Date"] = format_datetime(local(at))
    message["Message-ID"] = message_id
    message.set_content(body, charset="utf-8", cte="quoted-printable")
    if archive is not None:
        name, data = archive
        message.add_attachment(data, maintype="application", subtype="x-7z-compressed", filename=name)
    return message.as_bytes()
