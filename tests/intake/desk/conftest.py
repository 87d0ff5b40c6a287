"""An office in this process, on a mailbox of the real Dovecot that no other test has."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from intake.archive import Member, pack
from intake.config import MailboxConfig, OfficeSettings
from intake.desk import Desk
from intake.desk.desk import desk_for
from intake.desk.settings import Founding, found
from intake.desk.staff import first_sign_in
from intake.staff import Role
from storage.directory import Session
from storage.keys import Argon2Cost
from tests.dovecot import Dovecot
from tests.journeys.mails import form, mail

CHEAP = Argon2Cost(memory=64, passes=1, lanes=1)
SECRET = "koffiekoek-regenboog-17"


class DeskOffice:
    """An office with a clock that the test sets, and its mailbox."""

    def __init__(self, folder: Path, server: Dovecot, mailbox: str) -> None:
        self.folder = folder
        self.server = server
        self.mailbox = mailbox
        self.ahead = timedelta()
        settings = OfficeSettings(
            mailbox=MailboxConfig(
                host=server.host,
                port=server.port,
                user=mailbox,
                ca_pem=server.ca_file.read_text(encoding="ascii"),
            ),
            agreement={"in_force_from": date(2023, 12, 1)},
            postcodes=("8940",),
            trusted_senders=("opgroeien.be",),
        )
        founding = Founding(
            folder / "store", "els", "vier groene fietsen", settings, server.password, [("eerste", SECRET)]
        )
        founded = found(founding, clock=self.now, cost=CHEAP)
        self.store = founded.store
        self.recovery_key = founded.recovery_key
        self.lead = desk_for(founded.store, founded.session, self.now)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def add(self, name: str, *roles: Role) -> Desk:
        code = self.lead.staff.add(name, roles, cost=CHEAP)
        day = self.now().date()
        session = first_sign_in(self.store, name, code, f"{name} heeft drie wafels", day, cost=CHEAP)
        return desk_for(self.store, session, self.now)

    def desk_of(self, session: Session) -> Desk:
        return desk_for(self.store, session, self.now)

    def send(self, **options: str) -> bytes:
        """Deliver one good referral; returns the mail."""
        raw = mail(("fiche.7z", pack([Member(*form())], SECRET)), **options)
        self.server.deliver(self.mailbox, raw)
        return raw

    def in_folder(self, folder: str = "INBOX") -> list[Path]:
        root = self.server.maildir(self.mailbox, folder)
        return [path for part in ("cur", "new") for path in (root / part).iterdir()]

    def everywhere(self) -> list[Path]:
        root = self.server.base / "mail" / self.mailbox
        return [p for p in root.rglob("*") if p.is_file() and p.parent.name in ("cur", "new")]


@pytest.fixture
def office(tmp_path: Path, dovecot: Dovecot, mailbox_user: str) -> Iterator[DeskOffice]:
    office = DeskOffice(tmp_path, dovecot, mailbox_user)
    yield office
    office.store.close()
