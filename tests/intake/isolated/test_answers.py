"""What the process that reads says is doubted: an answer that cannot be is refused, whatever it holds."""

from copy import deepcopy
from typing import Any

import orjson
import pytest

from intake.isolated.answers import Doubtful, judgement_of
from intake.mail.message import Incoming
from intake.receive import judge
from tests.intake.isolated.conftest import TERMS


@pytest.fixture(scope="module")
def honest(referral: Incoming) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(orjson.dumps(judge(referral, TERMS)))
    return found


def test_an_honest_answer_is_the_judgement_itself(honest: dict[str, Any], referral: Incoming) -> None:
    assert judgement_of(orjson.dumps(honest), referral, TERMS) == judge(referral, TERMS)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("accepted", 0, "spot"), "7"),
        (("accepted", 0, "spot"), "0.0.0"),
        (("accepted", 0, "spot"), "١.0"),
        (("accepted", 0, "passphrase_label"), "een andere"),
        (("accepted", 0, "methods"), ["AES-256", "[red]Copy"]),
        (("accepted", 0, "methods"), ["Copy"] * 1000),
        (("accepted", 0, "flags"), ["by-hand"]),
        (("accepted", 0, "flags"), ["superfluous-seen"]),
        (("accepted", 0, "reading", "kind"), "docx\n"),
        (("accepted", 0, "reading", "consent"), "given"),
        (("accepted", 0, "reading", "leftovers"), ["x" * 1001]),
        (("accepted", 0, "reading", "leftovers"), ["x"] * 201),
        (("accepted", 0, "reading", "leftovers"), "one text"),
        (("accepted", 0, "reading", "client", "last_name"), "Ver\x1b[2Jhaege"),
        (("accepted", 0, "reading", "client", "last_name"), "Ver\u202ehaege"),
        (("accepted", 0, "reading", "client", "last_name"), "x" * 1001),
        (("accepted", 0, "reading", "client", "last_name"), 7),
        (("accepted",), []),
        (("rejected",), [{"cause": "no-such-cause", "text": "", "spot": ""}]),
        (("rejected",), [{"cause": "scan", "text": "x" * 20_001, "spot": ""}]),
        (("rejected",), [{"cause": "scan", "text": "\x9b2J", "spot": ""}]),
        (("rejected",), [{"cause": "scan", "text": "", "spot": "1"}]),
        (("rejected",), [{"cause": "scan", "text": "", "spot": "0"}] * 5_001),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    honest: dict[str, Any], referral: Incoming, path: tuple[Any, ...], value: object
) -> None:
    changed = deepcopy(honest)
    at: Any = changed
    for step in path[:-1]:
        at = at[step]
    assert at[path[-1]] != value
    at[path[-1]] = value
    with pytest.raises(Doubtful) as caught:
        judgement_of(orjson.dumps(changed), referral, TERMS)
    assert caught.value.args == ()
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("answer", [b"", b"{", b"[]", b"null", b"[" * 100_000, b'{"accepted": 3}'])
def test_what_is_no_answer_is_refused(referral: Incoming, answer: bytes) -> None:
    with pytest.raises(Doubtful):
        judgement_of(answer, referral, TERMS)
