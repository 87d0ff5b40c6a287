"""What can be done with archive passphrases in the administration screen, and how their list is drawn."""

from collections.abc import Mapping, Sequence
from datetime import date

from rich.text import Text
from textual import work
from textual.content import Content

from intake.desk.passphrases import STANDING_WORDS, Kept, NewPassphrase, Standing, lapsing
from intake.formats import show_date
from intake.plaintext import clean_line
from intake.texts import _
from tui.asks_office import KnownPassphrases
from tui.dialogs.passphrase_add import PassphraseAddDialog
from tui.dialogs.passphrase_end import PassphraseEndDialog
from tui.screens.listing import ListScreen
from tui.widgets.grid import Cells, Heading

_GLYPHS = {Standing.IN_FORCE: "●", Standing.COMING: "○", Standing.LATE: "◐", Standing.ENDED: "×"}


class PassphraseActions(ListScreen):
    """For a screen whose list in front may be that of the archive passphrases."""

    @property
    def _known(self) -> KnownPassphrases | None:
        return self.found if isinstance(self.found, KnownPassphrases) else None

    @work(exclusive=True, group="step")
    async def action_add_passphrase(self) -> None:
        """Keep another one."""
        known = self._known
        if known is None:
            return

        async def submit(new: NewPassphrase) -> None:
            await self.bridge.ask(lambda desk: desk.passphrases.add(new))

        new = await self.app.push_screen_wait(PassphraseAddDialog(submit, today=known.today))
        if new is not None:
            self.intake.say(
                _("The archive passphrase '%(label)s' is kept.") % {"label": clean_line(new.label)}
            )
            self.load()

    @work(exclusive=True, group="step")
    async def action_last_day(self) -> None:
        """Give the one under the cursor its last day."""
        known, label = self._known, self.current
        if known is None or label is None:
            return

        async def submit(day: date) -> None:
            await self.bridge.ask(lambda desk: desk.passphrases.end(label, day))

        day = await self.app.push_screen_wait(
            PassphraseEndDialog(submit, clean_line(label), today=known.today)
        )
        if day is not None:
            self.intake.say(
                _("The last day of the archive passphrase '%(label)s' is %(day)s.")
                % {"label": clean_line(label), "day": show_date(day)}
            )
            self.load()


def headings(width: int) -> Sequence[Heading]:
    """Label, team, first and last day, when it last opened something."""
    del width
    return (
        Heading("label", _("Label"), 18, 2),
        Heading("team", _("Team"), 15, 2),
        Heading("from", _("From"), 12),
        Heading("until", _("Until"), 14),
        Heading("used", _("Last used"), 17),
    )


def rows(found: KnownPassphrases) -> Mapping[str, Cells]:
    """Those in force first; what ended stands back."""
    soon = {one.label for one in lapsing(found.items, found.today)}
    made: dict[str, Cells] = {}
    for one in found.items:
        until = show_date(one.valid_until) or "–"
        cells = (
            f"{_GLYPHS[one.standing]} {clean_line(one.label)}",
            clean_line(one.team) or _("all teams"),
            show_date(one.valid_from) or "–",
            f"‼ {until}" if one.label in soon else until,
            show_date(one.last_used) or "–",
        )
        made[one.label] = [Text(cell, "dim" if one.standing is Standing.ENDED else "") for cell in cells]
    return made


def detail(found: KnownPassphrases, key: str | None) -> Content:
    """Where it is in its life, and what is to be done."""
    one = next((one for one in found.items if one.label == key), None)
    if one is None:
        return Content("")
    parts = [
        _fact(_("State"), f"{_GLYPHS[one.standing]} {_(STANDING_WORDS[one.standing])}"),
        _fact(_("Team"), clean_line(one.team) or _("all teams")),
        Content(_told(one, found)),
    ]
    return Content("\n").join(parts)


def _told(one: Kept, found: KnownPassphrases) -> str:
    if one in lapsing(found.items, found.today):
        return _("It ends soon and none follows it: agree on the next one with the senders, and add it here.")
    if one.standing is Standing.LATE:
        return _("Mails that come in late are still opened with it, until two weeks after its last day.")
    if one.standing is Standing.ENDED:
        return _("Only what came in during its time is still read again with it.")
    if one.standing is Standing.COMING:
        return _("Mails that come in are tried with it already; you send with it from its first day.")
    return _("The passphrase itself is never shown: who has to know it hears it by telephone or in person.")


def _fact(label: str, value: str) -> Content:
    return Content.styled(f"{label}: ", "$text-muted") + Content(value)
