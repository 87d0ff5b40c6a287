"""When data may be received (P1, P5, P8, P11)."""

from datetime import date

from intake.agreement import Agreement, Standing


def test_data_flow_between_start_and_end():
    agreement = Agreement(in_force_from=date(2023, 12, 1), ended_on=date(2026, 11, 20))
    assert agreement.standing(date(2023, 11, 30)) is Standing.NOT_YET
    assert agreement.standing(date(2026, 11, 19)) is Standing.IN_FORCE
    assert agreement.standing(date(2026, 11, 20)) is Standing.ENDED


def test_six_months_notice_ends_it():
    agreement = Agreement(in_force_from=date(2023, 12, 1), notice_given_on=date(2026, 8, 31))
    assert agreement.ends_on == date(2027, 2, 28)


def test_an_end_at_once_comes_before_the_notice():
    agreement = Agreement(
        in_force_from=date(2023, 12, 1), notice_given_on=date(2026, 8, 31), ended_on=date(2026, 9, 15)
    )
    assert agreement.ends_on == date(2026, 9, 15)


def test_without_a_start_nothing_is_in_force():
    assert Agreement().standing(date(2026, 1, 1)) is Standing.NOT_SET
