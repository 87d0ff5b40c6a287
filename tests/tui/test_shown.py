"""How days are told: that of a discard, or what is waited for (P3), and how long a message lies in quarantine."""

from datetime import UTC, date, datetime

import pytest

from intake.causes import Cause
from intake.desk.quarantine import QuarantineItem
from intake.retention import Due, Outcome
from intake.texts import set_language
from tui.asks_quarantine import Quarantined
from tui.shown import discard_text
from tui.shown_quarantine import rows

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


@pytest.mark.parametrize(
    ("received", "said"),
    [
        (datetime(2026, 11, 18, 7, 0, tzinfo=UTC), "today"),
        (datetime(2026, 11, 17, 23, 30, tzinfo=UTC), "today"),
        (datetime(2026, 11, 17, 14, 42, tzinfo=UTC), "1 day"),
        (datetime(2026, 11, 16, 22, 59, tzinfo=UTC), "2 days"),
    ],
)
def test_age_in_quarantine_is_counted_in_belgian_calendar_days(received, said):
    set_language("en")
    item = QuarantineItem("Q2026-0001", Cause.DAMAGED, received, 1, None, None, date(2027, 1, 1))
    now = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)
    assert rows(Quarantined((item,), frozenset(), now))[item.id][1].plain == said
