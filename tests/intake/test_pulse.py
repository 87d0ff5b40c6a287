"""What the workstations tell each other of polling: written and read alike, believed only where the clock can be right."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.pulse import LEASE, TOLERANCE, Doing, Proof, Pulse, fresh_until, lapsed, pulse_of, row_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PULSE = Pulse("els", "pc-12", 42, "abc", Doing.WATCHING, NOW, NOW + LEASE, 60)
WHOLE = replace(
    PULSE, polled_at=NOW, polled_by="jan", proof=Proof(4, 2, 1, 1), down_since=NOW, trouble="MailboxLost"
)


@pytest.mark.parametrize("pulse", [PULSE, WHOLE])
def test_it_is_read_as_it_was_written(pulse: Pulse) -> None:
    row = row_of(pulse)
    assert pulse_of(row) == pulse
    assert set(row) == {one.name for one in fields(pulse)}


@pytest.mark.parametrize("name", [one.name for one in fields(Pulse)])
def test_a_row_that_lacks_something_is_none_of_ours(name: str) -> None:
    row = row_of(WHOLE)
    del row[name]
    with pytest.raises(KeyError):
        pulse_of(row)


@pytest.mark.parametrize(
    ("name", "value"),
    [("until", "2026-11-20T12:00:00"), ("doing", "sleeping"), ("proof", [1, 2]), ("since", None)],
)
def test_a_row_that_makes_no_sense_is_none_of_ours(name: str, value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        pulse_of(row_of(WHOLE) | {name: value})


def test_a_turn_lapses_unless_it_is_renewed_and_clocks_may_differ_a_little() -> None:
    second = timedelta(seconds=1)
    assert not lapsed(PULSE, NOW)
    assert not lapsed(PULSE, NOW + LEASE + TOLERANCE - second)
    assert lapsed(PULSE, NOW + LEASE + TOLERANCE)
    assert not lapsed(PULSE, NOW - TOLERANCE)
    assert lapsed(PULSE, NOW - TOLERANCE - second), (
        "a clock that runs an hour ahead holds nobody up for an hour"
    )


def test_a_good_poll_is_fresh_for_three_intervals_and_a_lease() -> None:
    assert fresh_until(PULSE) is None
    assert fresh_until(WHOLE) == NOW + timedelta(seconds=180) + LEASE
