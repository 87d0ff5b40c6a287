"""The Dutch catalogue: every text of the code is there, none that the code no longer has, and it is compiled."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from intake.texts import _, set_language
from storage.errors import Refusal

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("texts_script", ROOT / ".ci" / "texts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _strings(message) -> list[str]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string]


def test_every_text_is_translated_and_none_is_left_over(script):
    wanted = {m.id for m in script.extracted() if m.id}
    found = {m.id: m for m in script.current() if m.id}
    assert wanted - set(found) == set()
    assert set(found) - wanted == set()
    assert [m.id for m in found.values() if not all(_strings(m))] == []


def test_translations_keep_the_places_for_values(script):
    place = re.compile(r"%\((\w+)\)[sd]")
    for message in script.current():
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            for text in _strings(message):
                assert set(place.findall(text)) <= {p for i in ids for p in place.findall(i)}, message.id


def test_the_compiled_catalogue_is_that_of_the_texts(script):
    assert script.PO.with_suffix(".mo").read_bytes() == script.compiled(script.current())


def test_no_text_hides_inside_an_f_string():
    hidden = re.compile(r"""\{_\(\s*["']""")
    for package in ("storage", "intake", "tui"):
        for path in (ROOT / package).rglob("*.py"):
            assert not hidden.search(path.read_text(encoding="utf-8")), path.name


def test_it_is_flemish_and_not_the_words_of_the_netherlands(script):
    avoid = re.compile(r"\b(inwoner|BSN|datalek|bijstand|gemeentehuis|uitkering)\b", re.IGNORECASE)
    for message in script.current():
        assert not any(avoid.search(text or "") for text in _strings(message) if message.id), message.id


def test_the_language_is_chosen_at_start():
    set_language("nl")
    assert _("declines help") == "wenst geen hulp"
    set_language("en")
    assert _("declines help") == "declines help"
    set_language("nl")


def test_every_refusal_has_a_sentence_of_its_own_kind():
    def all_of(kind: type[Refusal]) -> list[type[Refusal]]:
        return [kind, *(k for sub in kind.__subclasses__() for k in all_of(sub))]

    for kind in all_of(Refusal):
        assert kind.template.strip(), kind
        assert kind.exit_code in range(1, 8), kind
    assert str(Refusal(anything="waarde")) == "Refusal"
