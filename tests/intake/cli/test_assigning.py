"""`workload`, `proposal` and `unassign` as a team lead types them."""

from pathlib import Path

import pytest

from intake.config import WorkerTerms
from tests.intake.cli.test_users import Terminal
from tests.tui.office import CLIENTS, ELS, LEAD, TOM, found_office


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    office = found_office(tmp_path)
    config = tmp_path / "config.toml"
    config.write_text('store = "store"\nlanguage = "en"\n', encoding="utf-8")
    return Terminal(office, tmp_path, config)


def test_work_is_proposed_given_counted_and_taken_back(terminal: Terminal) -> None:
    one, two = terminal.office.receive(CLIENTS[1:3])
    with terminal.office.desk(LEAD) as desk:
        terms = {TOM: WorkerTerms(postcodes=("8930",)), ELS: WorkerTerms(languages=("pl",))}
        desk.settings.change(desk.settings.show().model_copy(update={"workers": terms}))
    assert terminal.json(LEAD, "proposal", "--language", f"{one}=pl") == [
        {"reference": one, "to": ELS, "because": ["language"]},
        {"reference": two, "to": TOM, "because": ["area"]},
    ]
    assert [row["reference"] for row in terminal.json(LEAD, "proposal", two)] == [two]
    assert terminal.refused(LEAD, "proposal", "--language", "pools")[0] == 2
    terminal.json(LEAD, "assign", one, two, ELS)
    rows = {row["user"]: row for row in terminal.json(LEAD, "workload")}
    assert set(rows) == {LEAD, ELS, TOM}
    assert (rows[ELS]["open"], rows[TOM]["open"], rows[ELS]["absent_until"]) == (2, 0, None)
    taken = terminal.json(LEAD, "unassign", one, two)
    assert [(row["reference"], row["assigned_to"], row["state"]) for row in taken] == [
        (one, None, "received"),
        (two, None, "received"),
    ]
    status, said = terminal.refused(LEAD, "unassign", one)
    assert status == 7 and "P4" in said
    for command in (("workload",), ("proposal",), ("unassign", one)):
        assert terminal.refused(ELS, *command)[0] == 4
