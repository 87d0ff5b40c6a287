"""The page that maps each paragraph of the sources to its test is complete and up to date."""

from tests.journeys.obligations import OBLIGATIONS, PAGE, PARAGRAPHS, journeys, page


def test_every_obligation_has_its_journey():
    shown = journeys()
    assert {name for name in OBLIGATIONS if not shown[name]} == set()
    assert all(said for tests in shown.values() for _file, _test, said in tests)


def test_every_paragraph_leads_to_obligations_and_every_obligation_is_reached():
    reached = {name for names in PARAGRAPHS.values() if not isinstance(names, str) for name in names}
    assert reached <= set(OBLIGATIONS)
    assert {n for n, one in OBLIGATIONS.items() if one.sources.startswith(("P", "A"))} <= reached


def test_the_page_is_as_the_marks_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "run .venv/bin/python -m tests.journeys.obligations"
