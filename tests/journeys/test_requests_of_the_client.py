"""What a client may ask, by the program's commands on a real Dovecot (GDPR 14, 15, 17; P2, P3, A12)."""

import json
import random

from intake.archive import Member, pack
from intake.client import Consent
from intake.demo.forms import make_form
from tests.dovecot import Dovecot
from tests.journeys.mails import CANARY, mail
from tests.journeys.office import ARCHIVE_PASSPHRASE, WORKER, JourneyOffice

WORDS = ("Zwaantje", "Kwispelaere", "Krakelingstraat", "470123456", "Kwakkelmaand")


def receive(office: JourneyOffice, dovecot: Dovecot) -> str:
    """A referral whose form holds a remark that nobody agreed on."""
    remark = "Het gezin verhuist in Kwakkelmaand."
    form = make_form("docx", CANARY, Consent.CONFIRMED, random.Random(3), remark=remark)
    archive = pack([Member(*form)], ARCHIVE_PASSPHRASE)
    dovecot.deliver(office.mailbox, mail(("fiche.7z", archive)))
    (reference,) = office.run("poll", "--json").json["references"]
    return str(reference)


def test_a_client_is_informed_and_the_note_that_says_too_much_is_warned_of(
    office: JourneyOffice, dovecot: Dovecot
) -> None:
    """GDPR 14; P2, P3."""
    reference = receive(office, dovecot)
    done = office.run(
        *("attempt", reference, "--channel", "phone", "--result", "reached", "--informed"),
        *("--note", "Mevrouw is zwanger."),
    )
    assert done.err.count("\n") == 1, "one line warns of what looks like health data"
    shown = office.run("show", reference, "--json").json
    assert shown["informed_on"]
    assert shown["inform_by"] is None
    assert len(shown["purposes"]) == 2
    assert "(P2)" in office.run("show", reference).out
    office.run("inform", reference, status=7)


def test_a_client_is_found_and_gets_a_copy(office: JourneyOffice, dovecot: Dovecot) -> None:
    """GDPR 15, 20; A12."""
    reference = receive(office, dovecot)
    found = office.run("subject", "find", "-", "--json", typed="kwispelaere zwaantje\n")
    assert [row["reference"] for row in found.json] == [reference]
    assert list(found.json[0]) == [
        *("reference", "state", "received_at", "assigned_to", "attempts", "due_on", "discard_on", "client")
    ]
    assert office.run("subject", "find", "0470/12.34.56", "--json").json == found.json
    office.run("subject", "find", "-", typed="\n", status=2)

    out = office.folder / f"{reference}.json"
    office.run("subject", "export", reference, "--out", out)
    copy = json.loads(out.read_bytes())
    assert copy["client"] == CANARY.as_dict()
    assert out.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    office.run("subject", "export", reference, "--out", out, status=2)
    entries = office.run("log", "show", "--json").json
    assert {"subject-find", "export"} <= {entry["action"] for entry in entries}
    assert "kwispelaere" not in json.dumps(entries).casefold()


def test_an_erasure_at_once_leaves_nothing(office: JourneyOffice, dovecot: Dovecot) -> None:
    """GDPR 17: in store, backups, log and mailbox."""
    reference = receive(office, dovecot)
    erased = office.run("subject", "erase", reference, "--why", "per brief", "--now", "--json").json
    assert (erased["state"], erased["discarded"]) == ("closed", True)
    assert office.files_with(*WORDS) == []
    assert office.run("log", "verify", "--json").json["ok"]


def test_who_may_not_read_a_referral_is_told_how_many_were_not_searched(
    office: JourneyOffice, dovecot: Dovecot
) -> None:
    receive(office, dovecot)
    office.add(WORKER, "social-worker")
    found = office.run("subject", "find", "Kwispelaere", "--json", user=WORKER)
    assert found.json == []
    assert found.err.startswith("1 ")


def test_an_erasure_waits_for_a_case_file_that_the_law_keeps(office: JourneyOffice, dovecot: Dovecot) -> None:
    """P3; GDPR 17.3(b)."""
    reference = receive(office, dovecot)
    office.run("attempt", reference, "--channel", "phone", "--result", "reached")
    office.run("wish", reference, "yes")
    office.run("case", "open", reference, "--number", "2026/17")
    refused = office.run("subject", "erase", reference, "--why", "gevraagd", status=7)
    assert "AVG 17.3(b)" in refused.err


def test_superfluous_data_are_shown_once_and_stored_nowhere(office: JourneyOffice, dovecot: Dovecot) -> None:
    """P3."""
    reference = receive(office, dovecot)
    assert office.run("show", reference, "--json").json["flags"] == ["superfluous"]
    shown = office.run("superfluous", reference, "--json").json
    assert any("Kwakkelmaand" in line for line in shown["superfluous"])
    again = office.run("superfluous", reference, status=7)
    assert f"quality open {reference} --field other --what superfluous" in again.err
    assert office.run("show", reference, "--json").json["flags"] == ["superfluous-seen"]
    assert office.files_with("Kwakkelmaand") == []
