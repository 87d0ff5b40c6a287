"""Fifty clients of whom every field is unlike any other text: after their discards none of it is in any file."""

import contextlib
import io
import re
import tempfile
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.client import Client
from intake.demo.forms import FORM_KINDS
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Closure, Result, Wish
from intake.workdays import local_date
from tests.journeys.inside import ProtocolOffice
from tests.journeys.office import WORKER

COUNT = 50
KINDS = FORM_KINDS
SECOND = ("bea", "zeven stille kaden bij nacht")
SYLLABLES = ("ba", "ko", "li", "mu", "ne", "ra", "so", "ti", "vu", "we")


def canary(number: int) -> Client:
    """A client whose every field occurs nowhere else. A postcode has four digits and cannot be told from other digits."""
    word = SYLLABLES[number // 10] + SYLLABLES[number % 10]
    return Client(
        first_name=f"Qui{word}xenia",
        last_name=f"Zwa{word}kkerbroek",
        street=f"Wij{word}zegstraat",
        house_number=str(1 + number),
        box=None,
        postcode="8940",
        municipality="Wervik",
        phone=f"+3247{number:02d}6{number:02d}813",
        email=f"kanarie.{word}@vogel{word}.example.com",
    )


def words_of(client: Client) -> list[str]:
    """What may be found nowhere, as a file could hold it."""
    assert client.first_name and client.last_name and client.street and client.email and client.phone
    local, _at, domain = client.email.partition("@")
    national = client.phone.removeprefix("+32")
    return [client.first_name, client.last_name, client.street, local, domain.split(".")[0], national]


def contents(path: Path) -> list[bytes]:
    """The bytes of a file, and of what is packed in it."""
    raw = path.read_bytes()
    found = [raw]
    if zipfile.is_zipfile(io.BytesIO(raw)):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            found += [archive.read(name) for name in archive.namelist()]
    else:
        for start in (b"x\x9c", b"x\xda"):
            at = raw.find(start)
            if at >= 0:
                unpacker = zlib.decompressobj()
                with contextlib.suppress(zlib.error):
                    found.append(unpacker.decompress(raw[at:], 10_000_000))
    return found


def leaks(roots: list[Path], words: list[str]) -> dict[str, set[str]]:
    """By file the words found in it or in its name, whatever the case or the usual encoding."""
    # One look at each file for all the words together: the names of the words are few, the files many.
    forms = {word.lower().encode(form): word for word in words for form in ("utf-8", "utf-16-le")}
    any_word = re.compile(b"|".join(map(re.escape, sorted(forms, key=len, reverse=True))))
    found: dict[str, set[str]] = {}
    for path in (p for root in roots for p in root.rglob("*") if p.is_file()):
        texts = [part.lower() for part in contents(path)] + [str(path).lower().encode()]
        for text in texts:
            for hit in any_word.findall(text):
                found.setdefault(str(path), set()).add(forms[hit])
    return found


@pytest.mark.timeout(300)
def test_of_fifty_clients_nothing_is_left_anywhere(
    protocol: ProtocolOffice, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P3, "discard": store, backups, log, temp and configuration folders, and every folder of the mailbox."""
    temp = tmp_path_factory.mktemp("temp")
    monkeypatch.setattr(tempfile, "tempdir", str(temp))
    monkeypatch.setenv("TMPDIR", str(temp))
    protocol.add(SECOND, "team-lead")
    protocol.add(WORKER, "social-worker")
    clients = [canary(number) for number in range(COUNT)]
    words = [word for client in clients for word in words_of(client)]
    for number, client in enumerate(clients):
        protocol.send(client, kind=KINDS[number % len(KINDS)])
    polled = protocol.json("poll")
    assert (polled["imported"], polled["quarantined"]) == (COUNT, 0)
    rows = {row["reference"]: row["client"] for row in protocol.json("list")}
    assert sorted(c["last_name"] for c in rows.values()) == sorted(c.last_name for c in clients)
    roots = [protocol.folder, protocol.server.base / "mail" / protocol.mailbox, temp]
    assert leaks(roots, words), "the search finds what is there: the mails name their clients"

    # Work that leaves traces: notes, notices, backups, attempts, sheets, case files.
    references = sorted(rows)
    local, handed, closed = references[:3], references[3:10], references[10:14]
    protocol.run("assign", *references[:10], WORKER[0])
    for reference in references[:4]:
        protocol.run(
            "quality", "open", reference, "--field", "last_name", "--what", "wrong", "--value", "Zwaan"
        )
    with protocol.desk() as desk:
        for reference in references:
            said = f"{rows[reference]['last_name']} belt terug op {rows[reference]['phone']}"
            desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED, note=said))
        desk.backups.create()
        sheets = protocol.folder / "overdracht"
        for reference in (*local, *handed):
            desk.work.wish(reference, Wish.YES)
            desk.cases.open(reference, f"2026/{reference[-4:]}")
        for reference in handed:
            desk.cases.hand_over(reference, sheets)
            desk.cases.confirm(reference)
        for path in sheets.iterdir():  # taken over by the OCMW's own system
            path.unlink()
        ends = (Closure.WRONG_OCMW, Closure.DECEASED, Closure.CONSENT_WITHDRAWN, Closure.ALREADY_KNOWN)
        for reference, because in zip(closed, ends, strict=True):
            desk.work.close(reference, because, f"{rows[reference]['first_name']} zei het zelf")
        for reference in references[14:]:
            desk.work.wish(reference, Wish.NO)
    protocol.change(case_files="local", selection_rule="SR 7")
    for reference in local:
        protocol.run("case", "close", reference, "--on", local_date(datetime.now(UTC)).isoformat())
    first = protocol.json("retention", "run")
    assert set(first["discarded"]) == {*references} - {*local}
    left = {
        word
        for client in clients
        for word in words_of(client)
        if client.last_name in {rows[reference]["last_name"] for reference in local}
    }
    assert set().union(*leaks(roots, words).values()) <= left, "of those discarded nothing is left"

    with protocol.later(days=3660):
        protocol.run("passphrase", "--confirm-secrecy", user=SECOND)
        (made,) = protocol.json("retention", "run")["proposed"]
        protocol.run("retention", "approve", made, user=SECOND)
        assert set(protocol.json("retention", "run")["discarded"]) == set(local)
        assert protocol.json("list", "--all") == []
        assert leaks(roots, words) == {}
        assert protocol.json("log", "verify")["ok"]
