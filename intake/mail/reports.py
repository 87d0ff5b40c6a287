"""What a report of non-delivery says in its part for machines (RFC 3464): to whom a mail did not go, and why. Pure."""

import re
from collections.abc import Sequence

from intake.mail.message import DELIVERY_STATUS, Attachment
from intake.plaintext import clean_line

__all__ = ["undelivered"]

_READ = 20_000
_MOST = 5
_FIELD = re.compile(r"^(final-recipient|status|action)\s{0,5}:([^\n]{0,400})", re.IGNORECASE | re.MULTILINE)


def undelivered(attachments: Sequence[Attachment]) -> str:
    """Such as "an@example.be: failed 5.1.1"; empty where the report does not say. On one line, clean and short."""
    lines: list[str] = []
    for part in attachments:
        if part.content_type != DELIVERY_STATUS:
            continue
        text = part.data[:_READ].decode("utf-8", "replace").replace("\r", "")
        for block in re.split(r"\n\n+", text):
            found = {m[1].lower(): clean_line(m[2]) for m in _FIELD.finditer(block)}
            if "final-recipient" in found:
                who = found["final-recipient"].rpartition(";")[2].strip()[:254]
                words = " ".join(found[name][:60] for name in ("action", "status") if name in found)
                lines.append(f"{who}: {words}")
    return " | ".join(lines[:_MOST])
