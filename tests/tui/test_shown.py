"""How a date of discard is told: the day, or what is waited for (P3)."""

from datetime import date

import pytest

from intake.retention import Due, Outcome
from intake.texts import set_language
from tui.shown import discard_text

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (Due("D2026-0001", Outcome.DECLINED, DAY, "P3", False), "20/11/2026"),
        (Due("D2026-0001", Outcome.DECLINED, DAY, "P3", False, date(2026, 12, 1)), "02/12/2026"),
        (Due("D2026-0001", Outcome.DECLINED, None, "P3", False), "blocked: a date is missing"),
        (
            Due("D2026-0001", Outcome.HANDED_OVER, None, "P3", False, unconfirmed=True),
            "once the hand-over is confirmed",
        ),
    ],
)
def test_the_screen_says_when_it_goes_or_what_it_waits_for(due, said):
    set_language("en")
    assert discard_text(due) == said
