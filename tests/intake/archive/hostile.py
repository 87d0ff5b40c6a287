"""Archives made to cost much or to break a reader, as they were measured before; each with the cause of its refusal.

Made anew at each call: nothing of it lies in the repository. What a refusal may take is measured in
`tests/benchmarks/test_hostile_speed.py`.
"""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable

import pyzipper

from intake.causes import Cause
from tests.intake.archive.composing import (
    AES,
    Coder,
    File,
    Folder,
    aes_folder,
    aes_properties,
    archive,
    number,
    signed,
    with_coded_header,
)
from tests.intake.archive.samples import SECRET, TEXT

LZMA2, PPMD = b"\x21", bytes.fromhex("030401")
DEFLATE, ZSTD = bytes.fromhex("040108"), bytes.fromhex("04f71101")
BOMB = 16 * 1024 * 1024


def _lzma2(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}])


def costly_key() -> bytes:
    """2**63 rounds for one key."""
    return archive([Folder(bytes(64), [Coder(AES, aes_properties(63))], [60], [0])], [File("a")])


def many_salts() -> bytes:
    """Two hundred streams of which each wants a key of its own."""
    folders = [
        Folder(bytes(16), [Coder(AES, aes_properties(19, n.to_bytes(8, "big")))], [16], [0])
        for n in range(200)
    ]
    return archive(folders, [File(str(n)) for n in range(200)])


def few_salts() -> bytes:
    """As many streams with a salt of their own as are allowed, all under another passphrase."""
    folders = [aes_folder(TEXT, "een andere", salt=bytes([n] * 8), cycles=4) for n in range(8)]
    for folder in folders:
        folder.coders[0].properties = aes_properties(19, folder.coders[0].properties[2:10])
    return archive(folders, [File(str(n)) for n in range(8)])


def _bomb(method: bytes, packed: bytes) -> bytes:
    return archive([aes_folder(packed, SECRET, Coder(method), unpacked=bytes(BOMB), size=1_000)], [File("a")])


def deflate_bomb() -> bytes:
    """A thousand bytes declared, gigabytes given."""
    return _bomb(DEFLATE, zlib.compress(bytes(BOMB), 9)[2:-4])


def zstd_bomb() -> bytes:
    """The same by another method."""
    return _bomb(ZSTD, b"\x28\xb5\x2f\xfd" + bytes(500))


def lzma_bomb() -> bytes:
    """A stream of many megabytes that declares a thousand bytes and the checksum of all."""
    folder = aes_folder(_lzma2(bytes(BOMB)), SECRET, Coder(LZMA2, b"\x08"), unpacked=bytes(BOMB), size=1_000)
    folder.crcs = [1]
    return archive([folder], [File("a")])


def header_bomb() -> bytes:
    """A coded header that is unpacked before a file is asked for."""
    header = bytes(BOMB)
    return with_coded_header(
        b"", Folder(_lzma2(header), [Coder(LZMA2, b"\x08")], [len(header)], [zlib.crc32(header)])
    )


def million_files() -> bytes:
    """A million empty files in less than a thousand bytes."""
    header = b"\x01\x05" + number(1_000_000) + b"\x0e" + number(125_000) + b"\xff" * 125_000 + b"\x00\x00"
    return with_coded_header(
        b"", Folder(_lzma2(header), [Coder(LZMA2, b"\x08")], [len(header)], [zlib.crc32(header)])
    )


def looping_header() -> bytes:
    """Thousands of properties that send the reader back to the same bytes."""
    again = b"\x11" + number(10) + b"\x01" + b"\xff" + (20_000).to_bytes(8, "little")
    header = (b"\x01\x05" + number(1) + again * 900).ljust(20_000, b"\x19") + b"a\x00" * 20_000
    return signed(b"", header + b"\x00\x00")


def ppmd() -> bytes:
    """A method whose decoder breaks the interpreter itself on a flipped bit."""
    return archive([aes_folder(TEXT, SECRET, Coder(PPMD, b"\x06" + bytes(4)), unpacked=TEXT)], [File("a")])


def declared_size() -> bytes:
    """A size of a thousand gigabytes."""
    folder = aes_folder(_lzma2(TEXT), SECRET, Coder(LZMA2, b"\x08"), unpacked=TEXT)
    folder.sizes[-1] = 1 << 40
    return archive([folder], [File("a")])


def link() -> bytes:
    """A symbolic link."""
    return archive([aes_folder(TEXT, SECRET)], [File("a", attributes=0x8000 | 0o120777 << 16)])


def _zip(data: bytes, method: int) -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=method, encryption=pyzipper.WZ_AES) as made:
        made.setpassword(SECRET.encode())
        made.writestr("a.txt", data)
    return out.getvalue()


def zip_bomb() -> bytes:
    """A zip that declares a thousand bytes and holds many megabytes."""
    data = _zip(bytes(BOMB), zipfile.ZIP_BZIP2)
    place = data.index(b"PK\x01\x02") + 24
    return data[:place] + struct.pack("<L", 1_000_000) + data[place + 4 :]


def zip_of_many() -> bytes:
    """A directory of sixty thousand entries that all mean the same bytes."""
    data = _zip(TEXT, zipfile.ZIP_DEFLATED)
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entries = data[start:end] * 60_000
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 60_000, 60_000, len(entries), start, 0)
    return data[:start] + entries + tail


HOSTILE: tuple[tuple[Callable[[], bytes], Cause], ...] = (
    (costly_key, Cause.OVER_LIMIT),
    (many_salts, Cause.OVER_LIMIT),
    (few_salts, Cause.UNKNOWN_PASSPHRASE),
    (deflate_bomb, Cause.UNSUPPORTED_METHOD),
    (zstd_bomb, Cause.UNSUPPORTED_METHOD),
    (lzma_bomb, Cause.DAMAGED),
    (header_bomb, Cause.OVER_LIMIT),
    (million_files, Cause.OVER_LIMIT),
    (looping_header, Cause.OVER_LIMIT),
    (ppmd, Cause.UNSUPPORTED_METHOD),
    (declared_size, Cause.OVER_LIMIT),
    (link, Cause.OVER_LIMIT),
    (zip_bomb, Cause.DAMAGED),
    (zip_of_many, Cause.OVER_LIMIT),
)
