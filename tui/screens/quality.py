"""Notices of data quality to the sender, until they are answered (P7). No client data is in them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual import work
from textual.binding import BindingType
from textual.content import Content

from intake.desk.quality import Listed
from intake.formats import show_date, show_moment
from intake.registers import NOTICE_WORDS, WHAT_WORDS
from intake.staff import Right
from intake.texts import N_, _
from storage.errors import Refusal
from tui import asks_registers as asks
from tui.commands import command
from tui.dialogs.answer import AnswerData, AnswerDialog
from tui.screens.listing import Tab
from tui.screens.registers import NARROW, RegisterScreen, detail, named
from tui.shown import LATE, person
from tui.widgets.grid import Cells, Heading


class QualityScreen(RegisterScreen):
    """Open ones, and all."""

    HELP = "quality-list"
    TITLE_WORDS = N_("Data quality")
    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "m", "draft", N_("Draft again"), N_("Place the draft that the mailbox did not take"), bar=True
        ),
        command("b", "answer", N_("Answer"), N_("Record that the sender answered"), bar=True),
        command("o", "scope('open')", N_("Open notices"), N_("Notices without an answer")),
        command("a", "scope('all')", N_("All notices"), N_("Answered ones too")),
    ]

    def tabs(self) -> Sequence[Tab]:
        """Those without an answer, and all."""
        empty = N_(
            "No notice waits for an answer. When data are wrong, open the referral and press m: it is reported at once."
        )
        return (
            Tab(
                "open",
                "o",
                N_("Open notices"),
                empty,
                lambda desk: asks.quality(desk, every=False),
                self._headings,
                self._rows,
                _detail,
            ),
            Tab(
                "all",
                "a",
                N_("All notices"),
                N_("Nothing was reported yet. When data are wrong, open the referral and press m."),
                lambda desk: asks.quality(desk, every=True),
                self._headings,
                self._rows,
                _detail,
            ),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A DPO looks on."""
        if action in ("draft", "answer"):
            return Right.QUALITY in self.intake.rights
        return super().check_action(action, parameters)

    def offers(self, name: str) -> bool:
        """A line opens its referral, which not every role reads."""
        return name != "select" or Right.READ in self.intake.rights

    @property
    def _narrow(self) -> bool:
        return self.size.width < NARROW

    def _headings(self, _width: int) -> list[Heading]:
        number = [] if self._narrow else [Heading("id", _("Number"), 12)]
        draft = [] if self._narrow else [Heading("draft", _("Draft"), 19)]
        return [
            *number,
            Heading("reference", _("Reference"), 12),
            Heading("field", _("Field"), 15, grows=1),
            Heading("what", _("What"), 12),
            Heading("opened", _("Opened"), 12),
            *draft,
            Heading("answered", _("Answered"), 24),
        ]

    def _rows(self, found: asks.QualityList) -> Mapping[str, Cells]:
        rows: dict[str, Cells] = {}
        for item in found.items:
            notice = item.notice
            number = () if self._narrow else (notice.id,)
            draft = () if self._narrow else (_draft(item),)
            rows[notice.id] = (
                *number,
                notice.reference,
                _(NOTICE_WORDS[notice.field]),
                _(WHAT_WORDS[notice.what]),
                show_moment(notice.opened_at)[:10],
                *draft,
                _answered(item, found, alone=self._narrow),
            )
        return rows

    def row_chosen(self, key: str) -> None:
        """The referral that it is about."""
        item = self._one(key)
        if item is not None:
            self.open_referral(item.notice.reference)

    def _one(self, key: str | None) -> Listed | None:
        return self.found.one(key) if isinstance(self.found, asks.QualityList) else None

    @work(exclusive=True, group="step")
    async def action_draft(self) -> None:
        """Place the draft that waits."""
        item = self._one(self.current)
        if item is None:
            return
        key = item.notice.id
        self.intake.say(_("%(id)s: the draft is being placed…") % {"id": key})
        try:
            await self.bridge.ask(lambda desk: desk.quality.draft(key))
        except Refusal as error:
            self.intake.refuse(error)
        else:
            self.intake.say(_("The draft lies in the mailbox. Read it and send it in the mail program."))
        self.load()

    @work(exclusive=True, group="step")
    async def action_answer(self) -> None:
        """Record the answer."""
        item = self._one(self.current)
        if item is None or not isinstance(self.found, asks.QualityList):
            return
        notice = item.notice
        if notice.answered_on is not None:
            self.intake.say(_("The answer to %(id)s is recorded already.") % {"id": notice.id}, bad=True)
            return

        async def send(data: AnswerData) -> None:
            await self.bridge.ask(lambda desk: desk.quality.answer(notice.id, data.on, data.note))

        await self.sent(AnswerDialog(send, notice, today=self.found.today))


def _draft(item: Listed) -> str:
    return "… " + _("still to place") if item.draft_waits else "✉ " + _("made")


def _answered(item: Listed, found: asks.QualityList, *, alone: bool) -> str:
    """How it stands; `alone` when the draft has no column beside it."""
    notice = item.notice
    if notice.answered_on is not None:
        return "✔ " + show_date(notice.answered_on)
    if item.draft_waits and alone:
        return "… " + _("draft still to place")
    if found.today > notice.due_on:
        return LATE + " " + _("overdue")
    return "○ " + _("before %(day)s") % {"day": show_date(notice.due_on)}


def _detail(found: Any, key: str | None) -> Content:
    item = found.one(key) if isinstance(found, asks.QualityList) else None
    if item is None:
        return Content("")
    notice = item.notice
    answered = ""
    if notice.answered_on is not None:
        answered = named((show_date(notice.answered_on), person(found.names, notice.answered_by)))
    draft = _draft(item)
    return detail(
        (_("Number"), notice.id),
        (_("Reported"), named((show_moment(notice.opened_at), person(found.names, notice.opened_by)))),
        (_("Draft"), named((draft, _("press m to try again") if item.draft_waits else ""))),
        (_("Reminder"), "" if answered else show_date(notice.due_on)),
        (_("Answered"), answered),
    )
