"""Who may do what: every role, every use case, on one's own referral, another's, and one that is nobody's.

A use case without a row here fails the first test, so that a new one cannot come in without its rights being said.
"""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from inspect import getattr_static
from pathlib import Path
from typing import Any

import pytest

from intake.agreement import Contact
from intake.causes import Cause
from intake.client import Consent
from intake.desk import Desk
from intake.desk.breaches import Account
from intake.desk.desk import desk_for
from intake.desk.destruction import ListMissing
from intake.desk.importing import put_in_quarantine
from intake.desk.passphrases import NewPassphrase
from intake.desk.quarantine import Person
from intake.desk.records import Sought
from intake.desk.refusals import NotAssignedToYou, SecrecyNotConfirmed
from intake.desk.staff import first_sign_in
from intake.desk.superfluous import SourceGone
from intake.desk.work import AttemptRequest
from intake.errors import MailboxError, NotAllowed, NotFound, NotLawful, WrongUse
from intake.figures import statistics_of
from intake.mail.errors import MailboxLost
from intake.mail.mailbox import Location, Mailbox
from intake.mail.ways import MailboxSecret, MicrosoftDevice
from intake.paperwork.evidence import EvidenceUnreadable
from intake.paperwork.letter import NoContactData
from intake.receive import Rejected
from intake.referral import Channel, Closure, Flag, Referral, Result, State, Step, Wish
from intake.registers import Subject, What
from intake.rows import Payload
from intake.staff import Role
from storage.errors import Refusal
from storage.store import open_store
from tests.tui.office import CLIENTS, COST, ELS, LEAD, TOM, TestOffice, found_office

ROLES = (Role.TEAM_LEAD, Role.SOCIAL_WORKER, Role.DPO, Role.ADMIN, Role.SERVICE)
"""The order of the columns."""

SELF = "zelf"
OWN, OTHERS, NOBODYS = SELF, ELS, None
POSITIONS = (OWN, OTHERS, NOBODYS)

DONE, NOT_YOURS, HIDDEN, FORBIDDEN = "+", "a", "n", "-"
"""Done; NotAssignedToYou; NotFound, which does not even tell that it exists; NotAllowed."""
_BEST_FIRST = (DONE, NOT_YOURS, HIDDEN, FORBIDDEN)


@dataclass
class Scene:
    """One role set's office: the desk of who tries, a team lead who prepares, and numbers for fresh names."""

    office: TestOffice
    desk: Desk
    lead: Desk
    folder: Path
    item: str
    count: int = 0

    @property
    def fresh(self) -> str:
        self.count += 1
        return f"vers{self.count}"

    def colleague(self) -> str:
        """A new account, made by the team lead."""
        name = self.fresh
        self.lead.staff.add(name, [Role.SOCIAL_WORKER], cost=COST)
        return name

    def case_files(self, where: str) -> None:
        """Have case files kept here, or elsewhere."""
        settings = self.lead.settings.show()
        if settings.case_files != where:
            self.lead.settings.change(settings.model_copy(update={"case_files": where}))

    def contacts(self) -> None:
        """Have the agreement name whom to write to, and a partner."""
        settings = self.lead.settings.show()
        if not settings.agreement.partners:
            named = {"dpo": CONTACT, "sender_dpo": CONTACT, "team": CONTACT, "partners": (PARTNER,)}
            agreement = settings.agreement.model_copy(update=named)
            self.lead.settings.change(settings.model_copy(update={"agreement": agreement}))

    def breach(self) -> str:
        """A fresh breach of which the DPOs were not told."""
        return self.lead.breaches.open(ACCOUNT, self.office.clock()).id

    def told(self) -> str:
        """A fresh breach of which they were."""
        return self.lead.breaches.notice(self.breach(), self.office.clock()).id

    def quarantined(self) -> str:
        """A fresh item in quarantine."""
        office = self.lead.office
        with office.store.transaction(office.session.signer) as tx:
            damaged = Rejected(Cause.DAMAGED, "halve tekst")
            return put_in_quarantine(office, tx, self.office.clock(), "menen@kindengezin.example", damaged)

    def rejected(self) -> str:
        """One that was rejected, whose draft the mailbox did not take."""
        item = self.quarantined()
        with pytest.raises(MailboxError):
            self.lead.quarantine.reject(item, "stuk", draft=True)
        return item

    def task(self) -> str:
        return self.lead.tasks.open(Subject.LAW, "nieuw decreet", self.office.clock().date()).id

    def notice(self, referral: Referral) -> str:
        """A notice about the referral, made by a team lead, whose draft the mailbox did not take."""
        self.contacts()
        with pytest.raises(MailboxError):
            self.lead.quality.open(referral.reference, "phone", What.WRONG)
        return self.lead.quality.items()[-1].notice.id

    def referral(self, assigned_to: str | None, changes: dict[str, Any]) -> Referral:
        """A fresh referral in a state, sealed for who may read it."""
        (reference,) = self.office.receive_at(self.lead, CLIENTS[:1])
        office = self.lead.office
        with office.store.transaction(office.session.signer) as tx:
            facts = office.facts(office.row_of(tx, reference), reference)
            state = State.ASSIGNED if assigned_to else State.RECEIVED
            made = dataclasses.replace(facts, **{"assigned_to": assigned_to, "state": state, **changes})
            office.put_referral(tx, made, office.seal_payload(Payload(CLIENTS[0]), made))
        return made


