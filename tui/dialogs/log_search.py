"""Looking for entries of the access log: by whom, on what, which action, when. And choosing one of a line's references."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from textual.app import ComposeResult
from textual.widgets import Input

from intake.desk.records import Sought
from intake.formats import show_date
from intake.logwords import ACTIONS, action_words
from intake.plaintext import clean_line
from intake.texts import N_, _
from intake.workdays import BRUSSELS, local_date
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.dialogs.period import read_period
from tui.shown import plain
from tui.widgets.choice import Choice
from tui.widgets.field import Field

_ANY = ""


class LogSearchDialog(Dialog[Sought]):
    """Asks what is sought; whatever is left empty does not matter."""

    HELP = "log"
    SEND = N_("Search")

    def __init__(
        self, submit: Submit[Sought], sought: Sought, *, names: Mapping[str, str], today: date
    ) -> None:
        super().__init__(submit)
        self._sought = sought
        self._names = names
        self._today = today

    @property
    def title_text(self) -> str:
        """What is asked."""
        return _("Search the whole access log")

    def form(self) -> ComposeResult:
        """Five fields, none of which must be filled in."""
        sought = self._sought
        yield Field(
            "user", _("Who"), Input(sought.user or "", max_length=80, compact=True), _("Account or name.")
        )
        reference = Input(sought.reference or "", max_length=80, compact=True)
        yield Field("reference", _("Reference"), reference, _("As D2026-0042, Q2026-0003, or an account."))
        words = sorted((action_words(code), code) for code in ACTIONS)
        options = [(_ANY, _("every action")), *((code, text) for text, code in words)]
        chosen = next(iter(sought.actions)) if sought.actions and len(sought.actions) == 1 else _ANY
        yield Field("action", _("What"), Choice(options, chosen))
        since = Input(_day(sought.since), max_length=20, compact=True)
        yield Field("since", _("From"), since, _("As 01/01/2026, 'today' or 'yesterday'."))
        until = Input(_day(sought.until, back=1), max_length=20, compact=True)
        yield Field("until", _("Up to"), until, _("This day included."))

    def read(self) -> Sought:
        """What is sought."""
        period = read_period(self, self._today)
        action = self.text("action")
        return Sought(
            user=self._account(),
            reference=self.text("reference").strip() or None,
            actions=frozenset({action}) if action else None,
            since=_start(period.since),
            until=_start(period.until + timedelta(days=1)) if period.until is not None else None,
        )

    def _account(self) -> str | None:
        """The account that fits what was typed: one by its name, or the only one of which it is a part."""
        text = plain(self.text("user").strip())
        if not text:
            return None
        exact = [account for account, name in self._names.items() if text in (plain(account), plain(name))]
        part = [account for account, name in self._names.items() if text in plain(f"{account} {name}")]
        if len(found := exact or part) == 1:
            return found[0]
        if found:
            several = ", ".join(sorted(clean_line(account) for account in found)[:5])
            raise Mistake("user", _("That fits several: %(accounts)s.") % {"accounts": several})
        raise Mistake("user", _("Nobody here has that account or name."))


def _day(moment: datetime | None, *, back: int = 0) -> str:
    return show_date(local_date(moment) - timedelta(days=back)) if moment is not None else ""


def _start(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), BRUSSELS) if day is not None else None


class WhichDialog(Dialog[str]):
    """Of which of these references."""

    HELP = "log"
    SEND = N_("Show")

    def __init__(self, submit: Submit[str], references: Sequence[str]) -> None:
        super().__init__(submit)
        self._references = references

    @property
    def title_text(self) -> str:
        """What is asked."""
        return _("Who saw which referral?")

    def form(self) -> ComposeResult:
        """One of them."""
        options = [(reference, clean_line(reference)) for reference in self._references]
        yield Field("reference", _("Reference"), Choice(options))

    def read(self) -> str:
        """The reference."""
        return self.text("reference")


def sought_text(sought: Sought, names: Mapping[str, str]) -> str:
    """What is sought, in words; "" when it is everything."""
    parts = []
    if sought.user is not None:
        parts.append(clean_line(names.get(sought.user, sought.user)))
    if sought.reference is not None:
        parts.append(clean_line(sought.reference))
    if sought.actions is not None and len(sought.actions) == 1:
        parts.append(action_words(next(iter(sought.actions))))
    if sought.since is not None:
        parts.append(_("from %(day)s") % {"day": _day(sought.since)})
    if sought.until is not None:
        parts.append(_("up to %(day)s") % {"day": _day(sought.until, back=1)})
    return " · ".join(parts)


def of_kind(sought: Sought, codes: frozenset[str] | None) -> Sought:
    """The same among the actions of a tab; an action that was asked for itself stays."""
    return sought if sought.actions is not None else replace(sought, actions=codes)
