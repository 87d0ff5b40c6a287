"""What is mutated: archives of every build, mails of every shape, structures, forms of every format. All made up here.

What the encryption draws differs from run to run; a case that was found is kept as it was (`runner.py`).
"""

import bz2
import io
import lzma
import random
from datetime import UTC, datetime

import pyzipper

from intake.client import Consent
from intake.demo.archives import keys_derived_once, plain_7z, plain_zip, ppmd_7z, readable_names_7z, sealed_7z
from intake.demo.forms import FORM_KINDS, make_form
from intake.demo.messages import sample_messages
from intake.demo.people import make_client
from tests.intake.archive.composing import (
    Coder,
    File,
    Folder,
    aes_folder,
    archive,
    encrypted,
    header_of,
    with_coded_header,
)
from tests.intake.archive.rar_blocks import CRYPT, RAR4, RAR5, block4, block5
from tests.intake.mail.shapes import HEAD, SHAPES, b64, mixed, part
from tests.intake.mail.wrapping import enveloped, pkcs7_mail, signed, tnef
from tests.journeys.mails import mail
from tests.sevenzip import SevenZip

__all__ = ["SECRET", "archives", "forms", "mails", "structures"]

SECRET = "vier rode tractoren"
_LZMA, _LZMA2, _BZIP2 = bytes.fromhex("030101"), b"\x21", bytes.fromhex("040202")


def forms() -> list[bytes]:
    """Every format in three makes; scans and what is no form at all."""
    chance = random.Random(41)
    made = [
        make_form(kind, make_client(chance), Consent.CONFIRMED, chance)[1]
        for kind in FORM_KINDS
        for _ in range(3)
    ]
    return [*made, make_form("scan", make_client(chance), Consent.CONFIRMED, chance)[1]]


def _small() -> list[tuple[str, bytes]]:
    chance = random.Random(42)
    return [
        make_form(kind, make_client(chance), Consent.CONFIRMED, chance)
        for kind in ("txt", "json", "rtf", "html", "odt")
    ]


def _lzma2(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}])


def _lzma1(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}])


def _composed(text: bytes) -> list[bytes]:
    """Archives byte by byte with few rounds of the key derivation, whose headers lie open to mutations."""
    told = b"\x5d" + (1 << 16).to_bytes(4, "little")
    folders = [
        aes_folder(text, SECRET, salt=b"salt and pepper!"),
        aes_folder(_lzma2(text), SECRET, Coder(_LZMA2, b"\x08"), unpacked=text),
        aes_folder(_lzma1(text), SECRET, Coder(_LZMA, told), unpacked=text),
        aes_folder(bz2.compress(text), SECRET, Coder(_BZIP2), unpacked=text),
    ]
    two = aes_folder(text + text, SECRET)
    two.pieces, two.crcs = [len(text), len(text)], [*two.crcs, *two.crcs]
    header = header_of(folders[1:2], [File("fiche.txt")])
    packed = folders[1].packed
    return [
        *(archive([folder], [File("fiche.txt")]) for folder in folders),
        archive(
            folders,
            [File(f"{n}.txt") for n in range(4)] + [File("map", directory=True), File("leeg", empty=True)],
        ),
        archive([two], [File("een.txt"), File("twee.txt")]),
        with_coded_header(
            packed, aes_folder(_lzma2(header), SECRET, Coder(_LZMA2, b"\x08"), unpacked=header)
        ),
        with_coded_header(packed, Folder(encrypted(header, SECRET), *_as_it_is(header))),
    ]


def _as_it_is(header: bytes) -> tuple[list[Coder], list[int], list[int]]:
    folder = aes_folder(header, SECRET)
    return folder.coders, folder.sizes, folder.crcs


