"""The same client referred twice: proposed by keyed hashes, merged on confirmation (P3, practice)."""

import pytest

from intake.client import Client, Consent
from intake.desk.logged import PersonNamed
from intake.desk.refusals import NotAssignedToYou
from intake.desk.work import AttemptRequest
from intake.errors import WrongUse
from intake.likeness import Trait
from intake.referral import Channel, Closure, Result, State
from tests.tui.office import CLIENTS, ELS, LEAD, TOM, TestOffice, found_office

FATIMA = CLIENTS[0]
AGAIN = Client("fatima", "EL IDRISSI", phone="+32470123456", email="f.elidrissi@example.com")


@pytest.fixture
def office(tmp_path) -> TestOffice:
    return found_office(tmp_path)


def test_a_double_is_proposed_also_to_who_may_not_read_the_other(office):
    first, _other, second = office.receive((FATIMA, CLIENTS[1], AGAIN))
    with office.desk(LEAD) as lead:
        lead.work.assign([first], TOM)
        lead.work.assign([second], ELS)
    with office.desk(ELS) as els:
        line = next(one for one in els.work.worklist() if one.referral.reference == second)
        assert [(a.reference, a.same) for a in line.alike] == [(first, (Trait.NAME, Trait.PHONE))]
        assert els.work.open(second).line.alike == line.alike
        with pytest.raises(NotAssignedToYou) as refused:
            els.work.close(second, Closure.DUPLICATE, "zelfde gezin", first)
        assert refused.value.values["reference"] == first
    with office.desk(LEAD) as lead:
        assert lead.work.open(second, "nazicht").referral.state is State.ASSIGNED, "nothing was half done"


def test_confirming_it_merges_what_only_the_double_says(office):
    first, second = office.receive((FATIMA, AGAIN))
    with office.desk(LEAD) as lead:
        lead.work.take(second)
        lead.work.attempt(AttemptRequest(second, Channel.PHONE, Result.VOICEMAIL, note="belt zelf terug"))
        doubled = lead.work.close(second, Closure.DUPLICATE, "zelfde cliënt", first)
        assert (doubled.state, doubled.duplicate_of) == (State.CLOSED, first)
        kept = lead.work.open(first, "nazicht")
        assert kept.payload.client.email == FATIMA.email, "what was there stays"
        assert [a.result for a in kept.referral.attempts] == [Result.VOICEMAIL]
        assert [n.text for n in kept.payload.notes] == ["belt zelf terug"]
        assert kept.line.alike == ()
        entries = [e for e in lead.log.entries(reference=first) if e.action == "merge"]
        assert entries[0].references == (first, second)


def test_a_double_of_itself_or_of_nothing_is_refused(office):
    (only,) = office.receive((FATIMA,))
    with office.desk(LEAD) as lead:
        for of in (None, only, "D2026-0999"):
            with pytest.raises(WrongUse):
                lead.work.close(only, Closure.DUPLICATE, "dubbel", of)


def test_a_consent_that_only_the_second_form_states_lifts_the_hold(office):
    """Recital C: the sender answered by sending the form again."""
    (first,) = office.receive((FATIMA,), consent=Consent.NOT_STATED)
    (second,) = office.receive((AGAIN,))
    with office.desk(LEAD) as lead:
        lead.work.close(second, Closure.DUPLICATE, "antwoord van de afzender", first)
        assert not lead.work.open(first, "nazicht").referral.on_hold


def test_a_known_client_is_linked_to_the_number_of_the_file(office):
    (reference,) = office.receive((FATIMA,))
    with office.desk(LEAD) as lead:
        with pytest.raises(PersonNamed):
            lead.work.close(reference, Closure.ALREADY_KNOWN, "kent ons", number="dossier Idrissi-El Idrissi")
        known = lead.work.close(reference, Closure.ALREADY_KNOWN, "kent ons", number="2024/311")
        assert known.case_number == "2024/311"
