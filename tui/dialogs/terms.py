"""The dates of the agreement and whom to write to; all else of it is set with `ocmw-intake settings set`."""

from collections.abc import Mapping
from datetime import date

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from intake.agreement import Agreement, Contact, stops
from intake.config import OfficeSettings, checked_use
from intake.errors import WrongUse
from intake.formats import show_date
from intake.texts import N_, _
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.dialogs.confirm import ConfirmDialog
from tui.widgets.field import Field

_DAYS = ("in_force_from", "notice_given_on", "ended_on")
_CONTACTS = ("dpo", "sender_dpo", "team", "contact")
_PARTS = ("name", "email", "phone")


class TermsDialog(Dialog[OfficeSettings]):
    """The settings with these terms changed."""

    HELP = "office"
    SEND = N_("Put in force")

    def __init__(
        self,
        submit: Submit[OfficeSettings],
        settings: OfficeSettings,
        draft: Mapping[str, str],
        *,
        today: date,
    ) -> None:
        super().__init__(submit, draft)
        self._settings = settings
        self._today = today

    @property
    def title_text(self) -> str:
        """What it is about."""
        return _("Agreement: dates and contacts")

    def form(self) -> ComposeResult:
        """Days, then contacts."""
        agreement = self._settings.agreement
        labels = {
            "in_force_from": (_("Runs from"), ""),
            "notice_given_on": (
                _("Notice given"),
                _("Ends six months later (P1); empty when none was given"),
            ),
            "ended_on": (
                _("Ended on"),
                _("The first day without data flow (P8); empty when it runs on"),
            ),
        }
        for name, (label, hint) in labels.items():
            day = Input(show_date(getattr(agreement, name)), max_length=20, compact=True)
            yield Field(name, label, day, hint)
        heads = {
            "dpo": _("Our DPO"),
            "sender_dpo": _("DPO of the sender"),
            "team": _("Local team Kind en Gezin"),
            "contact": _("Our social service, as clients reach it"),
        }
        parts = {"name": _("Name"), "email": _("E-mail"), "phone": _("Telephone")}
        for name, head in heads.items():
            yield Static(Content(head), classes="form-head")
            contact: Contact = getattr(agreement, name)
            for part, label in parts.items():
                text = getattr(contact, part) or ""
                yield Field(f"{name}-{part}", label, Input(text, max_length=254, compact=True))
        yield Static(
            Content(
                _(
                    "Parties, advices, processors, publications and partners are changed with: ocmw-intake settings "
                    "show, and ocmw-intake settings set FILE."
                )
            ),
            classes="form-head",
        )

    def read(self) -> OfficeSettings:
        """The settings, checked."""
        values = self._settings.agreement.model_dump()
        for name in _DAYS:
            values[name] = self.day_if_any(name, self._today)
        self._check_order(values)
        for name in _CONTACTS:
            for part in _PARTS:
                text = self.text(f"{name}-{part}").strip()
                values[name][part] = text or (None if part == "email" else "")
            self._check_mail(name, values[name])
        agreement = self._checked(values)
        return self._settings.model_copy(update={"agreement": agreement})

    async def _send(self, data: OfficeSettings) -> OfficeSettings:
        """Ask first where nothing could be received any more; whoever goes back finds the form as it was."""
        if stops(self._settings.agreement, data.agreement, self._today):
            ask = ConfirmDialog(
                _("Stop receiving referrals"),
                _(
                    "With these dates the agreement is not in force today. From now on nothing is received: new "
                    "messages stay untouched in the mailbox. What was received before can be worked to its end. (P1, P5)"
                ),
                keep=_("Back to the dates"),
                go_on=N_("Stop receiving"),
                for_good=True,
            )
            if not await self.app.push_screen_wait(ask):
                return data
        return await super()._send(data)

    @staticmethod
    def _check_order(values: Mapping[str, date | None]) -> None:
        start = values["in_force_from"]
        for name in ("notice_given_on", "ended_on"):
            day = values[name]
            if start is not None and day is not None and day < start:
                raise Mistake(name, _("This day lies before the day from which the agreement runs."))

    def _check_mail(self, name: str, values: dict[str, str | None]) -> None:
        try:
            Contact.model_validate({"email": values["email"]})
        except ValueError:
            raise Mistake(f"{name}-email", _("This is no e-mail address.")) from None

    def _checked(self, values: dict[str, object]) -> Agreement:
        try:
            whole = self._settings.model_dump() | {"agreement": values}
            return checked_use(OfficeSettings, whole).agreement
        except WrongUse as error:
            raise Mistake("in_force_from", str(error.values.get("problem", ""))) from None
