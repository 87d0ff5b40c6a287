"""What Outlook and S/MIME wrap a message in comes out, and what a stranger puts there does no harm."""

import random
import struct
import tracemalloc
from datetime import UTC, datetime

import pytest

from intake.mail.ledger import LedgerKey
from intake.mail.mailbox import Mailbox
from intake.mail.message import Incoming, Location, Problem, parse_message
from intake.mail.wrappers import is_encrypted_mail, is_saved_mail, signed_mail, tnef_files
from tests.dovecot import PASSWORD, Dovecot
from tests.intake.mail.shapes import ARCHIVE, HEAD, TEXT, archive, b64, mixed, ordinary, part
from tests.intake.mail.wrapping import enveloped, pkcs7_mail, signed, tnef, tnef_object

KEY = LedgerKey(bytes(32))
INNER = mixed(TEXT, archive(b"Content-Type: application/x; name=in.7z"), head=b"", boundary=b"in")


def read(raw: bytes) -> Incoming:
    return parse_message(raw, location=Location("INBOX", 1, 1), received_at=datetime(2026, 3, 2, tzinfo=UTC))


def in_part(data: bytes, kind: bytes = b"application/ms-tnef; name=winmail.dat") -> bytes:
    return part(b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64", b64(data))


WRAPPED = {
    "winmail.dat": (mixed(TEXT, in_part(tnef(("fiche.7z", ARCHIVE)))), ["winmail.dat", "fiche.7z"]),
    "winmail.dat by another name and type": (
        mixed(in_part(tnef(("a.7z", ARCHIVE), ("b\xe9.txt", b"b")), b"text/plain; name=x.txt")),
        ["x.txt", "a.7z", "b\xe9.txt"],
    ),
    "signed around it": (pkcs7_mail(signed(INNER)), ["smime.p7m", "in.7z"]),
    "signed twice": (
        pkcs7_mail(signed(pkcs7_mail(signed(INNER), head=b""))),
        ["smime.p7m", "smime.p7m", "in.7z"],
    ),
    "a mail saved as a file": (
        mixed(TEXT, in_part(HEAD + INNER, b'application/octet-stream; name="Doorverwijzing.eml"')),
        ["Doorverwijzing.eml", "in.7z"],
    ),
    "a mail saved as a file, called a text": (
        mixed(TEXT, in_part(HEAD + INNER, b"text/plain; name=mail.txt")),
        ["mail.txt", "in.7z"],
    ),
    "a mail saved in a mail that was saved": (
        mixed(in_part(HEAD + mixed(in_part(HEAD + INNER, b"a/b; name=b.eml"), head=b""), b"a/b; name=a.eml")),
        ["a.eml", "b.eml", "in.7z"],
    ),
    "a winmail.dat in a signature, before another file": (
        mixed(
            in_part(
                signed(mixed(in_part(tnef(("fiche.7z", ARCHIVE))), head=b"")), b"application/octet-stream"
            ),
            archive(b"Content-Type: application/x; name=last.7z"),
        ),
        ["", "last.7z", "winmail.dat", "fiche.7z"],
    ),
}


@pytest.mark.parametrize("shape", WRAPPED)
def test_what_is_wrapped_comes_out_behind_the_parts_either_way(
    dovecot: Dovecot, mailbox_user: str, shape: str
) -> None:
    raw, names = WRAPPED[shape]
    dovecot.deliver(mailbox_user, raw)
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        (fetched,) = mailbox.fetch(mailbox.scan("INBOX"))
    whole = read(raw)
    assert whole.problem is fetched.problem is None
    assert [a.name for a in whole.attachments] == names
    assert fetched.attachments == whole.attachments
    assert fetched.body_text == whole.body_text
    assert ARCHIVE in [a.data for a in whole.attachments]
    outer = [a.data for a in whole.attachments if not a.inner]
    assert list(whole.parts) == outer, "what was taken out is no part of what it is known by"
    assert KEY.attachments(whole.parts) == KEY.attachments(outer)


def test_the_text_of_a_signed_mail_is_read() -> None:
    assert read(pkcs7_mail(signed(INNER))).body_text == "Beste, één fiche."


def test_an_encrypted_mail_is_known_for_one() -> None:
    data = enveloped(INNER)
    assert is_encrypted_mail(data)
    assert not is_encrypted_mail(signed(INNER))
    assert signed_mail(data) is None
    assert [a.data for a in read(pkcs7_mail(data, "enveloped-data")).attachments] == [data]


def test_a_mail_encrypted_with_pgp_is_known_for_one_and_others_are_not() -> None:
    assert is_encrypted_mail(b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA")
    assert is_encrypted_mail(b"\r\n-----BEGIN PGP MESSAGE-----\n")
    assert not is_encrypted_mail(b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n")
    assert not is_encrypted_mail(b"Hij schreef: -----BEGIN PGP MESSAGE-----")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Naam: Jan Peeters\nTelefoon: 0470 12 34 56\n",
        b"From: a@b.example\r\nContent-Type: text/plain\r\n\r\nBeste\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        b"Subject: x\r\n\r\nFrom: a\r\nContent-Type: multipart/mixed\r\n",
        b"%PDF-1.7\nFrom: a\nContent-Type: multipart/mixed\n",
        b"Naam: x\n" + b"Regel: y\n" * 20_000 + b"From: a\nContent-Type: multipart/mixed\n",
    ],
)
def test_what_is_no_mail_with_parts_stays_a_file(data: bytes) -> None:
    assert not is_saved_mail(data)


def test_wrappers_in_one_another_end() -> None:
    raw = INNER
    for _round in range(8):
        raw = pkcs7_mail(signed(raw), head=b"")
    assert read(HEAD + raw).problem == Problem.TOO_DEEP
    many = tnef(*((f"{n}.txt", b"x") for n in range(50)))
    assert read(mixed(in_part(many), in_part(many))).problem == Problem.TOO_MANY_PARTS
    assert tnef_files(tnef(*((f"{n}.txt", b"x") for n in range(80)))) == tnef_files(many)


@pytest.mark.parametrize(
    "more",
    [
        tnef_object(1, 0x9003, struct.pack("<IHHI", 0xFFFFFFFF, 0x1003, 0x0001, 0xFFFFFFFF)),
        tnef_object(1, 0x9004, struct.pack("<I", 0xFFFFFFFF)),
        tnef_object(2, 0x9005, struct.pack("<I", 0xFFFFFFFF)),
        tnef_object(2, 0x800F, b"before any file"),
        tnef_object(1, 0x8004, b"\xff" * 50, 1),
    ],
    ids=["properties", "recipients", "attachment properties", "no file", "odd subject"],
)
def test_tables_of_four_billion_rows_are_not_walked(more: bytes) -> None:
    assert tnef_files(tnef(("a.7z", ARCHIVE), more=more)) == [("a.7z", ARCHIVE)]


def test_a_flood_of_small_objects_is_not_copied_again_and_again() -> None:
    flood = tnef(more=tnef_object(1, 0x8004, b"") * 200_000)
    tracemalloc.start()
    try:
        assert tnef_files(flood) == []
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_signed_message_in_a_million_pieces_is_not_put_together() -> None:
    head = bytes.fromhex("308006092a864886f70d010702a08030800201013100308006092a864886f70d010701a0802480")
    end = bytes(6) + b"\x31\x00" + bytes(6)
    assert signed_mail(head + b"\x04\x03abc" * 9 + end) == b"abc" * 9
    assert signed_mail(head + b"\x04\x01x" * 300_000 + end) is None


def test_broken_wrappers_are_files_like_others(capsys: pytest.CaptureFixture[str]) -> None:
    whole = {"tnef": tnef(("geheim.7z", ARCHIVE[:200])), "cms": signed(INNER[:300])}
    rng = random.Random(5)
    for data in whole.values():
        for _round in range(150):
            broken = bytearray(data[: rng.randrange(1, len(data))] if rng.random() < 0.3 else data)
            for _flip in range(rng.randrange(1, 6)):
                broken[rng.randrange(len(broken))] = rng.randrange(256)
            incoming = read(mixed(in_part(bytes(broken))))
            assert incoming.problem or incoming.attachments[0].data == bytes(broken)
    assert capsys.readouterr().err == "", "the libraries' words may name files"


def test_a_plain_mail_has_nothing_inside() -> None:
    assert not any(a.inner for a in read(ordinary()).attachments)
