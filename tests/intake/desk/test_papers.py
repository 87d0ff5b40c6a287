"""Papers from a real mailbox to the file on disk: proof without a client in it, logged before it is written (P2, P6)."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from intake.archive import Member, pack
from intake.client import Client, Consent
from intake.demo.agreement import AGREEMENT
from intake.desk import Desk
from intake.desk.work import AttemptRequest
from intake.errors import NotLawful, WrongUse
from intake.paperwork.evidence import (
    EvidenceByAnother,
    EvidenceNotGenuine,
    EvidenceUnreadable,
    digest_of,
    verified,
)
from intake.paperwork.evidence_pdf import evidence_pdf
from intake.paperwork.letter import NoAddress, NoContactData
from intake.paperwork.register import register_entry, register_pdf
from intake.referral import Channel, Closure, Result, Wish
from intake.staff import Role
from intake.texts import set_language
from intake.workdays import local_date
from storage.errors import LogBroken, RowNotGenuine
from storage.journal import Event
from storage.sealing import sign_row
from tests.intake.desk.conftest import SECRET, DeskOffice
from tests.intake.paperwork.reading import all_bytes, filled, text_of
from tests.journeys.mails import form, mail
from tests.tui.office import CLIENTS, ELS, LEAD, TestOffice, found_office

CANARIES = tuple(
    Client(
        f"Vink{n}",
        f"Kwispelaere{n}",
        f"Krakelingstraat{n}",
        f"{7000 + n}",
        f"z{n}",
        f"8{n:03d}",
        f"Kanariegem{n}",
        f"+3247012{n:04d}",
        f"kanarie{n}@voorbeeld.example",
    )
    for n in range(1, 13)
)


def words(client: Client) -> list[str]:
    """What of a client is like no other number or word."""
    return [
        value
        for name, value in client.as_dict().items()
        if value and name not in ("box", "postcode", "house_number")
    ]


@pytest.fixture
def small(tmp_path: Path) -> TestOffice:
    """An office with twelve canaries: worked, noted, closed and discarded; and the demo's agreement."""
    office = found_office(tmp_path)
    with office.desk(LEAD) as lead:
        lead.settings.change(lead.settings.show().model_copy(update={"agreement": AGREEMENT}))
    references = office.receive(CANARIES)
    office.clock.forward(hours=2)
    with office.desk(LEAD) as lead:
        for reference in references[:7]:
            lead.work.attempt(
                AttemptRequest(reference, Channel.PHONE, Result.REACHED, note="Kwispelaere belde")
            )
            lead.work.wish(reference, Wish.NO)
        lead.work.close(references[7], Closure.WRONG_OCMW, "woont in Kanariegem7")
    return office


def last_export(desk: Desk) -> dict[str, object]:
    entry = list(desk.office.store.journal.entries())[-1]
    assert entry.action == "export"
    return {"references": list(entry.references), **entry.detail}


def test_nothing_of_a_client_is_in_any_paper(small: TestOffice, tmp_path: Path) -> None:
    """P6: the evidence may go to Opgroeien as it is; P2: the numbers too."""
    with small.desk(LEAD) as lead:
        paper, document = lead.papers.evidence(tmp_path / "bewijs.pdf")
        csv = lead.papers.statistics_file(lead.papers.statistics(), tmp_path / "cijfers.csv")
        entry = lead.papers.register(tmp_path / "register.json")
        printed = lead.papers.register(tmp_path / "register.pdf")
    found = (
        b"\n".join(
            [
                document.read_bytes(),
                csv.read_bytes(),
                entry.read_bytes(),
                *(
                    part
                    for pdf in (paper, printed)
                    for part in (all_bytes(pdf.read_bytes()), text_of(pdf.read_bytes()).encode())
                ),
            ]
        )
        .decode("latin-1")
        .lower()
    )
    assert "sint-maartensplein" in found
    assert [word for client in CANARIES for word in words(client) if word.lower() in found] == []
    assert "d2026-" not in found


