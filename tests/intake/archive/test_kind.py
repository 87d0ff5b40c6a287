"""What an attachment is by its content, and why one that is no 7z file is refused."""

import bz2
import gzip
import io
import lzma
import subprocess
import sys
import tarfile
import zipfile

import openpyxl
import pytest
from docx import Document

from intake.archive import ArchiveKind, KeyCache, archive_kind
from intake.causes import Cause
from tests.intake.archive.samples import FORM, SECRET, TEXT, cause_of
from tests.sevenzip import SevenZip


def _word() -> bytes:
    made = io.BytesIO()
    document = Document()
    document.add_paragraph("Voornaam: An")
    document.save(made)
    return made.getvalue()


def _excel() -> bytes:
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    return made.getvalue()


def _open_document() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("content.xml", "<a/>", zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _tar(mode: str) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo("a.txt")
        member.size = len(TEXT)
        archive.addfile(member, io.BytesIO(TEXT))
    return made.getvalue()


@pytest.mark.parametrize("make", [_word, _excel, _open_document])
def test_an_office_document_is_no_archive(make: object) -> None:
    assert callable(make)
    data = make()
    assert archive_kind(data) is None
    assert archive_kind(data[: len(data) // 2]) is None
    assert cause_of(data) is Cause.NO_ARCHIVE


def test_an_office_document_in_a_zip_is_an_archive(sevenzip: SevenZip) -> None:
    data = sevenzip.pack({"form.docx": _word(), "form.odt": _open_document()}, "-mx=0", kind="zip")
    assert archive_kind(data) is ArchiveKind.ZIP
    assert cause_of(data) is Cause.NOT_ENCRYPTED


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"7z", b"7z\xbc\xaf", TEXT, FORM, b"%PDF-1.7", b"BZhello", bytes(600)]
)
def test_other_content_is_no_archive(data: bytes) -> None:
    assert archive_kind(data) is None


def test_a_7z_file_is_known_by_its_content(sevenzip: SevenZip) -> None:
    assert archive_kind(sevenzip.pack({"a.txt": TEXT})) is ArchiveKind.SEVEN_ZIP


@pytest.mark.parametrize(
    ("switches", "passphrase", "cause"),
    [
        ((), None, Cause.NOT_ENCRYPTED),
        (("-mem=ZipCrypto",), SECRET, Cause.WEAK_ENCRYPTION),
        (("-mem=AES128",), SECRET, Cause.WEAK_ENCRYPTION),
        (("-mem=AES192",), SECRET, Cause.WEAK_ENCRYPTION),
    ],
)
def test_a_zip_is_refused_by_how_it_is_protected(
    sevenzip: SevenZip, switches: tuple[str, ...], passphrase: str | None, cause: Cause
) -> None:
    keys = KeyCache()
    data = sevenzip.pack({"map/a.txt": TEXT, "form.bin": FORM}, *switches, passphrase=passphrase, kind="zip")
    assert archive_kind(data) is ArchiveKind.ZIP
    assert cause_of(data, keys=keys) is cause
    # Of one cut off in the middle the first file still tells, except how strong its AES is.
    assert cause_of(data[:200], keys=keys) is (Cause.DAMAGED if "-mem=AES" in str(switches) else cause)
    assert keys.derivations == 0


def test_one_weak_or_plain_entry_decides_for_the_whole_zip(sevenzip: SevenZip) -> None:
    strong = sevenzip.pack({"a.txt": TEXT}, "-mem=AES256", passphrase=SECRET, kind="zip")
    weak = sevenzip.pack({"b.txt": TEXT}, "-mem=ZipCrypto", passphrase=SECRET, kind="zip", onto=strong)
    plain = sevenzip.pack({"c.txt": TEXT}, kind="zip", onto=weak)
    assert cause_of(weak) is Cause.WEAK_ENCRYPTION
    assert cause_of(plain) is Cause.NOT_ENCRYPTED


def test_a_zip_without_content_is_empty(sevenzip: SevenZip) -> None:
    made = io.BytesIO()
    zipfile.ZipFile(made, "w").close()
    assert cause_of(made.getvalue()) is Cause.EMPTY_ARCHIVE
    assert cause_of(sevenzip.pack({"map/": b"", "leeg.txt": b""}, kind="zip")) is Cause.EMPTY_ARCHIVE


def test_a_zip_cut_off_in_its_first_entry_is_damaged() -> None:
    assert cause_of(b"PK\x03\x04" + bytes(10)) is Cause.DAMAGED


def test_a_zip_that_claims_endless_entries_is_walked_only_so_far() -> None:
    entry = b"PK\x01\x02" + bytes(4) + b"\x01\x00\x08\x00" + bytes(12) + b"\x05\x00\x00\x00" + bytes(18)
    assert len(entry) == 46
    plain = entry.replace(b"\x01\x00\x08", b"\x00\x00\x08")
    end = b"PK\x05\x06" + bytes(12) + b"\x04\x00\x00\x00" + bytes(2)
    assert cause_of(b"PK\x03\x04" + entry * 5000 + end) is Cause.WEAK_ENCRYPTION
    assert cause_of(b"PK\x03\x04" + entry * 5000 + plain + end) is Cause.WEAK_ENCRYPTION
    assert cause_of(b"PK\x03\x04" + entry * 4000 + plain + end) is Cause.NOT_ENCRYPTED


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(TEXT),
        bz2.compress(TEXT),
        bz2.compress(b""),
        lzma.compress(TEXT),
        _tar("w:"),
        _tar("w:gz"),
    ],
    ids=["gzip", "bzip2", "bzip2 of nothing", "xz", "tar", "tar.gz"],
)
def test_a_format_that_has_no_encryption_is_an_incident(data: bytes) -> None:
    assert archive_kind(data) is ArchiveKind.OTHER
    assert cause_of(data) is Cause.NOT_ENCRYPTED


@pytest.mark.parametrize("version", [b"\x00", b"\x01\x00"])
def test_a_rar_is_not_opened(version: bytes) -> None:
    data = b"Rar!\x1a\x07" + version + bytes(100)
    assert archive_kind(data) is ArchiveKind.OTHER
    assert cause_of(data) is Cause.UNSUPPORTED_METHOD


def test_knowing_the_kind_does_not_import_the_reader_of_archives() -> None:
    script = (
        "import sys; from intake.archive import archive_kind; archive_kind(b'7z\\xbc\\xaf\\x27\\x1c'); "
        "sys.exit(any(name in sys.modules for name in ('py7zr', 'cryptography', 'lzma')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0
