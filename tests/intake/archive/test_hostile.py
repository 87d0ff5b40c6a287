"""Archives that no honest program writes, composed byte by byte. Each is refused for the little it may cost.

What a refusal may cost is held by counts (keys derived, bytes given out), not by a clock.
"""

import bz2
import lzma
import random
import stat
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from intake.archive import ArchiveError, KeyCache, Limits, open_archive
from intake.archive import streams as decoding
from intake.causes import Cause
from tests.intake.archive.composing import (
    AES,
    COPY,
    Coder,
    File,
    Folder,
    aes_folder,
    aes_properties,
    archive,
    encrypted,
    files_info,
    header_of,
    number,
    signed,
    with_coded_header,
)
from tests.intake.archive.hostile import HOSTILE
from tests.intake.archive.samples import RIGHT, SECRET, TEXT, WRONG, cause_of

LZMA, LZMA2, BZIP2 = bytes.fromhex("030101"), b"\x21", bytes.fromhex("040202")
PPMD, DEFLATE, AES_CBC = bytes.fromhex("030401"), bytes.fromhex("040108"), bytes.fromhex("06f00181")


def _lzma2(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}])


def _lzma1(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}])


LZMA1_TOLD = b"\x5d" + (1 << 16).to_bytes(4, "little")


@pytest.mark.parametrize(("make", "cause"), HOSTILE, ids=lambda value: getattr(value, "__name__", ""))
def test_each_of_those_measured_is_refused(make: Callable[[], bytes], cause: Cause) -> None:
    assert cause_of(make(), [RIGHT, WRONG]) is cause


def test_a_composed_archive_opens() -> None:
    """The composing is right: what the others change is what they are refused for."""
    folders = [
        aes_folder(TEXT, SECRET, salt=b"salt and pepper!"),
        aes_folder(_lzma2(TEXT), SECRET, Coder(LZMA2, b"\x08"), unpacked=TEXT, cycles=0),
        aes_folder(_lzma1(TEXT), SECRET, Coder(LZMA, LZMA1_TOLD), unpacked=TEXT),
        aes_folder(bz2.compress(TEXT), SECRET, Coder(BZIP2), unpacked=TEXT),
    ]
    keys = KeyCache()
    opened = open_archive(archive(folders, [File(f"{n}.txt") for n in range(4)]), [WRONG, RIGHT], keys=keys)
    assert [member.data for member in opened.members] == [TEXT] * 4
    assert opened.methods == ("AES-256", "Copy", "LZMA2", "LZMA", "BZip2")
    assert keys.derivations == 4


@pytest.mark.parametrize("cycles", [21, 24, 25, 40, 62, 63])
def test_a_costly_key_derivation_is_refused_before_it_starts(cycles: int) -> None:
    keys = KeyCache()
    costly = Folder(bytes(64), [Coder(AES, aes_properties(cycles))], [60], [0])
    assert cause_of(archive([costly], [File("a")]), keys=keys) is Cause.OVER_LIMIT
    assert cause_of(with_coded_header(b"", costly), keys=keys) is Cause.OVER_LIMIT
    assert keys.derivations == 0


def test_two_hundred_streams_with_salts_of_their_own_are_refused_before_a_key_is_derived() -> None:
    keys = KeyCache()
    folders = [
        Folder(bytes(16), [Coder(AES, aes_properties(19, n.to_bytes(8, "big")))], [16], [0])
        for n in range(200)
    ]
    data = archive(folders, [File(str(n)) for n in range(200)])
    assert cause_of(data, keys=keys) is Cause.OVER_LIMIT
    assert keys.derivations == 0


def test_streams_with_salts_of_their_own_cost_one_key_each_and_no_more_than_the_limit() -> None:
    keys = KeyCache()
    folders = [aes_folder(TEXT, SECRET, salt=bytes([n] * 8)) for n in range(8)]
    assert (
        len(open_archive(archive(folders, [File(str(n)) for n in range(8)]), [RIGHT], keys=keys).members) == 8
    )
    assert keys.derivations == 8


