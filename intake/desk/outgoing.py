"""Mails that the program prepares: recorded, placed among the drafts, and remembered so that they can go again.

Recorded first, with a Message-ID of their own, in the transaction of what they are about; placed then; the place
recorded last. A crash in between leaves a draft that is still to be placed, and placing looks for the Message-ID
before it adds anything: nothing is lost and nothing stands there twice. A person reads the draft and sends it.

A draft about a referral is in the ledger from the first moment, so that the referral's discard finds it by its
Message-ID wherever it lies (P3). What it says is in `intake/notices.py`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from intake.desk.office import LEDGER_SECRET, PASSPHRASES_SECRET, Office
from intake.desk.refusals import NotAssignedToYou
from intake.desk.registering import facts, fresh_key, put, register_receivers, row_in
from intake.errors import ConfigurationError, MailboxError, NotAllowed, NotLawful, sentence
from intake.notices import Letter, ask_letter, breach_letter, quality_letter, reject_letter
from intake.register_rows import BREACHES, DRAFTS, QUALITY, as_row, breach_of, draft_of, notice_of
from intake.registers import Breach, BreachText, Draft, DraftKind
from intake.rows import LEDGER, Row, iso
from intake.staff import Right
from intake.texts import N_, _
from storage.journal import Event
from storage.sealing import Context, open_sealed, receivers_of, seal, sign_row
from storage.store import Transaction

if TYPE_CHECKING:
    from intake.desk.polling import Polling

DRAFT_OUTCOME = "draft"
_NOWHERE: Row = {"folder": "", "uid_validity": 0, "uid": 0}
"""The place of a draft that is not placed yet."""


class DraftToPlace(MailboxError):
    """What it is about is recorded; the mailbox did not take the draft. Values: about, why, command."""

    template = N_(
        "%(about)s is recorded, but its draft is not in the mailbox yet. %(why)s Then place it with 'ocmw-intake %(command)s'."
    )


class ContactMissing(ConfigurationError):
    """The agreement does not say to whom. Values: setting."""

    template = N_(
        "The settings do not say where to write to: %(setting)s is empty. Fill it in with 'ocmw-intake settings set'."
    )


class PassphraseMissing(ConfigurationError):
    """There is no archive passphrase to encrypt with."""

    template = N_("The office has no archive passphrase, so nothing can be sent encrypted. Set one first.")


def drafts(office: Office) -> list[Draft]:
    """All drafts that are remembered, each verified."""
    return facts(office, DRAFTS, draft_of)


def waiting(office: Office, kind: DraftKind, about: str) -> Draft | None:
    """The draft about this that is still to be placed."""
    found = (d for d in drafts(office) if d.kind is kind and d.about == about and d.placed_at is None)
    return next(found, None)


def recipients(office: Office, kind: DraftKind) -> tuple[str, ...]:
    """To whom: the local team, or both DPOs. Raises ContactMissing, which names the setting."""
    agreement = office.settings.agreement
    wanted = (
        {"agreement.dpo.email": agreement.dpo.email, "agreement.sender_dpo.email": agreement.sender_dpo.email}
        if kind is DraftKind.BREACH
        else {"agreement.team.email": agreement.team.email}
    )
    for setting, address in wanted.items():
        if not address:
            raise ContactMissing(setting=setting)
    return tuple(dict.fromkeys(address for address in wanted.values() if address))


def record_draft(
    office: Office,
    tx: Transaction,
    kind: DraftKind,
    about: str,
    references: tuple[str, ...] = (),
    value: str | Mapping[str, str] | None = None,
) -> Draft:
    """Record a draft that is still to be placed; `value` is personal and kept sealed until then."""
    from intake.mail.drafts import new_message_id, sender_of

    if references and not office.secret(PASSPHRASES_SECRET):
        raise PassphraseMissing
    box = office.settings.mailbox
    message_id = new_message_id(sender_of(box.user, box.host))
    key = fresh_key(office, tx, DRAFTS, "B")
    draft = Draft(key, kind, about, references, office.now(), office.name, message_id)
    row = as_row(draft)
    if value:
        wanted = register_receivers(office, DRAFTS, row)
        row["sealed"] = seal(orjson.dumps(value), wanted, Context("draft", key))
    put(office, tx, DRAFTS, row)
    if references:
        _put_in_ledger(office, tx, draft, message_id)
    tx.record(Event("draft", references=(about, key), detail={"kind": kind.value}))
    return draft


def _put_in_ledger(office: Office, tx: Transaction, draft: Draft, message_id: str) -> None:
    from intake.mail.ledger import LedgerKey

    ledger_key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
    box = office.settings.mailbox
    hashed = ledger_key.message(message_id)
    assert hashed is not None
    row: Row = {
        "at": _NOWHERE,
        "moved": None,
        "message": hashed,
        "message_id": ledger_key.hide(message_id),
        "attachments": None,
        "outcome": DRAFT_OUTCOME,
        "account": ledger_key.account(box.host, box.user),
        "references": list(draft.references),
        "quarantine": [],
        "deleted": False,
        "discarded": False,
        "mark": draft.mark,
    }
    tx.put(LEDGER, hashed, sign_row(row, office.session.signer, LEDGER, hashed))


def deliver(
    office: Office,
    polling: "Polling",
    draft: Draft,
    command: str,
) -> Draft:
    """Place a draft that was recorded.

    Raises DraftToPlace when the mailbox cannot take it: `command` places it later. NotAssignedToYou, ContactMissing,
    PassphraseMissing; NotLawful when the referral was discarded meanwhile.
    """
    from intake.mail.drafts import compose, sender_of

    office.require(Right.DRAFT)
    row = row_in(office, office.store.snapshot(), DRAFTS, draft.id)
    draft = draft_of(row)
    if draft.message_id is None:
        return draft
    if draft.kind is DraftKind.REJECT:
        told = _sealed_value(office, draft, row)
        to: tuple[str, ...] = (told["to"],)
        letter = reject_letter(draft.mark, told, office.settings.agreement.ocmw)
    else:
        to = recipients(office, draft.kind)
        letter = _letter(office, draft, row)
    archive = None
    if letter.enclosed is not None:
        archive = (f"{draft.mark}.7z", _packed(office, draft.mark, letter.enclosed, to))
    box = office.settings.mailbox
    raw = compose(
        sender=sender_of(box.user, box.host),
        to=to,
        subject=letter.subject,
        body=letter.body,
        message_id=draft.message_id,
        at=office.now(),
        archive=archive,
    )
    try:
        return _place(office, polling, draft, raw, archive[1] if archive else None)
    except MailboxError as error:
        raise DraftToPlace(about=draft.about, why=sentence(error), command=command) from None


def _place(
    office: Office,
    polling: "Polling",
    draft: Draft,
    raw: bytes,
    archive: bytes | None,
) -> Draft:
    from intake.mail.errors import MailboxProtocol
    from intake.mail.ledger import LedgerKey, place

    assert draft.message_id is not None
    with polling.connect() as mailbox:
        there = mailbox.find(draft.message_id)  # placed before a crash, and perhaps sent already
        if not there and archive is not None and draft.references:
            _announce(office, draft, archive)
        where = there[0] if there else mailbox.append_draft(raw)
        if where is None:
            raise MailboxProtocol
        attachments = None
        if draft.references:
            ledger_key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
            # As it lies there: of an earlier try the archive is another one.
            incoming = next(iter(mailbox.fetch([where])), None)
            if incoming is None:  # sent or moved this very moment; the next try finds it by its Message-ID
                raise MailboxProtocol
            attachments = ledger_key.attachments(incoming.parts)
        with office.store.transaction(office.session.signer) as tx:
            row = tx.get(DRAFTS, draft.id)
            discarded = row is None
            if row is not None:
                office.verify(row, DRAFTS, draft.id)
                if draft.references:
                    key = str(ledger_key.message(draft.message_id))
                    known = tx.get(LEDGER, key)
                    assert known is not None
                    office.verify(known, LEDGER, key)
                    changed = {k: v for k, v in known.items() if k != "signed"}
                    account = ledger_key.account(office.settings.mailbox.host, office.settings.mailbox.user)
                    changed |= {"moved": place(where), "attachments": attachments, "account": account}
                    tx.put(LEDGER, key, sign_row(changed, office.session.signer, LEDGER, key))
                kept = {k: v for k, v in row.items() if k not in ("signed", "sealed")}
                kept |= {"message_id": None, "placed_at": iso(office.now())}
                put(office, tx, DRAFTS, kept)
                tx.record(Event("draft-placed", references=(draft.about, draft.id)))
        if discarded:
            mailbox.delete([where])
            raise _gone()
    return draft_of(kept)


def _announce(office: Office, draft: Draft, archive: bytes) -> None:
    """Note what the draft holds before the mailbox has it: a discard then finds it also when this ends here.

    Raises NotLawful when the referral was discarded meanwhile: then no draft is made.
    """
    from intake.mail.ledger import LedgerKey

    ledger_key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
    key = str(ledger_key.message(draft.message_id))
    with office.store.transaction(office.session.signer) as tx:
        known = tx.get(LEDGER, key)
        if tx.get(DRAFTS, draft.id) is None or known is None:
            raise _gone()
        office.verify(known, LEDGER, key)
        changed = {k: v for k, v in known.items() if k != "signed"}
        box = office.settings.mailbox
        changed |= {
            "attachments": ledger_key.attachments([archive]),
            "account": ledger_key.account(box.host, box.user),
        }
        tx.put(LEDGER, key, sign_row(changed, office.session.signer, LEDGER, key))


def _gone() -> NotLawful:
    return NotLawful(
        problem=_("The referral has been discarded; nothing can be done with it any more."), article="P3"
    )


def _letter(office: Office, draft: Draft, row: Any) -> Letter:
    """What it says, from what the store knows now; reading a client is in the log before (A12)."""
    snapshot = office.store.snapshot()
    agreement = office.settings.agreement
    if draft.kind is DraftKind.BREACH:
        breach_row = row_in(office, snapshot, BREACHES, draft.about)
        return breach_letter(breach_of(breach_row), breach_text(office, breach_row), agreement)
    (reference,) = draft.references
    referral_row = office.row_of(snapshot, reference)
    referral = office.facts(referral_row, reference)
    if not office.can_read(referral_row):
        raise NotAssignedToYou(reference=reference)
    notice = None
    fields = ["first_name", "last_name"]
    if draft.kind is DraftKind.QUALITY:
        notice = notice_of(row_in(office, snapshot, QUALITY, draft.about))
        fields.append(notice.field)
    event = Event("export", references=(reference, draft.id), fields=tuple(fields), reason="=draft")
    office.store.journal.append(office.session.signer, [event])
    client = office.payload(referral_row, reference).client
    if notice is None:
        return ask_letter(draft.mark, referral.received_at, client, agreement.ocmw)
    value = _sealed_value(office, draft, row) if "sealed" in row else None
    return quality_letter(notice, referral.received_at, client, value, agreement.ocmw)


def _sealed_value(office: Office, draft: Draft, row: Any) -> Any:
    """What is kept sealed until the draft is placed. Raises NotAllowed for whom it is not sealed."""
    if office.name not in receivers_of(row["sealed"]):
        author = office.directory.user(draft.created_by).display_name
        raise NotAllowed(
            problem=_("Only %(author)s or a team lead can place this draft; ask one of them.")
            % {"author": author}
        )
    ring = office.session.ring.reading
    return orjson.loads(open_sealed(row["sealed"], office.name, ring, Context("draft", draft.id)))


def _packed(office: Office, mark: str, text: str, to: Sequence[str]) -> bytes:
    """The archive with the agreed passphrase, that in force, names inside encrypted too (P6)."""
    from intake.archive import Member, pack
    from intake.desk.passphrases import outgoing

    passphrase = outgoing(office.secret(PASSPHRASES_SECRET), office.today(), to)
    if passphrase is None:
        raise PassphraseMissing
    return pack([Member(f"{mark}.txt", text.encode("utf-8"))], passphrase["secret"])


def breach_text(office: Office, row: Any) -> BreachText:
    """The opened text of a breach; NotAReceiver for those it is not for."""
    context = Context("breach", row["id"])
    return BreachText(
        **orjson.loads(open_sealed(row["sealed"], office.name, office.session.ring.reading, context))
    )


def seal_breach(office: Office, breach: Breach, text: BreachText) -> Row:
    """The row of a breach with its text sealed for team leads and DPOs."""
    from dataclasses import asdict

    row = as_row(breach)
    wanted = register_receivers(office, BREACHES, row)
    return row | {"sealed": seal(orjson.dumps(asdict(text)), wanted, Context("breach", breach.id))}
