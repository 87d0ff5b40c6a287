"""The reader against untidy fiches whose truth is known: nothing wrong may come out, and little may go to hand-work."""

import pytest

from tests.intake.form.measure import compare
from tests.intake.form.untidy import fiches

HAND_WORK = 0.05
"""Share of surely readable fiches that may be sent to hand-registration."""


@pytest.mark.parametrize(("words", "seed"), [("known", 2), ("fresh", 11), ("last", 21)])
def test_untidy_fiches_give_no_wrong_value_and_little_hand_work(words: str, seed: int) -> None:
    figures = compare(fiches(seed, words, 330))
    assert figures.wrong == []
    assert len(figures.missed) <= 0.01 * figures.surely
    assert len(figures.by_hand) <= HAND_WORK * figures.surely
    assert figures.read > 200
