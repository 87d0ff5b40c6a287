"""Proving that what was discarded is gone: the certificate, and the search of every place that could hold it (P3, P6).

What a certificate looks like is in `paperwork/certificate.py`, how each place is searched in `searching.py`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake.desk.destruction import Approved, approved_items
from intake.desk.office import LEDGER_SECRET, Office
from intake.errors import IntakeError, MailboxError, NotFound, NotLawful, WrongUse
from intake.paperwork.certificate import Certificate, Destroyed, write_certificate
from intake.plaintext import clean_line
from intake.referral import State
from intake.rows import LEDGER, REFERRALS, TOMBSTONES, moment_of
from intake.staff import Right
from intake.texts import N_, _
from storage.errors import UnknownUser
from storage.journal import Event

if TYPE_CHECKING:
    from intake.desk.backups import Backups
    from intake.desk.polling import Polling
    from intake.desk.searching import Place, Traces

MOST_ON_A_CERTIFICATE = 500
VERIFIED = "discard-verify"
"""The action in the log of a search; its detail tells whether it was clean."""
_LOOK_BACK = timedelta(days=366)


class CertificateNotWritten(IntakeError):
    """The file of a certificate cannot be written. Values: none, as a file's name could name someone."""

    template = N_("The certificate cannot be written there. Choose a folder you can write to.")
    exit_code = 2


@dataclass(frozen=True, slots=True)
class Search:
    """What the search for a discarded referral gave, place by place."""

    reference: str
    places: "tuple[Place, ...]"

    @property
    def clean(self) -> bool:
        """Whether every place was searched and nothing was found."""
        return all(place.searched and not place.found for place in self.places)

    @property
    def only_mailbox_missing(self) -> bool:
        """Whether nothing was found, and nothing but the mailbox could not be searched."""
        from intake.desk.searching import MAILBOX

        missing = {place.name for place in self.places if not place.searched}
        return missing == {MAILBOX} and not any(place.found for place in self.places)


@dataclass(frozen=True, slots=True)
class Searched:
    """The last search for a discarded referral, as the log has it; `found` counts what should be gone.

    Not `clean` with nothing found means that a place could not be searched.
    """

    at: datetime
    by: str
    clean: bool
    found: int


@dataclass(frozen=True, slots=True)
class Gone:
    """A discarded referral as it is listed. `searched` is the last search of the past year, None without one."""

    destroyed: Destroyed
    searched: Searched | None = None


