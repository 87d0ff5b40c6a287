"""Quarantine by commands, on a real mailbox: a new passphrase, by hand, a rejection with its draft, and what is left."""

import json

from intake.archive import Member, pack
from tests.dovecot import Dovecot
from tests.journeys.inside import ProtocolOffice
from tests.journeys.mails import CANARY, form, mail

OTHER = "een zin van een andere afdeling"


def test_quarantine_from_message_to_end(protocol: ProtocolOffice, dovecot: Dovecot) -> None:
    for _ in range(2):
        protocol.deliver(mail(("fiche.7z", pack([Member(*form())], OTHER))))
    protocol.deliver(mail(form()))
    assert protocol.json("poll")["quarantined"] == 3
    first, second, plain = protocol.json("quarantine", "list")
    assert first["cause"] == second["cause"] == "unknown-passphrase"
    assert plain["cause"] == "not-encrypted"
    assert protocol.json("quarantine", "show", plain["id"])["goes_on"] > plain["received_at"][:10]

    # Read again: with nothing new it stays, with the right passphrase from a file it becomes a referral.
    protocol.run("quarantine", "retry", status=2)
    protocol.run("quarantine", "retry", "Q2026-9999", status=1)
    (stayed,) = protocol.json("quarantine", "retry", first["id"])
    assert (stayed["references"], stayed["cause"]) == ([], "unknown-passphrase")
    wrong = protocol.folder / "fout.txt"
    wrong.write_text("helemaal fout\n", encoding="utf-8")
    refused = protocol.run("quarantine", "retry", first["id"], "--archive-passphrase-file", wrong, status=2)
    assert "helemaal fout" not in refused.err
    right = protocol.folder / "nieuw.txt"
    right.write_text(OTHER + "\n", encoding="utf-8")
    (became,) = protocol.json(
        "quarantine", "retry", first["id"], "--archive-passphrase-file", right, "--label", "winter"
    )
    (reference,) = became["references"]
    assert protocol.json("show", reference)["client"]["last_name"] == CANARY.last_name

    # By hand: fields from standard input, refused as a whole when one is wrong, and nothing of them in the error.
    person = {"last_name": "Maes", "first_name": "An", "phone": "0470 99 88 77", "consent": "confirmed"}
    for bad in (
        "geen json",
        "[]",
        json.dumps(person | {"phone": "0470-geheim"}),
        json.dumps(person | {"consent": "misschien"}),
        json.dumps({k: v for k, v in person.items() if k != "consent"}),
        json.dumps(person | {"diagnose": "geheim"}),
    ):
        refused = protocol.run("quarantine", "register", second["id"], typed=bad, status=2)
        assert "geheim" not in refused.err and "misschien" not in refused.err
    made = protocol.json("quarantine", "register", second["id"], typed=json.dumps([person]))
    shown = protocol.json("show", made["reference"])
    assert shown["received_at"] == second["received_at"]
    assert (shown["flags"], shown["client"]["phone"]) == (["by-hand"], "+32470998877")

    # Rejected: the sender is told by a draft without client data, the breach stays proposed, the mail goes and is gone.
    protocol.run("quarantine", "reject", plain["id"], status=2)
    done = protocol.json("quarantine", "reject", plain["id"], "--why", "onversleuteld, afzender gebeld")
    assert done == {"id": plain["id"], "because": "not-encrypted", "draft": True, "incident": True}
    (draft,) = protocol.drafts()
    assert plain["id"].encode() in draft
    assert CANARY.last_name.encode() not in draft
    assert protocol.json("quarantine", "list") == []
    assert [p["quarantine"] for p in protocol.json("breach", "list")["proposals"]] == [plain["id"]]
    protocol.run("breach", "open", "--quarantine", plain["id"])
    ran = protocol.json("retention", "run")
    assert ran["waiting"] == []
    # What is left in the mailbox is the two messages of the referrals and the draft.
    assert len(protocol.files_with("Doorverwijzing")) <= 2

    # The referrals go as any other, and with them their messages.
    for one in (reference, made["reference"]):
        protocol.decline(one)
    assert set(protocol.json("retention", "run")["discarded"]) == {reference, made["reference"]}
    folder = dovecot.maildir(protocol.mailbox, "Verwerkt")
    assert [p for part in ("cur", "new") for p in (folder / part).iterdir()] == []
    protocol.gone(reference)
    protocol.gone(made["reference"], "Maes", "470998877")
    assert OTHER not in json.dumps(protocol.json("log", "show"))
    assert protocol.run("doctor", status=None).status in (0, 1)
