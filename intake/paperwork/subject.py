"""The copy of everything held on a client, for the client: JSON to take along, PDF to read (GDPR 15, 20).

Colleagues are named by their role: they act under the OCMW's authority and are no recipients (GDPR 4.9).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson

from intake.agreement import Agreement
from intake.formats import show_date, show_moment, show_phone
from intake.informing import informed_text
from intake.paperwork.files import write_paper
from intake.plaintext import clean_line, clean_lines
from intake.referral import Referral, Step
from intake.retention import Due
from intake.rows import Payload, iso
from intake.staff import ROLE_WORDS, Role
from intake.telling import step_text
from intake.texts import N_, _
from intake.words import (
    CHANNEL_WORDS,
    CONSENT_WORDS,
    FIELD_WORDS,
    PURPOSES,
    STATE_WORDS,
    result_words,
)
from intake.workdays import local_date

SOURCE = "Kind en Gezin"
AUTHORITIES: tuple[tuple[str, str, str], ...] = (
    (
        "Vlaamse Toezichtcommissie voor de verwerking van persoonsgegevens",
        "Koning Albert II-laan 15, 1210 Brussel",
        "contact@toezichtcommissie.be",
    ),
    (
        "Gegevensbeschermingsautoriteit",
        "Drukpersstraat 35, 1000 Brussel",
        "www.gegevensbeschermingsautoriteit.be",
    ),
)
"""Where one may complain of a Flemish local authority: the Flemish committee supervises it, the federal authority the rest."""

RIGHTS: tuple[str, ...] = (
    N_("You may see these data and get a copy (GDPR 15)."),
    N_("You may have wrong or incomplete data put right (GDPR 16)."),
    N_(
        "You may withdraw your consent at any time and have the data erased, unless the law has them kept (GDPR 7, 17)."
    ),
    N_("You may have their use restricted while a dispute lasts (GDPR 18)."),
    N_("You may take them along in a machine-readable form: the JSON file beside this one (GDPR 20)."),
)
_NAMED = frozenset({Step.ASSIGN.value, Step.TAKE.value, Step.UNASSIGN.value})
"""Steps whose detail is the account name of a colleague."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How often people of a role saw the data, of the access log (A12)."""

    roles: tuple[str, ...]
    times: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Passed:
    """Data that went to a partner organisation (P4)."""

    partner: str
    fields: tuple[str, ...]
    on: str


@dataclass(frozen=True, slots=True)
class Reported:
    """A field that was reported to the sender as not right (P7): never its value."""

    field: str
    what: str
    on: str


@dataclass(frozen=True, slots=True)
class Copy:
    """All that is told. `roles` are the role codes of colleagues by account."""

    referral: Referral
    payload: Payload = field(repr=False)
    agreement: Agreement
    due: Due | None
    seen: tuple[Seen, ...]
    passed: tuple[Passed, ...]
    reported: tuple[Reported, ...]
    roles: Mapping[str, tuple[str, ...]]
    made_at: datetime

    def role(self, account: str) -> list[str]:
        """The roles of a colleague, in place of the name."""
        return list(self.roles.get(account, ()))


def write_copy(file: Path, copy: Copy) -> list[Path]:
    """Write the JSON at `file` and the PDF beside it; both new and for this user only. Returns their paths.

    Both are made before the first is written; what was written is taken back when the second fails. Raises
    WrongUse, in words.
    """
    sheet = file.with_suffix(".pdf")
    data = file if file.suffix.casefold() != ".pdf" else file.with_suffix(".json")
    forms = {data: as_json(copy), sheet: as_pdf(copy)}
    return write_paper(forms)


def _retention_text(copy: Copy) -> str:
    if copy.due is not None and copy.due.on is not None:
        return f"{show_date(copy.due.on)} ({_(copy.due.basis)})"
    return _(
        "Kept until contact took place and it is clear whether you want help (P3); then discarded, or kept as a case "
        "file until ten years after it is closed."
    )


def as_json(copy: Copy) -> bytes:
    """The copy as one JSON document; dates are ISO."""
    referral, payload = copy.referral, copy.payload
    due = copy.due
    agreement = copy.agreement
    value: dict[str, Any] = {
        "reference": referral.reference,
        "made_at": iso(copy.made_at),
        "controller": {
            "name": agreement.ocmw,
            "address": agreement.receiving_party.address,
            "dpo": {"name": agreement.dpo.name, "email": agreement.dpo.email},
        },
        "client": payload.client.as_dict(),
        "consent": referral.consent.value,
        "state": referral.state.value,
        "received_at": iso(referral.received_at),
        "contacted_at": iso(referral.contacted_at) if referral.contacted_at else None,
        "informed_on": referral.informed_on.isoformat() if referral.informed_on else None,
        "wish": referral.wish.value if referral.wish else None,
        "case_number": referral.case_number,
        "closed_because": referral.closed_because.value if referral.closed_because else None,
        "attempts": [
            {"at": iso(a.at), "by": copy.role(a.by), "channel": a.channel.value, "result": a.result.value}
            for a in referral.attempts
        ],
        "notes": [
            {"at": iso(n.at), "by": copy.role(n.by), "step": n.step, "text": n.text} for n in payload.notes
        ],
        "timeline": [
            {
                "at": iso(h.at),
                "by": copy.role(h.by),
                "step": h.step,
                "detail": "" if h.step in _NAMED else h.detail,
            }
            for h in referral.timeline
        ],
        "source": {"name": SOURCE, "organisation": agreement.sender},
        "purposes": [_(purpose) for purpose in PURPOSES],
        "legal_basis": _("consent (GDPR 6.1(a); the protocol, recital C)"),
        "seen_by": [
            {
                "roles": list(seen.roles),
                "times": seen.times,
                "first": seen.first.isoformat(),
                "last": seen.last.isoformat(),
            }
            for seen in copy.seen
        ],
        "recipients": [
            {"partner": passed.partner, "fields": list(passed.fields), "on": passed.on}
            for passed in copy.passed
        ],
        "reported_to_source": [
            {"field": reported.field, "what": reported.what, "on": reported.on} for reported in copy.reported
        ],
        "retention": {
            "discard_on": due.on.isoformat() if due and due.on else None,
            "hold_until": referral.hold_until.isoformat() if referral.hold_until else None,
            "basis": _retention_text(copy),
        },
        "rights": [_(right) for right in RIGHTS],
        "complaints": [
            {"name": name, "address": address, "contact": mail} for name, address, mail in AUTHORITIES
        ],
        "also_held": [_(_ALSO_HELD)],
    }
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)


