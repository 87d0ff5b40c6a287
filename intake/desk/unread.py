"""Messages that a poll saw in the inbox and did not get to: when one is gone at the next, a colleague took it away unread.

What is kept of them are the ledger's keyed hashes of their places and when they were first seen; nothing of what they are. A poll
that ends well leaves nothing waiting, so that nothing is written.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from intake.desk.office import Office
from intake.mail.ledger import LedgerKey
from intake.mail.mailbox import Location
from intake.rows import LEDGER, UNREAD, Row, iso, moment_of
from storage.journal import Event
from storage.sealing import sign_row

TOLD_FOR = timedelta(days=7)
MOST = 2_000


class Unread:
    """Of one poll on one account."""

    def __init__(self, office: Office, key: LedgerKey, account: str) -> None:
        self._office = office
        self._key = key
        self._account = account
        row = office.store.snapshot().get(UNREAD, account)
        if row is not None:
            office.verify(row, UNREAD, account)
        self._row: Mapping[str, object] = row or {}
        self._before: Mapping[str, str] = row["seen"] if row else {}
        self._now: dict[str, Location] = {}
        self._place = ""

    def saw(self, folder: str, validity: int, found: Sequence[Location]) -> None:
        """The inbox as this poll found it. One that was renumbered is another: what waited there cannot be told any more."""
        self._place = self._key.location(self._account, Location(folder, validity, 0))
        if self._row.get("place") != self._place:
            self._before = {}
        self._now = {self._key.location(self._account, where): where for where in found[:MOST]}

    def settle(self, handled: Collection[Location], gone: Collection[Location] = ()) -> int:
        """Keep what is still to be read; returns how many are gone unread. `gone` are those that went during the poll."""
        office = self._office
        active, closed = office.store.snapshot(), office.store.closed()

        def known(key: str) -> bool:  # taken in after all, here or by another workstation
            return active.get(LEDGER, key) is not None or closed.get(LEDGER, key) is not None

        now = iso(office.now())
        open_now = {k: where for k, where in self._now.items() if where not in handled and not known(k)}
        left = {k: self._before.get(k, now) for k, where in open_now.items() if where not in gone}
        missed = [since for k, since in self._before.items() if k not in self._now and not known(k)]
        missed += [self._before.get(k, now) for k, where in open_now.items() if where in gone]
        if missed or left != self._row.get("seen", {}):
            self._keep(left, missed, now)
        return len(missed)

    def _keep(self, left: Mapping[str, str], missed: Sequence[str], now: str) -> None:
        office = self._office
        told = [one for one in told_of(self._row) if moment_of(one["noticed"]) > office.now() - TOLD_FOR]
        told = [*told, *({"seen": since, "noticed": now} for since in missed)][-MOST:]
        with office.store.transaction(office.session.signer) as tx:
            row: Row = {"place": self._place, "seen": dict(left), "gone": told}
            if left or told:
                tx.put(UNREAD, self._account, sign_row(row, office.session.signer, UNREAD, self._account))
            elif tx.get(UNREAD, self._account) is not None:
                tx.delete(UNREAD, self._account)
            if missed:
                tx.record(Event("mail-missed", detail={"count": len(missed)}))
        self._row, self._before = row, left


def told_of(row: Mapping[str, object]) -> list[dict[str, str]]:
    """What is told of messages that are gone: when each was first seen, and when it was missed."""
    gone = row.get("gone")
    return list(gone) if isinstance(gone, list) else []


def missed_lately(office: Office) -> list[tuple[datetime, datetime]]:
    """When messages that went unread were first seen and when they were missed, for a week after that."""
    found = []
    for key, row in office.snapshot().rows(UNREAD):
        office.verify(row, UNREAD, key)
        for one in told_of(row):
            seen, noticed = moment_of(one["seen"]), moment_of(one["noticed"])
            if office.now() - TOLD_FOR < noticed:
                found.append((seen, noticed))
    return found
