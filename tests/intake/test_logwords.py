"""Every action that the program logs has its words, and no words are for an action that it does not log."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from intake.logwords import (
    ACTIONS,
    Kind,
    action_words,
    detail_words,
    entry_words,
    field_words,
    kind_of,
    reason_words,
)
from intake.referral import Happening, Step
from intake.telling import _OTHER_STEPS, detail_text
from intake.texts import language, set_language

ROOT = Path(__file__).resolve().parents[2]
TIMELINE = "a step of the timeline"
COMES_FROM: dict[tuple[str, str], str] = {
    ("intake/desk/work.py", "line.step"): TIMELINE,
    ("intake/desk/staff.py", "step"): TIMELINE,
    ("intake/desk/breaches.py", "action"): "the third argument of _change",
    ("intake/desk/logged.py", "action"): "the first argument of listed_events",
    ("intake/desk/subjects.py", "first.action"): "an event made there",
}
"""Where a code is no constant: where it comes from. A new place must be said here."""


def _calls(name: str, tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name:
            yield node


def _codes() -> set[str]:
    """Every code in the program text; a letter is logged as an export."""
    found = {str(step) for step in Step if step is not Step.LETTER} | set(_OTHER_STEPS)
    for package in ("storage", "intake"):
        for path in sorted((ROOT / package).rglob("*.py")):
            where = path.relative_to(ROOT).as_posix()
            tree = ast.parse(path.read_text(encoding="utf-8"))
            firsts = [c.args[0] for name in ("Event", "listed_events") for c in _calls(name, tree) if c.args]
            if where == "intake/desk/breaches.py":
                firsts += [call.args[2] for call in _calls("_change", tree)]
            for first in firsts:
                if isinstance(first, ast.Constant):
                    found.add(first.value)
                elif isinstance(first, ast.Name) and first.id.isupper():
                    found.add(getattr(import_module(where[:-3].replace("/", ".")), first.id))
                else:
                    assert (where, ast.unparse(first)) in COMES_FROM, (where, ast.unparse(first))
    return found


def test_every_logged_action_has_words_and_no_words_are_left_over() -> None:
    assert set(ACTIONS) == _codes()


def test_every_coded_reason_has_words() -> None:
    for path in sorted((ROOT / "intake" / "desk").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        coded = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value[:1] == "="
        }
        for call in _calls("own_reason", tree):
            coded |= {
                f"={node.value}"
                for node in ast.walk(call.args[0])
                if isinstance(node, ast.Constant) and node.value
            }
        coded -= {"="}
        assert not [code for code in coded if reason_words(code) == code], path.name


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    before = language()
    yield
    set_language(before)


def test_what_is_not_known_stands_there_as_it_is_and_never_as_more() -> None:
    set_language("en")
    assert action_words("read") == "Referral read"
    assert (action_words("later\x1b[2J"), kind_of("later")) == ("later [2J", Kind.WORK)
    assert (kind_of("read"), kind_of("export"), kind_of("backup")) == (Kind.VIEW, Kind.EXPORT, Kind.ADMIN)
    assert (reason_words("=assigned"), reason_words("vraag"), reason_words(None)) == ("assigned", "vraag", "")
    assert (field_words("phone"), field_words("x\u202ey")) == ("Telephone", "xy")
    told = detail_words(
        {"channel": "phone", "to": "els", "on": "2026-11-18", "wish": "maybe", "odd": 3}, {"els": "Els Maes"}
    )
    assert told == ["channel: phone", "to: Els Maes", "on: 18/11/2026", "wish: maybe", "odd: 3"]
    told = detail_words({"kind": "lost", "subject": "law", "what": "wrong", "request": "erasure"}, {})
    assert told == [
        "kind: device or paper lost or stolen",
        "about: change of law",
        "what: wrong",
        "request: erasure",
    ]
    assert detail_words({"kind": "reject", "what": "log"}, {})[0] == "kind: rejection"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("breach", "Draft to both DPOs made"),
        ("quality", "Draft to the local team made"),
        ("ask", "Draft to the local team made"),
        ("reject", "Draft to the sender made"),
        ("later", "Draft made"),
    ],
)
def test_the_log_says_to_whom_a_draft_is(kind: str, said: str) -> None:
    set_language("en")
    assert entry_words("draft", {"kind": kind}) == said
    assert entry_words("draft", {}) == "Draft made"
    assert entry_words("read", {"kind": kind}) == "Referral read"


def test_what_was_written_is_sent_and_not_unanswered() -> None:
    set_language("en")
    assert detail_words({"channel": "letter", "result": "no-answer"}, {})[1] == "result: sent, no answer yet"
    assert detail_words({"channel": "phone", "result": "no-answer"}, {})[1] == "result: no answer"
    at = datetime(2026, 11, 18, 9, tzinfo=UTC)
    told = [detail_text(Happening(at, "els", Step.ATTEMPT, f"{c}:no-answer"), {}) for c in ("sms", "visit")]
    assert told == ["text message, sent, no answer yet", "home visit, no answer"]
