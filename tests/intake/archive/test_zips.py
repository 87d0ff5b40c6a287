"""Zips under AES-256 as 7-Zip and pyzipper make them, and those no honest program makes."""

import io
import random
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Sequence

import pytest
import pyzipper

from intake.archive import ArchiveError, Limits, Passphrase, open_archive
from intake.causes import Cause
from tests.intake.archive.samples import FORM, RIGHT, SECRET, TEXT, WRONG, cause_of
from tests.sevenzip import SevenZip

Files = dict[str, bytes]


def made(
    files: Files,
    secret: str | None = SECRET,
    *,
    method: int = zipfile.ZIP_DEFLATED,
    bits: int = 256,
    encoding: str = "utf-8",
    attributes: int | None = None,
) -> bytes:
    """A zip as another library writes it."""
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=method) as archive:
        if secret is not None:
            archive.setpassword(secret.encode(encoding))
            archive.setencryption(pyzipper.WZ_AES, nbits=bits)
        for name, data in files.items():
            info = pyzipper.zipfile_aes.AESZipInfo(name)
            info.compress_type = method
            if attributes is not None:
                info.create_system, info.external_attr = 3, attributes << 16
            archive.writestr(info, data)
    return out.getvalue()


def patched(data: bytes, offset: int, value: bytes, *, entry: int = 0) -> bytes:
    """With other bytes at `offset` of one entry of the directory."""
    place = -1
    for _ in range(entry + 1):
        place = data.index(b"PK\x01\x02", place + 1)
    return data[: place + offset] + value + data[place + offset + len(value) :]


@pytest.mark.parametrize(
    ("switches", "method"),
    [((), "Deflate"), (("-mx=0",), "Copy"), (("-mm=BZip2",), "BZip2"), (("-mm=LZMA",), "LZMA")],
)
def test_a_zip_of_7zip_with_aes_256_opens(sevenzip: SevenZip, switches: Sequence[str], method: str) -> None:
    files = {"map/fiche.txt": TEXT, "form.bin": FORM, "leeg.txt": b"", "een map/": b""}
    data = sevenzip.pack(files, "-mem=AES256", *switches, passphrase=SECRET, kind="zip")
    opened = open_archive(data, [WRONG, RIGHT])
    assert {m.name: m.data for m in opened.members} == {"fiche.txt": TEXT, "form.bin": FORM, "leeg.txt": b""}
    assert opened.methods[0] == "AES-256"
    assert method in opened.methods
    assert opened.names_encrypted is False
    assert opened.passphrase_label == RIGHT.label


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850"])
def test_a_passphrase_with_accents_fits_however_the_sender_wrote_it(encoding: str) -> None:
    data = made({"a.txt": TEXT}, "één-zonnebloem", encoding=encoding)
    assert open_archive(data, [Passphrase("x", "één-zonnebloem")]).members[0].data == TEXT


def test_another_passphrase_and_damage_are_told_apart() -> None:
    data = made({"a.txt": TEXT, "b.bin": FORM})
    assert cause_of(data, [WRONG]) is Cause.UNKNOWN_PASSPHRASE
    assert cause_of(data, []) is Cause.UNKNOWN_PASSPHRASE
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.getinfo("b.bin").header_offset
    place = start + 2_000
    assert cause_of(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]) is Cause.DAMAGED


def test_files_under_different_passphrases_do_not_open_by_halves() -> None:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w") as archive:
        for name, secret in (("a.txt", RIGHT.secret), ("b.txt", WRONG.secret)):
            archive.setpassword(secret.encode())
            archive.setencryption(pyzipper.WZ_AES, nbits=256)
            archive.writestr(name, TEXT)
    assert cause_of(out.getvalue(), [WRONG, RIGHT]) is Cause.DAMAGED


@pytest.mark.parametrize("bits", [128, 192])
def test_a_shorter_key_is_weak(bits: int) -> None:
    assert cause_of(made({"a.txt": TEXT}, bits=bits)) is Cause.WEAK_ENCRYPTION


def test_what_is_in_clear_beside_what_is_encrypted_is_an_incident(sevenzip: SevenZip) -> None:
    strong = sevenzip.pack({"a.txt": TEXT}, "-mem=AES256", passphrase=SECRET, kind="zip")
    assert cause_of(sevenzip.pack({"b.txt": TEXT}, kind="zip", onto=strong)) is Cause.NOT_ENCRYPTED
    # The first directory says encrypted, the flag of the one that counts says not.
    data = made({"a.txt": TEXT, "b.txt": TEXT})
    assert cause_of(patched(data, 8, b"\x00\x00", entry=1)) is Cause.NOT_ENCRYPTED


