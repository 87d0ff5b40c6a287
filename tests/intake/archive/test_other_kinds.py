"""Archives in parts, programs that unpack themselves, and RAR: known by their content, each with its own cause."""

import pytest

from intake.archive import ArchiveKind, archive_kind
from intake.archive.kind import unpacks
from intake.archive.rar import rar_refusal
from intake.archive.volumes import is_cut, is_part_name, joined
from intake.causes import Cause
from intake.mail.message import Attachment
from tests.intake.archive.rar_blocks import CRYPT, RAR4, RAR5, block4, block5, vint
from tests.intake.archive.samples import FORM, SECRET, TEXT, cause_of
from tests.sevenzip import SevenZip

LIMIT = 25 * 1024 * 1024


def parts(data: bytes, size: int, *names: str) -> list[Attachment]:
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return [
        Attachment(names[number] if names else f"fiche.7z.{number + 1:03}", piece, "application/octet-stream")
        for number, piece in enumerate(pieces)
    ]


@pytest.fixture(scope="module")
def archive_bytes() -> bytes:
    from intake.archive import Member, pack

    return pack([Member("form.bin", FORM)], SECRET)


def test_parts_are_joined_in_the_order_of_their_names(archive_bytes: bytes) -> None:
    found = parts(archive_bytes, len(archive_bytes) // 3 + 1)
    assert len(found) == 3
    assert is_cut(found[0].data)
    assert joined(found, 0, LIMIT) == archive_bytes
    shuffled = [found[2], found[0], found[1]]
    assert joined(shuffled, 1, LIMIT) == archive_bytes


def test_parts_without_a_name_are_joined_as_they_come(archive_bytes: bytes) -> None:
    found = parts(archive_bytes, len(archive_bytes) // 2 + 1, "", "")
    assert joined(found, 0, LIMIT) == archive_bytes
    assert joined(found[::-1], 1, LIMIT) is None


def test_parts_that_are_missing_too_many_or_too_large_are_not_joined(archive_bytes: bytes) -> None:
    found = parts(archive_bytes, len(archive_bytes) // 3 + 1)
    assert joined(found[:2], 0, LIMIT) is None
    assert joined([found[0], found[2]], 0, LIMIT) is None
    assert joined(found, 0, len(archive_bytes) - 1) is None
    assert joined([found[0], *[Attachment("", b"", "")] * 60], 0, LIMIT) is None
    assert not is_cut(archive_bytes)


@pytest.mark.parametrize(
    ("name", "is_part"),
    [
        ("fiche.7z.001", True),
        ("FICHE.7Z.014", True),
        ("fiche.zip.002", True),
        ("fiche.part2.rar", True),
        ("fiche.z01", True),
        ("fiche.r00", True),
        ("fiche.7z", False),
        ("fiche.001", False),
        ("verslag 7z 001.pdf", False),
        ("", False),
    ],
)
def test_a_name_tells_of_a_part(name: str, is_part: bool) -> None:
    assert is_part_name(name) is is_part


def test_a_program_that_unpacks_itself_is_not_opened(archive_bytes: bytes, sevenzip: SevenZip) -> None:
    # The mark of 7-Zip stands in the program's own code too.
    stub = b"MZ" + bytes(500) + b"7z\xbc\xaf\x27\x1c" + bytes(500)
    assert archive_kind(stub + archive_bytes) is ArchiveKind.SELF_EXTRACTING
    assert unpacks(stub + archive_bytes) == len(stub)
    assert cause_of(stub + archive_bytes) is Cause.SELF_EXTRACTING
    assert cause_of(stub + sevenzip.pack({"a.txt": TEXT})) is Cause.NOT_ENCRYPTED
    for switches, cause in (
        ((), Cause.WEAK_ENCRYPTION),
        (("-mem=AES256",), Cause.SELF_EXTRACTING),
    ):
        inside = sevenzip.pack({"a.txt": TEXT}, *switches, passphrase=SECRET, kind="zip")
        assert cause_of(stub + inside) is cause
    assert archive_kind(stub) is None
    assert archive_kind(b"MZ" + bytes(2000)) is None


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (RAR5 + block5(1) + block5(2, data=TEXT), Cause.NOT_ENCRYPTED),
        (RAR5 + block5(1) + block5(2, extra=CRYPT, data=TEXT), Cause.UNSUPPORTED_METHOD),
        (RAR5 + block5(1) + block5(2, extra=CRYPT, data=TEXT) + block5(2, data=TEXT), Cause.NOT_ENCRYPTED),
        (RAR5 + block5(4) + bytes(100), Cause.UNSUPPORTED_METHOD),
        (RAR4 + block4(0x73) + block4(0x74, 0, TEXT), Cause.NOT_ENCRYPTED),
        (RAR4 + block4(0x73) + block4(0x74, 0x04, TEXT), Cause.WEAK_ENCRYPTION),
        (RAR4 + block4(0x73, 0x80) + bytes(100), Cause.WEAK_ENCRYPTION),
        (RAR4 + block4(0x73) + block4(0x74, 0xE0, TEXT), Cause.UNSUPPORTED_METHOD),
        (RAR5, Cause.UNSUPPORTED_METHOD),
        (RAR5 + b"\xff" * 100, Cause.UNSUPPORTED_METHOD),
        (RAR4 + b"\xff" * 100, Cause.UNSUPPORTED_METHOD),
        (RAR5 + block5(1) + (b"\0\0\0\0" + vint(2) + vint(3) + vint(0)) * 10_000, Cause.UNSUPPORTED_METHOD),
    ],
)
def test_a_rar_is_never_opened_and_what_is_in_clear_is_an_incident(data: bytes, cause: Cause) -> None:
    assert rar_refusal(data) is cause
    assert cause_of(data) is cause
