"""Trying a message in quarantine again: read anew from the mailbox with today's passphrases, settings and readers.

Nothing of the message is kept for it in the store but what a person needs to register it by hand. Keeping the raw message
would be a second copy of data that may turn out not to be ours (P3, GDPR 5.1(c)), would make every save of the store dearer
(its file is written whole) and would have to be taken out of every backup; the message lies in the mailbox anyway, and is
found there by its place, its Message-ID and what it holds. While the mailbox is down an item waits, and can be registered.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intake.causes import Cause
from intake.desk.deciding import (
    COPY,
    IMPORTED,
    became,
    close_item,
    decided,
    mails_of,
    open_item,
    reveal,
    rewrite,
)
from intake.desk.importing import import_accepted, put_in_quarantine, put_item, seal_item
from intake.desk.office import LEDGER_SECRET, Office
from intake.desk.passphrases import NewPassphrase, add, as_tried, checked, note_used, terms_of
from intake.desk.source import copies
from intake.errors import IntakeError, MailboxError, NotLawful, WrongUse
from intake.isolated import Reader, ReaderNotStarted, reading
from intake.mail.ledger import Ledger, LedgerKey, location_of, place
from intake.mail.message import Incoming, Location
from intake.receive import Judgement, Rejected, concerns
from intake.rows import LEDGER, Row, moment_of
from intake.texts import N_, _
from storage.errors import Refusal
from storage.journal import Event
from storage.store import Transaction

if TYPE_CHECKING:
    from intake.desk.polling import Polling
    from intake.mail.mailbox import Mailbox


class MessageGone(IntakeError):
    """The message of an item is not in the mailbox any more, or it is not known which it was. Values: item."""

    template = N_(
        "The message of %(item)s is not found in the mailbox; it stays in quarantine. Look whether a colleague moved it "
        "to another mailbox, or register it by hand."
    )


class PassphraseFitsNothing(WrongUse):
    """A new passphrase opened none of the archives it was given for."""

    template = N_(
        "This passphrase opens none of these archives, so it was not kept. Check capitals and spaces with the sender."
    )


@dataclass(frozen=True, slots=True)
class Retried:
    """What a new try gave: `references`, or the `cause` for which it stays; or the `problem` that prevented the try."""

    id: str
    references: tuple[str, ...] = ()
    cause: Cause | None = None
    problem: Refusal | None = None


class Rereading:
    """One round of new tries, over one connection to the mailbox."""

    def __init__(self, office: Office, polling: "Callable[[], Polling]") -> None:
        self._office = office
        self._polling = polling

    def run(self, items: Sequence[str], new: NewPassphrase | None = None) -> list[Retried]:
        """Try each again; with a `new` passphrase only what it opens is changed, and then the passphrase is kept.

        Raises NotInQuarantine before anything is done, PassphraseFitsNothing, MailboxError: what was done until then
        is durable, the rest is as it was.
        """
        office = self._office
        if new is not None:
            new = checked(office, new)
        for item in items:
            open_item(office, office.store.snapshot(), item)
        key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
        done: list[Retried] = []
        fitted = False
        with self._polling().connect() as mailbox, reading() as reader:
            for item in dict.fromkeys(items):
                try:
                    result, fits = self._again(mailbox, reader, key, item, None if fitted else new)
                except (MailboxError, ReaderNotStarted):
                    raise
                except Refusal as error:  # one item never stops the others
                    done.append(Retried(item, problem=error))
                    continue
                fitted = fitted or fits
                done.append(result)
        if new is not None and not fitted:
            raise PassphraseFitsNothing
        return done

    def _again(
        self, mailbox: "Mailbox", reader: Reader, key: LedgerKey, item: str, new: NewPassphrase | None
    ) -> tuple[Retried, bool]:
        office = self._office
        row = open_item(office, office.store.snapshot(), item)
        source, incoming = self._found(mailbox, key, item)
        judgement = reader.judge(incoming, terms_of(office))
        fits = False
        if new is not None:
            with_new = reader.judge(incoming, terms_of(office, as_tried(new)))
            fits = _unknown(with_new) < _unknown(judgement)
            if not fits:
                return Retried(item, cause=Cause(row["cause"])), False
            judgement = with_new
        with office.store.transaction(office.session.signer) as tx:
            if fits and new is not None:
                add(office, tx, new)
            result = self._settled(tx, key, item, incoming, judgement)
            note_used(office, tx, {one.passphrase_label for one in judgement.accepted})
            self._note_place(tx, key, source, incoming)
        if result.references:
            self._clear(mailbox, source)
        return result, fits

    def _found(self, mailbox: "Mailbox", key: LedgerKey, item: str) -> tuple[str, Incoming]:
        """The ledger key of the item's message, and the message as it lies in the mailbox now."""
        box = self._polling().settings()
        account = key.account(box.host, box.user)
        for ledger_key, row in mails_of(self._office, self._office.store.snapshot(), item).items():
            if row["account"] == account and not row["deleted"]:
                for incoming in copies(mailbox, row, key):
                    return ledger_key, incoming
        raise MessageGone(item=item)

    # -- one transaction --------------------------------------------------------------------------------------------

    def _settled(
        self, tx: Transaction, key: LedgerKey, item: str, incoming: Incoming, judgement: Judgement
    ) -> Retried:
        office = self._office
        row = open_item(office, tx, item)
        mails = mails_of(office, tx, item)
        spot = row.get("spot", "")
        if spot == "" and any(r["references"] or len(r["quarantine"]) > 1 for r in mails.values()):
            raise MessageGone(item=item)  # it is not known which part of the message it was
        if not any(r["references"] for r in mails.values()):
            twin = _twin(tx, key, mails, incoming)
            if twin is not None:
                return self._as_copy(tx, item, row, mails, twin)
        accepted = [one for one in judgement.accepted if concerns(spot, one.spot)]
        rejected = [one for one in judgement.rejected if concerns(spot, one.spot)]
        first_mail = next(iter(mails), None)
        received = moment_of(row["received_at"])
        references = tuple(
            import_accepted(
                office, tx, received, one, first_mail, key.likeness(one.reading.client), item=item
            ).reference
            for one in accepted
        )
        stay = self._stay(tx, row, incoming, rejected) if rejected else ()
        if not accepted and not rejected:
            raise MessageGone(item=item)
        became(office, tx, item, mails, references, stay)
        if not rejected:
            close_item(office, tx, decided(office, row, IMPORTED, references))
        cause = rejected[0].cause if rejected else None
        detail = {"cause": cause.value} if cause else {"outcome": IMPORTED}
        tx.record(Event("quarantine-retry", references=(item, *references), detail=detail))
        return Retried(item, references, cause)

    def _stay(
        self, tx: Transaction, row: Mapping[str, Any], incoming: Incoming, rejected: Sequence[Rejected]
    ) -> tuple[str, ...]:
        """The item with what is known of it now; other parts of an archive that opened become items of their own."""
        office = self._office
        first, *others = rejected
        hidden = reveal(office, row)
        kept: Row = {k: v for k, v in row.items() if k != "signed"}
        kept |= {"cause": first.cause.value, "spot": first.spot, "attempts": row["attempts"] + 1}
        text = first.text or hidden.text
        if (text, first.seen) != (hidden.text, hidden.seen):
            kept["sealed"] = seal_item(office, row["id"], hidden.sender, text, first.seen)
        put_item(office, tx, kept)
        received = moment_of(row["received_at"])
        more = [put_in_quarantine(office, tx, received, incoming.sender, one) for one in others]
        return (row["id"], *more)

    def _as_copy(
        self,
        tx: Transaction,
        item: str,
        row: Mapping[str, Any],
        mails: Mapping[str, Mapping[str, Any]],
        twin: Mapping[str, Any],
    ) -> Retried:
        """The same was received rightly meanwhile: the message is another copy of it, and goes with it."""
        office = self._office
        if twin["discarded"]:
            raise NotLawful(
                problem=_("The same message was received before and has been discarded. Reject this one."),
                article="P3",
            )
        references = tuple(twin["references"])
        became(office, tx, item, mails, references, copy=True)
        close_item(office, tx, decided(office, row, COPY, references))
        event = Event("quarantine-retry", references=(item, *references), detail={"outcome": COPY})
        tx.record(event)
        return Retried(item, references)

    def _note_place(self, tx: Transaction, key: LedgerKey, source: str, incoming: Incoming) -> None:
        """Where the message lies now, and what it holds: perhaps more than could be read the first time."""
        row = tx.get(LEDGER, source)
        assert row is not None
        held = key.attachments(incoming.parts)
        changes: Row = {"attachments": held or row["attachments"]}
        if location_of(row) != incoming.location:
            changes["moved"] = place(incoming.location)
        if any(row[name] != value for name, value in changes.items()):
            rewrite(self._office, tx, source, row, changes)

    # -- the mail, after the commit ---------------------------------------------------------------------------------

    def _clear(self, mailbox: "Mailbox", source: str) -> None:
        """Move the message to where those lie that were taken in; what cannot be moved now the next poll moves."""
        office = self._office
        row = office.store.snapshot().get(LEDGER, source)
        if row is not None and not row["quarantine"]:
            with suppress(MailboxError):
                relocate(office, mailbox, {source: location_of(row)}, self._polling().settings().processed)