def archives(sevenzip: SevenZip | None) -> list[bytes]:
    """By 7-Zip's own program where there is one, by py7zr, by pyzipper, and composed byte by byte."""
    few = _small()
    name, text = few[0]
    made = _composed(text)
    with keys_derived_once():
        for members in (few[:1], few[1:3], few):
            made += [sealed_7z(members, SECRET), readable_names_7z(members, SECRET), plain_7z(members)]
        made += [ppmd_7z(few[:1], SECRET), plain_zip(few)]
    for method in (pyzipper.ZIP_STORED, pyzipper.ZIP_DEFLATED, pyzipper.ZIP_LZMA):
        held = io.BytesIO()
        with pyzipper.AESZipFile(held, "w", compression=method, encryption=pyzipper.WZ_AES) as target:
            target.setpassword(SECRET.encode())
            for member, content in few[:2]:
                target.writestr(member, content)
        made.append(held.getvalue())
    made += [
        RAR5 + block5(1) + block5(2, extra=CRYPT, data=text) + block5(2, data=text),
        RAR4 + block4(0x73) + block4(0x74, 0x04, text) + block4(0x74, 0xE0, text),
        b"MZ" + bytes(500) + made[0],
    ]
    if sevenzip is not None:
        for switches in (
            ("-mhe=on",), ("-mhe=off",), ("-mhc=off",), ("-m0=lzma",), ("-m0=bzip2",), ("-m0=copy",), ("-ms=off",),
            ("-m0=deflate",), ("-mf=delta:4",),
        ):  # fmt: skip
            made.append(sevenzip.pack({name: text, **dict(few[1:3])}, *switches, passphrase=SECRET))
        made.append(sevenzip.pack(dict(few[:1]), "-mem=AES256", passphrase=SECRET, kind="zip"))
    return made


def mails() -> list[bytes]:
    """The demonstration's mails with their faults, the shapes of tests/intake/mail, and what mail programs wrap mails in."""
    made = [sample.raw for sample in sample_messages(48, 11, SECRET, datetime(2026, 11, 20, 12, tzinfo=UTC))]
    shapes = [raw for raw, _names in SHAPES.values()]
    return [*made, *shapes, *_wrapped()]


def _wrapped() -> list[bytes]:
    sender = b"From: a@sender.example\r\n"
    name, text = _small()[0]
    with keys_derived_once():
        archive = sealed_7z([(name, text)], SECRET)
    half = len(archive) // 2
    plain = mail(("fiche.7z", archive), sender="a@sender.example")
    outlook = tnef(("fiche.7z", archive), ("fiche.txt", text))
    base64 = b"\r\nContent-Transfer-Encoding: base64"
    return [
        mail(("winmail.dat", outlook), sender="a@sender.example"),
        pkcs7_mail(signed(plain), head=sender),
        pkcs7_mail(signed(mail(("winmail.dat", outlook))), head=sender),
        pkcs7_mail(enveloped(plain), "enveloped-data", sender),
        mixed(part(b"Content-Type: application/octet-stream; name=a.eml" + base64, b64(plain)), head=HEAD),
        mail(("fiche.7z.001", archive[:half]), ("fiche.7z.002", archive[half:]), sender="a@sender.example"),
        mail(("fiche.7z.002", archive[half:]), sender="a@sender.example"),
        mail(("fiche.7z", b"MZ" + bytes(500) + archive), sender="a@sender.example"),
        HEAD + b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n",
    ]


def structures() -> list[bytes]:
    """BODYSTRUCTURE as servers write it."""
    leaf = b'("application" "x-7z-compressed" ("name" "fiche.7z") NIL NIL "base64" 4000 NIL ("attachment" ("filename" "fiche.7z")) NIL)'
    text = b'("text" "plain" ("charset" "utf-8") NIL NIL "quoted-printable" 120 6 NIL NIL NIL NIL)'
    page = b'("text" "html" ("charset" "utf-8") NIL NIL "7bit" 900 30 NIL ("inline" NIL) NIL)'
    split = b'("application" "octet-stream" ("name*0*" "utf-8\'\'fi%c3%a9" "name*1" "che.7z") NIL NIL "base64" 9 NIL NIL NIL)'
    both = b"(" + text + page + b' "alternative" ("boundary" "b2") NIL NIL NIL)'
    mixed = b"(" + both + leaf + split + b' "mixed" ("boundary" "b1") NIL NIL NIL)'
    envelope = (
        b'("Fri, 20 Nov 2026 10:00:00 +0100" "s" ((NIL NIL "a" "b.example")) NIL NIL NIL NIL NIL NIL "<i@b>")'
    )
    forwarded = (
        b'("message" "rfc822" NIL NIL NIL "7bit" 5000 ' + envelope + b" " + mixed + b" 80 NIL NIL NIL)"
    )
    return [leaf, text, mixed, b"(" + mixed + mixed + b' "mixed")', b"(" + text + forwarded + b' "mixed")', b"(" * 30 + text + b' "mixed")' * 30]  # fmt: skip
