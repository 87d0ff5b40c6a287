"""The protocol's obligations on the work: keeping, contact, receivers, the log, the client's rights."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from intake.client import Client
from intake.workdays import local_date
from tests.journeys.inside import ProtocolOffice, text_of
from tests.journeys.mails import CANARY
from tests.journeys.obligations import obligation
from tests.journeys.office import COLLEAGUE, LEAD, WORKER

DPO = ("dirk", "twee oude molens aan zee")
PARTNER = Client("Karel", "Amrani", "Krakelingstraat", "12", "3", "8940", "Wervik", "+32470123456")


def try_three_times(office: ProtocolOffice, reference: str) -> None:
    """Attempts the day before, on three parts of it and by two channels, none of which reached anybody."""
    # Not today: in the morning its evening is yet to come.
    day = local_date(datetime.now(UTC) - timedelta(days=1)).isoformat()
    for at, channel, result in (
        ("08:30", "phone", "no-answer"),
        ("14:30", "phone", "voicemail"),
        ("18:30", "visit", "card-left"),
    ):
        office.run("attempt", reference, "--channel", channel, "--result", result, "--at", f"{day}T{at}")


@obligation("keep")
def test_it_is_kept_until_contact_took_place_and_the_wish_is_clear(protocol: ProtocolOffice) -> None:
    """P3 "in ieder geval": no run, no day and no wrong step discards it before; then it goes."""
    reference = protocol.receive()
    assert "P3" in protocol.run("wish", reference, "no", status=7).err
    with protocol.later(days=900):
        assert protocol.json("retention", "run")["discarded"] == []
    protocol.reach(reference)
    protocol.run("wish", reference, "undecided")
    assert protocol.json("retention", "plan")["due"] == []
    assert "undecided" in {d["kind"] for d in protocol.json("show", reference)["deadlines"]}
    with protocol.later(days=900):
        assert protocol.json("retention", "run")["discarded"] == []
    protocol.run("wish", reference, "no")
    assert protocol.json("retention", "run")["discarded"] == [reference]
    protocol.gone(reference)


@obligation("unreachable")
def test_not_reached_is_a_team_leads_decision_after_enough_attempts(protocol: ProtocolOffice) -> None:
    """Attempts on parts of the day, a letter that tells a housemate nothing, a closure with a reason, thirty days."""
    protocol.add(WORKER, "social-worker")
    with protocol.later(days=-3):
        reference = protocol.receive()
    protocol.run("assign", reference, WORKER[0])
    because = ("--because", "unreachable", "--why", "drie keer geprobeerd")
    assert protocol.run("close", reference, *because, status=7).err
    with protocol.later(days=-1):
        try_three_times(protocol, reference)
    assert protocol.json("show", reference, user=WORKER)["letter_proposed"]
    letter = protocol.folder / "brief.pdf"
    protocol.run("letter", reference, "--out", letter, user=WORKER)
    said = text_of(letter)
    assert "Krakelingstraat 12" in said
    for word in ("Kind en Gezin", "Opgroeien", "doorverwijzing", "doorverwezen", reference):
        assert word.lower() not in said.lower()
    letter.unlink()
    assert protocol.run("close", reference, *because, user=WORKER, status=4).err
    protocol.run("close", reference, *because)
    assert protocol.json("retention", "run")["discarded"] == []
    with protocol.later(days=29):
        assert protocol.json("retention", "run")["discarded"] == []
    with protocol.later(days=30):
        assert protocol.json("retention", "run")["discarded"] == [reference]
    protocol.gone(reference)


@obligation("receivers")
def test_only_the_worker_who_helps_reads_it_and_each_disclosure_is_recorded(protocol: ProtocolOffice) -> None:
    """P4: keys decide; a partner of the geïntegreerd breed onthaal gets fields the client agreed to, on record."""
    protocol.add(WORKER, "social-worker")
    protocol.add(COLLEAGUE, "social-worker")
    protocol.add(DPO, "dpo")
    reference = protocol.receive()
    protocol.run("assign", reference, WORKER[0])
    for other in (COLLEAGUE, DPO):
        assert "Kwispelaere" not in protocol.run("show", reference, "--reason", "x", user=other, status=4).err
    give = ("disclose", reference, "--fields", "first_name,phone", "--why", "vraag naar budgethulp")
    known = ("--partner", "CAW Zuid-West-Vlaanderen")
    assert protocol.run(*give, *known, "--client-agrees", user=WORKER, status=7).err, "before any contact"
    protocol.reach(reference, user=WORKER)
    assert protocol.run(*give, *known, user=WORKER, status=7).err, "without the client's agreement"
    assert protocol.run(*give, "--partner", "Sportclub", "--client-agrees", user=WORKER, status=2).err
    passed = protocol.json(*give, *known, "--client-agrees", user=WORKER)
    assert passed["values"] == {"first_name": "Zwaantje", "phone": "+32470123456"}
    (kept,) = protocol.json("disclosures", reference)
    assert (kept["partner"], kept["fields"]) == ("CAW Zuid-West-Vlaanderen", ["first_name", "phone"])
    protocol.run("wish", reference, "no", user=WORKER)
    protocol.run("retention", "run")
    protocol.gone(reference)
    assert len(protocol.json("disclosures")) == 1, "that it was given stays on record"


@obligation("log")
def test_who_saw_what_when_and_why_is_on_record_before_it_is_shown(protocol: ProtocolOffice) -> None:
    """A12: own work by its assignment, another's with a reason, no name of a client anywhere in the log."""
    protocol.add(WORKER, "social-worker")
    protocol.add(DPO, "dpo")
    reference = protocol.receive()
    protocol.run("assign", reference, WORKER[0])
    assert protocol.run("show", reference, status=2).err, "another's asks for a reason"
    assert protocol.run("show", reference, "--reason", "voor mevrouw Kwispelaere", status=2).err
    protocol.run("show", reference, "--reason", "klacht van de burger")
    protocol.run("show", reference, user=WORKER)
    reads = [
        (e["user"], e["reason"])
        for e in protocol.json("log", "show", "--reference", reference, user=DPO)
        if e["action"] == "read"
    ]
    assert reads == [(LEAD[0], "klacht van de burger"), (WORKER[0], "=assigned")]
    protocol.reach(reference, user=WORKER)
    protocol.run("wish", reference, "no", user=WORKER)
    protocol.run("retention", "run")
    assert protocol.json("log", "verify", user=DPO)["ok"]
    log = b"".join(p.read_bytes() for p in (protocol.store / "log").rglob("*") if p.is_file())
    assert b"Kwispelaere" not in log
    assert reference.encode() in log


