"""The four lists of the retention screen: their columns, rows, and what is told of the row under the cursor.

What can be done on them is in `retention.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from textual.content import Content
from textual.geometry import Size

from intake.desk.proof import Gone
from intake.formats import show_date
from intake.paperwork.words import outcome_words
from intake.staff import Right
from intake.texts import N_, _, ngettext
from intake.workdays import local_date
from tui import asks_retention as asks
from tui.destruction_words import gone_detail, list_detail, searched_text, standing_text
from tui.retention_words import RECENT, plan_detail, waiting_cause, waiting_detail
from tui.screens.listing import NOTHING, Tab
from tui.shown import person
from tui.widgets.grid import Cells, Heading

PLAN, LISTS, UNFINISHED, GONE = "plan", "lists", "unfinished", "gone"
_WIDE = 110
_MARK = "●"


class Shown(Protocol):
    """What the lists must know of the screen that they stand on."""

    marked: set[str]

    @property
    def rights(self) -> frozenset[Right]:
        """What the user may do."""

    @property
    def size(self) -> Size:
        """How large it is."""


def retention_tabs(screen: Shown) -> tuple[Tab, ...]:
    """Plan, lists, unfinished, discarded."""

    def plan_rows(found: asks.Planned) -> Mapping[str, Cells]:
        return _fitting(_plan_rows(found), screen)

    def list_rows(found: asks.Lists) -> Mapping[str, Cells]:
        return _fitting(_list_rows(found), screen)

    def gone_rows(found: Sequence[Gone]) -> Mapping[str, Cells]:
        return _gone_rows(found, screen.marked)

    def gone_told(found: Sequence[Gone], key: str | None) -> Content:
        may_verify = Right.RETENTION_VERIFY in screen.rights
        return _gone_detail(found, key, screen.marked, may_verify=may_verify)

    return (
        Tab(
            PLAN,
            "p",
            N_("Plan"),
            N_("Nothing is waiting for its day: no referral is closed. Press Esc to go back."),
            asks.planned,
            _plan_headings,
            plan_rows,
            _plan_detail,
        ),
        Tab(
            LISTS,
            "s",
            N_("Destruction lists"),
            N_(
                "There are no destruction lists. Once the ten years of a case file kept here are over, it is put on one "
                "(n), and another team lead approves that."
            ),
            asks.lists,
            _list_headings,
            list_rows,
            _list_detail,
        ),
        Tab(
            UNFINISHED,
            "t",
            N_("Still to discard"),
            N_("Nothing is left unfinished: every run could discard what it began."),
            asks.unfinished,
            _waiting_headings,
            _waiting_rows,
            _waiting_detail,
        ),
        Tab(
            GONE,
            "e",
            N_("Certificates"),
            N_("Nothing was discarded yet. What a run discards stands here, for its certificate."),
            asks.discarded,
            _gone_headings,
            gone_rows,
            gone_told,
        ),
    )


def _fitting(rows: Mapping[str, Cells], screen: Shown) -> Mapping[str, Cells]:
    """The last cell of each is only for wide screens."""
    return rows if screen.size.width >= _WIDE else {key: cells[:-1] for key, cells in rows.items()}


def _gone_rows(found: Sequence[Gone], marked: set[str]) -> Mapping[str, Cells]:
    return {
        it.reference: (
            _MARK if it.reference in marked else "",
            it.reference,
            f"∅ {show_date(local_date(it.discarded_at))}",
            outcome_words(it.outcome),
            searched_text(gone),
        )
        for gone in found
        for it in (gone.destroyed,)
    }


def _gone_detail(found: Sequence[Gone], key: str | None, marked: set[str], *, may_verify: bool) -> Content:
    gone = next((one for one in found if one.destroyed.reference == key), None)
    if gone is None:
        return NOTHING
    content = gone_detail(gone, may_verify=may_verify)
    if marked:
        told = ngettext(
            "%(count)d marked; w writes one certificate for it.",
            "%(count)d marked; w writes one certificate for them.",
            len(marked),
        )
        content += Content(f"\n{_MARK} {told % {'count': len(marked)}}")
    return content


def _plan_headings(width: int) -> list[Heading]:
    headings = [
        Heading("reference", _("Reference"), 12),
        Heading("when", _("What"), 26),
        Heading("on", _("Discard from"), 13),
        Heading("outcome", _("Outcome"), 22, 1),
    ]
    return [*headings, Heading("basis", _("Ground"), 20, 3)] if width >= _WIDE else headings


def _plan_rows(found: asks.Planned) -> Mapping[str, Cells]:
    return {
        key: (
            key,
            line.when_text,
            show_date(line.on),
            f"{RECENT} {line.outcome}" if line.recent is not None else line.outcome,
            line.basis,
        )
        for key, line in found.lines.items()
    }


def _plan_detail(found: asks.Planned, key: str | None) -> Content:
    line = found.lines.get(key or "")
    return plan_detail(line, found.today, found.rights) if line is not None else NOTHING


def _list_headings(width: int) -> list[Heading]:
    headings = [
        Heading("id", _("List"), 12),
        Heading("standing", _("State"), 32),
        Heading("count", _("Files"), 9),
        Heading("proposed", _("Proposed by"), 20, 1),
    ]
    return [*headings, Heading("approved", _("Approved by"), 20, 1)] if width >= _WIDE else headings


def _list_rows(found: asks.Lists) -> Mapping[str, Cells]:
    return {
        one.id: (
            one.id,
            standing_text(one),
            str(len(one.items)),
            f"{person(found.names, one.proposed_by)} {show_date(local_date(one.proposed_at))}",
            f"{person(found.names, one.approved_by)} {show_date(local_date(one.approved_at))}"
            if one.approved_by and one.approved_at
            else "",
        )
        for one in found.lists
    }


def _list_detail(found: asks.Lists, key: str | None) -> Content:
    one = next((one for one in found.lists if one.id == key), None)
    if one is None:
        return NOTHING
    return list_detail(one, found.names, found.me, may_approve=found.may_approve)


def _waiting_headings(width: int) -> list[Heading]:
    del width
    return [
        Heading("reference", _("Reference"), 12),
        Heading("cause", _("Waits because"), 40, 2),
        Heading("outcome", _("Outcome"), 22, 1),
    ]


def _waiting_rows(found: asks.Unfinished) -> Mapping[str, Cells]:
    return {
        one.reference: (one.reference, f"⌫ {waiting_cause(one)[0]}", outcome_words(one.outcome))
        for one in found.waiting
    }


def _waiting_detail(found: asks.Unfinished, key: str | None) -> Content:
    one = next((one for one in found.waiting if one.reference == key), None)
    return waiting_detail(one, may_run=found.may_run) if one is not None else NOTHING


def _gone_headings(width: int) -> list[Heading]:
    del width
    return [
        Heading("mark", "", 2),
        Heading("reference", _("Reference"), 12),
        Heading("gone", _("Discarded"), 14),
        Heading("outcome", _("Outcome"), 20, 1),
        Heading("searched", _("Searched"), 28, 1),
    ]
