"""The protocol's obligations to prove: purpose and counts, measures, quality notices, breaches."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from intake.archive import Member, pack
from intake.client import Client
from intake.workdays import local_date
from tests.journeys.inside import WORDS, ProtocolOffice, text_of
from tests.journeys.mails import CANARY, form, mail
from tests.journeys.obligations import obligation
from tests.journeys.office import ARCHIVE_PASSPHRASE, WORKER
from tests.sevenzip import SevenZip

DPO = ("dirk", "twee oude molens aan zee")


@obligation("purpose")
def test_the_purpose_stands_where_data_are_shown_and_counts_hide_small_cells(
    protocol: ProtocolOffice,
) -> None:
    """P2: shown beside the data; what leaves the office counts nobody out, also after the data are gone."""
    references = [
        protocol.receive(replace(CANARY, first_name=f"Zwaantje{'abcdef'[i]}", phone=f"+3247012{i:02}56"))
        for i in range(6)
    ]
    assert "P2" in protocol.run("show", references[0]).out
    for reference in references[:5]:
        protocol.decline(reference)
    protocol.run("retention", "run")
    inside = protocol.json("stats")
    assert inside["total"]["received"] == 6, "counts outlive the data"
    out = protocol.folder / "cijfers.csv"
    protocol.run("stats", "--csv", out)
    rows = out.read_text(encoding="utf-8-sig")
    assert "<5" in rows, "one of six is a small cell"
    protocol.decline(references[5])
    protocol.run("retention", "run")
    protocol.gone(references[0])


@obligation("evidence")
def test_one_command_makes_the_evidence_without_any_client_in_it(protocol: ProtocolOffice) -> None:
    """P6 "op eenvoudig verzoek": measures, encryption, log, retention, DPO, register; signed, and checked by anyone."""
    protocol.add(DPO, "dpo")
    reference = protocol.receive()
    protocol.decline(reference)
    protocol.run("retention", "run")
    kept = protocol.receive()
    out = protocol.folder / "bewijs.pdf"
    protocol.run("evidence", "--out", out, user=DPO)
    said, facts = text_of(out), json.loads((protocol.folder / "bewijs.json").read_text(encoding="utf-8"))
    assert "0212.181.659" in json.dumps(facts)
    assert "Informatieveiligheidsplan" in json.dumps(facts)
    assert not [word for word in WORDS if word in said + json.dumps(facts, ensure_ascii=False)]
    assert protocol.run("evidence", "verify", protocol.folder / "bewijs.json", user=DPO).out
    entry = protocol.folder / "register.json"
    protocol.run("register", "--out", entry, user=DPO)
    assert "10/1" in entry.read_text(encoding="utf-8"), "the legal ground"
    protocol.decline(kept)
    protocol.run("retention", "run")
    protocol.gone(kept)


@obligation("quality")
def test_a_wrong_datum_is_reported_as_a_draft_with_the_client_only_in_the_archive(
    protocol: ProtocolOffice, sevenzip: SevenZip
) -> None:
    """P7: names the field; open until answered, with a reminder; the personal value only inside AES-256."""
    import email

    protocol.add(WORKER, "social-worker")
    reference = protocol.receive()
    protocol.run("assign", reference, WORKER[0])
    notice = protocol.json(
        *("quality", "open", reference, "--field", "phone", "--what", "wrong", "--value", "0470 65 43 21"),
        user=WORKER,
    )
    (draft,) = protocol.drafts()
    assert not [word for word in (*WORDS, "65 43 21") if word.encode() in draft]
    message = email.message_from_bytes(draft)
    assert message["To"] == "menen@opgroeien.example"
    (archive,) = [part for part in message.walk() if part.get_filename()]
    opened = sevenzip.unpack(archive.get_payload(decode=True), passphrase=ARCHIVE_PASSPHRASE)
    inside = b"".join(opened.values()).decode("utf-8")
    assert "Kwispelaere" in inside
    assert "65 43 21" in inside
    with protocol.later(days=20):
        assert any("quality" in item["kind"] for item in protocol.json("reminders"))
    protocol.run("quality", "answer", notice["id"])
    assert protocol.json("quality", "list") == []
    protocol.reach(reference, user=WORKER)
    protocol.run("wish", reference, "no", user=WORKER)
    protocol.run("retention", "run")
    protocol.gone(reference)
    assert protocol.json("quality", "list", "--all")[0]["field"] == "phone", "that it was reported stays"


@obligation("breach")
def test_a_breach_runs_against_the_clock_and_both_dpos_are_told(protocol: ProtocolOffice) -> None:
    """P9, GDPR 33: 72 hours from when it is known, a draft to both DPOs, closed with measures, kept for ever."""
    protocol.add(DPO, "dpo")
    reference = protocol.receive()
    name, data = form(Client("Karel", "Amrani", phone="+32470999999"))
    protocol.deliver(mail((name, data)))
    protocol.deliver(mail(("fiche.7z", pack([Member(name, data)], "iets anders"))))
    protocol.run("poll")
    (proposal,) = protocol.json("breach", "list")["proposals"]
    assert proposal["cause"] == "not-encrypted"
    known = (datetime.now(UTC) - timedelta(hours=10)).isoformat()
    breach = protocol.json(
        *("breach", "open", "--what", "laptop met overdrachtsfiche gestolen", "--known-at", known),
        *("--reference", reference, "--people", "1", "--measures", "schijf is versleuteld"),
    )
    assert 61 <= breach["hours_left"] <= 62
    assert any("breach" in item["kind"] for item in protocol.json("reminders", user=DPO))
    protocol.run("breach", "notice", breach["id"])
    told = b"".join(protocol.drafts())
    assert b"dpo@ocmw.example" in told
    assert b"dpo@opgroeien.example" in told
    assert b"Kwispelaere" not in told
    (listed,) = protocol.json("breach", "list")["breaches"]
    assert (listed["draft"], listed["noticed_at"]) == ("to-send", None), "a draft tells nobody yet"
    assert 61 <= listed["hours_left"] <= 62, "so the clock runs on"
    protocol.run("breach", "notice", breach["id"], "--sent-at", datetime.now(UTC).isoformat(), user=DPO)
    protocol.run("breach", "close", breach["id"], "--measures", "wachtwoorden vervangen", user=DPO)
    protocol.decline(reference)
    protocol.run("retention", "run")
    protocol.gone(reference)
    assert protocol.json("breach", "list")["breaches"][0]["closed_on"], "every breach is kept"
    law = protocol.json(
        *("task", "open", "--what", "law", "--why", "decreet gewijzigd", "--due"),
        (local_date(datetime.now(UTC)) + timedelta(days=14)).isoformat(),
    )
    protocol.run("task", "done", law["id"], "--proof", "brief van vandaag")
