"""A backup as one file: a zip archive of the store's files, and a manifest of their SHA-256 digests.

The archive's comment is the digest of all that stands before it, so that no changed byte goes unnoticed. What is read is hostile: bounded in size, count and compression before anything is unpacked. Which files belong
together, and what becomes of them, is in `backup.py` and `restoring.py`.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NamedTuple

import orjson

from storage.errors import N_, StorageError
from storage.files import patiently, readable
from storage.rows import Row, canonical

__all__ = [
    "BACKUP_FORMAT",
    "BackupBroken",
    "BackupMissing",
    "BackupNewer",
    "BackupTooLarge",
    "FileFact",
    "Manifest",
    "Purpose",
    "moment",
    "pack",
    "read_files",
    "read_manifest",
]

BACKUP_FORMAT = 1

_MANIFEST = "manifest.json"
_MEMBER = re.compile(r"active\.json|closed-[0-9]{1,18}\.json|log/[0-9]{4}\.jsonl|log/head\.json")
_IDENTITY = re.compile(r"[0-9a-f]{32}")
_LONGEST_MANIFEST = 1 << 16
_LONGEST_FILE = 1 << 30
_LONGEST_TOTAL = (1 << 31) - (1 << 24)  # a zip without extensions holds 2 GiB
_MOST_FILES = 200
_MOST_EXPANSION = 200
_COMMENT = 64
_END = 22 + _COMMENT  # bytes of the zip's end record with its comment
_LONGEST_DIRECTORY = 1 << 16
_STAMP = "%Y-%m-%dT%H:%M:%SZ"


class BackupBroken(StorageError):
    """A backup is damaged, altered or not one of ours. Values: file."""

    template = N_(
        "The backup %(file)s is damaged or was changed. It was not used; choose another with 'ocmw-intake backup list'."
    )


class BackupNewer(StorageError):
    """A newer version of the program wrote the backup. Values: file."""

    template = N_(
        "The backup %(file)s was made by a newer version of this program. Install the newer version on this workstation."
    )


class BackupMissing(StorageError):
    """There is no such backup. Values: file."""

    template = N_(
        "There is no backup %(file)s. See 'ocmw-intake backup list', or give the whole path of the file."
    )


class BackupTooLarge(StorageError):
    """The store is larger than a backup can be: 1 GiB a file, 2 GiB in all."""

    template = N_(
        "The store is too large for a backup of 2 GiB. Copy its folder by other means while nobody works in it."
    )


class Purpose(StrEnum):
    """Why a backup was made."""

    DAILY = "daily"
    MANUAL = "manual"
    BEFORE_RESTORE = "before-restore"
    BEFORE_MIGRATION = "before-migration"
    DAMAGED = "damaged"
    """No backup to restore: the files of a broken store as they were found, set aside before a restore."""


class FileFact(NamedTuple):
    """What the manifest says of one file: its name, length in bytes and SHA-256 digest (hexadecimal)."""

    name: str
    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `made_at` is in UTC with seconds; `generation` is the store's then."""

    store: str
    generation: int
    made_at: datetime
    purpose: Purpose
    files: tuple[FileFact, ...] = ()

    def of(self, files: Mapping[str, bytes]) -> "Manifest":
        """The same backup with these files in it."""
        facts = tuple(FileFact(name, len(data), sha256(data).hexdigest()) for name, data in files.items())
        return Manifest(self.store, self.generation, self.made_at, self.purpose, facts)

    def to_bytes(self) -> bytes:
        """The manifest as it stands in the file, with a digest of its own."""
        content: Row = {
            "format": BACKUP_FORMAT,
            "store": self.store,
            "generation": self.generation,
            "made_at": moment(self.made_at),
            "purpose": self.purpose.value,
            "files": [list(fact) for fact in self.files],
        }
        return canonical({**content, "check": _check(content)})


def moment(at: datetime) -> str:
    """ISO 8601 in UTC with seconds."""
    return at.astimezone(UTC).strftime(_STAMP)


def _check(content: Row) -> str:
    return sha256(b"ocmw-intake backup\x00" + canonical(content)).hexdigest()


def _manifest_of(data: bytes, file: str) -> Manifest:
    content: Any = orjson.loads(data)
    check = content.pop("check")
    if check != _check(content) or canonical({**content, "check": check}) != data:
        raise ValueError("altered")
    if content["format"] != BACKUP_FORMAT:
        if isinstance(content["format"], int) and content["format"] > BACKUP_FORMAT:
            raise BackupNewer(file=file)
        raise ValueError("no format")
    facts = tuple(FileFact(*fact) for fact in content["files"])
    if not all(
        isinstance(fact.name, str)
        and _MEMBER.fullmatch(fact.name)
        and isinstance(fact.length, int)
        and 0 <= fact.length <= _LONGEST_FILE
        and isinstance(fact.digest, str)
        for fact in facts
    ):
        raise ValueError("not a file of ours")
    generation = content["generation"]
    if not _IDENTITY.fullmatch(content["store"]) or not isinstance(generation, int) or generation < 0:
        raise ValueError("no store")
    made_at = datetime.strptime(content["made_at"], _STAMP).replace(tzinfo=UTC)
    return Manifest(content["store"], generation, made_at, Purpose(content["purpose"]), facts)


