"""What the screen says of an agreement: what may be done under it, and what is missing."""

from collections.abc import Iterator
from datetime import date

import pytest

from intake.agreed import Mark, agreed_lines, last_day
from intake.agreement import Agreement, Processor
from intake.demo.agreement import AGREEMENT
from intake.texts import language, set_language

TODAY = date(2026, 11, 18)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = language()
    set_language("en")
    yield
    set_language(before)


def test_a_whole_agreement_lacks_nothing() -> None:
    lines = agreed_lines(AGREEMENT, "3.2", TODAY)
    assert [line.about for line in lines if line.mark is Mark.MISSING] == []
    assert len({line.key for line in lines}) == len(lines)


def test_of_an_empty_one_it_says_what_cannot_be_done_and_what_is_needed() -> None:
    lines = {line.key: line for line in agreed_lines(Agreement(), "", TODAY)}
    for key in ("receive", "quality", "breach", "letter", "disclose", "destroy", "from", "dpo", "team"):
        assert lines[key].mark is Mark.MISSING, key
    assert lines["receive"].value == "no dates set"
    assert "destroy" not in {line.key for line in agreed_lines(Agreement(), None, TODAY)}
    assert "stay untouched" in lines["receive"].told


def test_an_agreement_that_ended_receives_nothing_and_tells_its_last_day() -> None:
    ended = AGREEMENT.model_copy(update={"ended_on": date(2026, 11, 18)})
    lines = {line.key: line for line in agreed_lines(ended, "3.2", TODAY)}
    assert last_day(ended) == date(2026, 11, 17)
    assert (lines["receive"].value, lines["receive"].mark) == ("ended", Mark.ENDED)
    assert (lines["until"].value, lines["until"].mark) == ("17/11/2026", Mark.ENDED)


def test_a_list_of_processors_that_was_not_sent_and_one_without_agreement_are_marked() -> None:
    agreement = Agreement(
        processors=(
            Processor(name="Oud", agreement_on=date(2020, 1, 1), until=date(2021, 1, 1)),
            Processor(name="[red]x"),
        ),
        processors_version=4,
    )
    lines = {line.key: line for line in agreed_lines(agreement, "", TODAY)}
    assert lines["processors"].value == "version 4, not sent yet"
    assert lines["processors"].mark is Mark.MISSING
    assert lines["processor-1"].value == "Oud (no longer)"
    assert (lines["processor-2"].value, lines["processor-2"].mark) == ("[red]x", Mark.MISSING)
