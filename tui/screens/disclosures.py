"""What was given to partners of the geïntegreerd breed onthaal, with the client's agreement (P4). No value of a client."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual.content import Content

from intake.formats import show_date, show_moment
from intake.plaintext import clean_line
from intake.registers import Disclosure
from intake.staff import Right
from intake.texts import N_, _
from intake.words import FIELD_WORDS
from tui import asks_registers as asks
from tui.screens.listing import Tab
from tui.screens.registers import NARROW, RegisterScreen, detail, named, short
from tui.shown import person
from tui.widgets.grid import Cells, Heading


class DisclosuresScreen(RegisterScreen):
    """One list; Enter opens the referral."""

    HELP = "disclosures"
    TITLE_WORDS = N_("Disclosures")

    def tabs(self) -> Sequence[Tab]:
        """All of them."""
        return (
            Tab(
                "all",
                "a",
                N_("Disclosures"),
                N_(
                    "Nothing was given to a partner. It is done from the referral, with the client's agreement (p)."
                ),
                asks.disclosures,
                self._headings,
                self._rows,
                _detail,
            ),
        )

    def offers(self, name: str) -> bool:
        """A line opens its referral, which not every role reads."""
        return name != "select" or Right.READ in self.intake.rights

    @property
    def _narrow(self) -> bool:
        return self.size.width < NARROW

    def _headings(self, _width: int) -> list[Heading]:
        wide = [] if self._narrow else [Heading("who", _("Who"), 16), Heading("agreed", _("Agreed on"), 13)]
        return [
            Heading("reference", _("Reference"), 12),
            Heading("at", _("When"), 12 if self._narrow else 18),
            Heading("partner", _("Partner"), 20, grows=1),
            Heading("fields", _("Fields"), 18, grows=1),
            *wide,
        ]

    def _rows(self, found: asks.DisclosureList) -> Mapping[str, Cells]:
        rows: dict[str, Cells] = {}
        for one in found.items:
            at = show_moment(one.at)
            wide = () if self._narrow else (person(found.names, one.by), show_date(one.agreed_on))
            rows[one.id] = (
                one.reference,
                at[:10] if self._narrow else at,
                clean_line(one.partner),
                _fields(one),
                *wide,
            )
        return rows

    def row_chosen(self, key: str) -> None:
        """The referral that it is about."""
        one = self.found.one(key) if isinstance(self.found, asks.DisclosureList) else None
        if one is not None:
            self.open_referral(one.reference)


def _fields(one: Disclosure) -> str:
    return ", ".join(_(FIELD_WORDS[name]) for name in one.fields)


def _detail(found: Any, key: str | None) -> Content:
    one = found.one(key) if isinstance(found, asks.DisclosureList) else None
    if one is None:
        return Content("")
    return detail(
        (_("Number"), one.id),
        (_("Partner"), clean_line(one.partner)),
        (_("Fields"), _fields(one)),
        (_("Why"), short(one.reason)),
        (_("When"), named((show_moment(one.at), person(found.names, one.by)))),
        (_("Agreed on"), show_date(one.agreed_on)),
    )
