"""The breach register: recorded, told to both DPOs within 72 hours, closed with measures; every one is kept (P9, GDPR 33)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake.causes import CAUSE_TITLES, Cause
from intake.desk.deciding import item_in
from intake.desk.office import Office
from intake.desk.outgoing import (
    breach_text,
    deliver,
    drafts,
    recipients,
    record_draft,
    seal_breach,
    waiting,
)
from intake.desk.registering import check_known, check_texts, facts, fresh_key, put, row_in
from intake.errors import NotAllowed, NotLawful, WrongUse
from intake.formats import clean_note, show_moment
from intake.register_rows import BREACHES, DRAFTS, breach_of
from intake.registers import INCIDENTS, Breach, BreachKind, BreachText, DraftKind
from intake.rows import QUARANTINE, moment_of
from intake.staff import Right
from intake.texts import N_, _
from storage.journal import Event
from storage.sealing import receivers_of
from storage.store import Snapshot, Transaction

if TYPE_CHECKING:
    from intake.desk.polling import Polling

TEXT_FIELDS = ("text",)
MOST = 10_000_000
RECEIVED_WRONGLY = N_(
    "A message that was received on %(when)s was not encrypted as agreed (cause: %(cause)s, quarantine %(item)s)."
)


class NotTold(NotLawful):
    """A breach is closed of which the DPOs know nothing yet. Values: problem, command, article."""

    template = N_("%(problem)s The command is 'ocmw-intake %(command)s'. (%(article)s)")


@dataclass(frozen=True, slots=True)
class Account:
    """What someone tells of a breach (GDPR 33.3); None leaves what is known as it is."""

    what: str | None = None
    categories: str | None = None
    people: int | None = None
    records: int | None = None
    consequences: str | None = None
    measures: str | None = None

    def __repr__(self) -> str:
        return "Account(…)"


@dataclass(frozen=True, slots=True)
class Listed:
    """A breach with its text, None where it is not sealed for the reader.

    `draft_waits`: its draft is still to be placed in the mailbox. `ready_since`: it lies there and nobody said that it
    was sent, so the clock runs on; None otherwise.
    """

    breach: Breach
    text: BreachText | None
    hours_left: int | None
    draft_waits: bool
    ready_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A message in quarantine that is itself a breach to look at, and of which none is recorded (P6)."""

    item: str
    cause: Cause
    received_at: datetime
    known_at: datetime


