"""A client's own requests: which data, a copy, erasure (GDPR 15, 17, 20)."""

import json
from dataclasses import replace

import pytest
from pypdf import PdfReader

from intake.client import Consent
from intake.desk.refusals import NotAssignedToYou
from intake.desk.subjects import FileNamesClient
from intake.desk.work import AttemptRequest
from intake.errors import NotAllowed, NotLawful, WrongUse
from intake.referral import Channel, Closure, Result, State, Wish
from intake.rows import Payload
from intake.texts import _
from storage.sealing import sign_row
from tests.tui.office import CLIENTS, ELS, LEAD, TestOffice, found_office


@pytest.fixture
def office(tmp_path) -> TestOffice:
    return found_office(tmp_path)


def log(office: TestOffice, action: str):
    with office.desk(LEAD) as desk:
        return [entry for entry in desk.log.entries() if entry.action == action]


def test_a_client_is_found_among_what_one_may_read_and_the_rest_is_counted(office):
    fatima, _jan, zoe, _omer = office.receive(CLIENTS)
    with office.desk(LEAD) as desk:
        desk.work.assign([fatima], ELS)
        desk.work.close(zoe, Closure.WRONG_OCMW, "woont in Menen")
        found = desk.subjects.find("vandamme zoë")
        assert [line.referral.reference for line in found.lines] == [zoe], "closed ones too"
        assert (found.searched, found.unsearched) == (4, 0)
    with office.desk(ELS) as desk:
        found = desk.subjects.find("0470 12 34 56")
        assert [line.referral.reference for line in found.lines] == [fatima]
        assert (found.searched, found.unsearched) == (1, 3)
        assert desk.subjects.find("Vandamme").lines == ()


def test_a_search_is_logged_once_without_what_was_sought(office):
    fatima, *_rest = office.receive(CLIENTS)
    with office.desk(LEAD) as desk:
        desk.subjects.find("El Idrissi")
        desk.subjects.find("Onbestaande")
    one, none = log(office, "subject-find")
    assert (one.references, one.fields, one.reason) == ((fatima,), ("client",), "=subject-request")
    assert none.references == ()
    written = "".join(p.read_text("utf-8") for p in office.location.rglob("*.jsonl"))
    assert "Idrissi" not in written
    assert "Onbestaande" not in written


def test_nothing_is_found_when_the_log_cannot_be_written(office, monkeypatch):
    from storage.errors import StoreNotWritable
    from storage.journal import Journal

    office.receive(CLIENTS)
    with office.desk(LEAD) as desk:

        def refuse(*_arguments: object) -> None:
            raise StoreNotWritable

        monkeypatch.setattr(Journal, "append", refuse)
        with pytest.raises(StoreNotWritable):
            desk.subjects.find("El Idrissi")


def worked(office: TestOffice) -> str:
    """A referral with an attempt, a note, and data passed on to a partner."""
    [reference] = office.receive(CLIENTS[:1])
    office.clock.forward(hours=1)
    with office.desk(LEAD) as desk:
        desk.work.assign([reference], ELS)
    with office.desk(ELS) as desk:
        desk.work.attempt(
            AttemptRequest(
                reference, Channel.PHONE, Result.REACHED, note="Belt liever 's avonds.", informed=True
            )
        )
        tx_office = desk.office
        row = {
            "id": "V2026-0001",
            "reference": reference,
            "partner": "Huis van het Kind",
            "fields": ["first_name", "phone"],
            "at": "2026-11-18T10:30:00Z",
        }
        with tx_office.store.transaction(tx_office.session.signer) as tx:
            signed = sign_row(row, tx_office.session.signer, "disclosures", "V2026-0001")
            tx.put("disclosures", "V2026-0001", signed)
            notice = {
                "id": "K2026-0001",
                "reference": reference,
                "field": "phone",
                "what": "wrong",
                "opened_at": "2026-11-18T10:40:00Z",
            }
            other = {**notice, "id": "K2026-0002", "reference": "D2026-9999", "field": "email"}
            for one in (notice, other):
                signed = sign_row(one, tx_office.session.signer, "quality", str(one["id"]))
                tx.put("quality", str(one["id"]), signed)
    return reference


def test_the_copy_holds_all_there_is_and_names_no_colleague(office, tmp_path):
    reference = worked(office)
    out = tmp_path / f"{reference}.json"
    with office.desk(ELS) as desk:
        desk.work.open(reference)
        written = desk.subjects.export(reference, out)
    assert written == [out, out.with_suffix(".pdf")]
    copy = json.loads(out.read_bytes())
    assert copy["client"] == CLIENTS[0].as_dict()
    assert copy["source"]["name"] == "Kind en Gezin"
    assert [n["text"] for n in copy["notes"]] == ["Belt liever 's avonds."]
    assert [(a["channel"], a["result"], a["by"]) for a in copy["attempts"]] == [
        ("phone", "reached", ["social-worker"])
    ]
    assert [h["step"] for h in copy["timeline"]] == ["import", "assign", "attempt", "inform"]
    assert copy["informed_on"] == "2026-11-18"
    assert copy["recipients"] == [
        {"partner": "Huis van het Kind", "fields": ["first_name", "phone"], "on": "2026-11-18"}
    ]
    assert copy["reported_to_source"] == [{"field": "phone", "what": "wrong", "on": "2026-11-18"}]
    assert [(seen["roles"], seen["times"]) for seen in copy["seen_by"]] == [(["social-worker"], 2)]
    assert len(copy["purposes"]) == 2
    assert any("Toezichtcommissie" in c["name"] for c in copy["complaints"])
    assert any("Gegevensbeschermingsautoriteit" in c["name"] for c in copy["complaints"])
    assert copy["retention"]["discard_on"] is None
    assert "P3" in copy["retention"]["basis"]
    assert f'"{ELS}"' not in out.read_text("utf-8")
    text = "".join(page.extract_text() for page in PdfReader(written[1]).pages)
    for word in (
        "El Idrissi",
        "+32 470 12 34 56",
        "Kind en Gezin",
        "Huis van het Kind",
        "Drukpersstraat 35",
        "avonds",
    ):
        assert word in text, word
    [entry] = log(office, "export")
    assert entry.references == (reference,)
    assert "notes" in entry.fields