_ALSO_HELD = N_(
    "The encrypted message in which the data came, in the OCMW's mailbox, and copies in the program's backups; both are "
    "cleared when the data are discarded. No decision is made by machine."
)


def _who(roles: tuple[str, ...] | list[str]) -> str:
    return ", ".join(_(ROLE_WORDS[Role(role)]) for role in roles) or "–"


def as_pdf(copy: Copy) -> bytes:
    """The copy to read."""
    from intake.paperwork.pages import facts, gap, made, paragraph

    title = _("What is held on you")
    story: list[Any] = [paragraph(title, "Title")]
    for heading, parts in _chapters(copy):
        if heading:
            story.append(paragraph(heading, "Heading2"))
        for part in parts:
            if isinstance(part, str):
                story.append(paragraph(clean_lines(part)))
            else:
                story.append(facts((clean_line(a), clean_line(b)) for a, b in part))
        story.append(gap(4))
    return made(story, title, copy.agreement.ocmw)


Pairs = list[tuple[str, str]]


def _chapters(copy: Copy) -> list[tuple[str, list[str | Pairs]]]:
    """What the paper says, heading by heading."""
    referral, payload, agreement = copy.referral, copy.payload, copy.agreement
    client = payload.client.as_dict() | {"phone": show_phone(payload.client.phone)}
    held: Pairs = [
        (_("Reference"), referral.reference),
        *((_(FIELD_WORDS[name]), value or "–") for name, value in client.items()),
        (_("Consent"), _(CONSENT_WORDS[referral.consent])),
        (_("State"), _(STATE_WORDS[referral.state])),
        (_("Received"), show_moment(referral.received_at)),
        (_("Informed"), informed_text(referral, local_date(copy.made_at)) or "–"),
        (_("Case file"), referral.case_number or "–"),
    ]
    attempts: list[str | Pairs] = [
        f"{show_moment(a.at)} · {_who(copy.role(a.by))} · {_(CHANNEL_WORDS[a.channel])} · {_(result_words(a.channel, a.result))}"
        for a in referral.attempts
    ]
    notes: list[str | Pairs] = [
        f"{show_moment(n.at)} · {_who(copy.role(n.by))}\n{n.text}" for n in payload.notes
    ]
    timeline: list[str | Pairs] = [
        f"{show_moment(h.at)} · {_who(copy.role(h.by))} · {step_text(h.step)}" for h in referral.timeline
    ]
    seen: list[str | Pairs] = [
        _("%(who)s: %(times)d times, from %(first)s to %(last)s")
        % {
            "who": _who(s.roles),
            "times": s.times,
            "first": show_date(s.first),
            "last": show_date(s.last),
        }
        for s in copy.seen
    ]
    passed: list[str | Pairs] = [
        f"{p.partner}, {p.on}: " + ", ".join(_(FIELD_WORDS.get(name, name)) for name in p.fields)
        for p in copy.passed
    ]
    reported: list[str | Pairs] = [
        f"{r.on}: " + (_(FIELD_WORDS[r.field]) if r.field in FIELD_WORDS else r.field) for r in copy.reported
    ]
    dpo = ", ".join(part for part in (agreement.dpo.name, agreement.dpo.email) if part)
    complaints: list[str | Pairs] = [", ".join(authority) for authority in AUTHORITIES]
    nothing = _("None.")
    return [
        (
            "",
            [
                ", ".join(p for p in (agreement.ocmw, agreement.receiving_party.address) if p),
                show_moment(copy.made_at),
            ],
        ),
        (_("Your data"), [held]),
        (_("Contact attempts"), attempts or [nothing]),
        (_("Notes"), notes or [nothing]),
        (_("Timeline"), timeline),
        (_("Where they came from"), [f"{SOURCE} ({agreement.sender})"]),
        (_("What they are for"), [*(_(purpose) for purpose in PURPOSES)]),
        (_("On what ground"), [_("consent (GDPR 6.1(a); the protocol, recital C)")]),
        (_("Who of the OCMW saw them"), seen or [nothing]),
        (_("To whom they were passed on"), passed or [nothing]),
        (_("What was reported to the sender as not right"), reported or [nothing]),
        (_("How long they are kept"), [_retention_text(copy)]),
        (_("What else is kept"), [_(_ALSO_HELD)]),
        (_("Your rights"), [*(_(right) for right in RIGHTS)]),
        (_("Questions and complaints"), [*([dpo] if dpo else []), *complaints]),
    ]