def pack(manifest: Manifest, files: Mapping[str, bytes]) -> bytes:
    """The bytes of a backup. Sealed data hardly shrink, so only the log is compressed. Raises BackupTooLarge."""
    if (
        max(map(len, files.values()), default=0) > _LONGEST_FILE
        or sum(map(len, files.values())) > _LONGEST_TOTAL
    ):
        raise BackupTooLarge
    out = io.BytesIO()
    stamp = manifest.made_at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(out, "w", allowZip64=False) as archive:
        for name, data in {_MANIFEST: manifest.of(files).to_bytes(), **files}.items():
            info = zipfile.ZipInfo(name, (max(stamp[0], 1980), *stamp[1:]))
            info.external_attr = 0o660 << 16
            info.compress_type = zipfile.ZIP_DEFLATED if name.startswith("log/") else zipfile.ZIP_STORED
            archive.writestr(info, data, compresslevel=1)
        archive.comment = bytes(_COMMENT)
    data = out.getvalue()[:-_COMMENT]
    return data + sha256(data).hexdigest().encode("ascii")


def _bounded(file: IO[bytes]) -> None:
    """Raise ValueError unless the zip's directory is as small as ours are: it is read whole before anything."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END))
    end = file.read(_END)
    if (
        len(end) != _END
        or not end.startswith(b"PK\x05\x06")
        or int.from_bytes(end[10:12], "little") > _MOST_FILES + 1
        or int.from_bytes(end[12:16], "little") > _LONGEST_DIRECTORY
        or int.from_bytes(end[12:16], "little") + int.from_bytes(end[16:20], "little") + _END != size
    ):
        raise ValueError("not a zip of ours")
    file.seek(0)


def _check_whole(file: IO[bytes]) -> None:
    """Raise ValueError unless every byte is as it was written."""
    left = file.seek(0, io.SEEK_END) - _COMMENT
    file.seek(0)
    total = sha256()
    while left > 0 and (piece := file.read(min(left, 1 << 20))):
        total.update(piece)
        left -= len(piece)
    if file.read(_COMMENT + 1) != total.hexdigest().encode("ascii"):
        raise ValueError("altered")
    file.seek(0)


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    members = {info.filename: info for info in infos}
    if len(members) != len(infos) or sum(info.file_size for info in infos) > _LONGEST_TOTAL:
        raise ValueError("not a zip of ours")
    for info in infos:
        if (
            info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            or info.flag_bits & 1
            or info.file_size > _LONGEST_FILE
            or info.file_size > _MOST_EXPANSION * info.compress_size + 4096
        ):
            raise ValueError("not a zip of ours")
    return members


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, length: int) -> bytes:
    if info.file_size != length:
        raise ValueError("another length")
    with archive.open(info) as member:
        data = member.read(length + 1)
    if len(data) != length:
        raise ValueError("another length")
    return data


def _opened(path: Path, with_files: bool) -> tuple[Manifest, dict[str, bytes]]:
    try:
        with readable(path), patiently(lambda: path.open("rb")) as file:
            _bounded(file)
            if with_files:
                _check_whole(file)
            with zipfile.ZipFile(file) as archive:
                members = _members(archive)
                info = members.pop(_MANIFEST)
                if info.file_size > _LONGEST_MANIFEST:
                    raise ValueError("too long")
                manifest = _manifest_of(_read(archive, info, info.file_size), path.name)
                if set(members) != {fact.name for fact in manifest.files} or len(members) != len(
                    manifest.files
                ):
                    raise ValueError("other files")
                files: dict[str, bytes] = {}
                for fact in manifest.files if with_files else ():
                    data = files[fact.name] = _read(archive, members[fact.name], fact.length)
                    if sha256(data).hexdigest() != fact.digest:
                        raise ValueError("altered")
                return manifest, files
    except FileNotFoundError:
        raise BackupMissing(file=path.name) from None
    except StorageError:
        raise
    except Exception:  # noqa: BLE001 - a hostile zip raises nearly anything (struct.error, zlib.error, EOFError…)
        raise BackupBroken(file=path.name) from None


def read_manifest(path: Path) -> Manifest:
    """What the backup says of itself; its files are not looked at. Raises as `read_files` does."""
    return _opened(path, with_files=False)[0]


def read_files(path: Path) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest and every file by name, each with the length and digest that the manifest tells.

    Raises BackupMissing, BackupBroken, BackupNewer, StoreNotReadable.
    """
    return _opened(path, with_files=True)
