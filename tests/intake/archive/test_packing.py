"""Packing, held against the real 7-Zip."""

import pytest

from intake.archive import ArchiveError, Member, open_archive, pack
from intake.archive.facts import Passphrase
from intake.causes import Cause
from tests.intake.archive.samples import FORM, RIGHT, SECRET, TEXT, WRONG, cause_of
from tests.sevenzip import SevenZip

MEMBERS = [Member("melding één.txt", TEXT), Member("form.docx", FORM), Member("leeg.txt", b"")]


def test_what_is_packed_opens_with_7zip(sevenzip: SevenZip) -> None:
    data = pack(MEMBERS, SECRET)
    assert sevenzip.unpack(data, SECRET) == {member.name: member.data for member in MEMBERS}
    told = sevenzip.listing(data, SECRET)
    assert "7zAES" in told
    assert "Encrypted = -" not in told


@pytest.mark.parametrize("secret", [SECRET, "café-€-ключ-🔑"])
def test_what_is_packed_opens_here(secret: str) -> None:
    opened = open_archive(pack(MEMBERS, secret), [WRONG, Passphrase("ours", secret)])
    assert opened.members == tuple(MEMBERS)
    assert opened.names_encrypted
    assert opened.methods == ("AES-256", "LZMA2")
    assert opened.passphrase_label == "ours"


def test_no_name_or_content_can_be_read_in_what_is_packed() -> None:
    data = pack([Member("An Voorbeeld.txt", TEXT)], SECRET)
    for private in (
        b"Voorbeeld",
        "Voorbeeld".encode("utf-16-le"),
        SECRET.encode(),
        SECRET.encode("utf-16-le"),
    ):
        assert private not in data
    assert cause_of(data, [WRONG]) is Cause.UNKNOWN_PASSPHRASE


def test_the_same_files_packed_twice_differ() -> None:
    assert pack(MEMBERS, SECRET) != pack(MEMBERS, SECRET)


def test_a_name_is_packed_without_its_directories() -> None:
    data = pack([Member("../../etc/\u202eform.txt", TEXT)], SECRET)
    assert [member.name for member in open_archive(data, [RIGHT]).members] == ["form.txt"]


def test_nothing_to_pack_is_refused() -> None:
    for members in ([], [Member("a", b"")]):
        with pytest.raises(ArchiveError) as caught:
            pack(members, SECRET)
        assert caught.value.cause is Cause.EMPTY_ARCHIVE
    with pytest.raises(ValueError, match="passphrase"):
        pack(MEMBERS, "")
    with pytest.raises(ValueError, match="names"):
        pack([Member("a/b", TEXT), Member("c/b", TEXT)], SECRET)
