"""Fetching parts by their structure and reading the whole message give the same, for messages no one thought of.

Left out is what a server does not tell: what stands behind a parameter that is none, and the last line end of a multipart
that does not end.
"""

import os
import random

from intake.mail.mailbox import Mailbox
from intake.mail.message import parse_message
from tests.dovecot import PASSWORD, Dovecot
from tests.intake.mail.shapes import b64, ordinary, part

ROUNDS = 400 if os.environ.get("OCMW_INTAKE_ROUNDS") == "all" else 60
DATA = (
    b"7z\xbc\xaf\x27\x1c" + bytes(range(200)),
    b"%PDF-1.7 x",
    b"PK\x03\x04 y",
    b"gewone tekst",
    b"\xe9\xe8 x",
    b"",
)
TYPES = (
    *(
        "text/plain",
        "text/html; charset=utf-8",
        "text/plain; charset=iso-8859-1",
        "text/calendar",
        "TEXT/Plain",
    ),
    *("application/octet-stream", "application/pdf", "application/x-7z-compressed", "image/png", "x/y"),
    *(
        "application/pkcs7-mime; smime-type=signed-data",
        "application/ms-tnef",
        "message/delivery-status",
        "text",
    ),
)
NAMES = (
    *("", '; name="a b.7z"', "; name=x.txt", '; name="=?utf-8?q?f=C3=AD.7z?="', "; name*=utf-8''f%C3%AD.7z"),
    *("; name*0=fi; name*1=che.7z", "; name*1*=%E9.7z; name*0*=iso-8859-1''caf", '; name="a\\"b;c.7z"'),
    *("; NAME=upper.7z", '; name=""', '; name="../../weg.7z"'),
)
DISPOSITIONS = (
    *("", "attachment", "inline", 'attachment; filename="d.7z"', "ATTACHMENT; FILENAME=e.7z"),
    *(
        "attachment; filename*=utf-8''g%20h.7z",
        'inline; filename*0="i "; filename*1=j.7z',
        "x-odd; filename=k",
    ),
)
ENCODINGS = ("base64", "base64", "quoted-printable", "7bit", "8bit", "", "BASE64 ", "x-unknown")


def leaf(rng: random.Random) -> bytes:
    lines = [f"Content-Type: {rng.choice(TYPES)}{rng.choice(NAMES)}"]
    data, encoding = rng.choice(DATA), rng.choice(ENCODINGS)
    if encoding:
        lines.append(f"Content-Transfer-Encoding: {encoding}")
    if disposition := rng.choice(DISPOSITIONS):
        lines.append(f"Content-Disposition: {disposition}")
    rng.shuffle(lines)
    if "base64" in encoding.lower():
        body = b64(data)
        if rng.random() < 0.3:  # broken as mail programs break it
            body = rng.choice((body.rstrip(b"=\r\n"), body.replace(b"A", b"A "), body + b"!!"))
    else:
        body = data.replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b"")
    return part("\r\n".join(lines).encode(), body)


def tree(rng: random.Random, depth: int = 0) -> bytes:
    kind = rng.random()
    if depth > 4 or kind < 0.45:
        return leaf(rng)
    if kind < 0.55:
        inner = ordinary(rng.randrange(9), size=300)
        if rng.random() < 0.3:
            return part(b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", b64(inner))
        return part(b"Content-Type: message/rfc822", inner)
    edge = f"e{depth}-{rng.randrange(10**6)}".encode()
    sub = rng.choice((b"mixed", b"alternative", b"related", b"signed", b"report", b"x-odd"))
    pieces = [tree(rng, depth + 1) for _number in range(rng.randrange(1, 4))]
    body = b"".join(b"--" + edge + b"\r\n" + piece + b"\r\n" for piece in pieces)
    end = b"--" + edge + b"--\r\n"
    before = b"Voor wie geen MIME leest.\r\n" if rng.random() < 0.3 else b""
    return part(b"Content-Type: multipart/" + sub + b'; boundary="' + edge + b'"', before + body + end)


def message(rng: random.Random) -> bytes:
    head = b"From: a@sender.example\r\nMIME-Version: 1.0\r\n"
    if rng.random() < 0.7:
        head += b"Message-ID: <%d@x>\r\n" % rng.randrange(10**9)
    if rng.random() < 0.3:
        head += "Subject: één\r\n".encode(rng.choice(("utf-8", "latin-1")))
    return head + tree(rng)


def test_both_ways_agree_on_messages_of_every_make(dovecot: Dovecot, mailbox_user: str) -> None:
    made = [message(random.Random(seed)) for seed in range(ROUNDS)]
    dovecot.deliver(mailbox_user, *made)
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        fetched = list(mailbox.fetch(mailbox.scan("INBOX")))
    assert len(fetched) == len(made)
    for seed, (raw, incoming) in enumerate(zip(made, fetched, strict=True)):
        whole = parse_message(
            raw, location=incoming.location, received_at=incoming.received_at, size=incoming.size
        )
        assert incoming.problem == whole.problem, seed
        assert incoming.attachments == whole.attachments, seed
        assert (incoming.body_text, incoming.message_id) == (whole.body_text, whole.message_id), seed
