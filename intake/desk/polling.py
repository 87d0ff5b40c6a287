"""One poll: from what lies in the mailbox to referrals and quarantine, and only then the mails out of the way.

Each batch is one transaction (referrals, quarantine, ledger, log). A program killed before the commit has done
nothing; killed after it, the next poll finds the messages known and moves them. Every poll ends with its proof:
found = imported + quarantined + known.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from intake.agreement import Standing
from intake.config import MailboxConfig
from intake.desk.access import MailboxAccess
from intake.desk.deciding import if_waiting
from intake.desk.importing import Entry, import_referral, put_in_quarantine
from intake.desk.junk import Junk
from intake.desk.office import LEDGER_SECRET, Office
from intake.desk.passphrases import note_used, terms_of
from intake.desk.rereading import settle
from intake.desk.unread import Unread
from intake.errors import MailboxError, NotLawful
from intake.formats import show_date
from intake.isolated import Pending, reading
from intake.mail.check import MailboxCheck
from intake.mail.code import CodeSignIn
from intake.mail.errors import MailboxLost
from intake.mail.ledger import Ledger, LedgerKey, place
from intake.mail.mailbox import Location, Mailbox
from intake.mail.message import Incoming
from intake.mail.signin import MailboxSettings, Security
from intake.mail.tokens import Tokens
from intake.mail.ways import MailboxSecret, MicrosoftDevice
from intake.receive import Accepted, Judgement, Rejected
from intake.referral import Referral
from intake.rows import LEDGER, Row
from intake.staff import Right
from intake.texts import _
from storage.journal import Event
from storage.sealing import sign_row
from storage.store import Transaction

BATCH_MESSAGES = 100
BATCH_BYTES = 40_000_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a poll is: messages done of messages found."""

    done: int
    found: int


