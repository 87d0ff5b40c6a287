"""The steps of a referral: what the protocol allows when (P3, recital C)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from intake.client import Consent
from intake.errors import NotLawful, WrongUse
from intake.lawful import check_lawful, verdicts
from intake.referral import Attempt, Channel, Closure, Referral, Result, State, Step, Wish
from intake.steps import (
    ask_sender,
    assign,
    attempt,
    close,
    close_case,
    confirm_hand_over,
    hand_over,
    hold,
    inform,
    letter_proposed,
    merge,
    open_case,
    record_wish,
    release,
    reopen,
    report_proposed,
    report_quality,
    set_consent,
)
from intake.texts import _, set_language

RECEIVED = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
NOW = RECEIVED + timedelta(days=2)


def fresh(consent: Consent = Consent.CONFIRMED) -> Referral:
    return Referral("D2026-0001", 1, State.RECEIVED, RECEIVED, RECEIVED, consent)


def tried(
    referral: Referral, result: Result, at: datetime = NOW, channel: Channel = Channel.PHONE
) -> Referral:
    return attempt(referral, Attempt(at, "jan", channel, result), max(at, NOW))


def test_an_unassigned_referral_is_taken_by_who_first_tries_to_reach_the_client():
    after = tried(fresh(), Result.NO_ANSWER)
    assert (after.state, after.assigned_to, len(after.attempts)) == (State.ASSIGNED, "jan", 1)
    assert [h.step for h in after.timeline] == ["take", "attempt"]


def test_the_wish_waits_until_contact_took_place():
    with pytest.raises(NotLawful) as refused:
        record_wish(tried(fresh(), Result.VOICEMAIL), Wish.NO, "jan", NOW)
    assert refused.value.values["article"] == "P3"
    reached = tried(fresh(), Result.REACHED)
    assert record_wish(reached, Wish.NO, "jan", NOW).state is State.DECLINED


@pytest.mark.parametrize("result", [Result.REACHED, Result.APPOINTMENT])
def test_speaking_to_the_client_is_contact(result):
    after = tried(fresh(), result)
    assert (after.state, after.contacted_at) == (State.CONTACTED, NOW)


def test_a_case_file_is_opened_only_for_who_wants_help():
    reached = tried(fresh(), Result.REACHED)
    for before in (fresh(), reached, record_wish(reached, Wish.UNDECIDED, "jan", NOW)):
        with pytest.raises(NotLawful):
            open_case(before, "2026/17", "jan", NOW)
    opened = open_case(record_wish(reached, Wish.YES, "jan", NOW), "2026/17", "jan", NOW)
    assert (opened.state, opened.case_number, opened.case_opened_on) == (
        State.CASE_OPEN,
        "2026/17",
        date(2026, 11, 18),
    )
    assert hand_over(opened, "jan", NOW).state is State.HANDED_OVER
    assert close_case(opened, date(2026, 11, 18), "jan", NOW).state is State.CASE_CLOSED


def test_nobody_is_contacted_while_consent_is_not_stated():
    held = fresh(Consent.NOT_STATED)
    assert held.on_hold
    with pytest.raises(NotLawful) as refused:
        tried(held, Result.REACHED)
    assert refused.value.values["article"] == _("recital C")
    confirmed = set_consent(held, Consent.CONFIRMED, "jan", NOW)
    assert tried(confirmed, Result.REACHED).state is State.CONTACTED


@pytest.mark.parametrize("said", [Consent.DISPUTED, Consent.WITHDRAWN])
def test_consent_that_is_disputed_or_withdrawn_ends_it_at_once(said):
    after = set_consent(fresh(), said, "jan", NOW)
    assert (after.state, after.closed_on) == (State.CLOSED, date(2026, 11, 18))


def lacks(referral: Referral) -> str:
    with pytest.raises(NotLawful) as refused:
        close(referral, Closure.UNREACHABLE, "els", NOW, attempts_needed=3)
    return str(refused.value.values["problem"])


def test_unreachable_needs_the_attempts_on_different_parts_of_the_day():
    morning = NOW.replace(hour=8)
    same_part = fresh()
    for day in range(3):
        same_part = tried(same_part, Result.NO_ANSWER, morning + timedelta(days=day))
    set_language("en")
    assert lacks(fresh()) == "Still missing: 3 attempts, on two parts of the day and by two channels."
    assert lacks(same_part) == (
        "Still missing: an attempt on another part of the day, an attempt by a second channel."
    )
    spread = tried(tried(fresh(), Result.NO_ANSWER, morning), Result.NO_ANSWER, morning + timedelta(hours=6))
    assert lacks(spread) == "Still missing: 1 more attempt, an attempt by a second channel."
    by_phone_only = tried(spread, Result.NO_ANSWER, morning + timedelta(days=1))
    assert lacks(by_phone_only) == "Still missing: an attempt by a second channel."
    spread = tried(spread, Result.CARD_LEFT, morning + timedelta(days=1), Channel.VISIT)
    assert close(spread, Closure.UNREACHABLE, "els", NOW, attempts_needed=3).state is State.CLOSED


def test_a_client_who_was_reached_is_not_unreachable():
    with pytest.raises(NotLawful):
        close(tried(fresh(), Result.REACHED), Closure.UNREACHABLE, "els", NOW, attempts_needed=1)


def test_a_duplicate_names_the_referral_it_doubles():
    with pytest.raises(WrongUse):
        close(fresh(), Closure.DUPLICATE, "els", NOW, attempts_needed=3)
    assert close(
        fresh(), Closure.DUPLICATE, "els", NOW, attempts_needed=3, duplicate_of="D2026-0002"
    ).duplicate_of


@pytest.mark.parametrize("at", [NOW + timedelta(hours=1), RECEIVED - timedelta(minutes=5)])
def test_an_attempt_is_neither_in_the_future_nor_before_receipt(at):
    with pytest.raises(WrongUse):
        attempt(fresh(), Attempt(at, "jan", Channel.PHONE, Result.REACHED), NOW)


def test_an_attempt_in_the_minute_of_receipt_is_accepted():
    received = RECEIVED.replace(second=40)
    referral = Referral("D2026-0001", 1, State.RECEIVED, received, received, Consent.CONFIRMED)
    made = Attempt(received.replace(second=0), "jan", Channel.PHONE, Result.REACHED)
    assert attempt(referral, made, NOW).state is State.CONTACTED


def test_a_letter_leaves_no_voicemail():
    with pytest.raises(WrongUse):
        attempt(fresh(), Attempt(NOW, "jan", Channel.LETTER, Result.VOICEMAIL), NOW)


def test_reopening_goes_back_to_where_the_work_stood_and_forgets_the_ending():
    declined = record_wish(tried(fresh(), Result.REACHED), Wish.NO, "jan", NOW)
    again = reopen(declined, "els", NOW)
    assert (again.state, again.wish, again.closed_on) == (State.CONTACTED, None, None)
    closed = close(assign(fresh(), "jan", "els", NOW), Closure.WRONG_OCMW, "els", NOW, attempts_needed=3)
    assert reopen(closed, "els", NOW).state is State.ASSIGNED


def test_what_was_closed_for_want_of_consent_comes_back_on_hold():
    again = reopen(set_consent(fresh(), Consent.WITHDRAWN, "jan", NOW), "els", NOW)
    assert (again.consent, again.on_hold) == (Consent.NOT_STATED, True)


def test_an_open_case_file_is_not_closed_as_a_referral():
    wants = record_wish(tried(fresh(), Result.REACHED), Wish.YES, "jan", NOW)
    opened = open_case(wants, "2026/17", "jan", NOW)
    with pytest.raises(NotLawful):
        close(opened, Closure.WRONG_OCMW, "jan", NOW, attempts_needed=3)
    with pytest.raises(NotLawful):
        set_consent(opened, Consent.WITHDRAWN, "jan", NOW)


def test_every_step_makes_a_new_version_and_a_line_of_the_timeline():
    referral = assign(fresh(), "jan", "els", NOW)
    assert referral.version == 2
    assert (referral.timeline[-1].step, referral.timeline[-1].by, referral.timeline[-1].detail) == (
        "assign",
        "els",
        "jan",
    )


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("consent", list(Consent))
def test_what_the_verdicts_say_is_what_the_steps_do(state, consent):
    referral = Referral("D2026-0001", 1, state, RECEIVED, RECEIVED, consent, contacted_at=NOW)
    for verdict in verdicts(referral):
        if verdict.allowed:
            check_lawful(referral, verdict.step)
        else:
            assert verdict.why_not
            with pytest.raises(NotLawful):
                check_lawful(referral, verdict.step)


def test_nothing_can_be_done_with_what_is_discarded():
    gone = Referral("D2026-0001", 1, State.DISCARDING, RECEIVED, RECEIVED, Consent.CONFIRMED)
    assert not any(v.allowed for v in verdicts(gone))
    assert len(list(verdicts(gone))) == len(Step)


def test_informing_is_recorded_after_contact_and_once():
    """GDPR 14: at first contact, with the source named."""
    with pytest.raises(NotLawful) as refused:
        inform(tried(fresh(), Result.VOICEMAIL), "jan", NOW)
    assert refused.value.values["article"] == _("GDPR 14")
    reached = tried(fresh(), Result.REACHED)
    informed = inform(reached, "jan", NOW)
    assert informed.informed_on == date(2026, 11, 18)
    with pytest.raises(NotLawful):
        inform(informed, "jan", NOW)
    for wrong in (date(2026, 11, 15), date(2026, 11, 19)):
        with pytest.raises(WrongUse):
            inform(reached, "jan", NOW, wrong)


def test_a_sender_is_asked_only_where_the_form_is_silent():
    """Recital C: consent not stated holds the referral until the sender answered."""
    held = ask_sender(fresh(Consent.NOT_STATED), "jan", NOW)
    assert (held.asked_on, held.on_hold) == (date(2026, 11, 18), True)
    with pytest.raises(NotLawful):
        ask_sender(fresh(), "jan", NOW)


def test_a_hold_has_an_end_and_can_be_taken_away():
    declined = record_wish(tried(fresh(), Result.REACHED), Wish.NO, "jan", NOW)
    held = hold(declined, date(2026, 12, 1), "els", NOW)
    assert held.hold_until == date(2026, 12, 1)
    assert release(held, "els", NOW).hold_until is None
    for wrong in (date(2026, 11, 17), date(2027, 11, 19)):
        with pytest.raises(WrongUse):
            hold(declined, wrong, "els", NOW)
    with pytest.raises(NotLawful):
        release(declined, "els", NOW)


def test_a_hand_over_is_confirmed_once():
    """P3: after the confirmed hand-over the intake's copy goes."""
    case = open_case(record_wish(tried(fresh(), Result.REACHED), Wish.YES, "jan", NOW), "2026/17", "jan", NOW)
    with pytest.raises(NotLawful):
        confirm_hand_over(case, "jan", NOW)
    over = hand_over(case, "jan", NOW)
    confirmed = confirm_hand_over(over, "jan", NOW)
    assert confirmed.hand_over_confirmed_on == date(2026, 11, 18)
    with pytest.raises(NotLawful):
        confirm_hand_over(confirmed, "jan", NOW)


