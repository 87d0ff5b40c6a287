"""`quarantine list|show|retry|register|reject|draft`: messages that became no referral, and what is decided on them."""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intake.cli.options import day_option
from intake.cli.output import print_json, say, table
from intake.cli.referrals import report
from intake.cli.sources import read_secret
from intake.client import CLIENT_FIELDS, Client, Consent
from intake.errors import WrongUse, sentence
from intake.formats import show_moment
from intake.plaintext import clean_lines
from intake.rejecting import BECAUSE_WORDS, Because
from intake.rows import iso
from intake.texts import _
from intake.words import PURPOSE
from intake.workdays import local_date

if TYPE_CHECKING:
    from intake.desk.passphrases import NewPassphrase
    from intake.desk.quarantine import Person, QuarantineItem
    from intake.desk.rereading import Retried

EXIT_UNFINISHED = 1
LONGEST_INPUT = 100_000


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help=_("Messages that could not become referrals."), no_args_is_help=True)
    app.add_typer(group, name="quarantine")
    _register_looking(group)
    _register_deciding(group)


def _register_looking(group: typer.Typer) -> None:
    @group.command("list", help=_("What is in quarantine, and why."))
    def list_(context: typer.Context) -> None:
        from intake.causes import CAUSE_WORDS

        with context.obj.desk() as desk:
            items = desk.quarantine.items()
        if context.obj.json:
            print_json([_json(item) for item in items])
        elif items:
            table(
                ((i.id, show_moment(i.received_at), i.sender or "–", _(CAUSE_WORDS[i.cause])) for i in items),
                ("ID", _("Received"), _("Sender"), _("Cause")),
            )
        else:
            say(_("The quarantine is empty."))

    @group.command("show", help=_("One message in quarantine, with the text that could be read."))
    def show(context: typer.Context, key: Annotated[str, typer.Argument(metavar="ID")]) -> None:
        from intake.causes import CAUSE_WORDS, WHAT_TO_DO

        with context.obj.desk() as desk:
            item = desk.quarantine.show(key)
        if context.obj.json:
            more = {"text": item.text, "seen": item.seen, "goes_on": item.goes_on.isoformat()}
            print_json(_json(item) | more)
            return
        say(f"{item.id}  {show_moment(item.received_at)}  {item.sender or '–'}")
        say(_(CAUSE_WORDS[item.cause]))
        say(_(WHAT_TO_DO[item.cause]))
        if item.seen:
            say(_("Seen: %(what)s") % {"what": clean_lines(item.seen)})
        if item.text:
            say(_(PURPOSE))
            say()
            for line in item.text.splitlines():
                say(clean_lines(line))


def _register_deciding(group: typer.Typer) -> None:
    number = Annotated[str, typer.Argument(metavar="ID", help=_("A number such as Q2026-0001."))]

    @group.command(help=_("Read messages anew from the mailbox, with today's passphrases and settings."))
    def retry(
        context: typer.Context,
        keys: Annotated[
            list[str] | None, typer.Argument(metavar="ID…", help=_("Numbers such as Q2026-0001."))
        ] = None,
        every: Annotated[bool, typer.Option("--all", help=_("All that is in quarantine."))] = False,
        archive_passphrase_file: Annotated[
            Path | None,
            typer.Option(
                help=_(
                    "A file whose first line is a new archive passphrase; kept when it opens one of these."
                )
            ),
        ] = None,
        label: Annotated[
            str | None, typer.Option(help=_("How the log names the new passphrase; the day when left out."))
        ] = None,
        valid_from: Annotated[
            str | None,
            typer.Option(help=_("From which day you send with it, as 2026-11-21; today when left out.")),
        ] = None,
    ) -> None:
        if bool(keys) == every:
            raise WrongUse(problem=_("Name the messages to read again, or say --all."))
        new = _new_passphrase(archive_passphrase_file, label, valid_from)
        with context.obj.desk() as desk:
            results = desk.quarantine.retry(None if every else keys, new)
        if len(results) == 1 and results[0].problem is not None:
            raise results[0].problem
        if context.obj.json:
            print_json([_retried_json(one) for one in results])
        else:
            _print_retried(results)
        if any(one.problem is not None for one in results):
            raise typer.Exit(EXIT_UNFINISHED)

    @group.command(
        help=_(
            "Register by hand who is on a form. Standard input gives a JSON object, or a list of them, with the fields "
            "%(fields)s, and consent (confirmed, not-stated, disputed or withdrawn)."
        )
        % {"fields": ", ".join(CLIENT_FIELDS)}
    )
    def register(
        context: typer.Context,
        key: number,
        more: Annotated[
            bool, typer.Option("--more", help=_("Keep the message: another person is on the form too."))
        ] = False,
    ) -> None:
        people = _people(sys.stdin.read(LONGEST_INPUT + 1))
        with context.obj.desk() as desk:
            report(context.obj, list(desk.quarantine.register(key, people, more=more)))

    @group.command(
        help=_("Reject a message: it goes at the next retention run, and the sender is told where fitting.")
    )
    def reject(
        context: typer.Context,
        key: number,
        why: Annotated[str, typer.Option("--why", help=_("A word for the log, without the client's name."))],
        because: Annotated[
            Because | None, typer.Option(help=_("The reason; the usual one of its cause when left out."))
        ] = None,
        draft: Annotated[
            bool | None, typer.Option("--draft/--no-draft", help=_("Prepare a mail to the sender, or none."))
        ] = None,
    ) -> None:
        with context.obj.desk() as desk:
            done = desk.quarantine.reject(key, why, because, draft=draft)
        if context.obj.json:
            print_json(
                {
                    "id": done.id,
                    "because": done.because.value,
                    "draft": done.draft,
                    "incident": done.incident,
                }
            )
            return
        say(_("%(id)s: rejected, %(because)s") % {"id": done.id, "because": _(BECAUSE_WORDS[done.because])})
        if done.draft:
            say(_("The draft to the sender lies in the mailbox; read it and send it."))
        if done.incident:
            say(_("Record it as a breach: ocmw-intake breach open --quarantine %(id)s") % {"id": done.id})

    @group.command(help=_("Place the draft of a rejected message that the mailbox did not take before."))
    def draft(context: typer.Context, key: number) -> None:
        with context.obj.desk() as desk:
            desk.quarantine.draft(key)
        if context.obj.json:
            print_json({"id": key, "draft": True})
        else:
            say(_("The draft to the sender lies in the mailbox; read it and send it."))


