"""Parts of a zipped document (docx, xlsx, odt), read under bounds; and a parser for them that fetches nothing.

What a zip declares about itself is not believed: every part is read in pieces up to a limit.
"""

import io
import zipfile
from typing import Final

from lxml import etree

from intake.form.model import MAX_UNPACKED

MAX_MEMBERS: Final = 500
MAX_RATIO: Final = 200
_RATIO_FREE: Final = 1_000_000
_PIECE: Final = 65_536


class BadZip(ValueError):
    """The zip is damaged, too large, or packed in a way a document never is."""


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The zip in `data`, its directory checked. Raises BadZip."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise BadZip from None
    infos = archive.infolist()
    names = {info.filename for info in infos}
    if len(infos) > MAX_MEMBERS or len(names) != len(infos):
        raise BadZip
    if any(info.flag_bits & 1 for info in infos) or sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise BadZip
    return archive


def read_part(archive: zipfile.ZipFile, name: str, limit: int = MAX_UNPACKED) -> bytes:
    """One part, at most `limit` bytes, whatever the zip says of its size. Raises BadZip."""
    info = archive.getinfo(name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadZip
    limit = min(limit, max(_RATIO_FREE, info.compress_size * MAX_RATIO))
    pieces: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as part:
            while piece := part.read(_PIECE):
                size += len(piece)
                if size > limit:
                    raise BadZip
                pieces.append(piece)
    except BadZip:
        raise
    except Exception:  # noqa: BLE001 - zlib, CRC and struct errors all mean a damaged zip
        raise BadZip from None
    return b"".join(pieces)


def repacked(archive: zipfile.ZipFile) -> bytes:
    """The same zip with every part read under the limits and stored plainly, for readers that trust a zip."""
    buffer = io.BytesIO()
    left = MAX_UNPACKED
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as copy:
        for info in archive.infolist():
            if info.is_dir() or not info.filename.endswith((".xml", ".rels")):
                continue
            content = read_part(archive, info.filename, left)
            left -= len(content)
            refuse_entities(content)
            copy.writestr(info.filename, content)
    return buffer.getvalue()


def refuse_entities(content: bytes) -> None:
    """Raise BadZip when XML brings a document type: no office program writes one, entity bombs need one."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00!\x00D\x00O\x00C\x00T" in content:
        raise BadZip
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadZip


def parse_xml(content: bytes) -> etree._Element:
    """The root of an XML part: no entities, no network, no huge trees. Raises BadZip."""
    refuse_entities(content)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise BadZip from None