@dataclass(frozen=True)
class Row:
    """A use case: one cell for each of ROLES; three letters in a cell are own, others', nobody's referral."""

    cells: str
    use: Callable[[Scene, Referral], object]
    state: dict[str, Any] = field(default_factory=dict)
    case_files: str = "external"
    passes: tuple[type[Refusal], ...] = ()
    """Refusals that come only after rights and keys were found good: nobody answers at the mailbox, for example."""
    together: frozenset[Role] = frozenset()
    """Who holds all of these roles may do what none of them may alone."""

    @property
    def about_a_referral(self) -> bool:
        return all(len(cell) == len(POSITIONS) for cell in self.cells.split())

    def expected(self, roles: frozenset[Role]) -> str:
        """Of several roles the best counts, position by position."""
        if self.together and self.together <= roles:
            return DONE
        cells = [cell for role, cell in zip(ROLES, self.cells.split(), strict=True) if role in roles]
        return "".join(min(letters, key=_BEST_FIRST.index) for letters in zip(*cells, strict=True))


FORM = b"Voornaam: An\nNaam: Maes\nTelefoon: 0470 12 34 56\n"
NOON = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)
CONTACTED: dict[str, Any] = {"contacted_at": NOON, "state": State.CONTACTED}
WANTS_HELP: dict[str, Any] = {
    "contacted_at": NOON,
    "wish": Wish.YES,
    "wish_at": NOON,
    "state": State.WANTS_HELP,
}
CASE_OPEN: dict[str, Any] = {
    **WANTS_HELP,
    "state": State.CASE_OPEN,
    "case_number": "2026/17",
    "case_opened_on": date(2026, 11, 18),
    "case_opened_by": ELS,
}
HANDED_OVER: dict[str, Any] = {
    **CASE_OPEN,
    "state": State.HANDED_OVER,
    "handed_over_on": date(2026, 11, 18),
}
CLOSED: dict[str, Any] = {
    "state": State.CLOSED,
    "closed_because": Closure.WRONG_OCMW,
    "closed_on": date(2026, 11, 18),
}

WORKED = "+++ +aa --- --- ---"
LED = "+++ --- --- --- ---"
ALL = "+ + + + +"
LEAD_ONLY = "+ - - - -"


UNKNOWN_CONSENT: dict[str, Any] = {"consent": Consent.NOT_STATED}
CONTACT = Contact(email="menen@opgroeien.example")
PARTNER = "Huis van het Kind"
CODE = MicrosoftDevice(tenant="ocmw.example", client_id="x")
ACCOUNT = Account(what="een laptop is gestolen")


