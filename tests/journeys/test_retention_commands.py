"""Keeping, destroying and proving by the program's own commands on a real Dovecot (P3, P6)."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from intake.archive import Member, pack
from intake.desk import open_desk
from intake.referral import State
from intake.workdays import local_date
from tests.dovecot import Dovecot
from tests.journeys.mails import form, mail
from tests.journeys.office import ARCHIVE_PASSPHRASE, LEAD, JourneyOffice

SERVICE = ("nacht", "negen uilen in de kerktoren")
REACHED = ("--channel", "phone", "--result", "reached")


def _referral(office: JourneyOffice, dovecot: Dovecot) -> str:
    dovecot.deliver(office.mailbox, mail(("fiche.7z", pack([Member(*form())], ARCHIVE_PASSPHRASE))))
    (reference,) = office.run("poll", "--json").json["references"]
    return str(reference)


def _set(office: JourneyOffice, **values: object) -> None:
    path = office.folder / "settings.json"
    path.write_text(json.dumps(office.run("settings", "show").json | values), encoding="utf-8")
    office.run("settings", "set", path)


def _closed_ten_years_ago(office: JourneyOffice, reference: str) -> None:
    """What no command can do: let ten years pass."""
    desk = open_desk(office.store, *LEAD)
    long_ago = datetime(2014, 1, 10, 9, tzinfo=UTC)
    with desk.office.store.transaction(desk.office.session.signer) as tx:
        row = desk.office.row_of(tx, reference)
        facts = replace(
            desk.office.facts(row, reference),
            received_at=long_ago,
            imported_at=long_ago,
            state=State.CASE_CLOSED,
            case_number="2014/0815",
            case_closed_on=date(2015, 6, 1),
        )
        desk.office.put_referral(
            tx, facts, desk.office.seal_payload(desk.office.payload(row, reference), facts)
        )
    desk.close()


def test_a_hold_keeps_a_referral_and_its_release_lets_it_go(office: JourneyOffice, dovecot: Dovecot) -> None:
    reference = _referral(office, dovecot)
    office.run("attempt", reference, *REACHED)
    office.run("wish", reference, "no")
    until = (local_date(datetime.now(UTC)) + timedelta(days=20)).isoformat()
    hold = ("retention", "hold", reference, "--why", "klacht", "--until")
    office.run(*hold, "gisteren of zo", status=2)
    office.run(*hold, "2020-01-01", status=2)
    office.run(*hold, until)
    (held,) = office.run("retention", "plan", "--json").json["held"]
    assert (held["reference"], held["held_until"]) == (reference, until)
    assert office.run("retention", "run", "--json").json["held"] == [reference]
    assert office.run("list", "--all", "--json").json[0]["discard_on"] > until
    release = ("retention", "release", reference, "--why", "klacht afgehandeld")
    office.run(*release)
    assert office.run(*release, status=7).err
    tomorrow = office.run("retention", "plan", "--on", "tomorrow", "--json").json
    assert [due["reference"] for due in tomorrow["due"]] == [reference]
    assert office.run("retention", "run", "--dry-run", "--json").json["discarded"] == [reference]


def test_a_script_hands_over_and_confirms_at_once_and_the_certificate_proves_the_end(
    office: JourneyOffice, dovecot: Dovecot
) -> None:
    reference = _referral(office, dovecot)
    office.run("attempt", reference, *REACHED)
    office.run("wish", reference, "yes")
    office.run("case", "open", reference, "--number", "2026/0815")
    assert office.run("case", "confirm", reference, status=7).err
    out = office.folder / "uit"
    done = office.run("case", "hand-over", reference, "--out", out, "--confirm", "--json").json
    assert (done["state"], done["confirmed"], len(done["files"])) == ("handed-over", True, 3)
    paper = office.folder / "verklaring.pdf"
    certificate = ("retention", "certificate", reference, "--out", paper)
    assert "P3" in office.run(*certificate, status=7).err
    assert not paper.exists()
    assert office.run("retention", "run", "--json").json["discarded"] == [reference]
    made = office.run(*certificate, "--json").json
    assert [(item["reference"], item["outcome"]) for item in made["items"]] == [(reference, "handed-over")]
    assert paper.read_bytes().startswith(b"%PDF")
    assert office.run(*certificate, status=2).err


def test_the_search_says_with_its_exit_status_whether_anything_is_left(
    office: JourneyOffice, dovecot: Dovecot
) -> None:
    raw = mail(("fiche.7z", pack([Member(*form())], ARCHIVE_PASSPHRASE)))
    dovecot.deliver(office.mailbox, raw)
    (reference,) = office.run("poll", "--json").json["references"]
    verify = ("retention", "verify", reference)
    assert "P3" in office.run(*verify, status=7).err
    office.run("close", reference, "--because", "wrong-ocmw", "--why", "verhuisd")
    assert office.run("retention", "run", "--json").json["discarded"] == [reference]
    found = office.run(*verify, "--json").json
    assert (found["reference"], found["clean"]) == (reference, True)
    assert all(set(place) == {"place", "searched", "found"} for place in found["places"])
    assert {(place["searched"], place["found"]) for place in found["places"]} == {(True, 0)}
    dovecot.deliver(office.mailbox, raw, folder="Archief")
    left = office.run(*verify, status=1).out
    assert [line.split()[0] for line in left.splitlines() if "Archief" in line] == ["✗"]
    dovecot.stop()
    try:
        assert office.run(*verify, "--json", status=5).json["clean"] is False
    finally:
        dovecot.start()


def test_a_case_file_of_ten_years_ago_is_destroyed_by_two_people(
    office: JourneyOffice, dovecot: Dovecot
) -> None:
    office.add(SERVICE, "service")
    reference = _referral(office, dovecot)
    _closed_ten_years_ago(office, reference)
    assert office.run("retention", "propose", status=4).err, "nobody else could approve it"
    run = office.run("retention", "run", "--json", user=SERVICE).json
    (list_id,) = run["proposed"]
    assert run["discarded"] == []
    (shown,) = office.run("retention", "lists", "--json", user=SERVICE).json
    assert (shown["id"], shown["standing"], shown["selection_rule"]) == (list_id, "proposed", None)
    assert [(i["reference"], i["number"]) for i in shown["items"]] == [(reference, None)]
    assert office.run("retention", "approve", list_id, user=SERVICE, status=4).err
    assert office.run("retention", "approve", "X2020-0001", status=1).err
    assert "selection_rule" in office.run("retention", "approve", list_id, status=3).err
    _set(office, selection_rule="B 12.3")
    approved = office.run("retention", "approve", list_id, "--json").json
    assert (approved["standing"], approved["selection_rule"]) == ("approved", "B 12.3")
    assert approved["items"][0]["number"] == "2014/0815"
    assert office.run("retention", "run", "--json", user=SERVICE).json["discarded"] == [reference]
    assert list_id in office.run("retention", "lists").out
    paper = office.folder / "vernietiging.pdf"
    (item,) = office.run("retention", "certificate", reference, "--out", paper, "--json").json["items"]
    assert (item["list"], item["selection_rule"]) == (list_id, "B 12.3")
    assert office.files_with("2014/0815", "Kwispelaere") == []
    assert office.run("doctor").out.count("✗") == 0
