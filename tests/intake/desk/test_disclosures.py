"""Disclosures to GBO partners: recorded with the client's agreement, and exactly the fields that were asked (P4)."""

from datetime import timedelta

import pytest

from intake.client import Consent
from intake.desk.logged import PersonNamed
from intake.desk.refusals import NotAssignedToYou
from intake.errors import IntakeError, NotAllowed, NotLawful, WrongUse, sentence
from intake.referral import Step, Wish
from intake.register_rows import DISCLOSURES
from intake.staff import Role
from tests.intake.desk.conftest import DeskOffice
from tests.intake.desk.registers import PARTNERS, agree, reach, referral
from tests.journeys.mails import CANARY

CAW = PARTNERS[0]
WHY = "woonbegeleiding"


def test_p4_exactly_the_fields_that_were_asked_are_shown_and_the_disclosure_is_kept(
    office: DeskOffice,
) -> None:
    agree(office)
    reference = referral(office)
    reach(office, reference)
    passed = office.lead.disclosures.disclose(
        reference, CAW.upper(), ["phone", "first_name"], WHY, client_agrees=True
    )
    assert passed.values == {"first_name": CANARY.first_name, "phone": CANARY.phone}
    (kept,) = office.lead.disclosures.items(reference)
    assert (kept.partner, kept.fields, kept.by, kept.reason) == (CAW, ("first_name", "phone"), "els", WHY)
    assert kept.agreed_on == office.lead.office.today()
    line = office.lead.work.open(reference).referral.timeline[-1]
    assert (line.step, line.detail) == (Step.DISCLOSE.value, kept.id)
    export = [e for e in office.lead.log.entries(reference=reference) if e.action == "export"]
    assert [(e.fields, e.reason) for e in export] == [(("first_name", "phone"), WHY)]
    row = repr(office.store.snapshot().rows(DISCLOSURES))
    assert [v for v in CANARY.as_dict().values() if v and len(v) > 3 and v in row] == []
    assert office.lead.disclosures.items("D2026-9999") == []


@pytest.mark.parametrize("case", ["before contact", "without agreement", "after the end"])
def test_p4_it_is_not_lawful(office: DeskOffice, case: str) -> None:
    agree(office)
    reference = referral(office)
    if case != "before contact":
        reach(office, reference)
    if case == "after the end":
        office.lead.work.wish(reference, Wish.NO)
    with pytest.raises(NotLawful) as refused:
        office.lead.disclosures.disclose(
            reference, CAW, ["phone"], WHY, client_agrees=case != "without agreement"
        )
    assert refused.value.exit_code == 7
    if case != "after the end":
        assert "P4" in sentence(refused.value)
    assert office.lead.disclosures.items() == []


def test_p4_what_is_not_agreed_cannot_be_disclosed(office: DeskOffice) -> None:
    agree(office)
    reference = referral(office)
    reach(office, reference)
    tomorrow = office.lead.office.today() + timedelta(days=1)
    yesterday = tomorrow - timedelta(days=2)
    for refusal, partner, fields, why, on in (
        (WrongUse, "Iemand anders", ["phone"], WHY, None),
        (WrongUse, CAW, ["notes"], WHY, None),
        (WrongUse, CAW, [], WHY, None),
        (WrongUse, CAW, ["phone"], " ", None),
        (WrongUse, CAW, ["phone"], WHY, tomorrow),
        (WrongUse, CAW, ["phone"], WHY, yesterday),
        (PersonNamed, CAW, ["phone"], f"voor {CANARY.first_name}", None),
    ):
        with pytest.raises(refusal) as refused:
            office.lead.disclosures.disclose(
                reference, partner, fields, why, client_agrees=True, agreed_on=on
            )
        assert isinstance(refused.value, IntakeError)
        assert refused.value.exit_code == 2
        if partner != CAW:
            assert all(name in sentence(refused.value) for name in PARTNERS)
    assert office.lead.disclosures.items() == []


def test_p4_only_who_may_read_the_referral_discloses_and_the_dpo_sees_that_it_was(office: DeskOffice) -> None:
    agree(office)
    reference = referral(office)
    reach(office, reference)
    jan, dirk = office.add("jan", Role.SOCIAL_WORKER), office.add("dirk", Role.DPO)
    with pytest.raises(NotAssignedToYou):
        jan.disclosures.disclose(reference, CAW, ["phone"], WHY, client_agrees=True)
    with pytest.raises(NotAllowed):
        dirk.disclosures.disclose(reference, CAW, ["phone"], WHY, client_agrees=True)
    office.lead.disclosures.disclose(reference, CAW, ["phone"], WHY, client_agrees=True)
    assert [one.partner for one in dirk.disclosures.items()] == [CAW]


def test_recital_c_nothing_is_disclosed_while_the_consent_is_not_confirmed(office: DeskOffice) -> None:
    agree(office)
    reference = referral(office)
    reach(office, reference)
    office.lead.work.consent(reference, Consent.NOT_STATED, "afzender twijfelt")
    with pytest.raises(NotLawful):
        office.lead.disclosures.disclose(reference, CAW, ["phone"], WHY, client_agrees=True)