def test_what_was_done_on_a_double_goes_over_into_the_one_that_stays():
    """P3: one client is kept once, and no contact is forgotten."""
    earlier = RECEIVED + timedelta(hours=3)
    doubled = tried(fresh(), Result.REACHED, at=earlier, channel=Channel.VISIT)
    kept = assign(fresh(Consent.NOT_STATED), "fatima", "els", NOW)
    merged = merge(kept, doubled, "els", NOW)
    assert (merged.contacted_at, merged.state, merged.consent) == (
        earlier,
        State.CONTACTED,
        Consent.CONFIRMED,
    )
    assert [a.channel for a in merged.attempts] == [Channel.VISIT]
    assert (merged.assigned_to, merged.timeline[-1].step) == ("fatima", "merge")
    with pytest.raises(WrongUse):
        merge(record_wish(doubled, Wish.NO, "jan", NOW), kept, "els", NOW)


def test_a_known_client_is_linked_to_the_existing_file():
    known = close(fresh(), Closure.ALREADY_KNOWN, "jan", NOW, attempts_needed=3, known_number="2024/311")
    assert (known.case_number, known.state) == ("2024/311", State.CLOSED)
    assert reopen(known, "els", NOW).case_number is None


def test_a_neutral_letter_is_proposed_after_attempts_on_two_parts_of_the_day():
    """P3 and practice: before a team lead closes it as unreachable, and once."""
    morning, evening = NOW, NOW + timedelta(hours=9)
    one = tried(fresh(), Result.NO_ANSWER, at=morning)
    two = tried(one, Result.VOICEMAIL, at=morning)
    three = tried(two, Result.NO_ANSWER, at=morning)
    assert not letter_proposed(three, 3), "always at the same time of day"
    spread = tried(two, Result.NO_ANSWER, at=evening)
    assert letter_proposed(spread, 3)
    assert not letter_proposed(tried(spread, Result.NO_ANSWER, at=evening, channel=Channel.LETTER), 3)
    assert not letter_proposed(tried(spread, Result.REACHED, at=evening), 3)


def test_a_wrong_number_is_to_be_reported_until_it_was():
    """P7: at once."""
    later = NOW + timedelta(days=1)
    wrong = tried(fresh(), Result.WRONG_NUMBER)
    assert not report_proposed(tried(fresh(), Result.NO_ANSWER))
    assert report_proposed(wrong)
    reported = report_quality(wrong, "K2026-0001", "jan", NOW)
    assert not report_proposed(reported)
    assert report_proposed(tried(reported, Result.WRONG_NUMBER, later))