def test_the_evidence_tells_what_article_6_asks(small: TestOffice, tmp_path: Path) -> None:
    with small.desk(LEAD) as lead:
        paper, document = lead.papers.evidence(tmp_path / "bewijs.pdf")
        fingerprint = lead.user.key_id
        entries = sum(1 for _entry in lead.office.store.journal.entries())
    data = document.read_bytes()
    told = json.loads(data)
    assert {m["kind"] for m in told["measures"]} >= {"security-policy", "security-plan", "register"}
    assert told["dpo"]["email"] == "dpo@ocmw.example"
    assert (told["processors"]["version"], len(told["processors"]["list"])) == (2, 1)
    assert [p["by"] for p in told["publications"]] == ["OCMW Wervik", "Opgroeien"]
    assert told["log"]["holds"]
    # The export itself is logged after what it tells of the log.
    assert told["log"]["entries"] == entries - 1
    assert told["staff"]["active_by_role"]["social-worker"] == 2
    assert told["staff"]["secrecy_due"] == 0
    assert told["counts"][0]["received"] == 12
    assert told["counts"][0]["wish-no"] == 7
    assert told["counts"][0]["ended-wrong-ocmw"] == "<5"
    assert told["register"]["data"][:9] == list(Client.__dataclass_fields__)
    said = text_of(paper.read_bytes()).replace("\n", "")
    assert digest_of(data) in said
    assert fingerprint in said


def test_the_paper_tells_what_was_left_out_from_what_is_small(small: TestOffice, tmp_path: Path) -> None:
    with small.desk(LEAD) as lead:
        _paper, document = lead.papers.evidence(tmp_path / "bewijs.pdf")
    set_language("nl")
    told = json.loads(document.read_bytes())
    told["encryption"]["referrals_by_method"] = {"AES-256+LZMA2": None, "by-hand": "<5"}
    said = text_of(evidence_pdf(told, b"")).replace("\n", " ")
    assert "AES-256+LZMA2 … Met de hand geregistreerd <5" in said
    assert "<5 minder dan vijf · … weggelaten, omdat het een klein getal zou verraden" in said
    assert "by-hand" not in said


def test_the_evidence_can_be_checked_without_the_office(small: TestOffice, tmp_path: Path) -> None:
    with small.desk(LEAD) as lead:
        _paper, document = lead.papers.evidence(tmp_path / "bewijs.pdf")
        assert lead.papers.check_evidence(document.read_bytes()).by == LEAD
        fingerprint = lead.user.key_id
    data = document.read_bytes()
    assert verified(data, fingerprint=fingerprint).by == LEAD
    with pytest.raises(EvidenceByAnother):
        verified(data, fingerprint="0" * 32)
    for change in (
        lambda d: d["staff"].update(secrecy_due=0, secrecy_confirmed=99),
        lambda d: d["signed"].update(name="Iemand Anders"),
        lambda d: d.update(extra=1),
    ):
        altered = orjson.loads(data)
        change(altered)
        with pytest.raises(EvidenceNotGenuine):
            verified(orjson.dumps(altered))
    with pytest.raises(EvidenceUnreadable):
        verified(b"{}")
    with pytest.raises(EvidenceUnreadable):
        verified(b"[" * 5000)


def test_another_office_does_not_take_it_for_its_own(small: TestOffice, tmp_path: Path) -> None:
    """Anyone can make keys of the same name; the list of users decides whose evidence it is."""
    with small.desk(LEAD) as lead:
        _paper, document = lead.papers.evidence(tmp_path / "bewijs.pdf")
    (tmp_path / "elders").mkdir()
    other = found_office(tmp_path / "elders", senders=("elders.example",))
    with other.desk(LEAD) as stranger, pytest.raises(EvidenceByAnother):
        stranger.papers.check_evidence(document.read_bytes())