class Breaches:
    """Use cases on breaches."""

    def __init__(self, office: Office, polling: "Callable[[], Polling]") -> None:
        self._office = office
        self._polling = polling

    def open(
        self,
        account: Account,
        known_at: datetime | None = None,
        *,
        references: Iterable[str] = (),
        kind: BreachKind | None = None,
        quarantine: str | None = None,
    ) -> Breach:
        """Record a breach; of a message in `quarantine` the facts are taken from there.

        The texts go out to the DPOs: they name no client. Raises WrongUse, NotFound, PersonNamed.
        """
        office = self._office
        office.require(Right.BREACH_OPEN)
        chosen = tuple(dict.fromkeys(references))
        with office.store.transaction(office.session.signer) as tx:
            if quarantine is not None:
                item = _quarantined(office, tx, quarantine)
                known_at = known_at or item.known_at
                kind = kind or BreachKind.UNENCRYPTED
                if not account.what:
                    account = replace(account, what=_told(item))
            if known_at is None:
                raise WrongUse(
                    problem=_("Say when it became known (--known-at); the 72 hours run from there.")
                )
            if known_at > office.now() + timedelta(minutes=2):
                raise WrongUse(
                    problem=_("The moment lies in the future. Give the moment at which it became known.")
                )
            text = _merged(BreachText(), account)
            if not text.what:
                raise WrongUse(problem=_("Say what happened, in a few words."))
            for reference in chosen:
                check_known(tx, reference)
            check_texts(office, tx, chosen, *text.texts)
            breach = Breach(
                fresh_key(office, tx, BREACHES, "L"),
                kind or BreachKind.OTHER,
                known_at,
                office.now(),
                office.name,
                chosen,
                (quarantine,) if quarantine else (),
            )
            put(office, tx, BREACHES, seal_breach(office, breach, text))
            tx.record(
                Event("breach-open", references=(breach.id, *chosen), detail={"kind": breach.kind.value})
            )
        return breach

    def items(self, *, every: bool = True) -> list[Listed]:
        """All breaches by number with their texts, without `every` only those that are not closed. Logged before."""
        office = self._office
        office.require(Right.BREACH)
        rows = office.snapshot().rows(BREACHES)
        self._log([key for key, _row in rows])
        placed = {d.about: d.placed_at for d in drafts(office) if d.kind is DraftKind.BREACH}
        found = [self._listed(key, row, placed) for key, row in rows]
        return [one for one in found if every or one.breach.closed_on is None]

    def _log(self, keys: list[str]) -> None:
        if keys:
            office = self._office
            event = Event("breach-read", references=tuple(keys[-1000:]), fields=TEXT_FIELDS)
            office.store.journal.append(office.session.signer, [event])

    def _listed(self, key: str, row: Mapping[str, Any], placed: Mapping[str, datetime | None]) -> Listed:
        office = self._office
        office.verify(row, BREACHES, key)
        breach = breach_of(row)
        text = breach_text(office, row) if office.name in receivers_of(row["sealed"]) else None
        ready = placed.get(key) if breach.noticed_at is None else None
        return Listed(
            breach, text, breach.hours_left(office.now()), key in placed and placed[key] is None, ready
        )

    def proposals(self) -> list[Proposal]:
        """What lies in quarantine, or lay there, and is itself a breach to look at: not encrypted, or weakly (P6)."""
        office = self._office
        office.require(Right.BREACH)
        return proposed(office)

    def update(self, key: str, account: Account) -> Breach:
        """Complete what is known of a breach. Raises NotFound, WrongUse, PersonNamed, NotLawful once closed."""
        return self._change(key, account, "breach-update", lambda breach: breach)

    def notice(self, key: str, told_at: datetime | None = None) -> Breach:
        """Prepare what tells both DPOs: a draft to both with the facts of GDPR 33.3; `sent` records that it went.

        A draft tells nobody: the 72 hours run until it was sent (GDPR 33.1). With `told_at` they were told otherwise, at
        that moment. A DPO has no mailbox: a team lead places the draft. Raises NotAllowed, ContactMissing,
        DraftToPlace, WrongUse when the draft lies there already, NotLawful once they were told.
        """
        office = self._office
        office.require(Right.BREACH)
        row = row_in(office, office.store.snapshot(), BREACHES, key)
        breach = breach_of(row)
        _not_told_yet(breach)
        if told_at is not None:
            return self._told(breach, told_at, breach.known_at)
        ready = _ready_since(office, key)
        if ready is not None:
            raise WrongUse(
                problem=_(
                    "The draft of %(id)s lies in the mailbox since %(when)s. Send it, then record when it was sent."
                )
                % {"id": breach.id, "when": show_moment(ready)}
            )
        if not (office.may(Right.DRAFT) and office.may(Right.MAILBOX)):
            raise NotAllowed(
                problem=_(
                    "The draft is placed in the shared mailbox by a team lead; ask one, the breach is recorded. "
                    "If the DPOs were told otherwise, give the moment with --told-at."
                )
            )
        recipients(office, DraftKind.BREACH)
        with office.store.transaction(office.session.signer) as tx:
            # Who opened it could perhaps not read the referrals; who sends it can, so it is looked at here again.
            check_texts(office, tx, breach.references, *breach_text(office, row).texts)
            if waiting(office, DraftKind.BREACH, key) is None:
                record_draft(office, tx, DraftKind.BREACH, key)
        draft = waiting(office, DraftKind.BREACH, key)
        assert draft is not None
        self._log([key])
        deliver(office, self._polling(), draft, f"breach notice {key}")
        return breach_of(row_in(office, office.store.snapshot(), BREACHES, key))

    def sent(self, key: str, at: datetime) -> Breach:
        """Record that the draft to both DPOs was sent, at that moment: it stops the clock (GDPR 33.1).

        Raises WrongUse when no draft lies in the mailbox or for a moment before it did, NotLawful once they were told.
        """
        office = self._office
        office.require(Right.BREACH)
        breach = breach_of(row_in(office, office.store.snapshot(), BREACHES, key))
        _not_told_yet(breach)
        ready = _ready_since(office, key)
        if ready is None:
            raise WrongUse(
                problem=_(
                    "No draft of %(id)s lies in the mailbox. Make it first; "
                    "when the DPOs were told otherwise, give that moment with --told-at."
                )
                % {"id": breach.id}
            )
        return self._told(breach, at, ready)

    def _told(self, breach: Breach, told_at: datetime, earliest: datetime) -> Breach:
        office = self._office
        # People give hours and minutes.
        if not earliest.replace(second=0, microsecond=0) <= told_at <= office.now() + timedelta(minutes=2):
            raise WrongUse(
                problem=_("The DPOs were told between %(when)s and now. Check the moment.")
                % {"when": show_moment(earliest)}
            )
        draft = waiting(office, DraftKind.BREACH, breach.id)
        with office.store.transaction(office.session.signer) as tx:
            if draft is not None:
                tx.delete(DRAFTS, draft.id)  # they were told otherwise; nobody has to place it any more
            return self._put_told(tx, breach.id, told_at)

    def _put_told(self, tx: Transaction, key: str, at: datetime) -> Breach:
        office = self._office
        row = row_in(office, tx, BREACHES, key)
        breach = breach_of(row)
        if breach.noticed_at is not None:
            return breach  # a colleague told them meanwhile; the first notice counts
        breach = replace(breach, noticed_at=at, noticed_by=office.name)
        put(office, tx, BREACHES, seal_breach(office, breach, breach_text(office, row)))
        tx.record(Event("breach-notice", references=(key,)))
        return breach

    def close(self, key: str, measures: str) -> Breach:
        """Close a breach of which the DPOs were told, with the measures that were taken. It stays in the register."""
        office = self._office
        if not clean_note(measures):
            raise WrongUse(problem=_("Say which measures were taken, in a few words."))

        def closed(breach: Breach) -> Breach:
            if breach.noticed_at is None:
                ready = _ready_since(office, breach.id) is not None
                raise NotTold(
                    problem=_(
                        "The draft to the DPOs lies in the mailbox, but nobody recorded that it was sent. "
                        "Send it and record when."
                    )
                    if ready
                    else _("The DPOs have not been told of this breach yet."),
                    command=f"breach notice {breach.id}" + (" --sent-at MOMENT" if ready else ""),
                    article="P9",
                )
            return replace(breach, closed_on=office.today(), closed_by=office.name)

        return self._change(key, Account(), "breach-close", closed, closing=clean_note(measures))

    def _change(
        self, key: str, account: Account, action: str, change: Callable[[Breach], Breach], closing: str = ""
    ) -> Breach:
        office = self._office
        office.require(Right.BREACH)
        with office.store.transaction(office.session.signer) as tx:
            row = row_in(office, tx, BREACHES, key)
            breach = breach_of(row)
            if breach.closed_on is not None:
                raise NotLawful(problem=_("The breach is closed; it is kept as it is."), article="P9")
            text = _merged(breach_text(office, row), account)
            text = replace(text, closing=closing or text.closing)
            check_texts(office, tx, breach.references, *text.texts)
            changed = change(breach)
            put(office, tx, BREACHES, seal_breach(office, changed, text))
            tx.record(Event(action, references=(key,)))
        return changed