@pytest.mark.parametrize("told", [1_000, 1])
@pytest.mark.parametrize("method", ["lzma2", "lzma", "bzip2"])
def test_a_stream_stops_at_the_size_it_declares(
    monkeypatch: pytest.MonkeyPatch, method: str, told: int
) -> None:
    """A stream of 64 MB that declares a thousand bytes gives a thousand, whatever its checksum says."""
    bomb = bytes(64 * 1024 * 1024)
    packed, coder = {
        "lzma2": (_lzma2, Coder(LZMA2, b"\x08")),
        "lzma": (_lzma1, Coder(LZMA, LZMA1_TOLD)),
        "bzip2": (bz2.compress, Coder(BZIP2)),
    }[method]
    given: list[int] = []
    real = decoding._decoder

    class Counting:
        def __init__(self, decoder: decoding._Decoder) -> None:
            self._decoder = decoder

        @property
        def eof(self) -> bool:
            return self._decoder.eof

        def decompress(self, data: bytes, max_length: int = -1) -> bytes:
            piece = self._decoder.decompress(data, max_length)
            given.append(len(piece))
            return piece

    monkeypatch.setattr(decoding, "_decoder", lambda stream: Counting(real(stream)))
    folder = aes_folder(packed(bomb), SECRET, coder, unpacked=bomb, size=told)
    opened = open_archive(archive([folder], [File("a")]), [RIGHT])
    assert opened.members[0].data == bytes(told)
    assert sum(given) == told
    folder.crcs = [1]
    assert cause_of(archive([folder], [File("a")])) in (Cause.DAMAGED, Cause.UNKNOWN_PASSPHRASE)
    assert sum(given) == 2 * told


@pytest.mark.parametrize("method", ["lzma2", "lzma"])
def test_a_dictionary_of_four_gigabytes_is_not_made(method: str) -> None:
    packed, coder = {
        "lzma2": (_lzma2(TEXT), Coder(LZMA2, b"\x28")),
        "lzma": (_lzma1(TEXT), Coder(LZMA, b"\x5d\xff\xff\xff\xff")),
    }[method]
    data = archive([aes_folder(packed, SECRET, coder, unpacked=TEXT)], [File("a")])
    tracemalloc.start()
    try:
        assert open_archive(data, [RIGHT]).members[0].data == TEXT
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("coded", ["openly", "encrypted"])
def test_a_header_that_unpacks_to_more_than_it_may_is_refused_unread(coded: str) -> None:
    keys = KeyCache()
    bomb = bytes(8 * 1024 * 1024)
    if coded == "openly":
        header = Folder(_lzma2(bomb), [Coder(LZMA2, b"\x08")], [len(bomb)], [zlib.crc32(bomb)])
    else:
        header = aes_folder(_lzma2(bomb), SECRET, Coder(LZMA2, b"\x08"), unpacked=bomb)
    assert cause_of(with_coded_header(b"", header), keys=keys) is Cause.OVER_LIMIT
    assert keys.derivations == 0


def test_a_header_larger_than_allowed_is_refused() -> None:
    assert cause_of(signed(b"", b"\x01" + bytes(64 * 1024))) is Cause.OVER_LIMIT


def test_a_million_empty_files_are_refused_unread() -> None:
    header = b"\x01\x05" + number(1_000_000) + b"\x0e" + number(125_000) + b"\xff" * 125_000 + b"\x00\x00"
    small = Folder(_lzma2(header), [Coder(LZMA2, b"\x08")], [len(header)], [zlib.crc32(header)])
    data = with_coded_header(b"", small)
    assert len(data) < 1_000
    assert cause_of(data) is Cause.OVER_LIMIT


