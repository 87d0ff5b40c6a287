"""A small office for the screens' tests: staff, referrals, and a desk for a colleague at another workstation.

Referrals enter through the same code as a poll's; only their text is made up.
"""

import atexit
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from intake.agreement import Agreement
from intake.causes import Cause
from intake.client import Client, Consent
from intake.config import MailboxConfig, OfficeSettings, Workstation
from intake.desk import Desk, open_desk
from intake.desk.desk import desk_for
from intake.desk.importing import import_accepted, put_in_quarantine
from intake.desk.office import LEDGER_SECRET
from intake.desk.settings import Founding, found
from intake.desk.staff import first_sign_in
from intake.form import Reading
from intake.mail.ledger import LedgerKey
from intake.receive import Accepted, Rejected
from intake.staff import Role
from storage.keys import Argon2Cost

COST = Argon2Cost(memory=64, passes=1, lanes=1)
START = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
"""A Wednesday, 10:00 in Belgium."""

LEAD, ELS, TOM = "an.lead", "els", "tom"
PASSPHRASES = {LEAD: "een lange zin voor an", ELS: "een lange zin voor els", TOM: "een lange zin voor tom"}

CLIENTS = (
    Client(
        "Fatima", "El Idrissi", "Koestraat", "12", "3", "8940", "Wervik", "+32470123456", "fatima@example.be"
    ),
    Client("Jan", "Peeters", "Molenstraat", "4", None, "8940", "Wervik", "+3256300200", None),
    Client("Zoë", "Vandamme", "Nieuwstraat", "7", None, "8930", "Menen", "+32471234567", "zoe@example.be"),
    Client("Ömer", "Yılmaz", "Kerkplein", "1", None, "8940", "Geluwe", None, "omer@example.be"),
)
HOSTILE = "[/] [red]x[/red] [@click=app.quit]y"
HOSTILE_CLIENT = Client(*[HOSTILE] * 9)


@dataclass
class Clock:
    """Time that stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: int) -> None:
        self.now += timedelta(**by)


SENDERS = ("kindengezin.example",)


@dataclass
class TestOffice:
    """The office's folder and what is needed to get in."""

    __test__ = False

    location: Path
    settings: OfficeSettings
    clock: Clock = field(default_factory=Clock)

    def workstation(self, user: str | None = ELS, language: str = "en") -> Workstation:
        return Workstation(
            store=self.location, user=user, language=language, file=self.location.parent / "config.toml"
        )  # type: ignore[arg-type]

    @contextmanager
    def desk(self, user: str) -> Iterator[Desk]:
        """A colleague at another workstation."""
        desk = open_desk(self.location, user, PASSPHRASES[user], clock=self.clock)
        try:
            yield desk
        finally:
            desk.close()

    def receive(
        self, clients: Sequence[Client], *, consent: Consent = Consent.CONFIRMED, by: str = LEAD
    ) -> list[str]:
        """Take in one referral for each client, as a poll does; their references."""
        with self.desk(by) as desk:
            return self.receive_at(desk, clients, consent)

    def receive_at(
        self, desk: Desk, clients: Sequence[Client], consent: Consent = Consent.CONFIRMED
    ) -> list[str]:
        """As `receive`, at a desk that is open already."""
        references = []
        key = LedgerKey.of(desk.office.secret(LEDGER_SECRET)["key"])
        with desk.office.store.transaction(desk.office.session.signer) as tx:
            for client in clients:
                accepted = Accepted(_reading(client, consent), ("LZMA2", "7zAES"), "test", ())
                like = key.likeness(client)
                referral = import_accepted(desk.office, tx, self.clock(), accepted, "mail", like)
                references.append(referral.reference)
        return references

    def quarantine(self, cause: Cause, text: str, sender: str = "iemand@example.be", by: str = LEAD) -> str:
        """Put one message into quarantine, as a poll does."""
        with self.desk(by) as desk, desk.office.store.transaction(desk.office.session.signer) as tx:
            return put_in_quarantine(desk.office, tx, self.clock(), sender, Rejected(cause, text))


def found_office(
    folder: Path,
    mailbox: MailboxConfig | None = None,
    password: str = "x",
    senders: tuple[str, ...] = SENDERS,
) -> TestOffice:
    """A new office with a team lead and two social workers. Without a mailbox its port answers nobody.

    That of most tests is founded once and copied: a store is its folder.
    """
    if mailbox is not None or senders != SENDERS:
        return _found(folder, mailbox, password, senders)
    office = _usual()
    shutil.copytree(office.location, folder / "store")
    return TestOffice(folder / "store", office.settings)


@cache
def _usual() -> TestOffice:
    folder = tempfile.TemporaryDirectory(prefix="usual-office-")
    atexit.register(folder.cleanup)
    return _found(Path(folder.name), None, "x", SENDERS)


def _found(
    folder: Path, mailbox: MailboxConfig | None, password: str, senders: tuple[str, ...]
) -> TestOffice:
    settings = OfficeSettings(
        mailbox=mailbox
        or MailboxConfig(host="127.0.0.1", port=1, user="doorverwijzingen@ocmw.example", poll_seconds=3600),
        agreement=Agreement(ocmw="OCMW Wervik", in_force_from=date(2024, 1, 1)),
        postcodes=("8940",),
        trusted_senders=senders,
    )
    office = TestOffice(folder / "store", settings)
    founding = Founding(
        location=office.location,
        lead=LEAD,
        passphrase=PASSPHRASES[LEAD],
        settings=settings,
        mailbox_password=password,
        archive_passphrases=[("test", "geheim")],
    )
    founded = found(founding, clock=office.clock, cost=COST)
    lead = desk_for(founded.store, founded.session, office.clock)
    for name in (ELS, TOM):
        code = lead.staff.add(name, [Role.SOCIAL_WORKER], cost=COST)
        first_sign_in(founded.store, name, code, PASSPHRASES[name], START.date(), cost=COST)
    founded.store.close()
    return office


def _reading(client: Client, consent: Consent) -> Reading:
    return Reading(client=client, consent=consent, leftovers=(), kind="docx")
