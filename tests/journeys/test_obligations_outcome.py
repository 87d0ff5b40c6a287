"""The protocol's obligations on the end: case files, discarding everywhere, and that no outcome is ever reported."""

from datetime import UTC, datetime

from intake.workdays import local_date
from tests.journeys.inside import ProtocolOffice, text_of
from tests.journeys.obligations import obligation
from tests.journeys.office import WORKER

SECOND = ("bea", "zeven stille kaden bij nacht")


@obligation("case-external")
def test_a_case_file_elsewhere_takes_the_data_over_once_the_hand_over_is_confirmed(
    protocol: ProtocolOffice,
) -> None:
    """P3: the hand-over sheet is written, someone confirms that it arrived, and only then the intake's copy goes."""
    reference = protocol.receive()
    protocol.case(reference)
    out = protocol.folder / "overdracht"
    protocol.run("case", "hand-over", reference, "--out", out, "--confirm-later")
    sheet = (out / f"{reference}.json").read_text(encoding="utf-8")
    assert "Kwispelaere" in sheet
    assert "2026/0815" in sheet
    with protocol.later(days=100):
        assert protocol.json("retention", "run")["discarded"] == []
        assert protocol.json("retention", "plan")["unconfirmed"][0]["reference"] == reference
    protocol.run("case", "confirm", reference)
    assert protocol.json("retention", "run")["discarded"] == [reference]
    protocol.gone(reference)


@obligation("case-local")
def test_a_case_file_kept_here_is_destroyed_by_two_people_after_ten_years(protocol: ProtocolOffice) -> None:
    """P3: ten years after it was closed it is proposed; a second person approves; never automatic."""
    protocol.add(SECOND, "team-lead")
    protocol.change(case_files="local", selection_rule="SR 2019/7")
    reference = protocol.receive()
    protocol.case(reference)
    protocol.run("case", "close", reference, "--on", local_date(datetime.now(UTC)).isoformat())
    with protocol.later(days=3640):
        assert protocol.json("retention", "run")["discarded"] == []
    with protocol.later(days=3660):
        run = protocol.json("retention", "run")
        assert run["discarded"] == []
        (made,) = run["proposed"]
        assert protocol.run("retention", "approve", made, status=4).err, "not by who proposed it"
        protocol.run("passphrase", "--confirm-secrecy", user=SECOND)
        protocol.run("retention", "approve", made, user=SECOND)
        assert protocol.json("retention", "run")["discarded"] == [reference]
        protocol.gone(reference)
        assert protocol.json("retention", "lists")[0]["id"] == made, "that it was destroyed stays on record"


@obligation("declined")
def test_who_wants_no_help_is_discarded_at_the_next_run_and_a_wrong_click_undone_until_then(
    protocol: ProtocolOffice,
) -> None:
    """P3: outcome, ground and day stand in one table; a team lead reopens until it is discarded; a hold keeps it."""
    reference = protocol.receive()
    protocol.decline(reference)
    (due,) = protocol.json("retention", "plan")["due"]
    assert (due["reference"], due["outcome"]) == (reference, "declined")
    assert due["basis"].startswith("P3")
    protocol.run("reopen", reference, "--why", "verkeerd aangeklikt")
    assert protocol.json("retention", "run")["discarded"] == []
    protocol.run("wish", reference, "no")
    until = local_date(datetime.now(UTC)).isoformat()
    protocol.run("retention", "hold", reference, "--until", until, "--why", "klacht loopt")
    assert protocol.json("retention", "run")["held"] == [reference]
    with protocol.later(days=1):
        assert protocol.json("retention", "run")["discarded"] == [reference]
    protocol.gone(reference)
    assert protocol.run("reopen", reference, "--why", "toch", status=None).status != 0


@obligation("discard")
def test_a_discard_reaches_store_mailbox_drafts_and_backups_and_is_proved(protocol: ProtocolOffice) -> None:
    """Down to the backups and a mail that a colleague moved; a restore brings nothing back; a certificate says so."""
    reference = protocol.receive()
    protocol.run(
        "quality", "open", reference, "--field", "phone", "--what", "wrong", "--value", "0470 65 43 21"
    )
    assert len(protocol.drafts()) == 1
    protocol.run("backup", "create")
    processed = protocol.server.maildir(protocol.mailbox, "Verwerkt")
    (stored,) = [p for part in ("cur", "new") for p in (processed / part).iterdir()]
    moved = (
        protocol.server.maildir(protocol.mailbox, "Archief") / "cur" / (stored.name.split(":")[0] + ":2,S")
    )
    stored.rename(moved)
    assert protocol.run("retention", "verify", reference, status=7).err, "it is still kept"
    protocol.decline(reference)
    protocol.server.stop()
    try:
        assert protocol.json("retention", "run", status=5)["waiting"][0]["cause"] == "mailbox-down"
    finally:
        protocol.server.start()
    assert protocol.json("retention", "run")["discarded"] == [reference]
    proved = protocol.json("retention", "verify", reference)
    assert proved["clean"], proved
    assert protocol.drafts() == []
    protocol.gone(reference)
    certificate = protocol.folder / "verklaring.pdf"
    protocol.run("retention", "certificate", reference, "--out", certificate)
    said = text_of(certificate)
    assert reference in said
    assert "Kwispelaere" not in said
    backup = protocol.json("backup", "list")[0]["file"]
    protocol.run("backup", "restore", backup)
    protocol.run("log", "accept", "--why", "teruggezet na een oefening")
    assert protocol.json("list", "--all") == []
    protocol.gone(reference)


@obligation("no-outcome")
def test_nothing_that_goes_back_to_the_sender_tells_how_it_ended(protocol: ProtocolOffice) -> None:
    """Only what P6, P7 and P9 name goes back, as drafts a person sends; never a state, a wish, an outcome or a number."""
    protocol.add(WORKER, "social-worker")
    reference = protocol.receive()
    protocol.run("assign", reference, WORKER[0])
    protocol.case(reference, "2026/0815")
    protocol.run("quality", "open", reference, "--field", "street", "--what", "outdated", user=WORKER)
    protocol.run(
        *("breach", "open", "--what", "brief verkeerd bezorgd", "--known-at", datetime.now(UTC).isoformat()),
        *("--reference", reference),
    )
    (breach,) = protocol.json("breach", "list")["breaches"]
    protocol.run("breach", "notice", breach["id"])
    drafts = b"\n".join(protocol.drafts()).decode("utf-8", "replace").lower()
    assert drafts.count("message-id:") >= 2
    told = ("2026/0815", "cliëntdossier", "wenst hulp", "kwispelaere", "wants", "case-open", "gecontacteerd")
    assert [word for word in told if word in drafts] == []
    protocol.run("case", "hand-over", reference, "--out", protocol.folder / "uit")
    for path in (protocol.folder / "uit").iterdir():
        path.unlink()
    protocol.run("retention", "run")
    protocol.gone(reference)