def _not_told_yet(breach: Breach) -> None:
    if breach.noticed_at is not None:
        raise NotLawful(
            problem=_("The DPOs were told of %(id)s already, on %(when)s.")
            % {"id": breach.id, "when": show_moment(breach.noticed_at)},
            article="P9",
        )


def _ready_since(office: Office, key: str) -> datetime | None:
    """Since when the draft about a breach lies in the mailbox."""
    found = (d.placed_at for d in drafts(office) if d.kind is DraftKind.BREACH and d.about == key)
    return next((at for at in found if at is not None), None)


def _merged(text: BreachText, account: Account) -> BreachText:
    for number in (account.people, account.records):
        if number is not None and not 0 <= number <= MOST:
            raise WrongUse(problem=_("Give a number of people or records that can be."))
    given: dict[str, Any] = {
        name: clean_note(value) if isinstance(value, str) else value
        for name in ("what", "categories", "people", "records", "consequences", "measures")
        if (value := getattr(account, name)) is not None
    }
    return replace(text, **given)


def proposed(office: Office) -> list[Proposal]:
    """See `Breaches.proposals`; that an item was decided meanwhile makes it no less a breach."""
    known = {item for breach in facts(office, BREACHES, breach_of) for item in breach.quarantine}
    snapshot = office.snapshot()
    rows = {**dict(office.closed().rows(QUARANTINE)), **dict(snapshot.rows(QUARANTINE))}
    causes = {cause.value for cause in INCIDENTS}
    keys = sorted(key for key, row in rows.items() if key not in known and row["cause"] in causes)
    return [_quarantined(office, snapshot, key) for key in keys]


def _quarantined(office: Office, source: Snapshot | Transaction, key: str) -> Proposal:
    row = item_in(office, source, key)
    moments = (moment_of(row["received_at"]), moment_of(row["quarantined_at"]))
    return Proposal(key, Cause(row["cause"]), *moments)


def _told(item: Proposal) -> str:
    from intake.texts import dutch

    cause = dutch(CAUSE_TITLES[item.cause])
    words = {"when": show_moment(item.received_at), "cause": cause, "item": item.item}
    return dutch(RECEIVED_WRONGLY) % words
