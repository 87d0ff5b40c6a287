"""Assigning one or several referrals to a colleague, each with the work there is already."""

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult

from intake.desk.assigning import Offer, Worker
from intake.plaintext import clean_line
from intake.texts import N_, _, ngettext
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.shown import person
from tui.shown_workers import (
    absence_words,
    bar,
    load_words,
    most_open,
    reason_text,
    references_text,
    worker_name,
)
from tui.widgets.choice import Choice
from tui.widgets.field import Field, fields_of

_NAME_CELLS, _BAR_CELLS = 16, 6


class AssignDialog(Dialog[str]):
    """Offers who can be assigned, the proposal in front; yields the account name.

    `current` is who works all of them now, `to` who was pointed at already.
    """

    HELP = "assign"
    SEND = N_("Assign")

    def __init__(
        self,
        submit: Submit[str],
        references: Sequence[str],
        offer: Offer,
        names: Mapping[str, str],
        current: str | None,
        draft: Mapping[str, str] | None = None,
        *,
        to: str | None = None,
    ) -> None:
        super().__init__(submit, draft)
        self._references = references
        self._offer = offer
        self._names = names
        self._current = current
        self._first = to or offer.to or current

    @property
    def title_text(self) -> str:
        """Names the referrals."""
        count = len(self._references)
        if count == 1:
            return _("Assign %(reference)s") % {"reference": self._references[0]}
        said = ngettext("Assign %(count)d referral", "Assign %(count)d referrals", count) % {"count": count}
        return f"{said}: {references_text(self._references)}"

    def form(self) -> ComposeResult:
        """The colleagues."""
        most = most_open(self._offer.workers)
        people = [(worker.account, self._words(worker, most)) for worker in self._offer.workers]
        yield Field("worker", _("Worker"), Choice(people, self._first), self._hint(self._first))

    def _words(self, worker: Worker, most: int) -> str:
        name = worker_name(worker)
        blocks = bar(worker.load.open, most, _BAR_CELLS)
        line = f"{name:<{_NAME_CELLS}} {blocks:<{_BAR_CELLS}} {load_words(worker)}"
        if worker.account == self._current:
            now = _("assigned now")
            line += f" ({now})"
        away = absence_words(worker, self._names)
        return f"{line}\n    {away}" if away else line

    def _hint(self, account: str | None) -> str:
        """Why this one is proposed, or that someone is away; and what happens with the data."""
        parts = [_("The data are sealed anew for the colleague you choose.")]
        offer = self._offer
        worker = next((one for one in offer.workers if one.account == account), None)
        if worker is not None and worker.absent_until:
            told = {
                "worker": clean_line(worker.user.display_name),
                "substitute": person(self._names, worker.substitute),
            }
            parts.insert(0, _("%(worker)s is absent; %(substitute)s reads and works it meanwhile.") % told)
        if offer.to is not None:
            told = {"worker": person(self._names, offer.to), "reason": reason_text(offer.because)}
            parts.insert(0, _("Proposed: %(worker)s (%(reason)s).") % told)
        elif offer.because:
            parts.insert(0, _("No proposal: %(reason)s.") % {"reason": reason_text(offer.because)})
        return " ".join(parts)

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        fields_of(self)["worker"].say(self._hint(event.value))

    def read(self) -> str:
        """The account chosen."""
        chosen = self.text("worker")
        if not chosen:
            raise Mistake("worker", _("There is nobody to assign it to. A team lead can invite a colleague."))
        return chosen
