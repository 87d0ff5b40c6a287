"""How a sample is altered: bits, bytes, blocks, lengths, lines, another sample's parts. All of one random source."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence

from tests.intake.archive.composing import (
    AES,
    COPY,
    Coder,
    File,
    Folder,
    aes_properties,
    archive,
    encrypted,
    header_of,
    with_coded_header,
)

__all__ = ["mutated_archive", "mutated_form", "mutated_mail", "mutated_structure"]

_MOST = 400_000
"""Bytes that a mutated case has at most: mutations copy blocks, and what they make is to be read in milliseconds."""
_WIDTHS = {1: "B", 2: "H", 4: "L", 8: "Q"}
_EDGES = (
    0,
    1,
    2,
    7,
    8,
    15,
    16,
    127,
    128,
    255,
    256,
    0x7FFF,
    0xFFFF,
    0x7FFFFFFF,
    0xFFFFFFFF,
    1 << 40,
    (1 << 64) - 1,
)

Mutator = Callable[[random.Random, bytes, bytes], bytes]


def _bits(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def _bytes(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(chance.choice((1, 2, 8))):
        made[chance.randrange(len(made))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
    return bytes(made)


def _span(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.choice((1, 4, 16, 64, 256, 1024, 8192)))


def _cut(_chance: random.Random, data: bytes, _other: bytes) -> bytes:
    return data[: _chance.randrange(len(data))]


def _removed(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    start, end = _span(chance, data)
    return data[:start] + data[end:]


def _copied(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    start, end = _span(chance, data)
    place = chance.randrange(len(data))
    return data[:place] + data[start:end] * chance.choice((1, 1, 2, 50)) + data[place:]


def _inserted(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    place = chance.randrange(len(data))
    size = chance.choice((1, 3, 16, 200))
    return data[:place] + chance.choice((chance.randbytes(size), bytes(size), b"\xff" * size)) + data[place:]


def _length(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    """What may be a length, at any place, set to an edge or moved by little."""
    width = chance.choice(tuple(_WIDTHS))
    if len(data) < width:
        return data
    form = chance.choice("<>") + _WIDTHS[width]
    place = chance.randrange(len(data) - width + 1)
    (now,) = struct.unpack_from(form, data, place)
    value = chance.choice((*_EDGES, now + 1, now - 1, now * 2)) % (1 << 8 * width)
    return data[:place] + struct.pack(form, value) + data[place + width :]


def _spliced(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """The beginning of one sample and the end of another."""
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


def _digits(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    """A number written in digits, another number."""
    places = [n for n in range(len(data)) if 48 <= data[n] <= 57]
    if not places:
        return data
    start = end = chance.choice(places)
    while end < len(data) and 48 <= data[end] <= 57:
        end += 1
    number = chance.choice((b"0", b"-1", b"1", b"99999", b"4294967296", b"9" * 30, b"1e9"))
    return data[:start] + number + data[end:]


_BINARY: tuple[Mutator, ...] = (_bits, _bits, _bytes, _length, _length, _cut, _removed, _copied, _inserted, _spliced)  # fmt: skip


def _lines(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Lines moved, repeated, left out, or taken from another sample."""
    lines = data.split(b"\n")
    strange = other.split(b"\n")
    for _ in range(chance.choice((1, 2, 5))):
        place = chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                lines.insert(place, chance.choice(strange))
            case 1:
                lines.insert(place, chance.choice(lines))
            case 2:
                lines[place:place] = [lines[place]] * chance.choice((3, 30, 300))
            case 3 if len(lines) > 1:
                del lines[place]
            case _:
                lines[place] = lines[place][::-1]
    return b"\n".join(lines)


_WORDS = (
    b"Content-Type: message/rfc822\r\n", b"Content-Transfer-Encoding: base64\r\n", b"multipart/mixed; boundary=x",
    b"Content-Transfer-Encoding: quoted-printable\r\n", b"=?utf-8?q?=00=ff?=", b"=?x?b?////?=", b"filename*0*=utf-8''%ff",
    b"filename*1=b;", b"\r\n\r\n", b"\r\n ", b"\0", b"--", b'"', b"(", b"<", b"@", b"\xc3", b"\xff\xfe", b"&#x0;", b"{\\rtf",
    b"|", b"\t", b";", b"%PDF-", b"<table>", b"</tr>", b"[", b"{", b"\\u202e", b"\xe2\x80\xae", b"Ja", b"Neen", b":", b"winmail.dat",
    b"begin 644 x\n", b"Content-Type: multipart/report\r\n", b"From: a@b.example\r\n",
)  # fmt: skip


