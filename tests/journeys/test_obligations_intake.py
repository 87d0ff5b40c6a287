"""The protocol's obligations on what comes in: consent, duration, fields, encryption, the agreement's other terms."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from intake.archive import Member, pack
from intake.client import CLIENT_FIELDS, Consent
from intake.workdays import local_date
from tests.journeys.inside import ProtocolOffice
from tests.journeys.mails import CANARY, form, mail
from tests.journeys.obligations import obligation
from tests.journeys.office import ARCHIVE_PASSPHRASE, LEAD, WORKER
from tests.sevenzip import SevenZip

STRANGER = replace(CANARY, postcode="8500", municipality="Kortrijk")


@obligation("consent")
def test_nobody_is_contacted_before_the_consent_is_confirmed(protocol: ProtocolOffice) -> None:
    """Not stated is held and asked; withdrawn is stopped and discarded at once; a foreign postcode is only flagged."""
    held = protocol.receive(consent=Consent.NOT_STATED)
    refused = protocol.receive(consent=Consent.WITHDRAWN)
    foreign = protocol.receive(STRANGER)

    attempt = ("--channel", "phone", "--result", "reached")
    assert "overweging C" in protocol.run("attempt", held, *attempt, status=7).err
    protocol.run("ask", held)
    (draft,) = protocol.drafts()
    assert b"Kwispelaere" not in draft
    shown = protocol.json("show", held)
    assert (shown["consent"], shown["deadlines"][0]["kind"]) == ("not-stated", "sender-answer")
    assert "attempt" in shown["refused"], "the screen shows why it is greyed"

    assert protocol.json("retention", "run")["discarded"] == [refused]
    assert protocol.json("show", foreign)["flags"] == ["foreign-postcode"]
    assert "attempt" in protocol.json("show", foreign)["allowed"], "never rejected by machine"
    # A worker who has not confirmed professional secrecy for a year sees nobody's data (A2).
    protocol.add(WORKER, "social-worker")
    protocol.run("assign", foreign, WORKER[0])
    with protocol.later(LEAD, days=400):
        assert "beroepsgeheim" in protocol.run("show", foreign, user=WORKER, status=4).err
        protocol.run("passphrase", "--confirm-secrecy", user=WORKER)
        assert protocol.json("show", foreign, user=WORKER)["client"]["last_name"] == "Kwispelaere"

    # The sender answers that the client does not agree: it goes at once, everywhere, and the draft with it.
    protocol.run("consent", held, "disputed", "--why", "cliënt wil niet")
    protocol.run("close", foreign, "--because", "wrong-ocmw", "--why", "woont in Kortrijk")
    assert set(protocol.json("retention", "run")["discarded"]) == {held, foreign}
    assert protocol.drafts() == []
    protocol.gone(held)


@obligation("duration")
def test_data_flow_only_while_the_agreement_runs(protocol: ProtocolOffice) -> None:
    """Before its start, after its end and after six months' notice nothing is taken in; open referrals are finished."""
    reference = protocol.receive()
    today = local_date(datetime.now(UTC))
    protocol.change(agreement={"notice_given_on": today})
    protocol.send()
    assert protocol.json("poll")["found"] == 1, "the notice period goes on"
    kinds = {item["kind"] for item in protocol.json("reminders")}
    with protocol.later(days=150):
        kinds |= {item["kind"] for item in protocol.json("reminders")}
    assert "agreement" in kinds, "its end is told beforehand"
    with protocol.later(days=190):
        protocol.send()
        assert "P5" in protocol.run("poll", status=7).err
        inbox = protocol.server.maildir(protocol.mailbox)
        assert len([p for part in ("cur", "new") for p in (inbox / part).iterdir()]) == 1, "left untouched"
        protocol.decline(reference)
        protocol.run("close", "D2026-0002", "--because", "wrong-ocmw", "--why", "verhuisd")
        assert len(protocol.json("retention", "run")["discarded"]) == 2
    protocol.change(agreement={"notice_given_on": None, "in_force_from": today + timedelta(days=1)})
    assert "P5" in protocol.run("poll", status=7).err


@obligation("fields")
def test_only_the_fields_of_article_three_are_kept(protocol: ProtocolOffice) -> None:
    """Superfluous data are stored nowhere and shown once; special categories go to quarantine for lead and DPO."""
    name, data = (
        "fiche.txt",
        (
            "Voornaam: Zwaantje\nNaam: Kwispelaere\nTelefoon: 0470 12 34 56\nE-mail: zwaantje.kwispelaere@example.com\n"
            "Toestemming: ja, de cliënt stemt in\nAantal kinderen: drie, Pompoentje is de oudste\n"
        ).encode(),
    )
    protocol.deliver(mail(("fiche.7z", pack([Member(name, data)], ARCHIVE_PASSPHRASE))))
    (reference,) = protocol.json("poll")["references"]
    shown = protocol.json("show", reference)
    assert set(shown["client"]) == set(CLIENT_FIELDS)
    assert "superfluous" in shown["flags"]
    assert protocol.files_with("Pompoentje") == []
    assert "Pompoentje" in protocol.run("superfluous", reference).out
    again = protocol.run("superfluous", reference, status=None)
    assert again.status != 0, "shown once"
    assert "Pompoentje" not in again.out + again.err
    protocol.run("quality", "open", reference, "--field", "other", "--what", "superfluous")
    assert b"Pompoentje" not in b"".join(protocol.drafts())

    ill = data.replace(b"drie, Pompoentje is de oudste", b"mevrouw is zwanger")
    protocol.deliver(mail(("fiche.7z", pack([Member(name, ill)], ARCHIVE_PASSPHRASE))))
    assert protocol.json("poll")["quarantined"] == 1
    (item,) = protocol.json("quarantine", "list")
    assert item["cause"] == "special-category"
    protocol.decline(reference)
    assert protocol.json("retention", "run")["discarded"] == [reference]
    assert protocol.json("retention", "verify", reference)["clean"]