def test_no_paper_is_written_before_it_is_logged(
    small: TestOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Design: no log, no text."""

    def broken(*_arguments: object) -> None:
        raise LogBroken(where="2026.jsonl:1", what="edited")

    with small.desk(LEAD) as lead:
        statistics, reference = lead.papers.statistics(), lead.work.worklist()[0].referral.reference
        with monkeypatch.context() as patch:
            patch.setattr(lead.office.store.journal, "append", broken)
            for write in (
                lambda: lead.papers.evidence(tmp_path / "a.pdf"),
                lambda: lead.papers.statistics_file(statistics, tmp_path / "b.csv"),
                lambda: lead.papers.register(tmp_path / "c.pdf"),
                lambda: lead.papers.letter(reference, tmp_path / "d.pdf"),
            ):
                with pytest.raises(LogBroken):
                    write()
        assert [p.name for p in tmp_path.iterdir() if p.name != "store"] == []


def test_each_paper_is_told_in_the_log(small: TestOffice, tmp_path: Path) -> None:
    with small.desk(LEAD) as lead:
        lead.papers.evidence(tmp_path / "a.pdf")
        assert last_export(lead) == {"references": [], "what": "evidence"}
        lead.papers.register(tmp_path / "c.json")
        assert last_export(lead) == {"references": [], "what": "register"}
        lead.papers.statistics_file(lead.papers.statistics(), tmp_path / "b.csv")
        assert last_export(lead) == {"references": [], "what": "statistics"}
        reference = lead.work.worklist()[0].referral.reference
        lead.papers.letter(reference, tmp_path / "d.pdf")
        assert last_export(lead) == {"references": [reference], "what": "letter"}


def test_nothing_is_overwritten(small: TestOffice, tmp_path: Path) -> None:
    (tmp_path / "bewijs.json").write_text("van gisteren")
    with small.desk(LEAD) as lead:
        with pytest.raises(WrongUse):
            lead.papers.evidence(tmp_path / "bewijs.pdf")
        with pytest.raises(WrongUse):
            lead.papers.register(tmp_path / "register.docx")
        with pytest.raises(WrongUse):
            lead.papers.register(tmp_path / "nergens" / "register.pdf")
    assert [p.name for p in tmp_path.iterdir() if p.name != "store"] == ["bewijs.json"]
    assert (tmp_path / "bewijs.json").read_text() == "van gisteren"


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no file modes")
def test_a_letter_is_its_writers_alone(small: TestOffice, tmp_path: Path) -> None:
    with small.desk(LEAD) as lead:
        path = lead.papers.letter(lead.work.worklist()[0].referral.reference, tmp_path / "brief.pdf")
    assert path.stat().st_mode & 0o077 == 0


def test_a_letter_is_lawful_where_an_attempt_is(tmp_path: Path) -> None:
    """Recital C: without consent nobody writes either."""
    office = found_office(tmp_path)
    (held,) = office.receive(CLIENTS[:1], consent=Consent.NOT_STATED)
    (reachable, homeless) = office.receive([CLIENTS[1], Client("An", "Maes", phone="+32470123456")])
    with office.desk(LEAD) as lead:
        with pytest.raises(NotLawful) as refused:
            lead.papers.letter(held, tmp_path / "brief.pdf")
        assert refused.value.exit_code == 7
        with pytest.raises(NoContactData) as unset:
            lead.papers.letter(reachable, tmp_path / "brief.pdf")
        assert unset.value.exit_code == 3
        lead.settings.change(lead.settings.show().model_copy(update={"agreement": AGREEMENT}))
        with pytest.raises(NoAddress):
            lead.papers.letter(homeless, tmp_path / "brief.pdf")
        lead.work.assign([reachable], ELS)
        letter = lead.papers.letter(reachable, tmp_path / "brief.pdf")
        said = " ".join(text_of(letter.read_bytes()).split())
        assert "Jan Peeters" in said and "We willen graag contact met u opnemen." in said
        lead.work.attempt(AttemptRequest(reachable, Channel.PHONE, Result.NO_ANSWER))
        again = lead.papers.letter(reachable, tmp_path / "brief-2.pdf")
        assert "tot nu toe niet bereiken" in " ".join(text_of(again.read_bytes()).split())
    assert "Vraag naar els" in " ".join(text_of(letter.read_bytes()).split())


@pytest.fixture
def mailed(office: DeskOffice) -> Iterator[DeskOffice]:
    lead = office.lead
    lead.settings.change(lead.settings.show().model_copy(update={"agreement": AGREEMENT}))
    yield office


def test_the_fiche_comes_back_by_mail_without_loss(mailed: DeskOffice, tmp_path: Path) -> None:
    """P3, P6: filled in, packed, mailed, polled: the client and the consent as they were typed."""
    client = Client("Noémie", "'t Jonck", "Koestraat", "12B", "3", "8940", "Wervik", "+32470123456")
    packed = mailed.lead.papers.pack(filled(client), ".pdf")
    mailed.server.deliver(mailed.mailbox, mail(("doorverwijzing.7z", packed.archive)))
    (reference,) = mailed.lead.polling.poll().references
    view = mailed.lead.work.open(reference)
    assert view.payload.client == client
    assert view.referral.consent is Consent.CONFIRMED
    assert view.referral.flags == ()


def test_the_evidence_tells_what_came_unencrypted_and_what_was_discarded(
    mailed: DeskOffice, tmp_path: Path
) -> None:
    """P6: each archive's method is checked and recorded; P3: what was due is gone."""
    for _number in range(6):
        mailed.send()
    mailed.server.deliver(mailed.mailbox, mail(form(kind="docx")))
    lead = mailed.lead
    references = lead.polling.poll().references
    for reference in references[:5]:
        lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
        lead.work.wish(reference, Wish.NO)
    lead.retention.run()
    _paper, document = lead.papers.evidence(tmp_path / "bewijs.pdf")
    told = json.loads(document.read_bytes())
    assert told["encryption"]["messages_against_it"]["not-encrypted"] == 1
    assert told["encryption"]["all_aes_256"]
    assert list(told["encryption"]["referrals_by_method"].values()) == [6]
    assert told["retention"]["last_run_days"] == [lead.office.today().isoformat()]
    assert told["retention"]["discarded_by_outcome"] == {"declined": 5}
    assert told["retention"]["still_to_discard"] == 0
    assert told["backups"]["count"] >= 1


def test_quarantine_is_counted_by_the_day_it_happened(mailed: DeskOffice) -> None:
    mailed.server.deliver(mailed.mailbox, mail(form(kind="docx")))
    mailed.lead.polling.poll()
    total = mailed.lead.papers.statistics().total
    assert {cause.value: count for cause, count in total.quarantine.items()} == {"not-encrypted": 1}
    tomorrow = local_date(datetime.now(UTC)) + timedelta(days=2)
    assert not mailed.lead.papers.statistics(since=tomorrow).total.quarantine


def test_the_dpo_makes_the_evidence_and_reads_no_client(mailed: DeskOffice, tmp_path: Path) -> None:
    mailed.server.deliver(mailed.mailbox, mail(("fiche.7z", pack([Member(*form())], SECRET))))
    mailed.lead.polling.poll()
    dpo = mailed.add("dirk", Role.DPO)
    paper, document = dpo.papers.evidence(tmp_path / "bewijs.pdf")
    assert dpo.papers.check_evidence(document.read_bytes()).by == "dirk"
    assert paper.exists()
    assert date.fromisoformat(json.loads(document.read_bytes())["made_at"][:10])


def test_notices_and_breaches_are_counted_by_state_whoever_wrote_them(
    small: TestOffice, tmp_path: Path
) -> None:
    """P7, P9: how many stand open and how many are closed, and not what they are about."""
    with small.desk(LEAD) as lead:
        signer = lead.office.session.signer
        rows = {"quality": [None, "2026-11-18", None], "breaches": ["2026-11-18"]}
        closed = {"quality": "answered_on", "breaches": "closed_on"}
        with lead.office.store.transaction(signer) as tx:
            for table, days in rows.items():
                for number, day in enumerate(days):
                    tx.put(
                        table,
                        f"K{number}",
                        sign_row({closed[table]: day, "text": "kanarie"}, signer, table, f"K{number}"),
                    )
            tx.record(Event("quality"))
        _paper, document = lead.papers.evidence(tmp_path / "bewijs.pdf")
        told = json.loads(document.read_bytes())
        assert told["registers"] == {"quality": {"closed": 1, "open": 2}, "breaches": {"closed": 1}}
        assert b"kanarie" not in document.read_bytes()
        with lead.office.store.transaction(signer) as tx:
            tx.put("breaches", "K9", {**(tx.get("breaches", "K0") or {}), "closed_on": None})
            tx.record(Event("quality"))
        with pytest.raises(RowNotGenuine):
            lead.papers.evidence(tmp_path / "later.pdf")


def test_the_same_facts_make_the_same_bytes(small: TestOffice, tmp_path: Path) -> None:
    with small.desk(LEAD) as lead:
        _paper, document = lead.papers.evidence(tmp_path / "bewijs.pdf")
        entry = register_entry(lead.settings.show(), lead.office.today())
    data = document.read_bytes()
    assert evidence_pdf(orjson.loads(data), data) == evidence_pdf(orjson.loads(data), data)
    assert (tmp_path / "bewijs.pdf").read_bytes() == evidence_pdf(orjson.loads(data), data)
    assert register_pdf(entry) == register_pdf(entry)
