"""Superfluous data of a form: fetched from the mail once more, shown once, stored nowhere (P3, *overtollig*).

The store holds only a flag that there is something. What the form says is read in memory from the source message, and
is marked as seen in the same transaction that logs it, before it is returned to be shown.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from intake.client import Client
from intake.desk.office import LEDGER_SECRET, Office
from intake.desk.passphrases import terms_of
from intake.desk.reading import why_read
from intake.desk.source import copies
from intake.errors import IntakeError, NotLawful, WrongUse
from intake.form.model import Reading
from intake.form.superfluous import superfluous
from intake.isolated import Reader, reading
from intake.mail.ledger import LedgerKey
from intake.mail.message import Incoming
from intake.receive import Terms
from intake.referral import Flag, Referral, Step
from intake.rows import LEDGER
from intake.staff import Right
from intake.texts import N_
from storage.journal import Event
from storage.store import Transaction

if TYPE_CHECKING:
    from intake.desk.polling import Polling
    from intake.desk.work import Work

LOGGED_FIELD = "superfluous"


class NothingSuperfluous(WrongUse):
    """The form had no other data."""

    template = N_("The form of %(reference)s holds no superfluous data.")


class SeenAlready(NotLawful):
    """They are shown once (P3)."""

    template = N_(
        "The superfluous data of %(reference)s were shown already, and once is all (P3). Report them to the sender with "
        "'ocmw-intake quality open %(reference)s --field other --what superfluous'."
    )


class SourceGone(IntakeError):
    """The message is not in the mailbox, or does not hold this client's form any more."""

    template = N_(
        "The message of %(reference)s is not in the mailbox any more, or cannot be opened; nothing was shown and nothing "
        "marked. Look whether a colleague moved it to another mailbox."
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown this one time; the lines are personal data and are not in `repr`."""

    referral: Referral
    lines: tuple[str, ...] = field(repr=False)


class Superfluous:
    """The use case."""

    def __init__(self, office: Office, work: "Work", polling: "Callable[[], Polling]") -> None:
        self._office = office
        self._work = work
        self._polling = polling

    def show(self, reference: str, version: int | None = None, reason: str | None = None) -> Shown:
        """The superfluous lines of the form, this once; logged as `read` and marked as seen before they are returned.

        Raises NotAssignedToYou, ReasonNeeded (as opening it does), NothingSuperfluous, SeenAlready, SourceGone, and
        the errors of the mailbox: then nothing is marked.
        """
        office = self._office
        office.require(Right.READ)
        office.require(Right.POLL)
        row, referral = office.readable(office.snapshot(), reference)
        if Flag.SUPERFLUOUS_SEEN in referral.flags:
            raise SeenAlready(reference=reference)
        if Flag.SUPERFLUOUS not in referral.flags:
            raise NothingSuperfluous(reference=reference)
        client = office.payload(row, reference).client
        why = why_read(office, referral, reason, client)
        lines = self._lines(referral, client)

        def log(tx: Transaction) -> None:
            tx.record(Event("read", references=(reference,), fields=(LOGGED_FIELD,), reason=why))

        # It adds no line to the timeline, so the step names nothing here; the log has the reading.
        after = self._work.change(
            reference, Step.INFORM, _seen, referral.version if version is None else version, check=log
        )
        return Shown(after, lines)

    def _lines(self, referral: Referral, client: Client) -> tuple[str, ...]:
        office = self._office
        source = office.store.snapshot().get(LEDGER, referral.mail) if referral.mail else None
        if source is None or referral.mail is None:
            raise SourceGone(reference=referral.reference)
        office.verify(source, LEDGER, referral.mail)
        key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
        terms = terms_of(office)
        with self._polling().connect() as mailbox, reading() as reader:
            for incoming in copies(mailbox, source, key):
                for found in _readings(reader, incoming, terms):
                    if found.client == client:
                        return superfluous(found)
        raise SourceGone(reference=referral.reference)


def _seen(referral: Referral) -> Referral:
    flags = tuple(Flag.SUPERFLUOUS_SEEN.value if f == Flag.SUPERFLUOUS else f for f in referral.flags)
    if flags == referral.flags:
        # Someone else looked between our look and this transaction.
        raise SeenAlready(reference=referral.reference)
    return replace(referral, version=referral.version + 1, flags=flags)


def _readings(reader: Reader, incoming: Incoming, terms: Terms) -> list[Reading]:
    """The clients on the message's forms. It was taken in before: that its sender is trusted no more is no matter now."""
    trusting = replace(terms, trusted_senders=(incoming.sender,) if incoming.sender else ())
    return [accepted.reading for accepted in reader.judge(incoming, trusting).accepted]
