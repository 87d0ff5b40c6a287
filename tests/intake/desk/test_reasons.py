"""A reason says something: where the log or the notes need one, a letter or two is none (A12)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from intake.desk import Desk
from intake.desk.logged import TooFewWords, given_reason
from intake.desk.work import AttemptRequest
from intake.errors import sentence
from intake.referral import Channel, Closure, Result
from intake.registers import Subject
from intake.texts import set_language
from tests.tui.office import CLIENTS, ELS, LEAD, TestOffice, found_office


@pytest.mark.parametrize("text", ["", " ", "s", "x.", "...---...", "12 34", "ja!"])
def test_a_letter_or_two_is_no_reason(text: str) -> None:
    set_language("nl")
    with pytest.raises(TooFewWords) as refused:
        given_reason(text)
    assert sentence(refused.value) == "Zeg in enkele woorden waarom."
    assert refused.value.exit_code == 2


def test_four_letters_are() -> None:
    assert given_reason(" ziek\n") == "ziek"


USES: dict[str, Callable[[Desk, str], object]] = {
    "read": lambda desk, ref: desk.work.open(ref, "h"),
    "close": lambda desk, ref: desk.work.close(ref, Closure.WRONG_OCMW, "h"),
    "erase": lambda desk, ref: desk.subjects.erase(ref, "h"),
    "hold": lambda desk, ref: desk.retention.hold(ref, desk.office.today() + timedelta(days=3), "h"),
    "task": lambda desk, _ref: desk.tasks.open(Subject.LAW, "h", desk.office.today()),
    "reject": lambda desk, _ref: desk.quarantine.reject("Q2026-0001", "h"),
}


@pytest.mark.parametrize("use", USES)
def test_every_use_that_needs_a_reason_refuses_one(use: str, tmp_path: Path) -> None:
    office: TestOffice = found_office(tmp_path)
    (reference,) = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as lead:
        lead.work.assign([reference], ELS)
        lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
        before = sum(1 for _entry in lead.office.store.journal.entries())
        with pytest.raises(TooFewWords):
            USES[use](lead, reference)
        assert sum(1 for _entry in lead.office.store.journal.entries()) == before