def _attempt(reference: str) -> AttemptRequest:
    return AttemptRequest(reference, Channel.PHONE, Result.NO_ANSWER)


def _connect(scene: Scene) -> None:
    with scene.desk.polling.connect():
        pass


class Unreachable(Mailbox):
    """One whose connection is lost."""

    def __init__(self) -> None:
        pass

    def scan(self, folder: str, *, optional: bool = False) -> list[Location]:
        raise MailboxLost


def _change_mailbox(scene: Scene) -> None:
    settings = scene.desk.settings.show()
    other = 30 if settings.mailbox.poll_seconds != 30 else 31
    box = settings.mailbox.model_copy(update={"poll_seconds": other})
    scene.desk.settings.change(settings.model_copy(update={"mailbox": box}))


def _change_terms(scene: Scene) -> None:
    settings = scene.desk.settings.show()
    other = settings.keep_after_unreachable_days + 1
    scene.desk.settings.change(settings.model_copy(update={"keep_after_unreachable_days": other}))


def _open_notice(scene: Scene, referral: Referral) -> None:
    scene.contacts()
    scene.desk.quality.open(referral.reference, "phone", What.WRONG)


def _ask(scene: Scene, referral: Referral) -> None:
    scene.contacts()
    scene.desk.quality.ask(referral.reference)


def _disclose(scene: Scene, referral: Referral) -> None:
    scene.contacts()
    scene.desk.disclosures.disclose(referral.reference, PARTNER, ["phone"], "huisvesting", client_agrees=True)


def _notice_breach(scene: Scene) -> None:
    scene.contacts()
    scene.desk.breaches.notice(scene.breach())


def _back(scene: Scene) -> None:
    scene.lead.staff.absent(TOM, scene.office.clock().date(), ELS)
    scene.desk.staff.back(TOM)


def _kept(scene: Scene) -> str:
    return scene.lead.passphrases.items()[-1].label


def _same(referral: Referral) -> Referral:
    return dataclasses.replace(referral, version=referral.version + 1)