@obligation("encryption")
def test_only_aes_256_archives_become_referrals_and_the_others_are_incidents(
    protocol: ProtocolOffice, sevenzip: SevenZip
) -> None:
    """The method of each archive is recorded; unencrypted, weak or plain ones are proposed as a breach."""
    protocol.send()
    name, data = form()
    protocol.deliver(
        mail(("fiche.7z", sevenzip.pack({name: data}, "-mhe=off", passphrase=ARCHIVE_PASSPHRASE)))
    )
    protocol.deliver(mail(("fiche.7z", sevenzip.pack({name: data}))))
    zipped = sevenzip.pack({name: data}, "-mem=ZipCrypto", passphrase=ARCHIVE_PASSPHRASE, kind="zip")
    protocol.deliver(mail(("fiche.zip", zipped)))
    protocol.deliver(mail((name, data)))
    polled = protocol.json("poll")
    assert (polled["imported"], polled["quarantined"]) == (2, 3)
    one, readable = polled["references"]
    assert "names-readable" in protocol.json("show", readable)["flags"], "a quality remark"
    entries = [e for e in protocol.json("log", "show", "--reference", one) if e["action"] == "import"]
    assert "AES" in entries[0]["detail"]["method"]
    proposals = protocol.json("breach", "list")["proposals"]
    assert {p["cause"] for p in proposals} == {"not-encrypted", "weak-encryption"}
    protocol.run("breach", "open", "--quarantine", proposals[0]["quarantine"])
    assert len(protocol.json("breach", "list")["proposals"]) == len(proposals) - 1
    for reference in (one, readable):
        protocol.decline(reference)
    assert set(protocol.json("retention", "run")["discarded"]) == {one, readable}


@obligation("ended")
def test_an_end_at_once_freezes_the_intake_the_same_day(protocol: ProtocolOffice) -> None:
    """P8: Opgroeien may end it by simple notice; what is open is finished, nothing new comes in."""
    reference = protocol.receive()
    protocol.change(agreement={"ended_on": local_date(datetime.now(UTC))})
    protocol.send()
    assert "P5" in protocol.run("poll", status=7).err
    protocol.decline(reference)
    assert protocol.json("retention", "run")["discarded"] == [reference]
    assert protocol.json("list", "--all") == []


@obligation("processors")
def test_a_changed_list_of_processors_is_a_new_version_to_send(protocol: ProtocolOffice) -> None:
    """P6, P9: the list is exchanged and kept current; each change becomes a task with a proof."""
    protocol.receive()
    before = protocol.run("settings", "show").json["agreement"]
    other = {"name": "Archief NV", "service": "back-up", "country": "België", "agreement_on": "2026-10-01"}
    protocol.change(agreement={"processors": [*before["processors"], other]})
    after = protocol.run("settings", "show").json["agreement"]
    assert after["processors_version"] == before["processors_version"] + 1
    assert after["processors_sent_on"] is None
    (task,) = protocol.json("task", "list")
    assert task["what"] == "processors"
    protocol.run("task", "done", task["id"], "--proof", "mail aan dpo@opgroeien.example van vandaag")
    assert protocol.json("task", "list") == []
    protocol.run("evidence", "--out", protocol.folder / "bewijs.pdf")
    assert "Archief NV" in (protocol.folder / "bewijs.json").read_text(encoding="utf-8")


@obligation("publication")
def test_where_the_agreement_is_published_is_checked_each_year(protocol: ProtocolOffice) -> None:
    """A, advice: both websites; the address and the last look are in the evidence, an old look is told."""
    protocol.receive()
    today = local_date(datetime.now(UTC))
    page = {"by": "OCMW Wervik", "url": "https://ocmw.example/protocol", "checked_on": today}
    protocol.change(agreement={"publications": [page]})
    kinds = {item["kind"] for item in protocol.json("reminders")}
    assert not any("publication" in kind for kind in kinds)
    with protocol.later(days=380):
        assert any("publication" in item["kind"] for item in protocol.json("reminders"))
    protocol.run("evidence", "--out", protocol.folder / "bewijs.pdf")
    assert "https://ocmw.example/protocol" in (protocol.folder / "bewijs.json").read_text(encoding="utf-8")
