"""The quarantine: messages that became no referral, read, tried again, registered by hand, or rejected by a team lead.

Trying again is in `rereading.py`; what becomes of a rejected message, and of one on which nobody decides, in `rejection.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from intake.causes import Cause
from intake.client import Client, Consent
from intake.desk.deciding import (
    REGISTERED,
    REJECTED,
    Hidden,
    NotInQuarantine,
    became,
    close_item,
    decided,
    is_open,
    mails_of,
    open_item,
    reveal,
)
from intake.desk.importing import Entry, import_referral
from intake.desk.logged import check_reason, given_reason, listed_events
from intake.desk.office import LEDGER_SECRET, Office
from intake.desk.passphrases import NewPassphrase
from intake.desk.registering import check_texts
from intake.desk.rejection import begin
from intake.entry import entered
from intake.errors import NotFound, WrongUse
from intake.likeness import traits
from intake.plaintext import clean_line
from intake.receive import is_foreign
from intake.referral import Flag, Referral
from intake.registers import Draft, DraftKind
from intake.rejecting import CHOICES, UNANSWERED, Because, goes_on, is_told, usual
from intake.rows import QUARANTINE, iso, moment_of
from intake.staff import Right
from intake.texts import _
from intake.trust import trusts
from intake.workdays import local_date
from storage.journal import Event
from storage.sealing import receivers_of

if TYPE_CHECKING:
    from intake.desk.polling import Polling
    from intake.desk.rereading import Retried

__all__ = ["NotInQuarantine", "Person", "Quarantine", "QuarantineItem", "RejectedItem"]

MOST_PEOPLE = 10
BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True)
class QuarantineItem:
    """A message that became no referral.

    `sender` and `text` are None for those who may not read them. `goes_on` is the day from which it goes although nobody
    decided. `found` and `consent` are what its text seems to say of the client, for filling in beforehand. `seen` is what there
    was to see of a doubtful sender; None as `sender`.
    """

    id: str
    cause: Cause
    received_at: datetime
    attempts: int
    sender: str | None
    text: str | None
    goes_on: date
    found: Client | None = None
    consent: Consent | None = None
    seen: str | None = None

    def __repr__(self) -> str:
        return f"QuarantineItem({self.id}, {self.cause})"


@dataclass(frozen=True, slots=True)
class Person:
    """A client as registered by hand, with what the sender said of the consent (recital C)."""

    client: Client = field(repr=False)
    consent: Consent


@dataclass(frozen=True, slots=True)
class RejectedItem:
    """A decision to reject. `draft`: a mail to the sender lies among the drafts; `incident`: to be recorded as a breach."""

    id: str
    because: Because
    draft: bool
    incident: bool


class Quarantine:
    """Use cases on the quarantine."""

    def __init__(self, office: Office, polling: "Callable[[], Polling]") -> None:
        self._office = office
        self._polling = polling

    # -- looking ----------------------------------------------------------------------------------------------------

    def items(self) -> list[QuarantineItem]:
        """All items by id; senders are shown, and that logged, to those for whom they are sealed."""
        office = self._office
        office.require(Right.QUARANTINE_LIST)
        rows = [(key, row) for key, row in office.snapshot().rows(QUARANTINE) if is_open(row)]
        readable = [key for key, row in rows if self._readable(row)]
        if readable:
            events = listed_events("quarantine-list", readable, ("sender",))
            office.store.journal.append(office.session.signer, events)
        return [self._item(row, with_text=False) for _key, row in rows]

    def show(self, key: str) -> QuarantineItem:
        """One item with the text that could be read, for registering by hand. Logged before it is shown."""
        office = self._office
        office.require(Right.QUARANTINE_READ)
        row = open_item(office, office.store.snapshot(), key)
        event = Event("quarantine-read", references=(key,), fields=("sender", "text"), reason="=quarantine")
        office.store.journal.append(office.session.signer, [event])
        return self._item(row, with_text=True)

    def _readable(self, row: Any) -> bool:
        office = self._office
        return office.may(Right.QUARANTINE_READ) and office.name in receivers_of(row["sealed"])

    def _item(self, row: Any, *, with_text: bool) -> QuarantineItem:
        office = self._office
        office.verify(row, QUARANTINE, row["id"])
        hidden = reveal(office, row) if self._readable(row) else None
        found: Client | None = None
        consent: Consent | None = None
        if with_text and hidden is not None:
            from intake.form.guess import guess

            found, consent = guess(hidden.text)
        return QuarantineItem(
            row["id"],
            Cause(row["cause"]),
            moment_of(row["received_at"]),
            row["attempts"],
            hidden.sender if hidden else None,
            hidden.text if hidden and with_text else None,
            goes_on(local_date(moment_of(row["quarantined_at"])), office.settings.keep_quarantine_days),
            found,
            consent,
            hidden.seen if hidden else None,
        )

    # -- trying again -----------------------------------------------------------------------------------------------

    def retry(
        self,
        keys: Sequence[str] | None = None,
        new: NewPassphrase | None = None,
        cause: Cause | None = None,
    ) -> list["Retried"]:
        """Read messages anew from the mailbox: these, or with None all, or all with a `cause`.

        A message that can be read now becomes a referral with its own moment of receipt; else it stays with its cause
        of today. A `new` passphrase is kept when it opens one of them. Raises NotInQuarantine, PassphraseFitsNothing,
        PassphraseUnusable, LabelUnusable, MailboxError, and NotLawful outside the agreement (P5): nothing is lost.
        """
        from intake.desk.rereading import Rereading

        office = self._office
        office.require(Right.QUARANTINE_DECIDE)
        self._polling().check_agreement()
        if keys is None:
            rows = office.store.snapshot().rows(QUARANTINE)
            keys = [k for k, row in rows if is_open(row) and cause in (None, row["cause"])]
        return Rereading(office, self._polling).run(keys, new) if keys else []

    # -- registering by hand ----------------------------------------------------------------------------------------

    def register(self, key: str, people: Sequence[Person], *, more: bool = False) -> tuple[Referral, ...]:
        """Save who is on the form as referrals, as imported ones, in one transaction with the item's end.

        With `more` the item stays, for another person on the same form. Needs no mailbox: the mail is moved by the next
        poll. Raises FieldsWrong, NotInQuarantine, WrongUse, and NotLawful outside the agreement (P5).
        """
        from intake.mail.ledger import LedgerKey

        office = self._office
        office.require(Right.QUARANTINE_DECIDE)
        self._polling().check_agreement()
        if not 1 <= len(people) <= MOST_PEOPLE:
            raise WrongUse(problem=_("Give one to %(count)d persons.") % {"count": MOST_PEOPLE})
        clients = [entered(person.client.as_dict()) for person in people]
        ledger_key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
        postcodes = frozenset(office.settings.postcodes)
        made: list[Referral] = []
        with office.store.transaction(office.session.signer) as tx:
            row = open_item(office, tx, key)
            mails = mails_of(office, tx, key)
            for client, person in zip(clients, people, strict=True):
                foreign = (Flag.FOREIGN_POSTCODE,) if is_foreign(client.postcode, postcodes) else ()
                flags = (Flag.BY_HAND, *foreign)
                entry = Entry(
                    moment_of(row["received_at"]), client, person.consent, flags, BY_HAND, "register"
                )
                mail = next(iter(mails), None)
                like = ledger_key.likeness(client) if traits(client) else {}
                made.append(import_referral(office, tx, entry, mail, like, {"cause": row["cause"]}, item=key))
            references = tuple(one.reference for one in made)
            became(office, tx, key, mails, references, (key,) if more else ())
            if not more:
                close_item(office, tx, decided(office, row, REGISTERED, references))
            tx.record(Event("quarantine-register", references=(key, *references)))
        return tuple(made)

    # -- rejecting --------------------------------------------------------------------------------------------------

    def reject(
        self, key: str, why: str, because: Because | None = None, *, draft: bool | None = None
    ) -> RejectedItem:
        """Close an item; its message is removed from the mailbox at the next retention run, and verified then.

        What was sealed goes at once. With `draft`, or when the reason is one of which the sender is told, a mail to the
        sender is recorded and put among the drafts; no client data is in it. Raises NotInQuarantine, WrongUse,
        PersonNamed, ContactMissing, DraftToPlace: then the item is closed and only the draft still has to be placed.
        """
        from intake.desk.outgoing import record_draft
        from intake.form.guess import guess

        office = self._office
        office.require(Right.QUARANTINE_DECIDE)
        said = given_reason(why)
        made: Draft | None = None
        with office.store.transaction(office.session.signer) as tx:
            row = open_item(office, tx, key)
            cause = Cause(row["cause"])
            chosen = because or usual(cause)
            if chosen not in CHOICES:
                raise WrongUse(problem=_("Choose one of the reasons for rejecting a message."))
            hidden = reveal(office, row)
            check_texts(office, tx, (), said)
            check_reason(said, guess(hidden.text)[0])
            if draft and cause in UNANSWERED:
                raise WrongUse(
                    problem=_(
                        "Nobody is written to about such a message: it is of a machine, or not of who it seems."
                    )
                )
            if is_told(cause, chosen) if draft is None else draft:
                told = self._told(hidden, row, chosen)
                made = record_draft(office, tx, DraftKind.REJECT, key, value=told)
            begin(office, tx, row, REJECTED, chosen)
            detail = {"cause": cause.value, "because": chosen.value}
            tx.record(Event("quarantine-reject", references=(key,), reason=said, detail=detail))
        if made is not None:
            self._deliver(made)
        return RejectedItem(key, chosen, made is not None, self._is_incident(key))

    def draft(self, key: str) -> None:
        """Place the draft of a rejected message that the mailbox did not take before. Raises NotFound, DraftToPlace."""
        from intake.desk.outgoing import waiting

        office = self._office
        office.require(Right.QUARANTINE_DECIDE)
        found = waiting(office, DraftKind.REJECT, key)
        if found is None:
            raise NotFound(what=clean_line(key)[:40])
        self._deliver(found)

    def _deliver(self, draft: Draft) -> None:
        from intake.desk.outgoing import deliver

        deliver(self._office, self._polling(), draft, f"quarantine draft {draft.about}")

    def _told(self, hidden: Hidden, row: Any, because: Because) -> dict[str, str]:
        """What the draft needs when the item is closed. An address nobody trusts gets no mail: the local team does."""
        from intake.desk.outgoing import ContactMissing

        office = self._office
        to = (
            hidden.sender
            if hidden.sender and trusts(hidden.sender, office.settings.trusted_senders)
            else None
        )
        to = to or office.settings.agreement.team.email
        if not to:
            raise ContactMissing(setting="agreement.team.email")
        return {
            "to": to,
            "because": because.value,
            "cause": row["cause"],
            "received_at": iso(moment_of(row["received_at"])),
        }

    def _is_incident(self, key: str) -> bool:
        from intake.desk.breaches import proposed

        return key in {one.item for one in proposed(self._office)}