TABLE: dict[str, Row] = {
    # columns:         lead  worker dpo admin service
    "work.worklist": Row(ALL, lambda s, r: s.desk.work.worklist()),
    "work.steps": Row("+++ +++ +++ +++ +++", lambda s, r: s.desk.work.steps(r)),
    "work.needs_reason": Row("+++ +++ +++ +++ +++", lambda s, r: s.desk.work.needs_reason(r)),
    "work.open": Row(WORKED, lambda s, r: s.desk.work.open(r.reference, "vraag van de burger")),
    "work.take": Row(WORKED, lambda s, r: s.desk.work.take(r.reference)),
    "work.attempt": Row(WORKED, lambda s, r: s.desk.work.attempt(_attempt(r.reference))),
    "work.inform": Row(WORKED, lambda s, r: s.desk.work.inform(r.reference), CONTACTED),
    "work.wish": Row(WORKED, lambda s, r: s.desk.work.wish(r.reference, Wish.NO), CONTACTED),
    "work.consent": Row(WORKED, lambda s, r: s.desk.work.consent(r.reference, Consent.CONFIRMED, "gebeld")),
    "work.close": Row(WORKED, lambda s, r: s.desk.work.close(r.reference, Closure.WRONG_OCMW, "verhuisd")),
    "work.close unreachable": Row(
        LED,
        lambda s, r: s.desk.work.close(r.reference, Closure.UNREACHABLE, "niemand"),
        passes=(NotLawful,),
    ),
    "work.assign": Row(LED, lambda s, r: s.desk.work.assign([r.reference], TOM)),
    "work.unassign": Row(LED, lambda s, r: s.desk.work.unassign([r.reference]), passes=(NotLawful,)),
    "work.distribute": Row(LED, lambda s, r: s.desk.work.distribute({r.reference: TOM})),
    "work.reopen": Row(LED, lambda s, r: s.desk.work.reopen(r.reference, "toch wel"), CLOSED),
    "work.change": Row(WORKED, lambda s, r: s.desk.work.change(r.reference, Step.CONSENT, _same, None)),
    "work.change_all": Row(WORKED, lambda s, r: s.desk.work.change_all([r.reference], Step.CONSENT, _same)),
    "assigning.board": Row(LEAD_ONLY, lambda s, r: s.desk.assigning.board()),
    "assigning.offer": Row(LED, lambda s, r: s.desk.assigning.offer([r.reference])),
    "assigning.proposal": Row(LED, lambda s, r: s.desk.assigning.proposal([r.reference])),
    "cases.open": Row(WORKED, lambda s, r: s.desk.cases.open(r.reference, "2026/18"), WANTS_HELP),
    "cases.hand_over": Row(
        WORKED, lambda s, r: s.desk.cases.hand_over(r.reference, s.folder / s.fresh), CASE_OPEN
    ),
    "cases.hand_over confirmed": Row(
        WORKED, lambda s, r: s.desk.cases.hand_over(r.reference, s.folder / s.fresh, confirm=True), CASE_OPEN
    ),
    "cases.confirm": Row(WORKED, lambda s, r: s.desk.cases.confirm(r.reference), HANDED_OVER),
    "cases.close": Row(
        WORKED, lambda s, r: s.desk.cases.close(r.reference, date(2026, 11, 18)), CASE_OPEN, "local"
    ),
    "polling.settings": Row(ALL, lambda s, r: s.desk.polling.settings()),
    "polling.check_agreement": Row(ALL, lambda s, r: s.desk.polling.check_agreement()),
    "polling.connect": Row("+ + - + +", lambda s, r: _connect(s), passes=(MailboxError,)),
    "polling.checkup": Row("+ + - + +", lambda s, r: s.desk.polling.checkup()),
    "polling.keep": Row("+ + - + +", lambda s, r: s.desk.polling.keep(s.lead.polling.checkup())),
    "polling.code": Row("+ - - + -", lambda s, r: s.desk.polling.code(CODE)),
    "polling.poll": Row("+ + - - +", lambda s, r: s.desk.polling.poll(), passes=(MailboxError,)),
    "polling.take_in": Row(
        "+ + - - +", lambda s, r: s.desk.polling.take_in(Unreachable()), passes=(MailboxError,)
    ),
    "polling.watch": Row("+ + - - +", lambda s, r: s.desk.polling.watch(print).close()),
    "quarantine.items": Row("+ + + - -", lambda s, r: s.desk.quarantine.items()),
    "quarantine.show": Row(LEAD_ONLY, lambda s, r: s.desk.quarantine.show(s.item)),
    "quarantine.retry": Row(
        LEAD_ONLY, lambda s, r: s.desk.quarantine.retry([s.item]), passes=(MailboxError,)
    ),
    "quarantine.register": Row(
        LEAD_ONLY,
        lambda s, r: s.desk.quarantine.register(s.quarantined(), [Person(CLIENTS[0], Consent.CONFIRMED)]),
    ),
    "quarantine.reject": Row(
        LEAD_ONLY, lambda s, r: s.desk.quarantine.reject(s.quarantined(), "reclame", draft=False)
    ),
    "quarantine.draft": Row(
        LEAD_ONLY, lambda s, r: s.desk.quarantine.draft(s.rejected()), passes=(MailboxError,)
    ),
    "retention.plan": Row("+ + + - +", lambda s, r: s.desk.retention.plan()),
    "retention.waiting": Row("+ + + - +", lambda s, r: s.desk.retention.waiting()),
    "retention.run": Row("+ - - - +", lambda s, r: s.desk.retention.run()),
    "retention.hold": Row(
        LED, lambda s, r: s.desk.retention.hold(r.reference, s.office.clock().date(), "klacht"), CLOSED
    ),
    "retention.release": Row(
        LED,
        lambda s, r: s.desk.retention.release(r.reference, "klacht afgehandeld"),
        {**CLOSED, "hold_until": date(2026, 11, 30)},
    ),
    "destruction.lists": Row("+ + + - +", lambda s, r: s.desk.destruction.lists()),
    "destruction.others": Row(ALL, lambda s, r: s.desk.destruction.others(SELF)),
    "destruction.propose": Row("+ - - - +", lambda s, r: s.desk.destruction.propose()),
    "destruction.approve": Row(
        LEAD_ONLY, lambda s, r: s.desk.destruction.approve("X2036-0001"), passes=(ListMissing,)
    ),
    "proof.certificate": Row(
        "+++ +++ +++ --- +++",
        lambda s, r: s.desk.proof.certificate([r.reference], s.folder / s.fresh),
        passes=(NotLawful,),
    ),
    "proof.discarded": Row("+ + + - +", lambda s, r: s.desk.proof.discarded()),
    "proof.verify": Row(
        "+++ --- +++ --- +++", lambda s, r: s.desk.proof.verify(r.reference), passes=(NotLawful,)
    ),
    "staff.users": Row(ALL, lambda s, r: s.desk.staff.users()),
    "staff.open_referrals": Row(LEAD_ONLY, lambda s, r: s.desk.staff.open_referrals()),
    "staff.workers": Row(ALL, lambda s, r: s.desk.staff.workers()),
    "staff.display_name": Row(ALL, lambda s, r: s.desk.staff.display_name(ELS)),
    "staff.add": Row(LEAD_ONLY, lambda s, r: s.desk.staff.add(s.fresh, [Role.DPO], cost=COST)),
    "staff.reset": Row(LEAD_ONLY, lambda s, r: s.desk.staff.reset(s.colleague(), cost=COST)),
    "staff.disable": Row(LEAD_ONLY, lambda s, r: s.desk.staff.disable(s.colleague())),
    "staff.absent": Row(LEAD_ONLY, lambda s, r: s.desk.staff.absent(TOM, s.office.clock().date(), ELS)),
    "staff.back": Row(LEAD_ONLY, lambda s, r: _back(s)),
    "staff.tidy": Row(ALL, lambda s, r: s.desk.staff.tidy()),
    "staff.change_passphrase": Row(
        ALL, lambda s, r: s.desk.staff.change_passphrase("twee oude molens", cost=COST)
    ),
    "staff.secrecy_due": Row(ALL, lambda s, r: s.desk.staff.secrecy_due()),
    "staff.confirm_secrecy": Row(ALL, lambda s, r: s.desk.staff.confirm_secrecy()),
    "log.entries": Row("+ - + - -", lambda s, r: list(s.desk.log.entries())),
    "log.newest": Row("+ - + - -", lambda s, r: s.desk.log.newest(Sought())),
    "log.verify": Row("+ - + - -", lambda s, r: s.desk.log.verify()),
    "log.accept": Row("+ - + - -", lambda s, r: s.desk.log.accept("teruggezet na een defect")),
    "log.export": Row("+ - + - -", lambda s, r: s.desk.log.export(s.folder / s.fresh)),
    "log.seen_by": Row("+++ +nn +++ --- ---", lambda s, r: s.desk.log.seen_by(r.reference)),
    "backups.create": Row("+ - - + -", lambda s, r: s.desk.backups.create()),
    "backups.items": Row("+ - - + -", lambda s, r: s.desk.backups.items()),
    "backups.verify": Row(
        "+ - - + -", lambda s, r: s.desk.backups.verify(s.lead.backups.items()[0].listed.path)
    ),
    "subjects.find": Row("+ + - - -", lambda s, r: s.desk.subjects.find("El Idrissi")),
    "subjects.export": Row(WORKED, lambda s, r: s.desk.subjects.export(r.reference, s.folder / s.fresh)),
    "subjects.erase": Row(LED, lambda s, r: s.desk.subjects.erase(r.reference, "per brief gevraagd")),
    "superfluous.show": Row(
        WORKED,
        lambda s, r: s.desk.superfluous.show(r.reference, reason="vraag van de burger"),
        {"flags": (Flag.SUPERFLUOUS.value,)},
        # The message of these made-up referrals lies in no mailbox.
        passes=(SourceGone,),
    ),
    "papers.statistics": Row("+ + + - -", lambda s, r: s.desk.papers.statistics()),
    "papers.statistics_file": Row(
        "+ + + - -",
        lambda s, r: s.desk.papers.statistics_file(statistics_of([], []), s.folder / s.fresh),
    ),
    "papers.evidence": Row("+ - + - -", lambda s, r: s.desk.papers.evidence(s.folder / f"{s.fresh}.pdf")),
    "papers.check_evidence": Row(
        "+ - + - -", lambda s, r: s.desk.papers.check_evidence(b"{}"), passes=(EvidenceUnreadable,)
    ),
    "papers.register": Row("+ - + - -", lambda s, r: s.desk.papers.register(s.folder / f"{s.fresh}.json")),
    "papers.letter": Row(
        WORKED,
        lambda s, r: s.desk.papers.letter(r.reference, s.folder / f"{s.fresh}.pdf"),
        passes=(NoContactData,),
    ),
    "papers.pack": Row("+ + - - +", lambda s, r: s.desk.papers.pack(FORM, ".txt")),
    "passphrases.items": Row("+ + - - +", lambda s, r: s.desk.passphrases.items()),
    "passphrases.add": Row(
        LEAD_ONLY,
        lambda s, r: s.desk.passphrases.add(NewPassphrase(s.fresh, f"zin {s.fresh}", date(2026, 11, 1))),
    ),
    "passphrases.end": Row(LEAD_ONLY, lambda s, r: s.desk.passphrases.end(_kept(s), date(2030, 1, 1))),
    "settings.show": Row(ALL, lambda s, r: s.desk.settings.show()),
    "settings.change": Row("+ - - + -", lambda s, r: _change_mailbox(s)),
    "settings.change password": Row(
        "+ - - + -",
        lambda s, r: s.desk.settings.change(s.desk.settings.show(), mailbox_password="ander"),
    ),
    "settings.change secret": Row(
        "+ - - + -",
        lambda s, r: s.desk.settings.change(
            s.desk.settings.show(), mailbox_secret=MailboxSecret.password("ander")
        ),
    ),
    "settings.change terms": Row(LEAD_ONLY, lambda s, r: _change_terms(s)),
}

