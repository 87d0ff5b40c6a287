"""Who could work what: the workers with their work, and proposals. Assigning itself is in `work.py`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from intake.config import WorkerTerms
from intake.desk.office import Office
from intake.desk.reading import Line, Reading, Scope
from intake.desk.standing import can_work, stands_in
from intake.proposals import Candidate, Proposal, Reason, Wanted, choose, propose
from intake.referral import Referral
from intake.staff import Right, Role
from intake.workload import NO_WORK, Workload, workloads
from storage.users import User

_NO_TERMS = WorkerTerms()


@dataclass(frozen=True, slots=True)
class Worker:
    """Someone to whom referrals can be assigned, and the work that is there already.

    `absent_until` is the last day of an absence that goes on today, with the account of the `substitute`.
    """

    user: User
    load: Workload = NO_WORK
    absent_until: date | None = None
    substitute: str | None = None
    terms: WorkerTerms = _NO_TERMS

    @property
    def account(self) -> str:
        """The account name."""
        return self.user.name


@dataclass(frozen=True, slots=True)
class Board:
    """Every open referral, and every worker by display name, of one moment."""

    lines: tuple[Line, ...]
    workers: tuple[Worker, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """To whom some referrals together can go, and who is proposed for what reason."""

    workers: tuple[Worker, ...]
    to: str | None
    because: tuple[Reason, ...]


class Assigning:
    """Use cases for who assigns. The postcode counts where an office gave areas; what comes out tells only that it did."""

    def __init__(self, office: Office, reading: Reading) -> None:
        self._office = office
        self._reading = reading

    def board(self) -> Board:
        """All open referrals and the workers. Clients shown for the first time in this session are logged first."""
        self._office.require(Right.ASSIGN)
        lines = self._reading.worklist(Scope.OPEN)
        return Board(tuple(lines), self._workers(line.referral for line in lines))

    def offer(self, references: Sequence[str]) -> Offer:
        """Who could work these together. Who works all of them already is not proposed."""
        board = self.board()
        lines = [line for line in board.lines if line.referral.reference in set(references)]
        now = {line.referral.assigned_to for line in lines}
        able = self._candidates(board.workers)
        others = [one for one in able if now != {one.account}]
        wanted = self._wanted(lines, {})
        if not wanted:
            return Offer(board.workers, None, ())
        to, because = choose(wanted, others)
        return Offer(board.workers, to, because)

    def proposal(
        self, references: Sequence[str] | None = None, languages: Mapping[str, str] | None = None
    ) -> tuple[Proposal, ...]:
        """A worker for each unassigned referral, of `references` if given, the oldest first.

        `languages` are those that whoever assigns knows of, by reference; they are kept nowhere (P3).
        """
        board = self.board()
        lines = [
            line
            for line in board.lines
            if line.referral.assigned_to is None
            and (references is None or line.referral.reference in set(references))
        ]
        lines.sort(key=lambda line: (line.referral.received_at, line.referral.reference))
        return propose(self._wanted(lines, languages or {}), self._candidates(board.workers))

    def _workers(self, referrals: Iterable[Referral]) -> tuple[Worker, ...]:
        office = self._office
        settings, today = office.settings, office.today()
        loads = workloads(referrals, today, settings.targets, office.calendar)
        found = []
        for user in office.directory.users:
            if can_work(user):
                substitute = stands_in(user, today)
                until = date.fromisoformat(user.absent_until) if substitute and user.absent_until else None
                terms = settings.workers.get(user.name, _NO_TERMS)
                found.append(Worker(user, loads.get(user.name, NO_WORK), until, substitute, terms))
        return tuple(sorted(found, key=lambda worker: worker.user.display_name.casefold()))

    def _candidates(self, workers: Iterable[Worker]) -> list[Candidate]:
        """Present or not; a team lead takes referrals by hand and is not proposed, unless a social worker too."""
        return [
            Candidate(
                worker.account,
                worker.load,
                worker.absent_until is None and Role.SOCIAL_WORKER in worker.user.roles,
                frozenset(worker.terms.postcodes),
                frozenset(worker.terms.languages),
            )
            for worker in workers
        ]

    def _wanted(self, lines: Iterable[Line], languages: Mapping[str, str]) -> list[Wanted]:
        areas = any(terms.postcodes for terms in self._office.settings.workers.values())
        return [
            Wanted(
                line.referral.reference,
                line.client.postcode if areas and line.client is not None else None,
                languages.get(line.referral.reference),
            )
            for line in lines
        ]
