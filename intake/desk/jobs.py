"""The discard job as it stands in the store: begun, waiting, its mails gone, a tombstone (P3).

A job is the row of its referral without the sealed data (*nog te wissen*). Each step is one transaction; in which order
they come, and what happens in the mailbox and the backups between them, is in `discarding.py`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from intake import retention
from intake.counts import remains_of
from intake.desk.destruction import approved_items
from intake.desk.hindrances import LEDGER_MISSING, OTHER_MAILBOX, WAITING_FOR_QUARANTINE
from intake.desk.office import Office
from intake.desk.outgoing import DRAFT_OUTCOME
from intake.desk.placing import place_referral, referral_row
from intake.referral import State
from intake.register_rows import drop_drafts
from intake.rows import LEDGER, QUARANTINE, QUARANTINE_DISCARDED, REFERRALS, TOMBSTONES, Row, iso
from storage.journal import Event
from storage.sealing import sign_row
from storage.store import Snapshot, Transaction

__all__ = ["Jobs", "Mails"]

Mails = dict[str, Mapping[str, Any]]
"""Ledger rows by their key."""


class Jobs:
    """The steps of discarding that are taken in the store. Each can be repeated; no reader's key is needed."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def begin(self, due: Sequence[retention.Due]) -> None:
        """Take the sealed data and keys of what is due out of the store; what is due no more stays."""
        office = self._office
        if not due:
            return
        with office.store.transaction(office.session.signer) as tx:
            approved = approved_items(tx.rows_closed, office.directory)
            for item in due:
                row = referral_row(tx, item.reference)
                if row is None or row["state"] == State.DISCARDING.value:
                    continue
                # A colleague may have reopened or held it since the plan was made.
                referral = office.facts(row, item.reference)
                now_due = retention.due(referral, office.settings.periods)
                named = approved.get(item.reference)
                if named is not None and not named.names(referral):
                    named = None
                if now_due is None or not now_due.is_due(office.today(), approved=named is not None):
                    continue
                job: Row = remains_of(referral, now_due) | {
                    "version": referral.version + 1,
                    "state": State.DISCARDING.value,
                    "mail": referral.mail,
                    "list": named.list_id if named and now_due.second_person else None,
                    "cause": "",
                }
                self._put_job(tx, job)
                self._claim_quarantined(tx, item.reference)
                drop_drafts(tx, {item.reference})
                detail = {"outcome": now_due.outcome.value}
                tx.record(Event("discard-begin", references=(referral.reference,), detail=detail))

    def _claim_quarantined(self, tx: Transaction, reference: str) -> None:
        """Of the same attachments there may be a message in quarantine, from before it could be read: it goes too.

        From here on its ledger row is that of a copy, by which its mail is found.
        """
        office = self._office
        rows = tx.rows(LEDGER)
        own = [row for _key, row in rows if reference in row["references"] and row["attachments"]]
        held = {row["attachments"]: row["references"] for row in own}
        for key, row in rows:
            if row["references"] or not row["quarantine"] or row["attachments"] not in held:
                continue
            office.verify(row, LEDGER, key)
            for item in row["quarantine"]:
                tx.delete(QUARANTINE, item)
            gone = tuple(row["quarantine"])
            copy: Row = {k: v for k, v in row.items() if k != "signed"}
            copy |= {"outcome": "copy", "references": list(held[row["attachments"]]), "quarantine": []}
            tx.put(LEDGER, key, sign_row(copy, office.session.signer, LEDGER, key))
            tx.record(Event(QUARANTINE_DISCARDED, references=(*gone, reference)))

    def _put_job(self, tx: Transaction, job: Row) -> None:
        key = job["reference"]
        unsigned = {k: v for k, v in job.items() if k != "signed"}
        place_referral(tx, key, sign_row(unsigned, self._office.session.signer, REFERRALS, key))

    def mails_of(self, references: Iterable[str], snapshot: Snapshot) -> dict[str, Mails]:
        """The ledger rows of each reference: the message it came from and its copies."""
        mails: dict[str, Mails] = {reference: {} for reference in references}
        for key, row in snapshot.rows(LEDGER):
            for reference in row["references"]:
                if reference in mails:
                    self._office.verify(row, LEDGER, key)
                    mails[reference][key] = row
        return mails

    def mails_of_others(self, references: Sequence[str]) -> Mails:
        """The ledger rows that belong to none of these references: their messages are left alone."""
        rows = self._office.store.snapshot().rows(LEDGER)
        return {key: row for key, row in rows if not set(row["references"]) & set(references)}

    def hindrance(self, reference: str, mails: Mails, account: str, snapshot: Snapshot) -> str | None:
        """Why the mails of a job cannot be removed, before the mailbox `account` is looked into; None when they can."""
        job = snapshot.get(REFERRALS, reference)
        source = job["mail"] if job else None
        closed = self._office.store.closed()
        if source is not None and source not in mails and closed.get(LEDGER, source) is None:
            return LEDGER_MISSING
        if any(row["account"] != account and not row["deleted"] for row in mails.values() if _lies(row)):
            return OTHER_MAILBOX
        if any(snapshot.get(QUARANTINE, item) for row in mails.values() for item in row["quarantine"]):
            return WAITING_FOR_QUARANTINE
        return None

    def wait(self, causes: Mapping[str, str]) -> None:
        """Keep with each of these jobs why it waits."""
        office = self._office
        if not causes:
            return
        with office.store.transaction(office.session.signer) as tx:
            for reference, cause in causes.items():
                job = tx.get(REFERRALS, reference)
                if job is None or job["state"] != State.DISCARDING.value or job["cause"] == cause:
                    continue
                office.verify(job, REFERRALS, reference)
                self._put_job(tx, {**job, "cause": cause})
                tx.record(Event("discard-waits", references=(reference,), detail={"cause": cause}))

    def close_mails(self, references: Sequence[str], removed: frozenset[str]) -> list[str]:
        """Close the ledger rows of these jobs, their mails (`removed`, ledger keys) being gone; returns the jobs done.

        A job of which another copy came in meanwhile goes on at the next run.
        """
        office = self._office
        closed: list[str] = []
        if not references:
            return closed
        with office.store.transaction(office.session.signer) as tx:
            for _job, reference, mails in self._jobs_in(tx, references):
                if any(not row["deleted"] and key not in removed for key, row in mails.items()):
                    continue
                closed.append(reference)
                for key, row in mails.items():
                    self._close_ledger(tx, key, row, frozenset(references))
        return closed

    def finish(self, references: Sequence[str]) -> list[str]:
        """Turn these jobs into tombstones, their mails being gone, and they out of every backup.

        A job of which another copy came in meanwhile goes on at the next run.
        """
        office = self._office
        finished: list[str] = []
        if not references:
            return finished
        with office.store.transaction(office.session.signer) as tx:
            for job, reference, mails in self._jobs_in(tx, references):
                if not all(row["deleted"] for row in mails.values()):
                    continue
                tombstone = {k: v for k, v in job.items() if k not in ("signed", "cause", "version")}
                gone = [row for _key, row in tx.rows_closed(LEDGER) if reference in row["references"]]
                gone += mails.values()
                tombstone |= {
                    "state": State.DISCARDED.value,
                    "mails": len(gone),
                    "drafts": sum(row["outcome"] == DRAFT_OUTCOME for row in gone),
                    "discarded_at": iso(office.now()),
                    "discarded_by": office.name,
                }
                tx.delete(REFERRALS, reference)
                signed = sign_row(tombstone, office.session.signer, TOMBSTONES, reference)
                tx.put_closed(TOMBSTONES, reference, signed)
                tx.record(Event("discarded", references=(reference,), detail={"outcome": job["outcome"]}))
                finished.append(reference)
        return finished

    def _jobs_in(
        self, tx: Transaction, references: Sequence[str]
    ) -> Iterator[tuple[Mapping[str, Any], str, Mails]]:
        """Those of the references whose discard has begun, verified, each with its mails."""
        for reference, mails in self.mails_of(references, tx).items():
            job = tx.get(REFERRALS, reference)
            if job is not None and job["state"] == State.DISCARDING.value:
                self._office.verify(job, REFERRALS, reference)
                yield job, reference, mails

    def _close_ledger(self, tx: Transaction, key: str, row: Mapping[str, Any], gone: frozenset[str]) -> None:
        """The mail is gone; what stays are keyed hashes, so that it cannot come in again."""
        signer = self._office.session.signer
        kept: Row = {k: v for k, v in row.items() if k != "signed"} | {"deleted": True, "message_id": None}
        if any(r not in gone and referral_row(tx, r) is not None for r in row["references"]):
            tx.put(LEDGER, key, sign_row(kept, signer, LEDGER, key))
            return
        kept |= {"discarded": True, "moved": None}
        tx.delete(LEDGER, key)
        tx.put_closed(LEDGER, key, sign_row(kept, signer, LEDGER, key))


def _lies(row: Mapping[str, Any]) -> bool:
    """Whether the message can lie in a mailbox: not a draft that was recorded and never given to one."""
    return "mark" not in row or row["attachments"] is not None