TABLE |= {
    # columns:         lead  worker dpo admin service
    "quality.open": Row(WORKED, _open_notice, passes=(MailboxError,)),
    "quality.draft": Row(WORKED, lambda s, r: s.desk.quality.draft(s.notice(r)), passes=(MailboxError,)),
    "quality.answer": Row(WORKED, lambda s, r: s.desk.quality.answer(s.notice(r))),
    "quality.ask": Row(WORKED, _ask, UNKNOWN_CONSENT, passes=(MailboxError,)),
    "quality.items": Row("+ + + - -", lambda s, r: s.desk.quality.items()),
    "breaches.open": Row("+ + + + -", lambda s, r: s.desk.breaches.open(ACCOUNT, s.office.clock())),
    "breaches.items": Row("+ - + - -", lambda s, r: s.desk.breaches.items()),
    "breaches.proposals": Row("+ - + - -", lambda s, r: s.desk.breaches.proposals()),
    "breaches.update": Row("+ - + - -", lambda s, r: s.desk.breaches.update(s.breach(), Account(people=1))),
    "breaches.notice": Row(
        LEAD_ONLY,
        lambda s, r: _notice_breach(s),
        passes=(MailboxError,),
        together=frozenset({Role.DPO, Role.SOCIAL_WORKER}),
    ),
    "breaches.notice told": Row(
        "+ - + - -", lambda s, r: s.desk.breaches.notice(s.breach(), s.office.clock())
    ),
    # Nothing lies in the mailbox yet: only who may say so hears it.
    "breaches.sent": Row(
        "+ - + - -", lambda s, r: s.desk.breaches.sent(s.breach(), s.office.clock()), passes=(WrongUse,)
    ),
    "breaches.close": Row("+ - + - -", lambda s, r: s.desk.breaches.close(s.told(), "gewist")),
    "disclosures.disclose": Row(WORKED, _disclose, CONTACTED),
    "disclosures.items": Row("+ + + - -", lambda s, r: s.desk.disclosures.items()),
    "disclosures.partners": Row("+ + - - -", lambda s, r: s.desk.disclosures.partners()),
    "tasks.open": Row(
        "+ - + - -", lambda s, r: s.desk.tasks.open(Subject.LAW, "decreet", s.office.clock().date())
    ),
    "tasks.items": Row("+ - + - -", lambda s, r: s.desk.tasks.items()),
    "tasks.done": Row("+ - + - -", lambda s, r: s.desk.tasks.done(s.task(), "brief van 18 november")),
    "reminders.items": Row(ALL, lambda s, r: s.desk.reminders.items()),
}

