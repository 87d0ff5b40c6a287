"""Merging a double into the referral that stays, before it is closed as a duplicate (P3: one client is kept once)."""

from dataclasses import replace

from intake.desk.office import LEDGER_SECRET, Office
from intake.desk.refusals import NotAssignedToYou
from intake.errors import WrongUse
from intake.likeness import filled
from intake.rows import REFERRALS
from intake.steps import merge
from intake.texts import _
from storage.journal import Event
from storage.store import Transaction


def merge_into(office: Office, tx: Transaction, reference: str, of: str | None) -> None:
    """Take over into `of` what only `reference` says of the client, its notes and its attempts; in the caller's `tx`.

    Raises WrongUse where `of` is not an open referral other than `reference`, NotAssignedToYou where one of the two is
    not sealed for the signed-in user.
    """
    from intake.mail.ledger import LedgerKey

    row = tx.get(REFERRALS, of) if of is not None and of != reference else None
    if of is None or row is None:
        raise WrongUse(problem=_("Give the open referral that this one doubles; it stays and is worked on."))
    before = office.facts(row, of)
    doubled_row = office.row_of(tx, reference)
    doubled = office.facts(doubled_row, reference)
    after = merge(before, doubled, office.name, office.now())
    for name, one in ((of, row), (reference, doubled_row)):
        if not office.can_read(one):
            raise NotAssignedToYou(reference=name)
    mine, other = office.payload(row, of), office.payload(doubled_row, reference)
    notes = tuple(sorted((*mine.notes, *other.notes), key=lambda note: note.at))
    client = filled(mine.client, other.client)
    key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
    after = replace(after, likeness=key.likeness(client))
    sealed = office.seal_payload(replace(mine, client=client, notes=notes), after)
    office.put_referral(tx, after, sealed)
    tx.record(Event("merge", references=(of, reference), reason="=duplicate"))
