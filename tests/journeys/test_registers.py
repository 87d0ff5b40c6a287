"""Registers by the program's own commands, from a mail on a real Dovecot to what stands there (P4, P7, P9, recital C)."""

import json
from datetime import UTC, datetime, timedelta

from intake.archive import Member, pack
from intake.client import Consent
from intake.workdays import local_date
from tests.journeys.mails import CANARY, form, mail
from tests.journeys.office import ARCHIVE_PASSPHRASE, WORKER, JourneyOffice
from tests.sevenzip import SevenZip

PARTNER = "Huis van het Kind"


def _agree(office: JourneyOffice) -> None:
    settings = office.run("settings", "show", "--json").json
    settings["agreement"] |= {
        "in_force_from": "2023-12-01",
        "team": {"email": "menen@opgroeien.example"},
        "dpo": {"email": "dpo@ocmw.example"},
        "sender_dpo": {"email": "dpo@opgroeien.example"},
        "partners": [PARTNER],
    }
    file = office.folder / "office.json"
    file.write_text(json.dumps(settings), encoding="utf-8")
    office.run("settings", "set", file)


def _receive(office: JourneyOffice, consent: Consent = Consent.CONFIRMED) -> str:
    archive = pack([Member(*form(consent=consent))], ARCHIVE_PASSPHRASE)
    office.server.deliver(office.mailbox, mail(("fiche.7z", archive)))
    (reference,) = office.run("poll", "--json").json["references"]
    return str(reference)


def _drafts(office: JourneyOffice) -> list[bytes]:
    root = office.server.maildir(office.mailbox, "Drafts")
    return [path.read_bytes() for part in ("cur", "new") for path in sorted((root / part).glob("*"))]


def test_p7_and_p4_what_is_not_right_is_reported_and_what_is_passed_on_is_recorded(
    office: JourneyOffice, sevenzip: SevenZip
) -> None:
    _agree(office)
    reference = _receive(office)
    before = office.run(
        "disclose", reference, "--partner", PARTNER, "--fields", "phone", "--why", "wonen", status=7
    )
    assert "P4" in before.err
    office.run("attempt", reference, "--channel", "phone", "--result", "reached")
    opened = office.run(
        *(
            "quality",
            "open",
            reference,
            "--field",
            "phone",
            "--what",
            "wrong",
            "--value",
            "+32499887766",
            "--json",
        )
    ).json
    assert (opened["reference"], opened["field"], opened["draft"]) == (reference, "phone", "placed")
    (raw,) = _drafts(office)
    assert str(CANARY.last_name).encode() not in raw
    assert b"99887766" not in raw
    (row,) = office.run("quality", "list", "--json").json
    assert (row["id"], row["answered_on"]) == (opened["id"], None)
    assert opened["id"] in office.run("quality", "list").out
    (reminder,) = office.run("reminders", "--json").json
    assert (reminder["kind"], reminder["id"], reminder["overdue"]) == ("quality", opened["id"], False)
    office.run("quality", "answer", opened["id"], "--on", "01/01/2020", status=2)
    assert office.run("quality", "answer", opened["id"], "--json").json["answered_on"]
    assert office.run("quality", "list", "--json").json == []

    unknown = office.run(
        *("disclose", reference, "--partner", "X", "--fields", "phone", "--why", "wonen", "--client-agrees"),
        status=2,
    )
    assert PARTNER in unknown.err
    refused = office.run(
        "disclose", reference, "--partner", PARTNER, "--fields", "phone", "--why", "wonen", status=7
    )
    assert "P4" in refused.err
    file = office.folder / "door.json"
    given = ("disclose", reference, "email", "--partner", PARTNER, "--fields", "phone", "--why", "wonen")
    said = office.run(*given, "--client-agrees", "--out", file, "--json")
    assert str(CANARY.phone) not in said.out
    assert json.loads(file.read_text())["values"] == {"phone": CANARY.phone, "email": CANARY.email}
    office.run(*given, "--client-agrees", "--out", file, status=2)
    assert CANARY.email is not None
    assert CANARY.email in office.run(*given, "--client-agrees").out
    assert len(office.run("disclosures", reference, "--json").json) == 2, "a refused one was recorded"
    assert PARTNER in office.run("disclosures").out


def test_recital_c_the_sender_is_asked(office: JourneyOffice, sevenzip: SevenZip) -> None:
    _agree(office)
    reference = _receive(office, Consent.NOT_STATED)
    office.run("ask", reference)
    assert len(_drafts(office)) == 1
    shown = office.run("show", reference, "--json").json
    assert (shown["on_hold"], shown["timeline"][-1]["step"]) == (True, "ask")


def test_p9_a_breach_from_the_report_to_its_end(office: JourneyOffice) -> None:
    _agree(office)
    office.add(WORKER, "social-worker")
    known = (datetime.now(UTC) - timedelta(hours=3, minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    office.run("breach", "open", "--what", "iets", "--known-at", "gisteren rond de middag", status=2)
    opened = office.run(
        *(
            "breach",
            "open",
            "--what",
            "een laptop is gestolen",
            "--known-at",
            known,
            "--kind",
            "lost",
            "--json",
        ),
        user=WORKER,
    ).json
    assert opened["known_at"] == known
    assert opened["hours_left"] == 68
    office.run("breach", "list", user=WORKER, status=4)
    listed = office.run("breach", "list", "--json").json
    assert [b["account"]["what"] for b in listed["breaches"]] == ["een laptop is gestolen"]
    assert "68" in office.run("breach", "list").out
    office.run("breach", "close", opened["id"], "--measures", "gewist", status=7)
    office.run("breach", "update", opened["id"], "--people", "12")
    office.run("breach", "notice", opened["id"])
    (raw,) = _drafts(office)
    assert b"dpo@ocmw.example, dpo@opgroeien.example" in raw
    office.run("breach", "close", opened["id"], "--measures", "gewist", status=7)
    (listed,) = office.run("breach", "list", "--json").json["breaches"]
    assert (listed["draft"], listed["hours_left"]) == ("to-send", 68)
    assert "breach-send" in [r["kind"] for r in office.run("reminders", "--json").json]
    moment = datetime.now(UTC).isoformat()
    office.run("breach", "notice", opened["id"], "--sent-at", moment, "--told-at", moment, status=2)
    office.run("breach", "notice", opened["id"], "--sent-at", known, status=2)
    sent = office.run("breach", "notice", opened["id"], "--sent-at", moment, "--json").json
    assert (sent["hours_left"], bool(sent["noticed_at"])) == (None, True)
    assert office.run("breach", "close", opened["id"], "--measures", "gewist", "--json").json["closed_on"]
    due = local_date(datetime.now(UTC) + timedelta(days=9))
    task = office.run(
        *(
            "task",
            "open",
            "--what",
            "law",
            "--why",
            "nieuw decreet",
            "--due",
            due.strftime("%d/%m/%Y"),
            "--json",
        )
    ).json
    assert task["due_on"] == due.isoformat()
    assert task["id"] in office.run("reminders").out
    office.run("task", "done", task["id"], "--proof", "brief van 2 december")
    assert office.run("task", "list", "--json").json == []
    assert "brief van 2 december" in office.run("task", "list", "--all").out
    checks = office.run("doctor", "--json").json["checks"]
    assert [check for check in checks if not check["ok"]] == []
    office.run("log", "verify")
