"""What COPYUID says, and what it may not make us believe."""

import pytest

from intake.mail.message import Location
from intake.mail.uids import new_locations


def test_sets_and_ranges_pair_up_in_order() -> None:
    assert new_locations([b"77 1,3:4 10:12"], "V", [1, 3, 4]) == {
        1: Location("V", 77, 10),
        3: Location("V", 77, 11),
        4: Location("V", 77, 12),
    }


def test_several_answers_to_one_command_are_put_together() -> None:
    assert set(new_locations([b"7 1 5", b"7 2 6"], "V", [1, 2])) == {1, 2}


@pytest.mark.parametrize(
    "odd", [b"", b"7 1", b"x 1 2", b"7 1:4294967295 1:4294967295", b"7 1,2 3", b"7 9 3", b"7 1; 2", b"7 -1 2"]
)
def test_an_answer_that_makes_no_sense_gives_no_place(odd: bytes) -> None:
    assert new_locations([odd], "V", [1, 2]) == {}
