"""`form blank|pack`: the fillable fiche for the sending team, and a correctly encrypted archive of a filled one."""

from pathlib import Path
from typing import Annotated

import typer

from intake.cli.output import print_json, say
from intake.client import Consent
from intake.errors import WrongUse
from intake.texts import _
from intake.words import CONSENT_WORDS


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        help=_("The fiche for the sending team, and packing it as the agreement asks."), no_args_is_help=True
    )
    app.add_typer(group, name="form")

    @group.command(help=_("Write the blank fiche: a PDF to fill in, with only the agreed fields."))
    def blank(
        context: typer.Context,
        out: Annotated[Path, typer.Option(help=_("The new file, ending in .pdf."))],
    ) -> None:
        from intake.paperwork.fiche import blank_fiche
        from intake.paperwork.files import check_ending, write_paper

        check_ending(out, ".pdf")
        write_paper({out: blank_fiche()})
        if context.obj.json:
            print_json({"file": str(out)})
        else:
            say(str(out))

    @group.command(help=_("Pack a filled form as an encrypted 7-Zip file, its file names too."))
    def pack(
        context: typer.Context,
        form: Annotated[Path, typer.Argument(metavar="F", help=_("The filled form."))],
        to: Annotated[Path, typer.Option(help=_("The new file, ending in .7z."))],
        archive_passphrase_file: Annotated[
            Path | None,
            typer.Option(help=_("A file whose first line encrypts it; else the office's first passphrase.")),
        ] = None,
    ) -> None:
        from intake.cli.sources import read_secret
        from intake.paperwork.files import check_ending, check_new, write_paper
        from intake.paperwork.sending import pack_form

        check_ending(to, ".7z")
        check_new(to)
        data = _read(form)
        if archive_passphrase_file is not None:
            packed = pack_form(
                data, form.suffix, read_secret(archive_passphrase_file, "--archive-passphrase-file")
            )
        else:
            with context.obj.desk() as desk:
                packed = desk.papers.pack(data, form.suffix)
        write_paper({to: packed.archive})
        if context.obj.json:
            print_json(
                {
                    "file": str(to),
                    "clients": len(packed.consents),
                    "consent": [consent.value for consent in packed.consents],
                    "superfluous": packed.superfluous,
                }
            )
            return
        say(str(to))
        for consent in packed.consents:
            say(_("Consent: %(consent)s") % {"consent": _(CONSENT_WORDS[consent])})
        if Consent.NOT_STATED in packed.consents:
            say(
                _(
                    "The form does not say that the client was informed and consents: the receiver will ask it."
                )
            )
        if packed.superfluous:
            say(_("The form holds more than the agreed fields. Take out what is superfluous (P3)."))


def _read(path: Path) -> bytes:
    from intake.form.model import MAX_FILE

    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError:
        raise WrongUse(problem=_("The form cannot be read. Check its name and rights.")) from None
    if len(data) > MAX_FILE:
        raise WrongUse(problem=_("The form is larger than a form can be. Check the name of the file."))
    return data
