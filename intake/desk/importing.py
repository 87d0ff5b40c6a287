"""Putting what came in into the store: a referral, or an item of the quarantine, each with its log entry.

In the caller's transaction. Whether it may come in is decided before: by `intake/receive.py`, or by a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from intake.client import Client, Consent
from intake.desk.office import Office
from intake.desk.placing import referral_row
from intake.receive import Accepted, Rejected
from intake.referral import Closure, Flag, Happening, Referral, State
from intake.rows import QUARANTINE, TOMBSTONES, Payload, Row, iso, next_key
from storage.journal import Event
from storage.sealing import Context, seal, sign_row
from storage.store import Transaction


@dataclass(frozen=True, slots=True)
class Entry:
    """One client who comes in. `kind` is the format that was read; `step` is what the timeline begins with."""

    received_at: datetime
    client: Client = field(repr=False)
    consent: Consent
    flags: tuple[Flag, ...]
    kind: str
    step: str = "import"


def import_accepted(
    office: Office,
    tx: Transaction,
    received_at: datetime,
    accepted: Accepted,
    mail: str | None,
    likeness: Mapping[str, str],
    *,
    item: str | None = None,
) -> Referral:
    """As `import_referral`, for one client who was read from a message."""
    reading = accepted.reading
    entry = Entry(received_at, reading.client, reading.consent, accepted.flags, reading.kind)
    detail = {"method": "+".join(accepted.methods), "passphrase": accepted.passphrase_label}
    return import_referral(office, tx, entry, mail, likeness, detail, item=item)


def import_referral(
    office: Office,
    tx: Transaction,
    entry: Entry,
    mail: str | None,
    likeness: Mapping[str, str],
    detail: Mapping[str, str | int],
    *,
    item: str | None = None,
) -> Referral:
    """A new referral from the message with the ledger key `mail`; `item` is its former number in quarantine.

    A refused consent closes it at once (recital C). `detail` is what the log tells of how it was read.
    """
    now = office.now()

    def taken(key: str) -> bool:
        return referral_row(tx, key) is not None or tx.get_closed(TOMBSTONES, key) is not None

    refused = entry.consent in (Consent.DISPUTED, Consent.WITHDRAWN)
    referral = Referral(
        reference=next_key(tx, "D", office.today().year, taken),
        version=1,
        state=State.CLOSED if refused else State.RECEIVED,
        received_at=min(entry.received_at, now),
        imported_at=now,
        consent=entry.consent,
        flags=tuple(flag.value for flag in entry.flags),
        closed_because=Closure.CONSENT_WITHDRAWN if refused else None,
        closed_on=office.today() if refused else None,
        opened_with=str(detail["passphrase"]) if "passphrase" in detail else None,
        likeness=likeness,
        mail=mail,
        timeline=(Happening(now, office.name, entry.step, entry.kind),),
    )
    office.put_referral(tx, referral, office.seal_payload(Payload(entry.client), referral))
    references = (referral.reference, item) if item else (referral.reference,)
    tx.record(Event("import", references=references, detail=detail))
    return referral


def put_in_quarantine(
    office: Office, tx: Transaction, received_at: datetime, sender: str | None, rejected: Rejected
) -> str:
    """A new item, its sender and text sealed for who decides on it: whoever polls can write it and not read it."""

    def taken(key: str) -> bool:
        return tx.get(QUARANTINE, key) is not None or tx.get_closed(QUARANTINE, key) is not None

    key = next_key(tx, "Q", office.today().year, taken)
    item: Row = {
        "id": key,
        "cause": rejected.cause.value,
        "spot": rejected.spot,
        "received_at": iso(min(received_at, office.now())),
        "quarantined_at": iso(office.now()),
        "attempts": 1,
        "sealed": seal_item(office, key, sender, rejected.text, rejected.seen),
    }
    put_item(office, tx, item)
    tx.record(Event("quarantine", references=(key,), detail={"cause": rejected.cause.value}))
    return key


def seal_item(office: Office, key: str, sender: str | None, text: str, seen: str = "") -> Row:
    """What is personal of an item, sealed for team leads and the recovery key."""
    hidden = orjson.dumps({"sender": sender, "text": text, "seen": seen})
    return seal(hidden, office.quarantine_receivers(), Context("quarantine", key))


def put_item(office: Office, tx: Transaction, item: Row, *, closed: bool = False) -> None:
    """Sign an item's row and put it; what is decided and done lies in the file of closed matters."""
    key = item["id"]
    row = sign_row(item, office.session.signer, QUARANTINE, key)
    (tx.put_closed if closed else tx.put)(QUARANTINE, key, row)
