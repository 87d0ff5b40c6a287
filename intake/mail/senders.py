"""Who sent the messages of a folder, asked for many at once and nothing else of them. One is never marked as read by it."""

from collections.abc import Callable, Sequence

from intake.mail.connection import Connection
from intake.mail.errors import translated
from intake.mail.headers import HEADER_LIMIT, Headers, parse_headers
from intake.mail.message import Location
from intake.mail.uids import in_chunks

__all__ = ["fetch_senders"]

_FROM = f"BODY.PEEK[HEADER.FIELDS (FROM)]<0.{HEADER_LIMIT // 8}>"
_CHUNK = 500


def fetch_senders(locations: Sequence[Location], opened: Callable[[], Connection]) -> dict[Location, Headers]:
    """The From of messages of one folder, which `opened` gives open; of those that are gone nothing. Raises MailboxError."""
    found: dict[Location, Headers] = {}
    for chunk in in_chunks([where.uid for where in locations], _CHUNK):
        with translated():
            answer = opened().fetch(chunk, [_FROM])
        for where in locations:
            row = answer.get(where.uid, {})
            raw = next((v for k, v in row.items() if k.startswith(b"BODY[HEADER")), None)
            if isinstance(raw, bytes):
                found[where] = parse_headers(raw)
    return found
