"""Assigning what was chosen on a list, spreading it by a proposal, and taking it back: shared by whoever assigns.

Each sends the versions that were on the screen, in one go; what a colleague changed meanwhile is not written over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.desk import Desk
from intake.desk.assigning import Worker
from intake.desk.reading import Line
from intake.errors import Stale
from intake.plaintext import clean_line
from intake.proposals import Proposal
from intake.texts import _, ngettext
from storage.errors import Refusal
from tui import asks_board
from tui.asks_board import Made
from tui.dialogs.assign import AssignDialog
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.propose import ProposeDialog
from tui.shown import person
from tui.shown_workers import references_text

if TYPE_CHECKING:
    from tui.app import IntakeApp

MOST_TOLD = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: `made` when it was saved, `stale` the referral that a colleague changed meanwhile."""

    made: Made | None = None
    stale: str | None = None


def _former(lines: Sequence[Line]) -> dict[str, str | None]:
    return {line.referral.reference: line.referral.assigned_to for line in lines}


def _versions(lines: Sequence[Line]) -> dict[str, int]:
    return {line.referral.reference: line.referral.version for line in lines}


def _told(app: "IntakeApp", stale: Stale | None, made: list[Made]) -> Outcome:
    if stale is not None:
        app.refuse(stale)
        return Outcome(stale=str(stale.values.get("reference", "")))
    if not made:
        return Outcome()
    references = list(made[-1].versions)
    if len(references) == 1:
        app.say(_("%(reference)s is assigned.") % {"reference": references[0]})
    else:
        count = len(references)
        app.say(
            ngettext("%(count)d referral is assigned.", "%(count)d referrals are assigned.", count)
            % {"count": count}
        )
    return Outcome(made[-1])


async def assign(
    app: "IntakeApp", lines: Sequence[Line], names: Mapping[str, str], to: str | None = None
) -> Outcome:
    """Ask to whom these go, and save it in one go. To be awaited in a worker."""
    references = [line.referral.reference for line in lines]
    try:
        offer = await app.bridge.ask(lambda desk: asks_board.offer(desk, references))
    except Refusal as error:
        app.refuse(error)
        return Outcome()
    former, versions = _former(lines), _versions(lines)
    made: list[Made] = []

    async def submit(worker: str) -> None:
        def save(desk: Desk) -> Made:
            return asks_board.distributed(desk, dict.fromkeys(references, worker), versions, former)

        made.append(await app.bridge.ask(save))

    workers = set(former.values())
    current = next(iter(workers)) if len(workers) == 1 else None
    dialog = AssignDialog(submit, references, offer, names, current, to=to)
    await app.push_screen_wait(dialog)
    return _told(app, dialog.stale, made)


async def spread(
    app: "IntakeApp", lines: Sequence[Line], names: Mapping[str, str], workers: Sequence[Worker]
) -> Outcome:
    """Show a proposal for these unassigned ones, to confirm or alter; save it in one go. To be awaited in a worker."""
    references = [line.referral.reference for line in lines]

    async def again(languages: Mapping[str, str]) -> tuple[Proposal, ...]:
        return await app.bridge.ask(lambda desk: asks_board.proposal(desk, references, languages))

    try:
        proposals = await again({})
    except Refusal as error:
        app.refuse(error)
        return Outcome()
    former, versions = _former(lines), _versions(lines)
    made: list[Made] = []

    async def submit(chosen: Mapping[str, str | None]) -> None:
        made.append(await app.bridge.ask(lambda desk: asks_board.distributed(desk, chosen, versions, former)))

    dialog = ProposeDialog(submit, proposals, lines, workers, names, again)
    await app.push_screen_wait(dialog)
    return _told(app, dialog.stale, made)


async def take_back(app: "IntakeApp", made: Made, names: Mapping[str, str]) -> bool:
    """Undo an assignment where nobody did anything since. True when there is nothing left of it to undo."""
    try:
        same = await app.bridge.ask(lambda desk: asks_board.untouched(desk, made))
    except Refusal as error:
        app.refuse(error)
        return False
    changed = [reference for reference in made.versions if reference not in same]
    if not same:
        app.say(
            _("Someone has worked on %(references)s since, so it stays. Assign it anew if need be.")
            % {"references": references_text(changed)},
            bad=True,
        )
        return True
    if not await app.push_screen_wait(_question(same, changed, made, names)):
        return False
    try:
        await app.bridge.ask(
            lambda desk: desk.work.distribute(
                {reference: made.former[reference] for reference in same},
                {reference: made.versions[reference] for reference in same},
            )
        )
    except Refusal as error:
        app.refuse(error)
        return False
    count = len(same)
    app.say(
        ngettext(
            "The assignment of %(count)d referral is taken back.",
            "The assignment of %(count)d referrals is taken back.",
            count,
        )
        % {"count": count}
    )
    return True


def _question(
    same: Sequence[str], changed: Sequence[str], made: Made, names: Mapping[str, str]
) -> ConfirmDialog:
    lines = []
    for reference in same[:MOST_TOLD]:
        back_to = clean_line(person(names, made.former[reference])) or _("nobody")
        lines.append(f"{reference} → {back_to}")
    if len(same) > MOST_TOLD:
        lines.append(_("and %(count)d more") % {"count": len(same) - MOST_TOLD})
    if changed:
        lines.append(
            _("Someone has worked on %(references)s since; that stays assigned.")
            % {"references": references_text(changed)}
        )
    count = len(same)
    title = ngettext(
        "Take back the assignment of %(count)d referral?",
        "Take back the assignment of %(count)d referrals?",
        count,
    )
    return ConfirmDialog(
        title % {"count": count}, "\n".join(lines), keep=_("Leave it assigned"), go_on=_("Take it back")
    )
