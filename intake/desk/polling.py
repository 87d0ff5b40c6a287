"""One poll: from what lies in the mailbox to referrals and quarantine, and only then the mails out of the way.

Each batch is one transaction (referrals, quarantine, ledger, log). A program killed before the commit has done
nothing; killed after it, the next poll finds the messages known and moves them. Every poll ends with its proof:
found = imported + quarantined + known.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from intake.agreement import Standing
from intake.archive import KeyCache
from intake.config import MailboxConfig
from intake.desk.importing import Entry, import_referral, put_in_quarantine
from intake.desk.office import LEDGER_SECRET, MAILBOX_SECRET, Office
from intake.desk.passphrases import terms_of
from intake.desk.polled import PollResult, Progress, Tally, in_batches
from intake.desk.rereading import settle
from intake.desk.turns import Turns
from intake.errors import MailboxError, NotLawful
from intake.formats import show_date
from intake.mail.check import MailboxCheck
from intake.mail.errors import MailboxWaitsToRemove
from intake.mail.ledger import Ledger, LedgerKey, place
from intake.mail.mailbox import Location, Mailbox
from intake.mail.message import Incoming
from intake.mail.signin import MailboxSettings, Security
from intake.receive import Accepted, Judgement, Rejected, Terms, judge
from intake.referral import Referral
from intake.rows import LEDGER, Row
from intake.staff import Right
from intake.texts import _
from storage.errors import Refusal
from storage.journal import Event
from storage.sealing import sign_row
from storage.store import Transaction

if TYPE_CHECKING:
    from intake.desk.mailwatch import MailWatch, Told

__all__ = ["PollResult", "Polling", "Progress", "reached_by"]


def reached_by(box: MailboxConfig) -> MailboxSettings:
    """How a mailbox is reached, of the settings of an office."""
    return MailboxSettings(
        host=box.host,
        port=box.port,
        security=Security(box.security),
        user=box.user,
        inbox=box.inbox,
        processed=box.processed,
        quarantine=box.quarantine,
        ca_pem=box.ca_pem,
    )


class Polling:
    """Use cases on the mailbox."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._keys = KeyCache()
        self._turns = Turns(office)

    def settings(self) -> MailboxSettings:
        """The mailbox as the office set it."""
        return reached_by(self._office.settings.mailbox)

    def checkup(self, box: MailboxConfig | None = None, password: str | None = None) -> MailboxCheck:
        """A test of the office's mailbox, to be run beside the desk: it touches no store.

        `box` and `password` are those to be tried, where they are not the ones in force.
        """
        self._office.require(Right.MAILBOX)
        kept = password if password is not None else self._office.secret(MAILBOX_SECRET)["password"]
        return MailboxCheck(reached_by(box) if box is not None else self.settings(), kept)

    @contextmanager
    def connect(self) -> Iterator[Mailbox]:
        """The office's mailbox, signed in. Raises the errors of `intake.mail`."""
        self._office.require(Right.MAILBOX)
        password = self._office.secret(MAILBOX_SECRET)["password"]
        with Mailbox.open(self.settings(), password) as mailbox:
            yield mailbox

    def check_agreement(self) -> None:
        """Raise `NotLawful` outside the agreement's dates (P1, P5, P8, P11): nothing is received then."""
        agreement = self._office.settings.agreement
        match agreement.standing(self._office.today()):
            case Standing.IN_FORCE:
                return
            case Standing.NOT_YET:
                problem = _("The agreement is in force from %(day)s. The messages were left untouched.") % {
                    "day": show_date(agreement.in_force_from)
                }
            case Standing.ENDED:
                problem = _("The agreement ended on %(day)s. The messages were left untouched.") % {
                    "day": show_date(agreement.ends_on)
                }
            case _:
                problem = _(
                    "No agreement is set. The messages were left untouched; an administrator sets its dates."
                )
        raise NotLawful(problem=problem, article="P5")

    def poll(
        self,
        progress: Callable[[Progress], None] = lambda _progress: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> PollResult:
        """Take in what lies in the inbox, as soon as nobody else polls. Can be stopped between batches without loss.

        Raises `PollerBusy` when another poll takes long, `NotLawful` outside the agreement, `MailboxError` when the mailbox
        cannot be reached or is lost.
        """
        self._office.require(Right.POLL)
        self.check_agreement()
        turns = self._turns
        turns.wait_and_take(self._office.settings.mailbox.poll_seconds, stop)
        failed: Refusal | None = None
        try:
            with self.connect() as mailbox:
                result = self.take_in(mailbox, progress, lambda: stop() or not turns.renew())
            turns.went_well(result.proof, watching=False)
            return result
        except MailboxError as error:
            failed = error
            raise
        finally:
            if failed is not None:
                turns.went_wrong(failed, watching=False)
            turns.leave()

    def watch(self, tell: "Callable[[Told], object]") -> "MailWatch":
        """Polls for as long as one likes, in the thread that runs it; see `intake.desk.mailwatch`."""
        from intake.desk.mailwatch import MailWatch

        self._office.require(Right.POLL)
        return MailWatch(self._office, self, tell)

    def take_in(
        self,
        mailbox: Mailbox,
        progress: Callable[[Progress], None] = lambda _progress: None,
        stop: Callable[[], bool] = lambda: False,
        broken: Callable[[PollResult], None] = lambda _result: None,
    ) -> PollResult:
        """One poll on a mailbox that is open; whoever calls has the turn.

        When it breaks off after something was made durable, `broken` is told that much before the error is raised.
        """
        office = self._office
        office.require(Right.POLL)
        self.check_agreement()
        started = time.monotonic()
        tally = Tally()
        try:
            return self._take_all(mailbox, progress, stop, tally, started)
        except Exception:
            if tally.imported or tally.quarantined:
                broken(tally.result(tally.accounted, started, stopped=True))
            raise

    def _take_all(
        self,
        mailbox: Mailbox,
        progress: Callable[[Progress], None],
        stop: Callable[[], bool],
        tally: Tally,
        started: float,
    ) -> PollResult:
        office = self._office
        terms = terms_of(office, self._keys)
        ledger_key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
        stopped = False
        found = mailbox.scan(self.settings().inbox)
        fresh, left = self._sorted(found, ledger_key)
        tally.known += len(left)
        progress(Progress(tally.known, len(found)))
        self._clear(mailbox, left, ledger_key, tally)
        settle(office, mailbox, self._account(ledger_key))
        seen: set[Location] = set(left)
        for batch in in_batches(mailbox.fetch(fresh)):
            self._take_in(mailbox, batch, terms, ledger_key, tally)
            seen.update(incoming.location for incoming in batch)
            progress(Progress(tally.accounted, len(found)))
            if stop():
                stopped = True
                break
        # What a colleague took away between the scan and the fetch is not ours to account for; what is still
        # there and was not fetched makes the proof fail, and so be seen.
        missed = set(found) - seen
        gone = missed - set(mailbox.scan(self.settings().inbox)) if missed and not stopped else missed
        return tally.result(len(found) - len(gone), started, stopped=stopped)

    def _account(self, ledger_key: LedgerKey) -> str:
        box = self.settings()
        return ledger_key.account(box.host, box.user)

    def _sorted(
        self, found: list[Location], ledger_key: LedgerKey
    ) -> tuple[list[Location], dict[Location, Mapping[str, Any]]]:
        """What was never seen, and what was, with its ledger row: taken in by a poll that ended before moving it."""
        store = self._office.store
        rows = dict(store.closed().rows(LEDGER)) | dict(store.snapshot().rows(LEDGER))
        account = self._account(ledger_key)
        fresh: list[Location] = []
        left: dict[Location, Mapping[str, Any]] = {}
        for where in found:
            key = ledger_key.location(account, where)
            if (row := rows.get(key)) is None:
                fresh.append(where)
            else:
                self._office.verify(row, LEDGER, key)
                left[where] = row
        return fresh, left

    # -- one batch ------------------------------------------------------------------------------------------------

    def _take_in(
        self, mailbox: Mailbox, batch: list[Incoming], terms: Terms, ledger_key: LedgerKey, tally: Tally
    ) -> None:
        office = self._office
        account = self._account(ledger_key)
        judged = [(incoming, judge(incoming, terms)) for incoming in batch]
        taken: dict[Location, Mapping[str, Any]] = {}
        counts = Tally()
        with office.store.transaction(office.session.signer) as tx:
            ledger = Ledger.of(tx.rows_closed(LEDGER), tx.rows(LEDGER))
            for incoming, judgement in judged:
                key = ledger_key.location(account, incoming.location)
                if key in ledger.by_location:
                    counts.known += 1
                    taken[incoming.location] = ledger.by_location[key]
                    continue
                row = self._ledger_row(incoming, ledger_key)
                same = ledger.same(row["message"], row["attachments"])
                if same is not None:
                    counts.known += 1
                    office.verify(same[1], LEDGER, same[0])
                    self._copy(tx, row, same[1])
                else:
                    self._record(tx, incoming, judgement, key, row, counts, ledger_key)
                    if row["quarantine"]:
                        counts.quarantined += 1
                    else:
                        counts.imported += 1
                # Signed as it stands in the ledger: another copy in the same batch is verified against it.
                row = self._signed(key, row)
                (tx.put_closed if row["discarded"] else tx.put)(LEDGER, key, row)
                ledger.add(key, row)
                taken[incoming.location] = row
        # Durable now: only from here on may the mails be moved.
        tally.imported += counts.imported
        tally.quarantined += counts.quarantined
        tally.known += counts.known
        tally.references += counts.references
        self._clear(mailbox, taken, ledger_key, tally)

    def _signed(self, key: str, row: Row) -> Row:
        return sign_row(row, self._office.session.signer, LEDGER, key)

    @staticmethod
    def _copy(tx: Transaction, row: Row, first: Mapping[str, Any]) -> None:
        """Another copy of a message that gave referrals. Put back after a discard it goes again (P3)."""
        row |= {
            "outcome": "copy",
            "references": list(first["references"]),
            "quarantine": list(first["quarantine"]),
            "deleted": bool(first["deleted"]),
            "discarded": bool(first["discarded"]),
        }
        if row["deleted"]:
            tx.record(Event("discard-again", references=tuple(first["references"])))

    def _ledger_row(self, incoming: Incoming, ledger_key: LedgerKey) -> Row:
        return {
            "at": place(incoming.location),
            "moved": None,
            "message": ledger_key.message(incoming.message_id),
            "message_id": ledger_key.hide(incoming.message_id),
            "attachments": ledger_key.attachments(part.data for part in incoming.attachments),
            "outcome": "",
            "account": self._account(ledger_key),
            "references": [],
            "quarantine": [],
            "deleted": False,
            "discarded": False,
        }

    def _record(
        self,
        tx: Transaction,
        incoming: Incoming,
        judgement: Judgement,
        key: str,
        row: Row,
        counts: Tally,
        ledger_key: LedgerKey,
    ) -> None:
        for accepted in judgement.accepted:
            likeness = ledger_key.likeness(accepted.reading.client)
            referral = self._import(tx, incoming, accepted, key, likeness)
            row["references"].append(referral.reference)
            counts.references.append(referral.reference)
        for rejected in judgement.rejected:
            row["quarantine"].append(self._quarantine(tx, incoming, rejected))
        row["outcome"] = "quarantined" if row["quarantine"] else "imported"

    def _import(
        self, tx: Transaction, incoming: Incoming, accepted: Accepted, mail: str, likeness: Mapping[str, str]
    ) -> Referral:
        return import_referral(
            self._office,
            tx,
            Entry(
                incoming.received_at,
                accepted.reading.client,
                accepted.reading.consent,
                accepted.flags,
                accepted.reading.kind,
            ),
            mail,
            likeness,
            {"method": "+".join(accepted.methods), "passphrase": accepted.passphrase_label},
        )

    def _quarantine(self, tx: Transaction, incoming: Incoming, rejected: Rejected) -> str:
        return put_in_quarantine(self._office, tx, incoming.received_at, incoming.sender, rejected)

    # -- clearing the inbox, after the commit ---------------------------------------------------------------------

    def _clear(
        self,
        mailbox: Mailbox,
        taken: Mapping[Location, Mapping[str, Any]],
        ledger_key: LedgerKey,
        tally: Tally,
    ) -> None:
        """Move what was taken in to its folder; delete what was put back after its discard."""
        box = self.settings()
        folders: dict[str, list[Location]] = {}
        again: list[Location] = []
        for where, row in taken.items():
            # Copied by an earlier poll where the server could not remove the original alone: not copied again.
            if row["deleted"] or (row["moved"] and row["at"] == place(where) != row["moved"]):
                again.append(where)
            else:
                folders.setdefault(box.quarantine if row["quarantine"] else box.processed, []).append(where)
        for folder, locations in folders.items():
            self._move(mailbox, locations, folder, ledger_key, tally)
        try:
            mailbox.delete(again)
        except MailboxWaitsToRemove as error:
            tally.unmoved += int(str(error.values["count"]))

    def _move(
        self, mailbox: Mailbox, locations: list[Location], folder: str, ledger_key: LedgerKey, tally: Tally
    ) -> None:
        moved = mailbox.move(locations, folder)
        account = self._account(ledger_key)
        with self._office.store.transaction(self._office.session.signer) as tx:
            for old, new in moved.items():
                key = ledger_key.location(account, old)
                row = tx.get(LEDGER, key)
                if row is not None and new is not None:
                    unsigned = {k: v for k, v in row.items() if k != "signed"}
                    tx.put(LEDGER, key, self._signed(key, unsigned | {"moved": place(new)}))
        tally.unmoved += len(set(locations) - set(moved))
