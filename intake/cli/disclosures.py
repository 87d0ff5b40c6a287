"""`disclose` and `disclosures`: what is given to a partner of the geïntegreerd breed onthaal (P4)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from intake.cli.options import day_option
from intake.cli.output import print_json, say, table
from intake.cli.sources import secret_file
from intake.formats import show_date, show_moment, show_phone
from intake.plaintext import clean_line
from intake.rows import iso
from intake.texts import _
from intake.words import FIELD_WORDS

if TYPE_CHECKING:
    from intake.registers import Disclosure


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""

    @app.command(
        help=_(
            "Record that fields go to a partner, with the client's agreement; shows exactly these fields once."
        )
    )
    def disclose(
        context: typer.Context,
        words: Annotated[
            list[str],
            typer.Argument(
                metavar="REF [FIELD]...", help=_("A reference such as D2026-0042, and more fields.")
            ),
        ],
        partner: Annotated[str, typer.Option(help=_("A partner that the settings name."))],
        fields: Annotated[
            list[str],
            typer.Option(help=_("The fields, such as first_name,phone; may be given several times.")),
        ],
        why: Annotated[str, typer.Option(help=_("The reason, in a few words."))],
        client_agrees: Annotated[
            bool, typer.Option("--client-agrees", help=_("The client agrees to this disclosure."))
        ] = False,
        agreed_on: Annotated[
            str | None, typer.Option(help=_("The day on which the client agreed, as 2026-11-21."))
        ] = None,
        out: Annotated[
            Path | None, typer.Option(help=_("Write the values to this new file instead."))
        ] = None,
    ) -> None:
        chosen = [part for text in (*fields, *words[1:]) for part in text.split(",")]
        day = day_option(agreed_on)
        with secret_file(out) as keep, context.obj.desk() as desk:
            passed = desk.disclosures.disclose(
                words[0], partner, chosen, why, client_agrees=client_agrees, agreed_on=day
            )
            document = _json(passed.disclosure) | {"values": passed.values}
            keep(orjson.dumps(document).decode())
        if out is not None:
            if context.obj.json:
                print_json(_json(passed.disclosure) | {"file": str(out)})
            else:
                say(f"{passed.disclosure.id}: {out}")
        elif context.obj.json:
            print_json(document)
        else:
            say(f"{passed.disclosure.id} · {clean_line(passed.disclosure.partner)}")
            for name, value in passed.values.items():
                shown = show_phone(value) if name == "phone" else clean_line(value or "–")
                say(f"{_(FIELD_WORDS[name])}: {shown}")

    @app.command(help=_("What was disclosed to partners: of one referral, or all. No client data."))
    def disclosures(
        context: typer.Context,
        ref: Annotated[
            str | None, typer.Argument(metavar="REF", help=_("A reference such as D2026-0042."))
        ] = None,
    ) -> None:
        with context.obj.desk() as desk:
            items = desk.disclosures.items(ref)
        if context.obj.json:
            print_json([_json(item) for item in items])
        elif items:
            table(
                (
                    (
                        i.id,
                        i.reference,
                        show_moment(i.at),
                        i.by,
                        i.partner,
                        ", ".join(_(FIELD_WORDS[name]) for name in i.fields),
                        show_date(i.agreed_on),
                        i.reason,
                    )
                    for i in items
                ),
                (
                    *("ID", _("Reference"), _("When"), _("Who"), _("Partner"), _("Fields")),
                    *(_("Agreed on"), _("Why")),
                ),
            )
        else:
            say(_("Nothing was disclosed."))


def _json(disclosure: "Disclosure") -> dict[str, Any]:
    return {
        "id": disclosure.id,
        "reference": disclosure.reference,
        "partner": disclosure.partner,
        "fields": list(disclosure.fields),
        "at": iso(disclosure.at),
        "by": disclosure.by,
        "agreed_on": disclosure.agreed_on.isoformat(),
        "reason": disclosure.reason,
    }
