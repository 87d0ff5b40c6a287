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

from intake.causes import Cause
from intake.client import Consent
from intake.desk import Desk
from intake.desk.desk import desk_for
from intake.desk.office import NotAssignedToYou, SecrecyNotConfirmed
from intake.desk.staff import first_sign_in
from intake.desk.work import AttemptRequest
from intake.errors import MailboxError, NotAllowed, NotFound, NotLawful
from intake.referral import Channel, Closure, Referral, Result, State, Step, Wish
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

    def referral(self, assigned_to: str | None, changes: dict[str, Any]) -> Referral:
        """A fresh referral in a state, sealed for who may read it."""
        (reference,) = self.office.receive(CLIENTS[:1])
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

    @property
    def about_a_referral(self) -> bool:
        return all(len(cell) == len(POSITIONS) for cell in self.cells.split())

    def expected(self, roles: frozenset[Role]) -> str:
        """Of several roles the best counts, position by position."""
        cells = [cell for role, cell in zip(ROLES, self.cells.split(), strict=True) if role in roles]
        return "".join(min(letters, key=_BEST_FIRST.index) for letters in zip(*cells, strict=True))


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
CLOSED: dict[str, Any] = {
    "state": State.CLOSED,
    "closed_because": Closure.WRONG_OCMW,
    "closed_on": date(2026, 11, 18),
}

WORKED = "+++ +aa --- --- ---"
LED = "+++ --- --- --- ---"
ALL = "+ + + + +"
LEAD_ONLY = "+ - - - -"


def _attempt(reference: str) -> AttemptRequest:
    return AttemptRequest(reference, Channel.PHONE, Result.NO_ANSWER)


def _connect(scene: Scene) -> None:
    with scene.desk.polling.connect():
        pass


def _change_mailbox(scene: Scene) -> None:
    settings = scene.desk.settings.show()
    other = 30 if settings.mailbox.poll_seconds != 30 else 31
    box = settings.mailbox.model_copy(update={"poll_seconds": other})
    scene.desk.settings.change(settings.model_copy(update={"mailbox": box}))


def _change_terms(scene: Scene) -> None:
    settings = scene.desk.settings.show()
    other = settings.keep_after_unreachable_days + 1
    scene.desk.settings.change(settings.model_copy(update={"keep_after_unreachable_days": other}))


def _back(scene: Scene) -> None:
    scene.lead.staff.absent(TOM, scene.office.clock().date(), ELS)
    scene.desk.staff.back(TOM)


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
    "work.wish": Row(WORKED, lambda s, r: s.desk.work.wish(r.reference, Wish.NO), CONTACTED),
    "work.consent": Row(WORKED, lambda s, r: s.desk.work.consent(r.reference, Consent.CONFIRMED, "gebeld")),
    "work.close": Row(WORKED, lambda s, r: s.desk.work.close(r.reference, Closure.WRONG_OCMW, "verhuisd")),
    "work.close unreachable": Row(
        LED,
        lambda s, r: s.desk.work.close(r.reference, Closure.UNREACHABLE, "niemand"),
        passes=(NotLawful,),
    ),
    "work.assign": Row(LED, lambda s, r: s.desk.work.assign([r.reference], TOM)),
    "work.reopen": Row(LED, lambda s, r: s.desk.work.reopen(r.reference, "toch wel"), CLOSED),
    "work.change": Row(WORKED, lambda s, r: s.desk.work.change(r.reference, Step.CONSENT, _same, None)),
    "work.change_all": Row(WORKED, lambda s, r: s.desk.work.change_all([r.reference], Step.CONSENT, _same)),
    "cases.open": Row(WORKED, lambda s, r: s.desk.cases.open(r.reference, "2026/18"), WANTS_HELP),
    "cases.hand_over": Row(
        WORKED, lambda s, r: s.desk.cases.hand_over(r.reference, s.folder / s.fresh), CASE_OPEN
    ),
    "cases.close": Row(
        WORKED, lambda s, r: s.desk.cases.close(r.reference, date(2026, 11, 18)), CASE_OPEN, "local"
    ),
    "polling.settings": Row(ALL, lambda s, r: s.desk.polling.settings()),
    "polling.check_agreement": Row(ALL, lambda s, r: s.desk.polling.check_agreement()),
    "polling.connect": Row("+ + - + +", lambda s, r: _connect(s), passes=(MailboxError,)),
    "polling.poll": Row("+ + - - +", lambda s, r: s.desk.polling.poll(), passes=(MailboxError,)),
    "quarantine.items": Row("+ + + - -", lambda s, r: s.desk.quarantine.items()),
    "quarantine.show": Row(LEAD_ONLY, lambda s, r: s.desk.quarantine.show(s.item)),
    "retention.plan": Row("+ + + - +", lambda s, r: s.desk.retention.plan()),
    "retention.run": Row("+ - - - +", lambda s, r: s.desk.retention.run()),
    "staff.users": Row(ALL, lambda s, r: s.desk.staff.users()),
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
    "log.verify": Row("+ - + - -", lambda s, r: s.desk.log.verify()),
    "log.accept": Row("+ - + - -", lambda s, r: s.desk.log.accept("teruggezet na een defect")),
    "log.export": Row("+ - + - -", lambda s, r: s.desk.log.export(s.folder / s.fresh)),
    "log.seen_by": Row("+++ +nn --- --- ---", lambda s, r: s.desk.log.seen_by(r.reference)),
    "backups.create": Row("+ - - + -", lambda s, r: s.desk.backups.create()),
    "settings.show": Row(ALL, lambda s, r: s.desk.settings.show()),
    "settings.change": Row("+ - - + -", lambda s, r: _change_mailbox(s)),
    "settings.change terms": Row(LEAD_ONLY, lambda s, r: _change_terms(s)),
}

NO_USE_CASES: frozenset[str] = frozenset({"backups.before_write", "backups.forget", "backups.made_today"})
"""Public for other parts of the program, and behind no screen or command."""

ROLE_SETS = [
    *(frozenset({role}) for role in ROLES),
    frozenset({Role.SOCIAL_WORKER, Role.DPO}),
    frozenset({Role.ADMIN, Role.SERVICE}),
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
    except NotFound:
        return HIDDEN
    except row.passes:
        return DONE
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
