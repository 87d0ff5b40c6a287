"""Signing in to the mailbox by token, set on the command line: init, settings mailbox, the doctor and the poll."""

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from intake.cli.main import run
from intake.desk import open_desk
from intake.desk import settings as founding
from intake.desk.office import MAILBOX_SECRET
from storage.keys import Argon2Cost
from tests.dovecot import Dovecot
from tests.tokens import CLIENT, CLIENT_SECRET, TENANT, Refusal, TokenServer, key_and_certificate

CHEAP = Argon2Cost(memory=64, passes=1, lanes=1)
PASSPHRASE = "vier groene fietsen"
MAILBOX = "opdrachtregel"
ROOT = Path(__file__).resolve().parents[3]


class Office:
    """An office that was set up by `init`, with the ways of the Dovecot that takes tokens."""

    def __init__(
        self, folder: Path, world: tuple[TokenServer, Dovecot], capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder, self.capsys = folder, capsys
        self.endpoint, self.server = world
        self.endpoint.user = MAILBOX
        (folder / "ca.pem").write_text(self.endpoint.ca_pem, encoding="ascii")
        self.passphrase = self.file("lead.txt", PASSPHRASE)

    def file(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text + "\n", encoding="utf-8")
        path.chmod(0o600)
        return str(path)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self.capsys.readouterr()
        given = ["--config", str(self.folder / "config.toml"), "--passphrase-file", self.passphrase]
        status = run([*given, *arguments], open_screen=lambda *_a, **_k: 0)
        out, err = self.capsys.readouterr()
        assert CLIENT_SECRET not in out + err and "vernieuw-" not in out + err
        assert "Traceback" not in out + err
        return status, out, err

    def init(self, *way: str) -> tuple[int, str, str]:
        port = str(self.server.port)
        return self.run(
            *("init", "--json", "--store", str(self.folder / "store"), "--lead", "Els"),
            *("--passphrase-file", self.passphrase, "--imap-host", self.server.host, "--imap-port", port),
            *("--recovery-out", str(self.folder / "recovery.txt"), "--imap-user", MAILBOX),
            *("--ca-file", str(self.server.ca_file), "--postcode", "8940"),
            *("--archive-passphrase-file", self.file("archives.txt", "koffiekoek-regenboog-17")),
            *way,
        )

    def microsoft(self, kind: str) -> list[str]:
        given = [
            "--sign-in",
            kind,
            "--tenant",
            TENANT,
            "--client-id",
            CLIENT,
            "--authority",
            self.endpoint.url,
        ]
        return [*given, "--token-ca-file", str(self.folder / "ca.pem")]

    def sealed(self) -> dict[str, Any]:
        desk = open_desk(self.folder / "store", "els", PASSPHRASE)
        try:
            return dict(desk.office.secret(MAILBOX_SECRET))
        finally:
            desk.close()


@pytest.fixture
def office(
    tmp_path: Path,
    token_world: tuple[TokenServer, Dovecot],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Office]:
    monkeypatch.setenv("OCMW_INTAKE_LANGUAGE", "en")
    # Every command signs in; what the passphrase costs is tested elsewhere.
    monkeypatch.setattr(founding, "found", partial(founding.found, cost=CHEAP))
    office = Office(tmp_path, token_world, capsys)
    yield office
    office.endpoint.refuses = None
    office.endpoint.confirmed = office.endpoint.keeps_old = False


def test_an_office_is_set_up_and_polled_by_token_in_every_way(office: Office) -> None:
    """One office, for the sake of time: each way in turn."""
    secret = office.file("app.txt", CLIENT_SECRET)
    status, _out, err = office.init(*office.microsoft("microsoft-app"), "--secret-file", secret)
    assert (status, err) == (0, "")
    status, out, _err = office.run("poll", "--json")
    assert status == 0 and json.loads(out)["found"] == 0
    shown = json.loads(office.run("settings", "show")[1])["mailbox"]
    assert shown["sign_in"]["kind"] == "microsoft-app" and "secret" not in json.dumps(shown)

    status, out, _err = office.run("doctor", "--json")
    said = {c["name"]: c for c in json.loads(out)["checks"]}
    assert said["mailbox"]["ok"]
    assert said["sign-in to the mailbox"]["said"] in (
        "Microsoft 365, as an application, the token is good for 59 minutes yet",
        "Microsoft 365, as an application, the token is good for 60 minutes yet",
    )

    pem, office.endpoint.certificate = key_and_certificate()
    status, out, err = office.run(
        "settings", "mailbox", "--certificate-file", office.file("app.pem", pem), "--json"
    )
    assert (status, json.loads(out), err) == (
        0,
        {"changed": True, "sign_in": "microsoft-app", "secret": True},
        "",
    )
    assert office.run("poll")[0] == 0
    assert set(office.sealed()) == {"kind", "certificate"}

    office.endpoint.confirmed = office.endpoint.keeps_old = True
    status, out, err = office.run("settings", "mailbox", *office.microsoft("microsoft-device"), "--json")
    assert status == 0 and json.loads(out)["sign_in"] == "microsoft-device"
    assert "https://login.example/toestel" in err and "BLAUW-42" in err
    assert office.run("poll")[0] == 0
    office.endpoint.confirmed = office.endpoint.keeps_old = False

    token = office.file("token.txt", office.endpoint.refresh_token)
    way = ["--sign-in", "oauth", "--client-id", CLIENT, "--token-url", office.endpoint.token_url]
    way += ["--token-ca-file", str(office.folder / "ca.pem"), "--refresh-token-file", token]
    assert office.run("settings", "mailbox", *way)[0] == 0
    for _ in range(2):
        assert office.run("poll")[0] == 0
    assert office.sealed() == {"kind": "oauth", "refresh_token": office.endpoint.refresh_token}

    assert office.run("settings", "mailbox", "--scope", "imap")[0] == 0, "the secret that is kept serves"
    assert office.run("poll")[0] == 0 and office.endpoint.asked[-1]["scope"] == "imap"
    elsewhere = ["--token-url", "https://127.0.0.1:1/token"]
    status, _out, err = office.run("settings", "mailbox", *elsewhere)
    assert status == 4 and err, "there is no terminal to ask the new one on"
    assert "127.0.0.1:1" not in office.run("settings", "show")[1]

    back = office.file("box.txt", office.server.password)
    assert office.run("settings", "mailbox", "--sign-in", "password", "--imap-password-file", back)[0] == 0
    assert office.run("poll")[0] == 0
    assert office.sealed() == {"password": office.server.password}
    said = {c["name"]: c for c in json.loads(office.run("doctor", "--json")[1])["checks"]}
    assert said["sign-in to the mailbox"]["said"] == "password"


@pytest.mark.parametrize(
    ("refuses", "words"),
    [
        (Refusal("invalid_client", 7000222, 401), "has expired"),
        (Refusal("invalid_grant", 65001), "may not read mailboxes yet"),
    ],
)
def test_a_poll_that_gets_no_token_says_why_in_one_sentence(
    office: Office, refuses: Refusal, words: str
) -> None:
    secret = office.file("app.txt", CLIENT_SECRET)
    assert office.init(*office.microsoft("microsoft-app"), "--secret-file", secret)[0] == 0
    office.endpoint.refuses = refuses
    status, out, err = office.run("poll")
    assert (status, out, err.count("\n")) == (5, "", 1)
    assert words in err and "AADSTS" not in err
    checks = json.loads(office.run("doctor", "--json")[1])["checks"]
    assert any(words in c["said"] for c in checks if c["name"] == "mailbox")


def test_what_does_not_go_together_is_wrong_use_and_makes_no_office(office: Office) -> None:
    secret = office.file("app.txt", CLIENT_SECRET)
    pem, _certificate = key_and_certificate()
    for way in (
        ["--sign-in", "microsoft-app", "--client-id", CLIENT, "--secret-file", secret],  # no directory
        ["--sign-in", "sms", "--secret-file", secret],
        [*office.microsoft("microsoft-app"), "--refresh-token-file", secret],
        [
            *office.microsoft("microsoft-app"),
            "--secret-file",
            secret,
            "--certificate-file",
            office.file("c", pem),
        ],
        [*office.microsoft("microsoft-app"), "--authority", "http://login.example", "--secret-file", secret],
        ["--sign-in", "password", "--secret-file", secret],
        [*office.microsoft("microsoft-app"), "--token-ca-file", secret, "--secret-file", secret],
    ):
        status, out, err = office.init(*way)
        assert (status, out, err.count("\n")) == (2, "", 1), way
    status, _out, err = office.init(
        *office.microsoft("microsoft-app"), "--certificate-file", office.file("d", "x")
    )
    assert status == 2 and "PEM" in err
    key = pem[: pem.index("-----BEGIN CERTIFICATE")]
    status, _out, err = office.init(
        *office.microsoft("microsoft-app"), "--certificate-file", office.file("e", key)
    )
    assert status == 3 and "certificate" in err
    assert not (office.folder / "store").exists() and not (office.folder / "config.toml").exists()


def test_a_poll_with_a_password_loads_nothing_of_tokens(office: Office) -> None:
    assert office.init("--imap-password-file", office.file("box.txt", office.server.password))[0] == 0
    script = (
        "import sys\nfrom tui.main import main\nassert main(sys.argv[1:]) == 0\n"
        "sys.stderr.write(' '.join({'msal', 'requests', 'jwt', 'urllib3'} & set(sys.modules)))"
    )
    given = ["--config", str(office.folder / "config.toml"), "--passphrase-file", office.passphrase]
    done = subprocess.run(
        [sys.executable, "-c", script, *given, "poll"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "= 0" in done.stdout and done.stderr == ""