@obligation("subject")
def test_the_client_is_informed_in_time_and_gets_access_and_erasure(protocol: ProtocolOffice) -> None:
    """GDPR 14, 15, 17: the source is named within a month; what is held is found and exported; a request erases it."""
    reference = protocol.receive()
    received = local_date(datetime.now(UTC))
    due = {d["kind"]: d["on"] for d in protocol.json("show", reference)["deadlines"]}
    assert timedelta(27) < datetime.fromisoformat(due["inform"]).date() - received < timedelta(32)
    protocol.run("attempt", reference, "--channel", "phone", "--result", "reached", "--informed")
    shown = protocol.json("show", reference)
    assert shown["informed_on"] == received.isoformat()
    assert "inform" not in {d["kind"] for d in shown["deadlines"]}
    found = protocol.run("subject", "find", "kwispelaere zwaantje").out
    assert reference in found
    out = protocol.folder / "inzage.json"
    protocol.run("subject", "export", reference, "--out", out)
    told = out.read_text(encoding="utf-8")
    assert "Kwispelaere" in told
    assert "Kind en Gezin" in told
    for path in protocol.folder.glob("inzage.*"):
        path.unlink()
    log = b"".join(p.read_bytes() for p in (protocol.store / "log").rglob("*") if p.is_file())
    assert b"kwispelaere" not in log.lower()
    protocol.run("subject", "erase", reference, "--why", "op vraag van de cliënt")
    protocol.run("retention", "run", status=None)
    protocol.gone(reference)


@obligation("doubles")
def test_the_same_client_again_is_merged_and_adults_are_a_referral_each(protocol: ProtocolOffice) -> None:
    """A double is proposed and merged on confirmation; a housemate is another client; a known one is linked."""
    first = protocol.receive(replace(CANARY, email=None))
    second = protocol.receive(replace(CANARY, last_name="KWISPELAERE", street=None, house_number=None))
    housemate = protocol.receive(PARTNER)
    (like,) = [a for a in protocol.json("show", second)["alike"] if a["reference"] == first]
    assert like["same"][:2] == ["name", "phone"]
    protocol.run("close", second, "--because", "duplicate", "--why", "zelfde cliënt", "--of", first)
    assert protocol.json("show", first)["client"]["email"] == CANARY.email, "what only the double said"
    assert protocol.json("retention", "run")["discarded"] == [second]
    assert protocol.json("show", first)["client"]["last_name"] == "Kwispelaere", "the first and its mail stay"
    assert protocol.json("show", housemate)["state"] == "received"
    protocol.run(
        *("close", housemate, "--because", "already-known", "--why", "hulp loopt al", "--number", "2024/311")
    )
    assert protocol.json("list", "--state", "closed", "--all")[0]["reference"] == housemate
    protocol.decline(first)
    assert set(protocol.json("retention", "run")["discarded"]) == {first, housemate}
    protocol.gone(first, "Kwispelaere", "Amrani")


@obligation("absence")
def test_a_substitute_reads_and_deadlines_go_on(protocol: ProtocolOffice) -> None:
    """Absence has an end date; what nobody took for a working day is told to the team lead."""
    protocol.add(WORKER, "social-worker")
    protocol.add(COLLEAGUE, "social-worker")
    reference = protocol.receive()
    with protocol.later(days=5):
        kinds = {item["kind"] for item in protocol.json("reminders")}
        assert any("unassigned" in kind for kind in kinds)
    protocol.run("assign", reference, WORKER[0])
    due = protocol.json("list")[0]["due_on"]
    until = (local_date(datetime.now(UTC)) + timedelta(days=10)).isoformat()
    protocol.run("user", "absent", WORKER[0], "--until", until, "--substitute", COLLEAGUE[0])
    assert protocol.json("list", user=COLLEAGUE)[0]["due_on"] == due
    assert protocol.json("show", reference, user=COLLEAGUE)["client"]["last_name"] == "Kwispelaere"
    protocol.reach(reference, user=COLLEAGUE)
    with protocol.later(days=12):
        assert protocol.run("show", reference, user=COLLEAGUE, status=4).err
    protocol.run("wish", reference, "no", user=WORKER)
    assert protocol.json("retention", "run")["discarded"] == [reference]
    protocol.gone(reference)
