"""A retention run that someone looks on at: how far it is, stopping it, and what is listed afterwards (P3)."""

import pytest

from intake.desk import discarding
from intake.desk.watching import RunProgress, Stage, Watch
from tests.intake.desk.conftest import DeskOffice
from tests.intake.desk.test_proof import decline, polled


@pytest.fixture
def due(office: DeskOffice, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Three that are due, and go one at a time where someone looks on."""
    monkeypatch.setattr(discarding, "SHORT_BATCH", 1)
    references = polled(office, 3)
    for reference in references:
        decline(office, reference)
    return references


def test_each_step_is_told_in_order(office: DeskOffice, due: tuple[str, ...]) -> None:
    told: list[RunProgress] = []
    result = office.lead.retention.run(watch=Watch(told.append))
    assert (result.discarded, result.stopped) == (due, False)
    assert told == [
        RunProgress(Stage.STORE, 0, 3),
        RunProgress(Stage.STORE, 3, 3),
        *(RunProgress(Stage.MAILBOX, done, 3) for done in range(4)),
        RunProgress(Stage.BACKUPS, 0, 3),
        RunProgress(Stage.CLOSING, 0, 3),
    ]


def test_stopped_between_two_the_rest_waits_and_the_next_run_goes_on(
    office: DeskOffice, due: tuple[str, ...]
) -> None:
    told: list[RunProgress] = []

    def stop() -> bool:
        return RunProgress(Stage.MAILBOX, 1, 3) in told

    result = office.lead.retention.run(watch=Watch(told.append, stop))
    assert result.stopped
    assert result.discarded == due[:1], "what lies in the mailbox no more is ended"
    assert [(w.reference, w.cause, w.outcome) for w in result.waiting] == [
        (reference, "", "declined") for reference in due[1:]
    ]
    assert len(office.everywhere()) == 2
    again = office.lead.retention.run()
    assert (again.discarded, again.waiting, again.stopped, office.everywhere()) == (due[1:], (), False, [])


def test_stopped_before_it_began_nothing_was_touched(office: DeskOffice, due: tuple[str, ...]) -> None:
    result = office.lead.retention.run(watch=Watch(stop=lambda: True))
    assert (result.discarded, result.waiting, result.stopped) == ((), (), True)
    assert tuple(d.reference for d in office.lead.retention.plan().due) == due


def test_what_was_discarded_is_listed_with_the_last_search_for_it(
    office: DeskOffice, due: tuple[str, ...]
) -> None:
    office.lead.retention.run()
    listed = office.lead.proof.discarded()
    assert [gone.destroyed.reference for gone in listed] == sorted(due, reverse=True)
    assert [gone.destroyed.mails for gone in listed] == [1, 1, 1]
    assert {gone.searched for gone in listed} == {None}
    assert office.lead.proof.verify(due[0]).clean
    searched = {gone.destroyed.reference: gone.searched for gone in office.lead.proof.discarded()}
    found = searched[due[0]]
    assert found is not None
    assert (found.clean, found.found, found.by) == (True, 0, "els")
    assert searched[due[1]] is None
    assert [gone.destroyed.reference for gone in office.lead.proof.discarded(most=1)] == [max(due)]
