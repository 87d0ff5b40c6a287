"""A made-up office on the demo's mail server: store, staff, agreement, and the mails in its inbox.

What it makes is made by the same code as a real office; only the people, the mails and the mail server are made up.
"""

import contextlib
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from intake.config import MailboxConfig, OfficeSettings, Workstation, save_workstation
from intake.demo.agreement import AGREEMENT
from intake.demo.messages import sample_messages
from intake.demo.server import DemoServer
from intake.desk.desk import desk_for
from intake.desk.settings import Founding, found
from intake.desk.staff import first_sign_in
from intake.errors import WrongUse
from intake.staff import ROLE_WORDS, Role
from intake.texts import _
from storage.keys import Argon2Cost

USER = "kindengezin@ocmw.example"
ARCHIVE_PASSPHRASE = "regenboog-trampoline-koffiekoek"  # noqa: S105 - made up, shown to all
COST = Argon2Cost(memory=19_456, passes=2, lanes=1)
"""The made-up users' passphrases stand on the screen; a dear derivation would only make the demo slow."""

POSTCODES = ("8940",)
SENDERS = ("opgroeien.be",)


@dataclass(frozen=True)
class DemoUser:
    """A made-up member of staff."""

    name: str
    shown: str
    role: Role
    passphrase: str


STAFF = (
    DemoUser("els", "Els Maertens", Role.TEAM_LEAD, "vier groene fietsen"),
    DemoUser("jan", "Jan Declercq", Role.SOCIAL_WORKER, "drie warme wafels"),
    DemoUser("fatima", "Fatima El Idrissi", Role.SOCIAL_WORKER, "zeven stille kaden"),
    DemoUser("dirk", "Dirk Vandamme", Role.DPO, "twee oude molens"),
)


class DemoOffice:
    """Everything of the demo, from entering the block until leaving it; then it is gone unless `folder` was given."""

    lead = STAFF[0].name

    def __init__(self, folder: Path | None, *, count: int, seed: int, language: str) -> None:
        self._given = folder
        self._count = count
        self._seed = seed
        self._language = language
        self._stack = contextlib.ExitStack()
        self._folder = Path()
        self._password = secrets.token_urlsafe(12)
        self._server: DemoServer | None = None

    def __enter__(self) -> "DemoOffice":
        try:
            self._folder = self._make_folder()
            server_folder = self._folder / "mail"
            server_folder.mkdir(exist_ok=True)
            self._server = self._stack.enter_context(DemoServer(server_folder, USER, self._password))
            self._found()
            now = datetime.now(UTC)
            for message in sample_messages(self._count, self._seed, ARCHIVE_PASSPHRASE, now):
                self._server.deliver(message.raw, message.received_at)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _make_folder(self) -> Path:
        if self._given is None:
            folder = Path(tempfile.mkdtemp(prefix="ocmw-intake-demo-"))
            self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
            return folder
        folder = self._given.resolve()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise WrongUse(problem=_("The folder given with --dir cannot be made. Choose another.")) from None
        if any(folder.iterdir()):
            raise WrongUse(
                problem=_("The folder given with --dir is not empty. Choose a new one for each demo.")
            )
        return folder

    def _found(self) -> None:
        assert self._server is not None
        settings = OfficeSettings(
            mailbox=MailboxConfig(
                host="127.0.0.1",
                port=self._server.port,
                user=USER,
                ca_pem=self._server.ca_file.read_text(encoding="ascii"),
                poll_seconds=5,
            ),
            agreement=AGREEMENT,
            postcodes=POSTCODES,
            trusted_senders=SENDERS,
            selection_rule="voorbeeld 3.2",
        )
        lead = STAFF[0]
        founded = found(
            Founding(
                self._folder / "store",
                lead.name,
                lead.passphrase,
                settings,
                self._password,
                [("demo", ARCHIVE_PASSPHRASE)],
                lead.shown,
            ),
            cost=COST,
        )
        try:
            desk = desk_for(founded.store, founded.session)
            for user in STAFF[1:]:
                code = desk.staff.add(user.name, [user.role], display_name=user.shown, cost=COST)
                first_sign_in(founded.store, user.name, code, user.passphrase, desk.office.today(), cost=COST)
        finally:
            founded.store.close()
        for user in STAFF:
            self._passphrase_file(user).write_text(user.passphrase + "\n", encoding="utf-8")
        save_workstation(self._config, self.workstation())

    @property
    def _config(self) -> Path:
        return self._folder / "config.toml"

    def _passphrase_file(self, user: DemoUser) -> Path:
        return self._folder / f"{user.name}.passphrase"

    def workstation(self) -> Workstation:
        """The configuration of a workstation of this office."""
        return Workstation.model_validate(
            {"store": self._folder / "store", "user": self.lead, "language": self._language}
        )

    def description(self) -> dict[str, Any]:
        """Where everything is, as `demo --no-tui` prints it."""
        assert self._server is not None
        return {
            "config": str(self._config),
            "imap": {
                "host": "127.0.0.1",
                "port": self._server.port,
                "user": USER,
                "password": self._password,
                "ca_file": str(self._server.ca_file),
            },
            "users": [
                {
                    "name": user.name,
                    "role": user.role.value,
                    "passphrase_file": str(self._passphrase_file(user)),
                }
                for user in STAFF
            ],
            "messages": self._count,
        }

    def banner(self) -> str:
        """Who can sign in with what, for the sign-in screen."""
        lines = [_("Everything here is made up. Sign in as:")]
        lines += [f"{user.name} ({_(ROLE_WORDS[user.role])}): {user.passphrase}" for user in STAFF]
        return "\n".join(lines)
