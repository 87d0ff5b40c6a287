"""`form`, `stats`, `evidence`, `register` and `letter` as they are typed: JSON, exit status, no store where none is needed."""

import csv
import json
from pathlib import Path

import pytest

from intake.agreement import Contact
from intake.causes import Cause
from intake.client import Client
from tests.intake.cli.test_contract import refused
from tests.intake.cli.test_users import Terminal
from tests.intake.paperwork.reading import filled, text_of
from tests.running import run_inside as run
from tests.tui.office import CLIENTS, ELS, LEAD, PASSPHRASES, found_office
from tests.tui.retained import closed

SECRET = "koffiekoek-regenboog-17"
CLIENT = Client("An", "De Smet", "Koestraat", "12", None, "8940", "Wervik", "+32470123456")


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    office = found_office(tmp_path)
    references = office.receive([*CLIENTS, *CLIENTS])
    with office.desk(LEAD) as lead:
        settings = lead.settings.show()
        reachable = settings.agreement.model_copy(update={"contact": Contact(phone="+32 56 30 02 00")})
        lead.settings.change(settings.model_copy(update={"agreement": reachable}))
        lead.work.assign(references[:2], ELS)
    config = tmp_path / "config.toml"
    config.write_text('store = "store"\nlanguage = "en"\n', encoding="utf-8")
    return Terminal(office, tmp_path, config)


def test_the_fiche_is_made_and_packed_without_a_store(tmp_path):
    nowhere = ("--config", tmp_path / "none.toml")
    blank = tmp_path / "fiche.pdf"
    assert json.loads(run(*nowhere, "form", "blank", "--out", blank, "--json").stdout) == {"file": str(blank)}
    assert "AES-256" in text_of(blank.read_bytes())
    refused(run(*nowhere, "form", "blank", "--out", blank), 2)
    form, secret = tmp_path / "ingevuld.pdf", tmp_path / "zin.txt"
    form.write_bytes(filled(CLIENT))
    secret.write_text(SECRET + "\n", encoding="utf-8")
    target = tmp_path / "uit.7z"
    pack = ("form", "pack", form, "--to", target, "--archive-passphrase-file", secret)
    packed = json.loads(run(*nowhere, *pack, "--json").stdout)
    assert packed == {"file": str(target), "clients": 1, "consent": ["confirmed"], "superfluous": False}
    said = refused(run(*nowhere, *pack), 2)
    assert "Smet" not in said
    refused(run(*nowhere, "form", "pack", blank, "--to", tmp_path / "leeg.7z", *pack[-2:]), 2)
    refused(run(*nowhere, "form", "pack", form, "--to", tmp_path / "zonder.7z"), 3)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["fiche.pdf", "ingevuld.pdf", "uit.7z", "zin.txt"]


def test_packing_takes_the_offices_own_passphrase(terminal):
    form = terminal.folder / "ingevuld.pdf"
    form.write_bytes(filled(CLIENT))
    packed = terminal.json(ELS, "form", "pack", form, "--to", terminal.folder / "uit.7z")
    assert packed["consent"] == ["confirmed"]


def test_a_discarded_referral_is_no_typing_error(terminal):
    with terminal.office.desk(LEAD) as lead:
        gone = closed(terminal.office, lead)
        assert gone in lead.retention.run().discarded
    said = f"{gone} was discarded on 18/11/2026. Nothing is left of it but that"
    for command in (("show", gone), ("letter", gone, "--out", terminal.folder / "brief.pdf")):
        status, told = terminal.refused(LEAD, *command)
        assert (status, said in told, "spelling" in told) == (1, True, False)
    status, told = terminal.refused(LEAD, "show", "D2026-9999")
    assert (status, "Check the spelling" in told) == (1, True)


def test_a_log_without_a_line_of_it_says_so(terminal):
    assert terminal.json(LEAD, "log", "show", "--reference", "NOSUCH") == []
    file = terminal.secret(PASSPHRASES[LEAD])
    said = ("--config", terminal.config, "--as", LEAD, "--passphrase-file", file)
    done = run(*said, "log", "show", "--reference", "NOSUCH")
    assert (done.returncode, done.stdout.strip()) == (0, "The log has no entry of NOSUCH.")