@dataclass(frozen=True, slots=True)
class PollResult:
    """A poll's proof. `unmoved` messages are safe in the store but still lie in the inbox; the next poll moves them.

    `missed` are messages that were seen and that someone took out of the inbox before they were read; `found` leaves them out.
    """

    found: int
    imported: int
    quarantined: int
    known: int
    references: tuple[str, ...]
    seconds: float
    unmoved: int = 0
    stopped: bool = False
    missed: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether every message found is accounted for."""
        return self.found == self.imported + self.quarantined + self.known


@dataclass
class _Tally:
    imported: int = 0
    quarantined: int = 0
    known: int = 0
    references: list[str] = field(default_factory=list)
    unmoved: int = 0


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
        self._junk = Junk()
        self._access = MailboxAccess(office)

    def settings(self) -> MailboxSettings:
        """The mailbox as the office set it."""
        return reached_by(self._office.settings.mailbox)

    def checkup(self, box: MailboxConfig | None = None, secret: MailboxSecret | None = None) -> MailboxCheck:
        """A test of the office's mailbox, to be run beside the desk: it touches no store.

        `box` and `secret` are those to be tried, where they are not the ones in force. Afterwards call `keep`.
        """
        self._office.require(Right.MAILBOX)
        credential = self._access.trial(box, secret)
        return MailboxCheck(reached_by(box) if box is not None else self.settings(), credential)

    def keep(self, check: MailboxCheck) -> MailboxSecret | None:
        """After a test: keep a refresh token that it renewed.

        Where the one it began with is in no store yet, the renewed one is returned, to be used in its place.
        """
        self._office.require(Right.MAILBOX)
        if not isinstance(check.credential, Tokens):
            return None
        self._access.keep(check.credential)
        return check.credential.changed

    def code(self, way: MicrosoftDevice) -> CodeSignIn:
        """A sign-in that a person confirms with a code, to be run beside the desk; its secret goes to `settings.change`."""
        self._office.require(Right.SETTINGS)
        return CodeSignIn(way)

    @contextmanager
    def connect(self) -> Iterator[Mailbox]:
        """The office's mailbox, signed in. Raises the errors of `intake.mail`."""
        self._office.require(Right.MAILBOX)
        with Mailbox.open(self.settings(), self._access.credential()) as mailbox:
            yield mailbox

    @property
    def token_seconds(self) -> float | None:
        """How long the token is good for with which the mailbox was last reached; None without one."""
        return self._access.seconds_left

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
        """Take in what lies in the inbox. Can be stopped between batches without loss.

        Raises `NotLawful` outside the agreement, `MailboxError` when the mailbox cannot be reached or is lost.
        """
        office = self._office
        office.require(Right.POLL)
        self.check_agreement()
        started = time.monotonic()
        terms = terms_of(office)
        ledger_key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
        tally = _Tally()
        stopped = False
        with self.connect() as mailbox, reading() as reader:
            box = self._office.settings.mailbox
            inbox = mailbox.scan(box.inbox)
            unread = Unread(office, ledger_key, self._account(ledger_key))
            unread.saw(mailbox.resolve(box.inbox), mailbox.uid_validity, inbox)
            found = [*inbox, *self._junk.ours(mailbox, box, terms.trusted_senders)]
            fresh, left = self._sorted(found, ledger_key)
            tally.known += len(left)
            progress(Progress(tally.known, len(found)))
            self._clear(mailbox, left, ledger_key, tally)
            settle(office, mailbox, self._account(ledger_key))
            seen: set[Location] = set(left)
            if len(fresh) > BATCH_MESSAGES:
                unread.settle(seen)  # so that also a program that is killed meanwhile leaves word of them
            if fresh:
                reader.start()  # beside the download
            try:
                batches = _batches(mailbox.fetch(fresh))
                for batch, pending in _ahead(batches, lambda messages: reader.begin(messages, terms)):
                    self._take_in(mailbox, batch, pending.wait(), ledger_key, tally)
                    seen.update(incoming.location for incoming in batch)
                    progress(Progress(tally.imported + tally.quarantined + tally.known, len(found)))
                    if stop():
                        stopped = True
                        break
            except MailboxError:
                unread.settle(seen)
                raise
            # What a colleague took away between the scan and the fetch is not ours to account for; what is still
            # there and was not fetched makes the proof fail, and so be seen.
            missed = set(found) - seen
            folders = {where.folder for where in missed} if not stopped else set()
            there = {where for folder in folders for where in mailbox.scan(folder, optional=True)}
            gone = missed - there
            count = unread.settle(seen, () if stopped else gone)
        return PollResult(
            found=len(found) - len(gone),
            imported=tally.imported,
            quarantined=tally.quarantined,
            known=tally.known,
            references=tuple(tally.references),
            seconds=round(time.monotonic() - started, 3),
            unmoved=tally.unmoved,
            stopped=stopped,
            missed=count,
        )

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
        self,
        mailbox: Mailbox,
        batch: list[Incoming],
        judgements: list[Judgement],
        ledger_key: LedgerKey,
        tally: _Tally,
    ) -> None:
        office = self._office
        judged = list(zip(batch, judgements, strict=True))
        taken: dict[Location, Mapping[str, Any]] = {}
        counts = _Tally()
        opened = {one.passphrase_label for judgement in judgements for one in judgement.accepted}
        with office.store.transaction(office.session.signer) as tx:
            ledger = Ledger.of(tx.rows_closed(LEDGER), tx.rows(LEDGER))
            for incoming, judgement in judged:
                key = ledger_key.location(self._account(ledger_key), incoming.location)
                if key in ledger.by_location:
                    counts.known += 1
                    taken[incoming.location] = ledger.by_location[key]
                    continue
                row = self._ledger_row(incoming, ledger_key)
                same = ledger.same(row["message"], row["attachments"])
                if same is None and not judgement.accepted:
                    same = if_waiting(tx, ledger.waiting(row["message"], row["attachments"]))
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
                signed = self._signed(key, row)
                (tx.put_closed if row["discarded"] else tx.put)(LEDGER, key, signed)
                ledger.add(key, signed)  # a copy in the same batch is verified against it
                taken[incoming.location] = row
            note_used(office, tx, opened)
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
        """Another copy of a message that gave referrals, or waits in quarantine. Put back after a discard it goes again (P3)."""
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
            "attachments": ledger_key.attachments(incoming.parts),
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
        counts: _Tally,
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
        tally: _Tally,
    ) -> None:
        """Move what was taken in to its folder; delete what was put back after its discard."""
        box = self.settings()
        inbox = mailbox.resolve(box.inbox)
        steps: dict[tuple[bool, str], list[Location]] = {}
        for where, row in taken.items():
            target = "" if row["deleted"] else box.quarantine if row["quarantine"] else box.processed
            steps.setdefault((where.folder != inbox, target), []).append(where)
        for (elsewhere, target), locations in sorted(steps.items()):
            try:
                if target:
                    self._move(mailbox, locations, target, ledger_key, tally)
                else:
                    mailbox.delete(locations)
            except MailboxLost:
                raise
            except MailboxError:
                if not elsewhere:
                    raise
                tally.unmoved += len(
                    locations
                )  # the folder for spam may be another's to change: the inbox goes on

    def _move(
        self, mailbox: Mailbox, locations: list[Location], folder: str, ledger_key: LedgerKey, tally: _Tally
    ) -> None:
        moved = mailbox.move(locations, folder)
        with self._office.store.transaction(self._office.session.signer) as tx:
            for old, new in moved.items():
                key = ledger_key.location(self._account(ledger_key), old)
                row = tx.get(LEDGER, key)
                if row is not None and new is not None:
                    unsigned = {k: v for k, v in row.items() if k != "signed"}
                    tx.put(LEDGER, key, self._signed(key, unsigned | {"moved": place(new)}))
        tally.unmoved += len(set(locations) - set(moved))


def _ahead(
    batches: Iterator[list[Incoming]], begin: Callable[[list[Incoming]], Pending]
) -> Iterator[tuple[list[Incoming], Pending]]:
    """Each batch with its reading, while the one after it is already downloaded and being read."""
    before: tuple[list[Incoming], Pending] | None = None
    for batch in batches:
        now = (batch, begin(batch))
        if before is not None:
            yield before
        before = now
    if before is not None:
        yield before


def _batches(messages: Iterator[Incoming]) -> Iterator[list[Incoming]]:
    """Lists of at most `BATCH_MESSAGES` messages and about `BATCH_BYTES` bytes."""
    batch: list[Incoming] = []
    size = 0
    for message in messages:
        batch.append(message)
        size += sum(len(part.data) for part in message.attachments)
        if len(batch) >= BATCH_MESSAGES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
