"""`workload` and `proposal`: who has how much work, and who could work what. Assigning is in `referrals.py`."""

from typing import TYPE_CHECKING, Annotated

import typer

from intake.cli.output import print_json, say, table
from intake.errors import WrongUse
from intake.formats import show_date
from intake.texts import _

if TYPE_CHECKING:
    from intake.proposals import Proposal


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""

    @app.command(help=_("The workers with their open referrals, and who is absent."))
    def workload(context: typer.Context) -> None:
        with context.obj.desk() as desk:
            workers = desk.assigning.board().workers
        if context.obj.json:
            print_json(
                [
                    {
                        "user": worker.account,
                        "open": worker.load.open,
                        "overdue": worker.load.overdue,
                        "to_try": worker.load.to_try,
                        "lately": worker.load.lately,
                        "absent_until": worker.absent_until,
                        "substitute": worker.substitute,
                    }
                    for worker in workers
                ]
            )
            return
        table(
            (
                (
                    worker.account,
                    str(worker.load.open),
                    str(worker.load.overdue),
                    str(worker.load.to_try),
                    str(worker.load.lately),
                    show_date(worker.absent_until),
                    worker.substitute or "",
                )
                for worker in workers
            ),
            (
                _("Worker"),
                _("Open"),
                _("Late"),
                _("To try"),
                _("Lately"),
                _("Absent until"),
                _("Substitute"),
            ),
        )

    @app.command(
        help=_("Who could work what is nobody's, by language, area and least work. 'assign' saves it.")
    )
    def proposal(
        context: typer.Context,
        refs: Annotated[
            list[str] | None, typer.Argument(metavar="[REF]...", help=_("References; all when left out."))
        ] = None,
        language: Annotated[
            list[str] | None,
            typer.Option(
                metavar="REF=CODE", help=_("A language that the client speaks, such as fr; it is not kept.")
            ),
        ] = None,
    ) -> None:
        spoken = _spoken(language or [])
        with context.obj.desk() as desk:
            found = desk.assigning.proposal(refs or None, spoken)
        if context.obj.json:
            print_json(
                [
                    {"reference": p.reference, "to": p.to, "because": [r.value for r in p.because]}
                    for p in found
                ]
            )
        elif found:
            _tell(found)
        else:
            say(_("Every referral has a worker; there is nothing to propose."))


def _tell(found: "tuple[Proposal, ...]") -> None:
    from intake.proposals import REASON_WORDS

    table(
        (
            (p.reference, p.to or "–", ", ".join(_(REASON_WORDS[reason]) for reason in p.because))
            for p in found
        ),
        (_("Reference"), _("Worker"), _("Why")),
    )


def _spoken(given: list[str]) -> dict[str, str]:
    spoken = {}
    for text in given:
        reference, sign, code = text.partition("=")
        if not sign or not reference or not code.isalpha():
            raise WrongUse(problem=_("Give a language as D2026-0042=fr."))
        spoken[reference] = code.lower()
    return spoken