class Proof:
    """Use cases that prove a discard. They need no reader's key."""

    def __init__(
        self, office: Office, polling: "Callable[[], Polling]", backups: "Callable[[], Backups]"
    ) -> None:
        self._office = office
        self._polling = polling
        self._backups = backups

    def discarded(self, most: int = 1000) -> tuple[Gone, ...]:
        """The referrals discarded last, the newest first and at most so many; nothing of a client is in them."""
        office = self._office
        office.require(Right.RETENTION_PLAN)
        closed = office.closed()
        found = sorted(closed.rows(TOMBSTONES), key=lambda item: (item[1]["discarded_at"], item[0]))
        found = found[: -most - 1 : -1]
        approved = approved_items(closed.rows, office.directory, past=True)
        searched = self._searched(frozenset(key for key, _row in found))
        gone = []
        for key, row in found:
            office.verify(row, TOMBSTONES, key)
            gone.append(Gone(self._destroyed(row, approved.get(key)), searched.get(key)))
        return tuple(gone)

    def _searched(self, references: frozenset[str]) -> dict[str, Searched]:
        last: dict[str, Searched] = {}
        if not references:
            return last
        office = self._office
        for entry in office.store.journal.entries(since=office.now() - _LOOK_BACK):
            if entry.action != VERIFIED:
                continue
            for reference in references.intersection(entry.references):
                by = self._shown_name(entry.user)
                clean, found = entry.detail.get("clean") == "yes", int(entry.detail.get("found", 0))
                known = last.get(reference)
                if known is not None and known.clean and not clean and not found:
                    continue  # one that could not look everywhere takes nothing back
                last[reference] = Searched(moment_of(entry.at), by, clean, found)
        return last

    # -- the certificate ----------------------------------------------------------------------------------------------

    def certificate(self, references: Sequence[str], file: Path | None = None) -> Certificate:
        """The certificate of destruction (verklaring van vernietiging), written to a new PDF when `file` is given.

        It holds no client identity. Raises NotLawful for a referral that is kept or not wholly discarded, NotFound,
        WrongUse when the file exists, CertificateNotWritten.
        """
        office = self._office
        office.require(Right.RETENTION_PLAN)
        wanted = list(dict.fromkeys(references))
        if not wanted or len(wanted) > MOST_ON_A_CERTIFICATE:
            raise WrongUse(
                problem=_("Give one to %(count)d references of discarded referrals.")
                % {"count": MOST_ON_A_CERTIFICATE}
            )
        rows = {reference: self._tombstone(reference) for reference in wanted}
        approved = approved_items(office.closed().rows, office.directory, past=True)
        made = Certificate(
            office.settings.agreement.ocmw,
            office.now(),
            self._shown_name(office.name),
            tuple(self._destroyed(row, approved.get(reference)) for reference, row in rows.items()),
        )
        event = Event("certificate", references=tuple(wanted))
        office.store.journal.append(office.session.signer, [event])
        if file is not None:
            try:
                write_certificate(file, made)
            except FileExistsError:
                raise WrongUse(problem=_("That file exists already. Choose another name.")) from None
            except OSError:
                raise CertificateNotWritten from None
        return made

    def _tombstone(self, reference: str) -> Mapping[str, Any]:
        office = self._office
        row = office.closed().get(TOMBSTONES, reference)
        if row is None:
            self._refuse_kept(reference)
            raise NotLawful(
                problem=_(
                    "%(reference)s is not discarded everywhere yet. Run 'ocmw-intake retention run', then try again."
                )
                % {"reference": reference},
                article="P3",
            )
        office.verify(row, TOMBSTONES, reference)
        return row

    def _refuse_kept(self, reference: str) -> None:
        """Raise NotFound for what never was, NotLawful for what is kept."""
        office = self._office
        row = office.snapshot().get(REFERRALS, reference) or office.closed().get(REFERRALS, reference)
        if row is None:
            raise NotFound(what=clean_line(reference)[:40])
        office.verify(row, REFERRALS, reference)
        if row["state"] != State.DISCARDING.value:
            raise NotLawful(
                problem=_("%(reference)s is kept still. See 'ocmw-intake retention plan' for when it goes.")
                % {"reference": reference},
                article="P3",
            )

    def _destroyed(self, row: Mapping[str, Any], approved: Approved | None) -> Destroyed:
        if approved is not None and approved.list_id != row.get("list"):
            approved = None
        return Destroyed(
            reference=row["reference"],
            received_on=date.fromisoformat(row["received_on"]),
            outcome=row["outcome"],
            basis=row["basis"],
            due_on=date.fromisoformat(row["due_on"]) if row["due_on"] else None,
            discarded_at=moment_of(row["discarded_at"]),
            discarded_by=self._shown_name(row["discarded_by"]),
            mails=row.get("mails"),
            drafts=row.get("drafts"),
            list_id=approved.list_id if approved else None,
            rule=approved.rule if approved else None,
            approved_by=self._shown_name(approved.approved_by) if approved else None,
            approved_on=approved.approved_on if approved else None,
        )

    def _shown_name(self, account: str) -> str:
        try:
            return self._office.directory.user(account).display_name
        except UnknownUser:
            return account

    # -- the search ---------------------------------------------------------------------------------------------------

    def verify(self, reference: str) -> Search:
        """Search the store, every backup, the quarantine and every folder of the mailbox for a discarded referral.

        A place that cannot be searched is told as such, and so is the mailbox to who may not open it (a DPO reads no client
        data). Logged. Raises NotFound, NotLawful for one that is kept.
        """
        from intake.desk.searching import search_backups, search_store, traces_of

        office = self._office
        office.require(Right.RETENTION_VERIFY)
        active, closed = office.store.snapshot(), office.store.closed()
        tombstone = closed.get(TOMBSTONES, reference)
        if tombstone is None:
            self._refuse_kept(reference)
        else:
            office.verify(tombstone, TOMBSTONES, reference)
        traces = traces_of(reference, active, closed)
        for key, row in traces.mails.items():
            office.verify(row, LEDGER, key)
        places = [
            *search_store(traces, active, closed),
            *search_backups(traces, self._backups().plan, office.store.identity),
            *self._in_mailbox(traces, tombstone),
        ]
        search = Search(reference, tuple(places))
        detail: dict[str, str | int] = {
            "clean": "yes" if search.clean else "no",
            "places": len(places),
            "found": sum(place.found for place in places),
        }
        event = Event(VERIFIED, references=(reference,), detail=detail)
        office.store.journal.append(office.session.signer, [event])
        return search

    def _in_mailbox(self, traces: "Traces", tombstone: Mapping[str, Any] | None) -> "Iterator[Place]":
        from intake.desk.searching import MAILBOX, OTHER_MAILBOX, UNKNOWN_MAILS, Place, search_mailbox
        from intake.mail.ledger import LedgerKey

        office = self._office
        if not office.may(Right.MAILBOX):
            yield Place(MAILBOX, False, 0)
            return
        key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
        box = self._polling().settings()
        account = key.account(box.host, box.user)
        if any(row["account"] != account for row in traces.mails.values()):
            yield Place(OTHER_MAILBOX, False, 0)
        if tombstone is not None and tombstone["mail"] and tombstone["mail"] not in traces.mails:
            # Nothing tells any more which message it was: then nobody can say that it is gone.
            yield Place(UNKNOWN_MAILS, False, 0)
        try:
            with self._polling().connect() as mailbox:
                yield from search_mailbox(traces, mailbox, key, account)
        except MailboxError:
            yield Place(MAILBOX, False, 0)
