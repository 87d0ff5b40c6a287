"""When data may be received (P1, P5, P8, P11)."""

from datetime import date

import pytest

from intake.agreement import Agreement, Standing, stops
from intake.config import OfficeSettings, checked, checked_use
from intake.errors import WrongUse


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


@pytest.mark.parametrize("field", ["notice_given_on", "ended_on"])
def test_what_has_not_begun_cannot_end(field: str) -> None:
    box = {"host": "mail.example", "port": 993, "user": "intake@ocmw.example"}
    values = {"mailbox": box, "agreement": {"in_force_from": "2023-12-01", field: "2020-01-01"}}
    with pytest.raises(WrongUse) as refused:
        checked_use(OfficeSettings, values)
    assert f"agreement.{field}: " in str(refused.value.values["problem"])
    assert refused.value.exit_code == 2
    assert checked(OfficeSettings, values, "stored"), (
        "what is stored already opens, so that it can be put right"
    )
    values["agreement"] = {"in_force_from": "2023-12-01", field: "2023-12-01"}
    checked_use(OfficeSettings, values)
    values["agreement"] = {field: "2020-01-01"}
    checked_use(OfficeSettings, values)


def test_a_change_after_which_nothing_is_received_is_told_from_one_of_what_was_over_already() -> None:
    today, running = date(2026, 11, 18), Agreement(in_force_from=date(2023, 12, 1))
    over = running.model_copy(update={"ended_on": today})
    assert stops(running, over, today)
    assert stops(running, running.model_copy(update={"in_force_from": date(2026, 12, 1)}), today)
    assert not stops(running, running.model_copy(update={"notice_given_on": today}), today)
    assert not stops(over, over.model_copy(update={"reference": "x"}), today)
    assert not stops(over, running, today)
