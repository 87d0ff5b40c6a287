"""An office for a journey: set up by the program's own commands, worked by running the program as a user would."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.config import MailboxConfig, OfficeSettings, Workstation, save_workstation
from intake.demo.agreement import AGREEMENT
from intake.desk import Desk, open_desk
from intake.desk.settings import Founding, found
from intake.desk.staff import first_sign_in
from intake.staff import Role
from storage.directory import change_passphrase, sign_in
from storage.keys import Argon2Cost
from storage.store import open_store
from tests.dovecot import Dovecot

LEAD = ("els", "vier groene fietsen")
WORKER = ("jan", "drie warme wafels op zondag")
COLLEAGUE = ("fatima", "zeven stille kaden bij nacht")
ARCHIVE_PASSPHRASE = "koffiekoek-regenboog-17"
CHEAP = Argon2Cost(memory=64, passes=1, lanes=1)


@dataclass(frozen=True)
class Done:
    """What a run of the program gave."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class JourneyOffice:
    """The folder of one office, and the program run on it."""

    def __init__(self, folder: Path, server: Dovecot, mailbox: str) -> None:
        self.folder = folder
        self.server = server
        self.mailbox = mailbox
        self.store = folder / "store"
        self.config = folder / "config.toml"

    def secret(self, name: str, value: str) -> Path:
        path = self.folder / f"{name}.secret"
        path.write_text(value + "\n", encoding="utf-8")
        return path

    def run(
        self,
        *arguments: object,
        user: tuple[str, str] | None = LEAD,
        status: int | None = 0,
        typed: str | None = None,
    ) -> Done:
        """Run one command as a user; `status` None accepts any exit status, `typed` comes on standard input."""
        who: Sequence[object] = ()
        if user is not None:
            who = ("--as", user[0], "--passphrase-file", self.secret(user[0], user[1]))
        environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("OCMW_INTAKE", "CREDENTIALS"))
        }
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "tui.main",
                "--config",
                str(self.config),
                *map(str, who),
                *map(str, arguments),
            ],
            **({"stdin": subprocess.DEVNULL} if typed is None else {"input": typed}),  # type: ignore[call-overload]
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment | {"PYTHONIOENCODING": "utf-8"},
            timeout=110,
            check=False,
        )
        result = Done(done.returncode, done.stdout, done.stderr)
        if status is not None:
            assert result.status == status, (result.status, result.err)
        return result

    def init(self, *more: object) -> Done:
        """Set the office up on the mailbox."""
        done = self.run(
            "init",
            *("--store", self.store, "--lead", LEAD[0]),
            *("--passphrase-file", self.secret(*LEAD), "--recovery-out", self.folder / "recovery"),
            *("--imap-host", self.server.host, "--imap-port", self.server.port, "--imap-security", "tls"),
            *("--imap-user", self.mailbox, "--imap-password-file", self.secret("imap", self.server.password)),
            *("--ca-file", self.server.ca_file),
            *("--archive-passphrase-file", self.secret("archive", ARCHIVE_PASSPHRASE)),
            *("--postcode", "8940", "--trusted-sender", "opgroeien.be"),
            *more,
            user=None,
        )
        self._make_sign_in_cheap(LEAD)
        return done

    def found(self) -> None:
        """As `init`, without starting Python for it, with the demo's agreement, and with passphrases that cost little."""
        settings = OfficeSettings(
            mailbox=MailboxConfig(
                host=self.server.host,
                port=self.server.port,
                user=self.mailbox,
                ca_pem=self.server.ca_file.read_text(encoding="ascii"),
            ),
            agreement=AGREEMENT.model_copy(update={"ocmw": "OCMW Wervik"}),
            postcodes=("8940",),
            trusted_senders=("opgroeien.be",),
        )
        secrets = [("eerste", ARCHIVE_PASSPHRASE)]
        founded = found(Founding(self.store, *LEAD, settings, self.server.password, secrets), cost=CHEAP)
        founded.store.close()
        save_workstation(self.config, Workstation(store=self.store, user=LEAD[0], language="nl"))

    @contextlib.contextmanager
    def desk(self, user: tuple[str, str] = LEAD) -> Iterator[Desk]:
        """What the commands stand on, for what is done dozens of times."""
        with contextlib.closing(open_desk(self.store, *user)) as desk:
            yield desk

    def add(self, user: tuple[str, str], role: str) -> None:
        """A new user who has signed in for the first time."""
        with self.desk() as desk:
            code = desk.staff.add(user[0], [Role(role)], cost=CHEAP)
            first_sign_in(desk.office.store, user[0], code, user[1], desk.office.today(), cost=CHEAP)

    def invite(self, user: tuple[str, str], role: str) -> None:
        """As `add`, by the program's own commands."""
        code = self.folder / f"{user[0]}.code"
        self.run("user", "add", user[0], "--role", role, "--code-out", code)
        new = self.secret(user[0], user[1])
        self.run("--as", user[0], "passphrase", "--code-file", code, "--new-passphrase-file", new, user=None)
        self._make_sign_in_cheap(user)

    def _make_sign_in_cheap(self, user: tuple[str, str]) -> None:
        """A journey signs in dozens of times; what a guess costs is tested elsewhere."""
        store = open_store(self.store)
        change_passphrase(store, sign_in(store, *user), user[1], cost=CHEAP)
        store.close()

    def files_with(self, *texts: str) -> list[str]:
        """The files of the store, the configuration and the mailbox that hold one of the texts in any usual encoding."""
        needles = [text.encode(form) for text in texts for form in ("utf-8", "utf-16-le", "latin-1")]
        roots = [self.store, self.server.base / "mail" / self.mailbox]
        files = [self.config, *(path for root in roots for path in root.rglob("*") if path.is_file())]
        return [str(path) for path in files if any(needle in path.read_bytes() for needle in needles)]
