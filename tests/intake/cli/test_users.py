"""`user reset|recover|disable|absent` and `passphrase --confirm-secrecy` as a team lead types them."""

import json
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.workdays import local_date
from tests.running import run_inside as run
from tests.tui.office import CLIENTS, ELS, LEAD, PASSPHRASES, TOM, TestOffice, found_office

NEW = "zeven stille kaden"
UNTIL = (local_date(datetime.now(UTC)) + timedelta(days=30)).isoformat()


@dataclass
class Terminal:
    """The program run on an office's folder; `--json` answers are read."""

    office: TestOffice
    folder: Path
    config: Path

    def secret(self, text: str) -> Path:
        path = self.folder / "secret"
        path.write_text(text + "\n", encoding="utf-8")
        return path

    def run(self, user: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        file = self.secret(PASSPHRASES.get(user, NEW))
        return run("--config", self.config, "--as", user, "--passphrase-file", file, "--json", *arguments)

    def json(self, user: str, *arguments: object) -> Any:
        done = self.run(user, *arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def refused(self, user: str, *arguments: object) -> tuple[int, str]:
        done = self.run(user, *arguments)
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1
        return done.returncode, done.stderr


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    office = found_office(tmp_path)
    references = office.receive(CLIENTS[:2])
    with office.desk(LEAD) as lead:
        lead.work.assign(references, ELS)
    config = tmp_path / "config.toml"
    config.write_text('store = "store"\nlanguage = "en"\n', encoding="utf-8")
    return Terminal(office, tmp_path, config)


def test_a_reset_user_signs_in_with_the_code_and_reads_again(terminal: Terminal) -> None:
    code = terminal.folder / "code"
    assert terminal.json(LEAD, "user", "reset", "Els", "--code-out", code) == {
        "name": ELS,
        "status": "invited",
    }
    assert terminal.refused(ELS, "list")[0] == 4
    new = terminal.folder / "new"
    new.write_text(NEW, encoding="utf-8")
    terminal.json(ELS, "passphrase", "--code-file", code, "--new-passphrase-file", new)
    file = terminal.secret(NEW)
    shown = run(
        "--config", terminal.config, "--as", ELS, "--passphrase-file", file, "--json", "show", "D2026-0001"
    )
    assert json.loads(shown.stdout)["client"]["last_name"] == CLIENTS[0].last_name


def test_a_guessable_passphrase_is_wrong_use(terminal: Terminal) -> None:
    new = terminal.folder / "new"
    new.write_text("welkomwelkom01", encoding="utf-8")
    status, said = terminal.refused(ELS, "passphrase", "--new-passphrase-file", new)
    assert status == 2
    assert "easily guessed" in said
    assert "welkom" not in said


def test_disabling_hands_the_open_referrals_over(terminal: Terminal) -> None:
    assert terminal.json(LEAD, "user", "disable", ELS, "--to", TOM) == {
        "name": ELS,
        "status": "disabled",
        "handed_over": ["D2026-0001", "D2026-0002"],
        "to": TOM,
        "change_secrets": True,
    }
    assert {row["assigned_to"] for row in terminal.json(TOM, "list", "--mine")} == {TOM}
    assert terminal.refused(LEAD, "user", "disable", LEAD)[0] == 4
    users = {user["name"]: user["status"] for user in terminal.json(LEAD, "user", "list")}
    assert users == {LEAD: "active", ELS: "disabled", TOM: "active"}


def test_an_absence_has_an_end_and_can_be_ended(terminal: Terminal) -> None:
    told = terminal.json(LEAD, "user", "absent", ELS, "--until", UNTIL, "--substitute", TOM)
    assert told == {"name": ELS, "absent_until": UNTIL, "substitute": TOM}
    assert all(row["client"] for row in terminal.json(TOM, "list"))
    for wrong in ((), ("--until", UNTIL), ("--back", "--until", UNTIL), ("--substitute", TOM)):
        assert terminal.refused(LEAD, "user", "absent", ELS, *wrong)[0] == 2
    assert terminal.json(LEAD, "user", "absent", ELS, "--back")["substitute"] is None
    assert not any(row["client"] for row in terminal.json(TOM, "list"))


def test_the_recovery_key_needs_nobody_signed_in(tmp_path: Path) -> None:
    from intake.desk.settings import Founding, found
    from tests.tui.office import COST

    (tmp_path / "a").mkdir()
    settings = found_office(tmp_path / "a").settings
    made = found(
        Founding(tmp_path / "store", LEAD, PASSPHRASES[LEAD], settings, "x", [("een", "sesam")]), cost=COST
    )
    made.store.close()
    config, key = tmp_path / "config.toml", tmp_path / "key"
    config.write_text('store = "store"\nlanguage = "en"\n', encoding="utf-8")
    key.write_text(made.recovery_key[:-1] + ("A" if made.recovery_key[-1] != "A" else "B"), encoding="utf-8")
    wrong = run(
        "--config", config, "user", "recover", LEAD, "--recovery-file", key, "--code-out", tmp_path / "code"
    )
    assert (wrong.returncode, wrong.stdout, (tmp_path / "code").exists()) == (2, "", False)
    assert run("--config", config, "user", "recover", LEAD).returncode == 4, "no terminal to ask the key on"
    key.write_text(made.recovery_key, encoding="utf-8")
    done = run("--config", config, "--json", "user", "recover", LEAD, "--recovery-file", key)
    code = json.loads(done.stdout)["code"]
    (tmp_path / "code").write_text(code, encoding="utf-8")
    (tmp_path / "new").write_text(NEW, encoding="utf-8")
    own = ("--config", config, "--as", LEAD)
    first = run(
        *own, "passphrase", "--code-file", tmp_path / "code", "--new-passphrase-file", tmp_path / "new"
    )
    assert first.returncode == 0, first.stderr
    verified = run(*own, "--passphrase-file", tmp_path / "new", "--json", "log", "verify")
    assert verified.returncode == 0, verified.stderr


def test_secrecy_is_confirmed_on_its_own(terminal: Terminal) -> None:
    told = terminal.json(ELS, "passphrase", "--confirm-secrecy")
    users = {user["name"]: user["secrecy_confirmed_on"] for user in terminal.json(ELS, "user", "list")}
    assert users[ELS] == told["secrecy_confirmed_on"]
    assert terminal.refused(ELS, "passphrase", "--confirm-secrecy", "--code-file", "x")[0] == 2


def test_wrong_passphrases_slow_down_commands_too(terminal: Terminal) -> None:
    file = terminal.secret("een heel andere zin")
    arguments = ("--config", terminal.config, "--as", ELS, "--passphrase-file", file, "list")
    said = [run(*arguments) for _ in range(4)]
    assert [done.returncode for done in said] == [4, 4, 4, 4]
    assert "not right" in said[2].stderr
    assert "Too many wrong passphrases" in said[3].stderr
    assert terminal.json(TOM, "list"), "a colleague on the same machine does not wait"
