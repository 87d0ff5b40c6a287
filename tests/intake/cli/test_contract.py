"""The command line as other programs call it: JSON, exit status, one sentence for an error."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from intake.cli.main import _build
from tests.running import run_inside as run

ROOT = Path(__file__).resolve().parents[3]
ROW_KEYS = [
    "reference",
    "state",
    "received_at",
    "assigned_to",
    "attempts",
    "due_on",
    "discard_on",
    "client",
]
CLIENT_KEYS = [
    "first_name",
    "last_name",
    "street",
    "house_number",
    "box",
    "postcode",
    "municipality",
    "phone",
    "email",
]


def started(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program, as another program starts it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("OCMW_INTAKE", "CREDENTIALS"))}
    return subprocess.run(
        [sys.executable, "-m", "tui.main", *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        check=False,
        env=kept | {"PYTHONIOENCODING": "utf-8"} | environment,
    )


class Demo:
    """A running `demo --no-tui`."""

    def __init__(self, *more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tui.main", "demo", "--no-tui", *more],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.said: dict[str, Any] = json.loads(line)

    def as_user(self, role: str) -> list[str]:
        user = next(u for u in self.said["users"] if u["role"] == role)
        return [
            "--config",
            self.said["config"],
            "--as",
            user["name"],
            "--passphrase-file",
            user["passphrase_file"],
        ]

    def stop(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=30)
        assert out == ""
        return self.process.returncode, err


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    demo = Demo("--messages", "40", "--seed", "4")
    assert run(*demo.as_user("team-lead"), "poll").returncode == 0
    yield demo
    demo.stop()


def refused(done: subprocess.CompletedProcess[str], status: int) -> str:
    """One sentence on standard error, nothing on standard output, and this exit status."""
    assert (done.returncode, done.stdout) == (status, ""), done
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_the_demo_says_where_it_is_serves_and_leaves_nothing_behind():
    demo = Demo("--messages", "3")
    assert set(demo.said) == {"config", "imap", "users", "messages"}
    assert set(demo.said["imap"]) == {"host", "port", "user", "password", "ca_file"}
    assert demo.said["messages"] == 3
    assert sorted(u["role"] for u in demo.said["users"]) == [
        "dpo",
        "social-worker",
        "social-worker",
        "team-lead",
    ]
    polled = json.loads(started(*demo.as_user("team-lead"), "poll", "--json").stdout)
    assert polled["found"] == 3
    status, err = demo.stop()
    assert (status, err.count("\n")) == (0, 1)
    assert not Path(demo.said["config"]).parent.exists()


def test_a_poll_proves_what_it_found(demo):
    again = json.loads(run(*demo.as_user("team-lead"), "poll", "--json").stdout)
    assert list(again) == ["found", "imported", "quarantined", "known", "references", "seconds"]
    assert again["imported"] == 0


def test_rows_have_exactly_the_keys_of_the_contract(demo):
    rows = json.loads(run(*demo.as_user("team-lead"), "list", "--all", "--json").stdout)
    assert rows
    for row in rows:
        assert list(row) == ROW_KEYS
        assert list(row["client"]) == CLIENT_KEYS
        assert row["client"]["phone"] is None or re.fullmatch(r"\+\d{8,15}", row["client"]["phone"])
        assert re.fullmatch(r"D\d{4}-\d{4}", row["reference"])


def test_show_adds_what_belongs_to_one_referral(demo):
    lead = demo.as_user("team-lead")
    reference = json.loads(run(*lead, "list", "--json").stdout)[0]["reference"]
    shown = json.loads(run(*lead, "show", reference, "--json").stdout)
    assert set(ROW_KEYS) | {"consent", "flags", "timeline", "allowed"} <= set(shown)


def test_the_dpo_sees_the_work_and_no_client(demo):
    dpo = demo.as_user("dpo")
    rows = json.loads(run(*dpo, "list", "--all", "--json").stdout)
    assert rows
    assert all(row["client"] is None for row in rows)
    refused(run(*dpo, "show", rows[0]["reference"]), 4)
    assert json.loads(run(*dpo, "log", "verify", "--json").stdout)["ok"]
    refused(run(*dpo, "poll"), 4)


def test_quarantine_rows_have_a_coded_cause(demo):
    rows = json.loads(run(*demo.as_user("team-lead"), "quarantine", "list", "--json").stdout)
    assert {"unknown-passphrase", "damaged", "not-encrypted", "no-archive"} <= {r["cause"] for r in rows}
    assert all(list(r) == ["id", "cause", "received_at", "sender", "attempts"] for r in rows)


def test_a_colleagues_referral_asks_for_a_reason_which_the_log_keeps(demo):
    lead, worker = demo.as_user("team-lead"), demo.as_user("social-worker")
    reference = json.loads(run(*lead, "list", "--json").stdout)[1]["reference"]
    assert run(*lead, "assign", reference, worker[3]).returncode == 0
    assert "--reason" in refused(run(*lead, "show", reference), 2)
    client = json.loads(run(*worker, "show", reference, "--json").stdout)["client"]
    refused(run(*lead, "show", reference, "--reason", f"vraag van {client['last_name']}"), 2)
    assert run(*lead, "show", reference, "--reason", "intervisie").returncode == 0
    entries = json.loads(run(*lead, "log", "show", "--reference", reference, "--json").stdout)
    assert [e["reason"] for e in entries if e["action"] == "read"] == ["=assigned", "intervisie"]
    assert client["last_name"] not in json.dumps(entries, ensure_ascii=False)


def test_global_options_may_stand_anywhere(demo):
    lead = demo.as_user("team-lead")
    before, after = run("--json", *lead, "user", "list"), run("user", "list", *lead, "--json")
    assert before.returncode == after.returncode == 0
    assert json.loads(before.stdout) == json.loads(after.stdout)


def test_wrong_use_is_2(demo):
    lead = demo.as_user("team-lead")
    refused(started("nonsense"), 2)
    refused(run(*lead, "show"), 2)
    reference = json.loads(run(*lead, "list", "--json").stdout)[0]["reference"]
    attempt = ("attempt", reference, "--channel", "phone", "--result", "reached")
    refused(run(*lead, *attempt, "--at", "gisteren"), 2)
    refused(run(*lead, *attempt, "--at", "2099-01-01T10:00"), 2)
    refused(run(*lead, "attempt", reference, "--channel", "pigeon", "--result", "reached"), 2)


def test_configuration_is_3(tmp_path):
    assert "init" in refused(started("--config", tmp_path / "none.toml", "list"), 3)
    (tmp_path / "bad.toml").write_text("store = 3\n", encoding="utf-8")
    assert "store" in refused(run("--config", tmp_path / "bad.toml", "list"), 3)


def test_not_signed_in_is_4(demo, tmp_path):
    config = ["--config", demo.said["config"]]
    wrong = tmp_path / "wrong"
    wrong.write_text("geen wachtwoordzin\n", encoding="utf-8")
    refused(run(*config, "list"), 4)
    refused(run(*config, "--passphrase-file", wrong, "list"), 4)
    refused(run(*config, "--as", "niemand", "--passphrase-file", wrong, "list"), 4)


def test_a_store_that_is_not_there_is_6(tmp_path):
    (tmp_path / "c.toml").write_text('store = "nergens"\nuser = "els"\n', encoding="utf-8")
    (tmp_path / "p").write_text("geen wachtwoordzin\n", encoding="utf-8")
    refused(run("--config", tmp_path / "c.toml", "--passphrase-file", tmp_path / "p", "list"), 6)


def test_not_lawful_is_7_with_the_article(demo):
    lead = demo.as_user("team-lead")
    reference = json.loads(run(*lead, "list", "--state", "received", "--json").stdout)[0]["reference"]
    assert "(P3)" in refused(run(*lead, "case", "open", reference, "--number", "1"), 7)


def test_passphrases_come_from_the_credentials_folder_too(demo, tmp_path):
    lead = demo.as_user("team-lead")
    secret = Path(lead[5]).read_text(encoding="utf-8")
    (tmp_path / "ocmw-intake-passphrase").write_text(secret, encoding="utf-8")
    assert run(*lead[:4], "list", CREDENTIALS_DIRECTORY=str(tmp_path)).returncode == 0


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["list", "--help"]])
def test_version_and_help_load_nothing_heavy(arguments):
    script = (
        "import sys\nfrom tui.main import main\nmain(sys.argv[1:])\n"
        "heavy = {'textual', 'py7zr', 'imapclient', 'pypdf', 'openpyxl', 'lxml', 'tinydb', 'pymap', 'msal', 'requests'}\n"
        "sys.stderr.write(' '.join(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout
    assert done.stderr == ""


def test_listing_loads_no_screen_mail_or_document_library(demo):
    script = (
        "import sys\nfrom tui.main import main\nmain(sys.argv[1:])\n"
        "heavy = {'textual', 'py7zr', 'imapclient', 'pypdf', 'openpyxl', 'lxml', 'pymap', 'reportlab', 'msal', 'requests'}\n"
        "sys.stderr.write(' '.join(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *demo.as_user("team-lead"), "list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout
    assert done.stderr == ""


def every_command(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Each command with the words it is called by, those of groups too."""
    for name, one in group.commands.items():
        words = f"{before} {name}".strip()
        if hasattr(one, "commands"):
            yield from every_command(one, words)
        else:
            yield words, one


def test_every_command_has_help_for_all_it_takes_and_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = dict(every_command(typer.main.get_command(_build(lambda *_a, **_k: 0))))
    assert len(commands) > 60
    for words, one in commands.items():
        assert one.help, words
        bare = [p.name for p in one.params if p.param_type_name == "option" and not p.help]
        assert not bare, (words, bare)
        group, _space, name = words.rpartition(" ")
        rows = [line for line in readme.splitlines() if line.startswith("|") and f"`{group or name}" in line]
        assert any(re.search(rf"[ `|]{name}[ `|\\]", row) for row in rows), f"{words}: not in the README"
    helped = started("retention", "--help")
    assert (helped.returncode, helped.stderr) == (0, "")
    assert "verify" in helped.stdout