def _words(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    """Words that mean something to a reader, anywhere."""
    for _ in range(chance.choice((1, 2, 4))):
        place = chance.randrange(len(data) + 1)
        data = data[:place] + chance.choice(_WORDS) * chance.choice((1, 1, 1, 40)) + data[place:]
    return data


_TEXTUAL: tuple[Mutator, ...] = (*_BINARY, _lines, _lines, _lines, _words, _words, _words, _digits)


def _some(chance: random.Random, data: bytes, other: bytes, ways: Sequence[Mutator]) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        if not data:
            break
        data = chance.choice(ways)(chance, data, other or b"\0")[:_MOST]
    return data


def mutated_archive(chance: random.Random, data: bytes, other: bytes, secret: str) -> bytes:
    """A mutated archive; of a 7z two in three with the checksums of start and header made to fit again.

    One in four is none that was altered but one composed anew, with a header that parses and says strange things.
    """
    if chance.random() < 1 / 4:
        return _composed(chance, other, secret)
    if not data.startswith(b"7z\xbc\xaf\x27\x1c") or chance.random() < 1 / 3:
        return _some(chance, data, other, _BINARY)
    offset, size = struct.unpack_from("<QQ", data, 12)
    stored, header = data[32 : 32 + offset], data[32 + offset : 32 + offset + size]
    if chance.random() < 0.75:
        header = _some(chance, header, other, _BINARY)
    else:
        stored = _some(chance, stored, other, _BINARY)
    if chance.random() < 0.1:
        offset = chance.choice((*_EDGES, offset + 1, max(0, offset - 1))) % (1 << 64)
    else:
        offset = len(stored)
    start = struct.pack("<QQL", offset, len(header), zlib.crc32(header))
    return data[:8] + struct.pack("<L", zlib.crc32(start)) + start + stored + header


_CODERS = (
    Coder(b"\x21", b"\x08"), Coder(b"\x21", b"\x28"), Coder(b"\x21"), Coder(COPY), Coder(bytes.fromhex("040202")),
    Coder(bytes.fromhex("030101"), b"\x5d" + (1 << 16).to_bytes(4, "little")), Coder(bytes.fromhex("030101"), b"\xff" * 5),
    Coder(bytes.fromhex("030401"), bytes(5)), Coder(bytes.fromhex("040108")), Coder(b"\x03", b"\x00"), Coder(b"\x0a"),
    Coder(bytes.fromhex("0303011b")), Coder(AES, b"\x53"), Coder(AES, aes_properties(19)), Coder(AES, b"\x3f"),
)  # fmt: skip


def _composed(chance: random.Random, other: bytes, secret: str) -> bytes:
    folders = [_folder(chance, other, secret) for _ in range(chance.choice((1, 1, 2, 3, 9)))]
    stored = sum(len(folder.pieces or [0]) for folder in folders)
    count = stored if chance.random() < 0.8 else chance.choice((0, 1, 21, 41, stored + 1))
    names = ("fiche.txt", "a/b.txt", "..\\x", "é.docx", "CON", "x" * 300, "a\x01b", "")
    files = [
        File(
            f"{number}{chance.choice(names)}" if chance.random() < 0.9 else chance.choice(names),
            empty=chance.random() < 0.1,
            directory=chance.random() < 0.1,
            attributes=chance.choice((0x20, 0x10, 0x400, 0x81A48000, 0xA1FF8000, 0xFFFFFFFF)),
        )
        for number in range(count)
    ]
    if chance.random() < 0.7:
        return archive(folders, files)
    packed = b"".join(folder.packed for folder in folders)
    header = header_of(folders, files)
    coded = _folder(chance, header, secret, plainly=True)
    return with_coded_header(packed, coded)


def _folder(chance: random.Random, content: bytes, secret: str, *, plainly: bool = False) -> Folder:
    """A stream that is encrypted under the right key, with coders and sizes of all kinds."""
    text = content[: chance.choice((16, 100, 1000, 70_000))] if not plainly else content
    then = [] if chance.random() < 0.5 else chance.choices(_CODERS, k=chance.choice((1, 1, 1, 2, 4)))
    crc = zlib.crc32(text) if chance.random() < 0.8 else chance.getrandbits(32)
    sizes = [len(text) if chance.random() < 0.85 else chance.choice(_EDGES) for _ in range(1 + len(then))]
    pieces, crcs = None, [crc]
    if not plainly and chance.random() < 0.2:
        half = len(text) // 2
        pieces, crcs = [half, len(text) - half], [zlib.crc32(text[:half]), zlib.crc32(text[half:])]
    cipher = Coder(AES, aes_properties(4)) if chance.random() < 0.9 else chance.choice(_CODERS)
    return Folder(encrypted(text, secret), [cipher, *then], sizes, crcs, pieces)


def mutated_mail(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """A mutated mail; in half of the cases the first lines, which say who sends, are left as they are."""
    kept = data.find(b"MIME-Version") if chance.random() < 0.5 else 0
    kept = max(kept, 0)
    return data[:kept] + _some(chance, data[kept:], other, _TEXTUAL)


def mutated_structure(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """A mutated BODYSTRUCTURE."""
    return _some(chance, data, other, _TEXTUAL)


def mutated_form(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """A mutated form; of one that is a zip inside, in two cases of three a part of it, packed again with its checksum."""
    if data.startswith(b"PK") and chance.random() < 2 / 3:
        return _repacked(chance, data, other)
    return _some(chance, data, other, _BINARY if data.startswith((b"PK", b"%PDF")) else _TEXTUAL)


def _repacked(chance: random.Random, data: bytes, other: bytes) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        names = [name for name in source.namelist() if name.endswith((".xml", ".rels", "mimetype"))]
        # The part with the text is where a reader does its work.
        heavy = [
            name
            for name in names
            if name.endswith(("document.xml", "content.xml", "sheet1.xml", "sharedStrings.xml"))
        ]
        chosen = chance.choice(heavy or names) if chance.random() < 0.8 else chance.choice(names)
        for name in source.namelist():
            part = source.read(name)
            if name == chosen:
                part = _some(chance, part, other, (*_TEXTUAL, _tags, _tags, _tags))
            target.writestr(name, part)
    return made.getvalue()


def _tags(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    """A stretch from one tag to another, repeated or left out: what stays is often still XML."""
    places = [n for n in range(len(data)) if data[n] == 60]
    if len(places) < 3:
        return data
    start, end = sorted(chance.sample(places, 2))
    if chance.random() < 0.4:
        return data[:start] + data[end:]
    return data[:end] + data[start:end] * chance.choice((1, 2, 20)) + data[end:]
