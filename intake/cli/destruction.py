"""`retention propose|approve|lists|certificate|verify`: destroying by two people, and proving what was discarded."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intake.cli.output import print_json, say, table
from intake.formats import show_date, show_moment
from intake.rows import iso
from intake.telling import place_text
from intake.texts import _

if TYPE_CHECKING:
    from intake.desk.destruction import DestructionList
    from intake.desk.proof import Search

EXIT_NOT_CLEAN = 1
EXIT_MAILBOX = 5


def _list_json(found: "DestructionList") -> dict[str, Any]:
    return {
        "id": found.id,
        "standing": found.standing.value,
        "selection_rule": found.rule or None,
        "proposed_by": found.proposed_by,
        "proposed_at": iso(found.proposed_at),
        "approved_by": found.approved_by,
        "approved_at": iso(found.approved_at) if found.approved_at else None,
        "items": [
            {
                "reference": item.reference,
                "number": item.number,
                "closed_on": item.closed_on.isoformat(),
                "due_on": item.due_on.isoformat(),
                "destroyed": item.destroyed,
            }
            for item in found.items
        ],
    }


def _print_list(found: "DestructionList") -> None:
    from intake.desk.destruction import STANDING_WORDS

    rule = found.rule or _("not set")
    say(f"{found.id}: {_(STANDING_WORDS[found.standing])}")
    say("  " + _("rule of the selection list: %(rule)s") % {"rule": rule})
    say(
        "  "
        + _("proposed by %(name)s on %(day)s")
        % {"name": found.proposed_by, "day": show_moment(found.proposed_at)}
    )
    if found.approved_by:
        say(
            "  "
            + _("approved by %(name)s on %(day)s")
            % {"name": found.approved_by, "day": show_moment(found.approved_at)}
        )
    rows = [
        (item.reference, item.number or "–", show_date(item.closed_on), show_date(item.due_on))
        for item in found.items
    ]
    table(rows, (_("Reference"), _("Case file"), _("Closed on"), _("To be discarded from")))


def _print_lists(context: typer.Context, found: Sequence["DestructionList"], none: str) -> None:
    """`none` is said where there is not one."""
    if context.obj.json:
        print_json([_list_json(one) for one in found])
        return
    for one in found:
        _print_list(one)
    if not found:
        say(none)


def register(group: typer.Typer) -> None:
    """Add the commands to `retention`."""
    _register_lists(group)
    _register_proof(group)


def _register_lists(group: typer.Typer) -> None:
    @group.command(help=_("Put the case files whose ten years are over on a destruction list."))
    def propose(context: typer.Context) -> None:
        with context.obj.desk() as desk:
            made = desk.destruction.propose()
        _print_lists(context, made, _("There is nothing to propose."))

    @group.command(
        help=_("Approve a destruction list as the second person; the next run discards what it names.")
    )
    def approve(
        context: typer.Context,
        list_id: Annotated[str, typer.Argument(metavar="ID", help=_("A list such as X2036-0001."))],
    ) -> None:
        with context.obj.desk() as desk:
            approved = desk.destruction.approve(list_id)
        if context.obj.json:
            print_json(_list_json(approved))
        else:
            _print_list(approved)

    @group.command(help=_("Every destruction list, with who proposed and who approved it."))
    def lists(context: typer.Context) -> None:
        with context.obj.desk() as desk:
            found = desk.destruction.lists()
        _print_lists(context, found, _("There are no destruction lists."))


def _register_proof(group: typer.Typer) -> None:
    @group.command(
        help=_("Write the certificate of destruction of discarded referrals, without client identity.")
    )
    def certificate(
        context: typer.Context,
        refs: Annotated[list[str], typer.Argument(metavar="REF...", help=_("References."))],
        out: Annotated[Path, typer.Option(help=_("The new PDF file."))],
    ) -> None:
        from intake.paperwork.certificate import certificate_json

        with context.obj.desk() as desk:
            made = desk.proof.certificate(refs, out)
        if context.obj.json:
            print_json(certificate_json(made) | {"file": str(out)})
        else:
            say(str(out))

    @group.command(help=_("Prove by search that nothing is left of a discarded referral."))
    def verify(
        context: typer.Context,
        ref: Annotated[str, typer.Argument(metavar="REF", help=_("A reference such as D2026-0042."))],
    ) -> None:
        from intake.paperwork.certificate import RECOVERABLE

        with context.obj.desk() as desk:
            search = desk.proof.verify(ref)
        if context.obj.json:
            print_json(
                {
                    "reference": search.reference,
                    "clean": search.clean,
                    "places": [
                        {"place": place.name, "searched": place.searched, "found": place.found}
                        for place in search.places
                    ],
                    "recoverable": _(RECOVERABLE),
                }
            )
        else:
            _print_search(search)
            say(_(RECOVERABLE))
        if not search.clean:
            raise typer.Exit(EXIT_MAILBOX if search.only_mailbox_missing else EXIT_NOT_CLEAN)


def _print_search(search: "Search") -> None:
    rows = []
    for place in search.places:
        said = _("could not be searched")
        if place.searched:
            said = _("searched, found %(count)d") % {"count": place.found}
        rows.append(("✓" if place.searched and not place.found else "✗", place_text(place.name), said))
    table(rows, ("", _("Place"), _("Result")))
    if search.clean:
        say(_("%(reference)s: nothing is left of it.") % {"reference": search.reference})
    else:
        say(_("%(reference)s: not proven. Look at the places marked ✗.") % {"reference": search.reference})