def test_as_many_empty_files_as_a_header_can_tell_of_are_refused() -> None:
    count = 15_000
    names = b"\x00" + b"a\x00\x00\x00" * count
    header = b"\x01\x05" + number(count) + b"\x0e" + number(count // 8) + b"\xff" * (count // 8)
    header += b"\x11" + number(len(names)) + names + b"\x00\x00"
    assert 60_000 < len(header) <= 64 * 1024
    assert cause_of(signed(b"", header)) is Cause.OVER_LIMIT


def test_a_header_that_sends_its_reader_back_again_and_again_is_refused() -> None:
    """Names told to lie elsewhere: each of thousands of properties would read the same 40 kB anew."""
    again = b"\x11" + number(10) + b"\x01" + b"\xff" + (20_000).to_bytes(8, "little")
    header = b"\x01\x05" + number(1) + again * 900
    header = header.ljust(20_000, b"\x19") + b"a\x00" * 20_000 + b"\x00\x00"
    assert cause_of(signed(b"", header)) is Cause.OVER_LIMIT


@pytest.mark.parametrize("hidden", ["header openly", "header encrypted"])
def test_plain_content_behind_an_encrypted_header_is_an_incident(hidden: str) -> None:
    plain = Folder(TEXT, [Coder(COPY)], [len(TEXT)], [zlib.crc32(TEXT)])
    header = header_of([plain], [File("a.txt")])
    if hidden == "header openly":
        assert cause_of(archive([plain], [File("a.txt")])) is Cause.NOT_ENCRYPTED
    else:
        assert cause_of(with_coded_header(TEXT, aes_folder(header, SECRET))) is Cause.NOT_ENCRYPTED


@pytest.mark.parametrize(
    "method", [PPMD, DEFLATE, AES_CBC, bytes.fromhex("03030103"), b"\x03", bytes.fromhex("04f71101")]
)
def test_a_method_that_is_not_on_the_list_is_refused_before_a_key_is_derived(method: bytes) -> None:
    keys = KeyCache()
    folder = aes_folder(TEXT, SECRET, Coder(method, b"\x00" * 5), unpacked=TEXT)
    assert cause_of(archive([folder], [File("a")]), keys=keys) is Cause.UNSUPPORTED_METHOD
    assert cause_of(with_coded_header(b"", folder), keys=keys) is Cause.UNSUPPORTED_METHOD
    plain = Folder(TEXT, [Coder(method)], [len(TEXT)], [0])
    wanted = Cause.UNSUPPORTED_METHOD if method == AES_CBC else Cause.NOT_ENCRYPTED
    assert cause_of(archive([plain], [File("a")]), keys=keys) is wanted
    assert keys.derivations == 0


@pytest.mark.parametrize(
    "coders",
    [
        [Coder(LZMA2, b"\x08"), Coder(AES, aes_properties(4))],
        [Coder(AES, aes_properties(4)), Coder(AES, aes_properties(4))],
        [Coder(AES, aes_properties(4)), Coder(LZMA2, b"\x08"), Coder(LZMA2, b"\x08")],
    ],
)
def test_a_chain_that_7zip_does_not_write_is_refused_before_a_key_is_derived(coders: list[Coder]) -> None:
    keys = KeyCache()
    folder = Folder(bytes(64), coders, [64] * len(coders), [0])
    assert cause_of(archive([folder], [File("a")]), keys=keys) is Cause.UNSUPPORTED_METHOD
    assert keys.derivations == 0


def test_a_size_declared_beyond_the_limit_is_refused_before_a_key_is_derived() -> None:
    keys = KeyCache()
    for size in (25 * 1024 * 1024 + 1, 1 << 40, (1 << 64) - 1):
        folder = aes_folder(_lzma2(TEXT), SECRET, Coder(LZMA2, b"\x08"), unpacked=TEXT)
        folder.sizes[-1] = size
        assert cause_of(archive([folder], [File("a")]), keys=keys) is Cause.OVER_LIMIT
    assert keys.derivations == 0


def test_the_sizes_of_all_streams_count_together() -> None:
    folders = [aes_folder(TEXT, SECRET) for _ in range(3)]
    data = archive(folders, [File(str(n)) for n in range(3)])
    assert cause_of(data, limits=Limits(unpacked=3 * len(TEXT) - 1)) is Cause.OVER_LIMIT
    assert len(open_archive(data, [RIGHT], limits=Limits(unpacked=3 * len(TEXT))).members) == 3


@pytest.mark.parametrize("pieces", [[len(TEXT) + 1, 0], [1 << 63, 5]])
def test_files_that_reach_outside_their_stream_are_damage(pieces: list[int]) -> None:
    folder = aes_folder(TEXT, SECRET)
    folder.pieces, folder.crcs = pieces, [0, 0]
    assert cause_of(archive([folder], [File("a"), File("b")])) is Cause.DAMAGED


@pytest.mark.parametrize("files", [["a"], ["a", "b", "c"]])
def test_more_or_fewer_names_than_files_are_damage(files: list[str]) -> None:
    folders = [aes_folder(TEXT, SECRET), aes_folder(TEXT, SECRET)]
    assert cause_of(archive(folders, [File(name) for name in files])) is Cause.DAMAGED


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2Jb", "a\x7fb", "a\x9bb", ""])
def test_a_name_with_a_control_character_or_none_is_damage(name: str) -> None:
    assert cause_of(archive([aes_folder(TEXT, SECRET)], [File(name)])) is Cause.DAMAGED


def test_two_files_of_one_full_name_are_damage() -> None:
    folders = [aes_folder(TEXT, SECRET), aes_folder(TEXT, SECRET)]
    assert cause_of(archive(folders, [File("a/b"), File("a\\b")])) is Cause.DAMAGED


@pytest.mark.parametrize(
    "attributes",
    [
        0x400,
        0x40,
        *(
            0x8000 | kind << 16
            for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFCHR, stat.S_IFBLK)
        ),
    ],
)
def test_a_link_or_special_file_is_refused_before_a_key_is_derived(attributes: int) -> None:
    keys = KeyCache()
    data = archive([aes_folder(TEXT, SECRET)], [File("a", attributes=attributes)])
    assert cause_of(data, keys=keys) is Cause.OVER_LIMIT
    assert keys.derivations == 0


