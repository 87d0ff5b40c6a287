"""What a person reads of a refusal."""

from intake.errors import sentence
from intake.texts import set_language
from storage.errors import StoreLocked, StoreRolledBack


def test_moments_of_the_storage_floor_are_shown_as_people_here_read_them() -> None:
    """Stops '2026-11-26T19:36:55+00:00' from being told to someone whose clock says 20:36."""
    set_language("en")
    told = sentence(StoreLocked(holder="fatima (pc-3)", since="2026-11-26T19:36:55+00:00"))
    assert "by fatima (pc-3) since 26/11/2026 20:36." in told
    older = StoreRolledBack(location="/store", when="2026-07-01T12:00:00+00:00", found=3, seen=4)
    assert "on 01/07/2026 14:00 (" in sentence(older)


def test_a_holder_that_left_no_word_is_told_as_unknown() -> None:
    set_language("en")
    assert "by ? since ?" in sentence(StoreLocked(holder="?", since="?"))
