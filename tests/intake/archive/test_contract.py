"""What is used of py7zr's inside. When one of these fails after an upgrade, read `intake/archive/headers.py` anew."""

import io

import py7zr
import pytest
from py7zr.archiveinfo import FilesInfo, HeaderStreamsInfo, SignatureHeader, StreamsInfo
from py7zr.exceptions import Bad7zFile

from tests.intake.archive.composing import (
    AES,
    VECTOR,
    Coder,
    File,
    aes_folder,
    aes_properties,
    archive,
    files_info,
    number,
    streams_info,
)
from tests.intake.archive.samples import SECRET, TEXT

LZMA2 = b"\x21"


def test_it_is_the_version_that_was_read() -> None:
    assert py7zr.__version__.startswith("1.1.")


def test_the_signature_header_tells_where_the_header_lies() -> None:
    data = archive([aes_folder(TEXT, SECRET)], [File("a")])
    found = SignatureHeader.retrieve(io.BytesIO(data[:32]))
    assert data[32 + found.nextheaderofs :][: found.nextheadersize].startswith(b"\x01\x04")
    assert 32 + found.nextheaderofs + found.nextheadersize == len(data)
    with pytest.raises(Bad7zFile):
        SignatureHeader.retrieve(io.BytesIO(data[:20] + b"\xff" + data[21:32]))


def test_streams_tell_their_coders_sizes_bonds_and_checksums() -> None:
    folder = aes_folder(TEXT, SECRET, Coder(LZMA2, b"\x08"), unpacked=TEXT * 2)
    folder.pieces, folder.crcs = [len(TEXT), len(TEXT)], [5, 6]
    found = StreamsInfo.retrieve(io.BytesIO(streams_info([folder], 77)))
    assert found.packinfo.packpos == 77
    assert found.packinfo.packsizes == [len(folder.packed)]
    (coded,) = found.unpackinfo.folders
    assert [coder["method"] for coder in coded.coders] == [AES, LZMA2]
    assert [coder["properties"] for coder in coded.coders] == [aes_properties(4), b"\x08"]
    assert {(coder["numinstreams"], coder["numoutstreams"]) for coder in coded.coders} == {(1, 1)}
    assert coded.unpacksizes == [len(TEXT), 2 * len(TEXT)]
    assert [(bond.incoder, bond.outcoder) for bond in coded.bindpairs] == [(1, 0)]
    assert coded.packed_indices == [0]
    assert coded.digestdefined is False
    assert found.substreamsinfo.num_unpackstreams_folders == [2]
    assert found.substreamsinfo.unpacksizes == [len(TEXT), len(TEXT)]
    assert found.substreamsinfo.digestsdefined == [True, True]
    assert found.substreamsinfo.digests == [5, 6]


def test_the_stream_of_a_header_tells_its_checksum() -> None:
    folder = aes_folder(TEXT, SECRET)
    found = HeaderStreamsInfo.retrieve(io.BytesIO(streams_info([folder], header=True)))
    assert found.unpackinfo.folders[0].digestdefined is True
    assert found.unpackinfo.folders[0].crc == folder.crcs[0]
    assert VECTOR in found.unpackinfo.folders[0].coders[0]["properties"]


def test_files_tell_their_names_attributes_and_emptiness() -> None:
    files = [File("a"), File("d", directory=True), File("e", empty=True, attributes=7)]
    found = FilesInfo.retrieve(io.BytesIO(files_info(files)[1:]))
    assert [file["filename"] for file in found.files] == ["a", "d", "e"]
    assert [file["emptystream"] for file in found.files] == [False, True, True]
    assert [file["attributes"] for file in found.files] == [0x20, 0x20, 7]
    assert found.emptyfiles == [False, True]


def test_a_count_larger_than_the_header_is_refused_before_it_is_stored() -> None:
    with pytest.raises(Bad7zFile):
        FilesInfo.retrieve(io.BytesIO(number(1_000_000) + bytes(100)))
