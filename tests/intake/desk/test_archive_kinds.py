"""Every kind of archive from the bytes of a mail to a referral or a cause, in one poll; and a reader that breaks in it."""

import pytest

from intake.archive import Member, pack
from intake.causes import Cause
from intake.isolated import Reader, ReaderNotStarted, pool
from intake.referral import Flag
from tests.intake.desk.conftest import SECRET, DeskOffice
from tests.intake.isolated import breaking
from tests.journeys.mails import form, mail
from tests.sevenzip import SevenZip

BODY = b"Beste, in bijlage een doorverwijzing. Vriendelijke groeten"


def test_each_kind_of_archive_has_its_outcome(office: DeskOffice, sevenzip: SevenZip) -> None:
    name, fiche = form()
    archive = pack([Member(name, fiche)], SECRET)
    third = len(archive) // 3 + 1
    parts = [(f"f.7z.{n + 1:03}", archive[n * third : (n + 1) * third]) for n in range(3)]
    strong = sevenzip.pack({name: fiche}, "-mem=AES256", passphrase=SECRET, kind="zip")
    quarantined = {
        Cause.MULTI_VOLUME: mail(*parts[:2]),
        Cause.NESTED_ARCHIVE: mail(("f.7z", pack([Member("inner.7z", archive)], SECRET))),
        Cause.SELF_EXTRACTING: mail(("f.exe", b"MZ" + bytes(900) + archive)),
        Cause.WEAK_ENCRYPTION: mail(
            ("f.zip", sevenzip.pack({name: fiche}, "-mem=AES192", passphrase=SECRET, kind="zip"))
        ),
    }
    good = [mail(("f.zip", strong)), mail(*parts), mail(("rest.zip.003", b"niets"))]
    for raw in (*quarantined.values(), *good):
        office.server.deliver(office.mailbox, raw)
    result = office.lead.polling.poll()
    assert (result.found, result.imported, result.quarantined) == (7, 2, 5)
    causes = [item.cause for item in office.lead.quarantine.items()]
    assert sorted(causes) == sorted([*quarantined, Cause.MULTI_VOLUME])
    flags = [line.referral.flags for line in office.lead.work.worklist()]
    assert sorted(Flag.NAMES_READABLE in one for one in flags) == [False, True]


def test_a_reader_that_breaks_costs_one_message(office: DeskOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_idle", [])
    monkeypatch.setattr(pool, "_keepers", 0)
    monkeypatch.setattr(pool, "Reader", lambda: Reader(breaking.command()))
    office.send()
    bad = mail(("fiche.7z", pack([Member(*form())], SECRET))).replace(BODY, b"segfault")
    office.server.deliver(office.mailbox, bad)
    office.send()
    result = office.lead.polling.poll()
    assert (result.found, result.imported, result.quarantined) == (3, 2, 1)
    (item,) = office.lead.quarantine.items()
    assert item.cause is Cause.READER_STOPPED

    # With a reader that is sound again, trying again gives what the message holds.
    monkeypatch.setattr(pool, "Reader", Reader)
    (again,) = office.lead.quarantine.retry([item.id])
    assert len(again.references) == 1


def test_where_no_reader_starts_every_message_stays_where_it_is(
    office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_idle", [])
    monkeypatch.setattr(pool, "_keepers", 0)
    monkeypatch.setattr(pool, "Reader", lambda: Reader(["/nowhere/python"]))
    office.send()
    with pytest.raises(ReaderNotStarted):
        office.lead.polling.poll()
    assert len(office.in_folder()) == 1
    assert office.lead.quarantine.items() == []
    monkeypatch.setattr(pool, "Reader", Reader)
    assert office.lead.polling.poll().imported == 1
