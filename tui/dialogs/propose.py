"""The proposal of who could work what: to confirm or to alter before anything is saved."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Label, Static

from intake.desk.assigning import Worker
from intake.desk.reading import Line
from intake.formats import show_name
from intake.plaintext import clean_line
from intake.proposals import Proposal, Reason
from intake.texts import N_, _, ngettext
from storage.errors import Refusal
from tui.commands import command
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.shown import name_text, person
from tui.shown_workers import absence_words, reason_text
from tui.widgets.grid import Grid, Heading

Again = Callable[[Mapping[str, str]], Awaitable[tuple[Proposal, ...]]]
"""The proposal anew, with the languages that whoever assigns knows of, by reference."""

_TAKEN_BY_BOX = 6


class ProposalGrid(Grid):
    """Rows by reference."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "right",
            "screen.other(1)",
            N_("Next colleague"),
            N_("Give this one to the next colleague"),
            name="next-colleague",
        ),
        command(
            "left",
            "screen.other(-1)",
            N_("Previous colleague"),
            N_("Give this one to the previous colleague"),
            name="previous-colleague",
        ),
        command("x", "screen.mask", N_("Names"), N_("Hide or show the names of clients")),
        command("l", "screen.language", N_("Language"), N_("Say which language this client speaks")),
    ]


class ProposeDialog(Dialog[dict[str, str | None]]):
    """Yields the worker of each referral; those left with nobody are not in it."""

    HELP = "propose"
    SEND = N_("Assign")

    def __init__(
        self,
        submit: Submit[dict[str, str | None]],
        proposals: Sequence[Proposal],
        lines: Sequence[Line],
        workers: Sequence[Worker],
        names: Mapping[str, str],
        again: Again,
    ) -> None:
        super().__init__(submit)
        self.add_class("propose")
        self._proposals = {one.reference: one for one in proposals}
        self._lines = {line.referral.reference: line for line in lines}
        self._workers = {worker.account: worker for worker in workers}
        self._names = names
        self._again = again
        self._altered: dict[str, str | None] = {}
        self._languages: dict[str, str] = {}
        self._known = sorted({code for worker in workers for code in worker.terms.languages})

    # -- drawing ----------------------------------------------------------------------------------------------------

    @property
    def title_text(self) -> str:
        """How many there are."""
        count = len(self._proposals)
        title = ngettext("Proposal for %(count)d referral", "Proposal for %(count)d referrals", count)
        return title % {"count": count}

    def form(self) -> ComposeResult:
        """The rows, what they make of the workloads, and how to alter them."""
        yield ProposalGrid(id="proposals")
        yield Static("", id="loads")
        keys = _("← → another colleague, or nobody")
        if self._known:
            keys += " · " + _("l the client's language, which is kept nowhere")
        yield Label(Content(keys), classes="field-hint")

    def on_mount(self) -> None:
        """The rows have the focus."""
        self.draw()
        self.query_one(ProposalGrid).focus()

    def on_resize(self) -> None:
        """Other widths."""
        self.draw()

    def draw(self) -> None:
        """Draw the rows and the loads."""
        width = min(self.app.size.width, 92) - _TAKEN_BY_BOX
        headings = [
            Heading("reference", _("Reference"), 11),
            Heading("name", _("Name"), 14, 1),
            Heading("worker", _("Worker"), 16, 1),
            Heading("because", _("Why"), 12, 2),
        ]
        self.query_one(ProposalGrid).show(headings, {key: self._row(key) for key in self._proposals}, width)
        self.query_one("#loads", Static).update(Content(self._loads()))

    def _row(self, reference: str) -> list[str]:
        line = self._lines[reference]
        name = None if line.client is None else show_name(line.client)
        masked = bool(getattr(self.app, "masked", False))
        to = self.worker_of(reference)
        worker = f"‹ {person(self._names, to)} ›" if to is not None else "‹ " + _("nobody") + " ›"
        return [reference, name_text(name, masked=masked), worker, self._why(reference)]

    def _why(self, reference: str) -> str:
        language = self._languages.get(reference)
        known = self._workers.get(self.worker_of(reference) or "")
        if reference in self._altered:
            said = _("your choice")
            if known is not None and known.absent_until:
                said = absence_words(known, self._names)
            return said
        because = self._proposals[reference].because
        said = reason_text(because)
        if language is not None:
            told = {"language": language}
            if Reason.LANGUAGE in because:
                return f"{said} ({language})"
            return _("nobody present speaks %(language)s") % told
        return said

    def _loads(self) -> str:
        given: dict[str, int] = {}
        for reference in self._proposals:
            to = self.worker_of(reference)
            if to is not None:
                given[to] = given.get(to, 0) + 1
        parts = []
        for account, worker in self._workers.items():
            if account in given:
                before = worker.load.open
                name = clean_line(worker.user.display_name)
                parts.append(f"{name} {before} → {before + given[account]}")
        left = len(self._proposals) - sum(given.values())
        if left:
            parts.append(
                ngettext("%(count)d stays nobody's", "%(count)d stay nobody's", left) % {"count": left}
            )
        return " · ".join(parts)

    # -- what was chosen --------------------------------------------------------------------------------------------

    def worker_of(self, reference: str) -> str | None:
        """Who is to work it as it stands now."""
        if reference in self._altered:
            return self._altered[reference]
        return self._proposals[reference].to

    def values(self) -> dict[str, str]:
        """What stands in the rows: altering one counts as typing."""
        return {reference: self.worker_of(reference) or "" for reference in self._proposals}

    def read(self) -> dict[str, str | None]:
        """The worker of each; Mistake when there is none for any."""
        chosen: dict[str, str | None] = {
            reference: to for reference in self._proposals if (to := self.worker_of(reference)) is not None
        }
        if not chosen:
            raise Mistake("", _("Nobody is chosen for any of them. Choose a colleague with ← and →."))
        return chosen

    def _show_mistake(self, name: str, problem: str) -> None:
        """The rows are no field: it stands above the buttons."""
        del name
        trouble = self.query_one(".dialog-error", Label)
        trouble.update(Content(f"✖ {problem}"))
        trouble.display = True

    def action_other(self, step: int) -> None:
        """The next or previous colleague, nobody among them."""
        reference = self.query_one(ProposalGrid).current
        if reference is None:
            return
        choices: list[str | None] = [*self._workers, None]
        at = choices.index(self.worker_of(reference)) if self.worker_of(reference) in choices else -1
        self._altered[reference] = choices[(at + step) % len(choices)]
        if self._altered[reference] == self._proposals[reference].to:
            del self._altered[reference]
        self._clear_errors()
        self.draw()

    async def action_mask(self) -> None:
        """Hide or show the names, everywhere."""
        await self.app.run_action("mask")
        self.draw()

    def action_language(self) -> None:
        """The next of the languages that colleagues speak, none among them; the proposal is made anew."""
        reference = self.query_one(ProposalGrid).current
        if reference is None or not self._known:
            return
        choices: list[str | None] = [None, *self._known]
        at = choices.index(self._languages.get(reference))
        language = choices[(at + 1) % len(choices)]
        if language is None:
            self._languages.pop(reference, None)
        else:
            self._languages[reference] = language
        self._altered.pop(reference, None)
        self._anew()

    @work(exclusive=True, group="anew")
    async def _anew(self) -> None:
        try:
            proposals = await self._again(self._languages)
        except Refusal as error:
            self._show_refusal(error)
            return
        # What a colleague assigned meanwhile stays in the list as it was: sending says that it changed.
        self._proposals |= {one.reference: one for one in proposals if one.reference in self._proposals}
        self.draw()
