"""What commands print: one JSON document, or lines for people."""

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from intake.deadlines import KIND_WORDS, inform_by
from intake.formats import show_address, show_date, show_moment, show_name, show_phone
from intake.informing import informed_text
from intake.likeness import TRAIT_WORDS
from intake.plaintext import clean_line
from intake.referral import Referral, State
from intake.rows import iso
from intake.telling import detail_text, step_text
from intake.texts import _
from intake.words import CONSENT_WORDS, FLAG_WORDS, PURPOSE, PURPOSES, STATE_WORDS, STEP_WORDS

if TYPE_CHECKING:
    from intake.desk.reading import Line, View

Json = dict[str, Any]


def print_json(value: object) -> None:
    """One JSON document on standard output, and nothing else."""
    sys.stdout.write(orjson.dumps(value).decode() + "\n")
    sys.stdout.flush()


def say(text: str = "") -> None:
    """One line for people; what the terminal cannot show is replaced, not a crash."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def warn_of_note(text: str) -> None:
    """Say on standard error when a note looks like data that are not needed; it is kept all the same (P3, A3)."""
    from intake.special import warning

    if said := warning(text):
        sys.stderr.write(said + "\n")


def table(rows: Iterable[Sequence[str]], head: Sequence[str]) -> None:
    """Columns for people, as wide as their widest value."""
    lines = [tuple(head), *(tuple(clean_line(cell) for cell in row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    for line in lines:
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def line_json(line: "Line") -> Json:
    """A worklist row as `cli.md` has it."""
    referral = line.referral
    return {
        "reference": referral.reference,
        "state": referral.state.value,
        "received_at": iso(referral.received_at),
        "assigned_to": referral.assigned_to,
        "attempts": len(referral.attempts),
        "due_on": line.due_on.isoformat() if line.due_on else None,
        "discard_on": line.discard.goes_on.isoformat() if line.discard and line.discard.goes_on else None,
        "client": line.client.as_dict() if line.client else None,
    }


def referral_json(referral: Referral) -> Json:
    """What a step reports: workflow facts, no client."""
    return {
        "reference": referral.reference,
        "state": referral.state.value,
        "assigned_to": referral.assigned_to,
        "attempts": len(referral.attempts),
        "version": referral.version,
    }


def view_json(view: "View") -> Json:
    """`show`: the row, and what belongs to one referral."""
    referral = view.referral
    return line_json(view.line) | {
        "consent": referral.consent.value,
        "flags": list(referral.flags),
        "on_hold": referral.on_hold,
        "letter_proposed": view.letter_proposed,
        "deadlines": [{"kind": d.kind.value, "on": d.on.isoformat()} for d in view.deadlines],
        "alike": [
            {
                "reference": other.reference,
                "same": [trait.value for trait in other.same],
                "case_number": other.case_number,
            }
            for other in view.line.alike
        ],
        "case_number": referral.case_number,
        "purposes": [_(purpose) for purpose in PURPOSES],
        "informed_on": referral.informed_on.isoformat() if referral.informed_on else None,
        "inform_by": by.isoformat() if (by := inform_by(referral)) else None,
        "timeline": [
            {"at": iso(h.at), "by": h.by, "step": h.step, "detail": h.detail} for h in referral.timeline
        ],
        "notes": [{"at": iso(n.at), "by": n.by, "step": n.step, "text": n.text} for n in view.payload.notes],
        "allowed": [v.step.value for v in view.steps if v.allowed],
        "refused": {v.step.value: v.why_not for v in view.steps if not v.allowed},
    }


def print_lines(lines: "Sequence[Line]") -> None:
    """The worklist for people."""
    head = (
        _("Reference"),
        _("State"),
        _("Received"),
        _("Due"),
        _("Attempts"),
        _("Worker"),
        _("Name"),
        _("Municipality"),
    )
    table(
        (
            (
                line.referral.reference,
                _(STATE_WORDS[line.referral.state]),
                show_moment(line.referral.received_at),
                show_date(line.due_on),
                str(len(line.referral.attempts)),
                line.referral.assigned_to or "–",
                show_name(line.client) if line.client else "–",
                (line.client.municipality or "") if line.client else "–",
            )
            for line in lines
        ),
        head,
    )


def print_view(view: "View", today: date) -> None:
    """One referral for people."""
    referral, client = view.referral, view.payload.client
    say(_(PURPOSE))
    say()
    pairs = [
        (_("Reference"), referral.reference),
        (_("State"), _(STATE_WORDS[referral.state])),
        (_("Name"), show_name(client)),
        (_("Address"), show_address(client, _("box"))),
        (_("Telephone"), show_phone(client.phone)),
        (_("E-mail"), client.email or ""),
        (_("Consent"), _(CONSENT_WORDS[referral.consent])),
        (_("Received"), show_moment(referral.received_at)),
        (_("Worker"), referral.assigned_to or "–"),
        (_("Due"), show_date(view.line.due_on)),
    ]
    pairs += [(_("Due by"), f"{show_date(d.on)} · {_(KIND_WORDS[d.kind])}") for d in view.deadlines]
    if view.letter_proposed:
        letter = {"command": f"ocmw-intake letter {referral.reference} --out FILE.pdf"}
        pairs.append((_("Proposal"), _("a neutral letter: %(command)s") % letter))
    for other in view.line.alike:
        same = ", ".join(_(TRAIT_WORDS[trait]) for trait in other.same)
        number = _(" · case file %(number)s") % {"number": clean_line(other.case_number or "")}
        shown = f"{other.reference} ({same}){number if other.case_number else ''}"
        pairs.append((_("Perhaps the same"), shown))
    if informed := informed_text(referral, today):
        pairs.append((_("Informed"), informed))
    if view.line.discard:
        pairs.append(
            (_("Discard"), f"{show_date(view.line.discard.goes_on) or '?'} · {_(view.line.discard.basis)}")
        )
    pairs += [(_("Look at"), _(FLAG_WORDS[flag])) for flag in FLAG_WORDS if flag.value in referral.flags]
    width = max(len(label) for label, _value in pairs)
    for label, value in pairs:
        say(f"{label.ljust(width)}  {clean_line(value)}")
    say()
    for happening in referral.timeline:
        words, detail = step_text(happening.step), detail_text(happening, {})
        say(f"{show_moment(happening.at)}  {happening.by}  {words}  {detail}".rstrip())
    for note in view.payload.notes:
        say(f"{show_moment(note.at)}  {note.by}  {clean_line(note.text)}")
    say()
    for verdict in view.steps:
        mark = "+" if verdict.allowed else "-"
        say(f"{mark} {_(STEP_WORDS[verdict.step])}" + (f": {verdict.why_not}" if verdict.why_not else ""))


STATES = tuple(state.value for state in State if state not in (State.DISCARDED, State.DISCARDING))
