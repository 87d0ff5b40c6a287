"""The evidence on paper (P6): the signed document beside it, in words. It reads the document and knows nothing else."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from reportlab.platypus import Flowable

from intake.agreement import Standing
from intake.causes import Cause
from intake.figures import HIDDEN, LEFT_OUT, RECEIVED
from intake.formats import show_date, show_moment
from intake.paperwork.counting import CELLS
from intake.paperwork.evidence import digest_of
from intake.paperwork.pages import facts, gap, grid, made, paragraph
from intake.paperwork.words import cell_words, left_out_words, outcome_words
from intake.rows import moment_of
from intake.staff import ROLE_WORDS, Role
from intake.texts import N_, _

_STANDING = {
    Standing.IN_FORCE.value: N_("in force"),
    Standing.NOT_YET.value: N_("not yet in force"),
    Standing.ENDED.value: N_("ended"),
    Standing.NOT_SET.value: N_("no agreement is set"),
}
_MEASURES = {
    "security-policy": N_("Security policy"),
    "security-plan": N_("Security plan"),
    "register": N_("Processing register"),
    "other": N_("Other"),
}
_REGISTERS = {"quality": N_("Data-quality notices (P7)"), "breaches": N_("Breaches (P9)")}
_STATES = {"open": N_("open"), "closed": N_("closed")}
_METHODS = {"by-hand": N_("Registered by hand")}
"""Of what came in no archive the log names no encryption."""
_AGAINST = {
    Cause.NOT_ENCRYPTED.value: N_("Messages that came unencrypted"),
    Cause.WEAK_ENCRYPTION.value: N_("Messages that came with weak encryption"),
}


def evidence_pdf(document: Mapping[str, Any], data: bytes) -> bytes:
    """The paper for a signed document, `data` being the bytes of its file, whose digest it prints."""
    agreement, signed = document["agreement"], document["signed"]
    parts: list[Flowable] = [
        paragraph(_("Evidence of the measures taken"), "Title"),
        paragraph(
            _(
                "Protocol for the electronic communication of personal data, article 6. Made on %(day)s by %(name)s."
            )
            % {"day": show_moment(moment_of(document["made_at"])), "name": signed["name"]}
        ),
        gap(3),
        facts(
            [
                (_("Receiving party"), _party(agreement["receiving_party"])),
                (_("Sending party"), _party(agreement["sending_party"])),
                (_("Agreement"), agreement["reference"]),
                (_("State"), _standing(agreement)),
                (_("In force from"), _day(agreement["in_force_from"])),
                (_("Decided by the council"), _day(agreement["council_decided_on"])),
                (_("Ends on"), _day(agreement["ends_on"]) or "–"),
                (_("DPO of the OCMW"), _contact(document["dpo"])),
                (_("DPO of the sender"), _contact(document["sender_dpo"])),
            ]
        ),
        *_table(
            _("Advices of the DPOs"),
            (_("By"), _("On"), _("Advice")),
            [
                (one["by"], _day(one["on"]), _("positive") if one["positive"] else _("not positive"))
                for one in document["advices"]
            ],
        ),
        *_table(
            _("Measures of article 6"),
            (_("What"), _("Document"), _("Version"), _("On")),
            [(_measure(one), one["title"], one["version"], _day(one["on"])) for one in document["measures"]],
        ),
        *(paragraph(f"• {text}") for text in document["register"]["measures"]),
        *_processors(document["processors"]),
        *_table(
            _("Publication on both websites"),
            (_("By"), _("Address"), _("Last looked at")),
            [
                (one["by"], one["url"], (_day(one["checked_on"]) or "–") + (" !" if one["to_check"] else ""))
                for one in document["publications"]
            ],
        ),
        *_counts(document["counts"]),
        *_encryption(document["encryption"]),
        *_log(document["log"]),
        *_retention(document["retention"]),
        *_backups(document["backups"]),
        *_staff(document["staff"]),
        *_registers(document["registers"]),
        *_signature(signed, data),
    ]
    return made(parts, _("Evidence of the measures taken"), agreement["receiving_party"]["name"])


def _table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[Flowable]:
    lines = list(rows)
    parts: list[Flowable] = [paragraph(title, "Heading2")]
    if not lines:
        return [*parts, paragraph(_("None."))]
    widths = (0.34, 0.46, 0.2) if len(head) == 3 else (0.24, 0.42, 0.16, 0.18)
    return [*parts, grid([head, *lines], widths, head=True)]


def _processors(processors: Mapping[str, Any]) -> list[Flowable]:
    table = _table(
        _("Processors"),
        (_("Processor"), _("Service"), _("Country"), _("Agreement")),
        [(p["name"], p["service"], p["country"], _day(p["agreement_on"])) for p in processors["list"]],
    )
    told = _("Version %(version)d, sent to Opgroeien on %(day)s.") % {
        "version": processors["version"],
        "day": _day(processors["sent_on"]) or "–",
    }
    return [*table, paragraph(told)]


def _counts(lines: list[Mapping[str, Any]]) -> list[Flowable]:
    years = [line for line in lines if len(line["period"]) == 4][-4:]
    rows = [
        (cell_words(name), *(_number(year[name]) for year in years))
        for name in (*CELLS, "quarantined")
        if years
    ]
    parts: list[Flowable] = [paragraph(_("Numbers by year of receipt"), "Heading2")]
    if not rows:
        return [*parts, paragraph(_("None."))]
    months = [f"{line['period']}: {_number(line[RECEIVED])}" for line in lines if len(line["period"]) == 7][
        -12:
    ]
    return [
        *parts,
        grid(
            [(_("Count"), *(year["period"] for year in years)), *rows],
            (2.2, *(1.0 for _year in years)),
            head=True,
        ),
        paragraph(_("Received by month: %(months)s") % {"months": " · ".join(months)}),
        *_legend(line[name] for line in (*years, *lines[-12:]) for name in line),
    ]


def _number(value: int | str | None) -> str:
    return LEFT_OUT if value is None else str(value)


def _legend(values: Iterable[int | str | None]) -> list[Flowable]:
    """What the marks mean that stand among these numbers."""
    seen = set(values)
    told = [
        _("%(mark)s fewer than five") % {"mark": HIDDEN} if HIDDEN in seen else "",
        left_out_words() if None in seen else "",
    ]
    text = " · ".join(filter(None, told))
    return [paragraph(text)] if text else []


def _encryption(encryption: Mapping[str, Any]) -> list[Flowable]:
    methods = encryption["referrals_by_method"]
    rows = [
        (_(_METHODS[method]) if method in _METHODS else method, _number(count))
        for method, count in methods.items()
    ]
    against = [
        (_(_AGAINST[cause]) if cause in _AGAINST else cause, str(count))
        for cause, count in encryption["messages_against_it"].items()
    ]
    all_good = _("yes") if encryption["all_aes_256"] else _("no")
    return [
        paragraph(_("Encryption check"), "Heading2"),
        facts([(_("All opened archives AES-256"), all_good), *rows, *against]),
        *_legend(methods.values()),
    ]


def _log(log: Mapping[str, Any]) -> list[Flowable]:
    if not log["holds"]:
        rows = [(_("The log holds"), _("no (%(why)s)") % {"why": log["problem"]})]
    else:
        rows = [
            (_("The log holds"), _("yes")),
            (_("Entries"), str(log["entries"])),
            (_("Digest of the last entry"), log["head"]),
        ]
    return [paragraph(_("Access log"), "Heading2"), facts(rows)]


def _retention(retention: Mapping[str, Any]) -> list[Flowable]:
    discarded = retention["discarded_by_outcome"]
    rows = [
        (_("Last runs that discarded"), ", ".join(_day(day) for day in retention["last_run_days"]) or "–"),
        *((outcome_words(name), _number(count)) for name, count in discarded.items()),
        (_("Still to discard"), str(retention["still_to_discard"])),
        (_("Past their date"), str(retention["overdue"])),
    ]
    return [paragraph(_("Retention"), "Heading2"), facts(rows), *_legend(discarded.values())]


def _backups(backups: Mapping[str, Any]) -> list[Flowable]:
    rows = [(_("Kept for"), _("%(count)d days") % {"count": backups["kept_days"]})]
    if backups["problem"]:
        rows.append((_("Backups"), _("cannot be read")))
    else:
        newest = show_moment(moment_of(backups["newest"])) if backups["newest"] else "–"
        rows += [
            (_("Backups"), str(backups["count"])),
            (_("Newest"), newest),
            (_("Damaged, set aside"), str(backups["damaged"])),
        ]
    return [paragraph(_("Backups"), "Heading2"), facts(rows)]


def _staff(staff: Mapping[str, Any]) -> list[Flowable]:
    roles = [(_(ROLE_WORDS[Role(role)]), str(count)) for role, count in staff["active_by_role"].items()]
    return [
        paragraph(_("Accounts and professional secrecy"), "Heading2"),
        facts(
            [
                *roles,
                (_("Secrecy confirmed within a year"), str(staff["secrecy_confirmed"])),
                (_("Confirmation due"), str(staff["secrecy_due"])),
            ]
        ),
    ]


def _registers(registers: Mapping[str, Mapping[str, int]]) -> list[Flowable]:
    rows = [
        (
            _(_REGISTERS[table]),
            " · ".join(f"{_(_STATES[state])}: {count}" for state, count in states.items()) or _("None."),
        )
        for table, states in registers.items()
    ]
    return [paragraph(_("Notices and breaches"), "Heading2"), facts(rows)]


def _signature(signed: Mapping[str, Any], data: bytes) -> list[Flowable]:
    return [
        paragraph(_("Signature"), "Heading2"),
        facts(
            [
                (_("Signed by"), f"{signed['name']} ({signed['by']})"),
                (_("Fingerprint of the key"), signed["fingerprint"]),
                (_("SHA-256 of the JSON file"), digest_of(data)),
                (
                    _("To check it"),
                    "ocmw-intake evidence verify F.json --fingerprint " + signed["fingerprint"],
                ),
            ]
        ),
    ]


def _standing(agreement: Mapping[str, Any]) -> str:
    words = _STANDING[agreement["standing"]]
    return _(words)


def _measure(measure: Mapping[str, Any]) -> str:
    words = _MEASURES[measure["kind"]]
    return _(words)


def _day(text: str | None) -> str:
    return show_date(date.fromisoformat(text)) if text else ""


def _party(party: Mapping[str, Any]) -> str:
    return "\n".join(filter(None, [party["name"], party["enterprise_number"], party["address"]]))


def _contact(contact: Mapping[str, Any]) -> str:
    return " · ".join(filter(None, [contact["name"], contact["email"], contact["phone"]])) or "–"