NO_USE_CASES: frozenset[str] = frozenset(
    {"backups.before_write", "backups.forget", "backups.made_today", "work.index"}
)
"""Public for other parts of the program, and behind no screen or command."""

ROLE_SETS = [
    *(frozenset({role}) for role in ROLES),
    frozenset({Role.SOCIAL_WORKER, Role.DPO}),
    frozenset({Role.TEAM_LEAD, Role.ADMIN}),
    frozenset({Role.DPO, Role.ADMIN, Role.SERVICE}),
]


@pytest.fixture
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    office = found_office(tmp_path)
    item = office.quarantine(Cause.DAMAGED, "halve tekst")
    store = open_store(office.location, clock=office.clock)
    with office.desk(LEAD) as lead:
        code = lead.staff.add(SELF, sorted(request.param), cost=COST)
        session = first_sign_in(store, SELF, code, "zeven stille kaden", office.clock().date(), cost=COST)
        yield Scene(office, desk_for(store, session, office.clock), lead, tmp_path, item)
    store.close()


def use_cases(desk: Desk) -> set[str]:
    """Every public method of every group of the desk."""
    groups = [name for name in dir(Desk) if isinstance(getattr_static(Desk, name), cached_property)]
    return {
        f"{group}.{name}"
        for group in groups
        for name in dir(getattr(desk, group))
        if not name.startswith("_") and callable(getattr(getattr(desk, group), name))
    }


