"""Who is proposed for which referral, and what counts as work (intake/proposals.py, intake/workload.py)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from intake.client import Consent
from intake.deadlines import Targets
from intake.proposals import Candidate, Reason, Wanted, choose, propose
from intake.referral import Attempt, Channel, Referral, Result, State
from intake.steps import assign, attempt, unassign
from intake.workdays import Calendar
from intake.workload import Workload, workloads

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
ELS, TOM, LIN = Candidate("els"), Candidate("tom", Workload(open=2)), Candidate("lin", Workload(open=9))


def given(proposals):
    return {p.reference: p.to for p in proposals}


def test_the_work_is_spread_and_each_one_proposed_counts_for_the_next():
    found = propose([Wanted(f"D{n}") for n in range(5)], [ELS, TOM, LIN])
    assert [p.to for p in found] == ["els", "els", "tom", "els", "tom"]
    assert {p.because for p in found} == {(Reason.WORKLOAD,)}


def test_who_is_absent_is_not_proposed_and_with_nobody_there_it_says_so():
    away = replace(ELS, present=False, postcodes=frozenset({"8940"}))
    assert given(propose([Wanted("D1", "8940")], [away, TOM])) == {"D1": "tom"}
    [none] = propose([Wanted("D1")], [away])
    assert (none.to, none.because) == (None, (Reason.NOBODY,))


def test_the_area_goes_before_less_work_and_the_language_before_the_area():
    area = replace(LIN, postcodes=frozenset({"8940"}))
    speaks = replace(TOM, languages=frozenset({"fr"}))
    people = [ELS, speaks, area]
    found = propose(
        [Wanted("D1", "8940"), Wanted("D2", "8930"), Wanted("D3", "8940", "fr"), Wanted("D4", None, "pl")],
        people,
    )
    assert given(found) == {"D1": "lin", "D2": "els", "D3": "tom", "D4": "els"}
    assert [p.because for p in found] == [
        (Reason.AREA,),
        (Reason.WORKLOAD,),
        (Reason.LANGUAGE,),
        (Reason.WORKLOAD,),
    ]
    both = [area, replace(ELS, postcodes=frozenset({"8940"}))]
    assert propose([Wanted("D1", "8940")], both)[0].because == (Reason.AREA, Reason.WORKLOAD)


def test_for_several_together_the_area_counts_when_it_is_that_of_all():
    area = replace(LIN, postcodes=frozenset({"8940", "8930"}))
    assert choose([Wanted("D1", "8940"), Wanted("D2", "8930")], [ELS, area])[0] == "lin"
    assert choose([Wanted("D1", "8940"), Wanted("D2", "8500")], [ELS, area])[0] == "els"


def test_a_postcode_does_not_stand_in_what_is_printed_of_it():
    assert "8940" not in repr(Wanted("D1", "8940")) + repr(propose([Wanted("D1", "8940")], [ELS]))


def referral(number: int, received: datetime = NOW) -> Referral:
    return Referral(f"D2026-{number:04}", 1, State.RECEIVED, received, received, Consent.CONFIRMED)


def test_a_workload_tells_what_is_open_overdue_untried_and_new():
    old = assign(referral(1, NOW - timedelta(days=20)), "els", "an", NOW - timedelta(days=19))
    tried = attempt(
        assign(referral(2), "els", "an", NOW), Attempt(NOW, "els", Channel.PHONE, Result.NO_ANSWER), NOW
    )
    # Taken back and given anew: the last time counts.
    again = assign(
        unassign(
            assign(referral(3, NOW - timedelta(days=30)), "tom", "an", NOW - timedelta(days=29)), "an", NOW
        ),
        "tom",
        "an",
        NOW,
    )
    closed = replace(assign(referral(4), "tom", "an", NOW), state=State.CLOSED)
    found = workloads([old, tried, again, closed, referral(5)], date(2026, 11, 18), Targets(), Calendar())
    assert found == {
        "els": Workload(open=2, overdue=1, to_try=1, lately=1),
        "tom": Workload(open=1, overdue=1, to_try=1, lately=1),
    }