def test_a_file_that_says_it_is_encrypted_and_is_not_gives_nothing() -> None:
    """The directory speaks of AES-256; the bytes are in clear."""
    plain = made({"a.txt": TEXT * 3}, None, method=zipfile.ZIP_STORED)
    strong = made({"a.txt": TEXT * 3}, method=zipfile.ZIP_STORED)
    at = strong.index(b"PK\x01\x02")
    directory = strong[at : strong.index(b"PK\x05\x06")]
    start = plain.index(b"PK\x01\x02")
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 1, 1, len(directory), start, 0)
    assert cause_of(plain[:start] + directory + end) in (Cause.UNKNOWN_PASSPHRASE, Cause.DAMAGED)


@pytest.mark.parametrize("method", [1, 6, 9, 93, 95, 98, 99])
def test_a_method_that_is_not_on_the_list_is_refused(method: int) -> None:
    data = made({"a.txt": TEXT})
    extra = data.index(b"\x01\x99\x07\x00", data.index(b"PK\x01\x02"))
    assert cause_of(data[: extra + 9] + bytes([method, 0]) + data[extra + 11 :]) is Cause.UNSUPPORTED_METHOD


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_stops_at_the_size_it_declares(method: int) -> None:
    """24 MB that declare a thousand bytes give no more than one byte above it, by whatever method."""
    data = patched(made({"a.txt": bytes(24 * 1024 * 1024)}, method=method), 24, struct.pack("<L", 1_000))
    tracemalloc.start()
    try:
        try:
            given = [len(member.data) for member in open_archive(data, [RIGHT]).members]
        except ArchiveError as error:  # which of the two it is depends on the method
            assert error.cause is Cause.DAMAGED
            given = []
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()
    assert given in ([], [1_000])


def test_sizes_and_counts_are_bounded_before_anything_is_decrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    from intake.archive import zips

    monkeypatch.setattr(zips, "_decrypted", lambda *_: pytest.fail("decrypted"))
    two = made({"a.txt": TEXT, "b.txt": TEXT})
    assert cause_of(two, limits=Limits(unpacked=2 * len(TEXT) - 1)) is Cause.OVER_LIMIT
    assert cause_of(two, limits=Limits(members=1)) is Cause.OVER_LIMIT
    assert cause_of(two, limits=Limits(entries=1)) is Cause.OVER_LIMIT
    assert cause_of(two, limits=Limits(archive=len(two) - 1)) is Cause.OVER_LIMIT
    assert cause_of(two, limits=Limits(header=60)) is Cause.OVER_LIMIT
    for size in (26 * 1024 * 1024, 0xFFFFFFFE):
        assert cause_of(patched(two, 24, struct.pack("<L", size))) is Cause.OVER_LIMIT


def test_files_that_share_their_bytes_are_refused() -> None:
    data = made({"a.txt": FORM, "b.txt": FORM})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("a.txt").compress_size
    assert cause_of(patched(data, 20, struct.pack("<L", size * 3), entry=1)) is Cause.DAMAGED


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2J", "a\x7f"])
def test_a_name_with_a_control_character_is_damage(name: str) -> None:
    assert cause_of(made({name: TEXT})) is Cause.DAMAGED


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_damage() -> None:
    data = made({"a.txt": TEXT, "b.txt": TEXT})
    assert cause_of(data.replace(b"b.txt", b"a.txt")) is Cause.DAMAGED


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_special_file_is_refused(kind: int) -> None:
    assert cause_of(made({"a": TEXT}, attributes=kind | 0o644)) is Cause.OVER_LIMIT
    assert open_archive(made({"a": TEXT}, attributes=stat.S_IFREG | 0o644), [RIGHT]).members[0].data == TEXT


def test_a_name_is_no_path() -> None:
    opened = open_archive(made({"../../etc/fiche.txt": TEXT}), [RIGHT])
    assert [member.name for member in opened.members] == ["fiche.txt"]


@pytest.mark.parametrize("extra", [b"x", b"PK\x05\x06", bytes(30)])
def test_bytes_after_the_end_are_damage(extra: bytes) -> None:
    """Two readers would take two directories for the one that counts."""
    assert cause_of(made({"a.txt": TEXT}) + extra) in (Cause.DAMAGED, Cause.NOT_ENCRYPTED)


def test_a_directory_of_64_bits_is_more_than_a_referral_needs() -> None:
    data = made({"a.txt": TEXT})
    end = data.index(b"PK\x05\x06")
    assert cause_of(data[:end] + b"PK\x06\x07" + bytes(16) + data[end:]) is Cause.OVER_LIMIT


@pytest.mark.parametrize("seed", range(60))
def test_a_mutated_zip_opens_or_is_refused(seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(made({"a.txt": TEXT}))
    for _ in range(rng.randrange(1, 6)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    try:
        opened = open_archive(bytes(data), [RIGHT])
    except ArchiveError:
        return
    assert all(member.data in (TEXT, b"") for member in opened.members)