def test_directories_count_towards_the_entries() -> None:
    files = [File("a"), *(File(f"d{n}", directory=True) for n in range(39))]
    assert len(open_archive(archive([aes_folder(TEXT, SECRET)], files), [RIGHT]).members) == 1
    files.append(File("one more", directory=True))
    assert cause_of(archive([aes_folder(TEXT, SECRET)], files)) is Cause.OVER_LIMIT


def test_a_file_without_checksum_is_damage() -> None:
    """Without one, another key would give other bytes and nobody would know."""
    header = header_of([aes_folder(TEXT, SECRET)], [File("a")])
    crc = b"\x0a\x01" + zlib.crc32(TEXT).to_bytes(4, "little")
    assert crc in header
    assert cause_of(signed(encrypted(TEXT, SECRET), header.replace(crc, b""))) is Cause.DAMAGED


def test_a_stream_outside_the_file_is_damage() -> None:
    folder = aes_folder(TEXT, SECRET)
    assert cause_of(signed(b"", header_of([folder], [File("a")]))) is Cause.DAMAGED


@pytest.mark.parametrize(
    "properties", [b"", b"\x53", b"\x53\x0f", b"\xd3\xff" + bytes(5), b"\x53\x0f" + bytes(17)]
)
def test_broken_cipher_properties_are_damage(properties: bytes) -> None:
    folder = aes_folder(TEXT, SECRET)
    folder.coders[0].properties = properties
    assert cause_of(archive([folder], [File("a")])) is Cause.DAMAGED


@pytest.mark.parametrize(
    "coder", [Coder(LZMA2), Coder(LZMA2, b"\x29"), Coder(LZMA, b"\x5d"), Coder(LZMA, b"\xff" + bytes(4))]
)
def test_broken_method_properties_are_refused(coder: Coder) -> None:
    folder = aes_folder(TEXT, SECRET, coder, unpacked=TEXT)
    assert cause_of(archive([folder], [File("a")])) in (Cause.DAMAGED, Cause.UNKNOWN_PASSPHRASE)


def test_a_header_within_a_header_is_damage() -> None:
    inner = b"\x17" + header_of([aes_folder(TEXT, SECRET)], [File("a")])
    assert cause_of(with_coded_header(b"", aes_folder(inner, SECRET))) is Cause.DAMAGED


def test_bidi_characters_do_not_come_out_in_a_name_and_a_long_one_is_cut() -> None:
    names = ["a/\u202efdp.txt\u202c", "b/" + "x" * 300 + ".docx", "c/..", "d/\u200b"]
    folders = [aes_folder(TEXT, SECRET) for _ in names]
    opened = open_archive(archive(folders, [File(name) for name in names]), [RIGHT])
    assert [member.name for member in opened.members] == ["fdp.txt", "x" * 115 + ".docx", "-", "-"]


def test_an_archive_of_only_names_is_empty() -> None:
    assert (
        cause_of(signed(b"", b"\x01" + files_info([File("a", empty=True)]) + b"\x00")) is Cause.EMPTY_ARCHIVE
    )
    assert cause_of(signed(b"", b"\x01\x00")) is Cause.EMPTY_ARCHIVE


def test_bytes_from_nowhere_give_nothing_but_a_refusal() -> None:
    chance = random.Random(11)
    for _ in range(500):
        header = bytes([1, chance.choice((4, 5))]) + chance.randbytes(chance.randrange(120))
        coded = b"\x17" + chance.choice((b"\x06", b"\x07", b"")) + chance.randbytes(chance.randrange(80))
        for made in (header, coded):
            with pytest.raises(ArchiveError):
                open_archive(signed(bytes(64), made), [RIGHT])