def _json(item: "QuarantineItem") -> dict[str, Any]:
    return {
        "id": item.id,
        "cause": item.cause.value,
        "received_at": iso(item.received_at),
        "sender": item.sender,
        "attempts": item.attempts,
    }


def _new_passphrase(file: Path | None, label: str | None, valid_from: str | None) -> "NewPassphrase | None":
    from intake.desk.passphrases import NewPassphrase

    if file is None:
        if label is not None or valid_from is not None:
            raise WrongUse(problem=_("Give the new passphrase with --archive-passphrase-file."))
        return None
    today = local_date(datetime.now(UTC))
    day = day_option(valid_from) or today
    return NewPassphrase(label or day.isoformat(), read_secret(file, "--archive-passphrase-file"), day)


def _retried_json(one: "Retried") -> dict[str, Any]:
    return {
        "id": one.id,
        "references": list(one.references),
        "cause": one.cause.value if one.cause else None,
        "problem": sentence(one.problem) if one.problem else None,
    }


def _print_retried(results: "Iterable[Retried]") -> None:
    from intake.causes import CAUSE_TITLES

    found = False
    for one in results:
        found = True
        if one.problem is not None:
            say(f"{one.id}: {sentence(one.problem)}")
            continue
        if one.references:
            say(f"{one.id}: → {', '.join(one.references)}")
        if one.cause is not None:
            say(
                _("%(id)s: stays in quarantine, %(cause)s")
                % {"id": one.id, "cause": _(CAUSE_TITLES[one.cause])}
            )
    if not found:
        say(_("The quarantine is empty."))


def _people(text: str) -> "list[Person]":
    """Who was given on standard input. Raises WrongUse, which never quotes it."""
    from intake.desk.quarantine import Person

    usage = _(
        "Give a JSON object with the client's fields and 'consent' on standard input, or a list of them."
    )
    try:
        given = json.loads(text) if len(text) <= LONGEST_INPUT else None
    except (ValueError, RecursionError):
        given = None
    entries = given if isinstance(given, list) else [given]
    people: list[Person] = []
    for entry in entries:
        if not isinstance(entry, dict) or not all(v is None or isinstance(v, str) for v in entry.values()):
            raise WrongUse(problem=usage)
        if any(name not in (*CLIENT_FIELDS, "consent") for name in entry):
            raise WrongUse(
                problem=_(
                    "Only the fields of article 3 may be given, and 'consent' (P3). Leave out the others."
                )
            )
        try:
            consent = Consent(entry.get("consent") or "")
        except ValueError:
            raise WrongUse(
                problem=_("Say what the sender stated: consent confirmed, not-stated, disputed or withdrawn.")
            ) from None
        people.append(Person(Client.from_dict(entry), consent))
    if not people:
        raise WrongUse(problem=usage)
    return people
