"""An office for the journeys of the protocol: the program's own commands in this process, on any day.

`JourneyOffice` runs the program as a user does and has its tests elsewhere; here dozens of commands make one journey, so
they are run without starting Python each time. The store, the mailbox, the archives and the clock's use are real; only
what day it is is set.
"""

import contextlib
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from pypdf import PdfReader

from intake.archive import Member, pack
from intake.client import Client, Consent
from intake.demo.forms import make_form
from tests.journeys.mails import CANARY, mail
from tests.journeys.office import ARCHIVE_PASSPHRASE, LEAD, Done, JourneyOffice
from tests.running import run_inside

WORDS = ("Zwaantje", "Kwispelaere", "zwaantje.kwispelaere", "Krakelingstraat", "470123456", "470 12 34 56")
"""What of the canary may stand nowhere in the end."""


class ProtocolOffice(JourneyOffice):
    """The folder of one office, its mailbox, and its commands run here."""

    def run(
        self,
        *arguments: object,
        user: tuple[str, str] | None = LEAD,
        status: int | None = 0,
        typed: str | None = None,
    ) -> Done:
        """As `JourneyOffice.run`, in this process."""
        who: tuple[object, ...] = ()
        if user is not None:
            who = ("--as", user[0], "--passphrase-file", self.secret(user[0], user[1]))
        ended = run_inside("--config", self.config, *who, *arguments, typed=typed or "")
        done = Done(ended.returncode, ended.stdout, ended.stderr)
        if status is not None:
            assert done.status == status, (arguments, done.status, done.err)
        return done

    def json(self, *arguments: object, **options: Any) -> Any:
        """What a command prints with --json."""
        return self.run(*arguments, "--json", **options).json

    # -- mails in, and what is in the mailbox -------------------------------------------------------------------------

    def send(
        self,
        client: Client = CANARY,
        consent: Consent = Consent.CONFIRMED,
        *,
        kind: str = "docx",
        **options: str,
    ) -> None:
        """One referral as the local team sends it; the subject names the client, as hurried people do."""
        name, data = make_form(kind, client, consent, random.Random(3))
        archive = pack([Member(name, data)], ARCHIVE_PASSPHRASE)
        options.setdefault("subject", f"Doorverwijzing {client.first_name} {client.last_name}")
        self.deliver(mail(("fiche.7z", archive), **options))

    def deliver(self, raw: bytes) -> None:
        """A mail that arrives now."""
        self.server.deliver(self.mailbox, raw, received_at=datetime.now(UTC))

    def receive(self, client: Client = CANARY, consent: Consent = Consent.CONFIRMED, **options: Any) -> str:
        """Send one referral and poll; its reference."""
        self.send(client, consent, **options)
        (reference,) = self.json("poll")["references"]
        return str(reference)

    def drafts(self) -> list[bytes]:
        """The messages in the Drafts folder, as they lie there."""
        folder = self.server.maildir(self.mailbox, "Drafts")
        return [p.read_bytes() for part in ("cur", "new") for p in sorted((folder / part).iterdir())]

    # -- the work -----------------------------------------------------------------------------------------------------

    def reach(self, reference: str, **options: Any) -> None:
        """An attempt that reached the client."""
        self.run("attempt", reference, "--channel", "phone", "--result", "reached", **options)

    def decline(self, reference: str) -> None:
        """Contact, and no help is wanted."""
        self.reach(reference)
        self.run("wish", reference, "no")

    def case(self, reference: str, number: str = "2026/0815") -> None:
        """Contact, help is wanted, a case file is opened."""
        self.reach(reference)
        self.run("wish", reference, "yes")
        self.run("case", "open", reference, "--number", number)

    def change(self, **values: Any) -> None:
        """Put other settings in force; `agreement` is merged, the rest replaced."""
        settings = self.run("settings", "show").json
        settings["agreement"] |= values.pop("agreement", {})
        path = self.folder / "settings.json"
        path.write_text(json.dumps(settings | values, default=str), encoding="utf-8")
        self.run("settings", "set", path)

    @contextlib.contextmanager
    def later(self, *users: tuple[str, str], **by: float) -> Iterator[datetime]:
        """That much later. Who worked a year ago confirms professional secrecy anew."""
        moment = datetime.now(UTC) + timedelta(**by)
        with time_machine.travel(moment, tick=True):
            if timedelta(**by) > timedelta(days=360):
                for user in users or (LEAD,):
                    self.run("passphrase", "--confirm-secrecy", user=user)
            yield moment

    # -- what remains -------------------------------------------------------------------------------------------------

    def gone(self, reference: str, *words: str) -> None:
        """Nothing of the client is left in any file of the office or the mailbox; what stays is named by reference."""
        assert self.files_with(*(words or WORDS)) == []
        assert self.run("show", reference, status=None).status in (1, 7)
        assert self.json("log", "verify")["ok"]

    def actions(self, reference: str) -> list[str]:
        """What the log says was done with a referral, in order."""
        return [entry["action"] for entry in self.json("log", "show", "--reference", reference)]


def text_of(pdf: Path) -> str:
    """The text of a PDF."""
    return "\n".join(page.extract_text() for page in PdfReader(pdf).pages)
