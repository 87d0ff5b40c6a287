"""Random lives of referrals: steps in any order on any day, and a retention run now and then (P3).

What may go on a day is reckoned here a second time, plainly and without the program's table: a run must discard just
that, no less and no more. What the rules of `intake.steps` forbid must be refused, what they allow accepted.

`OCMW_INTAKE_LIVES=500 pytest -n 0 --timeout=3600 tests/intake/desk/test_random_lives.py` lives more of them, other ones each time.
"""

import os
import random
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from intake.client import Consent
from intake.desk import Desk
from intake.desk.desk import desk_for
from intake.desk.importing import import_accepted
from intake.desk.staff import first_sign_in
from intake.desk.work import AttemptRequest
from intake.errors import IntakeError, NotLawful, WrongUse
from intake.lawful import verdicts
from intake.receive import Accepted
from intake.referral import RESULTS_BY_CHANNEL, Channel, Closure, Referral, Result, State, Step, Wish
from intake.rows import REFERRALS, TOMBSTONES
from intake.staff import Role
from intake.workdays import local_date
from storage.store import open_store
from tests.tui.office import CLIENTS, COST, LEAD, _reading, found_office

MORE = int(os.environ.get("OCMW_INTAKE_LIVES", "0"))
KEPT_UNREACHABLE = 30
STEPS = 80
GONE = {State.DISCARDING.value, State.DISCARDED.value}


