"""What is said after a step is what the lists and the timeline say of it."""

from datetime import UTC, datetime

import pytest

from intake.referral import Channel, Result, Step
from intake.texts import set_language
from tui.dialogs.attempt import AttemptData
from tui.screens.done import done_text


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        (Channel.PHONE, "Contactpoging genoteerd: telefoon, geen gehoor."),
        (Channel.SMS, "Contactpoging genoteerd: sms, verstuurd, nog geen antwoord."),
    ],
)
def test_what_was_written_is_sent_and_not_left_unanswered(channel: Channel, said: str) -> None:
    set_language("nl")
    attempt = AttemptData(channel, Result.NO_ANSWER, datetime(2026, 11, 18, 9, tzinfo=UTC), "")
    assert done_text(Step.ATTEMPT, attempt, "D2026-0001") == said
