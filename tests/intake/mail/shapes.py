"""Messages in the shapes that mail programs and strangers make, as bytes. No test in here."""

import base64
import binascii
from email.message import EmailMessage

ARCHIVE = b"7z\xbc\xaf\x27\x1c" + bytes(range(256)) * 20


def b64(data: bytes) -> bytes:
    """Base64 in lines as mail has it."""
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def ordinary(number: int = 1, *, size: int = len(ARCHIVE), message_id: str | None = "") -> bytes:
    """A text and one archive; `message_id` None leaves the header out."""
    message = EmailMessage()
    message["From"] = "Team Kind en Gezin <Team@KindEnGezin.example>"
    message["To"] = "onthaal@ocmw.example"
    message["Subject"] = f"Doorverwijzing {number}"
    if message_id is not None:
        message["Message-ID"] = message_id or f"<m{number}@kindengezin.example>"
    message.set_content("Beste, in bijlage een doorverwijzing.\n")
    data = (ARCHIVE * (size // len(ARCHIVE) + 1))[:size]
    message.add_attachment(
        data, maintype="application", subtype="x-7z-compressed", filename=f"fiche{number}.7z"
    )
    return message.as_bytes().replace(b"\n", b"\r\n")


HEAD = b"From: a@sender.example\r\nMessage-ID: <shape@sender.example>\r\nMIME-Version: 1.0\r\n"


def mixed(*parts: bytes, head: bytes = HEAD, boundary: bytes = b"bb") -> bytes:
    """A multipart/mixed of parts that bring their own header."""
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        head
        + b"Content-Type: multipart/mixed; boundary="
        + boundary
        + b"\r\n\r\n"
        + body
        + b"--"
        + boundary
        + b"--\r\n"
    )


def part(headers: bytes, body: bytes) -> bytes:
    """One part."""
    return headers + b"\r\n\r\n" + body


TEXT = part(b"Content-Type: text/plain; charset=utf-8", "Beste, één fiche.".encode())
HTML = part(b"Content-Type: text/html; charset=utf-8", b"<style>x{}</style><p>Beste,<br>in <b>HTML</b></p>")


def archive(headers: bytes) -> bytes:
    """The archive as a base64 part with these headers."""
    return part(headers + b"\r\nContent-Transfer-Encoding: base64", b64(ARCHIVE))


def nested(depth: int) -> bytes:
    """An archive inside `depth` multiparts, the outermost being the message itself."""
    inner = archive(b"Content-Type: application/x-7z-compressed; name=a.7z")
    for level in range(depth - 1, 0, -1):
        edge = f"n{level}".encode()
        inner = part(
            b"Content-Type: multipart/mixed; boundary=" + edge,
            b"--" + edge + b"\r\n" + inner + b"\r\n--" + edge + b"--",
        )
    return mixed(inner, boundary=b"n0")


FORWARDED = part(b"Content-Type: message/rfc822", ordinary(7))

SHAPES: dict[str, tuple[bytes, list[str]]] = {
    "text and archive": (ordinary(1), ["fiche1.7z"]),
    "only an archive": (
        HEAD + archive(b"Content-Type: application/x-7z-compressed; name=alone.7z"),
        ["alone.7z"],
    ),
    "only text": (HEAD + TEXT, []),
    "no MIME at all": (b"From: a@sender.example\r\n\r\nhallo\r\n", []),
    "alternative inside mixed": (
        mixed(
            part(
                b"Content-Type: multipart/alternative; boundary=cc",
                b"--cc\r\n" + TEXT + b"\r\n--cc\r\n" + HTML + b"\r\n--cc--",
            ),
            archive(
                b'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="b.7z"'
            ),
        ),
        ["b.7z"],
    ),
    "no name": (mixed(TEXT, archive(b"Content-Type: application/octet-stream")), [""]),
    "name in encoded words": (
        mixed(TEXT, archive(b'Content-Type: application/x; name="=?utf-8?B?ZsOtY2hlLjd6?="')),
        ["f\xedche.7z"],
    ),
    "name in pieces (RFC 2231)": (
        mixed(
            TEXT,
            archive(
                b"Content-Type: application/x\r\nContent-Disposition: attachment;\r\n"
                b" filename*0*=UTF-8''f%C3%AD;\r\n filename*1=che.7z"
            ),
        ),
        ["f\xedche.7z"],
    ),
    "name with a path and bidi control": (
        mixed(
            TEXT,
            archive('Content-Type: application/x; name="../../etc/x\u202ez7.exe"'.encode()),
        ),
        ["xz7.exe"],
    ),
    "8-bit name": (
        mixed(TEXT, archive('Content-Type: application/x; name="fíche.7z"'.encode("cp1252"))),
        ["f\xedche.7z"],
    ),
    "claims to be text": (
        mixed(TEXT, archive(b"Content-Type: text/plain; name=c.7z")),
        ["c.7z"],
    ),
    "text sent as attachment": (
        mixed(TEXT, archive(b"Content-Type: text/plain\r\nContent-Disposition: attachment")),
        [""],
    ),
    "nested eight deep": (nested(8), ["a.7z"]),
    "forwarded as attachment": (mixed(TEXT, FORWARDED), ["fiche7.7z"]),
    "TNEF": (mixed(TEXT, archive(b"Content-Type: application/ms-tnef; name=winmail.dat")), ["winmail.dat"]),
    "no closing boundary": (
        mixed(TEXT, archive(b"Content-Type: application/x; name=d.7z")).replace(b"--bb--\r\n", b""),
        ["d.7z"],
    ),
}


SIGNED_HEAD = (
    b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=ss'
)
SHAPES |= {
    "an archive in a nameless text": (mixed(TEXT, archive(b"Content-Type: text/plain")), [""]),
    "an archive that is the whole text": (HEAD + archive(b"Content-Type: text/plain"), [""]),
    "five texts and an archive among them": (
        mixed(*[TEXT] * 5, archive(b"Content-Type: text/html; charset=x")),
        [""],
    ),
    "7z called a PDF": (
        mixed(TEXT, archive(b"Content-Type: application/pdf; name=fiche.pdf")),
        ["fiche.pdf"],
    ),
    "forwarded in base64": (
        mixed(part(b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", b64(ordinary(8)))),
        ["fiche8.7z"],
    ),
    "forwarded twice": (
        mixed(part(b"Content-Type: message/rfc822", mixed(FORWARDED, boundary=b"fw"))),
        ["fiche7.7z"],
    ),
    "signed beside it (S/MIME)": (
        mixed(
            part(
                SIGNED_HEAD,
                b"--ss\r\n" + archive(b"Content-Type: application/x; name=s.7z") + b"\r\n--ss--",
            )
        ),
        ["s.7z"],
    ),
    "name in pieces, out of order, in Latin-1": (
        mixed(
            archive(
                b"Content-Type: application/x\r\nContent-Disposition: attachment;\r\n"
                b" filename*1*=%E9.7z; filename*0*=ISO-8859-1'nl'caf"
            )
        ),
        ["caf\xe9.7z"],
    ),
    "uuencoded": (
        mixed(
            part(
                b"Content-Type: application/x; name=u.7z\r\nContent-Transfer-Encoding: x-uuencode",
                b"begin 644 u.7z\r\n"
                + b"".join(
                    binascii.b2a_uu(ARCHIVE[i : i + 45]).replace(b"\n", b"\r\n")
                    for i in range(0, len(ARCHIVE), 45)
                )
                + b"`\r\nend",
            )
        ),
        ["u.7z"],
    ),
}
