"""From the mailbox to the outcome: the main job, whole, by the program's commands on a real Dovecot."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from intake.archive import Member, pack
from intake.demo.messages import REFERRAL, sample_messages
from intake.workdays import local_date
from tests.dovecot import Dovecot
from tests.journeys.mails import CANARY, form, mail
from tests.journeys.office import ARCHIVE_PASSPHRASE, COLLEAGUE, LEAD, WORKER, JourneyOffice
from tests.sevenzip import SevenZip

CANARY_WORDS = ("Zwaantje", "Kwispelaere", "zwaantje.kwispelaere", "Krakelingstraat", "470123456")


def _deliver_canary(office: JourneyOffice, dovecot: Dovecot, kind: str = "docx", **options: str) -> None:
    archive = pack([Member(*form(kind=kind))], ARCHIVE_PASSPHRASE)
    # The subject names the client, as hurried people do: it must be gone in the end too.
    dovecot.deliver(
        office.mailbox, mail(("fiche.7z", archive), subject="Doorverwijzing Zwaantje Kwispelaere", **options)
    )


def test_five_hundred_referrals_in_mixed_formats_come_in_with_one_poll(
    outside: JourneyOffice, dovecot: Dovecot
) -> None:
    office = outside
    samples = sample_messages(500, 11, ARCHIVE_PASSPHRASE, datetime.now(UTC))
    for sample in samples:
        dovecot.deliver(office.mailbox, sample.raw, received_at=sample.received_at)
    _deliver_canary(office, dovecot)

    first = office.run("poll", "--json").json
    assert first["found"] == 501
    assert first["found"] == first["imported"] + first["quarantined"] + first["known"]
    assert first["known"] == 0
    good = [s for s in samples if s.expected == REFERRAL]
    truth = Counter(client for sample in good for client in sample.clients)
    rows = office.run("list", "--all", "--json").json
    read = Counter(type(CANARY).from_dict(row["client"]) for row in rows)
    assert not read - truth - Counter([CANARY]), "a client on the worklist is not as the sender wrote it"
    assert sum(read.values()) >= 0.9 * sum(truth.values())

    second = office.run("poll", "--json").json
    assert (second["imported"], second["quarantined"]) == (0, 0)
    assert not list((dovecot.maildir(office.mailbox) / "new").iterdir())

    reference = next(row["reference"] for row in rows if row["client"]["last_name"] == "Kwispelaere")
    shown = office.run("show", reference, "--json").json
    assert shown["client"] == CANARY.as_dict()
    assert "attempt" in shown["allowed"]
    office.run("attempt", reference, "--channel", "phone", "--result", "reached", "--note", "Zwaantje belde")
    office.run("wish", reference, "no")
    run = office.run("retention", "run", "--json").json
    assert reference in run["discarded"]
    assert run["waiting"] == []
    assert office.files_with(*CANARY_WORDS) == []
    assert office.run("show", reference, status=1).err.strip()
    assert office.run("log", "verify", "--json").json["ok"]
    assert office.run("doctor").out.count("✓") >= 7


def test_a_worker_who_is_not_assigned_cannot_read_it(office: JourneyOffice, dovecot: Dovecot) -> None:
    office.add(WORKER, "social-worker")
    office.add(COLLEAGUE, "social-worker")
    _deliver_canary(office, dovecot)
    reference = office.run("poll", "--json", user=WORKER).json["references"][0]
    office.run("assign", reference, WORKER[0])

    row = office.run("list", "--json", user=COLLEAGUE).json[0]
    assert (row["reference"], row["client"]) == (reference, None)
    for command in (
        ("show", reference),
        ("show", reference, "--reason", "nieuwsgierig"),
        ("take", reference),
        ("attempt", reference, "--channel", "phone", "--result", "reached"),
        ("case", "hand-over", reference, "--out", office.folder / "uit"),
    ):
        refused = office.run(*command, user=COLLEAGUE, status=None)
        assert refused.status in (4, 7), command
        assert "Kwispelaere" not in refused.out + refused.err
    assert office.run("list", "--json", user=WORKER).json[0]["client"]["last_name"] == "Kwispelaere"
    read_by = {e["user"] for e in office.run("log", "show", "--reference", reference, "--json").json}
    assert COLLEAGUE[0] not in read_by


def test_a_colleagues_keys_open_nothing_in_the_store_file(office: JourneyOffice, dovecot: Dovecot) -> None:
    from intake.rows import REFERRALS
    from storage.directory import sign_in
    from storage.errors import NotAReceiver, RowNotGenuine
    from storage.sealing import Context, open_sealed
    from storage.store import open_store

    office.add(WORKER, "social-worker")
    office.add(COLLEAGUE, "social-worker")
    _deliver_canary(office, dovecot)
    reference = office.run("poll", "--json").json["references"][0]
    office.run("assign", reference, WORKER[0])
    store = open_store(office.store)
    row = store.snapshot().get(REFERRALS, reference)
    assert row is not None
    session = sign_in(store, *COLLEAGUE)
    for receiver in (*row["sealed"]["keys"], COLLEAGUE[0]):
        with pytest.raises((NotAReceiver, RowNotGenuine)):
            open_sealed(row["sealed"], receiver, session.ring.reading, Context("referral", reference))
    own = sign_in(store, *WORKER)
    assert b"Kwispelaere" in open_sealed(
        row["sealed"], WORKER[0], own.ring.reading, Context("referral", reference)
    )
    store.close()


def test_from_attempt_to_case_file_and_hand_over(office: JourneyOffice, dovecot: Dovecot) -> None:
    office.add(WORKER, "social-worker")
    _deliver_canary(office, dovecot)
    reference = office.run("poll", "--json").json["references"][0]
    assert office.run("take", reference, user=WORKER, status=None).status == 4
    office.run("assign", reference, WORKER[0])
    too_early = office.run("wish", reference, "yes", user=WORKER, status=7)
    assert "P3" in too_early.err
    assert too_early.err.count("\n") == 1
    office.run("attempt", reference, "--channel", "phone", "--result", "no-answer", user=WORKER)
    office.run("attempt", reference, "--channel", "visit", "--result", "reached", user=WORKER)
    office.run("wish", reference, "yes", user=WORKER)
    office.run("case", "open", reference, "--number", "2026/0815", user=WORKER)
    out = office.folder / "overdracht"
    office.run("case", "hand-over", reference, "--out", out, "--confirm-later", user=WORKER)
    assert sorted(path.suffix for path in out.iterdir()) == [".csv", ".json", ".pdf"]
    assert "Kwispelaere" in (out / f"{reference}.json").read_text(encoding="utf-8")
    plan = office.run("retention", "plan", "--json").json
    assert (plan["due"], [due["reference"] for due in plan["unconfirmed"]]) == ([], [reference])
    run = office.run("retention", "run", "--json").json
    assert (run["discarded"], run["unconfirmed"]) == ([], [reference])
    office.run("case", "confirm", reference, user=WORKER)
    plan = office.run("retention", "plan", "--json").json
    assert [due["reference"] for due in plan["due"]] == [reference]
    office.run("retention", "run", "--json")
    assert office.files_with(*CANARY_WORDS) == []


def test_the_message_stays_until_it_is_discarded_wherever_a_colleague_moved_it(
    office: JourneyOffice, dovecot: Dovecot
) -> None:
    _deliver_canary(office, dovecot)
    reference = office.run("poll", "--json").json["references"][0]
    processed = dovecot.maildir(office.mailbox, "Verwerkt")
    (stored,) = [p for part in ("cur", "new") for p in (processed / part).iterdir()]
    elsewhere = dovecot.maildir(office.mailbox, "Archief")
    stored.rename(elsewhere / "cur" / (stored.name.split(":")[0] + ":2,"))
    office.run("attempt", reference, "--channel", "phone", "--result", "reached")
    office.run("wish", reference, "no")
    assert office.run("retention", "run", "--json").json["discarded"] == [reference]
    assert office.files_with(*CANARY_WORDS) == []


def test_a_discard_waits_for_the_mailbox_and_goes_on_at_the_next_run(
    office: JourneyOffice, dovecot: Dovecot
) -> None:
    _deliver_canary(office, dovecot)
    reference = office.run("poll", "--json").json["references"][0]
    office.run("attempt", reference, "--channel", "phone", "--result", "reached")
    office.run("wish", reference, "no")
    dovecot.stop()
    try:
        down = office.run("retention", "run", "--json", status=5).json
    finally:
        dovecot.start()
    assert down["waiting"] == [{"reference": reference, "cause": "mailbox-down"}]
    assert [f for f in office.files_with(*CANARY_WORDS) if str(office.store) in f] == []
    assert office.run("retention", "run", "--json").json["discarded"] == [reference]
    assert office.files_with(*CANARY_WORDS) == []


def test_a_mail_put_back_after_its_discard_does_not_come_in_again(
    office: JourneyOffice, dovecot: Dovecot
) -> None:
    archive = pack([Member(*form())], ARCHIVE_PASSPHRASE)
    raw = mail(("fiche.7z", archive))
    dovecot.deliver(office.mailbox, raw)
    reference = office.run("poll", "--json").json["references"][0]
    dovecot.deliver(office.mailbox, raw)
    assert office.run("poll", "--json").json["known"] == 1
    office.run("attempt", reference, "--channel", "phone", "--result", "reached")
    office.run("wish", reference, "no")
    office.run("retention", "run")
    assert office.files_with("Doorverwijzing") == []
    dovecot.deliver(office.mailbox, raw)
    again = office.run("poll", "--json").json
    assert (again["imported"], again["known"]) == (0, 1)
    assert office.files_with("Doorverwijzing") == []
    # Sent again under a new Message-ID it is a new referral: the client may have changed their mind.
    dovecot.deliver(office.mailbox, mail(("fiche.7z", archive)))
    assert office.run("poll", "--json").json["imported"] == 1


def test_nothing_is_discarded_before_its_date(office: JourneyOffice, dovecot: Dovecot) -> None:
    _deliver_canary(office, dovecot)
    reference = office.run("poll", "--json").json["references"][0]
    for part in ("08:00", "14:00", "18:30"):
        dated = f"2026-11-20T{part}"
        office.run(
            "attempt", reference, "--channel", "phone", "--result", "no-answer", "--at", dated, status=None
        )
    assert office.run("retention", "run", "--on", "2099-01-01", status=7).err
    assert office.run("retention", "run", "--json").json["discarded"] == []
    assert office.run("list", "--json").json[0]["client"]["last_name"] == "Kwispelaere"


@pytest.mark.parametrize("headers", ["-mhe=on", "-mhe=off"])
@pytest.mark.parametrize("method", ["LZMA", "LZMA2", "BZip2", "Copy"])
def test_archives_of_the_real_seven_zip_come_in(
    office: JourneyOffice, dovecot: Dovecot, sevenzip: SevenZip, method: str, headers: str
) -> None:
    name, data = form()
    other, second = form(kind="pdf")
    switches = (f"-m0={method}", headers, "-ms=on")
    archive = sevenzip.pack({name: data, f"2 {other}": second}, *switches, passphrase=ARCHIVE_PASSPHRASE)
    dovecot.deliver(office.mailbox, mail(("fiche.7z", archive)))
    polled = office.run("poll", "--json").json
    assert (polled["imported"], len(polled["references"])) == (1, 2)
    flags = office.run("show", polled["references"][0], "--json").json["flags"]
    assert ("names-readable" in flags) == (headers == "-mhe=off")


def test_what_may_not_be_received_is_quarantined_with_its_cause(
    office: JourneyOffice, dovecot: Dovecot, sevenzip: SevenZip
) -> None:
    name, data = form()
    files = {name: data}
    good = sevenzip.pack(files, passphrase=ARCHIVE_PASSPHRASE)
    cases = {
        "unsupported-method": [
            sevenzip.pack(files, "-m0=PPMd", passphrase=ARCHIVE_PASSPHRASE),
            sevenzip.pack(files, "-m0=Deflate", "-mhe=on", passphrase=ARCHIVE_PASSPHRASE),
        ],
        "not-encrypted": [sevenzip.pack(files), sevenzip.pack(files, kind="zip")],
        "weak-encryption": [
            sevenzip.pack(files, "-mem=ZipCrypto", passphrase=ARCHIVE_PASSPHRASE, kind="zip")
        ],
        "unknown-passphrase": [sevenzip.pack(files, passphrase="iets anders")],
        "damaged": [good[: len(good) // 2]],
        "empty-archive": [],
        "no-archive": [b""],
        "unknown-sender": [good],
    }
    for cause, archives in cases.items():
        for archive in archives:
            sender = "iemand@elders.example" if cause == "unknown-sender" else "lien.claes@opgroeien.be"
            attachments = [("fiche.7z", archive)] if archive else []
            dovecot.deliver(office.mailbox, mail(*attachments, sender=sender))
    dovecot.deliver(office.mailbox, mail((name, data)))  # the form itself, in clear
    polled = office.run("poll", "--json").json
    expected = Counter({cause: len(archives) for cause, archives in cases.items() if archives})
    expected["not-encrypted"] += 1
    assert polled["imported"] == 0
    assert polled["quarantined"] == polled["found"] == expected.total()
    rows = office.run("quarantine", "list", "--json").json
    assert Counter(row["cause"] for row in rows) == expected
    assert all(row["sender"] for row in rows)
    dpo = ("dirk", "twee oude molens aan zee")
    office.add(dpo, "dpo")
    assert all(row["sender"] is None for row in office.run("quarantine", "list", "--json", user=dpo).json)
    assert office.run("quarantine", "show", rows[0]["id"], user=dpo, status=4).err
    shown = office.run("quarantine", "show", rows[0]["id"], user=LEAD).out
    assert rows[0]["id"] in shown
    # Whole: each message still lies in the mailbox, in the folder for it.
    folder = dovecot.maildir(office.mailbox, "Quarantaine")
    assert sum(1 for part in ("cur", "new") for _ in (folder / part).iterdir()) == expected.total()


def test_consent_decides_whether_the_client_may_be_contacted(office: JourneyOffice, dovecot: Dovecot) -> None:
    from intake.client import Consent

    for consent in (Consent.NOT_STATED, Consent.DISPUTED):
        archive = pack([Member(*form(consent=consent))], ARCHIVE_PASSPHRASE)
        dovecot.deliver(office.mailbox, mail(("fiche.7z", archive)))
    held, refused = office.run("poll", "--json").json["references"]
    attempt = ("--channel", "phone", "--result", "reached")
    assert office.run("show", held, "--json").json["consent"] == "not-stated"
    assert "overweging C" in office.run("attempt", held, *attempt, status=7).err
    office.run("consent", held, "confirmed", "--why", "afzender antwoordde")
    office.run("attempt", held, *attempt)
    assert office.run("show", refused, "--json").json["consent"] == "disputed"
    assert office.run("retention", "run", "--json").json["discarded"] == [refused]


def test_outside_the_agreement_nothing_is_received(office: JourneyOffice, dovecot: Dovecot) -> None:
    import json

    _deliver_canary(office, dovecot)
    settings = office.run("settings", "show").json
    settings["agreement"]["ended_on"] = local_date(datetime.now(UTC)).isoformat()
    path = office.folder / "settings.json"
    path.write_text(json.dumps(settings), encoding="utf-8")
    office.run("settings", "set", path)
    assert "P5" in office.run("poll", status=7).err
    assert len(list((dovecot.maildir(office.mailbox) / "new").iterdir())) == 1
