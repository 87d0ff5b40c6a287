"""Opening what the real 7-Zip packs."""

import os
import random
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.archive import ArchiveError, KeyCache, Passphrase, open_archive
from intake.causes import Cause
from tests.intake.archive.samples import FORM, RIGHT, SECRET, TEXT, WRONG, cause_of
from tests.sevenzip import SevenZip

METHODS = {
    "lzma": ("-m0=lzma", "LZMA"),
    "lzma2": ("-m0=lzma2", "LZMA2"),
    "bzip2": ("-m0=bzip2", "BZip2"),
    "copy": ("-mx=0", "Copy"),
}


@pytest.mark.parametrize("names", ["-mhe=on", "-mhe=off"])
@pytest.mark.parametrize("solid", ["-ms=on", "-ms=off"])
@pytest.mark.parametrize("method", METHODS)
def test_an_archive_of_any_allowed_method_opens(
    sevenzip: SevenZip, method: str, solid: str, names: str
) -> None:
    switch, told = METHODS[method]
    data = sevenzip.pack({"a.txt": TEXT, "form.docx": FORM}, switch, solid, names, passphrase=SECRET)
    opened = open_archive(data, [RIGHT])
    assert {member.name: member.data for member in opened.members} == {"a.txt": TEXT, "form.docx": FORM}
    assert opened.methods == ("AES-256", told)
    assert opened.names_encrypted is (names == "-mhe=on")
    assert opened.passphrase_label == "autumn"


