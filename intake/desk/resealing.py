"""Sealing anew what is stored, when who may read it or with which keys has changed.

Who should read what is in `office.py`; who the users are in `staff.py`. All of it happens in the caller's transaction:
what cannot be sealed anew for all leaves everything as it was.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from intake.config import OfficeSettings
from intake.desk.office import SECRET_READERS, SIGNING_ROLES, Office
from intake.desk.placing import place_referral, referral_rows
from intake.desk.registering import register_receivers
from intake.referral import State
from intake.register_rows import DRAFTS, REGISTER_SEALED, REGISTERS
from intake.rows import (
    APPROVALS,
    DESTRUCTIONS,
    LEDGER,
    QUARANTINE,
    REFERRALS,
    SECRETS,
    SETTINGS,
    TOMBSTONES,
    UNREAD,
)
from intake.staff import WRITERS
from storage.directory import Directory
from storage.keys import KeyRing, Signer
from storage.sealing import Context, open_sealed, receivers_of, seal, sign_row, verify_row
from storage.store import Transaction

SIGNED_CLOSED = (REFERRALS, QUARANTINE, LEDGER, TOMBSTONES, DESTRUCTIONS, APPROVALS)
SIGNED = (REFERRALS, QUARANTINE, LEDGER, UNREAD, SECRETS, SETTINGS, *REGISTERS, DRAFTS)
"""The tables whose rows are signed, in the active file and in that of closed matters."""

PURPOSES: Mapping[str, str] = {
    SECRETS: "secret",
    REFERRALS: "referral",
    QUARANTINE: "quarantine",
    **REGISTER_SEALED,
}
"""The tables whose rows hold something sealed, and what for."""


def seal_again(
    office: Office,
    tx: Transaction,
    directory: Directory,
    settings: OfficeSettings | None = None,
    renewed: frozenset[str] = frozenset(),
) -> None:
    """Seal for the staff and settings as they are now whatever the signed-in team lead can open.

    Rows whose receivers stay the same are left alone, unless one of them is `renewed`: has other keys than before.
    """

    def other(wanted: Mapping[str, bytes], sealed: Mapping[str, Any]) -> bool:
        now = receivers_of(sealed)
        return frozenset(wanted) != now or bool(renewed & now)

    for name in SECRET_READERS:
        row = tx.get(SECRETS, name)
        if row is not None and other(office.secret_receivers(name, directory), row["sealed"]):
            office.put_secret(tx, name, office.secret(name), directory)
    for key, row in referral_rows(tx):
        if row["state"] == State.DISCARDING.value:
            continue
        referral = office.facts(row, key)
        if other(office.receivers_for(referral, directory, settings), row["sealed"]):
            payload = office.payload(row, key)
            sealed = office.seal_payload(payload, referral, directory, settings)
            office.put_referral(tx, referral, sealed)
    for key, row in tx.rows(QUARANTINE):
        office.verify(row, QUARANTINE, key, directory)
        wanted = office.quarantine_receivers(directory)
        if "sealed" in row and other(wanted, row["sealed"]):
            _renew(tx, QUARANTINE, key, row, office.session.ring, office.session.signer, wanted)
    for table in REGISTER_SEALED:
        for key, row in tx.rows(table):
            office.verify(row, table, key, directory)
            wanted = register_receivers(office, table, row, directory)
            if "sealed" in row and other(wanted, row["sealed"]):
                _renew(tx, table, key, row, office.session.ring, office.session.signer, wanted)


def move_to_new_keys(tx: Transaction, opener: KeyRing, signer: Signer, renewed: str) -> None:
    """Seal anew, for the same receivers, whatever `renewed` can read: the keys of that one have changed in `tx`.

    Opened with `opener`: the user's own former keys, or the recovery key. Each row must be genuine first: otherwise
    an altered one would become so here. Raises RowNotGenuine, NotAReceiver.
    """
    directory = Directory.load(tx)
    for table in PURPOSES:
        for key, row in referral_rows(tx) if table == REFERRALS else tx.rows(table):
            readers = receivers_of(row["sealed"]) if "sealed" in row else frozenset()
            if renewed in readers:
                verify_row(row, directory, table, key, SIGNING_ROLES.get(table, WRITERS))
                _renew(tx, table, key, row, opener, signer, directory.receivers(readers))


def retired_rows(tx: Transaction, staff: Directory) -> Iterator[tuple[str, str, Mapping[str, Any], bool]]:
    """Table, key, row, and whether closed, of every row whose signing key `staff` has as retired."""

    def retired(row: Mapping[str, Any]) -> bool:
        known = staff.known_key(str(row.get("signed", {}).get("key_id", "")))
        return known is not None and known.retired

    for tables, rows_of, closed in ((SIGNED, tx.rows, False), (SIGNED_CLOSED, tx.rows_closed, True)):
        for table in tables:
            for key, row in rows_of(table):
                if retired(row):
                    yield table, key, row, closed


def sign_for_retired(tx: Transaction, before: Directory, signer: Signer) -> None:
    """Sign anew what keys had signed that are retired now in `tx`: from here on a row by such a key is a forgery.

    Each row must be genuine by the staff as it was `before`. Raises RowNotGenuine: then nothing has changed.
    """
    for table, key, row, closed in list(retired_rows(tx, Directory.load(tx))):
        verify_row(row, before, table, key, SIGNING_ROLES.get(table, WRITERS))
        unsigned = {name: value for name, value in row.items() if name != "signed"}
        (tx.put_closed if closed else tx.put)(table, key, sign_row(unsigned, signer, table, key))


def _renew(
    tx: Transaction,
    table: str,
    key: str,
    row: Mapping[str, Any],
    opener: KeyRing,
    signer: Signer,
    wanted: Mapping[str, bytes],
) -> None:
    context = Context(PURPOSES[table], key)
    data = open_sealed(row["sealed"], opener.user, opener.reading, context)
    unsigned = {name: value for name, value in row.items() if name != "signed"}
    signed = sign_row(unsigned | {"sealed": seal(data, wanted, context)}, signer, table, key)
    if table == REFERRALS:
        place_referral(tx, key, signed)
    else:
        tx.put(table, key, signed)