def ten_years_after(day: date) -> date:
    """The same day ten years on; of 29 February the 28th."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 10, 2, 28)
    return date(day.year + 10, day.month, day.day)


def goes_on(referral: Referral) -> date | None:
    """The first day on which the protocol lets it go, once a second person approved; None while nothing ended it."""
    day = {
        State.DECLINED: referral.closed_on,
        State.CLOSED: referral.closed_on,
        State.HANDED_OVER: referral.hand_over_confirmed_on,
        State.CASE_CLOSED: referral.case_closed_on,
    }.get(referral.state)
    if day is None:
        return None
    if referral.closed_because is Closure.UNREACHABLE:
        day += timedelta(days=KEPT_UNREACHABLE)
    if referral.state is State.CASE_CLOSED:
        day = ten_years_after(day)
    return day if referral.hold_until is None else max(day, referral.hold_until + timedelta(days=1))


class Lives:
    """An office whose clock the test moves; each action is something someone does, or time going by."""

    def __init__(self, folder: Path, chance: random.Random, *, local_case_files: bool) -> None:
        self.folder = folder
        self.chance = chance
        self.count = 0
        self.discarded = 0
        self.approved: set[str] = set()
        self.taken: Counter[str] = Counter()

        self.office = found_office(self.folder)
        self.store = open_store(self.office.location, clock=self.office.clock)
        with self.office.desk(LEAD) as lead:
            terms = {
                "case_files": "local" if local_case_files else "external",
                "backup_days": 1,
                "selection_rule": "SR 9",
            }
            lead.settings.change(lead.settings.show().model_copy(update=terms))
            code = lead.staff.add("bea", [Role.TEAM_LEAD], cost=COST)
        self.lead = self._sign_in(LEAD)
        session = first_sign_in(
            self.store, "bea", code, "zeven stille kaden", self.office.clock().date(), cost=COST
        )
        self.second = desk_for(self.store, session, self.office.clock)
        for _ in range(3):
            self.receive()

    def _sign_in(self, user: str) -> Desk:
        from storage.directory import sign_in
        from tests.tui.office import PASSPHRASES

        return desk_for(self.store, sign_in(self.store, user, PASSPHRASES[user]), self.office.clock)

    # -- what is there ------------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        return local_date(self.office.clock())

    def facts(self) -> dict[str, Referral]:
        office = self.lead.office
        return {
            key: office.facts(row, key)
            for key, row in office.referrals(closed=True)
            if row["state"] not in GONE
        }

    def pick(self, step: Step | None = None) -> Referral | None:
        """One of the referrals; three times in four one on which the step is open, so that lives get somewhere."""
        there = self.facts()
        if step is not None and self.chance.random() < 0.75:
            open_now = {
                key for key, one in there.items() if any(v.step is step and v.allowed for v in verdicts(one))
            }
            there = {key: there[key] for key in open_now} or there
        return there[self.chance.choice(sorted(there))] if there else None

    def do(self, step: Step, use: Callable[[str], object]) -> Referral | None:
        """Try a step on one of the referrals; returns how that one was before, when the step was taken."""
        before = self.pick(step)
        if before is None:
            return None
        allowed = {verdict.step for verdict in verdicts(before) if verdict.allowed}
        try:
            use(before.reference)
        except NotLawful:
            narrower = step in (Step.CLOSE, Step.CASE_CLOSE, Step.CASE_HAND_OVER)
            assert step not in allowed or narrower, f"{step} is allowed on {before.state} and was refused"
            assert self.facts()[before.reference] == before, "a refused step changed something"
            return None
        except WrongUse:
            assert self.facts()[before.reference] == before, "a refused step changed something"
            return None
        assert step in allowed, f"{step} is not allowed on {before.state} and was taken"
        self.taken[step.value] += 1
        return before

    # -- what happens -------------------------------------------------------------------------------------------------

    def receive(self) -> None:
        consent = self.chance.choice((*[Consent.CONFIRMED] * 6, *Consent))
        client = self.chance.choice(CLIENTS)
        office = self.lead.office
        accepted = Accepted(_reading(client, consent), ("LZMA2", "7zAES"), "test", ())
        with office.store.transaction(office.session.signer) as tx:
            import_accepted(office, tx, self.office.clock(), accepted, None, {})
        self.count += 1

    def wait(self) -> None:
        days = self.chance.choice(
            (0, 1, 2, 29, 30, 31, self.chance.randint(0, 40), 365, 3651, 3652, 3653, 3654)
        )
        if self.office.clock.now.year < 2090:
            self.office.clock.forward(days=days, hours=self.chance.randint(0, 23))
        for desk in (self.lead, self.second):
            desk.staff.confirm_secrecy()

    def take(self) -> None:
        self.do(Step.TAKE, self.lead.work.take)

    def attempt(self, channel: Channel | None = None, result: Result | None = None) -> None:
        how = channel or self.chance.choice(list(Channel)), result or self.chance.choice(list(Result))
        before = self.do(Step.ATTEMPT, lambda r: self.lead.work.attempt(AttemptRequest(r, *how)))
        if before is not None:
            assert before.consent is Consent.CONFIRMED, "recital C: nobody is contacted without consent"
            assert how[1] in RESULTS_BY_CHANNEL[how[0]]

    def reach(self) -> None:
        self.attempt(Channel.PHONE, Result.REACHED)

    def push_on(self) -> None:
        """The next step towards a case file on whatever lies nearest to one."""
        states = {one.state for one in self.facts().values()}
        local = self.lead.office.settings.case_files == "local"
        for state, action in (
            (State.HANDED_OVER, self.confirm),
            (State.CASE_OPEN, self.close_case if local else self.hand_over),
            (State.WANTS_HELP, self.open_case),
            (State.CONTACTED, lambda: self.wish(Wish.YES)),
            (State.ASSIGNED, self.reach),
        ):
            if state in states and self.chance.random() < 0.8:
                action()
                return

    def wish(self, wish: Wish | None = None) -> None:
        wish = wish or self.chance.choice(list(Wish))
        before = self.do(Step.WISH, lambda r: self.lead.work.wish(r, wish))
        assert before is None or before.contacted_at is not None, "P3: the wish follows the contact"

    def consent(self) -> None:
        consent = self.chance.choice(list(Consent))
        self.do(Step.CONSENT, lambda r: self.lead.work.consent(r, consent, "gebeld"))

    def try_in_vain(self) -> None:
        """Three attempts on two parts of the day and by two channels on one referral, and closing it as unreachable."""
        one = self.pick(Step.ATTEMPT)
        if (
            one is None
            or one.contacted_at is not None
            or one.consent is not Consent.CONFIRMED
            or not one.is_open
        ):
            return
        if one.state is State.CASE_OPEN:
            return
        for made in ((Channel.PHONE, Result.NO_ANSWER), (Channel.VISIT, Result.CARD_LEFT)):
            for _ in range(2):
                self.lead.work.attempt(AttemptRequest(one.reference, *made))
                self.office.clock.forward(hours=5)
        self.lead.work.close(one.reference, Closure.UNREACHABLE, "vier keer geprobeerd")
        self.taken["unreachable"] += 1

    def close(self) -> None:
        other, because = self.pick(), self.chance.choice(list(Closure))
        before = self.do(
            Step.CLOSE,
            lambda r: self.lead.work.close(r, because, "reden", other.reference if other else None),
        )
        if before is not None and because is Closure.UNREACHABLE:
            assert before.contacted_at is None
            assert len(before.attempts) >= 3

    def reopen(self) -> None:
        self.do(Step.REOPEN, lambda r: self.lead.work.reopen(r, "toch wel"))

    def open_case(self) -> None:
        before = self.do(Step.CASE_OPEN, lambda r: self.lead.cases.open(r, "2026/17"))
        assert before is None or before.wish is Wish.YES, "P3: a case file is for who wants help"

    def hand_over(self) -> None:
        self.do(Step.CASE_HAND_OVER, lambda r: self.lead.cases.hand_over(r, self.folder / f"uit-{r}"))

    def confirm(self) -> None:
        self.do(Step.CASE_CONFIRM, self.lead.cases.confirm)

    def close_case(self) -> None:
        day = self.today - timedelta(days=self.chance.choice((0, 0, 1, 400)))
        self.do(Step.CASE_CLOSE, lambda r: self.lead.cases.close(r, day))

    def hold(self) -> None:
        until = self.today + timedelta(days=self.chance.choice((-2, 0, 1, 30, 400)))
        self.do(Step.HOLD, lambda r: self.lead.retention.hold(r, until, "klacht loopt"))

    def release(self) -> None:
        self.do(Step.RELEASE, lambda r: self.lead.retention.release(r, "afgehandeld"))

    def propose_and_approve(self) -> None:
        proposed = self.lead.destruction.propose()
        wanted = {
            key
            for key, one in self.facts().items()
            if one.state is State.CASE_CLOSED and key not in self.approved and goes_on(one) <= self.today
        }
        assert {item.reference for made in proposed for item in made.items} == wanted
        for made in proposed:
            try:
                self.lead.destruction.approve(made.id)
            except IntakeError:
                pass
            else:
                raise AssertionError("whoever proposed a destruction approved it")
            self.second.destruction.approve(made.id)
            self.approved |= {item.reference for item in made.items}

    def ten_years_later(self) -> None:
        if self.office.clock.now.year < 2090:
            self.office.clock.forward(days=self.chance.choice((3650, 3652, 3653, 3660)))
        for desk in (self.lead, self.second):
            desk.staff.confirm_secrecy()
        self.propose_and_approve()
        self.run_retention()

    def on_the_day(self) -> None:
        """A run on the last day on which something must still be kept, and one on the first on which it goes."""
        days = [
            day for one in self.facts().values() if (day := goes_on(one)) is not None and day > self.today
        ]
        if not days or min(days).year > 2090:
            return
        day = self.chance.choice(days)
        self.office.clock.forward(days=(day - self.today).days - 1)
        for forward in (0, 1):
            self.office.clock.forward(days=forward)
            for desk in (self.lead, self.second):
                desk.staff.confirm_secrecy()
            self.propose_and_approve()
            self.run_retention()

    def run_retention(self) -> None:
        before = self.facts()
        result = self.lead.retention.run()
        went = set(before) - set(self.facts())
        wanted = {
            key
            for key, one in before.items()
            if (day := goes_on(one)) is not None
            and day <= self.today
            and (one.state is not State.CASE_CLOSED or key in self.approved)
        }
        assert went == wanted == set(result.discarded)
        assert result.waiting == ()
        self.discarded += len(went)
        self.taken.update(f"discarded {before[key].state.value}" for key in went)

    # -- what always holds --------------------------------------------------------------------------------------------

    def check(self) -> None:
        gone = self.store.closed().rows(TOMBSTONES)
        assert len(self.facts()) + len(gone) == self.count
        assert len(gone) == self.discarded, "something was discarded outside a retention run"
        assert not {key for key, _row in gone} & {k for k, _r in self.store.snapshot().rows(REFERRALS)}

    def live(self) -> None:
        """What people do most often comes most often."""
        often = (self.receive, self.reach, self.wish, self.wait, self.run_retention, *[self.push_on] * 3)
        case = (self.open_case, self.hand_over, self.confirm, self.close_case, self.propose_and_approve)
        rare = (self.take, self.attempt, self.consent, self.try_in_vain, self.close, self.reopen)
        action = self.chance.choice(
            (*often * 3, *case, *rare, self.hold, self.release, self.ten_years_later, *[self.on_the_day] * 4)
        )
        note(action.__name__)
        action()
        self.check()


@settings(
    max_examples=MORE or 12,
    deadline=None,
    derandomize=not MORE,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32 - 1), local=st.booleans())
def _one_life(seen: Counter[str], seed: int, local: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="lives-") as folder:
        lives = Lives(Path(folder), random.Random(seed), local_case_files=local)
        try:
            for _ in range(STEPS):
                lives.live()
        finally:
            lives.store.close()
    seen.update(lives.taken)


def test_whatever_is_done_on_whatever_day_just_that_goes_which_may() -> None:
    seen: Counter[str] = Counter()
    _one_life(seen)
    # Lives that led nowhere would prove little.
    steps = {step.value for step in Step} - {
        "assign",
        "unassign",
        "ask",
        "inform",
        "quality",
        "disclose",
        "letter",
    }
    ends = {f"discarded {state}" for state in ("declined", "closed", "handed-over", "case-closed")}
    assert (steps | ends | {"unreachable"}) - set(seen) == set()