@pytest.mark.parametrize("switch", ["-m0=lzma", "-m0=lzma2", "-m0=bzip2", "-mx=0"])
@pytest.mark.parametrize("size", [1, 2, 15, 16, 17, 255, 4095, 4096, 65_535, 65_536, 300_001])
def test_a_file_of_any_length_comes_out_whole(sevenzip: SevenZip, switch: str, size: int) -> None:
    chance = random.Random(size)
    content = bytes(chance.choices(b"etaoin shrdlu", k=size // 2)) + chance.randbytes(size - size // 2)
    data = sevenzip.pack({"f.bin": content}, switch, "-mhe=on", passphrase=SECRET)
    assert open_archive(data, [RIGHT]).members[0].data == content


def test_directories_are_skipped_and_names_are_base_names(sevenzip: SevenZip) -> None:
    files = {"kind en gezin/formulier één.txt": TEXT, "kind en gezin/leeg/": b"", "zoë/Łódź.txt": FORM}
    opened = open_archive(sevenzip.pack(files, "-mhe=on", passphrase=SECRET), [RIGHT])
    assert {member.name for member in opened.members} == {"formulier één.txt", "Łódź.txt"}


def test_files_of_one_name_in_two_directories_both_come_out(sevenzip: SevenZip) -> None:
    opened = open_archive(sevenzip.pack({"a/f.txt": TEXT, "b/f.txt": FORM}, passphrase=SECRET), [RIGHT])
    assert [(member.name, member.data) for member in opened.members] == [("f.txt", TEXT), ("f.txt", FORM)]


def test_an_empty_file_beside_a_form_comes_out_empty(sevenzip: SevenZip) -> None:
    opened = open_archive(sevenzip.pack({"form.txt": TEXT, "leeg.txt": b""}, passphrase=SECRET), [RIGHT])
    assert {member.name: member.data for member in opened.members} == {"form.txt": TEXT, "leeg.txt": b""}


def test_files_added_later_lie_in_a_second_stream_and_open_too(sevenzip: SevenZip) -> None:
    first = sevenzip.pack({"a.txt": TEXT}, passphrase=SECRET)
    both = sevenzip.pack({"b.txt": FORM}, passphrase=SECRET, onto=first)
    assert {member.name for member in open_archive(both, [RIGHT]).members} == {"a.txt", "b.txt"}


@pytest.mark.parametrize("names", ["-mhe=on", "-mhe=off"])
@pytest.mark.parametrize("secret", ["geheim", "café-€-Straße", "ключ 🔑 clé", "x", "lang " * 50])
def test_the_second_passphrase_is_tried_when_the_first_does_not_fit(
    sevenzip: SevenZip, secret: str, names: str
) -> None:
    data = sevenzip.pack({"a.txt": TEXT}, names, passphrase=secret)
    opened = open_archive(data, [WRONG, Passphrase("second", secret)])
    assert opened.passphrase_label == "second"
    assert opened.members[0].data == TEXT


def test_one_poll_derives_one_key_for_many_archives(sevenzip: SevenZip) -> None:
    keys = KeyCache()
    for number in range(4):
        data = sevenzip.pack({f"{number}.txt": TEXT}, "-mhe=on", passphrase=SECRET)
        open_archive(data, [RIGHT], keys=keys)
    assert keys.derivations == 1
    keys.clear()
    open_archive(data, [RIGHT], keys=keys)
    assert keys.derivations == 2


@pytest.mark.parametrize("names", ["-mhe=on", "-mhe=off"])
@pytest.mark.parametrize("method", METHODS)
def test_an_unknown_passphrase_is_told_from_damage(sevenzip: SevenZip, method: str, names: str) -> None:
    data = sevenzip.pack({"a.txt": TEXT, "form.docx": FORM}, METHODS[method][0], names, passphrase=SECRET)
    assert cause_of(data, [WRONG]) is Cause.UNKNOWN_PASSPHRASE
    assert cause_of(data, []) is Cause.UNKNOWN_PASSPHRASE
    # In the middle of the content: the first and the last block still tell that the passphrase fits.
    broken = bytearray(data)
    broken[32 + len(FORM) // 2] ^= 0x10
    if names == "-mhe=on" or method in ("lzma2", "bzip2"):
        assert cause_of(bytes(broken), [WRONG, RIGHT]) is Cause.DAMAGED


@pytest.mark.parametrize("switch", ["-m0=lzma2", "-m0=ppmd", "-m0=deflate", "-m0=bzip2", "-mx=0", "-mf=bcj"])
@pytest.mark.parametrize("coded", ["-mhc=on", "-mhc=off"])
def test_a_plain_archive_is_an_incident_whatever_its_method(
    sevenzip: SevenZip, switch: str, coded: str
) -> None:
    keys = KeyCache()
    assert cause_of(sevenzip.pack({"a.txt": TEXT}, switch, coded), keys=keys) is Cause.NOT_ENCRYPTED
    assert keys.derivations == 0


def test_a_plain_archive_is_an_incident_however_many_files_it_has(sevenzip: SevenZip) -> None:
    files = {f"{number}.txt": TEXT for number in range(60)}
    assert cause_of(sevenzip.pack(files, "-ms=off")) is Cause.NOT_ENCRYPTED


@pytest.mark.parametrize("order", ["plain first", "plain last"])
def test_one_plain_file_among_encrypted_ones_is_an_incident(sevenzip: SevenZip, order: str) -> None:
    secrets = (None, SECRET) if order == "plain first" else (SECRET, None)
    first = sevenzip.pack({"a.txt": TEXT}, passphrase=secrets[0])
    both = sevenzip.pack({"b.txt": FORM}, passphrase=secrets[1], onto=first)
    assert cause_of(both) is Cause.NOT_ENCRYPTED


@pytest.mark.parametrize("names", ["-mhe=on", "-mhe=off"])
@pytest.mark.parametrize(
    "switch", ["-m0=ppmd", "-m0=deflate", "-m0=deflate64", "-mf=bcj", "-mf=bcj2", "-mf=delta:4"]
)
def test_an_encrypted_archive_of_another_method_is_not_decoded(
    sevenzip: SevenZip, switch: str, names: str
) -> None:
    data = sevenzip.pack({"a.txt": TEXT}, switch, names, passphrase=SECRET)
    assert cause_of(data) is Cause.UNSUPPORTED_METHOD


@pytest.mark.parametrize("names", ["-mhe=on", "-mhe=off"])
@pytest.mark.parametrize("files", [{"leeg.txt": b""}, {"map/": b""}, {"map/": b"", "leeg.txt": b""}])
def test_an_archive_without_content_is_empty(sevenzip: SevenZip, files: dict[str, bytes], names: str) -> None:
    assert cause_of(sevenzip.pack(files, names, passphrase=SECRET)) is Cause.EMPTY_ARCHIVE


def test_more_files_than_a_referral_needs_are_refused(sevenzip: SevenZip) -> None:
    data = sevenzip.pack({f"{number}.txt": TEXT for number in range(21)}, "-mhe=on", passphrase=SECRET)
    assert cause_of(data) is Cause.OVER_LIMIT
    data = sevenzip.pack({f"{number}.txt": TEXT for number in range(20)}, "-mhe=on", passphrase=SECRET)
    assert len(open_archive(data, [RIGHT]).members) == 20


def test_more_than_may_come_out_is_refused_before_a_key_is_derived(sevenzip: SevenZip) -> None:
    data = sevenzip.pack({"zeros.bin": bytes(26 * 1024 * 1024)}, "-mx=1", passphrase=SECRET)
    keys = KeyCache()
    assert cause_of(data, keys=keys) is Cause.OVER_LIMIT
    assert keys.derivations == 0


def test_an_archive_larger_than_allowed_is_refused_before_a_key_is_derived(sevenzip: SevenZip) -> None:
    keys = KeyCache()
    for names in ("-mhe=on", "-mhe=off"):
        data = sevenzip.pack({"form.docx": FORM}, names, passphrase=SECRET)
        assert cause_of(data + bytes(25 * 1024 * 1024), keys=keys) is Cause.OVER_LIMIT
    assert keys.derivations == 0


@pytest.mark.skipif(
    sys.platform == "win32", reason="making a symbolic link needs a right most users lack on Windows"
)
def test_a_link_is_refused(sevenzip: SevenZip) -> None:
    data = sevenzip.pack({"a.txt": TEXT}, "-snl", passphrase=SECRET, links={"form.txt": "a.txt"})
    assert cause_of(data) is Cause.OVER_LIMIT


@pytest.mark.parametrize("names", ["-mhe=on", "-mhe=off"])
def test_a_cut_off_archive_is_damaged(sevenzip: SevenZip, names: str) -> None:
    data = sevenzip.pack({"a.txt": TEXT, "form.docx": FORM}, names, passphrase=SECRET)
    for length in [6, 7, 31, 32, 33, *range(100, len(data), 997), len(data) - 1]:
        assert cause_of(data[:length]) is Cause.DAMAGED


@pytest.mark.parametrize("names", ["-mhe=on", "-mhe=off"])
@pytest.mark.parametrize("method", METHODS)
def test_a_flipped_bit_never_gives_other_content_or_another_exception(
    sevenzip: SevenZip, method: str, names: str
) -> None:
    files = {"a.txt": TEXT, "form.bin": FORM[:2000]}
    data = sevenzip.pack(files, METHODS[method][0], names, passphrase=SECRET)
    chance = random.Random(f"{method} {names}")
    keys = KeyCache(most=8)
    seen = {Cause.DAMAGED: 0}
    for _ in range(100):
        broken = bytearray(data)
        broken[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            opened = open_archive(bytes(broken), [WRONG, RIGHT], keys=keys)
        except ArchiveError as refused:
            seen[refused.cause] = seen.get(refused.cause, 0) + 1
        else:
            assert {member.name: member.data for member in opened.members} == files
    assert seen[Cause.DAMAGED] > 30


@pytest.mark.parametrize("names", ["-mhe=on", "-mhe=off"])
def test_a_changed_header_with_right_checksums_never_gives_another_exception(
    sevenzip: SevenZip, names: str
) -> None:
    data = sevenzip.pack({"a.txt": TEXT, "b/form.bin": FORM[:500]}, names, "-mhc=off", passphrase=SECRET)
    start = 32 + int.from_bytes(data[12:20], "little")
    chance = random.Random(names)
    keys = KeyCache(most=8)
    for _ in range(300):
        header = bytearray(data[start:])
        for _ in range(chance.randrange(1, 4)):
            header[chance.randrange(len(header))] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))
        head = data[12:20] + len(header).to_bytes(8, "little") + zlib.crc32(header).to_bytes(4, "little")
        broken = data[:8] + zlib.crc32(head).to_bytes(4, "little") + head + data[32:start] + header
        try:
            opened = open_archive(broken, [RIGHT], keys=keys)
        except ArchiveError:
            continue
        assert {member.data for member in opened.members} <= {TEXT, FORM[:500]}


def test_what_is_no_archive_is_named_so() -> None:
    for data in (b"", b"7", TEXT, b"%PDF-1.7\n", bytes(5000), FORM):
        assert cause_of(data) is Cause.NO_ARCHIVE


_opened_for_writing: list[str] | None = None


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _opened_for_writing is None or event != "open":
        return
    path, mode, flags = arguments
    if (isinstance(mode, str) and set(mode) & set("wax+")) or (
        isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    ):
        _opened_for_writing.append(str(path))


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The files opened for writing while the test runs; the temp folder is an empty one."""
    global _opened_for_writing
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sys.addaudithook(_watch)
    # Byte code of modules imported for the first time is no matter of this.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    _opened_for_writing = []
    yield _opened_for_writing
    _opened_for_writing = None


def test_opening_writes_nothing_to_disk(sevenzip: SevenZip, tmp_path: Path, written: list[str]) -> None:
    data = sevenzip.pack({"a.txt": TEXT, "form.bin": FORM * 200}, "-mhe=on", passphrase=SECRET)
    written.clear()
    open_archive(data, [WRONG, RIGHT])
    cause_of(data, [WRONG])
    assert written == []
    (tmp_path / "seen").write_bytes(b"")
    assert [Path(name).name for name in written] == ["seen"]


def test_nothing_personal_shows_in_repr_or_exception(sevenzip: SevenZip) -> None:
    data = sevenzip.pack({"An Voorbeeld.txt": TEXT}, passphrase=SECRET)
    keys = KeyCache()
    opened = open_archive(data, [RIGHT], keys=keys)
    with pytest.raises(ArchiveError) as caught:
        open_archive(data, [WRONG])
    shown = repr((opened, opened.members[0], RIGHT, keys, caught.value, caught.value.values)) + str(
        caught.value
    )
    for private in ("Voorbeeld", SECRET, WRONG.secret):
        assert private not in shown
    assert caught.value.__cause__ is None