@pytest.mark.parametrize("scene", [frozenset({Role.DPO})], indirect=True)
def test_every_use_case_has_its_row(scene: Scene) -> None:
    known = {name.split()[0] for name in TABLE} | NO_USE_CASES
    assert use_cases(scene.desk) == known


def outcome(scene: Scene, row: Row, referral: Referral | None) -> str:
    try:
        row.use(scene, referral)  # type: ignore[arg-type]  # rows about no referral look at none
    except NotAssignedToYou:
        return NOT_YOURS
    except SecrecyNotConfirmed:
        raise
    except NotAllowed:
        return FORBIDDEN
    except row.passes:
        return DONE
    except NotFound:
        return HIDDEN
    return DONE


@pytest.mark.parametrize(
    "scene",
    ROLE_SETS,
    indirect=True,
    ids=lambda roles: "+".join(role.value for role in ROLES if role in roles),
)
def test_each_role_may_do_what_the_table_says_and_nothing_else(
    scene: Scene, request: pytest.FixtureRequest
) -> None:
    roles = request.node.callspec.params["scene"]
    found: dict[str, str] = {}
    for name, row in TABLE.items():
        scene.case_files(row.case_files)
        if row.about_a_referral:
            found[name] = "".join(
                outcome(scene, row, scene.referral(position, row.state)) for position in POSITIONS
            )
        else:
            found[name] = outcome(scene, row, None)
    assert found == {name: row.expected(roles) for name, row in TABLE.items()}