def test_a_copy_overwrites_nothing_and_its_name_does_not_name_the_client(office, tmp_path):
    reference = worked(office)
    with office.desk(ELS) as desk:
        (tmp_path / "kopie.pdf").write_bytes(b"x")
        with pytest.raises(WrongUse):
            desk.subjects.export(reference, tmp_path / "kopie.json")
        assert not (tmp_path / "kopie.json").exists()
        assert (tmp_path / "kopie.pdf").read_bytes() == b"x"
        with pytest.raises(FileNamesClient):
            desk.subjects.export(reference, tmp_path / "Fatima_el-idrissi.json")
        with pytest.raises(WrongUse):
            desk.subjects.export(reference, tmp_path / "nergens" / "kopie.json")
    # What was logged is more than what came of it, never less.
    assert len(log(office, "export")) == 2


def test_only_who_may_read_it_gets_a_copy(office, tmp_path):
    [reference] = office.receive(CLIENTS[:1])
    with office.desk(ELS) as desk, pytest.raises(NotAssignedToYou):
        desk.subjects.export(reference, tmp_path / "kopie.json")
    assert not log(office, "export")


def test_an_erasure_closes_as_withdrawn_is_due_at_once_and_names_the_partners_to_tell(office):
    reference = worked(office)
    with office.desk(ELS) as desk, pytest.raises(NotAllowed):
        desk.subjects.erase(reference, "per brief gevraagd")
    with office.desk(LEAD) as desk:
        with pytest.raises(WrongUse):
            desk.subjects.erase(reference, "  ")
        erased = desk.subjects.erase(reference, "per brief gevraagd op 17/11")
        assert (erased.referral.state, erased.referral.consent) == (State.CLOSED, Consent.WITHDRAWN)
        assert erased.partners == ("Huis van het Kind",)
        assert reference in [due.reference for due in desk.retention.plan().due]
        view = desk.work.open(reference, "controle")
        assert view.payload.notes[-1].text == "per brief gevraagd op 17/11"
    [entry] = [e for e in log(office, "close") if reference in e.references]
    assert entry.detail["request"] == "erasure"


def test_an_erasure_is_refused_while_a_case_file_or_a_hold_keeps_it(office):
    """P3 and GDPR 17.3(b): the social file is kept by law."""
    reference = worked(office)
    with office.desk(LEAD) as desk:
        desk.work.wish(reference, Wish.YES)
        desk.cases.open(reference, "2026/17")
        with pytest.raises(NotLawful) as refused:
            desk.subjects.erase(reference, "gevraagd")
        assert refused.value.exit_code == 7
        assert desk.work.open(reference, "controle").referral.state is State.CASE_OPEN
    [held] = office.receive([CLIENTS[1]])
    with office.desk(LEAD) as desk:
        this = desk.office
        with this.store.transaction(this.session.signer) as tx:
            facts = this.facts(this.row_of(tx, held), held)
            later = replace(facts, hold_until=this.today())
            this.put_referral(tx, later, this.seal_payload(Payload(CLIENTS[1]), later))
        with pytest.raises(NotLawful) as refused:
            desk.subjects.erase(held, "gevraagd")
        assert "18/11/2026" in str(refused.value.values["problem"])


def test_an_attempt_and_the_informing_are_one_step_or_none(office):
    """GDPR 14: recorded with the contact in which it was said."""
    [reference] = office.receive(CLIENTS[:1])
    office.clock.forward(hours=1)
    with office.desk(LEAD) as desk:
        with pytest.raises(WrongUse):
            desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.VOICEMAIL, informed=True))
        assert desk.work.open(reference).referral.attempts == ()
        after = desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED, informed=True))
        assert after.informed_on == office.clock().date()
        with pytest.raises(NotLawful):
            desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED, informed=True))
        assert len(desk.work.open(reference).referral.attempts) == 1
    assert [e.detail for e in log(office, "inform")] == [{"on": "2026-11-18"}]


def test_the_informing_can_be_recorded_by_itself_once_there_was_contact(office):
    [reference] = office.receive(CLIENTS[:1])
    office.clock.forward(days=2)
    with office.desk(LEAD) as desk:
        with pytest.raises(NotLawful) as early:
            desk.work.inform(reference)
        assert early.value.values["article"] == _("GDPR 14")
        desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
        day = office.clock().date()
        with pytest.raises(WrongUse):
            desk.work.inform(reference, day.replace(day=day.day + 1))
        assert desk.work.inform(reference, day.replace(day=day.day - 1)).informed_on == day.replace(
            day=day.day - 1
        )
