"""`breach open|list|update|notice|close`: the breach register (P9, GDPR 33)."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from intake.causes import CAUSE_TITLES
from intake.cli.options import moment_option
from intake.cli.output import print_json, say, table
from intake.errors import WrongUse
from intake.formats import show_moment
from intake.plaintext import clean_line
from intake.registers import BREACH_WORDS, BreachKind
from intake.rows import iso
from intake.telling_breaches import clock_words, draft_words
from intake.texts import _

if TYPE_CHECKING:
    from intake.desk.breaches import Listed, Proposal
    from intake.registers import Breach

WIDEST = 60
"""Of what happened, in the list."""


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        help=_("The register of data breaches, with the 72-hour clock."), no_args_is_help=True
    )
    app.add_typer(group, name="breach")
    number = Annotated[str, typer.Argument(metavar="ID", help=_("A number such as L2026-0001."))]
    what_option = Annotated[str | None, typer.Option(help=_("What happened, without a client's name."))]
    categories_option = Annotated[str | None, typer.Option(help=_("Which kinds of data and of people."))]
    people_option = Annotated[int | None, typer.Option(help=_("About how many people."))]
    records_option = Annotated[int | None, typer.Option(help=_("About how many records."))]
    consequences_option = Annotated[str | None, typer.Option(help=_("What may come of it."))]
    measures_option = Annotated[str | None, typer.Option(help=_("What was or will be done about it."))]

    @group.command("open", help=_("Record a breach; the 72 hours run from the moment it is known."))
    def open_(
        context: typer.Context,
        what: what_option = None,
        known_at: Annotated[
            str | None, typer.Option(help=_("When it became known, as 2026-11-21T14:30."))
        ] = None,
        reference: Annotated[
            list[str] | None, typer.Option(help=_("A referral it touches; may be given several times."))
        ] = None,
        kind: Annotated[BreachKind | None, typer.Option(help=_("What sort of breach."))] = None,
        quarantine: Annotated[
            str | None, typer.Option(help=_("Take the facts from this message in quarantine."))
        ] = None,
        categories: categories_option = None,
        people: people_option = None,
        records: records_option = None,
        consequences: consequences_option = None,
        measures: measures_option = None,
    ) -> None:
        from intake.desk.breaches import Account

        account = Account(what, categories, people, records, consequences, measures)
        known = moment_option(known_at)
        with context.obj.desk() as desk:
            breach = desk.breaches.open(
                account, known, references=reference or (), kind=kind, quarantine=quarantine
            )
            now = desk.office.now()
        _report(context, breach, breach.hours_left(now))

    @group.command("list", help=_("All breaches with the hours that are left, and what is proposed as one."))
    def list_(context: typer.Context) -> None:
        with context.obj.desk() as desk:
            items = desk.breaches.items()
            proposals = desk.breaches.proposals()
        if context.obj.json:
            print_json(
                {
                    "breaches": [_listed_json(i) for i in items],
                    "proposals": [_proposal_json(p) for p in proposals],
                }
            )
            return
        if items:
            table(
                (
                    (
                        i.breach.id,
                        show_moment(i.breach.known_at),
                        " · ".join(
                            filter(
                                None,
                                (
                                    clock_words(i.breach, i.hours_left),
                                    draft_words(waits=i.draft_waits, ready_since=i.ready_since),
                                ),
                            )
                        ),
                        _(BREACH_WORDS[i.breach.kind]),
                        _short(i.text.what) if i.text else "–",
                    )
                    for i in items
                ),
                ("ID", _("Known since"), _("Clock"), _("Kind"), _("What happened")),
            )
        else:
            say(_("No breaches are recorded."))
        for proposal in proposals:
            say(
                _("Look at %(item)s (%(cause)s): 'ocmw-intake breach open --quarantine %(item)s'.")
                % {"item": proposal.item, "cause": _(CAUSE_TITLES[proposal.cause])}
            )

    @group.command(help=_("Complete what is known of a breach."))
    def update(
        context: typer.Context,
        key: number,
        what: what_option = None,
        categories: categories_option = None,
        people: people_option = None,
        records: records_option = None,
        consequences: consequences_option = None,
        measures: measures_option = None,
    ) -> None:
        from intake.desk.breaches import Account

        account = Account(what, categories, people, records, consequences, measures)
        with context.obj.desk() as desk:
            breach = desk.breaches.update(key, account)
            now = desk.office.now()
        _report(context, breach, breach.hours_left(now))

    @group.command(help=_("Tell both DPOs: a draft in the mailbox with the facts of article 33 GDPR."))
    def notice(
        context: typer.Context,
        key: number,
        told_at: Annotated[
            str | None, typer.Option(help=_("They were told otherwise, at this moment; no draft is made."))
        ] = None,
        sent_at: Annotated[
            str | None, typer.Option(help=_("The draft was sent at this moment; that stops the 72 hours."))
        ] = None,
    ) -> None:
        told, sent = moment_option(told_at), moment_option(sent_at)
        if told is not None and sent is not None:
            raise WrongUse(problem=_("Give either --sent-at or --told-at, not both."))
        with context.obj.desk() as desk:
            breach = desk.breaches.sent(key, sent) if sent else desk.breaches.notice(key, told)
            now = desk.office.now()
        if breach.noticed_at is None and not context.obj.json:
            say(
                _(
                    "%(id)s: the draft to both DPOs lies in the mailbox; read it and send it at once. "
                    "The clock runs until you record it: 'ocmw-intake breach notice %(id)s --sent-at MOMENT'."
                )
                % {"id": breach.id}
            )
            return
        _report(context, breach, breach.hours_left(now))

    @group.command(help=_("Close a breach with the measures taken; it stays in the register."))
    def close(
        context: typer.Context,
        key: number,
        measures: Annotated[str, typer.Option(help=_("What was or will be done about it."))],
    ) -> None:
        with context.obj.desk() as desk:
            breach = desk.breaches.close(key, measures)
        _report(context, breach, None)


def _short(text: str) -> str:
    """A text in one line of a table; what does not fit ends in an ellipsis."""
    line = clean_line(text)
    return line if len(line) <= WIDEST else line[: WIDEST - 1].rstrip() + "…"


def _json(breach: "Breach", hours_left: int | None) -> dict[str, Any]:
    return {
        "id": breach.id,
        "kind": breach.kind.value,
        "known_at": iso(breach.known_at),
        "due_at": iso(breach.due_at),
        "hours_left": hours_left,
        "references": list(breach.references),
        "quarantine": list(breach.quarantine),
        "opened_at": iso(breach.opened_at),
        "opened_by": breach.opened_by,
        "noticed_at": iso(breach.noticed_at) if breach.noticed_at else None,
        "closed_on": breach.closed_on.isoformat() if breach.closed_on else None,
    }


def _listed_json(item: "Listed") -> dict[str, Any]:
    text = item.text
    told = (
        {
            "what": text.what,
            "categories": text.categories,
            "people": text.people,
            "records": text.records,
            "consequences": text.consequences,
            "measures": text.measures,
            "closing": text.closing,
        }
        if text
        else None
    )
    return _json(item.breach, item.hours_left) | {
        "account": told,
        "draft": "to-place" if item.draft_waits else "to-send" if item.ready_since else None,
    }


def _proposal_json(proposal: "Proposal") -> dict[str, Any]:
    return {
        "quarantine": proposal.item,
        "cause": proposal.cause.value,
        "received_at": iso(proposal.received_at),
        "known_at": iso(proposal.known_at),
    }


def _report(context: typer.Context, breach: "Breach", hours_left: int | None) -> None:
    if context.obj.json:
        print_json(_json(breach, hours_left))
        return
    say(f"{breach.id}: {clock_words(breach, hours_left)}")
