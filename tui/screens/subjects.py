"""Requests of clients: which data are held on someone, a copy, erasure (GDPR 15, 17, 20). Each search is in the log."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label

from intake.desk import Desk
from intake.desk.reading import Line
from intake.desk.subjects import Erased
from intake.formats import show_date, show_moment, show_name
from intake.plaintext import clean_line
from intake.staff import Right
from intake.texts import N_, _, ngettext
from intake.words import FIELD_WORDS
from storage.errors import Refusal
from tui import asks_registers as asks
from tui.commands import command
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.export import ExportDialog, Written
from tui.dialogs.shown import ShownDialog
from tui.dialogs.why import WhyDialog, Words
from tui.screens.listing import Tab
from tui.screens.registers import NARROW, RegisterScreen, detail
from tui.shown import discard_text, name_text, person, state_text
from tui.widgets.grid import Cells, Heading

_REQUEST = Words(
    label=N_("Request"),
    hint=N_("How and when the client asked. Kept with the client's data, and goes with them."),
    missing=N_("Say how and when the client asked."),
    help="subjects",
)


class SubjectsScreen(RegisterScreen):
    """A box to search in, and below it whose data fit. What is sought is kept nowhere."""

    HELP = "subjects"
    TITLE_WORDS = N_("Requests of clients")
    BINDINGS: ClassVar[list[BindingType]] = [
        command("z", "seek", N_("Search"), N_("Another name, telephone number or address"), bar=True),
        command(
            "e", "export", N_("Export"), N_("Write all that is held on the client, as JSON and PDF"), bar=True
        ),
        command("w", "erase", N_("Erase"), N_("Follow the client's request for erasure"), bar=True),
    ]

    def __init__(self) -> None:
        self._sought: str | None = None
        super().__init__()

    def tabs(self) -> Sequence[Tab]:
        """One list: what was found."""
        return (
            Tab(
                "found",
                "f",
                N_("Requests of clients"),
                N_(
                    "Whose data are asked for? Type a name, a telephone number, an e-mail address or an address above, "
                    "and press Enter. Closed referrals are searched too; what you type is kept nowhere."
                ),
                lambda desk: asks.sought(desk, self._sought),
                self._headings,
                self._rows,
                self._told,
            ),
        )

    def above(self) -> ComposeResult:
        """The box."""
        with Horizontal(id="seek-line"):
            yield Label(Content(_("Search")), id="seek-label")
            yield Input(
                id="seek",
                max_length=200,
                compact=True,
                placeholder=_("Name, telephone, e-mail or address; Enter searches"),
            )

    def start_focus(self) -> Widget:
        """The box."""
        return self.query_one("#seek", Input)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a team lead erases."""
        if action == "erase":
            return Right.SUBJECT_ERASE in self.intake.rights
        return super().check_action(action, parameters)

    def store_changed(self) -> None:
        """Each search is a request of a client in the log: nothing is sought again by itself."""

    def empty_text(self) -> str:
        """Nobody found is an answer too."""
        if isinstance(self.found, asks.Sought) and self.found.found is not None:
            nobody = _("Nobody in the referrals that you may read fits this.")
            return f"{nobody}\n{_unsearched(self.found)}".strip()
        return super().empty_text()

    # -- the list ---------------------------------------------------------------------------------------------------

    @property
    def _narrow(self) -> bool:
        return self.size.width < NARROW

    def _headings(self, _width: int) -> list[Heading]:
        wide = (
            []
            if self._narrow
            else [Heading("received", _("Received"), 14), Heading("gone", _("Discard on"), 24)]
        )
        return [
            Heading("reference", _("Reference"), 12),
            Heading("name", _("Name"), 20, grows=1),
            Heading("state", _("State"), 20),
            Heading("where", _("Found in"), 16, grows=1),
            *wide,
        ]

    def _rows(self, found: asks.Sought) -> Mapping[str, Cells]:
        rows: dict[str, Cells] = {}
        for line in found.found.lines if found.found else ():
            referral = line.referral
            name = show_name(line.client) if line.client else None
            discard = discard_text(line.discard) if line.discard else ""
            wide = () if self._narrow else (show_moment(referral.received_at)[:10], discard)
            rows[referral.reference] = (
                referral.reference,
                name_text(name, masked=self.intake.masked),
                state_text(referral.state),
                _where(found, referral.reference),
                *wide,
            )
        return rows

    def _told(self, found: asks.Sought, key: str | None) -> Content:
        line = self._line(key)
        if line is None or found.found is None:
            return Content("")
        discard = f"{discard_text(line.discard)} ({_(line.discard.basis)})" if line.discard else ""
        return detail(
            (_("Found in"), _where(found, line.referral.reference)),
            (_("Worker"), person(found.names, line.referral.assigned_to) or _("nobody yet")),
            (_("Received"), show_moment(line.referral.received_at)),
            (_("Discard on"), discard),
            (_("Not searched"), _unsearched(found)),
        )

    def _line(self, key: str | None) -> Line | None:
        found = self.found.found if isinstance(self.found, asks.Sought) else None
        lines = found.lines if found else ()
        return next((line for line in lines if line.referral.reference == key), None)

    # -- doing ------------------------------------------------------------------------------------------------------

    def action_seek(self) -> None:
        """Back to the box."""
        self.query_one("#seek", Input).focus()

    @on(Input.Submitted, "#seek")
    def _seek(self, event: Input.Submitted) -> None:
        event.stop()
        self._search(event.value.strip())

    @work(exclusive=True, group="load")
    async def _search(self, text: str) -> None:
        if not text:
            return
        try:
            self.found = await self.bridge.ask(lambda desk: asks.sought(desk, text))
        except Refusal as error:
            self.intake.refuse(error)
            return
        self._sought = text
        self.redraw()
        if self.grid.display:
            self.grid.focus()

    def row_chosen(self, key: str) -> None:
        """The referral itself."""
        self.open_referral(key)

    @work(exclusive=True, group="step")
    async def action_export(self) -> None:
        """Write the copy."""
        line = self._line(self.current)
        if line is None:
            self.intake.say(_("Search the client first."), bad=True)
            return
        reference = line.referral.reference
        written: list[Path] = []

        async def send(file: Path) -> None:
            written.extend(await self.bridge.ask(lambda desk: desk.subjects.export(reference, file)))

        copy = Written(
            _("Copy of all that is held: %(reference)s") % {"reference": reference},
            _(
                "All data of the client and all steps are written in clear: as JSON to this file, and as PDF beside it. "
                "Give them to the client, then delete them. (GDPR 15, 20)"
            ),
            f"{reference}.json",
            _("Named after the reference, never after the client."),
        )
        dialog = ExportDialog(send, copy, folder=Path.home())
        if await self.app.push_screen_wait(dialog) is not None:
            files = [Content(str(path)) for path in written]
            title = _("The copy of %(reference)s is written") % {"reference": reference}
            below = _("Everything in it is in clear. Give it to the client, then delete it here.")
            self.app.push_screen(ShownDialog(title, files, below=below))

    @work(exclusive=True, group="step")
    async def action_erase(self) -> None:
        """Ask, then close it as withdrawn."""
        line = self._line(self.current)
        if line is None:
            self.intake.say(_("Search the client first."), bad=True)
            return
        reference, version = line.referral.reference, line.referral.version
        title = _("Erase %(reference)s at the client's request") % {"reference": reference}
        ask = ConfirmDialog(
            title,
            _(
                "The referral closes now as consent withdrawn, and the next retention run discards it everywhere. "
                "Until that run a team lead can reopen it; afterwards nobody can. (GDPR 17)"
            ),
            keep=_("Keep it"),
            go_on=_("Erase"),
            for_good=True,
        )
        if not await self.app.push_screen_wait(ask):
            return
        done: list[Erased] = []

        async def send(why: str) -> None:
            def erase(desk: Desk) -> Erased:
                return desk.subjects.erase(reference, why, version)

            done.append(await self.bridge.ask(erase))

        if await self.sent(WhyDialog(send, title, N_("Erase"), words=_REQUEST)):
            self.app.push_screen(_erased(reference, done[-1]))


def _erased(reference: str, erased: Erased) -> ShownDialog:
    """What follows, and who else must be told."""
    day = show_date(erased.due.on if erased.due else None)
    lines = [Content(_("The next retention run from %(day)s on discards it everywhere.") % {"day": day})]
    if erased.partners:
        lines.append(Content("\n" + _("Tell these partners that the data are to be erased (GDPR 19):")))
        lines += [Content(f"· {clean_line(partner)}") for partner in erased.partners]
    return ShownDialog(_("%(reference)s is closed") % {"reference": reference}, lines)


def _where(found: asks.Sought, reference: str) -> str:
    names = found.found.where.get(reference, ()) if found.found else ()
    words = [_("Name")] if asks.NAME_FIELDS & set(names) else []
    words += [_(FIELD_WORDS[name]) for name in names if name not in asks.NAME_FIELDS]
    return ", ".join(words)


def _unsearched(found: asks.Sought) -> str:
    count = found.found.unsearched if found.found else 0
    if not count:
        return ""
    told = ngettext(
        "%(count)d referral could not be searched: it is not sealed for you. A team lead can search all.",
        "%(count)d referrals could not be searched: they are not sealed for you. A team lead can search all.",
        count,
    )
    return told % {"count": count}
