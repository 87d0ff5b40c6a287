"""`stats`, `evidence`, `evidence verify`, `register`, `letter`: papers that leave the office, and numbers inside it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake.cli.options import day_option
from intake.cli.output import print_json, say, table
from intake.errors import WrongUse
from intake.formats import show_moment
from intake.rows import moment_of
from intake.texts import _

if TYPE_CHECKING:
    from intake.figures import Spread, Statistics
    from intake.paperwork.evidence import Proven


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    _register_statistics(app)
    _register_evidence(app)

    @app.command("register", help=_("Write the entry for the processing register (GDPR 30), as PDF or JSON."))
    def register_(
        context: typer.Context,
        out: Annotated[Path, typer.Option(help=_("The new file, ending in .pdf or .json."))],
    ) -> None:
        with context.obj.desk() as desk:
            written = desk.papers.register(out)
        if context.obj.json:
            print_json({"file": str(written)})
        else:
            say(str(written))

    @app.command(help=_("Write a neutral letter to a client who could not be reached."))
    def letter(
        context: typer.Context,
        ref: Annotated[str, typer.Argument(metavar="REF", help=_("A reference such as D2026-0042."))],
        out: Annotated[Path, typer.Option(help=_("The new file, ending in .pdf."))],
    ) -> None:
        with context.obj.desk() as desk:
            written = desk.papers.letter(ref, out)
        then = f"ocmw-intake attempt {ref} --channel letter --result no-answer"
        if context.obj.json:
            print_json({"reference": ref, "file": str(written), "then": then})
            return
        say(str(written))
        say(_("Use an envelope with its window at the right and nothing printed on it."))
        say(_("Once it is posted, record the attempt: %(command)s") % {"command": then})


def _register_statistics(app: typer.Typer) -> None:
    @app.command(
        help=_("Numbers by month and year; in the CSV, which may leave the office, small ones are hidden.")
    )
    def stats(
        context: typer.Context,
        since: Annotated[str | None, typer.Option("--from", help=_("The first day, as 2026-11-21."))] = None,
        until: Annotated[str | None, typer.Option("--to", help=_("The last day, as 2026-11-21."))] = None,
        csv: Annotated[Path | None, typer.Option(help=_("Also write them to this new file."))] = None,
    ) -> None:
        from intake.paperwork.counting import statistics_json

        first, last = day_option(since), day_option(until)
        if first is not None and last is not None and last < first:
            raise WrongUse(problem=_("The last day lies before the first. Turn them round."))
        with context.obj.desk() as desk:
            statistics = desk.papers.statistics(first, last)
            if csv is not None:
                desk.papers.statistics_file(statistics, csv)
            names = {user.name: user.display_name for user in desk.staff.users()}
        if context.obj.json:
            print_json(statistics_json(statistics))
            return
        _print_statistics(statistics, names)
        if csv is not None:
            say()
            say(str(csv))


def _print_statistics(statistics: "Statistics", names: dict[str, str]) -> None:
    from intake.figures import BREAKDOWNS, RECEIVED
    from intake.paperwork.words import cell_words

    years = statistics.years
    cells = (RECEIVED, *(name for group in BREAKDOWNS for name in group))
    rows = [
        (cell_words(name), str(statistics.total.cells[name]), *(str(year.cells[name]) for year in years))
        for name in cells
    ]
    periods = (statistics.total, *years)
    first, reached = _("Days to first attempt (median, 90%)"), _("Days to contact (median, 90%)")
    rows.append((first, *(_spread(figures.to_first_attempt) for figures in periods)))
    rows.append((reached, *(_spread(figures.to_contact) for figures in periods)))
    causes = dict.fromkeys(cause for year in years for cause in year.quarantine)
    rows += [
        (
            cell_words(f"quarantine-{cause.value}"),
            *(str(figures.quarantine.get(cause, 0)) for figures in periods),
        )
        for cause in causes
    ]
    table(rows, (_("Count"), _("Total"), *(year.period for year in years)))
    say()
    table(
        (
            (
                month.period,
                *(str(month.cells[name]) for name in (RECEIVED, "contacted", "case-opened")),
                _spread(month.to_first_attempt),
                _spread(month.to_contact),
                str(sum(month.quarantine.values())),
            )
            for month in statistics.months
        ),
        (
            _("Month"),
            _("Received"),
            _("Contacted"),
            _("Case files"),
            _("First attempt"),
            _("Contact"),
            _("Quarantine"),
        ),
    )
    say()
    table(
        (
            (names.get(worker or "", worker or _("nobody")), str(count))
            for worker, count in sorted(
                statistics.workload.items(), key=lambda item: (-item[1], item[0] or "")
            )
        ),
        (_("Worker"), _("Open now")),
    )


def _spread(spread: "Spread") -> str:
    if spread.median is None or spread.ninth_decile is None:
        return "–"
    return f"{spread.median:g} / {spread.ninth_decile:g}"


def _register_evidence(app: typer.Typer) -> None:
    group = typer.Typer(
        help=_("The evidence of the measures taken (P6): a PDF, and a signed JSON beside it."),
        invoke_without_command=True,
    )
    app.add_typer(group, name="evidence")

    @group.callback()
    def evidence(
        context: typer.Context,
        out: Annotated[Path | None, typer.Option(help=_("The new PDF; the JSON gets the same name."))] = None,
    ) -> None:
        if context.invoked_subcommand is not None:
            return
        if out is None:
            raise WrongUse(problem=_("Say where the evidence goes: --out F.pdf."))
        with context.obj.desk() as desk:
            written = desk.papers.evidence(out)
        if context.obj.json:
            print_json({"files": [str(path) for path in written]})
            return
        for path in written:
            say(str(path))

    @group.command(help=_("Check the JSON of an evidence: whole, and signed by whom."))
    def verify(
        context: typer.Context,
        file: Annotated[Path, typer.Argument(metavar="F.json", help=_("The JSON file."))],
        fingerprint: Annotated[
            str | None,
            typer.Option(
                help=_("The fingerprint on the paper; then no office is asked and nobody signs in.")
            ),
        ] = None,
    ) -> None:
        from intake.paperwork.evidence import LONGEST, verified

        try:
            with file.open("rb") as opened:
                data = opened.read(LONGEST + 1)
        except OSError:
            raise WrongUse(problem=_("The file cannot be read. Check its name and rights.")) from None
        if fingerprint is not None:
            _report(context, verified(data, fingerprint=fingerprint))
            return
        with context.obj.desk() as desk:
            _report(context, desk.papers.check_evidence(data))


def _report(context: typer.Context, proven: "Proven") -> None:
    if context.obj.json:
        print_json(
            {
                "genuine": True,
                "by": proven.by,
                "name": proven.name,
                "fingerprint": proven.fingerprint,
                "made_at": proven.made_at,
            }
        )
        return
    say(
        _("The evidence is whole: made on %(day)s, signed by %(name)s (%(fingerprint)s).")
        % {
            "day": show_moment(moment_of(proven.made_at)),
            "name": proven.name,
            "fingerprint": proven.fingerprint,
        }
    )
