"""Random lives of referrals: steps in any order on any day, and a retention run now and then (P3).

What may go on a day is reckoned here a second time, plainly and without the program's table: a run must discard just
that, no less and no more. What the rules of `intake.steps` forbid must be refused, what they allow accepted.

`OCMW_INTAKE_LIVES=500 pytest -n 0 --timeout=3600 tests/intake/desk/test_random_lives.py` lives more of them, other ones each time.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from intake.client import Consent
from intake.desk import Desk
from intake.desk.desk import desk_for
from intake.desk.staff import first_sign_in
from intake.desk.work import AttemptRequest
from intake.errors import IntakeError, NotLawful, WrongUse
from intake.receive import Accepted
from intake.referral import RESULTS_BY_CHANNEL, Channel, Closure, Referral, Result, State, Step, Wish
from intake.rows import REFERRALS, TOMBSTONES
from intake.staff import Role
from intake.steps import verdicts
from intake.workdays import local_date
from storage.store import open_store
from tests.tui.office import CLIENTS, COST, LEAD, _reading, found_office

MORE = int(os.environ.get("OCMW_INTAKE_LIVES", "0"))
KEPT_UNREACHABLE = 30
GONE = {State.DISCARDING.value, State.DISCARDED.value}


def ten_years_after(day: date) -> date:
    """The same day ten years on; of 29 February the 28th."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 10, 2, 28)
    return date(day.year + 10, day.month, day.day)


def may_go(referral: Referral, today: date, approved: set[str]) -> bool:
    """Whether the protocol lets this referral be discarded today."""
    if referral.hold_until is not None and today <= referral.hold_until:
        return False
    match referral.state:
        case State.DECLINED:
            return referral.closed_on is not None and today >= referral.closed_on
        case State.CLOSED if referral.closed_because is Closure.UNREACHABLE:
            return referral.closed_on is not None and today >= referral.closed_on + timedelta(
                days=KEPT_UNREACHABLE
            )
        case State.CLOSED:
            return referral.closed_on is not None and today >= referral.closed_on
        case State.HANDED_OVER:
            return referral.hand_over_confirmed_on is not None
        case State.CASE_CLOSED:
            assert referral.case_closed_on is not None
            return referral.reference in approved and today >= ten_years_after(referral.case_closed_on)
    return False