def _unknown(judgement: Judgement) -> int:
    return sum(one.cause is Cause.UNKNOWN_PASSPHRASE for one in judgement.rejected)


def _twin(
    tx: Transaction, key: LedgerKey, mails: Mapping[str, Mapping[str, Any]], incoming: Incoming
) -> Mapping[str, Any] | None:
    """Another message with the same contents that gave a referral."""
    others = [(k, r) for k, r in tx.rows(LEDGER) if k not in mails]
    held = key.attachments(incoming.parts)
    found = Ledger.of(tx.rows_closed(LEDGER), others).same(key.message(incoming.message_id), held)
    return found[1] if found else None


def relocate(office: Office, mailbox: "Mailbox", places: Mapping[str, Location], folder: str) -> None:
    """Move messages and note in their ledger rows, by key, where each lies. Raises MailboxError."""
    moved = mailbox.move(list(places.values()), folder)
    with office.store.transaction(office.session.signer) as tx:
        for key, old in places.items():
            row, new = tx.get(LEDGER, key), moved.get(old)
            if row is not None and new is not None and new != old:
                office.verify(row, LEDGER, key)
                rewrite(office, tx, key, row, {"moved": place(new)})


def settle(office: Office, mailbox: "Mailbox", account: str) -> None:
    """Move what became a referral and still lies in the quarantine's folder: a decision while the mailbox was down."""
    box = office.settings.mailbox
    folder = mailbox.resolve(box.quarantine)
    left = {
        key: location_of(row)
        for key, row in office.store.snapshot().rows(LEDGER)
        if row["references"]
        and not row["quarantine"]
        and not row["deleted"]
        and row["account"] == account
        and "mark" not in row
        and location_of(row).folder == folder
    }
    if left:
        with suppress(MailboxError):
            relocate(office, mailbox, left, box.processed)