def test_lists_for_people_have_words_and_mark_what_is_cut(terminal):
    item = terminal.office.quarantine(Cause.NOT_ENCRYPTED, "tekst", "iemand@opgroeien.be")
    said = (
        "--config",
        terminal.config,
        "--as",
        LEAD,
        "--passphrase-file",
        terminal.secret(PASSPHRASES[LEAD]),
    )
    told = run(*said, "breach", "list").stdout
    assert f"{item} (not encrypted)" in told
    terminal.json(LEAD, "breach", "open", "--quarantine", item)
    row = next(line for line in run(*said, "breach", "list").stdout.splitlines() if line.startswith("L2026"))
    assert row.endswith("…")
    log = run(*said, "log", "show").stdout
    assert "Data breach registered" in log and "breach-open" not in log
    actions = {entry["action"] for entry in terminal.json(LEAD, "log", "show")}
    assert {"breach-open", "breach-read"} <= actions


def test_numbers_inside_the_office_and_in_a_file(terminal):
    file = terminal.folder / "cijfers.csv"
    told = terminal.json(ELS, "stats", "--from", "18/11/2026", "--to", "2026-11-18", "--csv", file)
    assert told["total"]["received"] == 8
    assert {line["worker"]: line["open"] for line in told["workload"]} == {None: 6, ELS: 2}
    year, month = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    assert (year["received"], year["contacted"], month["received"]) == ("8", "…", "8")
    assert terminal.json(LEAD, "stats", "--to", "2026-11-17")["total"]["received"] == 0
    assert terminal.refused(ELS, "stats", "--from", "2026-11-18", "--to", "2026-11-17")[0] == 2
    assert terminal.refused(ELS, "stats", "--from", "ooit")[0] == 2


def test_the_evidence_is_written_and_checked_here_and_elsewhere(terminal, tmp_path):
    out = terminal.folder / "bewijs.pdf"
    assert terminal.refused(ELS, "evidence", "--out", out)[0] == 4
    assert terminal.refused(LEAD, "evidence")[0] == 2
    files = terminal.json(LEAD, "evidence", "--out", out)["files"]
    assert files == [str(out), str(out.with_suffix(".json"))]
    checked = terminal.json(LEAD, "evidence", "verify", files[1])
    assert checked["genuine"]
    assert checked["by"] == LEAD
    nowhere = ("--config", tmp_path / "none.toml", "evidence", "verify")
    elsewhere = run(*nowhere, files[1], "--fingerprint", checked["fingerprint"], "--json")
    assert json.loads(elsewhere.stdout) == checked
    refused(run(*nowhere, files[1], "--fingerprint", "0" * 32), 1)
    altered = terminal.folder / "anders.json"
    altered.write_bytes(Path(files[1]).read_bytes().replace(b'"secrecy_due": 0', b'"secrecy_due": 1'))
    refused(run(*nowhere, altered, "--fingerprint", checked["fingerprint"]), 1)


def test_the_register_entry_holds_the_fields_of_article_3(terminal):
    file = terminal.folder / "register.json"
    terminal.json(LEAD, "register", "--out", file)
    entry = json.loads(file.read_bytes())
    assert entry["data"] == [*Client.__dataclass_fields__, "consent"]
    assert {rule["outcome"]: rule["years"] for rule in entry["retention"]}["case-closed"] == 10
    assert terminal.refused(LEAD, "register", "--out", terminal.folder / "register.txt")[0] == 2


def test_a_letter_proposes_to_record_the_attempt(terminal):
    out = terminal.folder / "brief.pdf"
    made = terminal.json(ELS, "letter", "D2026-0001", "--out", out)
    assert made["then"] == "ocmw-intake attempt D2026-0001 --channel letter --result no-answer"
    assert "Fatima El Idrissi" in text_of(out.read_bytes())
    assert terminal.json(ELS, *made["then"].split()[1:])["attempts"] == 1
    assert terminal.refused(ELS, "letter", "D2026-0003", "--out", terminal.folder / "ander.pdf")[0] == 4
    terminal.json(LEAD, "consent", "D2026-0003", "withdrawn", "--why", "belde zelf")
    assert terminal.refused(LEAD, "letter", "D2026-0003", "--out", terminal.folder / "ander.pdf")[0] == 7