class Lives(RuleBasedStateMachine):
    """An office whose clock the test moves; each rule is something someone does, or time going by."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="lives-"))
        self.count = 0
        self.discarded = 0
        self.approved: set[str] = set()

    @initialize(local=st.booleans())
    def begin(self, local: bool) -> None:
        self.office = found_office(self.folder)
        self.store = open_store(self.office.location, clock=self.office.clock)
        self.local = local
        with self.office.desk(LEAD) as lead:
            terms = {
                "case_files": "local" if local else "external",
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

    def _sign_in(self, user: str) -> Desk:
        from storage.directory import sign_in
        from tests.tui.office import PASSPHRASES

        return desk_for(self.store, sign_in(self.store, user, PASSPHRASES[user]), self.office.clock)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)

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

    def pick(self, number: int) -> Referral | None:
        there = self.facts()
        return there[sorted(there)[number % len(there)]] if there else None

    def do(self, number: int, step: Step, use: Callable[[str], object]) -> Referral | None:
        """Try a step on one of the referrals; returns how that one was before, when the step was taken."""
        before = self.pick(number)
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
        return before

    # -- what happens -------------------------------------------------------------------------------------------------

    @rule(consent=st.sampled_from(Consent), client=st.sampled_from(CLIENTS))
    def receive(self, consent: Consent, client: object) -> None:
        office = self.lead.office
        accepted = Accepted(_reading(client, consent), ("LZMA2", "7zAES"), "test", ())  # type: ignore[arg-type]
        with office.store.transaction(office.session.signer) as tx:
            self.lead.polling._import(tx, self.office._incoming(), accepted, None, {})  # type: ignore[arg-type]
        self.count += 1

    @rule(
        days=st.one_of(st.integers(0, 40), st.sampled_from([365, 366, 3651, 3652, 3653, 3654])),
        hours=st.integers(0, 23),
    )
    def wait(self, days: int, hours: int) -> None:
        if self.office.clock.now.year < 2100:
            self.office.clock.forward(days=days, hours=hours)
        for desk in (self.lead, self.second):
            desk.staff.confirm_secrecy()

    @rule(number=st.integers(0, 50))
    def take(self, number: int) -> None:
        self.do(number, Step.TAKE, self.lead.work.take)

    @rule(number=st.integers(0, 50), channel=st.sampled_from(Channel), result=st.sampled_from(Result))
    def attempt(self, number: int, channel: Channel, result: Result) -> None:
        request = lambda reference: AttemptRequest(reference, channel, result)  # noqa: E731
        before = self.do(number, Step.ATTEMPT, lambda r: self.lead.work.attempt(request(r)))
        if before is not None:
            assert before.consent is Consent.CONFIRMED, "recital C: nobody is contacted without consent"
            assert result in RESULTS_BY_CHANNEL[channel]

    @rule(number=st.integers(0, 50))
    def reach(self, number: int) -> None:
        """So that contacts are not too rare."""
        self.attempt(number, Channel.PHONE, Result.REACHED)

    @rule(number=st.integers(0, 50), wish=st.sampled_from(Wish))
    def wish(self, number: int, wish: Wish) -> None:
        before = self.do(number, Step.WISH, lambda r: self.lead.work.wish(r, wish))
        assert before is None or before.contacted_at is not None, "P3: the wish follows the contact"

    @rule(number=st.integers(0, 50), consent=st.sampled_from(Consent))
    def consent(self, number: int, consent: Consent) -> None:
        self.do(number, Step.CONSENT, lambda r: self.lead.work.consent(r, consent, "gebeld"))

    @rule(number=st.integers(0, 50), because=st.sampled_from(Closure), of=st.integers(0, 50))
    def close(self, number: int, because: Closure, of: int) -> None:
        other = self.pick(of)
        before = self.do(
            number,
            Step.CLOSE,
            lambda r: self.lead.work.close(r, because, "reden", other.reference if other else None),
        )
        if before is not None and because is Closure.UNREACHABLE:
            assert before.contacted_at is None
            assert len(before.attempts) >= 3

    @rule(number=st.integers(0, 50))
    def reopen(self, number: int) -> None:
        self.do(number, Step.REOPEN, lambda r: self.lead.work.reopen(r, "toch wel"))

    @rule(number=st.integers(0, 50))
    def open_case(self, number: int) -> None:
        before = self.do(number, Step.CASE_OPEN, lambda r: self.lead.cases.open(r, "2026/17"))
        assert before is None or before.wish is Wish.YES, "P3: a case file is for who wants help"

    @rule(number=st.integers(0, 50))
    def hand_over(self, number: int) -> None:
        self.do(number, Step.CASE_HAND_OVER, lambda r: self.lead.cases.hand_over(r, self.folder / f"uit-{r}"))

    @rule(number=st.integers(0, 50))
    def confirm(self, number: int) -> None:
        self.do(number, Step.CASE_CONFIRM, self.lead.cases.confirm)

    @rule(number=st.integers(0, 50), back=st.integers(0, 500))
    def close_case(self, number: int, back: int) -> None:
        day = self.today - timedelta(days=back)
        self.do(number, Step.CASE_CLOSE, lambda r: self.lead.cases.close(r, day))

    @rule(number=st.integers(0, 50), days=st.integers(-2, 400))
    def hold(self, number: int, days: int) -> None:
        until = self.today + timedelta(days=days)
        self.do(number, Step.HOLD, lambda r: self.lead.retention.hold(r, until, "klacht loopt"))

    @rule(number=st.integers(0, 50))
    def release(self, number: int) -> None:
        self.do(number, Step.RELEASE, lambda r: self.lead.retention.release(r, "afgehandeld"))

    @rule()
    def propose_and_approve(self) -> None:
        for made in self.lead.destruction.propose():
            try:
                self.lead.destruction.approve(made.id)
            except IntakeError:
                pass
            else:
                raise AssertionError("whoever proposed a destruction approved it")
            self.second.destruction.approve(made.id)
            self.approved |= {item.reference for item in made.items}

    @rule()
    def run_retention(self) -> None:
        before = self.facts()
        result = self.lead.retention.run()
        went = set(before) - set(self.facts())
        wanted = {key for key, one in before.items() if may_go(one, self.today, self.approved)}
        assert went == wanted == set(result.discarded)
        assert result.waiting == ()
        self.discarded += len(went)

    # -- what always holds --------------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_lost(self) -> None:
        if hasattr(self, "lead"):
            gone = self.store.closed().rows(TOMBSTONES)
            assert len(self.facts()) + len(gone) == self.count
            assert len(gone) == self.discarded, "something was discarded outside a retention run"
            assert not {key for key, _row in gone} & {k for k, _r in self.store.snapshot().rows(REFERRALS)}


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=MORE or 20,
    stateful_step_count=50,
    deadline=None,
    derandomize=not MORE,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
