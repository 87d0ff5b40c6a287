"""A store with as many referrals as a measurement asks for, made in one transaction, and how a time is taken."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from intake.client import Client, Consent
from intake.config import MailboxConfig, OfficeSettings
from intake.desk import Desk
from intake.desk.desk import desk_for
from intake.desk.settings import Founding, found
from intake.referral import Referral, State
from intake.rows import Payload
from storage.keys import STANDARD_COST, Argon2Cost

QUIET = os.environ.get("OCMW_INTAKE_QUIET") == "1"
"""Whether this machine has nothing else to do, so that seconds may be held to and not ratios alone."""

CHEAP = Argon2Cost(memory=64, passes=1, lanes=1)
PASSPHRASE = "vier groene fietsen"
START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


NOWHERE = MailboxConfig(host="localhost", port=993, user="box")


def office(
    folder: Path,
    *,
    real_cost: bool = False,
    mailbox: MailboxConfig = NOWHERE,
    secrets: tuple[str, str] = ("secret", "passphrase"),
) -> Desk:
    """A new office with one team lead, els. `secrets` are the passwords of its mailbox and of the archives."""
    settings = OfficeSettings(
        mailbox=mailbox,
        agreement={"in_force_from": date(2023, 12, 1)},  # type: ignore[arg-type]  # pydantic reads the mapping
        case_files="local",
        trusted_senders=("opgroeien.be",),
    )
    password, passphrase = secrets
    founding = Founding(folder / "store", "els", PASSPHRASE, settings, password, [("one", passphrase)])
    founded = found(founding, clock=lambda: START, cost=STANDARD_COST if real_cost else CHEAP)
    return desk_for(founded.store, founded.session, lambda: START + timedelta(days=1))


def client(number: int) -> Client:
    return Client(
        first_name=f"Voornaam{number}",
        last_name=f"Achternaam{number}",
        street="Groenestraat",
        house_number=str(number % 300),
        postcode="8940",
        municipality="Wervik",
        phone="+3247012" + f"{number % 10000:04d}",
        email=f"iemand{number}@voorbeeld.example",
    )


def referral(number: int, state: State = State.RECEIVED) -> Referral:
    return Referral(
        reference=f"D2026-{number:05d}",
        version=1,
        state=state,
        received_at=START,
        imported_at=START,
        consent=Consent.CONFIRMED,
        mail=f"{number:064x}",
        case_closed_on=date(2026, 11, 2) if state is State.CASE_CLOSED else None,
    )


def fill(desk: Desk, count: int, state: State = State.RECEIVED, first: int = 1) -> None:
    """Add `count` referrals, each sealed and signed, in one transaction and without an entry in the log."""
    with desk.office.store.transaction(desk.office.session.signer) as tx:
        for number in range(first, first + count):
            made = referral(number, state)
            desk.office.put_referral(tx, made, desk.office.seal_payload(Payload(client(number)), made))


def milliseconds(action: Callable[[int], object], times: int) -> float:
    """The median time of one call."""
    taken = []
    for number in range(times):
        start = perf_counter()
        action(number)
        taken.append((perf_counter() - start) * 1000)
    return median(taken)
